"""Writing, approving, making and sending letters, one by one or all of a round."""

import io
import zipfile
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from applications.models import Application, PartnerRole
from applications.queries.receivers import receivers_of
from applications.queries.signatories import signatories_in
from applications.services.status import announce
from applications.workflow import Status
from evaluation.assessment.queries.closed import is_out_under_frame
from evaluation.decisions import letter_content
from evaluation.decisions.documents import LETTER
from evaluation.decisions.models import Decision, Letter, LetterBatch, LetterLook, LetterStatus
from evaluation.decisions.permissions import can_handle, why_colleague
from evaluation.decisions.queries import for_colleague, render_key
from evaluation.decisions.queries.ordered import SEND, sending_key
from evaluation.meetings.queries.proposed import is_passed_with_words
from portal.acts import BusyError, act, held, upsert
from portal.clock import local_date
from portal.communities.models import User
from portal.communities.queries import standing_at
from portal.communities.queries.succession import own_addresses
from portal.documents import services as documents
from portal.documents.models import Document
from portal.errors import ConflictError, DomainError
from portal.files.services import keep_once
from portal.formats import kroner
from portal.jobs.services import HopelessError, enqueue, enqueue_again
from portal.journal import services as journal
from portal.mail import services as mail
from portal.snapshots import digest
from rounds.models import Round
from rounds.questions import frame_state

CHANGED = gettext_noop("Noen andre har behandlet dette i mellomtiden. Last siden på nytt.")
WRITTEN_AGAIN = gettext_noop("Brevet er skrevet på nytt etter at du leste det. Les det slik det er nå.")
LetterError = letter_content.LetterError


class LetterStateError(ConflictError):
    """The letter no longer has the status that the act needs."""


class SenderError(LetterError):
    """The one who had the letter sent by a job may no longer send it."""


class ColleagueNeededError(LetterError):
    """The one who approves has written the letter, or is no second person beside the writer, and two are asked for."""


class LetterOutdatedError(LetterError):
    """What the letter tells has changed since it was approved, so that it cannot be dated on another day."""


class LetterUnseenError(LetterError):
    """The one who approves or sends has not looked at the letter as it is now."""


@act
def prepare(decision: Decision, *, by: User, at: datetime) -> Letter:
    """Write the draft letter of a decision, or write it again while it is not approved.

    Raises LetterError when the round lacks a text, LetterStateError when the letter is approved, or is not to be sent.
    """
    _require_wanted(decision)
    letter = held(Letter.objects.filter(decision=decision)).first()
    if letter and letter.status != LetterStatus.DRAFT:
        raise LetterStateError(_("Brevet er godkjent og kan ikke skrives på nytt."))
    number = letter.number if letter else _next_number(decision)
    language = decision.application.language
    if letter and letter.language == language and _says_the_same(letter):
        # Nothing has changed but the day, which is that of the sending: who has looked at it need not look again.
        document = letter.document
    else:
        content = letter_content.build(decision, number=number, language=language, on=local_date(at))
        version = letter.document.version + 1 if letter else 1
        document = documents.freeze(
            LETTER, number, content, version=version, language=language, tenant=decision.application.tenant,
            by=by, at=at, with_pdf=False,
        )  # fmt: skip
    fields = {"number": number, "kind": decision.outcome, "language": language, "document": document}
    fields["created_at"] = letter.created_at if letter and document == letter.document else at
    letter, _is_new = upsert(Letter.objects.all(), {"decision": decision}, fields)
    _record("letter.prepared", letter, by=by, at=at, sha256=letter.sha256)
    return letter


def _says_the_same(letter: Letter) -> bool:
    """Whether the letter, written again, would say what it says, dated as it is."""
    return digest(_content(letter, letter.dated)) == letter.sha256


def _content(letter: Letter, on: date) -> dict[str, Any]:
    return letter_content.build(letter.decision, number=letter.number, language=letter.language, on=on)


def _next_number(decision: Decision) -> str:
    earlier = Letter.objects.filter(decision__application=decision.application).count()
    return f"{decision.application.code}-{earlier + 1}"


