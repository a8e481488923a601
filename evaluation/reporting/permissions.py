"""Who may begin a report, write it, approve it and open it again. Who may read it is asked in ``queries``."""

from datetime import datetime

from django.utils.translation import gettext as _

from evaluation.reporting.models import PeriodReport
from evaluation.reporting.queries import is_closed, is_counted_out, senders_for
from portal.communities.models import User
from portal.communities.queries import standing_at
from portal.communities.standing import Standing
from portal.permissions import Verdict, allow_if


def _serves(standing: Standing, report: PeriodReport) -> bool:
    if report.community_id:
        return report.community_id in standing.secretariat_community_ids
    return report.region_id in standing.secretariat_region_ids


def can_begin(user: User, *, now: datetime) -> Verdict:
    """Begin a report: who is in a secretariat; two queries."""
    return allow_if(senders_for(standing_at(user, now)), _("Bare sekretariatet lager rapporter."))


def can_read(user: User, report: PeriodReport, *, now: datetime) -> Verdict:
    """Read a report that one may see: a sent one only when no project that it counts is closed to the person.

    Its sums are the same for all who read it, and would tell of that project; one query. What is written has the
    figures that are open to each.
    """
    is_open = not (report.is_sent and is_closed(report, standing_at(user, now)))
    return allow_if(is_open, _("Rapporten har tall fra et prosjekt som er lukket for deg."))


def can_write(user: User, report: PeriodReport, *, now: datetime) -> Verdict:
    """Write in it until it is sent: the secretariat of the helsefellesskap or the region."""
    allowed = allow_if(_serves(standing_at(user, now), report), _("Bare sekretariatet skriver rapporten."))
    return allowed and allow_if(not report.is_sent, _("Rapporten er sendt og kan ikke endres."), is_past=True)


def can_approve(user: User, report: PeriodReport, *, now: datetime) -> Verdict:
    """Approve and send it: one of those above to whom every project in its period is open; one query.

    Who does not see all the figures cannot answer for them.
    """
    allowed = can_write(user, report, now=now)
    standing = standing_at(user, now)
    return allowed and allow_if(
        not is_counted_out(report, standing),
        _("Rapporten har tall fra et prosjekt som er lukket for deg. En kollega må godkjenne den."),
    )


def can_open_again(user: User, report: PeriodReport, *, now: datetime) -> Verdict:
    """Open a sent report again to put it right: the secretariat that sent it."""
    allowed = allow_if(_serves(standing_at(user, now), report), _("Bare sekretariatet retter rapporten."))
    return allowed and allow_if(report.is_sent, _("Rapporten er ikke sendt."), is_past=True)
