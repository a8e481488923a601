"""Which earlier cases a case builds on (R127): named and left out until it is settled."""

from datetime import datetime

from django.utils.translation import gettext as _

from evaluation.meetings.models import Case
from evaluation.meetings.queries.related import cases_to_name, named_from
from evaluation.meetings.services.locking import (
    MeetingError,
    locked_case,
    require_in_case,
    require_not_over,
    require_sees_whole,
    tell,
)
from portal.acts import act
from portal.communities.models import User


@act
def name_earlier(case: Case, earlier: Case, *, by: User, at: datetime) -> Case:
    """Name an earlier case that this one builds on.

    Raises MeetingError when it is not one of ``cases_to_name``, when this case is settled or its meeting over, and when
    ``by`` is out of it.
    """
    case = _case_to_write(case, by, at)
    if not cases_to_name(case, by, now=at).filter(pk=earlier.pk).exists():
        raise MeetingError(_("Sak %(case)s kan ikke velges her.") % {"case": named_from(case, earlier)})
    case.earlier.add(earlier)
    tell("case.earlier_named", case.meeting, by=by, at=at, subject=case, earlier=named_from(case, earlier))
    return case


@act
def leave_out_earlier(case: Case, earlier: Case, *, by: User, at: datetime) -> Case:
    """Take back that it builds on the earlier case. Raises MeetingError as above."""
    case = _case_to_write(case, by, at)
    if case.earlier.filter(pk=earlier.pk).exists():
        case.earlier.remove(earlier)
        tell("case.earlier_left_out", case.meeting, by=by, at=at, subject=case, earlier=named_from(case, earlier))
    return case


def _case_to_write(case: Case, by: User, at: datetime) -> Case:
    case = locked_case(case)
    require_in_case(by, case, _("knytte den til andre saker"))
    require_sees_whole(by, case, at)
    require_not_over(case.meeting)
    if case.is_settled:
        raise MeetingError(_("Sak %(case)s er avgjort. Saksframlegget står fast.") % {"case": case.reference})
    return case
