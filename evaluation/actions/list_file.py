"""The follow-up list of a body as one CSV file."""

import csv
from collections.abc import Iterator

from django.utils.translation import gettext as _

from evaluation.actions.queries import Listed
from evaluation.assessment.queries.export import BOM, Line, safe
from portal import clock
from portal.formats import date_no


def lines(listed: Listed) -> Iterator[str]:
    """The file, line by line, in the order of the page."""
    writer = csv.writer(Line(), delimiter=";", lineterminator="\r\n")
    headings = (_("Sak"), _("Punkt"), _("Det som ble vedtatt"), _("Ansvarlig"), _("Frist"), _("Status"))
    yield BOM + writer.writerow([*headings, _("Siste nytt"), _("Meldt"), _("Kommer tilbake i sak")])
    for item in (*listed.open, *listed.done, *listed.dropped):
        due = date_no(item.due_date) if item.due_date else _("uten frist")
        told_at = date_no(clock.local_date(item.told_at)) if item.told_at else ""
        returns = item.returns_in.reference if item.returns_in else ""
        values = (item.case.reference, item.reference, item.text, item.owner, due, item.get_status_display())
        yield writer.writerow([safe(value) for value in (*values, item.told, told_at, returns)])
