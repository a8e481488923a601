"""What comes too late is told as a state with a way on, and not as a lack of access: every kind of it."""

import ast
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse

from applications.services import submitting
from evaluation.assessment.services import forwarding, freezing, prioritising
from evaluation.assessment.turn import turn_url
from evaluation.decisions.services import letters
from evaluation.decisions.services.deciding import decide_from_minutes
from evaluation.meetings.models import Minutes
from portal.communities.models import Seat
from tests.applications import world as applications_world
from tests.assessment import world as assessment_world
from tests.decisions.world import adopted, approve
from tests.harness import worlds
from tests.world import NOW

ROOT = Path(__file__).resolve().parents[1]
# What a sentence says of a state that does not come back.
LATE = re.compile(
    "allerede|gikk ut|kunne hentes|er låst|er sendt og|er oversendt|er trukket|erstattet|er satt|Plassen er bekreftet"
)
MODULES = sorted(path for path in ROOT.glob("*/**/permissions.py") if not {".venv", "tests"} & set(path.parts))


# --- the pages -----------------------------------------------------------------------------------------


@worlds.world
def northern(house):
    return applications_world.real_round("helse-nord-2025")


@worlds.part
def at(northern):
    return applications_world.open_moment(northern)


@worlds.world
def application(house, northern, at):
    """A whole draft, signed by its partners."""
    return applications_world.whole(house, northern, at=at, signed=False)


def removes(application):
    partner = application.partners.exclude(role="lead").first()
    return reverse("applications:partner_remove", args=[application.code, partner.pk])


def test_after_the_deadline(house, northern, application, frozen_clock, sign_in):
    frozen_clock.move_to(northern.closes_at)
    assert_past(sign_in(house.applicant).get(removes(application)), "Fristen gikk ut 01.03.2025", house, sign_in)
    start = reverse("applications:start", args=[northern.code])
    assert_past(sign_in(house.applicant).get(start), "Søknadsfristen gikk ut", house, sign_in)
    read = reverse("applications:changes", args=[application.code, 1])
    assert_past(sign_in(house.applicant).get(read), "Fristen gikk ut 01.03.2025", house, sign_in)


def test_after_a_draft_was_thrown_away(house, application, at, frozen_clock, sign_in):
    """It was told that it was sent, or that it could still be."""
    frozen_clock.move_to(at)
    page = removes(application)
    submitting.withdraw(application, by=house.applicant, at=at)
    assert_past(sign_in(house.applicant).get(page), "Utkastet er kastet og kan ikke endres.", house, sign_in)
    read = reverse("applications:changes", args=[application.code, 1])
    assert_past(sign_in(house.applicant).get(read), "Søknaden er ikke sendt.", house, sign_in)


def test_after_it_is_sent_cancelled_or_locked(house, northern, application, at, frozen_clock, sign_in):
    frozen_clock.move_to(at)
    applications_world.sign(house, application.partners.get(role="lead"), at)
    client = sign_in(house.applicant)
    assert_past(client.get(removes(application)), "Teksten er låst mens partnerne signerer", house, sign_in)
    type(application).objects.filter(pk=application.pk).update(status="submitted", submitted_at=at)
    assert_past(
        sign_in(house.applicant).get(removes(application)), "Søknaden er sendt og kan ikke endres", house, sign_in
    )
    type(northern).objects.filter(pk=northern.pk).update(cancelled_at=at)
    assert_past(sign_in(house.applicant).get(removes(application)), "Utlysningen er trukket", house, sign_in)


def test_after_a_draft_was_thrown_away_for_long(house, application, at, frozen_clock, sign_in):
    submitting.withdraw(application, by=house.applicant, at=at)
    application.refresh_from_db()
    url = reverse("applications:bring_back", args=[application.code])
    frozen_clock.move_to(application.kept_until + timedelta(minutes=1))
    assert_past(sign_in(house.applicant).post(url), "Utkastet kunne hentes tilbake til", house, sign_in)


def test_after_the_list_is_locked_and_forwarded(house, northern, frozen_clock, sign_in):
    now = northern.closes_at + timedelta(hours=9)
    frozen_clock.move_to(now)
    turn = assessment_world.turn(northern, "community", house.community)
    case = assessment_world.sent(house, northern, now)
    prioritising.set_up(turn, by=house.secretary, at=now)
    assessment_world.recommend(turn, case, house.secretary, now)
    assessment_world.do_tasks(turn, house.secretary, now)
    freezing.freeze(turn, by=house.secretary, at=now)
    client = sign_in(house.secretary)
    assert_past(client.get(turn_url(turn, "recommend", case.code)), "Listen er låst", house, sign_in)
    forwarding.forward(turn, by=house.secretary, at=now)
    client = sign_in(house.secretary)
    assert_past(client.post(turn_url(turn, "forward")), "Listen er allerede oversendt", house, sign_in)
    client = sign_in(house.secretary)
    assert_past(client.post(turn_url(turn, "unlock"), {"reason": "Feil."}), "Listen er oversendt", house, sign_in)


