"""Those who can be asked to assess: what each has already, and where each stands on habilitet."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from evaluation.assessment.models import Assignment
from evaluation.assessment.queries.candidates import TiedTo, candidates, tie_of_all
from evaluation.assessment.queries.closed import closed_cases
from evaluation.assessment.services import declaring
from evaluation.assessment.templatetags.assessment import has_asked, has_ties
from evaluation.assessment.turn import turn_url
from portal.clock import local_date
from portal.communities.models import User
from portal.communities.queries import standing_at
from tests import factories
from tests.assessment import world
from tests.habilitet import decide_about

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(house, at, frozen_clock, sign_in):
    frozen_clock.move_to(at)
    return sign_in(house.secretary)


def told(local, applications, at, by):
    """What the person is told of each candidate, by the name."""
    closed = closed_cases(standing_at(User.objects.get(pk=by.pk), at))
    people = candidates(local, applications, closed, local_date(at))
    return {person.name: (person.works_for, person.load, *person.habilitet) for person in people}


def test_each_is_told_with_organisation_load_and_habilitet(house, northern, application, local, at):
    other = world.sent(house, northern, at)
    both, by = [application, other], house.secretary
    name = house.chair.name
    works = told(local, both, at, by)[name][0]
    assert (house.partner.name in works, house.ssu.abbreviation in works) == (True, True)
    assert told(local, both, at, by)[name][1:] == ("Ingen saker ennå", "Ikke spurt", "neutral")
    world.deliver(application, local, house.chair, at, by=by)
    assert told(local, both, at, by)[name][1:] == ("1 levert", "Habil i 1 av 2", "success")
    assert told(local, [application], at, by)[name][2:] == ("Habil", "success")
    given = world.assign(other, local, house.chair, by, at)
    assert told(local, both, at, by)[name][1:] == ("1 å levere, 1 levert", "Habil i 2 av 2", "success")
    other.habilitet.all().delete()
    assert told(local, both, at, by)[name][2:] == ("Har ikke svart i 1 av 2", "neutral")
    declaring.declare(other, has_tie=True, ground="other", explanation="Nabo.", by=house.chair, at=at)
    assert told(local, both, at, by)[name][2:] == ("Må avgjøres i 1 av 2", "warning")
    words = {"is_recused": True, "ground": "other", "reason": "Nabo."}
    decide_about(other, house.chair, **words, by=house.secretary, at=at)
    assert told(local, both, at, by)[name][2:] == ("Inhabil i 1 av 2", "ended")
    # Whoever has something stands first.
    assert next(iter(told(local, both, at, by))) == name
    assert given.assessor == house.chair


def test_a_strong_tie_is_told_and_keeps_the_person_from_the_even_sharing_alone(house, application, local, at, office):
    factories.affiliation(house.chair, house.lead, may_sign=True)
    assert told(local, [application], at, house.secretary)[house.chair.name][2:] == ("Ikke spurt", "neutral")
    page = office.get(one_by_one(application)).text
    assert "Sterk tilknytning" in page
    assert f"kan binde {house.lead.name}, som er part i saken" in page
    due = (local_date(at) + timedelta(days=5)).isoformat()
    words = {"assessors": [house.chair.pk], "each": 1, "due_date": due}
    assert office.post(turn_url(local, "distribute"), words).status_code == 422
    answer = office.post(one_by_one(application), {"assessor": house.chair.pk, "due_date": due})
    assert (answer.status_code, Assignment.objects.get().assessor) == (302, house.chair)


def one_by_one(application):
    return reverse("assessment:assessors", args=[application.code])


def test_nobody_is_offered_personis_out_of_the_case_or_has_it(house, application, local, at, office):
    def offered():
        return {person.pk for person in office.get(one_by_one(application)).context["form"].fields["assessor"].queryset}

    before = offered()
    assert {house.chair.pk, house.vice_chair.pk} <= before
    words = {"is_recused": True, "ground": "party", "reason": "Part."}
    decide_about(application, house.chair, **words, by=house.secretary, at=at)
    declaring.declare(application, has_tie=True, ground="other", explanation="Nabo.", by=house.vice_chair, at=at)
    world.assign(application, local, house.assessor, house.secretary, at)
    assert told(local, [application], at, house.secretary)[house.assessor.name][1] == "1 å levere"
    assert offered() == before - {house.chair.pk, house.vice_chair.pk, house.assessor.pk}
    due = (local_date(at) + timedelta(days=5)).isoformat()
    assert office.post(one_by_one(application), {"assessor": house.chair.pk, "due_date": due}).status_code == 422
    page = office.get(one_by_one(application)).text
    assert (house.chair.name in page, "Inhabil" in page, "Habilitet må avgjøres" in page) == (True, True, True)


def test_whoever_gives_a_person_and_an_address_is_asked_which_of_them(house, application, local, at, office):
    other = factories.user("En Annen")
    due = (local_date(at) + timedelta(days=5)).isoformat()
    both = {"assessor": house.chair.pk, "email": other.email, "due_date": due}
    answer = office.post(one_by_one(application), both)
    assert (answer.status_code, Assignment.objects.exists()) == (422, False)
    assert "Velg en person, eller skriv en e-postadresse, ikke begge." in answer.text
    # The first row of the table takes the choice of a person back.
    assert "Ingen av disse" in answer.text
    assert office.post(one_by_one(application), both | {"assessor": ""}).status_code == 302
    assert Assignment.objects.get().assessor == other


def test_an_empty_table_of_candidates_says_so(application, office, monkeypatch):
    monkeypatch.setattr("evaluation.assessment.views.application.candidates", lambda *_args: [])
    page = office.get(one_by_one(application)).text
    assert ("Ingen har plass i organene ennå." in page, "Ingen av disse" in page) == (True, False)


def test_those_personassess_in_the_round_stand_first_and_the_others_are_folded(
    house, application, local, office, at, monkeypatch
):
    monkeypatch.setattr("evaluation.assessment.templatetags.assessment.FOLDED_FROM", 1)
    url, fold = turn_url(local, "distribute"), "andre som kan vurdere"
    assert fold not in office.get(url).text
    world.assign(application, local, house.assessor, house.secretary, at)
    before, after = office.get(url).text.split(fold)
    assert (house.assessor.name in before.split("<form")[-1], house.assessor.name in after.split("</fieldset")[0]) == (
        True,
        False,
    )
    assert (house.chair.name in before, house.chair.name in after) == (False, True)
    # Whoever is chosen among the others is seen when the form comes back.
    refused = office.post(url, {"each": "", "assessors": [house.chair.pk]}).text
    assert '<details class="fold" open>' in refused


def test_nothing_is_counted_of_a_case_that_is_closed_to_the_person_personasks(house, northern, application, local, at):
    other, by = world.sent(house, northern, at), house.hospital_secretary
    outsider = factories.user("Ute Outsider")
    for person in (house.chair, outsider):
        world.deliver(application, local, person, at, by=by)
    assert told(local, [other], at, by)[house.chair.name][1] == "1 levert"
    assert outsider.name in told(local, [other], at, by)
    words = {"is_recused": True, "ground": "party", "reason": "Part."}
    decide_about(application, house.secretary, **words, by=by, at=at)
    seen = told(local, [other], at, house.secretary)
    assert seen[house.chair.name][1:] == ("Ingen saker ennå", "Ikke spurt", "neutral")
    assert outsider.name not in seen


def test_a_tie_is_told_with_the_applications_before_the_sharing(house, northern, application, local, at, office):
    """The strong ties come first, and when they are decided on, they are no warning."""
    others = [world.sent(house, northern, at, title=f"Tiltak {number}") for number in range(4)]
    everything = [application, *others]
    factories.affiliation(house.chair, house.lead)
    assert seen_tie(local, everything, at, house) == (("Svak tilknytning i 5 av 5", "neutral"), "")
    others[3].created_by = house.chair
    others[3].save(update_fields=["created_by"])
    assert seen_tie(local, everything, at, house)[0] == ("Sterk tilknytning i 1 av 5", "warning")
    named = f"«Tiltak 3», «{application.title}», «Tiltak 0» og 2 til"
    assert seen_tie(local, everything, at, house)[1] == named
    page = office.get(turn_url(local, "distribute")).text
    assert ("Sterk tilknytning i 1 av 5" in page, "«Tiltak 3», «" in page) == (True, True)
    assert "ingen kjent tilknytning og ikke spurt" in page
    decide_about(others[3], house.chair, is_recused=False, reason="Habil.", by=house.secretary, at=at)
    assert seen_tie(local, everything, at, house)[0] == ("Sterk tilknytning i 1 av 5", "neutral")


def test_a_weak_tie_of_all_is_told_once_and_the_strong_ones_at_their_rows(house, application, local, at):
    closed = closed_cases(standing_at(User.objects.get(pk=house.secretary.pk), at))
    one, two, *_others = candidates(local, [application], closed, local_date(at))
    weak = TiedTo(application.code, application.title, "Arbeider hos en partner", is_strong=False)
    strong = TiedTo(application.code, application.title, "Skriver søknaden", is_strong=True)
    both = [replace(one, ties=(weak,)), replace(two, ties=(strong, weak))]
    assert tie_of_all(both) == "Alle har den samme svake tilknytningen: Arbeider hos en partner."
    assert [person.has_strong_tie for person in both] == [False, True]
    assert tie_of_all(both[:1]) == ""
    assert tie_of_all([both[0], replace(two, ties=(strong,))]) == ""
    assert tie_of_all([both[0], replace(two, ties=(replace(weak, sentence="Sitter i styret"),))]) == ""
    several = [replace(person, shared=2, ties=(weak, replace(weak, code="ANNEN"))) for person in both]
    assert tie_of_all(several) == "Alle har en svak tilknytning til alle sakene."
    assert tie_of_all([several[0], replace(both[0], shared=2)]) == ""


def test_personsits_in_the_secretariat_is_told_so(application, local, at, office):
    page = office.get(turn_url(local, "distribute")).text
    assert "Sitter i sekretariatet" in page


def test_a_column_that_would_be_empty_is_left_out(house, application, local, at):
    closed = closed_cases(standing_at(User.objects.get(pk=house.secretary.pk), at))
    one, *_others = candidates(local, [application], closed, local_date(at))
    alone = replace(one, ties=(), is_office=False, doubtful=0, out=0, unanswered=0, habil=0)
    weak = replace(alone, ties=(TiedTo(application.code, "Tiltak", "Arbeider hos en partner", is_strong=False),))
    strong = replace(alone, ties=(TiedTo(application.code, "Tiltak", "Skriver søknaden", is_strong=True),))
    told = [
        (has_ties([(person, None)], ""), has_ties([(person, None)], "Alle har en.")) for person in (alone, weak, strong)
    ]
    assert told == [(False, False), (True, False), (True, True)]
    assert has_ties([(replace(alone, is_office=True), None)], "")
    assert (has_asked([(alone, None)]), has_asked([(replace(alone, habil=1), None)])) == (False, True)


def seen_tie(local, applications, at, house):
    closed = closed_cases(standing_at(User.objects.get(pk=house.secretary.pk), at))
    people = candidates(local, applications, closed, local_date(at))
    person = next(person for person in people if person.pk == house.chair.pk)
    return person.tie, person.tied_to


def test_numbers_in_names_are_ordered_as_numbers(house, application, local, at):
    for number in (10, 2, 1):
        factories.seat(house.ssu, factories.user(f"Aa lege {number}"))
    factories.seat(house.ssu, factories.user("Aa lege"))
    names = [name for name in told(local, [application], at, house.secretary) if name.startswith("Aa")]
    assert names == ["Aa lege", "Aa lege 1", "Aa lege 2", "Aa lege 10"]


@pytest.mark.parametrize("number", [1, 3])
def test_the_queries_do_not_grow(house, northern, local, at, django_assert_num_queries, number):
    applications = [world.sent(house, northern, at) for _ in range(number)]
    for application in applications:
        world.assign(application, local, house.chair, house.secretary, at)
    closed = closed_cases(standing_at(house.secretary, at))
    with django_assert_num_queries(12):
        assert candidates(local, applications, closed, local_date(at))
