"""The demo's mail server: each mail is a file under ``var/mailbox`` that the mailbox page shows."""

import email
import email.policy
import uuid
from email.message import EmailMessage as ParsedMessage
from email.utils import format_datetime
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from portal import clock


class MailboxBackend(BaseEmailBackend):
    """Writes each message as one .eml file; the file names sort by time."""

    def send_messages(self, email_messages: list[EmailMessage]) -> int:  # type: ignore[override]
        folder = Path(settings.MAILBOX_DIR)
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            # The mail is dated by the portal's clock, which the demo can move.
            message.extra_headers.setdefault("Date", format_datetime(clock.now()))
            part = folder / f".{uuid.uuid4().hex}"
            part.write_bytes(message.message().as_bytes())
            part.rename(folder / f"{len(list(folder.glob('*.eml'))):06d}-{uuid.uuid4().hex[:8]}.eml")
        return len(email_messages)


def names() -> list[str]:
    """The names of the mails, newest first."""
    return sorted((path.stem for path in Path(settings.MAILBOX_DIR).glob("*.eml")), reverse=True)


def read_mail(name: str) -> ParsedMessage | None:
    """The mail of that name, parsed, or None."""
    path = Path(settings.MAILBOX_DIR) / f"{name}.eml"
    if name not in names():
        return None
    return email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
