"""What the page of a round says to do now: start, read the questions until it opens, or nothing more."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.utils.translation import gettext as _

from portal import formats
from portal.twins import twin_lazy, twin_of
from rounds.deadlines import Deadline
from rounds.models import Round
from rounds.workflow import Phase

# An «outsider» has signed in, and belongs to nobody who can apply in the round.
Reader = Literal["visitor", "applicant", "outsider", "owner"]
# The box warns when so little time is left.
CLOSE = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class WayIn:
    """The words of the page's one next step; without an ``act`` there is nothing to press."""

    title: str
    text: str
    act: str = ""
    due_at: datetime | None = None
    is_close: bool = False
    # Whether the button starts an application; else it leads to the questions.
    is_start: bool = False


def way_in(round_: Round, phase: Phase, until: Deadline, now: datetime, reader: Reader = "applicant") -> WayIn | None:
    """The next step of the reader, or None in a round that is being prepared or is cancelled.

    The owner's secretariat has nothing to start.
    """
    if phase == Phase.OPEN and not round_.withdrawn_at:
        if reader == "owner":
            return WayIn(_("Utlysningen er åpen"), _("Alle som kan søke, ser den nå."), due_at=until.at)
        if reader == "outsider":
            text = _("De som kan søke, starter på denne siden. Du kan lese alle spørsmålene.")
            return WayIn(_("Utlysningen er åpen"), text, _("Se alle spørsmålene"), until.at)
        return _start(round_, until, now=now, is_visitor=reader == "visitor")
    if phase == Phase.ANNOUNCED:
        title = _("Åpner %(when)s") % {"when": formats.beginning_in_words(round_.opens_at, now)}
        text = _("Les spørsmålene nå, og avtal med partnerne hvem som gjør hva.")
        return WayIn(title, text, _("Se alle spørsmålene"))
    return _closed(round_, until) if phase == Phase.CLOSED else None


def _start(round_: Round, until: Deadline, *, now: datetime, is_visitor: bool) -> WayIn:
    said = [_("Partnerne skriver i det samme utkastet, og hver av dem signerer før dere sender.")]
    if is_visitor:
        said.append(_("Dere logger inn først."))
    if until.names and until.at != round_.closes_at:
        said.append(_("Fristen gjelder i %(where)s.") % {"where": until.where})
    return WayIn(
        twin_of(twin_lazy("Start søknaden, og inviter partnerne"), round_.noun_context),
        " ".join(said),
        twin_of(twin_lazy("Start søknad"), round_.noun_context),
        until.at,
        until.at - now < CLOSE,
        is_start=True,
    )


def _closed(round_: Round, until: Deadline) -> WayIn:
    later = until.later_elsewhere
    if later:
        words = {"where": until.where, "later": formats.deadline_no(later)}
        text = _("Fristen i %(where)s er ute. Andre helsefellesskap kan ha frist til %(later)s.") % words
    else:
        text = twin_of(twin_lazy("Runden tar ikke imot flere søknader."), round_.noun_context)
    return WayIn(_("Fristen er ute"), text)
