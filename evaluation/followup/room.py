"""What the room tells the house; see ``portal.rooms``."""

from django.utils.translation import gettext_lazy as _

from applications.questions import next_dates
from evaluation.decisions.questions import can_accept
from evaluation.followup import permissions, queries, reminders, waiting
from evaluation.followup.documents import EVALUATION
from portal.communities.menu import is_officer
from portal.rooms import NavItem, ReminderKind, Room, TaskList

ROOM = Room(
    menu=(NavItem(_("Oppfølging"), "followup:overview", visible=is_officer, order=70, otherwise="applications:list"),),
    tasks=(
        TaskList("projects", order=70, build=waiting.projects),
        TaskList("unreached", order=71, build=waiting.unreached),
        TaskList("late_projects", order=71, build=waiting.late),
        TaskList("evaluations", order=72, build=waiting.evaluations),
    ),
    reminders=(
        ReminderKind("acceptance", reminders.NOT_ACCEPTED, reminders.acceptances),
        ReminderKind("start", reminders.NOT_STARTED, reminders.starts),
        ReminderKind("evaluation", reminders.NOT_EVALUATED, reminders.evaluations),
    ),
    documents=(EVALUATION,),
    answers={next_dates: queries.next_dates, can_accept: permissions.can_accept},
    sentences={
        "operation.recorded": _("Driftsstart ble satt til %(started)s. Fristen for evalueringen ble %(due)s."),
        "acceptance.corrected": _(
            "Opplysningene om prosjektet ble rettet («%(reason)s»). Fristen for evalueringen er %(due)s."
        ),
        "project.reminded": _("Sekretariatet sendte en purring om det som er over fristen."),
        "evaluation.file_added": _("En fil ble lagt ved evalueringen."),
        "evaluation.file_removed": _("En fil ble fjernet fra evalueringen."),
        "evaluation.submitted": _("Evalueringen ble låst med kontrollsum."),
        "evaluation.raised": _("Evalueringen ble ført opp som sak %(case)s."),
    },
)
