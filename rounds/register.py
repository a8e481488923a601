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

    ``codes`` are the bodies of each helsefellesskap or region: by the owner's table and id, then by kind.
    """

    communities: dict[str, HealthCommunity]
    organisations: dict[str, Organisation]
    bodies: dict[str, Body]
    codes: dict[tuple[type, int], dict[str, list[str]]]

    def has(self, owner: HealthCommunity | Organisation, kind: str) -> bool:
        """Whether the helsefellesskap or the region has a body of the kind."""
        return bool(self.codes_of(owner, kind))

    def codes_of(self, owner: HealthCommunity | Organisation, kind: str) -> list[str]:
        """The codes of its bodies of the kind, in their order."""
        return self.codes.get((type(owner), owner.pk), {}).get(kind, [])


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
    for index, item in enumerate(definition.communities):
        path: Path = ("communities", index, "community")
        community = named.communities.get(item.community)
        if community is None:
            yield Problem(path, f"Helsefellesskapet «{item.community}» finnes ikke i portalen.")
            continue
        if not named.has(community, BodyKind.SECRETARIAT):
            yield Problem(path, f"{community} har ikke noe sekretariat som kan ta imot søknader.")
        yield from _report_to(definition, named, community)


def _report_to(definition: RoundDefinition, named: Named, community: HealthCommunity) -> Iterator[Problem]:
    """The body that gets the evaluations: the only one of its kind, or one that a stage names."""
    report_to = definition.follow_up.report_to
    path, kind = ("follow_up", "report_to"), BodyKind(report_to).label.lower()
    of_stages = [body for stage in definition.stages if (body := named.bodies.get(stage.body or ""))]
    codes = named.codes_of(community, report_to)
    if not codes and report_to not in {body.kind for body in of_stages}:
        yield Problem(path, f"{community} har ikke noe organ av typen {kind} å levere evalueringen til.")
    elif len(codes) > 1 and not {body.code for body in of_stages} & set(codes):
        yield Problem(
            path,
            f"{community} har {len(codes)} organer av typen {kind}, og ikke noe trinn navngir ett av dem: "
            f"{', '.join(codes)}. Velg en type som det bare finnes ett organ av.",
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
        if community is None:
            continue
        codes, kind = named.codes_of(community, stage.body_kind), BodyKind(stage.body_kind).label.lower()
        if not codes:
            yield Problem((*path, "body_kind"), f"{community} har ikke noe organ av typen {kind}.")
        elif len(codes) > 1:
            # Nobody has chosen among them, and the page of the call would promise the rule of one.
            yield Problem(
                (*path, "body_kind"),
                f"{community} har {len(codes)} organer av typen {kind}. Navngi organet i «body»: {', '.join(codes)}.",
            )
