"""A report as a Word document (docx), for those who put it into a document of their own."""

from collections.abc import Iterable
from datetime import date
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _

from evaluation.reporting.report_content import ReportContent, Table
from portal import formats


def word_document(report: ReportContent) -> bytes:
    """The chapters with their texts and tables; headings and tables are real ones, so that Word can go by them."""
    import docx  # noqa: PLC0415 - as seldom needed as the makers of PDF

    document = docx.Document()
    document.core_properties.title = report.title
    document.core_properties.author = report.sender
    document.core_properties.language = "nb-NO"
    document.add_heading(report.title, 0)
    words = {
        "sender": report.sender,
        "receiver": report.receiver,
        "first": formats.date_no(report.first_day),
        "last": formats.date_no(report.last_day),
        "day": formats.date_no(report.as_of),
    }
    document.add_paragraph(_("Fra %(sender)s til %(receiver)s. Gjelder %(first)s–%(last)s.") % words)
    document.add_paragraph(_("Tallene er hentet %(day)s.") % words)
    for number, chapter in enumerate(report.chapters, 1):
        document.add_heading(f"{number} {chapter.title}", 1)
        _add_text(document, chapter.text)
        for table in chapter.tables:
            _add_table(document, table)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _add_text(document: Any, text: str) -> None:
    """The text as paragraphs; a line that begins with «- » is a point of a list."""
    for line in filter(None, (line.strip() for line in text.splitlines())):
        is_point = line.startswith(("- ", "* "))
        document.add_paragraph(
            _printable((line[2:] if is_point else line).replace("**", "")), style="List Bullet" if is_point else None
        )


def _add_table(document: Any, table: Table) -> None:
    document.add_heading(table.title, 2)
    drawn = document.add_table(rows=1, cols=len(table.columns), style="Table Grid")
    _fill(drawn.rows[0].cells, (label for label, _kind in table.columns), is_bold=True)
    _repeat(drawn.rows[0])
    for line in table.rows:
        _fill(drawn.add_row().cells, _texts(table, line))
    if table.total:
        _fill(drawn.add_row().cells, _texts(table, table.total), is_bold=True)
    document.add_paragraph(table.note)


def _texts(table: Table, line: Any) -> Iterable[str]:
    for (_label, kind), value in zip(table.columns, table.values(line), strict=True):
        if isinstance(value, date):
            yield formats.date_no(value)
        elif isinstance(value, int):
            yield formats.kroner(value) if kind == "money" else str(value)
        else:
            yield str(value or "")


def _fill(cells: Any, texts: Iterable[str], *, is_bold: bool = False) -> None:
    for cell, text in zip(cells, texts, strict=True):
        run = cell.paragraphs[0].add_run(_printable(text))
        run.bold = is_bold


def _printable(text: str) -> str:
    """Without the control characters that XML has no place for."""
    return "".join(sign for sign in text if sign >= " " or sign in "\n\t")


def _repeat(row: Any) -> None:
    """The first row is repeated on each page, and a reader's aid takes it for the headings."""
    from docx.oxml import OxmlElement  # noqa: PLC0415 - comes with the library above

    # The library has no name for it but its own inner one.
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001
