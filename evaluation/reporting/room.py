"""What the room tells the house; see ``portal.rooms``."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from evaluation.reporting import queries, waiting
from evaluation.reporting.documents import PERIOD_REPORT
from evaluation.reporting.models import ReportState
from portal.communities.menu import is_officer, sits_in_a_body
from portal.rooms import MailSubject, NavItem, Room, TaskList


def reads_only(user: Any) -> bool:
    """Whether the person sits in a body, and writes no reports."""
    return sits_in_a_body(user) and not is_officer(user)


ROOM = Room(
    # The menu of those who administer has no room for one more on its line.
    menu=(
        NavItem(_("Rapporter"), "reporting:list", visible=is_officer, order=60, menu="administration"),
        NavItem(_("Rapporter"), "reporting:list", visible=reads_only, order=80),
    ),
    tasks=(TaskList("period_reports", order=75, build=waiting.reports),),
    documents=(PERIOD_REPORT,),
    mail=(MailSubject("reporting.periodreport", queries.looked_after),),
    tones={ReportState.WRITING: "info", ReportState.SENT: "success"},
    sentences={
        "report.begun": _("Rapporten «%(title)s» ble laget."),
        "report.written": _("Rapporten «%(title)s» ble skrevet på."),
        "report.sent": _("Rapporten «%(title)s» ble godkjent og sendt."),
        "report.opened_again": _("Rapporten «%(title)s» ble åpnet for å rettes: «%(reason)s»."),
    },
)
