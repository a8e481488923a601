"""What the log calls that which its entries are about, for those who may open it."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from applications.models import Application
from evaluation.assessment.models import PriorityList
from evaluation.assessment.queries.closed import out_or_must_answer
from evaluation.meetings.models import Ballot, Case, Meeting, Minutes
from portal.communities.models import Body, Organisation, User
from portal.communities.queries import administered_bodies, administered_organisations, people
from portal.communities.standing import Standing
from portal.formats import date_no
from portal.journal.questions import Named
from rounds.models import Round

Ids = Collection[str]


def names_of(subjects: Mapping[str, Ids], standing: Standing) -> dict[tuple[str, str], Named]:
    """The answer to ``portal.journal.questions.names_of``; a query for each kind of subject.

    Asked about entries that are open to the person (``portal.journal.queries.open_to``): a case of a meeting that is
    closed has none.
    """
    named: dict[tuple[str, str], Named] = {}
    for model, read in _READERS.items():
        label = model._meta.label_lower
        if ids := subjects.get(label):
            named |= {(label, str(pk)): name for pk, name in read(ids, standing).items()}
    return named


def _applications(ids: Ids, standing: Standing) -> dict[int, Named]:
    """What has come to the person's secretariat, and is not closed to the person: no draft."""
    shown = Application.objects.handled_by(standing).exclude(out_or_must_answer(standing)).filter(pk__in=ids)
    return {
        pk: Named(title, reverse("assessment:detail", args=[code]))
        for pk, title, code in shown.values_list("pk", "title", "code")
    }


def _lists(ids: Ids, standing: Standing) -> dict[int, Named]:
    rounds = Round.objects.handled_by(standing).values("pk")
    shown = PriorityList.objects.filter(pk__in=ids, round__in=rounds)
    return {
        pk: Named(title, reverse("assessment:round", args=[code]))
        for pk, title, code in shown.values_list("pk", "round__title", "round__code")
    }


def _rounds(ids: Ids, standing: Standing) -> dict[int, Named]:
    return {
        row.pk: Named(row.title, row.get_absolute_url())
        for row in Round.objects.handled_by(standing).filter(pk__in=ids)
    }


def _meetings(ids: Ids, standing: Standing) -> dict[int, Named]:
    shown = Meeting.objects.visible_to(standing).filter(pk__in=ids).select_related("body")
    return {row.pk: Named(_called(row), row.get_absolute_url()) for row in shown}


def _minutes(ids: Ids, standing: Standing) -> dict[int, Named]:
    meetings = Meeting.objects.visible_to(standing).values("pk")
    shown = Minutes.objects.filter(pk__in=ids, meeting__in=meetings).select_related("meeting__body")
    return {row.pk: Named(_called(row.meeting), reverse("meetings:minutes", args=[row.meeting_id])) for row in shown}


def _called(meeting: Meeting) -> str:
    return _("Møte i %(body)s %(day)s") % {"body": meeting.body.name, "day": date_no(meeting.held_at)}


def _cases(ids: Ids, standing: Standing) -> dict[int, Named]:
    meetings = Meeting.objects.visible_to(standing).values("pk")
    return {row.pk: _case(row) for row in Case.objects.filter(pk__in=ids, meeting__in=meetings)}


def _ballots(ids: Ids, standing: Standing) -> dict[int, Named]:
    meetings = Meeting.objects.visible_to(standing).values("pk")
    shown = Ballot.objects.filter(pk__in=ids, case__meeting__in=meetings).select_related("case")
    return {row.pk: _case(row.case) for row in shown}


def _case(case: Case) -> Named:
    words = {"case": case.reference, "title": case.title}
    return Named(_("Sak %(case)s: %(title)s") % words, case.get_absolute_url())


def _people(ids: Ids, standing: Standing) -> dict[int, Named]:
    return {
        row.pk: Named(row.name, reverse("portal:person", args=[row.pk])) for row in people(standing).filter(pk__in=ids)
    }


def _bodies(ids: Ids, standing: Standing) -> dict[int, Named]:
    shown = administered_bodies(standing).filter(pk__in=ids)
    return {row.pk: Named(row.name, reverse("portal:body", args=[row.code])) for row in shown}


def _organisations(ids: Ids, standing: Standing) -> dict[int, Named]:
    shown = administered_organisations(standing).filter(pk__in=ids)
    return {row.pk: Named(row.name, reverse("portal:organisation", args=[row.pk])) for row in shown}


_READERS: dict[Any, Callable[[Ids, Standing], dict[int, Named]]] = {
    Application: _applications,
    PriorityList: _lists,
    Round: _rounds,
    Meeting: _meetings,
    Minutes: _minutes,
    Case: _cases,
    Ballot: _ballots,
    User: _people,
    Body: _bodies,
    Organisation: _organisations,
}
