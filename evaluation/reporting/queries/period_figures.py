"""The figures of a helsefellesskap or a region for a period, read for one person: the tables of each chapter.

An award counts once its applicants have been told of it. What is closed to the person for habilitet is in no figure;
how many projects that is, is told, so that nobody takes a smaller sum for the whole.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from applications.models import Application, Partner, PartnerRole, StageEntry
from evaluation.assessment.models import Result
from evaluation.assessment.queries.closed import out_or_must_answer
from evaluation.decisions.models import Decision
from evaluation.followup.models import EvaluationReport
from evaluation.followup.progress import progress_of
from evaluation.followup.queries import letters_without_answer, told_by
from evaluation.plans.content import PlanText, counts
from evaluation.plans.models import MeasureState, Plan
from evaluation.plans.queries import Told, latest_version, told_of
from evaluation.reporting import figures
from evaluation.reporting.figures import Award, Measured, Money, Passage, Points, Received
from evaluation.reporting.models import PeriodReport
from evaluation.reporting.report_content import ReportContent, Table
from portal.clock import at_local, end_of_day, local_date
from portal.communities.models import HealthCommunity, Organisation
from portal.communities.standing import Standing
from rounds.answering.answers import chosen
from rounds.answering.models import Answer
from rounds.models import Round, Stage

Tenant = HealthCommunity | Organisation


@dataclass(frozen=True, slots=True)
class Period:
    """The days that a report is about, both within (local dates)."""

    first: date
    last: date

    def holds(self, field: str) -> Q:
        """A condition: the moment in the field is within the period."""
        return Q(**{f"{field}__gte": at_local(self.first), f"{field}__lt": end_of_day(self.last)})


def tables_of(tenant: Tenant, period: Period, standing: Standing, today: date) -> tuple[dict[str, list[Table]], int]:
    """The tables by the code of their chapter, and how many projects are closed to the person and left out."""
    decisions = _decisions(tenant, period)
    open_to = decisions.exclude(out_or_must_answer(standing, "application"))
    awards = _awards(list(_with_more(open_to)), period, today)
    reports = _reports(tenant, period).exclude(out_or_must_answer(standing, "acceptance__decision__application"))
    measured, spread, deviations = _evaluated(reports)
    tables = {
        "money": [
            figures.by_call(_calls(tenant, period, awards), awards),
            figures.by_party(awards),
            figures.by_year(awards),
            *figures.by_lists(awards),
            *_criteria(tenant, period, standing),
            figures.projects(awards),
        ],
        "plan": _of_plan(tenant, period) or _received(tenant, period, standing),
        "effects": [figures.benefits(measured)],
        "deviations": [figures.deviations(measured, deviations)],
        "spread": [figures.spread(spread)],
    }
    shown = {code: [table for table in listed if table.rows] for code, listed in tables.items()}
    return shown, decisions.count() - len(awards)


def closed_in(tenant: Tenant, period: Period, standing: Standing) -> bool:
    """Whether a project that the figures count is closed to the person; one query."""
    return _decisions(tenant, period).filter(out_or_must_answer(standing, "application")).exists()


# --- the awards -------------------------------------------------------------------------------------------


def _of(tenant: Tenant, application: str = "application") -> Q:
    """A condition: the decision concerns the helsefellesskap, or was made by a body of the region."""
    if isinstance(tenant, HealthCommunity):
        return Q(**{f"{application}__community": tenant})
    return Q(body__region=tenant)


def _decisions(tenant: Tenant, period: Period) -> QuerySet[Decision]:
    """The awards that are new in the period, and the older ones that are not evaluated before it."""
    told = Decision.objects.in_force().filter(
        _of(tenant), amount__isnull=False, application__announced_at__isnull=False
    )
    adopted = told.annotate(adopted=Coalesce("resolution__adopted_at", "decided_at"))
    older = Q(adopted__lt=at_local(period.first), declined=None) & (
        Q(acceptance__evaluation__submitted_at=None)
        | Q(acceptance__evaluation__submitted_at__gte=at_local(period.first))
    )
    return adopted.filter(period.holds("adopted") | older)


def _with_more(decisions: QuerySet[Decision]) -> QuerySet[Decision]:
    """With all that an award is told by; four queries more."""
    partners = Partner.objects.select_related("organisation").order_by("position", "pk")
    return (
        decisions.select_related("application__round", "acceptance__evaluation__case", "declined", "resolution")
        .prefetch_related(
            Prefetch("application__partners", partners, "parties"),
            Prefetch("letters", letters_without_answer().prefetch_related(None), "unanswered"),
        )
        .order_by("application__title", "pk")
    )


def _awards(decisions: Sequence[Any], period: Period, today: date) -> list[Award]:
    terms = _terms([decision.application for decision in decisions])
    return [_award(decision, terms.get(decision.application_id, {}), period, today) for decision in decisions]


def _award(decision: Any, terms: Mapping[str, tuple[str, ...]], period: Period, today: date) -> Award:
    application = decision.application
    parties = [party for party in application.parties if party.role != PartnerRole.SUPPORTER]
    lead = next((party.name for party in parties if party.role == PartnerRole.LEAD), "")
    acceptance = getattr(decision, "acceptance", None)
    return Award(
        code=application.code,
        title=application.title,
        call=application.round.code,
        lead=lead,
        partners=tuple(party.name for party in parties),
        amount=decision.amount,
        by_year={int(year): amount for year, amount in decision.amounts_by_year.items()},
        terms=terms,
        state=progress_of(decision, told_by(decision), today).label,
        started=acceptance.operation_started_date if acceptance else None,
        spent=acceptance.evaluation.spent_amount if acceptance and acceptance.evaluation.submitted_at else None,
        is_declined=bool(getattr(decision, "declined", None)),
        is_new=local_date(decision.adopted) >= period.first,
    )


def _terms(applications: Sequence[Application]) -> dict[int, dict[str, tuple[str, ...]]]:
    """What the applicants ticked, by the id of the application and the title of the list; one query.

    The measures of an action plan are told in the plan's own chapter.
    """
    answers: dict[int, dict[str, Any]] = defaultdict(dict)
    rows = Answer.objects.filter(response__in=[each.response_id for each in applications])
    for response, question, value in rows.values_list("response", "question", "value"):
        answers[response][question] = value
    plans = set(Plan.objects.exclude(taxonomy="").values_list("taxonomy", flat=True)) if applications else set()
    return {each.pk: _ticked(each.round.spec, answers[each.response_id], plans) for each in applications}


def _ticked(spec: Any, answers: Mapping[str, Any], plans: set[str]) -> dict[str, tuple[str, ...]]:
    ticked: dict[str, tuple[str, ...]] = {}
    for question in spec.questions:
        name = getattr(question, "taxonomy", "")
        taxonomy = spec.taxonomy(name) if name and name not in plans else None
        codes = chosen(answers.get(question.code))[0] if taxonomy else []
        if taxonomy and codes:
            labels = {term.code: term.label for term in taxonomy.terms}
            ticked[taxonomy.title] = tuple(labels.get(code, code) for code in codes)
    return ticked


def _calls(tenant: Tenant, period: Period, awards: Iterable[Award]) -> dict[str, Money]:
    """The calls that closed in the period or granted in it, by code; two queries."""
    received = (
        Q(round_communities__community=tenant) if isinstance(tenant, HealthCommunity) else Q(owner_organisation=tenant)
    )
    granted = Q(code__in={award.call for award in awards if award.is_new})
    rounds = Round.objects.filter(received & period.holds("closes_at") | granted, withdrawn_at=None).distinct()
    sent = Application.objects.filter(submitted_at__isnull=False, round__in=rounds)
    if isinstance(tenant, HealthCommunity):
        sent = sent.filter(community=tenant)
    applied = dict(sent.order_by().values_list("round").annotate(n=Count("pk")))
    listed = rounds.select_related("frame").order_by("closes_at", "code")
    return {row.code: Money(row.title, applied.get(row.pk, 0), row.frame.amount) for row in listed}


# --- the evaluations --------------------------------------------------------------------------------------


def _reports(tenant: Tenant, period: Period) -> QuerySet[EvaluationReport]:
    """The evaluations that were sent in the period, of the awards in force."""
    decisions = Decision.objects.in_force().filter(_of(tenant), amount__isnull=False)
    return EvaluationReport.objects.filter(
        period.holds("submitted_at"), acceptance__decision__in=decisions.values("pk")
    ).order_by("submitted_at", "pk")


def _evaluated(reports: Iterable[EvaluationReport]) -> tuple[list[Measured], list[Passage], list[Passage]]:
    """The benefits, what is said of spreading, and of deviations, as the evaluations were sent; one query."""
    measured, spread, deviations = [], [], []
    for report in reports:
        frozen = report.snapshot
        code, title = frozen["application"]["code"], frozen["application"]["title"]
        measured += [_measured(code, title, row) for row in frozen["benefits"]]
        said = {answer["code"]: answer["text"].strip() for answer in frozen["answers"]}
        spread += [Passage(code, title, text) for text in [said.get("spread")] if text]
        deviations += [Passage(code, title, text) for text in [said.get("deviations")] if text]
    return measured, spread, deviations


def _measured(code: str, title: str, row: Mapping[str, Any]) -> Measured:
    numbers = {name: _number(row[name]) for name in ("baseline", "target", "actual")}
    words = row["actual_text"].strip()
    return Measured(code, title, row["benefit"], row["unit"], **numbers, words=words, deviation=row["deviation"])


def _number(value: Any) -> Decimal | None:
    return None if value in (None, "") else Decimal(str(value))


# --- points -----------------------------------------------------------------------------------------------


def _criteria(tenant: Tenant, period: Period, standing: Standing) -> list[Table]:
    """The mean points by criterion in each of the sender's stages, of calls that closed in the period; two queries."""
    receiver = (
        Q(community=tenant) if isinstance(tenant, HealthCommunity) else Q(community=None, stage__body__region=tenant)
    )
    entered = StageEntry.objects.filter(receiver, application=OuterRef("application"), stage=OuterRef("stage"))
    granted = Decision.objects.in_force().filter(application=OuterRef("application"), amount__isnull=False)
    results = (
        Result.objects.filter(Exists(entered), period.holds("application__round__closes_at"), delivered__gt=0)
        .filter(application__announced_at__isnull=False)
        .exclude(out_or_must_answer(standing, "application"))
        .annotate(is_granted=Exists(granted))
        .order_by("application__round", "stage__position", "pk")
        .values_list("application__round", "stage", "application__code", "criteria", "is_granted")
    )
    by_stage: dict[tuple[int, int], list[Any]] = defaultdict(list)
    for round_id, stage_id, *row in results:
        by_stage[round_id, stage_id].append(row)
    rounds = Round.objects.in_bulk({round_id for round_id, _stage in by_stage}) if by_stage else {}
    stages = Stage.objects.in_bulk({stage for _round, stage in by_stage}) if by_stage else {}
    return [
        _points(rounds[round_id], stages[stage_id], number, rows)
        for number, ((round_id, stage_id), rows) in enumerate(by_stage.items(), 1)
    ]