def test_after_the_letter_is_approved(house, frozen_clock, sign_in):
    frozen_clock.move_to(NOW)
    (decision,) = decide_from_minutes(adopted(house).meeting, by=house.secretary, at=NOW)
    letter = letters.prepare(decision, by=house.secretary, at=NOW)
    approve(letter, by=house.hospital_secretary)
    url = reverse("decisions:approve", args=[letter.number])
    assert_past(sign_in(house.hospital_secretary).post(url), "Brevet er allerede godkjent", house, sign_in)


# The pages of acts in a meeting, until it is closed and until its minutes are adopted; of the meeting, and of a case.
OF_MEETING = {"closed": ("reschedule", "add_case", "call", "close"), "adopted": ("secretary", "reopen_meeting")}
OF_CASE = {
    "closed": (
        "edit_paper",
        "add_attachment",
        "earlier",
        "raise_habilitet",
        "open_ballot",
        "resolve",
        "postpone",
        "note",
        "reopen",
    ),
    "adopted": ("correct", "write_statements"),
}


@pytest.mark.parametrize("state", ["closed", "adopted"])
def test_after_the_meeting_is_closed_and_its_minutes_are_adopted(house, frozen_clock, sign_in, state):
    frozen_clock.move_to(NOW)
    resolution = adopted(house)
    meeting = resolution.meeting
    type(meeting).objects.filter(pk=meeting.pk).update(status=state)
    Minutes.objects.get_or_create(meeting=meeting)
    case = meeting.cases.filter(resolution__isnull=False).first()
    over = ("closed", "adopted") if state == "adopted" else ("closed",)
    pages = [(name, meeting.pk) for when in over for name in OF_MEETING[when]]
    pages += [(name, case.pk) for when in over for name in OF_CASE[when]]
    said = "Protokollen er godkjent" if state == "adopted" else "Møtet er "
    for name, pk in pages:
        answer = sign_in(house.secretary).get(reverse(f"meetings:{name}", args=[pk]))
        assert_past(answer, said, house, sign_in)


def test_after_the_seat_is_confirmed(house, sign_in):
    seat = Seat.objects.filter(body=house.secretariat, user=house.secretary).get()
    url = reverse("portal:seat_confirm", args=[seat.pk])
    assert_past(sign_in(house.hospital_secretary).get(url), "Plassen er bekreftet", house, sign_in)


def assert_past(answer, said, house, sign_in):
    """The state is told under its own heading; who has no access at all is told nothing of it at the same address."""
    page = answer.content.decode()
    headings = [words in page for words in ("Dette kan ikke gjøres lenger", "Du har ikke tilgang til dette")]
    assert (answer.status_code, said in page, headings) == (403, True, [True, False])
    address = answer.wsgi_request.path
    stranger = sign_in(house.nobody)
    told = (stranger.get if answer.wsgi_request.method == "GET" else stranger.post)(address)
    assert told.status_code in {403, 404}
    assert "Dette kan ikke gjøres lenger" not in told.content.decode()


# --- the predicates ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_refusal_that_tells_of_something_over_is_a_lack_of_access(module):
    assert {sentence for sentence, is_past in refusals(ast.parse(module.read_text())) if not is_past} == set()


def refusals(tree, told=LATE, kinds=("is_past",)):
    """The sentences of a module's refusals that are late (``told``), each with whether it is said to be so."""
    shared = dict(assigned(tree))
    for function in (node for node in tree.body if isinstance(node, ast.FunctionDef)):
        names = shared | dict(assigned(function))
        for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
            if isinstance(call.func, ast.Name) and call.func.id in {"allow_if", "Refused"}:
                sentence = " ".join(words(call.args[-1], names))
                if told.search(sentence):
                    yield sentence, any(keyword.arg in kinds for keyword in call.keywords)


def assigned(within):
    """The names that are given something, and what."""
    for node in ast.walk(within):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, node.value


def words(node, names):
    """The texts in an expression, also those behind names."""
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value
        elif isinstance(part, ast.Name) and part.id in names:
            yield from words(names[part.id], {})


def test_the_search_finds_what_is_late():
    tree = ast.parse('LOCKED = "er låst"\ndef can(user):\n    return allow_if(user, _(LOCKED))')
    assert list(refusals(tree)) == [("er låst", False)]
    assert len([sentence for module in MODULES for sentence in refusals(ast.parse(module.read_text()))]) > 15