@act
def look(*shown: Letter, by: User, at: datetime) -> None:
    """The person has been shown these letters as they are now; the first time is kept. One query when none is new."""
    looks = LetterLook.objects.filter(document__in=[letter.document_id for letter in shown], person=by)
    seen = set(looks.values_list("document", flat=True))
    unseen = [letter for letter in shown if letter.document_id not in seen]
    new = [LetterLook(document=letter.document, person=by, looked_at=at) for letter in unseen]
    # Two windows that are opened at once keep one look.
    LetterLook.objects.bulk_create(new, ignore_conflicts=True)
    for letter in unseen:
        _record("letter.looked_at", letter, by=by, at=at, sha256=letter.sha256)


@act
def approve(letter: Letter, *, shown: str | None = None, by: User, at: datetime) -> None:
    """Approve the draft as the person has seen it; its PDF is made by a job.

    ``shown`` is the SHA-256 of the letter on the page that the person pressed the button of.

    Raises LetterUnseenError until the person has looked at it as it is now, ColleagueNeededError when the person has
    written it and two are asked for, LetterStateError when it is approved, has been written again, or is not to be
    sent.
    """
    _require_wanted(letter.decision)
    if letter.pk in for_colleague([letter], letter.decision.application.round, by.pk, local_date(at)):
        raise ColleagueNeededError(why_colleague(letter, by))
    if shown and shown != letter.sha256:
        raise LetterUnseenError(_(WRITTEN_AGAIN))
    if shown == "" or not LetterLook.objects.filter(document=letter.document, person=by).exists():
        raise LetterUnseenError(_("Se gjennom brevet slik det er nå, før du godkjenner det."))
    _require_within_frame(letter.decision, by=by, at=at)
    _move(letter, LetterStatus.DRAFT, LetterStatus.APPROVED, approved_by=by, approved_at=at)
    documents.order_pdf(letter.document, at=at)
    _record("letter.approved", letter, by=by, at=at, sha256=letter.sha256)


@act
def take_back(letter: Letter, *, reason: str, by: User, at: datetime) -> None:
    """Make the approved letter a draft again, with a reason; the log keeps who had approved it, and when.

    Raises LetterError without a reason, LetterStateError when it is not approved or has been sent.
    """
    if not reason.strip():
        raise LetterError(_("Skriv hvorfor godkjenningen tas tilbake."))
    held(Application.objects.filter(pk=letter.decision.application_id)).get()
    approved_by, approved_at = letter.approved_by, letter.approved_at
    _move(letter, LetterStatus.APPROVED, LetterStatus.DRAFT, approved_by=None, approved_at=None)
    was = {
        "approved_by": approved_by.name if approved_by else "",
        "approved_at": approved_at.isoformat() if approved_at else "",
    }
    _record("letter.taken_back", letter, by=by, at=at, reason=reason.strip(), sha256=letter.sha256, **was)


@act
def send(letter: Letter, *, shown: str | None = None, by: User, at: datetime) -> None:
    """Queue the letter to the partners' contacts, their organisations and the owner of the application.

    Each address gets a mail of its own. The letter bears the day it is sent, and its deadlines are counted from it. The
    PDF is made first if no job has made it. ``shown`` is as in ``approve``.

    Raises LetterUnseenError when the page showed another letter, LetterStateError unless it is approved, unsent and
    still to be sent, LetterError when nobody can receive it, LetterOutdatedError when it would say something else than
    what was approved, but for its dates.
    """
    _require_wanted(letter.decision)
    _require_shown(letter, shown)
    _require_within_frame(letter.decision, by=by, at=at)
    _require_as_approved(letter, at)
    _move(letter, LetterStatus.APPROVED, LetterStatus.SENT, sent_at=at, document=_dated(letter, at))
    documents.make_pdf(document_id=letter.document_id, at=at)
    letter.refresh_from_db()
    application = letter.decision.application
    addresses = letter_receivers(application, local_date(at))
    words = {"letter": letter.snapshot, "application": application, "accept_by": None}
    if letter.snapshot["acceptance_date"]:
        words |= {"accept_by": letter.accept_by, **_acceptors(application, local_date(at))}
    for address in addresses:
        mail.queue(
            "decision_letter",
            recipient=address,
            about=letter,
            context=words,
            at=at,
            key=f"letter:{letter.pk}:{address}",
            language=letter.language,
            attachments=[letter.pdf] if letter.pdf else [],
        )
    _record("letter.sent", letter, by=by, at=at, recipients=len(addresses), sha256=letter.sha256)
    announce(application, by=by, at=at)


