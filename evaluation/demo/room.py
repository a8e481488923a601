"""What the room tells the house; see ``portal.rooms``. Outside the demo it has no page, and nobody moves the clock."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from portal.rooms import NavItem, Room


def is_demo(user: object) -> bool:
    """The visibility of a page that only the demo has."""
    return settings.IS_DEMO


ROOM = Room(
    menu=(NavItem(_("Flytt klokka"), "demo:clock", visible=is_demo, menu="demo"),),
    sentences={"demo.clock_moved": _("Klokka i demoen ble flyttet til %(to)s.")},
)
