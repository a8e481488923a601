"""The evaluation: written against the benefit rows that were sent, submitted, frozen, and put before the body."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from applications.models import Application, Submission
from applications.services.status import advance
from evaluation.followup import permissions, queries
from evaluation.followup.documents import EVALUATION
from evaluation.followup.models import BenefitResult, EvaluationReport
from evaluation.followup.services import agenda
from portal.acts import act, held
from portal.clock import local_date
from portal.communities.models import User
from portal.documents import services as documents
from portal.errors import ChangedError, ConflictError, DomainError
from portal.formats import date_no
from portal.journal import services as journal
from portal.mail import services as mail
from portal.permissions import Verdict
from portal.snapshots import digest
from rounds.answering import checks
from rounds.answering.checks import Dates
from rounds.answering.owner import Owner
from rounds.answering.printing import printed
from rounds.answering.queries import files_of
from rounds.answering.services.files import as_values
from rounds.answering.services.rows import Part

WRITTEN_MEANWHILE = gettext_noop(
    "Noen andre har skrevet i evalueringen siden du åpnet siden. Se over den slik den er nå, før dere sender den."
)


class ReportError(DomainError):
    """The evaluation cannot be sent as it is."""


class ReportSentError(ConflictError):
    """The evaluation is sent already."""


class EvaluationOwner(Owner):
    """The evaluation as the form engine sees it: written until it is sent, its dates held against its own deadline."""

    def __init__(self, report: EvaluationReport) -> None:
        self.report = report
        self.spec = report.acceptance.decision.application.round.spec
        self.form = self.spec.evaluation_form
        self.response_id = report.response_id
        self.too_long = _("Den er lagret, men må kortes ned før dere kan sende evalueringen.")

    def may_write(self, user: Any, section: str, *, now: datetime) -> Verdict:
        return permissions.can_report(user, self.report, now=now)

    def hold(self, *, at: datetime) -> None:
        """Raises ReportSentError."""
        if not EvaluationReport.objects.filter(pk=self.report.pk, submitted_at=None).update(updated_at=at):
            raise ReportSentError(_("Evalueringen er sendt og kan ikke endres."))

    def dates(self, *, now: datetime) -> Dates:
        return Dates(local_date(now), self.report.due_date)

    def answer_url(self, question: str) -> str:
        code = self.report.acceptance.decision.application.code
        return reverse("followup:evaluation_answer", args=[code, question])

    def files_url(self, question: str) -> str:
        code = self.report.acceptance.decision.application.code
        return reverse("followup:evaluation_files", args=[code, question])

    def record(self, entry: str, *, by: User, at: datetime, **facts: Any) -> None:
        application = self.report.acceptance.decision.application
        tenant = application.tenant
        journal.record(f"evaluation.{entry}", subject=application, by=by, at=at, community=tenant, **facts)

    @property
    def results(self) -> Part:
        """What was measured, a row for each benefit of the sent application."""
        cells = {name: (name,) for name in ("actual", "actual_text", "deviation")}
        return Part(BenefitResult, {"report": self.report}, cells, "results", "position")

    @property
    def money(self) -> Part:
        """What was used of the grant: one cell of the evaluation itself."""
        cells = {"spent_amount": ("spent_amount",)}
        return Part(EvaluationReport, {"acceptance": self.report.acceptance}, cells, "money", "pk")


def planned_benefits(application: Application) -> list[dict[str, Any]]:
    """The benefits as they stood in the version that was decided on; rows that only explain others are left out."""
    sent = Submission.objects.filter(application=application).newest()
    return [row for row in sent.snapshot["benefits"] if row["benefit"].strip()] if sent else []


def answers_of(owner: EvaluationOwner) -> dict[str, Any]:
    """The answers by question, those that are files too."""
    answers = {answer.question: answer.value for answer in owner.report.response.answers.all()}
    return {**answers, **as_values(files_of(owner))}


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that the evaluation still needs: of a question, of a benefit by its position, or of the money."""

    sentence: str
    question: str = ""
    position: int | None = None


def missing(report: EvaluationReport, *, at: datetime) -> list[str]:
    """What the evaluation still needs, as sentences."""
    return [gap.sentence for gap in gaps_of(report, at=at)]


