"""Queueing a mail in the transaction of its act, and sending it once."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import models
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import translation

from portal.files.models import StoredFile
from portal.jobs.services import enqueue
from portal.mail.models import Message

# Longer than the timeout of the mail server, shorter than the lease of a job.
LEASE = timedelta(minutes=4)


def queue(
    kind: str,
    *,
    recipient: str,
    about: models.Model,
    context: dict[str, Any],
    at: datetime,
    key: str,
    copy_to: str = "",
    language: str = "nb",
    attachments: Iterable[StoredFile] = (),
) -> Message:
    """Render ``emails/<kind>/`` now and queue it in the caller's transaction; a key that exists gives its mail.

    ``subject.txt`` and ``body.txt`` are needed; without a ``body.html`` the text is set in the frame of all mails.
    """
    existing = Message.objects.filter(key=key).first()
    if existing:
        return existing
    context = {**context, "site_url": settings.SITE_URL}
    with translation.override(language):
        message, is_new = Message.objects.get_or_create(
            key=key,
            defaults={
                "kind": kind,
                "subject_type": about._meta.label_lower,
                "subject_id": str(about.pk),
                "recipient": recipient,
                "copy_to": copy_to,
                "language": language,
                "queued_at": at,
                **_rendered(kind, context),
            },
        )
    # When two queue the same key at once, the second gets the message of the first.
    if is_new:
        message.attachments.set(list(attachments))
        enqueue("portal.mail.services.send", key=f"mail:{message.pk}", due=at, message_id=message.pk)
    return message


def _rendered(kind: str, context: dict[str, Any]) -> dict[str, str]:
    text = render_to_string(f"emails/{kind}/body.txt", context).strip() + "\n"
    return {
        "title": " ".join(render_to_string(f"emails/{kind}/subject.txt", context).split())[:200],
        "body_text": text,
        "body_html": render_to_string([f"emails/{kind}/body.html", "emails/from_text.html"], {**context, "text": text}),
    }


class BeingSentError(Exception):
    """Another worker is sending the message; the job tries again when it may have failed."""


def send(*, message_id: int, at: datetime) -> None:
    """Send the message unless it was sent, or another worker is sending it; a job.

    No transaction is open and no row is locked while the mail server answers: the worker leases the message for
    ``LEASE`` and marks it as sent afterwards. A worker that dies between the two sends again, with the same
    Message-ID: mail programs show the two as one, but a mail server may deliver both. Raises BeingSentError.
    """
    waiting = Message.objects.filter(pk=message_id, sent_at=None)
    free = Q(leased_until=None) | Q(leased_until__lte=at)
    if not waiting.filter(free).update(leased_until=at + LEASE):
        if waiting.exists():
            raise BeingSentError
        return
    message = waiting.get()
    try:
        _mail_of(message).send()
    except Exception:
        waiting.update(leased_until=None)
        raise
    waiting.update(sent_at=at, leased_until=None)


def _mail_of(message: Message) -> EmailMultiAlternatives:
    mail = EmailMultiAlternatives(
        message.title,
        message.body_text,
        to=[message.recipient],
        cc=[message.copy_to] if message.copy_to else [],
        headers={"Message-ID": f"<portal-{message.pk}@{settings.DEFAULT_FROM_EMAIL.rsplit('@')[-1].rstrip('>')}>"},
    )
    mail.attach_alternative(message.body_html, "text/html")
    for stored in message.attachments.all():
        mail.attach(stored.name, stored.read(), stored.content_type)
    return mail