def _points(of_round: Round, stage: Any, number: int, rows: Iterable[Any]) -> Table:
    titles = {criterion.code: criterion.title for criterion in of_round.spec.criteria}
    points = [
        Points(code, {titles[name]: Decimal(pair[0]) for name, pair in means.items() if name in titles}, is_granted)
        for code, means, is_granted in rows
    ]
    return figures.criteria(f"{of_round.title}, {stage.name}", number, points)


# --- the action plan --------------------------------------------------------------------------------------


def _of_plan(tenant: Tenant, period: Period) -> list[Table]:
    """How far the plan of the helsefellesskap has come, and what is late in it; none for a region."""
    if not isinstance(tenant, HealthCommunity):
        return []
    plans = Plan.objects.filter(community=tenant, first_day__lte=period.last, last_day__gte=period.first)
    versions = [(plan, version) for plan in plans if (version := latest_version(plan))]
    return [
        table
        for plan, version in versions
        for table in _plan_tables(PlanText.model_validate(version.snapshot["plan"]), told_of(plan), plan.pk)
    ]


def _plan_tables(plan: PlanText, told: Mapping[int, Told], number: int) -> list[Table]:
    by_area, whole = counts(plan, {key: each.state for key, each in told.items()}, MeasureState.NOT_BEGUN)
    states = list(MeasureState)
    late = [
        (each, news)
        for each in plan.measures
        if (news := told.get(each.key or 0)) and news.state == MeasureState.BEHIND
    ]
    return [
        Table(
            code=f"plan-{number}",
            title=plan.title,
            columns=((_("Innsatsområde"), "text"), *((str(state.label), "number") for state in states)),
            rows=tuple((count.title, *(count.by_state.get(state, 0) for state in states)) for count in by_area),
            total=(_("Til sammen"), *(whole.by_state.get(state, 0) for state in states)),
        ),
        Table(
            code=f"late-{number}",
            title=_("Forsinkede tiltak"),
            columns=((_("Tiltak"), "text"), (_("Ansvarlig"), "text"), (_("Siste nytt"), "text")),
            rows=tuple((each.text, each.responsible, news.sentence) for each, news in late),
        ),
    ]


# --- what a region has received ---------------------------------------------------------------------------


def _received(tenant: Tenant, period: Period, standing: Standing) -> list[Table]:
    """The reports that the helsefellesskap of the region have sent in the period, with what they have granted.

    The sum of one that counts a project that is closed to the person is left out.
    """
    if isinstance(tenant, HealthCommunity):
        return []
    sent = PeriodReport.objects.filter(period.holds("approved_at"), community__region=tenant)
    reports = [ReportContent.model_validate(row.snapshot) for row in sent.order_by("community__name", "kind")]
    codes = {code for content in reports for code in content.applications}
    closed = Application.objects.filter(out_or_must_answer(standing), code__in=codes)
    shut = set(closed.values_list("code", flat=True)) if codes else set()
    return [figures.received([_sent(content, shut) for content in reports])]


def _sent(content: ReportContent, shut: set[str]) -> Received:
    calls = content.table("calls")
    granted = calls.total[4] if calls and calls.total and not content.applications & shut else None
    amount = granted if isinstance(granted, int) else None
    return Received(content.sender, content.title, content.as_of, amount)


def year_so_far(now: datetime) -> Period:
    """The year so far, which the live figures are about."""
    today = local_date(now)
    return Period(date(today.year, 1, 1), today)
