"""What the room tells the house; see ``portal.rooms``."""

from django.utils.translation import gettext_lazy as _

from evaluation.comments import queries, reminders, services, waiting
from evaluation.comments.models import RoundState
from evaluation.meetings.questions import comments_go_with, comments_in, comments_wait
from portal.rooms import MailSubject, ReminderKind, Room, TaskList

ROOM = Room(
    tasks=(
        TaskList("comments", order=46, build=waiting.to_write),
        TaskList("comments_to_close", order=49, build=waiting.to_close),
    ),
    reminders=(ReminderKind("comments", reminders.TO_COMMENT, reminders.comments),),
    answers={
        comments_in: queries.comments_in,
        comments_wait: services.meeting_cancelled,
        comments_go_with: services.taken_up,
    },
    mail=(MailSubject("comments.commentround", queries.looked_after),),
    tones={RoundState.OUT: "info", RoundState.DUE: "warning", RoundState.CLOSED: "success", RoundState.WAITS: "ended"},
    sentences={
        "comments.asked": _("Sak %(case)s ble sendt til innspill til og med %(due)s."),
        "comments.written": _("%(asked)s ga innspill til sak %(case)s."),
        "comments.date_moved": _("Fristen for innspill til sak %(case)s ble flyttet til %(due)s."),
        "comments.closed": _("Innspillene til sak %(case)s ble hentet inn."),
    },
)
