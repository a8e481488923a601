"""WeasyPrint, set up once a process: our style sheet and fonts, and a fetcher that gives nothing else."""

import io
import re
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import weasyprint  # noqa: TID251 - here it may
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from weasyprint.text.fonts import FontConfiguration  # noqa: TID251
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse  # noqa: TID251

from portal.pdf import Attachment, structure

# The static files that a document may use, as ``asset:<name>``; everything else is refused.
OWN_FILES = re.compile(r"(vendor/inter/inter-latin(-ext)?-\d00-(normal|italic)\.woff2|img/[\w-]+\.svg)")
TYPES = {".woff2": "font/woff2", ".svg": "image/svg+xml"}

# The font map below the engine is shared by the threads of a process.
_one_at_a_time = threading.Lock()


def write(html: str, *, attachments: Sequence[Attachment], at: datetime | None) -> bytes:
    """The document as PDF; one at a time in a process."""
    with _one_at_a_time:
        style, fonts = _style()
        document = weasyprint.HTML(string=html, url_fetcher=OwnFiles()).render(
            stylesheets=[style], font_config=fonts, pdf_variant="pdf/a-3a", pdf_tags=True
        )
        document.metadata.attachments = [_attached(attachment, at) for attachment in attachments]
        pdf: bytes = document.write_pdf(
            finisher=structure.complete, pdf_variant="pdf/a-3a", pdf_tags=True, pdf_identifier=True
        )
    return pdf


class OwnFiles(URLFetcher):
    """Gives the portal's own fonts and logo and nothing else: no network, no other file."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """The file named by an ``asset:`` address; ``ValueError`` for every other, which the engine leaves out."""
        scheme, _colon, name = url.partition(":")
        if scheme != "asset" or not OWN_FILES.fullmatch(name):
            raise ValueError(f"A document may not fetch {url[:80]}")
        path = _path(name)
        if path is None:
            raise FatalURLFetchingError(f"The static file {name} is missing")
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": TYPES[path.suffix]})


@cache
def _path(name: str) -> Path | None:
    """Where a static file lies: among the sources, or collected."""
    found = finders.find(name)
    if found:
        return Path(found)
    collected = Path(settings.STATIC_ROOT) / name
    return collected if collected.is_file() else None


@cache
def _style() -> tuple[weasyprint.CSS, FontConfiguration]:
    """The letters' style sheet with its fonts, read once a process."""
    fonts = FontConfiguration()
    text = render_to_string("letters/letters.css")
    return weasyprint.CSS(string=text, font_config=fonts, url_fetcher=OwnFiles()), fonts


def _attached(attachment: Attachment, at: datetime | None) -> weasyprint.Attachment:
    moment = at or datetime(1970, 1, 1, tzinfo=UTC)  # the engine wants one, and the same every time
    return weasyprint.Attachment(
        file_obj=io.BytesIO(attachment.data),
        name=attachment.name,
        description=attachment.description or attachment.name,
        created=moment,
        modified=moment,
        relationship="Data",
        url_fetcher=OwnFiles(),
    )
