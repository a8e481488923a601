"""Sending, correcting and taking back: once, before the deadline, frozen, told to the right people."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from applications.models import Application, CorrectionRequest, Extension, Submission
from applications.services import correcting, submitting
from applications.services.correcting import CorrectionError, ExtensionError
from applications.services.status import TransitionError, advance
from applications.services.submitting import IncompleteError, LateError
from applications.workflow import Status
from portal.jobs.models import Job
from portal.journal import queries as journal
from portal.journal import services as journal_services
from portal.mail.models import Message
from portal.snapshots import digest
from rounds.models import Round
from tests.applications import world
from tests.harness import worlds

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def fresh(application):
    return Application.objects.get(pk=application.pk)


def kinds(kind):
    return sorted(Message.objects.filter(kind=kind).values_list("recipient", flat=True))


# The sender, the contacts and the signatories.
APPLICANTS = [
    "anne.applicant@example.org",
    "kontakt.kommune@example.org",
    "kontakt.partner@example.org",
    "kontakt.sykehus@example.org",
    "pia.signatory@example.org",
    "siri.signatory@example.org",
    "tor.signatory@example.org",
]
COMMUNITY = ["post.unn@example.org", "samhandlingsleder.troms-ofoten@example.org"]


# --- sending -----------------------------------------------------------------------------------------


def test_submission_is_frozen_with_receipt_hash_and_signatures(application, applicant, at):
    submission = submitting.submit(application, by=applicant, at=at)
    sent = fresh(application)
    assert (sent.status, sent.submitted_at, sent.receipt) == (Status.SUBMITTED, at, f"20250222-{application.code}")
    assert (submission.version, submission.submitted_by, submission.submitted_at) == (1, applicant, at)
    stored = Submission.objects.get()
    assert stored.sha256 == digest(stored.snapshot)
    assert stored.snapshot["sent"] == {
        "receipt": sent.receipt,
        "version": 1,
        "by": "Anne Applicant",
        "at": at.isoformat(),
    }
    assert [item["name"] for item in stored.snapshot["signatures"]] == [
        "Siri Signatory",
        "Pia Signatory",
        "Tor Signatory",
    ]
    assert {item["text_sha256"] for item in stored.snapshot["signatures"]} == {
        digest({key: value for key, value in stored.snapshot.items() if key not in ("header", "sent", "signatures")})
    }
    assert journal_services.verify() is None


@pytest.mark.requirement("R21")
def test_partners_get_a_receipt_and_the_community_a_copy_to_the_other_side(application, applicant, at):
    """R21."""
    submitting.submit(application, by=applicant, at=at)
    assert kinds("application_submitted") == APPLICANTS
    assert kinds("submission_received") == COMMUNITY
    assert Job.objects.filter(task="portal.documents.services.make_pdf").count() == 1


def test_pressing_twice_gives_the_same_receipt(application, applicant, co_applicant, at):
    opened, opened_by_other = fresh(application), fresh(application)
    first = submitting.submit(opened, by=applicant, at=at)
    second = submitting.submit(opened_by_other, by=co_applicant, at=at + SECOND)
    assert second == first
    assert (Submission.objects.count(), Message.objects.count(), fresh(application).submitted_at) == (1, 9, at)
    assert [entry.act for entry in journal.entries_of(application)].count("application.submit") == 1


# With the day it came, too: «kl. 09.00» of the next day was read as in time.
TOO_LATE = r"Fristen gikk ut 01\.03\.2025 kl\.\xa024\.00, og dette kom 02\.03\.2025 kl\.\xa000\.00\.0%s\."


@pytest.mark.requirement("R15")
@pytest.mark.parametrize(("early", "is_sent"), [(SECOND, True), (timedelta(0), False), (-SECOND, False)])
def test_deadline_is_half_open(application, applicant, northern, early, is_sent):
    """1 March at 24.00 in Oslo: the last second is in time, midnight is not."""
    at = northern.closes_at - early
    if is_sent:
        submitting.submit(application, by=applicant, at=at)
    else:
        with pytest.raises(LateError, match=TOO_LATE % ("0" if early == timedelta(0) else "1")):
            submitting.submit(application, by=applicant, at=at)
    assert fresh(application).status == (Status.SUBMITTED if is_sent else Status.DRAFT)
    assert Message.objects.exists() == is_sent


@pytest.mark.parametrize(("early", "is_sent"), [(SECOND, True), (timedelta(0), False)])
@pytest.mark.parametrize("day", [(2025, 3, 30), (2025, 10, 26)])
def test_deadline_at_midnight_of_a_day_with_a_clock_change(application, applicant, day, early, is_sent):
    midnight = datetime(*day, tzinfo=ZoneInfo("Europe/Oslo")) + timedelta(days=1)
    Application.objects.update(extended_until=midnight)
    try:
        submitting.submit(fresh(application), by=applicant, at=midnight - early)
    except LateError:
        assert not is_sent
    assert fresh(application).status == (Status.SUBMITTED if is_sent else Status.DRAFT)


def test_incomplete_application_stays_a_draft_with_all_it_has(unsigned, applicant, at):
    world.set_answer(unsigned, "project-plan", "")
    with pytest.raises(IncompleteError) as refusal:
        submitting.submit(unsigned, by=applicant, at=at)
    assert str(refusal.value) == "Søknaden er ikke sendt. Ett svar og tre signaturer mangler."
    assert refusal.value.report.problems[0].sentence == "Fyll ut «Prosjektplan, inkludert evalueringspunkter»."
    assert (fresh(unsigned).status, fresh(unsigned).receipt, Submission.objects.count()) == (Status.DRAFT, "", 0)
    assert journal.entries_of(unsigned).count() == 0


def test_withdrawal_while_somebody_sends_leaves_one_winner(application, applicant, co_applicant, at):
    opened = fresh(application)
    submitting.withdraw(fresh(application), by=co_applicant, at=at)
    with pytest.raises(TransitionError) as refusal:
        submitting.submit(opened, by=applicant, at=at)
    assert str(refusal.value) == "«Send søknaden» går ikke nå. Søknaden har status «Trukket»."
    assert Submission.objects.count() == 0


# --- correcting ------------------------------------------------------------------------------------------


@worlds.world
def sent(application, applicant, at):
    submitting.submit(application, by=applicant, at=at)
    Message.objects.all().delete()
    return fresh(application)


@worlds.world
def request_(sent, secretary, at):
    return correcting.request_correction(
        sent, ["plan"], "Prosjektplanen mangler evalueringspunkter.", at + timedelta(days=14), by=secretary, at=at
    )


def test_correction_request_reopens_named_sections_and_tells_the_partners(sent, request_, at):
    assert (fresh(sent).status, fresh(sent).submitted_at) == (Status.CORRECTION, at)
    assert (request_.sections, request_.due_at, request_.answered_at) == (["plan"], at + timedelta(days=14), None)
    assert kinds("correction_requested") == APPLICANTS
    text = Message.objects.first().body_text
    assert "Prosjektplanen mangler evalueringspunkter." in text
    assert "– Plan og involvering" in text


@pytest.mark.parametrize(
    ("sections", "reason", "days"),
    [([], "Fordi", 1), (["no-such"], "Fordi", 1), (["plan"], " ", 1), (["plan"], "Fordi", 0)],
)
def test_correction_request_needs_sections_reason_and_date(sent, secretary, at, sections, reason, days):
    with pytest.raises(CorrectionError):
        correcting.request_correction(sent, sections, reason, at + timedelta(days=days), by=secretary, at=at)
    assert fresh(sent).status == Status.SUBMITTED


def corrected(house, sent, later):
    world.set_answer(sent, "project-plan", "Evaluering etter tre og seks måneder.")
    world.sign_all(house, sent, later)
    return fresh(sent)


def test_answer_to_a_correction_is_a_new_version_with_the_first_receipt(house, sent, request_, applicant, at):
    later = at + timedelta(days=10)
    submission = submitting.resubmit(corrected(house, sent, later), by=applicant, at=later)
    assert (submission.version, submission.snapshot["sent"]["receipt"]) == (2, sent.receipt)
    after = fresh(sent)
    assert (after.status, after.submitted_at, after.receipt) == (Status.SUBMITTED, at, sent.receipt)
    request_.refresh_from_db()
    assert request_.answered_at == later
    assert kinds("correction_answered") == COMMUNITY
    assert kinds("application_submitted") == APPLICANTS
    assert submitting.resubmit(sent, by=applicant, at=later) == submission


@pytest.mark.parametrize(("early", "is_sent"), [(SECOND, True), (timedelta(0), False)])
def test_correction_is_due_half_open_also_after_the_rounds_deadline(house, sent, request_, applicant, early, is_sent):
    later = request_.due_at - early
    ready = corrected(house, sent, later - SECOND)
    try:
        submitting.resubmit(ready, by=applicant, at=later)
    except LateError:
        assert not is_sent
    assert fresh(sent).status == (Status.SUBMITTED if is_sent else Status.CORRECTION)


def test_unsigned_correction_is_not_sent(sent, request_, applicant, at):
    world.set_answer(sent, "project-plan", "Evaluering etter tre og seks måneder.")
    with pytest.raises(IncompleteError):
        submitting.resubmit(fresh(sent), by=applicant, at=at)
    assert Submission.objects.count() == 1


def test_sent_application_is_not_sent_as_a_correction(sent, secretary, applicant, at):
    advance(sent, "admit", by=secretary, at=at)
    with pytest.raises(TransitionError):
        submitting.resubmit(sent, by=applicant, at=at)


# --- taking back and extending ---------------------------------------------------------------------------


def test_draft_is_taken_back_without_telling_the_community(application, applicant, at):
    submitting.withdraw(application, by=applicant, at=at)
    assert (fresh(application).status, kinds("application_withdrawn")) == (Status.WITHDRAWN, APPLICANTS)


def test_sent_application_is_taken_back_and_the_community_told(sent, request_, applicant, at):
    submitting.withdraw(fresh(sent), by=applicant, at=at)
    assert kinds("application_withdrawn") == sorted([*APPLICANTS, *COMMUNITY])
    assert CorrectionRequest.objects.filter(answered_at=None).count() == 0
    assert Submission.objects.count() == 1


def test_extension_lets_a_late_draft_in(application, applicant, secretary, northern):
    late = northern.closes_at + timedelta(hours=1)
    until = late + timedelta(days=1)
    extension = correcting.extend(application, until, "Portalen var nede.", by=secretary, at=late)
    assert (application.closes_at, extension.reason) == (until, "Portalen var nede.")
    assert kinds("deadline_extended") == APPLICANTS
    assert "Portalen var nede." not in str(journal.entries_of(application).last().data)
    submitting.submit(fresh(application), by=applicant, at=late)
    assert fresh(application).submitted_at == late


def test_extension_of_a_correction_moves_its_date(sent, request_, secretary, at):
    correcting.extend(fresh(sent), request_.due_at + timedelta(days=3), "Ferie.", by=secretary, at=at)
    due_at = request_.due_at
    request_.refresh_from_db()
    assert request_.due_at == due_at + timedelta(days=3)


@pytest.mark.parametrize(("days", "reason"), [(0, "Fordi"), (-1, "Fordi"), (1, " ")])
def test_extension_needs_a_later_date_and_a_reason(application, secretary, northern, at, days, reason):
    with pytest.raises(ExtensionError):
        correcting.extend(application, northern.closes_at + timedelta(days=days), reason, by=secretary, at=at)
    assert Extension.objects.count() == 0


def test_sent_application_has_no_deadline_to_extend(sent, secretary, northern, at):
    with pytest.raises(TransitionError):
        correcting.extend(sent, northern.closes_at + timedelta(days=1), "Fordi", by=secretary, at=at)


# --- mail, whole -----------------------------------------------------------------------------------------

RECEIVED = """\
Helsefellesskapet Troms og Ofoten har fått en ny søknad i runden «{round}».

Navn på prosjekt/pilot: Hvor er samhandlingsrommet?
Søknadsbeløp: 450\u00a0000\u00a0kr
Kvitteringsnummer: 20250222-{code}
Sendt: 22.02.2025 kl.\u00a019.00

Søkerne har fått kvittering.

Åpne søknaden:
{site}/applications/{code}/sent/
"""


def test_mail_to_the_community_as_a_whole(application, applicant, at, settings):
    submitting.submit(application, by=applicant, at=at)
    message = Message.objects.filter(kind="submission_received").first()
    round_ = Round.objects.get()
    assert message.title == "«Hvor er samhandlingsrommet?»: ny søknad"
    assert message.body_text.split("\n-- \n")[0] == RECEIVED.format(
        round=round_.title, code=application.code, site=settings.SITE_URL
    )
