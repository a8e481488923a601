"""What the room tells the house; see ``portal.rooms``."""

from django.utils.translation import gettext_lazy as _

from evaluation.plans.documents import ACTION_PLAN
from evaluation.plans.models import MeasureState
from portal.rooms import NavItem, Room, everyone

ROOM = Room(
    menu=(NavItem(_("Handlingsplan"), "plans:list", visible=everyone, order=55),),
    documents=(ACTION_PLAN,),
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
        "plan.told": _("Det ble meldt om tiltak %(letter)s i handlingsplanen."),
    },
)
