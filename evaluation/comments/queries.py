"""The reads of the room: rounds of comments, those asked, and what they have written."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluation.actions.models import OwnerKind
from evaluation.actions.queries.owners import Owner, owners_for
from evaluation.comments.models import Asked, Comment, CommentRound, CommentRoundQuerySet, RoundState
from evaluation.meetings.models import CHAIRS, Case, MeetingStatus
from evaluation.meetings.queries.papers import visible_cases
from evaluation.meetings.questions import CommentShown, CommentsShown
from portal.clock import end_of_day, local_date
from portal.communities.models import Affiliation, Seat, User
from portal.communities.queries import standing_at
from portal.communities.standing import Standing
from portal.formats import date_in_words, date_no
from portal.ui import NextStep


def cases_to_ask_about(user: User, now: datetime) -> QuerySet[Case]:
    """The cases that can be sent for comments: of planned meetings, about no application and no list."""
    planned = visible_cases(user, now=now).filter(meeting__status=MeetingStatus.PLANNED)
    return planned.filter(application=None, priority_list=None)


def visible(standing: Standing) -> CommentRoundQuerySet:
    """The rounds that the person may read: one's secretariat's, and those in which one's own are asked."""
    rows = CommentRound.objects.all()
    either = (rows.served_by(standing), rows.asking(standing))
    keys = [Q(pk__in=some.order_by().values("pk")) for some in either]
    return rows.filter(keys[0] | keys[1]).with_case()


def choices_of(case: Case, day: date) -> list[Any]:
    """All who can be asked, in groups: the other bodies, and the organisations."""
    owners = owners_for(case.body, day)
    bodies = [row for row in owners.bodies if row.pk != case.body_id]
    return [
        (_("Organer"), [(Owner(OwnerKind.BODY, row.pk).code, row.name) for row in bodies]),
        (
            _("Organisasjoner"),
            [(Owner(OwnerKind.ORGANISATION, row.pk).code, row.name) for row in owners.organisations],
        ),
    ]


def can_be_asked(case: Case, codes: Collection[str], day: date) -> bool:
    """Whether all of these (codes) are among those who can be asked."""
    known = {code for _group, rows in choices_of(case, day) for code, _name in rows}
    return set(codes) <= known


@dataclass(frozen=True, slots=True)
class AskedShown:
    """One of those asked, with the last comment, and whether the person may write for them."""

    asked: Asked
    comment: Comment | None
    writes: bool


def asked_in(of_round: CommentRound, standing: Standing) -> list[AskedShown]:
    """Those asked, in the order in which they were chosen; two queries."""
    written = Prefetch("comments", Comment.objects.select_related("written_by"), "written")
    rows = Asked.objects.filter(round=of_round).select_related("body", "organisation").prefetch_related(written)
    return [AskedShown(row, next(reversed(row.written), None), writes_for(row, standing)) for row in rows]


def find_asked(of_round: CommentRound, pk: int) -> Asked:
    """One of those asked in the round, with the round as it was read."""
    asked = Asked.objects.select_related("body", "organisation").get(round=of_round, pk=pk)
    asked.round = of_round
    return asked


def writes_for(asked: Asked, standing: Standing) -> bool:
    """Whether the person writes for the one asked: who leads the body, everybody of the organisation."""
    if asked.body_id:
        return asked.body_id in standing.chaired_body_ids
    return asked.organisation_id in standing.organisation_ids


def last_comment(asked: Asked) -> Comment | None:
    """The comment that counts now."""
    return asked.comments.select_related("written_by").order_by("pk").last()


def people_of(asked: Asked, day: date) -> list[User]:
    """Who is told that the one asked is asked: those who write for it on the day; one query."""
    if asked.body_id:
        places: QuerySet[Any] = Seat.objects.current(day).filter(body=asked.body_id, role__in=CHAIRS)
    else:
        places = Affiliation.objects.acting_for([asked.organisation_id], day)
    return list(User.objects.filter(pk__in=places.order_by().values("user"), is_active=True).order_by("pk"))


def silent_in(of_round: CommentRound) -> list[Asked]:
    """Those asked who have written nothing; one query."""
    return list(of_round.asked.filter(comments=None).select_related("body", "organisation"))


