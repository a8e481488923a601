"""Queueing a mail in the transaction of its act, sending it once, and sending again what did not arrive."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256
from typing import Any, NoReturn
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import models
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from portal.acts import act, held
from portal.errors import ConflictError
from portal.files.models import StoredFile
from portal.jobs.services import HopelessError, LaterError, enqueue, rest, rests_until
from portal.journal import services as journal
from portal.mail.layout import pieces
from portal.mail.models import KEY_LENGTH, Message
from portal.mail.questions import address_today
from portal.mail.retrying import answer_of, is_refusal, is_silence, pause_after

# Longer than the timeout of the mail server, shorter than the lease of a job.
LEASE = timedelta(minutes=4)
# So long no mail is tried after the mail server has said nothing.
REST = timedelta(minutes=1)
RESTING = "mail.rest"
# Stands before each address that a template writes, until the mail is made. No text that somebody typed can hold it
# (``portal.invisible``), so an address in such a text is no link of the portal's.
OWN = "\u2063"
# Tells an old address of the new one.
TO_THE_OLD_ADDRESS = frozenset({"address_changed", "person_address_changed"})


def queue(
    kind: str,
    *,
    recipient: str,
    about: models.Model,
    context: dict[str, Any],
    at: datetime,
    key: str,
    language: str = "nb",
    attachments: Iterable[StoredFile] = (),
) -> Message:
    """Render ``emails/<kind>/`` now and queue it in the caller's transaction; a key that exists gives its mail.

    A mail goes to one address: who else gets it is a mail of its own, so that each is known to have arrived or not.
    Files that are together larger than ``MAIL_FILES_MOST`` stay in the portal, since a mail server would refuse the
    mail; the template has ``is_attached``. The templates are ``subject.txt`` and ``body.txt``: the HTML is made of it.
    """
    key = _that_fits(key)
    existing = Message.objects.filter(key=key).first()
    if existing:
        return existing
    files = list(attachments)
    if sum(file.size for file in files) > settings.MAIL_FILES_MOST:
        files = []
    context = {**context, "is_attached": bool(files)}
    with translation.override(language):
        message, is_new = Message.objects.get_or_create(
            key=key,
            defaults={
                "kind": kind,
                "subject_type": about._meta.label_lower,
                "subject_id": str(about.pk),
                "recipient": recipient,
                "language": language,
                "queued_at": at,
                **_rendered(kind, context),
            },
        )
    # When two queue the same key at once, the second gets the message of the first.
    if is_new:
        message.attachments.set(files)
        _enqueue(message, at)
    return message


def _that_fits(key: str) -> str:
    """The key as it is stored: of one longer than the column, as with a long address, the end becomes a digest."""
    if len(key) <= KEY_LENGTH:
        return key
    digest = sha256(key.encode()).hexdigest()
    return f"{key[: KEY_LENGTH - len(digest)]}{digest}"


def queue_together(
    kind: str,
    *,
    recipient: str,
    about: models.Model,
    context: dict[str, Any],
    items: list[dict[str, Any]],
    at: datetime,
    together: str,
    language: str = "nb",
) -> Message:
    """Queue a mail that waits ``MAIL_WAIT`` for more of the same, or add the items to the one that waits.

    Many things to one person within minutes are one mail. ``together`` names what belongs together. The template has
    ``items``, plain values, beside the context of whoever came last. A worker that has begun to send the mail has
    leased its row, so what comes then is a new mail, and nothing is lost.
    """
    waiting = held(
        Message.objects.filter(
            together=together, recipient=recipient, language=language, sent_at=None, leased_until=None, failures=0
        ).filter(failed_at=None, queued_at__gt=at - settings.MAIL_WAIT)
    ).first()
    told = waiting.items if waiting else []
    together_with = [*told, *(item for item in items if item not in told)]
    with translation.override(language):
        text = _rendered(kind, {**context, "items": together_with})
    if waiting:
        Message.objects.filter(pk=waiting.pk).update(items=together_with, **text)
        return waiting
    message = Message.objects.create(
        key=f"{together}:{uuid4()}",
        kind=kind,
        subject_type=about._meta.label_lower,
        subject_id=str(about.pk),
        recipient=recipient,
        language=language,
        queued_at=at,
        together=together,
        items=together_with,
        **text,
    )
    _enqueue(message, at + settings.MAIL_WAIT)
    return message


def _enqueue(message: Message, at: datetime) -> None:
    enqueue("portal.mail.services.send", key=f"mail:{message.pk}", due=at, message_id=message.pk)


def _rendered(kind: str, context: dict[str, Any]) -> dict[str, str]:
    marked = {**context, "own": OWN, "site_url": f"{OWN}{settings.SITE_URL}"}
    text = render_to_string(f"emails/{kind}/body.txt", marked).strip() + "\n"
    title = " ".join(render_to_string(f"emails/{kind}/subject.txt", context).split())[:200]
    drawn = {"title": title, "pieces": pieces(text, marked["site_url"]), "site_url": settings.SITE_URL}
    html = render_to_string("emails/base.html", drawn)
    text += render_to_string("emails/_foot.txt", {"site_url": settings.SITE_URL})
    return {"title": title, "body_text": text.replace(OWN, ""), "body_html": html.replace(OWN, "")}


# --- sending ----------------------------------------------------------------------------------


class BeingSentError(LaterError):
    """Another worker is sending the message; the job tries again when it may have failed."""


def send(*, message_id: int, at: datetime) -> None:
    """Send the message unless it was sent or settled, or another worker is sending it; a job.

    No transaction is open and no row is locked while the mail server answers: the worker leases the message for
    ``LEASE`` and marks it as sent afterwards. A worker that dies between the two sends again, with the same
    Message-ID: mail programs show the two as one, but a mail server may deliver both.

    When the mail server says nothing, all mail rests for a minute: one message waits for it, and other jobs are done.

    Raises BeingSentError; LaterError when it did not go through and is tried again, for days; HopelessError when it is
    refused for good or given up.
    """
    waiting = Message.objects.filter(pk=message_id, sent_at=None, settled_at=None)
    if until := rests_until(RESTING, at):
        raise LaterError(until)
    free = Q(leased_until=None) | Q(leased_until__lte=at)
    if not waiting.filter(free).update(leased_until=at + LEASE):
        if waiting.exists():
            raise BeingSentError(at + LEASE)
        return
    message = waiting.get()
    _follow_person(message)
    try:
        _mail_of(message, at).send()
    except Exception as error:  # noqa: BLE001 - whatever went wrong, the mail has not gone through
        _keep_failure(message, error, at)
    waiting.update(sent_at=at, leased_until=None, next_try_at=None, failed_at=None)


def _follow_person(message: Message) -> None:
    """Send to the person's new address what was written to the old one, but for the mail that tells of the change."""
    address = message.recipient if message.kind in TO_THE_OLD_ADDRESS else address_today(message.recipient)
    if address != message.recipient:
        Message.objects.filter(pk=message.pk).update(recipient=address)
        message.recipient = address


