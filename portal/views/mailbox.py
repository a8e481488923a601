"""The demo's mailbox: every mail that the portal has sent. Only the demo has it."""

from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.mail import mailbox as box
from portal.mail.layout import pieces
from portal.paging import page_of


@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """The mails, newest first."""
    _only_in_demo()
    page = page_of(request, box.names())
    mails = [_line(name, message) for name in page if (message := box.read_mail(name))]
    return render(request, "portal/mailbox.html", {"page": page, "mails": mails})


@require_safe
def mail(request: HttpRequest, name: str) -> HttpResponse:
    """One mail in the pieces that its HTML has, with its attachments."""
    message = _message(name)
    body = message.get_body(("plain",))
    context = {
        **_line(name, message),
        "pieces": pieces(_above_foot(body.get_content()), settings.SITE_URL) if body else [],
        "attachments": [(number, part.get_filename()) for number, part in enumerate(message.iter_attachments())],
    }
    return render(request, "portal/mail.html", context)


@require_safe
def attachment(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """One attachment as a download."""
    parts = list(_message(name).iter_attachments())
    if number >= len(parts):
        raise Http404
    part: Any = parts[number]
    response = HttpResponse(part.get_content(), content_type=part.get_content_type())
    response["Content-Disposition"] = f'attachment; filename="vedlegg-{number + 1}{_ending(part.get_filename())}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _above_foot(text: str) -> str:
    """The text without its foot (``emails/_foot.txt``), which the HTML has in its frame."""
    return text.rpartition("\n-- \n")[0] or text


def _only_in_demo() -> None:
    if not settings.IS_DEMO:
        raise Http404


def _message(name: str) -> EmailMessage:
    _only_in_demo()
    message = box.read_mail(name)
    if message is None:
        raise Http404
    return message


def _line(name: str, message: EmailMessage) -> dict[str, Any]:
    return {
        "name": name,
        "subject": message["Subject"],
        "to": message["To"],
        "sent_at": _moment(message),
    }


def _moment(message: EmailMessage) -> datetime:
    """When the mail was sent; mail libraries write UTC as «-0000», which is parsed as no time zone."""
    sent = parsedate_to_datetime(message["Date"])
    return sent if sent.tzinfo else sent.replace(tzinfo=UTC)


def _ending(filename: str | None) -> str:
    """The file's ending if it is letters and digits only, so that it is safe in a header."""
    _stem, dot, ending = (filename or "").rpartition(".")
    return f".{ending}" if dot and ending.isalnum() else ""
