"""PDF from a template: tagged, archivable, with embedded fonts, and without access to the network.

No other package imports the PDF engine. It is heavy, so it is loaded only when a document is made.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation


@dataclass(frozen=True, slots=True)
class Attachment:
    """Data embedded in the PDF, such as the frozen JSON that the letter was made from."""

    name: str
    data: bytes
    description: str = ""


def render(
    template: str,
    context: dict[str, Any],
    *,
    title: str,
    lang: str = "nb",
    attachments: Sequence[Attachment] = (),
    at: datetime | None = None,
) -> bytes:
    """The template as one file that is both PDF/A-3a (archive) and PDF/UA-1 (accessible).

    The same input and ``at`` give the same bytes. ``at`` is written into the file as its date of creation;
    without it there is no date. The template extends ``letters/base.html``. A picture from elsewhere is left out.
    """
    from portal.pdf import engine  # noqa: PLC0415 - half a second and many megabytes that most processes never need

    with translation.override(lang):
        html = render_to_string(template, {**context, "pdf": {"title": title, "lang": lang, "at": at}})
    return engine.write(html, attachments=attachments, at=at)


def attached(document: bytes) -> dict[str, bytes]:
    """The data that travels inside the PDF, by name; nothing when it is no PDF that can be read."""
    from pypdf import PdfReader  # noqa: PLC0415 - as heavy, and as seldom needed
    from pypdf.errors import PyPdfError  # noqa: PLC0415

    try:
        return {name: parts[0] for name, parts in PdfReader(io.BytesIO(document)).attachments.items()}
    except PyPdfError:
        return {}
