"""Planning: numbers, cases of a list, papers, the agenda's order, the call."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.urls import reverse
from django.utils.text import capfirst

from evaluation.meetings import waiting
from evaluation.meetings.models import Case, CaseKind, CaseStatus, Meeting
from evaluation.meetings.papers import PARTS
from evaluation.meetings.queries.agenda import cases_like, lists_ready_for, postponed_in, rounds_with_case
from evaluation.meetings.queries.papers import paper_page
from evaluation.meetings.services import from_list, live, minutes, planning, resolving
from evaluation.meetings.services.locking import MeetingError
from portal.clock import local_date
from portal.communities.queries import standing_at
from portal.formats import beginning_in_words, deadline_in_words
from portal.mail.models import Message
from tests import factories
from tests.meetings import world

pytestmark = pytest.mark.django_db


def test_meeting_has_everybody_with_a_seat_on_its_roll(house, now):
    meeting = world.planned(house, now)
    names = sorted(line.seat.user.name for line in meeting.attendances.select_related("seat__user"))
    assert names == sorted(person.name for person in (*world.everybody(house), house.user_member, house.deputy))


@pytest.mark.requirement("R126")
def test_cases_are_numbered_by_body_and_year(house, now):
    first = world.planned(house, now)
    next_year = planning.plan(
        house.ssu, starts_at=now + timedelta(days=365), location="Teams", by=house.secretary, at=now
    )
    elsewhere = world.planned(house, now, house.far_ssu)
    references = [
        world.own_case(house, meeting, now).reference for meeting in (first, first, next_year, elsewhere, first)
    ]
    assert references == ["1/25", "2/25", "1/26", "1/25", "3/25"]


@pytest.mark.django_db(transaction=True)
def test_cases_put_up_at_once_get_a_number_each(house, now):
    meetings = [world.planned(house, now) for _ in range(3)]
    start, troubles = threading.Barrier(3), []

    def put_up(meeting):
        try:
            start.wait()
            for _ in range(4):
                planning.add_case(meeting, kind=CaseKind.DECISION, title="Sak", by=house.secretary, at=now)
        except Exception as trouble:  # noqa: BLE001 - told by the test
            troubles.append(trouble)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=put_up, args=(meeting,)) for meeting in meetings]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert troubles == []
    assert sorted(Case.objects.values_list("number", flat=True)) == list(range(1, 13))


@pytest.mark.requirement("R126")
def test_case_is_found_however_its_number_is_written(house, now):
    meeting = world.planned(house, now)
    case = world.own_case(house, meeting, now)
    world.own_case(house, meeting, now, title="Noe annet")
    references = [
        [each.reference for each in cases_like(Case.objects.all(), text)] for text in ("1/25", "01.25", "RE\x00TN", "x")
    ]
    assert references == [[case.reference], [case.reference], [case.reference], []]


# --- a list ---------------------------------------------------------------------------------------


def test_list_becomes_a_case_an_application_and_one_for_the_allocation(house):
    meeting, cases, _at = world.list_meeting(house)
    assert [(case.reference, case.title, case.is_allocation) for case in cases] == [
        ("1/24", "Prosjekt 1", False),
        ("2/24", "Prosjekt 2", False),
        ("3/24", "Samlet fordeling: " + cases[0].priority_list.round.title, True),
    ]
    assert [case.position for case in meeting.cases.all()] == [1, 2, 3]


def test_papers_are_filled_in_from_what_was_sent_and_recommended(house):
    _meeting, cases, _at = world.list_meeting(house)
    paper = cases[0].paper
    assert paper.proposal == "1. SSU Troms og Ofoten innvilger inntil 450\u00a0000\u00a0kr i tilskudd til «Prosjekt 1»."
    assert paper.facts == (
        f"Søknad: Prosjekt 1 ({cases[0].application.code})\n"
        "Ansvarlig søker: Tromsø kommune\n"
        "Partnere: Universitetssykehuset Nord-Norge HF\n"
        "Søkt beløp: 450\u00a0000\u00a0kr"
    )
    assert paper.considerations == "Svarer godt.\n\nPrioritet i innstillingen: 1."


def test_allocation_paper_adds_up_the_list(house):
    _meeting, cases, _at = world.list_meeting(house)
    assert cases[-1].paper.proposal == (
        "1. SSU Troms og Ofoten fordeler til sammen 900\u00a0000\u00a0kr slik:\n"
        "   a) Prosjekt 1: 450\u00a0000\u00a0kr\n"
        "   b) Prosjekt 2: 450\u00a0000\u00a0kr\n"
        "2. SSU Troms og Ofoten ber sekretariatet sende tilskuddsbrev og avslagsbrev."
    )


def test_list_is_put_up_once(house):
    meeting, cases, at = world.list_meeting(house, 1)
    assert list(lists_ready_for(house.ssu)) == []
    with pytest.raises(MeetingError, match="Listen er allerede satt opp, med fordelingen i sak 2/24"):
        from_list.add_cases(meeting, cases[0].priority_list, by=house.secretary, at=at)


def test_list_of_others_is_refused(house):
    priority_list, at = world.deciding_list(house, 1)
    meeting = world.planned(house, at, house.far_ssu)
    with pytest.raises(MeetingError, match="hører ikke til dette utvalget"):
        from_list.add_cases(meeting, priority_list, by=house.far_secretary, at=at)


def test_list_that_is_not_frozen_is_refused(house):
    priority_list, at = world.deciding_list(house, 1)
    type(priority_list).objects.update(frozen_at=None, document=None)
    with pytest.raises(MeetingError, match="Lås den prioriterte listen"):
        from_list.add_cases(world.planned(house, at), priority_list, by=house.secretary, at=at)


@pytest.mark.parametrize("count", [1, 4])
def test_list_is_put_up_in_as_many_queries_whatever_its_length(house, count, django_assert_num_queries):
    priority_list, at = world.deciding_list(house, count)
    meeting = world.planned(house, at)
    priority_list.round.spec  # noqa: B018 - parsed before counting
    # PostgreSQL takes the journal's lock with a query of its own.
    with django_assert_num_queries(25 if connection.vendor == "postgresql" else 24):
        from_list.add_cases(meeting, priority_list, by=house.secretary, at=at)


# --- order, papers, the call --------------------------------------------------------------------------


@pytest.mark.parametrize(("to", "order"), [(1, [3, 1, 2, 4]), (4, [1, 2, 4, 3]), (99, [1, 2, 4, 3]), (3, [1, 2, 3, 4])])
def test_case_is_moved_and_keeps_its_number(house, now, to, order):
    meeting = world.planned(house, now)
    cases = [world.own_case(house, meeting, now) for _ in range(4)]
    planning.move(Case.objects.get(pk=cases[2].pk), to=to, by=house.secretary, at=now)
    moved = list(meeting.cases.order_by("position"))
    assert [case.number for case in moved] == order
    assert [case.position for case in moved] == [1, 2, 3, 4]


def test_call_goes_to_members_and_deputies_with_the_agenda(house, now):
    meeting = world.planned(house, now)
    world.own_case(house, meeting, now)
    planning.call(meeting, by=house.secretary, at=now)
    mails = {mail.recipient: mail for mail in Message.objects.filter(kind="meeting_call")}
    assert sorted(mails) == sorted(
        person.email for person in (*world.everybody(house), house.user_member, house.deputy)
    )
    assert mails[house.chair.email].title == "Innkalling til SSU Troms og Ofoten 17.02.2025 kl. 10.00"
    assert mails[house.deputy.email].body_text.split("\n-- \n")[0] == (
        "SSU Troms og Ofoten har møte 17.02.2025 kl.\u00a010.00, Møterom 3. Du er vara for Mona Member og møter hvis "
        "Mona Member har forfall eller er inhabil.\n\n"
        "Saksliste:\n\n"
        "1/25  Retningslinjer for bruk av midlene (beslutningssak)\n\n"
        "Les sakspapirene i portalen. Meld forfall der hvis du ikke kan komme, og meld fra i god tid hvis du kan "
        "være inhabil i en sak, så vi rekker å kalle inn vara.\n\n"
        f"Til møtet:\nhttp://localhost:8000/meetings/{meeting.pk}/\n"
    )


@pytest.mark.fault("B7")
def test_a_call_that_somebody_did_not_get_is_told_where_the_meeting_is_planned(house, now, sign_in):
    meeting = world.planned(house, now)
    world.own_case(house, meeting, now)
    planning.call(meeting, by=house.secretary, at=now)
    Message.objects.filter(kind="meeting_call", recipient=house.chair.email).update(failed_at=now, answer="550")
    page = sign_in(house.secretary).get(reverse("meetings:agenda", args=[meeting.pk])).text
    assert f"Ikke levert til {house.chair.email}." in page
    assert "1 melding kom ikke fram" in sign_in(house.secretary).get("/").text


def test_call_needs_a_case(house, now):
    with pytest.raises(MeetingError, match="Sett opp minst én sak"):
        planning.call(world.planned(house, now), by=house.secretary, at=now)


def test_calling_again_sends_again(house, now):
    meeting = world.planned(house, now)
    world.own_case(house, meeting, now)
    planning.call(meeting, by=house.secretary, at=now)
    planning.call(meeting, by=house.secretary, at=now + timedelta(hours=1))
    titles = Message.objects.filter(recipient=house.chair.email).values_list("title", flat=True)
    assert sorted(titles) == [
        "Innkalling til SSU Troms og Ofoten 17.02.2025 kl. 10.00",
        "Ny innkalling til SSU Troms og Ofoten 17.02.2025 kl. 10.00",
    ]


def test_meeting_that_is_set_is_neither_called_nor_rescheduled(house, now, meeting, case):
    with pytest.raises(MeetingError, match="allerede satt"):
        planning.call(meeting, by=house.secretary, at=now)
    with pytest.raises(MeetingError, match="Tid og sted kan ikke endres"):
        planning.reschedule(meeting, starts_at=now, location="Teams", by=house.secretary, at=now)
    resolving.postpone(case, reason="Mer forankring.", by=house.chair, at=now)
    with pytest.raises(MeetingError, match="Saksframlegget står fast"):
        planning.write_paper(case, texts={"title": "x"}, by=house.secretary, at=now)


def test_rescheduling_puts_new_seats_on_the_roll(house, now):
    meeting = world.planned(house, now)
    meeting.attendances.first().delete()
    planning.reschedule(meeting, starts_at=now, location="Teams", by=house.secretary, at=now)
    assert (meeting.attendances.count(), Meeting.objects.get(pk=meeting.pk).location) == (6, "Teams")


# --- postponed ------------------------------------------------------------------------------------------


@pytest.mark.requirement("R127", "R132")
def test_postponed_case_is_taken_up_again_under_a_new_number(house, now, case):
    resolving.postpone(case, reason="Mer forankring.", by=house.chair, at=now)
    case = Case.objects.get(pk=case.pk)
    later = world.planned(house, now)
    again = planning.take_up_again(case, later, by=house.secretary, at=now)
    assert (again.reference, again.follows, again.status) == ("2/25", case, CaseStatus.PREPARED)
    assert again.paper.proposal == case.paper.proposal
    with pytest.raises(MeetingError, match="allerede tatt opp igjen"):
        planning.take_up_again(case, later, by=house.secretary, at=now)
    with pytest.raises(MeetingError, match="Bare utsatte saker"):
        planning.take_up_again(again, later, by=house.secretary, at=now)


def test_case_that_is_taken_up_elsewhere_is_not_opened_again_where_it_was_postponed(house, now, case):
    resolving.postpone(case, reason="Mer forankring.", by=house.chair, at=now)
    later = world.planned(house, now)
    planning.take_up_again(Case.objects.get(pk=case.pk), later, by=house.secretary, at=now)
    with pytest.raises(MeetingError, match="Sak 1/25 er tatt opp igjen som sak 2/25, og avgjøres der"):
        resolving.reopen(case, why="Feil.", by=house.chair, at=now)
    assert Case.objects.get(pk=case.pk).status == CaseStatus.POSTPONED


def test_list_that_is_put_up_elsewhere_is_not_opened_again_where_it_was_postponed(house):
    meeting, cases, at = world.list_meeting(house, count=1)
    meeting = world.opened(house, meeting, at, *world.everybody(house))
    resolving.postpone_rest(meeting, reason="Mer tid.", by=house.chair, at=at)
    later = world.planned(house, at)
    from_list.add_cases(later, cases[0].priority_list, by=house.secretary, at=at)
    for case, number in ((cases[0], "3/24"), (cases[1], "4/24")):
        with pytest.raises(MeetingError, match=f"Sak {case.reference} er tatt opp igjen som sak {number}"):
            resolving.reopen(case, why="Feil.", by=house.chair, at=at)
    assert not meeting.cases.filter(status=CaseStatus.PREPARED).exists()


@pytest.mark.fault("B4")
def test_after_a_postponed_allocation_only_what_is_undecided_is_put_up(house):
    meeting, cases, at = world.list_meeting(house, count=3)
    meeting = world.opened(house, meeting, at, *world.everybody(house))
    resolving.adopt_as_proposed(cases[0], by=house.chair, at=at)
    resolving.postpone_rest(meeting, reason="Mer tid.", by=house.chair, at=at)
    live.close_meeting(meeting, by=house.chair, at=at)
    later = world.planned(house, at)
    planning.take_up_again(Case.objects.get(pk=cases[1].pk), later, by=house.secretary, at=at)
    third = world.planned(house, at)
    again = from_list.add_cases(third, cases[0].priority_list, by=house.secretary, at=at)
    assert [(case.title, case.follows) for case in again] == [("Prosjekt 3", cases[2]), (cases[3].title, cases[3])]
    assert list(postponed_in(house.ssu)) == []
    assert again[-1].paper.facts.splitlines()[:3] == [
        "Søknader på listen: 2",
        "Innstilt til tilskudd: 2",
        "Samlet innstilt beløp: 900\u00a0000\u00a0kr",
    ]


@pytest.mark.fault("B4")
def test_the_allocation_that_is_put_up_again_tells_what_was_decided_before(house):
    meeting, cases, at = world.list_meeting(house, count=2)
    meeting = world.opened(house, meeting, at, *world.everybody(house))
    resolving.adopt_as_proposed(cases[0], by=house.chair, at=at)
    resolving.postpone_rest(meeting, reason="Mer tid.", by=house.chair, at=at)
    live.close_meeting(meeting, by=house.chair, at=at)
    later = world.planned(house, at)
    again = from_list.add_cases(later, cases[0].priority_list, by=house.secretary, at=at)
    later = world.opened(house, later, at, *world.everybody(house))
    no = {"text": "1. SSU avslår søknaden.", "outcome": "rejected", "reason": "Uklare mål."}
    resolving.adopt_agreed(again[0], **no, by=house.chair, at=at)
    live.go_to(later, again[1], by=house.chair, at=at)
    whole = resolving.adopt_as_proposed(Case.objects.get(pk=again[1].pk), by=house.chair, at=at)
    assert whole.text.splitlines()[:2] == [
        "1. SSU Troms og Ofoten fordeler til sammen 450\u00a0000\u00a0kr slik:",
        "   a) Prosjekt 1: 450\u00a0000\u00a0kr",
    ]
    live.reopen_meeting(meeting, why="Feil.", by=house.chair, at=at)
    with pytest.raises(MeetingError, match=f"Fordelingen i sak {again[1].reference} er vedtatt"):
        resolving.reopen(cases[0], why="Feil.", by=house.chair, at=at)


def test_a_list_whose_allocation_was_postponed_is_not_put_up_in_the_same_meeting(house):
    meeting, cases, at = world.list_meeting(house, count=1)
    meeting = world.opened(house, meeting, at, *world.everybody(house))
    resolving.postpone_rest(meeting, reason="Mer tid.", by=house.chair, at=at)
    with pytest.raises(MeetingError, match="Listen er allerede satt opp, med fordelingen i sak 2/24"):
        from_list.add_cases(meeting, cases[0].priority_list, by=house.secretary, at=at)


def test_case_that_was_opened_again_meanwhile_is_not_taken_up(house, now, case):
    resolving.postpone(case, reason="Mer forankring.", by=house.chair, at=now)
    seen = Case.objects.get(pk=case.pk)
    resolving.reopen(case, why="Feil.", by=house.chair, at=now)
    later = world.planned(house, now)
    with pytest.raises(MeetingError, match="Bare utsatte saker"):
        planning.take_up_again(seen, later, by=house.secretary, at=now)
    assert not later.cases.exists()


def test_home_page_tells_of_the_meeting_to_those_who_prepare_it_and_those_who_are_called(house, now):
    def told():
        people = (house.secretary, house.chair, house.member, house.far_secretary, house.applicant)
        return [[task.title for task in waiting.meetings(person, now)] for person in people]

    meeting = world.planned(house, now)
    assert told() == [["Kall inn til møte i SSU Troms og Ofoten"], [], [], [], []]
    world.own_case(house, meeting, now)
    planning.call(meeting, by=house.secretary, at=now)
    assert told() == [["Møte i SSU Troms og Ofoten"]] * 3 + [[], []]
    (task,) = waiting.meetings(house.secretary, now)
    assert (task.url, task.hint) == (
        f"/meetings/{meeting.pk}/",
        f"{capfirst(deadline_in_words(meeting.starts_at, now))}, Møterom 3",
    )
    live.open_meeting(meeting, on_day=local_date(now), by=house.chair, at=now)
    assert told() == [["Møtet pågår: SSU Troms og Ofoten"]] * 3 + [[], []]
    # Opened before its time, it is not said to begin later.
    (task,) = waiting.meetings(house.secretary, now)
    assert task.hint == f"{capfirst(beginning_in_words(now, now))}, Møterom 3"
    resolving.postpone_rest(meeting, reason="Nei.", by=house.chair, at=now)
    live.close_meeting(meeting, by=house.chair, at=now)
    assert told() == [[]] * 5


def test_minutes_wait_for_those_who_can_adopt_them(house, now, django_assert_num_queries):
    def told():
        people = (house.secretary, house.chair, house.vice_chair, house.member, house.far_secretary, house.applicant)
        return [[task.title for task in waiting.minutes(person, now)] for person in people]

    meeting, _case = world.in_session(house, now)
    resolving.postpone_rest(meeting, reason="Nei.", by=house.chair, at=now)
    assert told() == [[]] * 6
    record = live.close_meeting(meeting, by=house.chair, at=now)
    waits = ["Les og godkjenn protokollen"]
    assert told() == [waits, waits, waits, [], [], []]
    with django_assert_num_queries(1):
        (task,) = waiting.minutes(house.chair, now)
    with django_assert_num_queries(0):
        waiting.minutes(house.member, now)
    assert task.url == f"/meetings/{meeting.pk}/minutes/"
    assert task.hint.startswith("SSU Troms og Ofoten, møtet ")
    minutes.adopt(record, by=house.chair, at=now)
    assert told() == [[]] * 6


def test_region_is_told_of_the_meetings_of_its_own_body(house, now):
    world.planned(house, now, house.committee)
    assert [task.title for task in waiting.meetings(house.regional_secretary, now)] == [
        "Kall inn til møte i Tildelingsutvalget i Helse Nord"
    ]
    assert waiting.meetings(house.secretary, now) == []


@pytest.mark.requirement("R128", "R129")
def test_a_case_about_the_round_begins_with_the_rounds_own_headings_and_draft(house, now):
    inn = factories.definition("innlandet-2024")
    round_ = factories.round_of(
        factories.changed(
            factories.definition("troms-ofoten-2024"),
            decision={
                **factories.definition("troms-ofoten-2024").to_data()["decision"],
                "case": {**inn.to_data()["decision"]["case"], "source": []},
            },
        )
    )
    meeting = world.planned(house, now)
    assert list(rounds_with_case(house.ssu)) == [round_]
    assert rounds_with_case(house.far_ssu) is None
    case = planning.add_case(
        meeting, kind=CaseKind.DECISION, title="Runden", about_round=round_, by=house.secretary, at=now
    )
    assert (case.paper.background, case.paper.facts, case.paper.considerations) == (
        "Saken bygger på 23/24, 07/24, 31/24.",
        "",
        "",
    )
    assert [line.removeprefix("## ") for line in case.paper.guidelines.split("\n\n")] == list(PARTS)
    # Parts that nobody has written are not printed.
    page = paper_page(case, standing_at(house.secretary, now))
    assert [section.label for section in page.sections] == ["Bakgrunn"]
    lines = case.paper.proposal.splitlines()
    assert lines[0].startswith("1. Strategisk samarbeidsutvalg godkjenner følgende kriterier")
    assert lines[1] == "   a) Daglig samhandling og kontinuerlig forbedring av gode pasientforløp (drift)"
    assert [line[-28:] for line in lines[-2:]] == [" Følges opp av: Sekretariatet."[-28:]] * 2
