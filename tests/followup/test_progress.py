"""What a project waits for after the award, and where in the secretariat's list it stands."""

from datetime import date, timedelta
from types import SimpleNamespace as Row

import pytest

from evaluation.followup.progress import Progress, Step, grouped, heading, progress_of, way
from portal.clock import at_local

TODAY = date(2025, 6, 10)
LETTER = Row(accept_by=date(2025, 6, 20))


def award(**acceptance):
    """An award; with anything told of its acceptance it is accepted."""
    if not acceptance:
        return Row(adopted_on=date(2025, 5, 1))
    told = {"submitted_at": None, "case": None, "is_provisional": True, "due_date": date(2026, 4, 1)}
    dates = {"planned_start_date": date(2025, 7, 1), "operation_started_date": None, "accepted_at": at_local(TODAY)}
    report = Row(**{name: acceptance.pop(name, value) for name, value in told.items()}, receiving_body="SSU")
    return Row(adopted_on=date(2025, 5, 1), acceptance=Row(**{**dates, **acceptance}, evaluation=report))


STARTED = {"is_provisional": False, "operation_started_date": date(2025, 1, 10), "due_date": date(2025, 10, 10)}
SENT = {**STARTED, "submitted_at": at_local(date(2025, 6, 2))}
CASE = Row(reference="3/25")


@pytest.mark.parametrize(
    ("told", "letter", "step", "due", "group"),
    [
        ({}, None, "letter", None, "office"),
        ({}, LETTER, "answer", date(2025, 6, 20), "coming"),
        ({}, Row(accept_by=date(2025, 6, 9)), "answer", date(2025, 6, 9), "late"),
        ({"accepted_at": at_local(TODAY)}, None, "start", date(2025, 7, 1), "coming"),
        ({"planned_start_date": date(2025, 6, 9)}, None, "start", date(2025, 6, 9), "late"),
        (STARTED, None, "evaluation", date(2025, 10, 10), "coming"),
        ({**STARTED, "due_date": TODAY}, None, "evaluation", TODAY, "coming"),
        ({**STARTED, "due_date": date(2025, 6, 1)}, None, "evaluation", date(2025, 6, 1), "late"),
        (SENT, None, "case", None, "office"),
        ({**SENT, "case": CASE}, None, "done", None, "done"),
    ],
)
def test_the_first_thing_that_is_not_done_is_what_a_project_waits_for(told, letter, step, due, group):
    progress = progress_of(award(**told), letter, TODAY)
    assert (progress.step, progress.due, progress.group) == (step, due, group)
    assert progress.label


def test_an_award_that_was_declined_waits_for_nothing():
    progress = progress_of(Row(declined=Row()), LETTER, TODAY)
    assert (progress.step, progress.group, way(Row(), progress, LETTER)) == ("declined", "done", [])


@pytest.mark.parametrize(
    ("days", "day", "left", "is_late"),
    [
        (0, "i dag", "", False),
        (1, "i morgen", "1 dag igjen", False),
        (14, "tirsdag 24. juni", "14 dager igjen", False),
        (15, "onsdag 25. juni", "15 dager igjen", False),
        (-1, "i går", "1 dag over fristen", True),
        (-13, "onsdag 28. mai", "13 dager over fristen", True),
        (-14, "tirsdag 27. mai", "2 uker over fristen", True),
        (-60, "fredag 11. april", "2 måneder over fristen", True),
    ],
)
def test_the_day_is_said_as_people_say_it_with_what_is_left(days, day, left, is_late):
    progress = Progress(Step.START, TODAY + timedelta(days=days), TODAY)
    assert (progress.day, progress.left, progress.is_late) == (day, left, is_late)


def test_without_a_day_nothing_is_said_of_it():
    progress = Progress(Step.CASE, None, TODAY)
    assert (progress.day, progress.left, progress.is_late) == ("", "", False)


@pytest.mark.parametrize(
    ("told", "letter", "states", "days"),
    [
        ({}, None, ["done", "current", *["later"] * 3], [date(2025, 5, 1), *[None] * 4]),
        ({}, LETTER, ["done", "current", *["later"] * 3], [date(2025, 5, 1), date(2025, 6, 20), *[None] * 3]),
        (
            {"accepted_at": at_local(TODAY)},
            LETTER,
            ["done", "done", "current", "later", "later"],
            [date(2025, 5, 1), TODAY, date(2025, 7, 1), date(2026, 4, 1), None],
        ),
        (
            SENT,
            LETTER,
            [*["done"] * 4, "current"],
            [date(2025, 5, 1), TODAY, date(2025, 1, 10), date(2025, 6, 2), None],
        ),
    ],
)
def test_the_way_shows_what_is_done_and_when_the_rest_is_due(told, letter, states, days):
    made = award(**told)
    steps = way(made, progress_of(made, letter, TODAY), letter)
    assert ([step.state for step in steps], [step.when for step in steps]) == (states, days)


def test_the_last_step_names_the_case():
    made = award(**SENT, case=CASE)
    steps = way(made, progress_of(made, LETTER, TODAY), LETTER)
    assert [step.state for step in steps] == ["done"] * 5
    assert steps[-1].label == "Sak 3/25"


def line(step, days=None):
    return Row(progress=Progress(step, TODAY + timedelta(days=days) if days is not None else None, TODAY))


LATE, LATER, SOON, FAR = line(Step.START, -30), line(Step.ANSWER, -3), line(Step.ANSWER, 2), line(Step.START, 40)
OFFICE, DONE = line(Step.CASE), line(Step.DONE)


def test_the_list_has_what_is_late_the_longest_first_then_what_comes_first():
    assert grouped([DONE, FAR, LATER, OFFICE, SOON, LATE]) == [
        ("Forsinket", [LATE, LATER]),
        ("Venter på dere", [OFFICE]),
        ("Innen fristen", [SOON, FAR]),
        ("Ferdig", [DONE]),
    ]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([], "Ingen prosjekter å følge opp"),
        ([LATE, OFFICE], "Ett prosjekt er forsinket"),
        ([LATE, LATER, SOON], "To prosjekter er forsinket"),
        ([OFFICE, SOON], "Ett prosjekt venter på dere"),
        ([SOON, DONE], "Ingen prosjekter er forsinket"),
        ([DONE], "Alle prosjektene er evaluert"),
    ],
)
def test_the_heading_tells_the_news(lines, expected):
    assert heading([each.progress for each in lines]) == expected
