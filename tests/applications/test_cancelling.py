"""A round that somebody has begun to apply in is cancelled by the one who announced it, with a reason that all read."""

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from applications import reminders, waiting
from applications.models import Application
from applications.permissions import can_bring_back, can_edit, can_extend
from applications.services import cancelling, drafts, submitting
from applications.services.cancelling import CancelError, CancelledError, Ended
from applications.services.drafts import StartError
from applications.services.status import TransitionError
from applications.workflow import UNDECIDED, Status
from evaluation.decisions.services import deciding
from evaluation.meetings.services import resolving
from portal.clock import local_date
from portal.journal import services as journal
from portal.journal.models import LogEntry
from portal.journal.sentences import sentence
from portal.mail.models import Message
from rounds import queries as rounds
from rounds.models import Round
from rounds.services import RoundLockedError, load_round
from rounds.workflow import Phase
from tests.applications import world
from tests.habilitet import decide_about
from tests.harness import worlds
from tests.harness.interleaving import interleave
from tests.meetings import world as meetings

pytestmark = [pytest.mark.django_db, pytest.mark.fault("D3")]
WHY = "Bevilgningen falt bort."


@worlds.world
def nord(house):
    return world.real_round("helse-nord-2025")


@pytest.fixture
def at(nord, frozen_clock):
    moment = world.open_moment(nord)
    frozen_clock.move_to(moment)
    Round.objects.filter(pk=nord.pk).update(locked_at=moment)
    nord.locked_at = moment
    return moment


@pytest.fixture
def begun(house, nord, at):
    """A whole draft, and a sent application."""
    written = world.whole(house, nord, at=at, title="Utkastet")
    sent = world.whole(house, nord, at=at, title="Den sendte")
    submitting.submit(sent, by=house.applicant, at=at)
    Message.objects.all().delete()
    return written, sent


def raced(test):
    """The test runs on PostgreSQL with each ``moment`` at which another act may come in."""
    moments = ["holding its first row", "having changed one", "holding the log"]
    test = pytest.mark.parametrize("moment", moments)(test)
    test = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")(test)
    return pytest.mark.slow(pytest.mark.django_db(transaction=True)(test))


def url(round_):
    return reverse("applications:cancel_round", args=[round_.code])


def cancel(house, nord, at):
    return cancelling.cancel_round(nord, reason=WHY, by=house.regional_secretary, at=at)


def fresh(application):
    return Application.objects.get(pk=application.pk)


def test_drafts_are_kept_and_sent_applications_end(house, nord, at, begun):
    written, sent = begun
    assert cancel(house, nord, at) == Ended(drafts=1, sent=1)
    assert [fresh(one).status for one in begun] == [Status.DRAFT, Status.WITHDRAWN]
    entry = fresh(sent).stage_entry
    assert (entry.state, entry.left_at) == ("closed", at)
    told = LogEntry.objects.get(act="round.cancelled")
    assert sentence(told) == f"Utlysningen ble trukket («{WHY}»). 1 var utkast, 1 var sendt."
    assert LogEntry.objects.get(act="application.cancel").subject_id == str(sent.pk)
    assert fresh(written).closes_at == at


def test_all_who_stand_behind_them_and_the_helsefellesskap_are_told_why(house, nord, at, begun):
    cancel(house, nord, at)
    mails = Message.objects.filter(kind="round_cancelled")
    texts = {
        title: {mail.recipient for mail in mails if f"«{title}»" in mail.body_text}
        for title in ("Utkastet", "Den sendte")
    }
    assert {"kontakt.kommune@example.org", "kontakt.sykehus@example.org"} <= texts["Utkastet"] & texts["Den sendte"]
    assert all(WHY in mail.body_text for mail in mails)
    assert [("kan ikke sendes" in mail.body_text, "blir ikke behandlet" in mail.body_text) for mail in mails] == [
        ("«Utkastet»" in mail.body_text, "«Den sendte»" in mail.body_text) for mail in mails
    ]
    addresses = {address for one in nord.communities.all() for address in nord.receiver_for(one).addresses}
    received = Message.objects.filter(kind="round_cancelled_received")
    assert set(received.values_list("recipient", flat=True)) == addresses


