"""Who no longer has a part in a case: a seat that has ended, an assignment taken away, an officer who is inhabil."""

import itertools
from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db.models import Q

from evaluation.assessment.models import Assessment, Assignment, PriorityList
from evaluation.assessment.queries import closed, desk, lists, turns
from evaluation.assessment.services import assessing, assigning, declaring, prioritising
from evaluation.assessment.turn import turn_url
from portal.clock import local_date
from portal.communities.queries import standing_at
from rounds.outcomes import Outcome
from tests import stages
from tests.assessment import world
from tests.assessment.test_steps import seen
from tests.habilitet import decide_about
from tests.harness import worlds

pytestmark = pytest.mark.django_db


def pages(client, application, local):
    base = f"/assessment/application/{application.code}"
    urls = (f"{base}/", f"{base}/papers/", f"{base}/score/{local.stage.code}/", f"{base}/habilitet/")
    return [client.get(url).status_code for url in urls]


@worlds.world
def member(house, application, local, secretary, at):
    """A member of the SSU with the application to assess; the seat ends the day before yesterday's morrow."""
    world.assign(application, local, house.member, secretary, at)
    return house.member


def end_seat(person, day):
    person.seats.update(to_date=day)


@pytest.fixture
def now(frozen_clock, at):
    frozen_clock.move_to(at)
    return at


def test_assignment_ends_with_the_seat(member, application, local, client, now):
    client.force_login(member)
    assert pages(client, application, local) == [200, 200, 200, 200]
    end_seat(member, local_date(now))
    assert pages(client, application, local) == [200, 200, 200, 200]
    end_seat(member, local_date(now) - timedelta(days=1))
    assert pages(client, application, local) == [404, 404, 404, 404]
    assert desk.progress(standing_at(member, now)) == desk.Progress(0, 0, None)


def test_what_was_written_stays_with_the_secretariat(member, application, local, secretary, client, now):
    draft = assessing.begin(application, local, by=member, at=now)
    assessing.deliver(draft, local, world.given(local, 2, "Solid."), comment="", by=member, at=now)
    end_seat(member, local_date(now) - timedelta(days=1))
    client.force_login(secretary)
    page = client.get(f"/assessment/application/{application.code}/").content.decode()
    assert (member.name in page, "Solid." in page) == (True, True)
    assert application.results.get().delivered == 1


def test_nothing_is_delivered_after_the_seat(member, application, local, now):
    draft = assessing.begin(application, local, by=member, at=now)
    end_seat(member, local_date(now) - timedelta(days=1))
    with pytest.raises(assessing.NotAssignedError):
        assessing.deliver(draft, local, world.given(local, 2), comment="", by=member, at=now)


def test_seat_elsewhere_does_not_keep_the_assignment(house, member, application, local, client, now):
    seat = member.seats.get()
    seat.body = house.far_ssu
    seat.save()
    client.force_login(member)
    assert pages(client, application, local)[0] == 404


def test_assignment_by_name_follows_no_seat(house, application, local, secretary, client, now):
    world.assign(application, local, house.assessor, secretary, now)
    client.force_login(house.assessor)
    assert (Assignment.objects.get().by_seat, pages(client, application, local)[0]) == (False, 200)


def test_assignment_that_was_taken_away_is_closed(member, application, local, secretary, client, now):
    assigning.unassign(Assignment.objects.get(), by=secretary, at=now)
    client.force_login(member)
    assert pages(client, application, local) == [404, 404, 404, 404]


def test_regional_assignment_follows_the_regional_seat(house, application, regional, client, now):
    application.status = "forwarded"
    application.save()
    stages.enter(application, now, stage="region")
    world.assign(application, regional, house.committee_member, house.regional_secretary, now)
    client.force_login(house.committee_member)
    url = f"/assessment/application/{application.code}/papers/"
    assert client.get(url).status_code == 200
    end_seat(house.committee_member, local_date(now) - timedelta(days=1))
    assert client.get(url).status_code == 404


def test_application_without_a_standing_assessor_is_given_anew(member, local, secretary, now):
    assert seen(secretary, now) == []
    end_seat(member, local_date(now) - timedelta(days=1))
    assert seen(secretary, now) == ["Fordel 1 søknad til vurdering"]


def test_old_assignments_are_told_apart_by_the_seats_of_their_day(house, member, application, local, secretary, now):
    world.assign(application, local, house.assessor, secretary, now)
    Assignment.objects.update(by_seat=False)
    import_module("evaluation.assessment.migrations.0003_assignment_by_seat").mark_those_given_by_seat(apps, None)
    by_seat = dict(Assignment.objects.values_list("assessor__name", "by_seat"))
    assert by_seat == {member.name: True, house.assessor.name: False}


