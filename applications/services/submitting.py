"""Sending the application: once, before the deadline, frozen, with a receipt."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from applications import completeness, snapshot
from applications.documents import SUBMISSION
from applications.models import Application, CorrectionRequest, Submission
from applications.services import notices, status
from applications.services.signing import locked
from applications.services.status import TransitionError, advance
from applications.workflow import Status
from portal import clock, formats
from portal.acts import act, held
from portal.documents import services as documents
from portal.errors import DomainError
from portal.twins import twin_lazy, twin_of
from rounds.models import Round


class LateError(DomainError):
    """The deadline has passed. Everything that is written is kept."""

    def __init__(self, deadline: datetime, at: datetime) -> None:
        words = {"when": formats.deadline_no(deadline), "came": f"{formats.datetime_no(at)}{clock.local(at):.%S}"}
        super().__init__(
            _(
                "Fristen gikk ut %(when)s, og dette kom %(came)s. Det er ikke sendt, men alt dere har "
                "skrevet, er lagret. Ta kontakt med sekretariatet hvis dere mener at dere skal få utsatt frist."
            )
            % words
        )


class IncompleteError(DomainError):
    """Something must be put right first; ``report`` tells what."""

    def __init__(self, report: completeness.Report) -> None:
        self.report = report
        said = twin_of(twin_lazy("Søknaden er ikke sendt. %(what)s mangler."), report.parts.application.noun_context)
        super().__init__(said % {"what": completeness.missing_words(report)})


@act
def submit(application: Application, *, by: Any, at: datetime) -> Submission:
    """Send a draft: freeze it, give it a receipt number, and tell the partners and the helsefellesskap (R21).

    At the deadline it is too late. Pressing twice, or two persons at once, gives the same submission, also when there
    is an outcome that the applicants have not been told of. Raises LateError, IncompleteError and TransitionError.
    """
    current = locked(application)
    if current.known_status == Status.SUBMITTED:
        return current.submissions.current()
    deadline = current.closes_at
    _require_round(current)
    if current.status == Status.DRAFT and at >= deadline:
        raise LateError(deadline, at)
    receipt = receipt_number(current, at)
    # The status is written first. After that nobody can save the draft, so nothing changes after the snapshot.
    advance(current, "submit", by=by, at=at, changes={"submitted_at": at, "receipt": receipt}, receipt=receipt)
    status.enter_first(current, at=at)
    submission = _freeze(current, version=1, deadline=deadline, by=by, at=at)
    notices.application_submitted(submission, at=at)
    notices.submission_received(submission, at=at)
    return submission


@act
def resubmit(application: Application, *, by: Any, at: datetime) -> Submission:
    """Send the answer to a correction request as a new version; time and receipt of the first sending stay.

    At the date of the request it is too late. Raises LateError, IncompleteError and TransitionError.
    """
    current = locked(application)
    if current.known_status == Status.SUBMITTED:
        return current.submissions.current()
    _require_round(current)
    request = current.open_correction
    due_at = request.due_at if request else current.closes_at
    if request and at >= due_at:
        raise LateError(due_at, at)
    advance(current, "resubmit", by=by, at=at)
    version = current.submissions.current().version + 1
    submission = _freeze(current, version=version, deadline=due_at, by=by, at=at)
    CorrectionRequest.objects.filter(application=current, answered_at=None).update(answered_at=at)
    notices.application_submitted(submission, at=at)
    notices.correction_answered(submission, at=at)
    return submission


def _require_round(application: Application) -> None:
    """Raise TransitionError when the round is cancelled, also for what came in just before.

    Asked anew after the application is held: the round that was read with it may be as it was before the wait.
    """
    if Round.objects.filter(pk=application.round_id).exclude(cancelled_at=None).exists():
        raise TransitionError(_("Utlysningen er trukket. Søknaden er ikke sendt, men alt dere har skrevet, er lagret."))


def receipt_number(application: Application, at: datetime) -> str:
    """The day of sending and the application's code: «20250228-7KQ2MNP4»."""
    return f"{clock.local_date(at):%Y%m%d}-{application.code}"


def _freeze(application: Application, *, version: int, deadline: datetime, by: Any, at: datetime) -> Submission:
    report = completeness.check(application, at=at, deadline=deadline)
    if report.problems:
        raise IncompleteError(report)
    signatures = [row.signature for row in report.rows if row.signature]
    data = snapshot.frozen(
        report.parts, report.text, signatures, receipt=application.receipt, version=version, by=by, at=at
    )
    document = documents.freeze(
        SUBMISSION,
        application.code,
        data,
        version=version,
        language=application.language,
        tenant=application.tenant,
        by=by,
        at=at,
    )
    return Submission.objects.create(
        application=application, version=version, document=document, submitted_by=by, submitted_at=at
    )


# --- taking it back --------------------------------------------------------------------------------


@act
def withdraw(application: Application, *, by: Any, at: datetime) -> Application:
    """Withdraw the application, before or after it is sent. Everything that is written is kept.

    Tells the partners, and the helsefellesskap when it has received it. Raises TransitionError.
    """
    was_sent = application.submitted_at is not None
    advance(application, "withdraw", by=by, at=at)
    CorrectionRequest.objects.filter(application=application, answered_at=None).update(answered_at=at)
    notices.application_withdrawn(application, by=by, at=at, was_sent=was_sent)
    return application


@act
def bring_back(application: Application, *, by: Any, at: datetime) -> Application:
    """Bring a draft back that was thrown away, with everything that was written. Tells the partners.

    Raises TransitionError when it is no such draft, when the thirty days are over, and when the round is cancelled.
    """
    # Who cancels the round holds it, and no draft that was thrown away.
    if held(Round.objects.filter(pk=application.round_id)).get().cancelled_at:
        raise TransitionError(_("Utlysningen er trukket, så utkastet kan ikke hentes tilbake."))
    current = locked(application)
    if current.submitted_at is not None:
        raise TransitionError(_("Bare et utkast som er kastet, kan hentes tilbake."))
    if current.status == Status.WITHDRAWN and at >= current.kept_until:
        raise TransitionError(
            _("Utkastet kunne hentes tilbake til %(when)s.") % {"when": formats.deadline_no(current.kept_until)}
        )
    advance(current, "bring_back", by=by, at=at)
    notices.draft_brought_back(current, by=by, at=at)
    return current
