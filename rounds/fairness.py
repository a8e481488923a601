"""What may change in a round after somebody has begun to apply: nothing that moves the goal."""

from datetime import datetime
from typing import Any, Final

from rounds.definition import RoundDefinition

# Words, documents, addresses and what happens after the decision harm no one.
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
    """The parts that differ and may not, in Norwegian; none when the change is fair."""
    before, after = _fixed_parts(old), _fixed_parts(new)
    found = [label for key, label in _LABELS.items() if before.get(key) != after.get(key)]
    if [item.community for item in old.communities] != [item.community for item in new.communities]:
        found.append("hvilke helsefellesskap som tar imot søknader")
    shorter = any(_closes(new, item.community) < _closes(old, item.community) for item in new.communities)
    if new.dates.opens > old.dates.opens or new.dates.closes < old.dates.closes or shorter:
        found.append("datoene, til søkernes ulempe")
    return found


def _fixed_parts(definition: RoundDefinition) -> dict[str, Any]:
    data = {key: value for key, value in definition.to_data().items() if key not in _FREE}
    data["frame"] = {"code": definition.frame.code, "year": definition.frame.year}
    # A stage's deadline follows an extension. How its bodies decide is compared by what is in force, in load_round.
    data["stages"] = [{**stage, "deadline": None, "decision_rule": None, "quorum": None} for stage in data["stages"]]
    return data


def _closes(definition: RoundDefinition, community: str) -> datetime:
    receiving = definition.community(community)
    return (receiving.closes if receiving else None) or definition.dates.closes