def test_the_draft_is_read_and_nothing_more_is_written_or_sent(house, nord, at, begun, sign_in):
    written, _sent = begun
    cancel(house, nord, at)
    said = "Utlysningen er trukket. Dere kan lese søknaden, men ikke endre eller sende den."
    verdict = can_edit(house.applicant, fresh(written), now=at - timedelta(minutes=1))
    assert (bool(verdict), verdict.reason) == (False, said)
    page = sign_in(house.applicant).get(written.get_absolute_url())
    text = page.content.decode()
    assert (page.status_code, said in text, WHY in text) == (200, True, True)
    # Also what came in before it was cancelled, and is taken now.
    with pytest.raises(TransitionError, match="alt dere har skrevet, er lagret"):
        submitting.submit(written, by=house.applicant, at=at - timedelta(seconds=1))
    assert not can_extend(house.secretary, fresh(written), now=at)
    assert fresh(written).status == Status.DRAFT


def test_a_correction_is_not_sent_any_more(house, nord, at, begun):
    Application.objects.filter(pk=begun[1].pk).update(status="correction")
    cancel(house, nord, at)
    with pytest.raises(TransitionError, match="Utlysningen er trukket"):
        submitting.resubmit(begun[1], by=house.applicant, at=at)
    assert fresh(begun[1]).status == Status.WITHDRAWN


def test_nobody_begins_and_nobody_is_reminded(house, nord, at, begun):
    Application.objects.filter(pk=begun[0].pk).update(extended_until=at + timedelta(days=3))
    day = local_date(at)
    assert [row.subject.pk for row in reminders.drafts(day)] == [begun[0].pk]
    cancel(house, nord, at)
    with pytest.raises(StartError, match="tar ikke imot søknader"):
        drafts.start(Round.objects.get(), house.community, "Ny", house.lead, by=house.applicant, at=at)
    days = [day + timedelta(days=offset) for offset in range(40)]
    assert [row for one in days for row in (*reminders.drafts(one), *reminders.signatures(one))] == []
    assert (waiting.open_drafts(house.applicant, at), waiting.signatures(house.signatory, at)) == ([], [])


def test_the_public_page_says_when_and_why(house, nord, at, begun, client, sign_in):
    owner = sign_in(house.regional_secretary)
    assert url(nord) in owner.get(nord.get_absolute_url()).content.decode()
    cancel(house, nord, at)
    page = client.get(nord.get_absolute_url()).content.decode()
    assert ("Utlysningen ble trukket" in page, WHY in page) == (True, True)
    assert reverse("applications:start", args=[nord.code]) not in page
    assert url(nord) not in sign_in(house.regional_secretary).get(nord.get_absolute_url()).content.decode()
    current, past = rounds.rounds_by_state(house.nobody, at)
    assert (current, [(item.round, item.state.label) for item in past]) == ([], [(nord, "Trukket")])
    assert Round.objects.get().phase_at(at - timedelta(seconds=1)) == Phase.OPEN
    assert b"STATUS:CANCELLED" in client.get(reverse("rounds:calendar", args=[nord.code])).content


def test_the_applicants_page_of_what_was_sent_says_it(house, nord, at, begun, sign_in):
    cancel(house, nord, at)
    page = sign_in(house.applicant).get(reverse("applications:sent", args=[begun[1].code])).content.decode()
    assert (WHY in page, "Trukket" in page) == (True, True)


def test_the_page_says_what_happens_and_asks_why(house, nord, at, begun, sign_in):
    client = sign_in(house.regional_secretary)
    page = client.get(url(nord)).content.decode()
    assert ("1 utkast kan leses" in page, "1 sendt søknad får status «Trukket»" in page) == (True, True)
    assert client.post(url(nord), {"reason": " "}).status_code == 422
    assert Round.objects.get().cancelled_at is None
    assert client.post(url(nord), {"reason": WHY}).url == nord.get_absolute_url()
    assert (Round.objects.get().cancelled_at, Round.objects.get().cancelled_because) == (at, WHY)
    assert client.get(url(nord)).status_code == 403


