"""Who may accept, record the start of operation and report, in the order of the process."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from applications.models import Application
from applications.permissions import OUT_OF_CASE, has_answered
from applications.workflow import AWARDED, FOLLOWED, Status
from evaluation.followup.models import EvaluationReport
from portal.communities.queries import standing_at
from portal.permissions import YES, Verdict, Way, allow_if, first_refusal

WRITES_IT = gettext_noop(
    "Du er blant dem som skrev og sendte dette. Be en kollega i sekretariatet rette opplysningene."
)
UNTIL_SENT = gettext_noop("Opplysningene kan rettes når tilskuddet er akseptert og til evalueringen er sendt.")


def writes(user: Any, application: Application, *, now: datetime) -> bool:
    """Whether the person is one of those who wrote the application; who only supports it is not."""
    return application.is_edited_by(standing_at(user, now))


def can_follow(user: Any, application: Application, *, now: datetime) -> Verdict:
    """See what follows an award: those who wrote it, and those who handle it and are not out of the case.

    Before the letter is sent, whoever takes part in it answers about habilitet first.
    """
    standing = standing_at(user, now)
    if application.announced_at and application.is_written_by(standing):
        return YES
    is_told = allow_if(application.announced_at, "")
    return first_refusal(
        allow_if(not application.is_out_of_case(standing), _(OUT_OF_CASE)),
        is_told or has_answered(user, application, now=now),
    )


def binds_lead(user: Any, application: Application, *, now: datetime) -> bool:
    """Whether the person may sign for the organisation that receives the money."""
    return application.lead_organisation_id in application.places_of(standing_at(user, now)).signs_for_ids


def can_accept(user: Any, application: Application, *, now: datetime) -> Verdict:
    """The terms are accepted by somebody who may bind the lead organisation."""
    signs = binds_lead(user, application, now=now)
    return first_refusal(
        allow_if(signs, _("Bare den som kan signere for ansvarlig søker, kan akseptere vilkårene.")),
        _is_unanswered(application, _("Det er ikke noe tilskudd å akseptere her nå.")),
    )


def can_decline(user: Any, application: Application, *, now: datetime) -> Verdict:
    """An award is turned down by those who could have accepted it, until somebody has."""
    signs = binds_lead(user, application, now=now)
    return first_refusal(
        allow_if(signs, _("Bare den som kan signere for ansvarlig søker, kan takke nei til tilskuddet.")),
        _is_unanswered(application, _("Det er ikke noe tilskudd å takke nei til her nå.")),
    )


def _is_unanswered(application: Application, reason: str) -> Verdict:
    status = application.known_status
    is_past, first = status in FOLLOWED | {Status.WITHDRAWN}, Way(application.get_absolute_url(), _("Se hvor saken er"))
    return allow_if(status in AWARDED, reason, is_past=is_past, first=first)


def can_record_start(user: Any, application: Application, *, now: datetime) -> Verdict:
    """Everybody who wrote the application may tell when operation started."""
    until = _("Driftsstart kan meldes når tilskuddet er akseptert og til evalueringen er sendt.")
    return first_refusal(
        allow_if(writes(user, application, now=now), _("Bare partnerne i prosjektet kan melde driftsstart.")),
        _is_followed(application, until),
    )


def can_remind(user: Any, application: Application, *, now: datetime) -> Verdict:
    """Remind a project that is late: an officer who handles it and is not out of the case.

    A reminder decides nothing, so an officer who wrote the application may send it, too.
    """
    standing = standing_at(user, now)
    return first_refusal(
        allow_if(application.has_come_to(standing), _("Bare sekretariatet kan sende en purring.")),
        allow_if(not application.is_out_of_case(standing), _(OUT_OF_CASE)),
        has_answered(user, application, now=now),
    )


def _project(application: Application) -> Way:
    return Way(reverse("followup:project", args=[application.code]), _("Til prosjektet"))


def can_correct(user: Any, application: Application, *, now: datetime) -> Verdict:
    """Put right what the recipient has told: an officer who handles it, is not out of the case and did not write it."""
    standing = standing_at(user, now)
    return first_refusal(
        allow_if(application.has_come_to(standing), _("Bare sekretariatet kan rette opplysningene.")),
        allow_if(not application.is_out_of_case(standing), _(OUT_OF_CASE)),
        allow_if(not writes(user, application, now=now), _(WRITES_IT)),
        has_answered(user, application, now=now),
        _is_followed(application, _(UNTIL_SENT)),
    )


def _is_followed(application: Application, until: str) -> Verdict:
    followed = application.status in {Status.ACCEPTED, Status.IN_OPERATION}
    # An award that was turned down is withdrawn.
    is_past = application.status in {Status.EVALUATED, Status.WITHDRAWN}
    return allow_if(followed, until, is_past=is_past, first=_project(application))


def can_report(user: Any, report: EvaluationReport, *, now: datetime) -> Verdict:
    """Everybody who wrote the application may write and send its evaluation, until it is sent."""
    application = report.acceptance.decision.application
    start = Way(reverse("followup:start", args=[application.code]), _("Meld driftsstart"))
    has_started, told = application.status == Status.IN_OPERATION, _("Meld driftsstart før dere skriver evalueringen.")
    return first_refusal(
        allow_if(writes(user, application, now=now), _("Bare partnerne i prosjektet kan skrive evalueringen.")),
        allow_if(report.submitted_at is None, _("Evalueringen er sendt og kan ikke endres."), is_past=True),
        allow_if(has_started, told, first=start),
    )


def can_put_up_case(user: Any, report: EvaluationReport, *, now: datetime) -> Verdict:
    """The helsefellesskap's secretariat puts a sent evaluation on the body's agenda."""
    communities_served = standing_at(user, now).secretariat_community_ids
    application = report.acceptance.decision.application
    is_own = application.community_id in communities_served
    return first_refusal(
        allow_if(is_own, _("Bare sekretariatet kan føre evalueringen opp som sak.")),
        allow_if(report.submitted_at, _("Evalueringen er ikke sendt ennå."), first=_project(application)),
        allow_if(report.case_id is None, _("Evalueringen er allerede ført opp som sak."), is_past=True),
    )
