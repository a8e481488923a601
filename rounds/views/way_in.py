"""What the page of a round says to do now: start, read the questions until it opens, or nothing more."""

from datetime import datetime, timedelta
from typing import Literal

from django.urls import reverse
from django.utils.translation import gettext as _

from portal import formats
from portal.twins import twin_lazy, twin_of
from portal.ui import NextStep
from rounds.deadlines import Deadline
from rounds.models import Round
from rounds.workflow import Phase

# An «outsider» has signed in, and belongs to nobody who can apply in the round.
Reader = Literal["visitor", "applicant", "outsider", "owner"]
# The box warns when so little time is left.
CLOSE = timedelta(days=3)


def way_in(
    round_: Round, phase: Phase, until: Deadline, now: datetime, reader: Reader = "applicant"
) -> NextStep | None:
    """The next step of the reader, or None in a round that is being prepared or is cancelled.

    The owner's secretariat has nothing to start.
    """
    if phase == Phase.OPEN and not round_.withdrawn_at:
        if reader == "owner":
            return NextStep(_("Utlysningen er åpen"), text=_("Alle som kan søke, ser den nå."), due_at=until.at)
        if reader == "outsider":
            text = _("De som kan søke, starter på denne siden. Du kan lese alle spørsmålene.")
            return NextStep(
                _("Utlysningen er åpen"),
                text=text,
                act=_("Se alle spørsmålene"),
                url=reverse("rounds:questions", args=[round_.code]),
                due_at=until.at,
            )
        return _start(round_, until, now=now, is_visitor=reader == "visitor")
    if phase == Phase.ANNOUNCED:
        title = _("Åpner %(when)s") % {"when": formats.beginning_in_words(round_.opens_at, now)}
        text = _("Les spørsmålene nå, og avtal med partnerne hvem som gjør hva.")
        return NextStep(
            title, text=text, act=_("Se alle spørsmålene"), url=reverse("rounds:questions", args=[round_.code])
        )
    return _closed(round_, until) if phase == Phase.CLOSED else None


def _start(round_: Round, until: Deadline, *, now: datetime, is_visitor: bool) -> NextStep:
    said = [_("Partnerne skriver i det samme utkastet, og hver av dem signerer før dere sender.")]
    if is_visitor:
        said.append(_("Dere logger inn først."))
    if until.names and until.at != round_.closes_at:
        said.append(_("Fristen gjelder i %(where)s.") % {"where": until.where})
    return NextStep(
        twin_of(twin_lazy("Start søknaden, og inviter partnerne"), round_.noun_context),
        text=" ".join(said),
        act=twin_of(twin_lazy("Start søknad"), round_.noun_context),
        due_at=until.at,
        is_close=until.at - now < CLOSE,
        url=reverse("applications:start", args=[round_.code]),
    )


def _closed(round_: Round, until: Deadline) -> NextStep:
    later = until.later_elsewhere
    if later:
        words = {"where": until.where, "later": formats.deadline_no(later)}
        text = _("Fristen i %(where)s er ute. Andre helsefellesskap kan ha frist til %(later)s.") % words
    else:
        text = twin_of(twin_lazy("Runden tar ikke imot flere søknader."), round_.noun_context)
    return NextStep(_("Fristen er ute"), text=text)
