"""Applications by the thousand: written with bulk_create, reckoned with the room's own arithmetic."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection, models
from django.db.models import Exists, F, OuterRef, Subquery, Value
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Cast, Coalesce

from applications.documents import SUBMISSION
from applications.models import UNSCORED, Application, Contact, Partner, PartnerRole, StageEntry, Submission
from applications.workflow import Status
from evaluation.assessment import scoring
from evaluation.assessment.models import (
    Admission,
    Assessment,
    Assignment,
    Habilitet,
    PriorityList,
    Recommendation,
    Result,
    Score,
)
from evaluation.assessment.scoring import Mark
from evaluation.assessment.services.results import summed
from portal.clock import local_date
from portal.communities.models import User
from portal.documents.models import Document
from portal.snapshots import canonical, digest
from rounds.answering.models import FormKind, Response
from rounds.models import Round
from rounds.outcomes import Outcome
from scripts.bench.house import PARAGRAPH, House, turn_of
from tests.stages import STATES

EACH = 5
WAITING = 25
THEMES = (
    "rehabilitering",
    "psykisk helse",
    "rus",
    "skrøpelige eldre",
    "barn og unge",
    "lindring",
    "digital oppfølging",
)
PLACES = ("Midt-Troms", "Sør-Troms", "Nord-Troms", "Senja", "Lyngen", "Balsfjord", "Ofoten")


@dataclass(frozen=True, slots=True)
class Judged:
    """An application with its assessors and their marks by criterion."""

    application: Application
    assessors: tuple[User, ...]
    marks: tuple[dict[str, Mark], ...]


def save(rows: Iterable[models.Model], batch: int = 2_000) -> list[Any]:
    """Write rows of one kind."""
    saved = list(rows)
    return type(saved[0]).objects.bulk_create(saved, batch_size=batch) if saved else []


def applications(house: House, of_round: Round, count: int, status: Status, at: datetime) -> list[Application]:
    """Sent applications with lead, partner, contacts and the frozen version of each."""
    home = house.home
    responses = save(Response(form=FormKind.APPLICATION) for _number in range(count))
    sent = save(
        Application(
            response=responses[number - 1],
            code=f"{of_round.pk:X}{number:05d}BX"[-8:],
            round=of_round,
            community=home.community,
            status=status,
            title=f"Samarbeid om {THEMES[number % 7]} i {PLACES[number // 7 % 7]}, del {number}",
            requested_amount=200_000 + number * 7_919 % 1_300_000,
            created_by=home.applicant,
            created_at=at,
            updated_at=at,
            submitted_at=at - timedelta(minutes=number),
            receipt=f"{of_round.pk}-{number}",
        )
        for number in range(1, count + 1)
    )
    parts = ((home.lead, PartnerRole.LEAD), (home.partner, PartnerRole.PARTNER), (home.trust, PartnerRole.PARTNER))
    partners = save(
        Partner(application=application, organisation=organisation, role=role, position=position)
        for application in sent
        for position, (organisation, role) in enumerate(parts)
    )
    save(
        Contact(
            partner=partner, name="Kontaktperson", title="Rådgiver", email=f"kontakt-{partner.position}@example.org"
        )
        for partner in partners
    )
    _enter_first_stage(sent)
    _submissions(house, sent, at)
    return sent


def _enter_first_stage(sent: Sequence[Application]) -> None:
    """What submitting writes of each, as its status says."""
    save(
        StageEntry(
            application=application,
            stage=application.round.first_stage,
            community=application.community,
            state=STATES[Status(application.status)],
            entered_at=application.submitted_at,
            **{name: getattr(application, name) for name in StageEntry.OF_APPLICATION},
        )
        for application in sent
    )


def _submissions(house: House, sent: Sequence[Application], at: datetime) -> None:
    """The draft's whole content under each application's own name; the database puts the two together."""

    def own(application: Application) -> dict[str, Any]:
        return {"code": application.code, "title": application.title, "requested_amount": application.requested_amount}

    documents = save(
        # No page asks whether the hash fits, and hashing 4,000 whole contents would take most of the time.
        Document(kind=SUBMISSION.code, subject=application.code, version=1, community=application.community,
                 title=application.title, language="nb", snapshot=own(application), sha256=digest(own(application)),
                 frozen_by=house.home.applicant, frozen_at=at)
        for application in sent
    )  # fmt: skip
    save(
        Submission(application=application, version=1, document=document, submitted_by=house.home.applicant,
                   submitted_at=at)
        for application, document in zip(sent, documents, strict=True)
    )  # fmt: skip
    whole = Cast(Value(canonical(house.content)), models.JSONField())
    # Past what forbids it: a document is never changed by the portal.
    sent = models.QuerySet(Document).filter(pk__in=[document.pk for document in documents])
    sent.update(snapshot=CombinedExpression(whole, "||", F("snapshot"), output_field=models.JSONField()))


def answers(house: House, of_round: Round) -> None:
    """The draft's answers copied to all, by the database: rows that no list may stumble over."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO answering_answer (response_id, question, value, version, updated_by_id, updated_at)
            SELECT application.response_id, known.question, known.value, 1, known.updated_by_id, known.updated_at
            FROM applications_application AS application, answering_answer AS known
            WHERE known.response_id = %s AND application.round_id = %s AND application.id <> %s
            """,
            [house.draft.response_id, of_round.pk, house.draft.pk],
        )


# --- judging ----------------------------------------------------------------------------------------


def judged(house: House, sent: Sequence[Application]) -> list[Judged]:
    """Five assessors for each and their marks; the same every time."""
    measures = turn_of(house, sent[0].round).measures
    people = house.assessors

    def marks(number: int, position: int) -> dict[str, Mark]:
        return {
            measure.code: Mark(
                measure.minimum + (number * 7 + position * 3 + index * 5 + number // 9) % (measure.span + 1)
            )
            for index, measure in enumerate(measures)
        }

    return [
        Judged(
            application,
            tuple(people[(number + position) % len(people)] for position in range(EACH)),
            tuple(marks(number, position) for position in range(EACH)),
        )
        for number, application in enumerate(sent)
    ]


def assess(house: House, cases: Sequence[Judged], at: datetime) -> None:
    """Admission, assignments, declarations, delivered assessments and their scores."""
    home, turn = house.home, house.turn
    submissions = dict(Submission.objects.filter(application__round=turn.round).values_list("application_id", "pk"))
    save(
        Admission(application=case.application, stage=turn.stage, submission_id=submissions[case.application.pk],
                  admitted=True, decided_by=home.secretary, decided_at=at)
        for case in cases
    )  # fmt: skip
    given = [(case, nth) for case in cases for nth in range(EACH)]
    late = [(case, None) for case in cases if house.assessors[0] not in case.assessors][:WAITING]
    due = local_date(at) + timedelta(days=10)
    save(
        Assignment(application=case.application, stage=turn.stage, due_date=due, assigned_by=home.secretary,
                   assessor=house.assessors[0] if nth is None else case.assessors[nth], assigned_at=at,
                   delivered_at=None if nth is None else at)
        for case, nth in (*given, *late)
    )  # fmt: skip
    save(
        Habilitet(application=case.application, person=house.assessors[0] if nth is None else case.assessors[nth],
                  has_tie=False, declared_at=at)
        for case, nth in (*given, *late)
    )  # fmt: skip
    assessments = save(
        Assessment(application=case.application, stage=turn.stage, assessor=case.assessors[nth],
                   submission_id=submissions[case.application.pk], comment=PARAGRAPH[:120],
                   updated_at=at, delivered_at=at, total=scoring.weighted_total(case.marks[nth], turn.measures).value)
        for case, nth in given
    )  # fmt: skip
    criteria = {criterion.code: criterion.pk for criterion in turn.stage.criteria.all()}
    save(
        (
            Score(assessment=assessment, criterion_id=criteria[code], points=mark.points, reason=PARAGRAPH[:160])
            for assessment, (case, nth) in zip(assessments, given, strict=True)
            for code, mark in case.marks[nth].items()
        ),
        batch=5_000,
    )


def results(house: House, cases: Sequence[Judged]) -> dict[int, Decimal | None]:
    """The projection as ``services.results.rebuild`` would make it; the totals by application."""
    of_round = cases[0].application.round
    turn = turn_of(house, of_round)
    totals: dict[int, Decimal | None] = {}
    rows = []
    for case in cases:
        outcome = scoring.outcome(case.marks, turn.measures, minimum_total=turn.spec.minimum_total)
        totals[case.application.pk] = outcome.total.mean
        given = (scoring.weighted_total(marks, turn.measures).value for marks in case.marks)
        held = {
            "community": turn.community,
            "delivered": EACH,
            **summed(outcome, [total for total in given if total is not None]),
        }
        rows.append(Result(application=case.application, stage=turn.stage, **held))
    save(rows)
    same = Result.objects.filter(application=OuterRef("application"), stage=OuterRef("stage"))
    StageEntry.objects.filter(Exists(same), stage=turn.stage).update(
        total=Coalesce(Subquery(same.values("total")[:1]), UNSCORED),
        must_discuss=Subquery(same.values("must_discuss")[:1]),
    )
    return totals


def recommend(
    house: House, sent: Sequence[Application], totals: dict[int, Decimal | None], at: datetime
) -> PriorityList:
    """The list by score: one in three granted, one in part, one rejected."""
    turn = turn_of(house, sent[0].round)
    listed = PriorityList.objects.create(round=turn.round, stage=turn.stage, community=turn.community)
    by_pk = {application.pk: application for application in sent}
    kinds = (Outcome.GRANTED, Outcome.PARTLY_GRANTED, Outcome.REJECTED)

    def row(position: int, application: Application) -> Recommendation:
        outcome = kinds[position % 3]
        asked = application.requested_amount or 0
        amount = {Outcome.GRANTED: asked, Outcome.PARTLY_GRANTED: asked // 2}.get(outcome)
        return Recommendation(
            priority_list=listed, application=application, rank=position, outcome=outcome, amount=amount,
            reason=PARAGRAPH, updated_by=house.home.secretary, updated_at=at,
        )  # fmt: skip

    save(row(position, by_pk[rank.key]) for position, rank in enumerate(scoring.ranks(totals), 1))
    return listed
