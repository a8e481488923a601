"""Turning adopted resolutions into a decision for each application."""

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from applications.models import Application, Submission
from applications.permissions import says_must_answer
from applications.services.status import advance
from applications.workflow import Status, body_transition_to
from evaluation.assessment import award
from evaluation.assessment.models import Admission, Recommendation
from evaluation.assessment.queries.must_answer import must_answer, titles_to_answer
from evaluation.decisions.amounts import split
from evaluation.decisions.models import Decision
from evaluation.decisions.queries.registering import undecided_resolutions
from evaluation.meetings.models import Meeting, MeetingStatus, Resolution
from evaluation.meetings.queries.proposed import proposal_of
from evaluation.meetings.reasons import whole
from portal.acts import act, held
from portal.communities.models import Body, User
from portal.communities.queries import standing_at
from portal.errors import DomainError
from portal.journal import services as journal
from rounds.outcomes import Outcome


class DecisionError(DomainError):
    """The decision cannot be made: something is missing, wrong, or decided already."""


@act
def decide(
    application: Application,
    *,
    outcome: str,
    amount: int | None,
    reason: str,
    by: User,
    at: datetime,
    conditions: str = "",
    body: Body | None = None,
    resolution: Resolution | None = None,
) -> Decision:
    """Decide one application (forvaltningsloven §§ 24–25: always with reasons).

    An award has an amount in kroner, at most what was asked for; nothing else has one. An earlier decision
    of the same application (postponed) is marked as replaced, and kept. Raises DecisionError, and TransitionError when
    the status of the application allows no decision.
    """
    _check(application, outcome=outcome, amount=amount, reason=reason)
    # An application that was not admitted, or not prioritised, has that status already.
    transition = body_transition_to(Outcome(outcome).means.status)
    if transition:
        advance(application, transition.name, by=by, at=at)
    Decision.objects.in_force().filter(application=application).update(replaced_at=at)
    decision = Decision.objects.create(
        application=application,
        outcome=outcome,
        amount=amount,
        amounts_by_year=split(amount, _requested_by_year(application)) if amount else {},
        reason=reason.strip(),
        conditions=conditions.strip(),
        body=body,
        resolution=resolution,
        decided_by=by,
        decided_at=at,
    )
    journal.record(
        "decision.made",
        subject=application,
        by=by,
        at=at,
        community=application.tenant,
        outcome=outcome,
        amount=amount,
        decision=decision.pk,
        case=resolution.case.reference if resolution else "",
    )
    return decision


def _check(application: Application, *, outcome: str, amount: int | None, reason: str) -> None:
    if not reason.strip():
        raise DecisionError(_("Vedtaket om «%(title)s» mangler begrunnelse.") % {"title": application.title})
    wrong = award.fault(outcome, amount, application.requested_amount)
    if wrong and wrong not in award.MISNAMED:
        raise DecisionError(_AMOUNT_FAULTS[wrong] % {"title": application.title})


_AMOUNT_FAULTS = {
    award.Fault.MISSING: _lazy("Vedtaket om «%(title)s» mangler beløp."),
    award.Fault.UNWANTED: _lazy("Bare en innvilgelse kan ha beløp."),
    award.Fault.ABOVE: _lazy("«%(title)s» kan ikke få mer enn det er søkt om."),
}


def _requested_by_year(application: Application) -> dict[int, int]:
    """What the sent version asks the grant for, by year."""
    sent = Submission.objects.filter(application=application).newest()
    by_year: dict[int, int] = {}
    for line in sent.snapshot["budget"]["lines"] if sent else ():
        if line["source"] == "grant":
            by_year[line["year"]] = by_year.get(line["year"], 0) + line["amount"]
    return by_year


def decide_from_minutes(meeting: Meeting, *, by: User, at: datetime) -> list[Decision]:
    """Make the decisions that the meeting's adopted minutes hold; those already made are left alone.

    Those that the person is inhabil in are left for somebody else, and those that the person takes part in wait for the
    answer about habilitet. Each decision is an act of its own, so that one that is refused stops no other. Raises
    DecisionError while the minutes are not adopted, when nothing else is left, and when the others are made, with what
    was refused.
    """
    if meeting.status != MeetingStatus.ADOPTED:
        raise DecisionError(_("Protokollen må være godkjent før vedtakene kan registreres."))
    waiting = [resolution for resolution in undecided_resolutions(meeting) if _is_final(resolution)]
    waited_for, standing = Q(cases__resolution__in=[resolution.pk for resolution in waiting]), standing_at(by, at)
    left = set(Application.objects.out_of_case(by.pk).filter(waited_for).values_list("pk", flat=True))
    asked = Application.objects.filter(waited_for).filter(must_answer(standing)).exclude(pk__in=left)
    left_or_asked = left | set(asked.values_list("pk", flat=True))
    handled = [resolution for resolution in waiting if resolution.case.application_id not in left_or_asked]
    if waiting and not handled and (titles := titles_to_answer(standing, waited_for & ~Q(pk__in=left))):
        raise DecisionError(says_must_answer(titles))
    if waiting and not handled:
        raise DecisionError(_("Du er inhabil i sakene som gjenstår. En annen i sekretariatet må registrere vedtakene."))
    return _decide_each(handled, by=by, at=at)


