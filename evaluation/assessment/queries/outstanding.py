"""What is not settled yet in a turn: as long as something may still come onto the list, the list cannot be locked.

An application is on the list, or closed (not admitted, withdrawn), or it is here. What the secretariat can wait for or
settle stops the lock (``may_be_left_out`` is False). What only others can settle, after their own date has passed, is
left out by somebody who says so.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.models import Application, CorrectionRequest
from applications.workflow import Status
from evaluation.assessment.models import Forwarding
from evaluation.assessment.queries.turns import Turn, address
from portal.communities.models import HealthCommunity
from portal.formats import deadline_no

# What was sent within a second of the deadline is still being stored when the clock has passed it.
SETTLING = timedelta(minutes=1)
# Sent, and neither closed nor forwarded: in the hands of the helsefellesskap.
AT_HOME = (Status.SUBMITTED, Status.CORRECTION, Status.ADMITTED, Status.PRIORITISED)


@dataclass(frozen=True, slots=True)
class Outstanding:
    """One thing that is waited for, why it stops the lock, and where it is settled."""

    key: str
    sentence: str
    url: str = ""
    link: str = ""
    may_be_left_out: bool = False


def outstanding(turn: Turn, now: datetime) -> list[Outstanding]:
    """What may still come onto the turn's list; four queries at home, three in the region."""
    return list(_at_home(turn, turn.community, now) if turn.community else _in_region(turn, now))


# --- a helsefellesskap ----------------------------------------------------------------------------------


def _at_home(turn: Turn, community: HealthCommunity, now: datetime) -> Iterator[Outstanding]:
    closes_at = turn.round.closes_for(community)
    if now < closes_at:
        yield _open_round(turn, closes_at)
    elif now < closes_at + SETTLING:
        sentence = _("Søknadsfristen gikk ut %(due)s. Vent ett minutt, så det som ble sendt i tide, er kommet fram.")
        yield Outstanding("settling", sentence % {"due": deadline_no(closes_at)})
    yield from _extended(turn, community, closes_at, now - SETTLING)
    yield from _unchecked(turn)
    yield from _in_correction(turn, now)


def _open_round(turn: Turn, closes_at: datetime) -> Outstanding:
    sentence = _("Søknadsfristen er %(due)s. Nye søknader kan komme til da. Vent med å låse til fristen er ute.")
    words = {"due": deadline_no(closes_at)}
    return Outstanding("deadline", sentence % words, turn.round.get_absolute_url(), _("Se runden"))


def _extended(turn: Turn, community: HealthCommunity, closes_at: datetime, now: datetime) -> Iterator[Outstanding]:
    """Drafts with a later deadline of their own. The secretariat knows them by code alone."""
    drafts = turn.round.applications.filter(community=community, status=Status.DRAFT)
    later = drafts.filter(extended_until__gt=max(now, closes_at)).order_by("extended_until", "pk")
    sentence = _("Søknad %(code)s har utsatt frist til %(due)s. Vent med å låse til fristen er ute.")
    for code, until in later.values_list("code", "extended_until"):
        yield Outstanding(code, sentence % {"code": code, "due": deadline_no(until)})


def _unchecked(turn: Turn) -> Iterator[Outstanding]:
    count = turn.sent.filter(status=Status.SUBMITTED).count()
    if count:
        sentence = ngettext(
            "%(n)s søknad er ikke kontrollert. Ta den til vurdering, be om retting eller avvis den.",
            "%(n)s søknader er ikke kontrollert. Ta dem til vurdering, be om retting eller avvis dem.",
            count,
        )
        url = f"{turn.url('turn')}?status={Status.SUBMITTED.value}"
        yield Outstanding("submitted", sentence % {"n": count}, url, _("Se søknadene"))


def _in_correction(turn: Turn, now: datetime) -> Iterator[Outstanding]:
    asked = CorrectionRequest.objects.filter(application=OuterRef("pk"), answered_at=None).values("due_at")[:1]
    out = turn.sent.filter(status=Status.CORRECTION).annotate(asked_until=Subquery(asked)).order_by("asked_until", "pk")
    for code, title, due_at in out.values_list("code", "title", "asked_until"):
        words = {"title": title, "due": deadline_no(due_at)}
        if due_at and due_at <= now:
            sentence = _("«%(title)s» ble ikke rettet innen %(due)s. Gi utsatt frist, eller avvis søknaden.") % words
            yield Outstanding(code, sentence, address("correction", code), _("Gå til søknaden"))
        else:
            sentence = _("«%(title)s» er ute til retting med frist %(due)s. Vent på rettelsen.") % words
            yield Outstanding(code, sentence, address("correction", code), _("Gå til søknaden"))


# --- the region -----------------------------------------------------------------------------------------


def _in_region(turn: Turn, now: datetime) -> Iterator[Outstanding]:
    """The helsefellesskap with applications that they have not forwarded."""
    live = Application.objects.filter(community=OuterRef("pk"), round=turn.round, status__in=AT_HOME, forwarded_at=None)
    sent = Forwarding.objects.filter(priority_list__round=turn.round, priority_list__community=OuterRef("pk"))
    receiving = HealthCommunity.objects.filter(round_communities__round=turn.round.pk).annotate(
        is_late=Exists(live) & ~Exists(sent), place=F("round_communities__position")
    )
    lists = (reverse("assessment:lists", args=[turn.round.code]), _("Se listene"))
    forward_by = turn.round.forward_by
    open_until = []
    for community in receiving.order_by("place"):
        closes_at = turn.round.closes_for(community)
        if now < closes_at:
            open_until.append(closes_at)
        elif community.is_late:
            is_due = forward_by is None or forward_by <= now
            yield Outstanding(community.code, _late(community, forward_by, is_due=is_due), *lists, is_due)
    if open_until:
        yield _open_round(turn, max(open_until))


def _late(community: HealthCommunity, forward_by: datetime | None, *, is_due: bool) -> str:
    words = {"name": community.name, "due": deadline_no(forward_by)}
    if forward_by is None:
        return _("%(name)s har søknader som ikke er oversendt.") % words
    if is_due:
        return _("%(name)s har søknader som ikke ble oversendt innen %(due)s.") % words
    return _("%(name)s har ikke oversendt listen sin. Fristen er %(due)s. Vent med å låse til da.") % words
