"""The measures of a plan with their status as a spreadsheet (xlsx)."""

from collections.abc import Mapping
from io import BytesIO

from django.utils.translation import gettext as _

from evaluation.plans.content import PlanText
from evaluation.plans.queries import Told
from portal.clock import local

WIDTHS = (34, 34, 8, 60, 24, 8, 14, 60, 12)


def workbook(plan: PlanText, told: Mapping[int, Told], untold: Told) -> bytes:
    """One row for each measure, in the plan's order; ``untold`` is what holds for one that nobody has told of.

    What people have written is never a formula, nor a link.
    """
    import xlsxwriter  # noqa: PLC0415 - as seldom needed as the makers of PDF

    out = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet(_("Tiltak"))
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        day = book.add_format({"num_format": "dd.mm.yyyy", "valign": "top", "align": "left"})
        for column, (heading, width) in enumerate(zip(_headings(), WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, heading, bold)
        sheet.freeze_panes(1, 0)
        row = 0
        for area in plan.areas:
            for aim in area.aims:
                for measure in aim.measures:
                    row += 1
                    news = told.get(measure.key or 0, untold)
                    texts = (area.title, aim.title, measure.letter, measure.text, measure.responsible)
                    for column, text in enumerate(texts):
                        sheet.write_string(row, column, text, wrapped)
                    if measure.year:
                        sheet.write_number(row, 5, measure.year, wrapped)
                    sheet.write_string(row, 6, news.label, wrapped)
                    sheet.write_string(row, 7, news.sentence, wrapped)
                    if news.at:
                        sheet.write_datetime(row, 8, local(news.at).replace(tzinfo=None), day)
        sheet.autofilter(0, 0, max(row, 1), len(WIDTHS) - 1)
    return out.getvalue()


def _headings() -> tuple[str, ...]:
    return (
        _("Innsatsområde"),
        _("Hva vil vi?"),
        _("Bokstav"),
        _("Hvordan få det til?"),
        _("Ansvarlig"),
        _("År"),
        _("Status"),
        _("Siste nytt"),
        _("Meldt"),
    )
