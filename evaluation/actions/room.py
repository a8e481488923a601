"""What the room tells the house; see ``portal.rooms``."""

from django.utils.translation import gettext_lazy as _

from evaluation.actions import queries, reminders, waiting
from evaluation.actions.models import State
from evaluation.actions.queries import item_names, lines
from evaluation.meetings import questions
from portal.journal.questions import names_of
from portal.rooms import MailSubject, ReminderKind, Room, TaskList

ROOM = Room(
    tasks=(
        TaskList("follow_up_minutes", order=52, build=waiting.minutes),
        TaskList("follow_up", order=53, build=waiting.items),
    ),
    reminders=(ReminderKind("follow_up", reminders.TO_FOLLOW_UP, reminders.items),),
    answers={
        questions.follow_up_of: lines.follow_up_of,
        questions.follow_up_lists: lines.follow_up_lists,
        questions.follow_up_in: lines.follow_up_in,
        questions.asked_for_in: lines.asked_for_in,
        names_of: item_names.names_of,
    },
    mail=(MailSubject("actions.followupitem", queries.looked_after),),
    tones={State.OPEN: "info", State.DONE: "success", State.DROPPED: "ended"},
    sentences={
        "follow_up.gone_through": _("Det saken ber om, ble gått gjennom."),
        "follow_up.made": _("Et oppfølgingspunkt fra sak %(case)s ble ført opp."),
        "follow_up.mended": _("Oppfølgingspunktet fra sak %(case)s ble endret."),
        "follow_up.reported": _("Det ble meldt fra om oppfølgingspunktet fra sak %(case)s."),
        "follow_up.opened": _("Oppfølgingspunktet fra sak %(case)s ble åpnet igjen."),
        "follow_up.done": _("Oppfølgingspunktet fra sak %(case)s er utført."),
        "follow_up.dropped": _("Oppfølgingspunktet fra sak %(case)s falt bort."),
    },
    closed=queries.closed_subjects,
)
