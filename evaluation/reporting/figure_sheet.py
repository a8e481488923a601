"""The figures of a report as a spreadsheet (xlsx): a sheet for each table."""

import re
from datetime import date
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _

from evaluation.reporting.report_content import ReportContent, Table

NAME_MOST = 31
# What a spreadsheet forbids in the name of a sheet.
FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
WIDTHS = {"text": 36, "money": 16, "number": 12, "date": 14}


def workbook(report: ReportContent) -> bytes:
    """A sheet for each table, with its heading, note and sum; amounts in whole kroner.

    What people have written is never a formula, nor a link.
    """
    import xlsxwriter  # noqa: PLC0415 - as seldom needed as the makers of PDF

    out = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        formats = {
            "bold": book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
            "text": book.add_format({"text_wrap": True, "valign": "top"}),
            "money": book.add_format({"num_format": "# ##0", "valign": "top"}),
            "number": book.add_format({"num_format": "0", "valign": "top"}),
            "date": book.add_format({"num_format": "dd.mm.yyyy", "valign": "top", "align": "left"}),
        }
        for number, table in enumerate(report.tables, 1):
            _write(book.add_worksheet(_name(number, table.title)), table, formats)
        if not book.worksheets():
            book.add_worksheet(_("Ingen tall"))
    return out.getvalue()


def _name(number: int, title: str) -> str:
    """A name that no other sheet has, without what a spreadsheet forbids in names."""
    name = f"{number} {FORBIDDEN.sub(' ', title)}"
    return name[:NAME_MOST].strip()


def _write(sheet: Any, table: Table, formats: dict[str, Any]) -> None:
    sheet.write_string(0, 0, table.title, formats["bold"])
    for column, (label, kind) in enumerate(table.columns):
        sheet.set_column(column, column, WIDTHS[kind])
        sheet.write_string(1, column, label, formats["bold"])
    sheet.freeze_panes(2, 0)
    lines = [*table.rows, *([table.total] if table.total else [])]
    for number, line in enumerate(lines, 2):
        for column, ((_label, kind), value) in enumerate(zip(table.columns, table.values(line), strict=True)):
            if isinstance(value, date):
                sheet.write_datetime(number, column, value, formats["date"])
            elif isinstance(value, int):
                sheet.write_number(number, column, value, formats[kind if kind != "date" else "number"])
            elif value:
                sheet.write_string(number, column, str(value), formats["text"])
    if table.note:
        sheet.write_string(len(lines) + 3, 0, table.note, formats["text"])
