"""«Ikke relevant» is an answer with a reason: asked for, kept, frozen and shown."""

from datetime import timedelta

import pytest

from applications import completeness, snapshot, submissions
from applications.models import Application
from applications.services import correcting, submitting
from rounds.answering import answers
from rounds.answering.models import Answer
from tests.applications import world
from tests.applications.test_views_draft import post_section, text_of, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

REASON = "Prosjektet bruker bare møter og telefon."
QUESTION, SECTION = "digital", "responsibility"


def told(application, at, question=QUESTION):
    return [item.sentence for item in completeness.missing(application, at=at) if item.question == question]


def part(data):
    parts = (item for section in submissions.view_of(data).sections for item in section.parts)
    return next(item.text for item in parts if item.code == QUESTION)


def test_the_page_asks_why_and_keeps_the_reason(house, draft, sign_in):
    section = draft.round.spec.section_of(QUESTION).code
    client = sign_in(house.applicant)
    assert "Hvorfor er det ikke relevant for dere?" in text_of(client.get(url("section", draft, section)))
    post_section(client, draft, section, **{f"{QUESTION}--not-relevant": "on", f"{QUESTION}--reason": REASON})
    assert Answer.objects.get(question=QUESTION).value == {"not_relevant": True, "reason": REASON}
    assert REASON in text_of(client.get(url("section", draft, section)))


@pytest.mark.requirement("R80", "R81", "R94")
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"not_relevant": True}, ["Skriv hvorfor «{label}» ikke er relevant for dere."]),
        ({"not_relevant": True, "reason": "  "}, ["Skriv hvorfor «{label}» ikke er relevant for dere."]),
        ({"not_relevant": True, "reason": REASON}, []),
    ],
)
def test_without_a_reason_it_cannot_be_sent(unsigned, at, value, expected):
    world.set_answer(unsigned, QUESTION, value)
    label = unsigned.round.spec.fill(unsigned.round.spec.question(QUESTION).label)
    assert told(unsigned, at) == [text.format(label=label) for text in expected]


def test_a_question_that_must_be_answered_takes_no_reason(unsigned, at):
    world.set_answer(unsigned, "project-plan", {"not_relevant": True, "reason": REASON})
    assert told(unsigned, at, "project-plan") == [
        "«Prosjektplan, inkludert evalueringspunkter» må besvares.",
    ]


def test_the_reason_is_signed_frozen_and_shown(house, unsigned, at):
    before = snapshot.content_sha(unsigned)
    world.set_answer(unsigned, QUESTION, answers.not_relevant(REASON))
    assert snapshot.content_sha(unsigned) != before
    world.sign_all(house, unsigned, at)
    submission = submitting.submit(unsigned, by=house.applicant, at=at)
    assert part(submission.snapshot) == f"Ikke relevant: {REASON}"


def test_an_answer_from_before_the_reason_was_asked_for_reads_as_it_did(unsigned):
    world.set_answer(unsigned, QUESTION, answers.not_relevant(""))
    assert part(snapshot.content(unsigned)) == "Ikke relevant"


def test_a_correction_asks_no_reason_where_nobody_can_write_it(house, application, at):
    submitting.submit(application, by=house.applicant, at=at)
    world.set_answer(application, QUESTION, {"not_relevant": True})
    sent_one = Application.objects.get()
    due = at + timedelta(days=5)
    correcting.request_correction(sent_one, ["plan"], "Planen mangler.", due, by=house.secretary, at=at)
    assert told(Application.objects.get(), at) == []
