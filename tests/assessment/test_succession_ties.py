"""Who belongs to one that goes on from a partner, or from the body that owns the project, has its ties from its day."""

from datetime import timedelta

import pytest
from django.db.models import Q

from applications.models import Application
from evaluation.assessment.models import Habilitet
from evaluation.assessment.queries.deciders import deciders, to_decide
from evaluation.assessment.queries.must_answer import people_who_must_answer, titles_to_answer
from evaluation.assessment.queries.ties import has_strong_tie, ties_of
from evaluation.assessment.services import declaring
from portal.clock import local_date
from portal.communities.models import BodySuccession, Seat, Succession
from portal.communities.queries import standing_on
from portal.communities.queries.belonging import Places, places_by_address
from tests import factories
from tests.assessment import world
from tests.harness import worlds

pytestmark = [pytest.mark.django_db, pytest.mark.fault("A1", "D7")]


@worlds.world
def owned(house, northern, at):
    """An application that the FSU owns."""
    return world.sent(house, northern, at, status="submitted", owner_body=house.fsu)


def goes_on_from_body(house, person, at, first_day):
    after = factories.body(house.community, house.fsu.kind)
    factories.seat(after, person)
    BodySuccession.objects.create(predecessor=house.fsu, successor=after, from_date=first_day, given_at=at)


def goes_on_from_partner(house, person, at, first_day, **rights):
    after = factories.organisation(community=house.community)
    factories.affiliation(person, after, **rights)
    Succession.objects.create(predecessor=house.lead, successor=after, from_date=first_day, given_at=at)


def goes_on_and_signs(house, person, at, first_day):
    goes_on_from_partner(house, person, at, first_day, may_sign=True)


@pytest.mark.parametrize("days", [-1, 0, 1])
@pytest.mark.parametrize(
    ("tie", "by", "is_strong"),
    [
        (goes_on_from_body, "nobody", True),
        (goes_on_from_body, "secretary", True),
        (goes_on_and_signs, "nobody", True),
        (goes_on_from_partner, "nobody", False),
        (goes_on_from_partner, "secretary", False),
    ],
)
def test_all_reads_know_of_those_that_go_on_and_of_the_day(tie, by, is_strong, days, house, owned, at):
    person, first_day = getattr(house, by), local_date(at) + timedelta(days=10)
    tie(house, person, at, first_day)
    day, one = first_day + timedelta(days=days), Q(pk=owned.pk)
    standing = standing_on(person, day)
    is_tied = days >= 0
    seen = ties_of(person, owned, day)
    assert (bool(seen), any(item.is_strong for item in seen)) == (is_tied, is_tied and is_strong)
    assert Application.objects.filter(has_strong_tie(standing), one).exists() is (is_tied and is_strong)
    must = is_tied and (is_strong or by == "secretary")
    people = people_who_must_answer(owned, [house.chair.pk, person.pk], day)
    assert (list(people), titles_to_answer(standing, one)) == ([person] * must, [owned.title] * must)
    assert Seat.objects.acting_for(house.fsu.pk, day).filter(user=person).exists() is (
        is_tied and tie is goes_on_from_body
    )


@pytest.mark.parametrize("days", [-1, 0])
def test_the_places_of_an_address_are_those_of_the_day(days, house, at):
    first_day = local_date(at) + timedelta(days=10)
    goes_on_from_body(house, house.nobody, at, first_day)
    sits = {Seat.objects.get(user=house.nobody).body_id, *([house.fsu.pk] if days == 0 else [])}
    email = house.nobody.email
    assert places_by_address([email], first_day + timedelta(days=days)) == {email: Places(frozenset(), frozenset(sits))}


# --- who decides: as people of a question, and as questions of a person ----------------------------------


def is_free(_house, _person, _application, _at):
    """Nothing."""


def is_out(_house, person, application, at):
    words = {"ground": "other", "explanation": "Nabo."}
    declaring.declare(application, has_tie=True, **words, by=person, at=at)


def has_answered(_house, person, application, at):
    declaring.declare(application, has_tie=False, by=person, at=at)


def signs(house, person, _application, _at):
    factories.affiliation(person, house.lead, may_sign=True)


def works(house, person, _application, _at):
    factories.affiliation(person, house.lead)


def goes_on(house, person, _application, at):
    goes_on_from_body(house, person, at, local_date(at))


STATES = (is_free, is_out, has_answered, signs, works, goes_on)


@pytest.mark.parametrize("region", STATES)
@pytest.mark.parametrize("office", STATES)
def test_the_tasks_of_each_are_the_questions_that_fall_to_them(office, region, house, owned, at):
    declaring.raise_about(owned, house.member, ground="other", explanation="Nabo.", by=house.secretary, at=at)
    office(house, house.hospital_secretary, owned, at)
    region(house, house.regional_secretary, owned, at)
    is_out(house, house.chair, owned, at)
    day = local_date(at)
    rows = list(Habilitet.objects.filter(is_pending=True).select_related("application__community", "person"))
    able = deciders(rows, day)
    people = (house.secretary, house.hospital_secretary, house.regional_secretary, house.chair, house.vice_chair)
    tasks = {person.pk: {row.pk for row in to_decide(standing_on(person, day), day, 10)} for person in people}
    assert tasks == {person.pk: {row.pk for row in rows if person in able[row.pk]} for person in people}
    assert any(tasks.values())
