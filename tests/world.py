"""The world that the tests of every room start in. ``house()`` is the smallest with every role in it; rooms add theirs.

The helsefellesskap and organisations carry the codes and numbers that the rounds of ``fixtures/rounds`` name.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from portal.communities.models import BodyKind, DecisionRule, OrganisationKind, Right, SeatRole, Side
from tests import factories

# Monday 10 February 2025, 10.00 in Oslo: the round of Helse Nord 2025 is open, its deadline is three weeks away.
NOW = datetime(2025, 2, 10, 9, 0, tzinfo=UTC)

ELSEWHERE = (
    ("finnmark", "Helsefellesskapet Finnmark"),
    ("lofoten-vesteralen-salten", "Helsefellesskapet Lofoten, Vesterålen og Salten"),
)


@dataclass
class House:
    """Two helsefellesskap of one region with their bodies, and one person for each role (see ``house``)."""

    region: Any = None
    community: Any = None
    elsewhere: Any = None
    # organisations
    lead: Any = None
    partner: Any = None
    trust: Any = None
    far_municipality: Any = None
    far_trust: Any = None
    # bodies
    ssu: Any = None
    fsu: Any = None
    secretariat: Any = None
    far_ssu: Any = None
    far_secretariat: Any = None
    committee: Any = None
    regional_secretariat: Any = None
    # persons: writers and signatories
    applicant: Any = None
    co_applicant: Any = None
    hospital_applicant: Any = None
    signatory: Any = None
    partner_signatory: Any = None
    trust_signatory: Any = None
    fsu_leader: Any = None
    stranger: Any = None
    # persons: those who handle and decide
    secretary: Any = None
    hospital_secretary: Any = None
    far_secretary: Any = None
    regional_secretary: Any = None
    assessor: Any = None
    member: Any = None
    recused_member: Any = None
    chair: Any = None
    vice_chair: Any = None
    deputy: Any = None
    user_member: Any = None
    committee_chair: Any = None
    committee_member: Any = None
    nobody: Any = None

    @property
    def persons(self):
        """Every person by the name of the role."""
        return {name: value for name, value in vars(self).items() if isinstance(value, factories.User)}


def house():
    """The world: «Troms og Ofoten» with SSU, FSU and secretariat, «Helgeland» beside it, a region above.

    ``recused_member`` is a voting member of the SSU who also signs for the lead municipality.
    """
    home = House()
    _organisations(home)
    _bodies(home)
    _applicants(home)
    _officers(home)
    _members(home)
    home.nobody = factories.user("Uten Roller")
    return home


def _organisations(home):
    trust, municipality = OrganisationKind.HOSPITAL_TRUST, OrganisationKind.MUNICIPALITY
    home.region = factories.region(name="Helse Nord RHF", orgnr="883658752")
    home.community = factories.community(
        code="troms-ofoten", name="Helsefellesskapet Troms og Ofoten", region=home.region
    )
    home.elsewhere = factories.community(code="helgeland", name="Helsefellesskap Helgeland", region=home.region)
    for code, name in ELSEWHERE:
        factories.handled(factories.community(code=code, name=name, region=home.region))
    home.lead = factories.organisation(municipality, name="Tromsø kommune", orgnr="940101808", community=home.community)
    home.partner = factories.organisation(municipality, name="Senja kommune", community=home.community)
    home.trust = factories.organisation(
        trust, name="Universitetssykehuset Nord-Norge HF", orgnr="983974899", community=home.community
    )
    home.far_municipality = factories.organisation(municipality, name="Rana kommune", community=home.elsewhere)
    home.far_trust = factories.organisation(
        trust, name="Helgelandssykehuset HF", orgnr="983974929", community=home.elsewhere
    )


def _bodies(home):
    home.ssu = factories.body(home.community, code="ssu-troms-ofoten", name="SSU Troms og Ofoten")
    home.fsu = factories.body(
        home.community, BodyKind.FSU, code="fsu-phr-troms-ofoten", name="FSU PHR", appointed_by=home.ssu
    )
    home.secretariat = factories.body(home.community, BodyKind.SECRETARIAT, code="sekr-troms-ofoten")
    home.far_ssu = factories.body(home.elsewhere, code="ssu-helgeland", name="SSU Helgeland")
    home.far_secretariat = factories.body(home.elsewhere, BodyKind.SECRETARIAT, code="sekr-helgeland")
    home.committee = factories.body(
        home.region,
        BodyKind.TILDELINGSUTVALG,
        code="tildelingsutvalg-helse-nord",
        name="Tildelingsutvalget i Helse Nord",
        decision_rule=DecisionRule.SIMPLE_MAJORITY,
    )
    home.regional_secretariat = factories.body(home.region, BodyKind.SECRETARIAT, code="sekr-helse-nord")


def _person(name, **fields):
    return factories.user(name, email=f"{name.lower().replace(' ', '.')}@example.org", **fields)


def _applicants(home):
    for role, name, organisation, may_sign in (
        ("applicant", "Anne Applicant", home.lead, False),
        ("co_applicant", "Carl Coapplicant", home.partner, False),
        ("hospital_applicant", "Hanna Hospital", home.trust, False),
        ("signatory", "Siri Signatory", home.lead, True),
        ("partner_signatory", "Pia Signatory", home.partner, True),
        ("trust_signatory", "Tor Signatory", home.trust, True),
        ("stranger", "Stein Stranger", home.far_municipality, True),
        ("recused_member", "Rita Recused", home.lead, True),
    ):
        setattr(home, role, _person(name))
        factories.affiliation(getattr(home, role), organisation, may_sign=may_sign)
    home.fsu_leader = _person("Fred Fsuleader")
    factories.affiliation(home.fsu_leader, home.trust)
    factories.seat(home.fsu, home.fsu_leader, Side.HOSPITAL, role=SeatRole.CHAIR, organisation=home.trust)


def _officers(home):
    for role, name, body, side in (
        ("secretary", "Sara Secretary", home.secretariat, Side.MUNICIPALITY),
        ("hospital_secretary", "Helge Secretary", home.secretariat, Side.HOSPITAL),
        ("far_secretary", "Frida Secretary", home.far_secretariat, Side.MUNICIPALITY),
        ("regional_secretary", "Ragnar Secretary", home.regional_secretariat, Side.OTHER),
    ):
        setattr(home, role, _person(name))
        factories.seat(body, getattr(home, role), side, right=Right.SPEAK)
    home.assessor = _person("Arne Assessor")


def _members(home):
    chair, vice = SeatRole.CHAIR, SeatRole.VICE_CHAIR
    for role, name, body, side, fields in (
        ("chair", "Kari Chair", home.ssu, Side.MUNICIPALITY, {"role": chair, "organisation": home.partner}),
        ("vice_chair", "Viggo Vicechair", home.ssu, Side.HOSPITAL, {"role": vice, "organisation": home.trust}),
        ("member", "Mona Member", home.ssu, Side.HOSPITAL, {"organisation": home.trust}),
        ("recused_member", "", home.ssu, Side.MUNICIPALITY, {"organisation": home.lead}),
        ("user_member", "Ulla Usermember", home.ssu, Side.USER, {"right": Right.SPEAK}),
        ("committee_chair", "Cato Chair", home.committee, Side.HOSPITAL, {"role": chair}),
        ("committee_member", "Cora Member", home.committee, Side.MUNICIPALITY, {}),
    ):
        if name:
            setattr(home, role, _person(name))
        factories.seat(body, getattr(home, role), side, **fields)
    home.deputy = _person("Dag Deputy")
    stands_in_for = home.ssu.seats.get(user=home.member)
    factories.seat(home.ssu, home.deputy, Side.HOSPITAL, organisation=home.trust, deputy_for=stands_in_for)