def rounds_due(first: date, last: date) -> list[CommentRound]:
    """The rounds that are not closed and are due from the first day to the last; one query."""
    waiting = CommentRound.objects.filter(closed_at=None, case__meeting__status=MeetingStatus.PLANNED)
    return list(waiting.filter(due_date__range=(first, last)).with_case())


def asked_to_write(standing: Standing, today: date) -> list[Asked]:
    """Those asked for whom the person writes, who have written nothing yet, in rounds that are out; one query."""
    leads = Q(body__in=standing.chaired_body_ids) | Q(organisation__in=standing.organisation_ids)
    rows = Asked.objects.filter(leads, comments=None, round__closed_at=None, round__due_date__gte=today)
    rows = rows.filter(round__case__meeting__status=MeetingStatus.PLANNED)
    return list(rows.select_related("round__case__body", "body", "organisation").order_by("round__due_date", "pk"))


def rounds_to_close(standing: Standing, today: date) -> list[CommentRound]:
    """The rounds whose comments the person's secretariat has to take into the case; one query, none for others."""
    if not standing.is_officer:
        return []
    rows = CommentRound.objects.served_by(standing).filter(closed_at=None, due_date__lt=today)
    return list(rows.filter(case__meeting__status=MeetingStatus.PLANNED).with_case())


def looked_after(standing: Standing) -> QuerySet[CommentRound]:
    """The rounds whose mail the person looks after: those of cases that one's secretariat prepares."""
    return CommentRound.objects.served_by(standing).with_case()


# --- what the page of the case shows ----------------------------------------------------------------------


def comments_in(case: Case, user: User, now: datetime) -> CommentsShown:
    """The comments on the case for those who may read its paper; two queries when it was sent for comments, else one.

    A case about an application or a list is never sent out, and takes no query.
    """
    if case.application_id or case.priority_list_id:
        return CommentsShown(can_be_sent=False)
    of_round = CommentRound.objects.filter(case=case).first()
    if of_round is None:
        return CommentsShown()
    of_round.case = case
    state, due = of_round.state_on(local_date(now)), date_in_words(of_round.due_date)
    said = _("Til innspill til og med %(due)s") % {"due": due} if state == RoundState.OUT else str(state.label)
    shown = asked_in(of_round, standing_at(user, now))
    return CommentsShown(
        url=of_round.get_absolute_url(),
        state=state,
        said=said,
        question=of_round.question,
        comments=[_shown(row.asked, row.comment) for row in shown if row.comment],
        silent=[row.asked.name for row in shown if not row.comment],
    )


def _shown(asked: Asked, comment: Comment) -> CommentShown:
    words = {"name": comment.written_by, "day": date_no(comment.written_at)}
    return CommentShown(asked.name, comment.text, _("%(name)s, %(day)s") % words)


def next_step_of(of_round: CommentRound, shown: Sequence[AskedShown], today: date) -> NextStep:
    """What the secretariat does now: waits until all have written or the date is past, then closes the round."""
    silent = [row.asked.name for row in shown if not row.comment]
    if silent and of_round.state_on(today) == RoundState.OUT:
        return NextStep(
            ngettext("Venter på ett innspill", "Venter på %(n)s innspill", len(silent)) % {"n": len(silent)},
            text=", ".join(silent),
            due_at=end_of_day(of_round.due_date),
        )
    return NextStep(
        _("Ta innspillene inn i saken"),
        text=_("Når de er vurdert, avslutter dere runden. Da kan ingen svare lenger."),
        act=_("Avslutt runden"),
        url=reverse("comments:close", args=[of_round.pk]),
        is_post=True,
    )


def heading_of(of_round: CommentRound, shown: Sequence[AskedShown], today: date) -> str:
    """The news of the page of a round: how many have answered, and whether it is still out."""
    words = {"n": sum(bool(row.comment) for row in shown), "all": len(shown), "case": of_round.case.reference}
    state = of_round.state_on(today)
    if state == RoundState.WAITS:
        return _("Sak %(case)s venter på et nytt møte: %(n)s av %(all)s har svart") % words
    if state == RoundState.OUT:
        return _("Sak %(case)s til innspill: %(n)s av %(all)s har svart") % words
    return _("Innspill til sak %(case)s: %(n)s av %(all)s svarte") % words
