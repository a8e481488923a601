"""What a definition needs of the register, and the problems when the register lacks it. Nothing is read here.

A round that names a missing row, or that nobody could handle, is refused before anything is written.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from portal.communities.models import Body, BodyKind, HealthCommunity, Organisation
from rounds.definition import Problem, RoundDefinition, StagePart

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """The rows that the definition names, by their code or organisation number.

    ``kinds`` are the kinds of body that each helsefellesskap or region has, by the owner's table and id.
    """

    communities: dict[str, HealthCommunity]
    organisations: dict[str, Organisation]
    bodies: dict[str, Body]
    kinds: dict[tuple[type, int], set[str]]

    def has(self, owner: HealthCommunity | Organisation, kind: str) -> bool:
        """Whether the helsefellesskap or the region has a body of the kind."""
        return kind in self.kinds.get((type(owner), owner.pk), set())


def problems(definition: RoundDefinition, named: Named) -> Iterator[Problem]:
    """What the register lacks, each with its path in the definition; none when the round can be completed."""
    yield from _owner(definition, named)
    yield from _communities(definition, named)
    by_region = False
    for index, stage in enumerate(definition.stages):
        path: Path = ("stages", index)
        if stage.body:
            yield from _named_body(definition, named, path, stage)
            body = named.bodies.get(stage.body)
            by_region = by_region or bool(body and body.region_id)
        elif by_region:
            # What a region has ranked together cannot be divided among the helsefellesskap again.
            yield Problem(
                (*path, "body"), f"Trinnet «{stage.code}» kommer etter et regionalt trinn og må navngi organet."
            )
        else:
            yield from _body_of_each(definition, named, path, stage)


def _owner(definition: RoundDefinition, named: Named) -> Iterator[Problem]:
    owner = definition.owner
    if owner.community and owner.community not in named.communities:
        yield Problem(("owner", "community"), f"Helsefellesskapet «{owner.community}» finnes ikke i portalen.")
    if owner.organisation and owner.organisation not in named.organisations:
        yield Problem(
            ("owner", "organisation"), f"Organisasjonen med nummer {owner.organisation} finnes ikke i portalen."
        )


def _communities(definition: RoundDefinition, named: Named) -> Iterator[Problem]:
    of_stages = {body.kind for stage in definition.stages if (body := named.bodies.get(stage.body or ""))}
    for index, item in enumerate(definition.communities):
        path: Path = ("communities", index, "community")
        community = named.communities.get(item.community)
        if community is None:
            yield Problem(path, f"Helsefellesskapet «{item.community}» finnes ikke i portalen.")
            continue
        if not named.has(community, BodyKind.SECRETARIAT):
            yield Problem(path, f"{community} har ikke noe sekretariat som kan ta imot søknader.")
        report_to = definition.follow_up.report_to
        if not named.has(community, report_to) and report_to not in of_stages:
            kind = BodyKind(report_to).label.lower()
            yield Problem(
                ("follow_up", "report_to"), f"{community} har ikke noe organ av typen {kind} å levere evalueringen til."
            )


def _named_body(definition: RoundDefinition, named: Named, path: Path, stage: StagePart) -> Iterator[Problem]:
    body_path = (*path, "body")
    body = named.bodies.get(str(stage.body))
    if body is None:
        yield Problem(body_path, f"Organet «{stage.body}» finnes ikke i portalen.")
        return
    if body.kind != stage.body_kind:
        yield Problem(body_path, f"{body} er {body.get_kind_display().lower()}, ikke «{stage.body_kind}».")
    receiving = [
        named.communities[item.community] for item in definition.communities if item.community in named.communities
    ]
    if body.community and body.community not in receiving:
        yield Problem(body_path, f"{body} hører til {body.community}, som ikke tar imot søknader i runden.")
    if body.region_id and any(community.region_id != body.region_id for community in receiving):
        yield Problem(body_path, f"{body} hører til en annen region enn de som tar imot søknader.")
    if not named.has(body.tenant, BodyKind.SECRETARIAT):
        yield Problem(body_path, f"{body.tenant} har ikke noe sekretariat som kan behandle søknadene i trinnet.")


def _body_of_each(definition: RoundDefinition, named: Named, path: Path, stage: StagePart) -> Iterator[Problem]:
    for item in definition.communities:
        community = named.communities.get(item.community)
        if community is not None and not named.has(community, stage.body_kind):
            kind = BodyKind(stage.body_kind).label.lower()
            yield Problem((*path, "body_kind"), f"{community} har ikke noe organ av typen {kind}.")