@pytest.mark.parametrize("role", ["secretary", "far_secretary", "applicant", "chair", "nobody"])
def test_only_the_owners_secretariat_cancels(role, house, nord, at, begun, sign_in):
    client = sign_in(getattr(house, role))
    assert (client.get(url(nord)).status_code, client.post(url(nord), {"reason": WHY}).status_code) == (403, 403)
    assert Round.objects.get().cancelled_at is None


def test_who_gains_by_the_money_does_not_cancel(house, nord, at, begun, sign_in):
    words = {"is_recused": True, "ground": "party", "reason": "Bror.", "by": house.secretary, "at": at}
    decide_about(begun[1], house.regional_secretary, **words)
    page = sign_in(house.regional_secretary).post(url(nord), {"reason": WHY})
    assert (page.status_code, "En kollega må gjøre det." in page.content.decode()) == (403, True)
    assert Round.objects.get().cancelled_at is None


def test_a_round_in_which_something_is_decided_is_not_cancelled(house, nord, at, begun):
    words = {"outcome": "granted", "amount": 1, "reason": "God.", "body": house.ssu}
    Application.objects.filter(pk=begun[1].pk).update(status="prioritised")
    begun[1].stage_entries.update(stage=nord.stages.get(code=nord.spec.deciding_stage.code), state="prioritised")
    amount = fresh(begun[1]).requested_amount
    deciding.decide(fresh(begun[1]), **words | {"amount": amount}, by=house.secretary, at=at)
    with pytest.raises(CancelError, match="Det er gjort vedtak i runden"):
        cancel(house, nord, at)
    assert (Round.objects.get().cancelled_at, Message.objects.filter(kind="round_cancelled").count()) == (None, 0)


def test_it_is_done_once_with_a_reason_and_only_when_somebody_has_begun(house, nord, at, begun):
    with pytest.raises(CancelError, match="Skriv hvorfor"):
        cancelling.cancel_round(nord, reason=" ", by=house.regional_secretary, at=at)
    cancel(house, nord, at)
    with pytest.raises(CancelledError, match="allerede trukket"):
        cancel(house, nord, at)
    Round.objects.update(cancelled_at=None, locked_at=None)
    with pytest.raises(CancelError, match="Ta bort runden i stedet"):
        cancel(house, nord, at)
    assert LogEntry.objects.filter(act="round.cancelled").count() == 1


def test_the_file_of_a_cancelled_round_is_not_loaded_again(house, nord, at, begun):
    cancel(house, nord, at)
    data = nord.spec.to_data() | {"title": "Ny tittel"}
    with pytest.raises(RoundLockedError, match="er trukket og kan ikke endres"):
        load_round(type(nord.spec).model_validate(data), by=None, at=at)
    assert Round.objects.get().version == 1


@pytest.mark.parametrize("status", sorted(UNDECIDED))
def test_every_status_before_a_decision_ends(status, house, nord, at, begun):
    Application.objects.filter(pk=begun[1].pk).update(status=status)
    cancel(house, nord, at)
    assert (fresh(begun[1]).status, fresh(begun[1]).known_status) == (Status.WITHDRAWN, Status.WITHDRAWN)


def test_a_draft_that_was_thrown_away_is_not_brought_back(house, nord, at, begun, sign_in):
    written, _sent = begun
    submitting.withdraw(written, by=house.applicant, at=at)
    assert can_bring_back(house.applicant, fresh(written), now=at)
    cancel(house, nord, at)
    said = "Utlysningen er trukket, så utkastet kan ikke hentes tilbake."
    assert can_bring_back(house.applicant, fresh(written), now=at).reason == said
    assert sign_in(house.applicant).post(reverse("applications:bring_back", args=[written.code])).status_code == 403
    with pytest.raises(TransitionError, match=said):
        submitting.bring_back(written, by=house.applicant, at=at)
    assert fresh(written).status == Status.WITHDRAWN