def gaps_of(report: EvaluationReport, *, at: datetime) -> list[Gap]:
    """What the evaluation still needs, and where: the questions, the benefits, the money."""
    owner = EvaluationOwner(report)
    decision = report.acceptance.decision
    application = decision.application
    values = answers_of(owner)
    dates = owner.dates(now=at)
    gaps = [
        Gap(sentence, question=question.code)
        for question in owner.form.questions
        for sentence in checks.sentences(owner.spec, question, values.get(question.code), dates)
    ]
    results = queries.results_by_position(report)
    for row in planned_benefits(application):
        result = results.get(row["position"])
        if result is None or (result.actual is None and not result.actual_text.strip()):
            sentence = _("Skriv hva som ble oppnådd for «%(benefit)s».") % {"benefit": row["benefit"]}
            gaps.append(Gap(sentence, position=row["position"]))
    if report.spent_amount is None:
        gaps.append(Gap(_("Skriv hvor mye av tilskuddet dere har brukt.")))
    elif report.spent_amount > (decision.amount or 0):
        gaps.append(Gap(_("Dere kan ikke ha brukt mer av tilskuddet enn dere fikk.")))
    return gaps


@act
def submit(report: EvaluationReport, *, by: User, at: datetime, shown: str | None = None) -> None:
    """Send the evaluation: freeze it, tell the helsefellesskap, and make the PDF by a job.

    ``shown`` is the sum of the content that the person's page showed. Raises ReportError with the first thing that is
    missing, ReportSentError when somebody was first, and ChangedError when somebody has written in it since.
    """
    application = report.acceptance.decision.application
    # In the order of docs/decisions.md, «Lock order»: body and meeting, application, evaluation.
    meeting = agenda.hold_next_meeting(report, at)
    held(Application.objects.filter(pk=application.pk)).get()
    row = EvaluationReport.objects.filter(pk=report.pk)
    # Marked as sent before it is read: what somebody saves at the same time is either frozen with it, or refused.
    if not row.filter(submitted_at=None).update(submitted_by=by, submitted_at=at):
        raise ReportSentError(_("Evalueringen er allerede sendt."))
    report.refresh_from_db(fields=["spent_amount"])
    gaps = missing(report, at=at)
    if gaps:
        raise ReportError(gaps[0])
    whole = content(report, at=at)
    if shown is not None and shown != digest(whole):
        raise ChangedError(_(WRITTEN_MEANWHILE))
    document = documents.freeze(EVALUATION, application.code, whole, tenant=application.tenant, by=by, at=at)
    row.update(document=document)
    advance(application, "evaluate", by=by, at=at)
    report.refresh_from_db()
    for address in application.round.receiver_for(application.community).addresses:
        mail.queue(
            "evaluation_submitted",
            recipient=address,
            about=application,
            context={"application": application, "report": report, "meeting": meeting},
            at=at,
            key=f"evaluation:{report.pk}:{address}",
        )
    journal.record(
        "evaluation.submitted",
        subject=application,
        by=by,
        at=at,
        community=application.tenant,
        sha256=report.sha256,
    )
    if meeting:
        agenda.put_up_case(report, by=by, at=at, meeting=meeting)


def content(report: EvaluationReport, *, at: datetime) -> dict[str, Any]:
    """The whole evaluation as JSON data, with the plan beside what was measured."""
    decision = report.acceptance.decision
    application = decision.application
    spec = application.round.spec
    values = answers_of(EvaluationOwner(report))
    results = queries.results_by_position(report)
    return {
        "application": {"code": application.code, "title": application.title},
        "round": application.round.title,
        "community": application.community.name,
        "granted": decision.amount,
        "spent": report.spent_amount,
        "operation_started": report.acceptance.operation_started_date,
        "due": report.due_date,
        "submitted_at": at,
        "submitted_text": date_no(at),
        "started_text": date_no(report.acceptance.operation_started_date),
        "sender": {"name": application.community.name},
        "answers": [printed(spec, question, values.get(question.code)) for question in spec.evaluation_form.questions],
        "benefits": [_benefit(row, results.get(row["position"])) for row in planned_benefits(application)],
    }


def _benefit(row: Mapping[str, Any], result: BenefitResult | None) -> dict[str, Any]:
    return {
        "benefit": row["benefit"],
        "measure": row["measure"],
        "unit": row["unit"],
        "baseline": row["baseline"],
        "target": row["target"],
        "actual": result.actual if result else None,
        "actual_text": result.actual_text if result else "",
        "deviation": result.deviation if result else "",
    }
