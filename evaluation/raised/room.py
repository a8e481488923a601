"""What the room tells the house; see ``portal.rooms``."""

from django.utils.translation import gettext_lazy as _

from evaluation.meetings.questions import told_of_cancelled, told_of_moved, told_of_taken_off, told_of_taken_up
from evaluation.raised import home, queries, services, waiting
from evaluation.raised.models import RaisedState
from portal.rooms import HomePart, MailSubject, Room, TaskList

ROOM = Room(
    tasks=(TaskList("raised", order=47, build=waiting.raised),),
    home=(HomePart(60, "raised/_home.html", home.way_in, beside=True, visible=home.has_no_seat),),
    mail=(MailSubject("raised.raisedcase", queries.looked_after),),
    tones={
        RaisedState.WAITING: "accent",
        RaisedState.PUT_UP: "success",
        RaisedState.ANSWERED: "info",
        RaisedState.TAKEN_BACK: "ended",
    },
    sentences={
        "raised.raised": _("Saken «%(title)s» ble meldt inn til %(body)s."),
        "raised.taken_back": _("Saken «%(title)s» ble trukket av dem som meldte den inn."),
        "raised.put_up": _("Den innmeldte saken «%(title)s» ble satt opp som sak %(case)s."),
        "raised.taken_off": _("Den innmeldte saken «%(title)s», sak %(case)s, ble tatt av sakslisten."),
        "raised.sent_on": _("Den innmeldte saken «%(title)s» ble sendt videre fra %(before)s til %(body)s."),
        "raised.answered": _("Den innmeldte saken «%(title)s» ble besvart."),
    },
    answers={
        told_of_taken_off: services.taken_off,
        told_of_moved: services.moved,
        told_of_cancelled: services.cancelled,
        told_of_taken_up: services.taken_up,
    },
)