def _acceptors(application: Application, day: date) -> dict[str, Any]:
    """The lead, and the names of those who may answer for it; two queries."""
    leads = list(application.partners.filter(role=PartnerRole.LEAD).select_related("organisation"))
    names = dict.fromkeys(one.user.name for one in signatories_in(application, leads, day))
    return {"lead": ", ".join(one.name for one in leads), "acceptors": list(names)}


def _require_shown(letter: Letter, shown: str | None) -> None:
    """Raise LetterUnseenError when the approved letter is not the one on the page."""
    if shown is None or letter.status != LetterStatus.APPROVED or shown == letter.sha256:
        return
    raise LetterUnseenError(_(WRITTEN_AGAIN) if shown else _("Se gjennom brevet slik det er nå, før du sender det."))


def _require_as_approved(letter: Letter, at: datetime) -> None:
    """Raise LetterOutdatedError when the letter is from another day, and dated today would say something else."""
    if letter.dated != local_date(at) and not _says_the_same(letter):
        raise LetterOutdatedError(
            _(
                "Noe brevet forteller om, er endret siden det ble godkjent. "
                "Ta godkjenningen tilbake, skriv brevet på nytt og se gjennom det."
            )
        )


def _dated(letter: Letter, at: datetime) -> Document:
    """The letter's document with today's date: a new version of it when the one that was approved is from before."""
    today, approved = local_date(at), letter.document
    if letter.dated == today:
        return approved
    return documents.freeze(
        LETTER, letter.number, _content(letter, today), version=approved.version + 1, language=letter.language,
        tenant=letter.decision.application.tenant, by=approved.frozen_by, at=at, with_pdf=False,
    )  # fmt: skip


@act
def order_sending(letter: Letter, *, shown: str | None = None, by: User, at: datetime) -> None:
    """Have the approved letter sent by a job: a PDF takes a second to make, and nobody waits for twenty.

    ``shown`` is as in ``approve``.

    Raises what ``send`` raises, so that whoever asks is told at once. The job asks again.
    """
    _require_wanted(letter.decision)
    _require_shown(letter, shown)
    _require_within_frame(letter.decision, by=by, at=at)
    letter_receivers(letter.decision.application, local_date(at))
    _require_approved(letter, sending_key(letter))
    _require_as_approved(letter, at)
    enqueue_again(
        SEND,
        key=sending_key(letter),
        due=at,
        letter_id=letter.pk,
        ordered=sending_key(letter),
        by_id=by.pk,
    )
    _record("letter.ordered", letter, by=by, at=at, sha256=letter.sha256)


def send_ordered(*, letter_id: int, ordered: str, by_id: int, at: datetime) -> None:
    """Send a letter as it was approved when its sending was ordered, with its PDF made first. Job.

    One that is refused stays as it is: when the person may no longer send it, or it has been approved anew since.
    """
    letter = Letter.objects.get(pk=letter_id)
    if letter.status == LetterStatus.SENT:
        return
    by = User.objects.get(pk=by_id)
    try:
        _require_approved(letter, ordered)
        may = can_handle(by, letter.decision, now=at)
        if not (may and by.is_active):
            raise SenderError(may.reason)
        if letter.dated == local_date(at):
            # Before ``send`` holds any row. One from another day gets its PDF there, once it has its date.
            documents.make_pdf(document_id=letter.document_id, at=at)
        send(letter, by=by, at=at)
    except BusyError:
        # Others held the rows: the job is run again.
        raise
    except DomainError as refused:
        raise HopelessError from refused


def _require_approved(letter: Letter, ordered: str) -> None:
    """Raise LetterStateError unless the letter stands approved as it was when this key was made of it."""
    now = Letter.objects.filter(pk=letter.pk, status=LetterStatus.APPROVED).first()
    if now is None or sending_key(now) != ordered:
        raise LetterStateError(_(CHANGED))


def letter_receivers(application: Application, day: date) -> list[str]:
    """The addresses that a letter about the application goes to, each once.

    Those who got the receipt: the contacts of all partners, who wrote it, and who has signed, of whom one accepts; and
    the partners' own post addresses (of those who go on with one that has ended by the day), and that of the
    helsefellesskap whose body owns the application. Raises LetterError when nothing of this is the lead's.
    """
    receivers = receivers_of(application, day)
    if any(partner.is_lead for partner in receivers.unreached):
        raise LetterError(
            _("Ansvarlig søker har verken kontaktperson som kan nås, eller postmottak, så brevet har ingen å gå til.")
        )
    addresses = dict.fromkeys(receivers.addresses)
    for partner in application.partners.select_related("organisation"):
        by_post = own_addresses(partner.organisation, day) if partner.organisation else []
        addresses |= dict.fromkeys(address.lower() for address in by_post)
    if application.owner_body:
        addresses[application.owner_body.tenant.post_address.lower()] = None
    return sorted(filter(None, addresses))