def test_nobody_begins_by_a_page_that_was_read_before_the_round_was_cancelled(house, nord, at, begun):
    read_before = Round.objects.get()
    cancel(house, nord, at)
    with pytest.raises(StartError, match="Utlysningen er trukket"):
        drafts.start(read_before, house.community, "Ny", house.lead, by=house.applicant, at=at)
    assert Application.objects.count() == 2


@raced
@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize(
    ("begin", "title", "refusal"), [("start", "Ny", "StartError"), ("bring_back", "Utkastet", "TransitionError")]
)
def test_who_begins_in_the_same_moment_gets_the_mail_or_does_not_begin(
    house, nord, at, begun, moment, begin, title, refusal, is_first
):
    written, _sent = begun
    submitting.withdraw(written, by=house.applicant, at=at)
    read_before = Round.objects.get()
    acts = {
        "start": lambda: drafts.start(read_before, house.community, "Ny", house.lead, by=house.applicant, at=at),
        "bring_back": lambda: submitting.bring_back(fresh(written), by=house.applicant, at=at),
    }
    both = [lambda: acts[begin]() and None, lambda: cancel(house, nord, at) and None]
    ends = interleave(*(both if is_first else reversed(both)), moment)
    assert ends == (("done", "done") if is_first else ("done", refusal))
    told = Message.objects.filter(kind="round_cancelled", body_text__contains=f"«{title}»").exists()
    assert (Application.objects.filter(title=title, status=Status.DRAFT).exists(), told) == (is_first, is_first)


@raced
@pytest.mark.parametrize("first", ["cancel", "submit"])
def test_what_is_sent_in_the_same_moment_ends_or_is_not_sent(house, nord, at, begun, moment, first):
    acts = {
        "cancel": lambda: cancel(house, nord, at) and None,
        "submit": lambda: submitting.submit(fresh(begun[0]), by=house.applicant, at=at) and None,
    }
    other = "submit" if first == "cancel" else "cancel"
    ends = dict(zip((first, other), interleave(acts[first], acts[other], moment), strict=True))
    assert ends["cancel"] == "done"
    assert fresh(begun[0]).status == (Status.WITHDRAWN if ends["submit"] == "done" else Status.DRAFT)
    assert ends["submit"] in {"done", "TransitionError"}
    assert journal.verify() is None


@raced
@pytest.mark.parametrize("first", ["cancel", "adopt"])
def test_what_a_body_resolves_in_the_same_moment_stands_or_is_not_resolved(house, frozen_clock, moment, first):
    meeting, cases, at = meetings.list_meeting(house, 2)
    frozen_clock.move_to(at)
    meetings.opened(house, meeting, at, *meetings.everybody(house))
    of_round = cases[0].application.round
    Round.objects.filter(pk=of_round.pk).update(locked_at=of_round.opens_at)
    no = {"text": "1. SSU avslår søknaden.", "outcome": "rejected", "reason": "Uklare mål."}
    acts = {
        "cancel": lambda: cancelling.cancel_round(of_round, reason=WHY, by=house.secretary, at=at) and None,
        "adopt": lambda: resolving.adopt_agreed(cases[0], **no, by=house.chair, at=at) and None,
    }
    other = "adopt" if first == "cancel" else "cancel"
    ends = dict(zip((first, other), interleave(acts[first], acts[other], moment), strict=True))
    is_cancelled = first == "cancel" and moment != "holding its first row"
    lost = {"cancel": "done", "adopt": "MeetingError"} if is_cancelled else {"cancel": "CancelError", "adopt": "done"}
    assert ends == lost
    assert fresh(cases[0].application).status == (Status.WITHDRAWN if is_cancelled else Status.PRIORITISED)
    assert journal.verify() is None