# --- an officer who is inhabil ----------------------------------------------------------------------


@worlds.world
def inhabil(house, application, secretary, at):
    """The secretary, shut out of one application."""
    words = {"is_recused": True, "ground": "party", "reason": "Part."}
    decide_about(application, secretary, **words, by=house.hospital_secretary, at=at)
    return secretary


def test_inhabil_officer_reaches_no_page_of_the_application(inhabil, application, local, client, now):
    client.force_login(inhabil)
    base = f"/assessment/application/{application.code}"
    for page in (
        "",
        "papers/",
        "admission/",
        "admission/again/",
        "correction/",
        "assessors/",
        f"habilitet/{inhabil.pk}/",
    ):
        for method in (client.get, client.post):
            assert (page, method(f"{base}/{page}").status_code) in {(page, 403), (page, 405)}


def test_inhabil_officer_does_not_set_the_list_up(house, inhabil, application, local, client, now):
    client.force_login(inhabil)
    page = client.get(turn_url(local, "board")).content.decode()
    assert "En kollega må sette opp listen." in page
    assert client.post(turn_url(local, "board")).status_code == 403
    assert not PriorityList.objects.exists()
    client.force_login(house.hospital_secretary)
    assert client.post(turn_url(local, "board")).status_code == 302


def test_inhabil_officer_gives_the_others_to_assessors(house, northern, inhabil, application, local, now):
    other = world.sent(house, northern, now)
    assigning.assign_evenly(local, [house.chair], each=1, due_date=local_date(now), by=inhabil, at=now)
    assert list(Assignment.objects.values_list("application", flat=True)) == [other.pk]


def test_inhabil_officer_neither_moves_nor_records_tasks(house, northern, application, local, client, now):
    others = [world.sent(house, northern, now) for _number in range(2)]
    boss, secretary = house.hospital_secretary, house.secretary
    prioritising.set_up(local, by=boss, at=now)
    words = {"is_recused": True, "ground": "party", "reason": "Part."}
    middle = others[0]
    decide_about(middle, secretary, **words, by=boss, at=now)
    client.force_login(secretary)
    last = turn_url(local, "move", others[1].code)
    assert (client.post(last, {"place": "1"}).status_code, client.post(last, {"place": "2"}).status_code) == (403, 403)
    assert client.post(turn_url(local, "record_task", "approve"), {"approve-note": "SSU"}).status_code == 403
    assert client.post(last, {"place": "3"}).status_code == 403
    url = turn_url(local, "recommend", middle.code)
    assert client.post(url, {"outcome": Outcome.GRANTED, "reason": "Ja."}).status_code == 403


def test_inhabil_officer_is_not_led_to_the_application(house, northern, secretary, now):
    new = world.sent(house, northern, now, status="submitted")
    words = {"is_recused": True, "ground": "party", "reason": "Part."}
    decide_about(new, secretary, **words, by=house.hospital_secretary, at=now)
    assert (seen(secretary, now), seen(house.hospital_secretary, now)) == ([], ["Kontroller 1 søknad"])


def test_inhabil_officer_is_not_told_on_the_front_page_how_far_the_case_has_come(
    house, northern, inhabil, application, local, now
):
    colleague = house.hospital_secretary
    assert (seen(inhabil, now), seen(colleague, now)) == ([], ["Fordel 1 søknad til vurdering"])
    world.deliver(application, local, house.assessor, now, by=colleague)
    world.deliver(world.sent(house, northern, now), local, house.assessor, now, by=colleague)
    assert (seen(inhabil, now), seen(colleague, now)) == ([], ["Sett opp listen"])
    prioritising.set_up(local, by=colleague, at=now)
    assert seen(inhabil, now) == ["Skriv innstilling for 1 søknad"]
    world.deliver(world.sent(house, northern, now), local, house.assessor, now, by=colleague)
    assert "Hent 1 søknad inn på listen" in seen(colleague, now)
    assert "Hent 1 søknad inn på listen" not in seen(inhabil, now)


def test_inhabil_officer_does_not_find_who_assesses_by_the_filter(house, inhabil, application, local, client, now):
    world.assign(application, local, house.assessor, house.hospital_secretary, now)
    query = f"?assessor={house.assessor.pk}"

    def shown(person):
        client.force_login(person)
        page = client.get(turn_url(local, "turn") + query)
        choices = [name for _pk, name in page.context["form"].fields["assessor"].choices[1:]]
        return [row.title for row in page.context["rows"]], choices

    assert shown(house.hospital_secretary) == ([application.title], [house.assessor.name])
    # The choice is not there, and so it chooses nothing.
    assert shown(inhabil) == ([application.title], [])