def _decide_each(handled: list[Resolution], *, by: User, at: datetime) -> list[Decision]:
    """The decisions that were made; raises DecisionError at the end with what was refused, and why."""
    made, refused = [], []
    for resolution in handled:
        try:
            if decision := decide_resolution(resolution, by=by, at=at):
                made.append(decision)
        except DomainError as error:
            refused.append(_("Sak %(case)s: %(why)s") % {"case": resolution.case.reference, "why": error})
    if refused:
        done = ngettext("%(n)d vedtak er registrert.", "%(n)d vedtak er registrert.", len(made)) % {"n": len(made)}
        raise DecisionError(" ".join([done, *refused] if made else refused))
    return made


@act
def decide_resolution(resolution: Resolution, *, by: User, at: datetime) -> Decision | None:
    """The decision that an adopted resolution says; None when it is made, or the application is withdrawn meanwhile."""
    # Locked before the resolution is read: of two acts at the same time, the second sees what the first has done.
    application = held(Application.objects.filter(cases=resolution.case_id)).get()
    current = undecided_resolutions(resolution.case.meeting).filter(pk=resolution.pk).first()
    if current is None:
        return None
    if Application.objects.out_of_case(by.pk).filter(pk=application.pk).exists():
        raise DecisionError(_("Du er inhabil i saken. En annen i sekretariatet må registrere vedtaket."))
    return _decide_resolution(current, resolution.case.meeting.body, by=by, at=at)


def _is_final(resolution: Resolution) -> bool:
    """Whether the case belongs to the stage that decides; what an earlier stage resolves goes into the list only."""
    case = resolution.case
    if case.priority_list is None or case.application is None:
        return False
    deciding: str = case.application.round.spec.deciding_stage.code
    return case.priority_list.stage.code == deciding


def _decide_resolution(resolution: Resolution, body: Body, *, by: User, at: datetime) -> Decision:
    case = resolution.case
    outcome = Outcome(resolution.outcome)
    outcome = Outcome(outcome.means.becomes or outcome)
    if case.application is None:
        raise DecisionError(_("Sak %(case)s gjelder ingen søknad.") % {"case": case.reference})
    return decide(
        case.application,
        outcome=outcome,
        amount=resolution.amount if outcome.is_award else None,
        **_words_of(resolution),
        body=body,
        resolution=resolution,
        by=by,
        at=at,
    )


def _words_of(resolution: Resolution) -> dict[str, str]:
    """The reason and the conditions of the decision: the body's own.

    What was resolved before bodies had to write them has those of a recommendation that was followed, and no other.
    """
    kept = proposal_of(resolution.case).taken_over(resolution.outcome, resolution.amount)
    reason, conditions = (
        whole(resolution.reason, resolution.difference) or kept.get("reason", ""),
        resolution.conditions,
    )
    if not reason:
        raise DecisionError(_("Vedtaket mangler begrunnelse, og innstillingen sa noe annet. Utvalget må si hvorfor."))
    return {"reason": reason, "conditions": kept.get("conditions", "") if conditions is None else conditions}


@act
def decide_without_meeting(application: Application, *, by: User, at: datetime) -> Decision:
    """The decision for an application that was not admitted, or that its helsefellesskap did not prioritise.

    Raises DecisionError when the decision has been made, also by somebody else at the same time.
    """
    application = held(Application.objects.filter(pk=application.pk)).select_related("community").get()
    if Decision.objects.in_force().filter(application=application).exists():
        raise DecisionError(_("Vedtaket om «%(title)s» er allerede registrert.") % {"title": application.title})
    if application.status == Status.NOT_ADMITTED:
        reason = Admission.objects.get(application=application, admitted=False).reason
    elif application.status == Status.NOT_PRIORITISED:
        # Of the stage that ended it, whatever an earlier one wrote.
        ended_in = application.stage_entries.order_by("-pk").values("stage")[:1]
        recommended = Recommendation.objects.filter(application=application, priority_list__stage__in=ended_in)
        reason = recommended.latest("updated_at").reason
    else:
        raise DecisionError(_("Denne saken skal avgjøres i et møte."))
    return decide(application, outcome=application.status, amount=None, reason=reason, by=by, at=at)