def _keep_failure(message: Message, error: Exception, at: datetime) -> NoReturn:
    """Write that the message did not go through. Raises LaterError, or HopelessError when it is not tried again."""
    pause = None if is_refusal(error) else pause_after(message.failures)
    failed = {"answer": answer_of(error)[:60], "leased_until": None}
    if pause is None:
        # Should somebody have it tried again, it is tried for days once more.
        Message.objects.filter(pk=message.pk).update(failed_at=at, failures=0, next_try_at=None, **failed)
        raise HopelessError from error
    if is_silence(error):
        rest(RESTING, at + REST)
    again = {"failures": F("failures") + 1, "next_try_at": at + pause, "failed_at": None}
    Message.objects.filter(pk=message.pk).update(**again, **failed)
    raise LaterError(at + pause) from error


def _mail_of(message: Message, at: datetime) -> EmailMultiAlternatives:
    """The mail, dated when it is sent by the portal's clock."""
    mail = EmailMultiAlternatives(
        message.title,
        message.body_text,
        to=[message.recipient],
        headers={
            "Date": format_datetime(at),
            "Message-ID": f"<portal-{message.pk}@{settings.DEFAULT_FROM_EMAIL.rsplit('@')[-1].rstrip('>')}>",
        },
    )
    mail.attach_alternative(message.body_html, "text/html")
    for stored in message.attachments.all():
        mail.attach(stored.name, stored.read(), stored.content_type)
    return mail


# --- what did not arrive ----------------------------------------------------------------------


class SettledError(ConflictError):
    """Somebody has sent the message again, or left it, or it has arrived after all."""


@act
def send_again(message: Message, *, to: str, case: models.Model, by: Any, at: datetime) -> Message:
    """Send a message that did not arrive once more, as a new one, to the same address or another.

    ``case`` is what the log tells of it at. Journal: ``mail.sent_again``. Raises SettledError.
    """
    failed = _unsettled(message)
    again, _is_new = Message.objects.get_or_create(
        key=f"again:{failed.pk}",
        defaults={
            "recipient": to,
            "queued_at": at,
            **{
                name: getattr(failed, name)
                for name in ("kind", "subject_type", "subject_id", "language", "title", "body_text", "body_html")
            },
        },
    )
    again.attachments.set(failed.attachments.all())
    _enqueue(again, at)
    Message.objects.filter(pk=failed.pk).update(settled_at=at, sent_again_as=again)
    _record("mail.sent_again", failed, case, by=by, at=at, is_new_address=to != failed.recipient)
    return again


@act
def leave(message: Message, *, case: models.Model, by: Any, at: datetime) -> None:
    """Decide that a message that did not arrive is not sent again. Journal: ``mail.left``. Raises SettledError."""
    failed = _unsettled(message)
    Message.objects.filter(pk=failed.pk).update(settled_at=at)
    _record("mail.left", failed, case, by=by, at=at)


def _unsettled(message: Message) -> Message:
    failed = held(Message.objects.filter(pk=message.pk, failed_at__isnull=False, settled_at=None)).first()
    if failed is None:
        raise SettledError(_("Noen andre har tatt seg av meldingen i mellomtiden."))
    return failed


def _record(entry: str, message: Message, case: models.Model, *, by: Any, at: datetime, **data: Any) -> None:
    community = getattr(case, "tenant", None)
    journal.record(
        entry, subject=case, by=by, at=at, community=community, message=message.pk, kind=message.kind, **data
    )
