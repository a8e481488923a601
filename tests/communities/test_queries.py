"""Who a person is, and the reads of the register."""

from datetime import date, timedelta

import pytest

from portal.communities import queries, roles
from portal.communities.models import BodyKind, Seat, SeatRole
from portal.communities.standing import NOBODY
from tests import factories
from tests.logged import record
from tests.world import NOW

DAY = date(2025, 2, 10)


def test_standing_of_a_visitor_is_nobodys():
    assert queries.standing_on(None, DAY) == NOBODY
    assert not NOBODY.is_officer


def test_standing_gathers_affiliations_and_seats_in_two_queries(house, django_assert_num_queries):
    with django_assert_num_queries(2):
        standing = queries.standing_on(house.recused_member, DAY)
        assert queries.standing_on(house.recused_member, DAY) is standing
    assert standing.organisation_ids == standing.signs_for_ids == {house.lead.pk}
    assert (standing.body_ids, standing.chaired_body_ids) == ({house.ssu.pk}, frozenset())


def test_standing_knows_leaders_and_offices(house):
    assert queries.standing_on(house.chair, DAY).chaired_body_ids == {house.ssu.pk}
    assert queries.standing_on(house.vice_chair, DAY).chaired_body_ids == {house.ssu.pk}
    assert queries.standing_on(house.secretary, DAY).secretariat_community_ids == {house.community.pk}
    assert queries.standing_on(house.regional_secretary, DAY).secretariat_region_ids == {house.region.pk}


@pytest.mark.parametrize(("person", "near", "far", "region"), [
    ("secretary", True, False, False), ("far_secretary", False, True, False),
    ("regional_secretary", False, False, True), ("member", False, False, False),
])  # fmt: skip
def test_secretariat_serves_its_own_bodies_alone(house, person, near, far, region):
    standing = queries.standing_on(getattr(house, person), DAY)
    serves = [standing.is_secretariat_of(body) for body in (house.ssu, house.far_ssu, house.committee)]
    assert serves == [near, far, region]


@pytest.mark.parametrize(("first", "last", "counts"), [
    (0, None, True), (1, None, False), (-5, 0, True), (-5, -1, False), (0, 0, True),
])  # fmt: skip
def test_place_counts_from_its_first_to_its_last_day(db, first, last, counts):
    person, organisation = factories.user(), factories.organisation()
    to_date = None if last is None else DAY + timedelta(days=last)
    factories.affiliation(person, organisation, from_date=DAY + timedelta(days=first), to_date=to_date)
    assert bool(queries.standing_on(person, DAY).organisation_ids) is counts


def test_two_days_have_a_standing_each(house):
    house.applicant.affiliations.update(to_date=DAY)
    today, tomorrow = (queries.standing_on(house.applicant, DAY + timedelta(days=n)) for n in (0, 1))
    assert (today.organisation_ids, tomorrow.organisation_ids) == ({house.lead.pk}, frozenset())


def test_signatories_are_those_who_may_sign_today(house):
    assert {str(signatory.user) for signatory in queries.signatories(house.lead.pk, DAY)} == {
        "Siri Signatory",
        "Rita Recused",
    }


def test_members_come_with_deputies(house, django_assert_num_queries):
    with django_assert_num_queries(1):
        names = [(seat.user.name, str(seat.organisation)) for seat in queries.members(house.ssu, DAY)]
    assert len(names) == 6
    assert ("Dag Deputy", "Universitetssykehuset Nord-Norge HF") in names


def test_seats_are_ordered_as_a_meeting_reads_them(house):
    names = [seat.user.name.split()[0] for seat in queries.seats_of(house.ssu)]
    assert names == ["Kari", "Viggo", "Rita", "Mona", "Ulla", "Dag"]


