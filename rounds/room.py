"""What the room tells the house; see ``portal.rooms``."""

from django.utils.translation import gettext_lazy as _

from portal.communities.menu import sits_in_a_body
from portal.communities.questions import open_calls_by_community
from portal.rooms import HomePart, NavItem, Room, everyone
from rounds import home, queries
from rounds.documents import ROUND
from rounds.workflow import Phase

ROOM = Room(
    menu=(NavItem(_("Utlysninger"), "rounds:list", visible=everyone, order=10),),
    home=(
        HomePart(10, "rounds/_home_calls.html", home.open_calls, beside=True, visible=everyone),
        HomePart(30, "rounds/_home_dates.html", home.dates, visible=sits_in_a_body),
        HomePart(30, "rounds/_home_gone.html", home.gone, beside=True, visible=sits_in_a_body),
    ),
    documents=(ROUND,),
    answers={open_calls_by_community: queries.open_by_community},
    tones={Phase.OPEN: "success", Phase.CLOSED: "ended", Phase.CANCELLED: "warning"},
    sentences={
        "round.loaded": _("Runden ble lagt inn."),
        "round.changed": _("Runden ble endret, versjon %(version)s."),
        "round.locked": _("Noen begynte å søke. Det som ville vært urettferdig å endre, ble låst."),
        "round.withdrawn": _("Runden ble tatt bort. Bare sekretariatet ser den."),
        "round.brought_back": _("Runden ble lagt ut igjen."),
        "round.cancelled": _("Utlysningen ble trukket («%(reason)s»). %(drafts)s var utkast, %(sent)s var sendt."),
        "frame.set": _("Rammen ble satt til %(amount)s kr."),
    },
)
