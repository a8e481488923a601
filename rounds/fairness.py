"""What may change in a round after somebody has begun to apply: nothing that is unfair to the applicants."""

from datetime import datetime
from typing import Any, Final

from rounds.definition import RoundDefinition

# Texts, documents, addresses and what happens after the decision may change: that harms no applicant.
_FREE: Final = frozenset({"title", "sources", "call", "communities", "documents", "glossary", "letters", "follow_up"})
_LABELS: Final = {
    "format": "filformatet",
    "code": "koden",
    "year": "året",
    "language": "språket",
    "owner": "hvem som utlyser",
    "scheme": "ordningen",
    "frame": "rammens kode eller år",
    "applicants": "hvem som kan søke",
    "taxonomies": "listene",
    "guidance": "de nasjonale føringene",
    "form": "skjemaet",
    "benefits": "nyttetabellen",
    "budget": "budsjettet",
    "attachments": "vedleggene",
    "scales": "skalaene",
    "criteria": "kriteriene",
    "gates": "portene",
    "stages": "trinnene",
    "decision": "beslutningen",
}


def unfair_changes(old: RoundDefinition, new: RoundDefinition) -> list[str]:
    """The names, in Norwegian, of the changed parts that may not change; none when the change is fair."""
    before, after = _fixed_parts(old), _fixed_parts(new)
    parts = [label for key, label in _LABELS.items() if before.get(key) != after.get(key)]
    if [item.community for item in old.communities] != [item.community for item in new.communities]:
        parts.append("hvilke helsefellesskap som tar imot søknader")
    shorter = any(_closes(new, item.community) < _closes(old, item.community) for item in new.communities)
    if new.dates.opens > old.dates.opens or new.dates.closes < old.dates.closes or shorter:
        parts.append("datoene, til søkernes ulempe")
    return parts


def _fixed_parts(definition: RoundDefinition) -> dict[str, Any]:
    data = {key: value for key, value in definition.to_data().items() if key not in _FREE}
    data["frame"] = {"code": definition.frame.code, "year": definition.frame.year}
    # A stage's deadline may be extended. How its bodies decide is compared in load_round, by the rules in force.
    data["stages"] = [{**stage, "deadline": None, "decision_rule": None, "quorum": None} for stage in data["stages"]]
    return data


def _closes(definition: RoundDefinition, community: str) -> datetime:
    receiving = definition.community(community)
    return (receiving.closes if receiving else None) or definition.dates.closes