def test_places_are_divided_by_their_term(house):
    member = house.ssu.seats.get(user=house.member)
    former = Seat(from_date=DAY - timedelta(days=9), to_date=DAY - timedelta(days=1))
    coming = Seat(from_date=DAY + timedelta(days=1))
    assert queries.by_term([former, member, coming], DAY) == queries.ByTerm([member], [coming], [former])


def test_people_are_those_with_a_place_from_the_own_secretariat(house):
    standing = queries.standing_on(house.far_secretary, DAY)
    assert {person.name for person in queries.people(standing)} == {"Stein Stranger", "Frida Secretary"}


def test_search_finds_all_words_in_any_field(house):
    people = queries.search(
        queries.people(queries.standing_on(house.secretary, DAY)), ["signatory", "pia@"], "name", "email"
    )
    assert not people
    people = queries.search(
        queries.people(queries.standing_on(house.secretary, DAY)), ["signat", "pia."], "name", "email"
    )
    assert [person.name for person in people] == ["Pia Signatory"]


def test_bodies_tell_how_many_sit_on_them_today(house):
    house.ssu.seats.filter(user=house.member).update(to_date=DAY - timedelta(days=1))
    standing = queries.standing_on(house.secretary, DAY)
    assert {body.name: body.seat_count for body in queries.bodies(standing, DAY)}["SSU Troms og Ofoten"] == 5


def test_log_is_cut_by_tenant_days_and_person(house):
    for days, person, tenant in (
        (0, house.secretary, house.community),
        (1, None, house.community),
        (0, None, house.elsewhere),
    ):
        record("test.done", subject=house.lead, by=person, at=NOW + timedelta(days=days), community=tenant)
    standing = queries.standing_on(house.secretary, DAY)
    assert [entry.number for entry in queries.log_of(standing)] == [2, 1]
    assert [entry.number for entry in queries.log_of(standing, first_day=DAY + timedelta(days=1))] == [2]
    assert [entry.number for entry in queries.log_of(standing, last_day=DAY)] == [1]
    assert [entry.number for entry in queries.log_of(standing, actor="sara secretary")] == [1]


# --- what a role gives -------------------------------------------------------------------------------------


def told(person):
    return [[role.where, str(role.task), *map(str, role.gives)] for role in roles.roles_of(person, DAY)]


def test_each_place_says_what_it_gives(house):
    assert told(house.recused_member) == [
        [
            "Tromsø kommune",
            "Rådgiver",
            "Dere ser og skriver søknadene som Tromsø kommune er med i.",
            "Du kan signere søknader på vegne av Tromsø kommune.",
        ],
        [
            "SSU Troms og Ofoten – Helsefellesskapet Troms og Ofoten",
            "Medlem, kommune",
            "Du ser møtene, sakene og protokollene i organet.",
            "Du har stemmerett i møtene.",
        ],
    ]


@pytest.mark.parametrize(("person", "task", "last"), [
    ("chair", "Leder, kommune", "Du har stemmerett i møtene."),
    ("user_member", "Medlem, bruker", "Du har møte- og talerett, men ikke stemmerett."),
    ("deputy", "Vara for Mona Member", "Du møter når den du er vara for, har forfall eller er inhabil."),
    ("fsu_leader", "Leder, helseforetak", "Du ser og skriver søknader der utvalget er prosjekteier."),
])  # fmt: skip
def test_seat_says_what_it_gives(house, person, task, last):
    role = told(getattr(house, person))[-1]
    assert (role[1], role[-1]) == (task, last)


def test_every_kind_of_body_says_what_its_seats_give(house):
    person = factories.user()
    for kind in BodyKind:
        factories.seat(factories.body(house.community, kind), person, role=SeatRole.MEMBER, to_date=DAY)
    given = roles.roles_of(person, DAY)
    assert len(given) == len(BodyKind)
    assert {str(role.term) for role in given} == {"01.01.2020 til 10.02.2025"}


def test_roles_cost_two_queries(house, django_assert_num_queries):
    with django_assert_num_queries(2):
        told(house.recused_member)
