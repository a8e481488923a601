"""The three real rounds as their files stand, from the first check to the letter by the persons whose work it is.

At each landing the round of Helse Nord is walked in the browser (tests/journeys/test_meeting_place.py) and the two
others here; test_any_stages.py walks the same pages with stages of every kind, and sees that others find nothing.
"""

import pytest

from portal.communities.models import Body, OrganisationKind, Right, SeatRole, Side
from tests import factories
from tests.applications import world as applications_world
from tests.decisions.walk import Walk
from tests.world import House

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(400)]


@pytest.fixture
def walk(house, frozen_clock):
    def begin(code, home=house):
        return Walk(home, frozen_clock, applications_world.real_round(code))

    return begin


@pytest.mark.parametrize("code", ["troms-ofoten-2024", "helse-nord-2025", "innlandet-2024"])
def test_a_letter_writes_each_amount_in_one_way(code):
    words = applications_world.definition(code).letters.text("partly_granted")
    assert "{awarded}\N{NO-BREAK SPACE}kr" in words.introduction
    assert "kr {" not in words.introduction


def test_troms_og_ofoten_2024(walk, house):
    way, officer = walk("troms-ofoten-2024"), house.secretary
    way.send()
    way.check(officer)
    way.assess(officer, [house.fsu_leader, house.vice_chair], "Fordel 1 søknad til vurdering")
    way.lock(officer)
    way.meet(officer, house.chair, house.ssu)
    way.tell(officer, house.ssu)
    assert way.entries() == [("ssu", "troms-ofoten", "decided")]
    way.nothing_for(house.regional_secretary, house.far_secretary)


@pytest.mark.release
def test_helse_nord_2025(walk, house):
    way, officer, boss = walk("helse-nord-2025"), house.secretary, house.regional_secretary
    way.send()
    way.nothing_for(boss, house.far_secretary)
    way.check(officer)
    way.assess(officer, [house.fsu_leader, house.vice_chair], "Fordel 1 søknad til vurdering")
    way.lock(officer)
    way.forward(officer, house.committee)
    way.assess(boss, [house.committee_member], "Fordel 1 oversendt søknad til vurdering")
    way.lock(boss)
    way.meet(boss, house.committee_chair, house.committee)
    way.tell(boss, house.committee)
    assert way.entries() == [("community", "troms-ofoten", "forwarded"), ("region", None, "decided")]
    way.nothing_for(house.far_secretary)


def innlandet():
    """The helsefellesskap of the third round: an applicant with partners who sign, an officer, and an SSU."""
    community = factories.innlandet()
    kinds = OrganisationKind.MUNICIPALITY, OrganisationKind.MUNICIPALITY, OrganisationKind.HOSPITAL_TRUST
    names = "Hamar kommune", "Gjøvik kommune", "Sykehuset Innlandet HF"
    lead, partner, trust = (
        factories.organisation(kind, name=name, community=community) for kind, name in zip(kinds, names, strict=True)
    )
    home = House(
        community=community, lead=lead, partner=partner, trust=trust, ssu=Body.objects.get(code="ssu-innlandet")
    )
    home.applicant = factories.user()
    factories.affiliation(home.applicant, lead)
    for role, organisation in (("signatory", lead), ("partner_signatory", partner), ("trust_signatory", trust)):
        setattr(home, role, factories.user())
        factories.affiliation(getattr(home, role), organisation, may_sign=True)
    secretariat = Body.objects.get(code="sekr-innlandet")
    home.secretary = factories.seat(secretariat, right=Right.SPEAK).user
    home.hospital_secretary = factories.seat(secretariat, right=Right.SPEAK, side=Side.HOSPITAL).user
    home.chair = factories.seat(home.ssu, role=SeatRole.CHAIR, organisation=partner).user
    home.member = factories.seat(home.ssu, side=Side.HOSPITAL, organisation=trust).user
    return home


def test_innlandet_2024(walk):
    home = innlandet()
    way, officer = walk("innlandet-2024", home), home.secretary
    way.send()
    way.check(officer, **{"one-of-three": ["operation"]})
    way.assess(officer, [home.member], "Fordel 1 søknad til vurdering")
    way.lock(officer)
    way.meet(officer, home.chair, home.ssu)
    way.tell(officer, home.ssu)
    assert way.entries() == [("ssu", "innlandet", "decided")]