def test_save_and_next_passes_what_is_closed(house, northern, local, client, now):
    first, middle, last = (world.sent(house, northern, now) for _number in range(3))
    prioritising.set_up(local, by=house.hospital_secretary, at=now)
    words = {"is_recused": True, "ground": "party", "reason": "Part."}
    decide_about(middle, house.secretary, **words, by=house.hospital_secretary, at=now)
    client.force_login(house.secretary)
    posted = {"outcome": Outcome.GRANTED, "reason": "Ja.", "act": "next"}
    answer = client.post(turn_url(local, "recommend", first.code), posted)
    assert answer["Location"] == turn_url(local, "recommend", last.code)
    assert client.post(turn_url(local, "recommend", last.code), posted)["Location"].endswith(f"#s-{last.code}")


def test_where_a_case_is_closed_no_move_tells_its_place(house, northern, local, client, now):
    """Every move is refused with the same words, past it or not; the act asks again, and the view answers alike."""
    first, middle, last = (world.sent(house, northern, now) for _number in range(3))
    prioritising.set_up(local, by=house.hospital_secretary, at=now)
    words = {"is_recused": True, "ground": "party", "reason": "Part."}
    decide_about(middle, house.secretary, **words, by=house.hospital_secretary, at=now)
    client.force_login(house.secretary)
    answers = set()
    for application, rank in itertools.product((first, last), range(5)):
        with pytest.raises(prioritising.RecommendationError, match="En sak på listen er stengt for deg"):
            prioritising.move(world.row(local, application), local, position=rank, by=house.secretary, at=now)
        answer = client.post(turn_url(local, "move", application.code), {"place": rank})
        answers.add((answer.status_code, "En sak på listen er stengt for deg" in answer.text))
    assert answers == {(403, True)}
    assert [row.application for row in PriorityList.objects.get().recommendations.order_by("rank")] == [
        first, middle, last,
    ]  # fmt: skip


# --- an officer who takes part in an application, and has not answered -----------------------------------


def test_officer_with_a_tie_gives_the_others_to_assessors(house, northern, local, secretary, now):
    world.sent(house, northern, now, created_by=secretary)
    other = world.sent(house, northern, now)
    assigning.assign_evenly(local, [house.chair], each=1, due_date=local_date(now), by=secretary, at=now)
    assert list(Assignment.objects.values_list("application", flat=True)) == [other.pk]


def test_officer_with_a_tie_moves_nothing_before_answering(house, northern, local, client, now):
    first, tied, last = (
        world.sent(house, northern, now, created_by=by)
        for by in (house.applicant, house.secretary, house.applicant)
    )  # fmt: skip
    prioritising.set_up(local, by=house.hospital_secretary, at=now)
    client.force_login(house.secretary)
    for application, position in ((last, "1"), (tied, "1"), (last, "3"), (first, "1")):
        assert client.post(turn_url(local, "move", application.code), {"place": position}).status_code == 403
    declaring.declare(tied, has_tie=True, ground="other", explanation="Nær.", by=house.secretary, at=now)
    decide_about(tied, house.secretary, is_recused=False, reason="Nei.", by=house.hospital_secretary, at=now)
    assert client.post(turn_url(local, "move", last.code), {"place": "1"}).status_code == 302


def test_closed_cases_are_named_by_their_ids_and_when_they_are_many_by_the_condition(
    house, northern, local, secretary, now, monkeypatch, django_assert_num_queries
):
    tied, inhabil, _open = (
        world.sent(house, northern, now, created_by=by)
        for by in (secretary, house.applicant, house.applicant)
    )  # fmt: skip
    words = {"is_recused": True, "ground": "party", "reason": "Part."}
    decide_about(inhabil, secretary, **words, by=house.hospital_secretary, at=now)
    standing, nobody = standing_at(secretary, now), standing_at(house.hospital_secretary, now)

    def fits(condition):
        return set(turns.ranked(local).filter(condition).values_list("application", flat=True))

    for queries in (2, 2):
        with django_assert_num_queries(queries):
            cases = closed.closed_cases(standing)
        conditions = (cases.barred, cases.out_of_case, cases.out, cases.to_answer)
        both = {tied.pk, inhabil.pk}
        assert [fits(condition) for condition in conditions] == [both, both, {inhabil.pk}, {tied.pk}]
        assert closed.closed_ids(standing, Q()) == both
        monkeypatch.setattr(closed, "MOST_BY_ID", 0)
    with django_assert_num_queries(1):
        assert closed.closed_cases(nobody) == closed.ClosedCases(None, None)


def test_those_who_may_be_asked_are_those_with_a_seat(member, local, now):
    assert member in lists.eligible(local, local_date(now))
    assert Assessment.objects.count() == 0
