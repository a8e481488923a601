"""Adopted minutes of the house's SSU that ask for something: the ways to where this room's tests start."""

from datetime import timedelta

from evaluation.actions.asks import Due
from evaluation.actions.models import FollowUpItem, OwnerKind
from evaluation.actions.queries.owners import Owner
from evaluation.actions.services import NewItem, add
from evaluation.meetings.models import Case, Meeting
from evaluation.meetings.services import live, minutes, resolving
from portal.clock import local_date
from tests.meetings import world as meetings

PROPOSAL = """1. SSU godkjenner kriteriene.
2. SSU gir tilslutning til prosessen, og ber sekretariatet oppdatere Samarbeidsprosedyre 5 i tråd med dette.
3. SSU ber Senja kommune legge frem forslag til bruk av midlene innen mars 2025."""


def adopted(home, now, *proposals):
    """Adopted minutes of the SSU with a case for each proposal; gives the meeting and its cases."""
    meeting = meetings.planned(home, now)
    for number, proposal in enumerate(proposals or (PROPOSAL,), start=1):
        meetings.own_case(home, meeting, now, title=f"Retningslinjer {number}", proposal=proposal)
    meeting = meetings.opened(home, meeting, now, *meetings.everybody(home))
    for case in meeting.cases.order_by("position"):
        live.go_to(meeting, case, by=home.chair, at=now)
        resolving.adopt_as_proposed(Case.objects.get(pk=case.pk), by=home.chair, at=now)
    live.close_meeting(Meeting.objects.get(pk=meeting.pk), by=home.chair, at=now)
    minutes.adopt(Meeting.objects.get(pk=meeting.pk).minutes, by=home.chair, at=now)
    meeting = Meeting.objects.select_related("body__community", "body__region").get(pk=meeting.pk)
    return meeting, list(meeting.cases.order_by("position"))


def new_item(case, owner=None, due=None, text="SSU ber sekretariatet legge frem en sak.", reference="2"):
    """What is to become an item of the case."""
    return NewItem(case.pk, reference, text, owner or Owner(OwnerKind.SECRETARIAT), due)


def item(home, case, now, owner=None, days=None, **more):
    """An item of the case, due in so many days."""
    due = None if days is None else Due(local_date(now) + timedelta(days=days))
    made = add(case, new_item(case, owner, due, **more), by=home.secretary, at=now)
    return FollowUpItem.objects.with_case().get(pk=made.pk)


def own(kind, row):
    """The owner of that kind."""
    return Owner(kind, row.pk)