def _require_wanted(decision: Decision) -> None:
    """Raise LetterStateError when the decision is no longer the one in force, or the application is withdrawn.

    Locks the application's row, as a new decision does, so that no letter of a replaced decision is sent.
    """
    application = held(Application.objects.filter(pk=decision.application_id)).get()
    if application.status == Status.WITHDRAWN:
        raise LetterStateError(_("Saken er trukket. Brevet skal ikke sendes."))
    if not Decision.objects.in_force().filter(pk=decision.pk).exists():
        raise LetterStateError(_("Vedtaket er erstattet av et nyere. Brevet skal ikke sendes."))


def _require_within_frame(decision: Decision, *, by: User, at: datetime) -> None:
    """Raise LetterError for an award when more is granted than the frame, and no body has said why.

    One to whom a case under the frame is closed is not asked (``meetings.services.framing``): the answer tells of it.
    """
    of_round = decision.application.round
    if not decision.is_award or is_out_under_frame(of_round, standing_at(by, at)):
        return
    frame = frame_state(of_round)
    if frame.over and not is_passed_with_words(of_round):
        raise LetterError(
            _(
                "Brevet kan ikke sendes: det er vedtatt %(over)s mer enn rammen. "
                "Utvalget må si at det går over, eller rammen må økes."
            )
            % {"over": kroner(frame.over)}
        )


def _move(letter: Letter, source: LetterStatus, target: LetterStatus, **fields: object) -> None:
    same = Letter.objects.filter(pk=letter.pk, status=source, document=letter.document)
    if not same.update(status=target, **fields):
        raise LetterStateError(_(CHANGED))
    letter.refresh_from_db()


def _record(entry: str, letter: Letter, *, by: User, at: datetime, **data: object) -> None:
    application = letter.decision.application
    journal.record(entry, subject=application, by=by, at=at, community=application.tenant, letter=letter.number, **data)


# --- all letters of a round -------------------------------------------------------------------


@act
def start_batch(round_: Round, letters: Iterable[Letter], *, by: User, at: datetime) -> LetterBatch:
    """Make these letters' PDFs and one ZIP of them, by jobs: a letter that fails stops no other."""
    chosen = list(letters)
    if not chosen:
        raise LetterError(_("Det er ingen godkjente brev å pakke."))
    batch = LetterBatch.objects.create(round=round_, started_by=by, started_at=at)
    batch.letters.set(chosen)
    for letter in chosen:
        enqueue(
            "evaluation.decisions.services.letters.make_batch_pdf",
            key=render_key(batch.pk, letter.pk),
            due=at,
            batch_id=batch.pk,
            letter_id=letter.pk,
        )
    journal.record("letters.batched", subject=round_, by=by, at=at, letters=len(chosen))
    return batch


def make_batch_pdf(*, batch_id: int, letter_id: int, at: datetime) -> None:
    """One letter of a batch; the last one to be made queues the ZIP."""
    batch = LetterBatch.objects.get(pk=batch_id)
    documents.make_pdf(document_id=batch.letters.get(pk=letter_id).document_id, at=at)
    if not batch.letters.filter(document__pdf=None).exclude(status=LetterStatus.DRAFT).exists():
        enqueue(
            "evaluation.decisions.services.letters.make_zip", key=f"letters:{batch_id}:zip", due=at, batch_id=batch_id
        )


def make_zip(*, batch_id: int, at: datetime) -> None:
    """Pack the batch's letters, unless they are packed; without one that has been taken back since."""
    batch = LetterBatch.objects.get(pk=batch_id)
    if batch.finished_at:
        return
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for letter in batch.letters.select_related("document__pdf").order_by("number"):
            if letter.pdf and letter.status != LetterStatus.DRAFT:
                info = zipfile.ZipInfo(letter.pdf.name, date_time=(*local_date(at).timetuple()[:3], 0, 0, 0))
                archive.writestr(info, letter.pdf.read())
    name = f"Brev {batch.round.code}.zip"
    keep_once(batch, "zip_file", packed.getvalue(), name=name, content_type="application/zip", at=at, finished_at=at)
