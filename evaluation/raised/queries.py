"""The reads of the room: with whom a person may raise a case and for whom, and what has been raised."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluation.actions.models import OwnerKind
from evaluation.actions.queries.owners import Owner
from evaluation.meetings.models import Meeting, MeetingStatus
from evaluation.raised.models import RaisedCase, SentOn
from portal.communities.models import Body, BodyKind, Organisation
from portal.communities.standing import Standing
from portal.formats import in_words

# The bodies that cases are raised with. A Tildelingsutvalg has the applications alone, and a secretariat no cases.
KINDS = (BodyKind.SSU, BodyKind.FSU, BodyKind.PM)


def bodies_to_ask(standing: Standing) -> QuerySet[Body]:
    """The bodies that the person may raise a case with: those of the helsefellesskap where the person has a place.

    A place in the secretariat is none: it puts cases up itself.
    """
    sits_on = Body.objects.filter(pk__in=standing.body_ids).exclude(kind=BodyKind.SECRETARIAT).order_by()
    of_bodies = Q(community__in=sits_on.values("community")) | Q(region__in=sits_on.values("region"))
    partners = standing.organisation_ids
    of_organisations = Q(community__organisations__in=partners) | Q(region__in=partners)
    bodies = Body.objects.filter(of_bodies | of_organisations, kind__in=KINDS, last_day=None)
    return bodies.select_related("community", "region").order_by("kind", "name", "pk").distinct()


def may_ask(standing: Standing) -> bool:
    """Whether there is a body that the person may raise a case with; one query, none for who has no place."""
    return bool(standing.organisation_ids or standing.body_ids) and bodies_to_ask(standing).exists()


def senders_to(body: Body, standing: Standing, day: date) -> list[tuple[Owner, str]]:
    """For whom the person may raise a case with the body, each with its name; two queries.

    They belong to the body's helsefellesskap or region. An officer raises nothing for the secretariat, which puts cases
    up itself.
    """
    bodies = Body.objects.filter(pk__in=standing.body_ids, community=body.community_id, region=body.region_id)
    organisations: Any = Organisation.objects.filter(pk__in=standing.organisation_ids)
    tenants = Q(community=body.community_id) if body.community_id else Q(pk=body.region_id)
    return [
        *(
            (Owner(OwnerKind.BODY, row.pk), row.name)
            for row in bodies.exclude(kind=BodyKind.SECRETARIAT).order_by("name")
        ),
        *(
            (Owner(OwnerKind.ORGANISATION, row.pk), row.name)
            for row in organisations.filter(tenants).current(day).order_by("name", "pk")
        ),
    ]


def all_senders(bodies: Iterable[Body], standing: Standing, day: date) -> list[tuple[Owner, str]]:
    """The senders to any of the bodies, each once; two queries for each helsefellesskap or region."""
    tenants = {(body.community_id, body.region_id): body for body in bodies}
    return list(dict.fromkeys(one for body in tenants.values() for one in senders_to(body, standing, day)))


def other_bodies(raised: RaisedCase) -> QuerySet[Body]:
    """The bodies that the secretariat may send the case on to: the others of the same helsefellesskap or region."""
    body = raised.body
    others = Body.objects.filter(community=body.community_id, region=body.region_id, kind__in=KINDS, last_day=None)
    return others.exclude(pk=body.pk).order_by("kind", "name", "pk")


def meetings_to_put_up_in(raised: RaisedCase) -> QuerySet[Meeting]:
    """The meetings that the body, or the one that goes on from it, has planned; the first to come first."""
    planned = Meeting.objects.filter(body=raised.body.in_force, status=MeetingStatus.PLANNED)
    return planned.select_related("body").order_by("starts_at", "pk")


@dataclass(frozen=True, slots=True)
class Ways:
    """Where the secretariat may put a raised case up and send it on to; None where there is nowhere."""

    meetings: QuerySet[Meeting] | None
    bodies: QuerySet[Body] | None


def ways_on(raised: RaisedCase) -> Ways:
    """The ways that the case can go; two queries."""
    meetings, bodies = meetings_to_put_up_in(raised), other_bodies(raised)
    return Ways(meetings if meetings.exists() else None, bodies if bodies.exists() else None)


def sendings_of(raised: RaisedCase) -> QuerySet[SentOn]:
    """When it was sent on, the first first."""
    return raised.sendings.select_related("from_body", "to_body", "sent_by")


@dataclass(frozen=True, slots=True)
class Lists:
    """What the person has raised with others, and what is raised with the bodies that the person serves."""

    waiting: Sequence[RaisedCase]
    dealt_with: QuerySet[RaisedCase]
    serves: bool

    @property
    def heading(self) -> str:
        """The news of the page."""
        count = len(self.waiting)
        if not count:
            return _("Innmeldte saker")
        return ngettext("Én innmeldt sak venter", "%(n)s innmeldte saker venter", count) % {"n": in_words(count)}


def lists_of(standing: Standing) -> Lists:
    """All that the person sees; what waits is read, the rest is for a page of it. What came first waits first."""
    rows = RaisedCase.objects.visible_to(standing).with_names()
    waiting = list(rows.waiting().order_by("raised_at", "pk"))
    return Lists(waiting, rows.exclude(case=None, settled_at=None), standing.is_officer)


def visible(standing: Standing) -> QuerySet[RaisedCase]:
    """The raised cases that the person may read."""
    return RaisedCase.objects.visible_to(standing).with_names().select_related("settled_by", "case__body")


@dataclass(frozen=True, slots=True)
class CaseShown:
    """The case that a raised case became, as they who raised it may know it.

    ``url`` is empty for one who may not read the case. The outcome is told once the minutes are adopted.
    """

    reference: str
    meeting: Meeting
    url: str
    outcome: str


def case_shown(raised: RaisedCase, standing: Standing) -> CaseShown | None:
    """The case that it became; None while it has become none."""
    case = raised.case
    if case is None:
        return None
    is_open = case.meeting.is_called or case.body_id in standing.chaired_body_ids
    reads = standing.is_secretariat_of(case.body) or (is_open and case.body_id in standing.body_ids)
    is_adopted = case.meeting.status == MeetingStatus.ADOPTED
    outcome = case.get_status_display() if is_adopted else ""
    if case.meeting.is_cancelled:
        outcome = case.meeting.get_status_display()
    return CaseShown(case.reference, case.meeting, case.get_absolute_url() if reads else "", outcome)


def waiting_for(standing: Standing, most: int) -> QuerySet[RaisedCase]:
    """Those that wait for the person's secretariat, what came first first; at most so many."""
    return RaisedCase.objects.served_by(standing).waiting().with_names().order_by("raised_at", "pk")[:most]


def looked_after(standing: Standing) -> QuerySet[RaisedCase]:
    """The raised cases whose mail the person looks after: those with the bodies that one serves."""
    return RaisedCase.objects.served_by(standing).with_names()
