"""What the room tells the house; see ``portal.rooms``."""

from django.utils.translation import gettext_lazy as _

from evaluation.meetings.questions import attached_in
from evaluation.plans import waiting
from evaluation.plans.documents import ACTION_PLAN, PLAN_STATUS
from evaluation.plans.models import MeasureState
from evaluation.plans.queries import attached
from portal.rooms import NavItem, Room, TaskList, everyone

ROOM = Room(
    menu=(NavItem(_("Handlingsplan"), "plans:list", visible=everyone, order=55),),
    tasks=(TaskList("plan_status", order=54, build=waiting.status),),
    documents=(ACTION_PLAN, PLAN_STATUS),
    answers={attached_in: attached.attached_in},
    tones={
        MeasureState.NOT_BEGUN: "neutral",
        MeasureState.ON_TRACK: "info",
        MeasureState.BEHIND: "danger",
        MeasureState.ACHIEVED: "success",
        MeasureState.FALLEN: "ended",
    },
    sentences={
        "plan.loaded": _("Handlingsplanen ble lest inn fra en fil."),
        "plan.begun": _("Handlingsplanen ble laget."),
        "plan.written": _("Handlingsplanen ble skrevet på."),
        "plan.part_added": _("Noe ble lagt til i handlingsplanen."),
        "plan.part_moved": _("Noe ble flyttet i handlingsplanen."),
        "plan.part_removed": _("Noe ble tatt bort fra handlingsplanen."),
        "plan.adopted": _("Versjon %(version)s av handlingsplanen ble lagt fram."),
        "plan.status_put_up": _("Status for handlingsplanen ble ført opp som sak %(case)s."),
        "plan.told": _("Det ble meldt om tiltak %(letter)s i handlingsplanen."),
    },
)
