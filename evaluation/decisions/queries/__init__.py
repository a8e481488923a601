"""Reads for the pages of decisions and letters."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from applications.models import Application, StageEntry, known_status
from applications.workflow import WITHDRAWABLE, Status
from evaluation.assessment.models import Habilitet, Recommendation
from evaluation.assessment.queries.closed import out_or_must_answer
from evaluation.assessment.queries.habilitet import out_of_case
from evaluation.assessment.queries.must_answer import must_answer
from evaluation.decisions.approval import needs_two
from evaluation.decisions.models import Decision, DecisionQuerySet, Letter, LetterBatch, LetterStatus
from evaluation.decisions.queries.ordered import being_sent
from evaluation.meetings.models import Case, CaseStatus, Resolution
from portal.communities.models import Body, BodyKind, User
from portal.communities.queries import officers_of
from portal.communities.queries.vouching import one_with
from portal.communities.standing import Standing
from portal.formats import date_no
from portal.jobs.models import Job
from portal.journal.models import LogEntry
from portal.mail.queries import undelivered_counts
from rounds.frame import FrameState
from rounds.models import Round, Stage
from rounds.outcomes import GIVEN_OR_REFUSED, RESOLVED_GIVEN_OR_REFUSED


def rounds_handled_by(standing: Standing) -> QuerySet[Round]:
    """The rounds in which the person's secretariat takes part, with their frames; the last to close first."""
    return Round.objects.handled_by(standing).select_related("frame").order_by("-closes_at", "title")


# The states of a decision's letter, in the order of the process.
UNWRITTEN = "unwritten"
STATES = (UNWRITTEN, *LetterStatus.values)


def to_tell(standing: Standing) -> DecisionQuerySet:
    """The decisions in force whose letter the person may act on, sent or not; none of a withdrawn application."""
    handled = Decision.objects.handled_by(standing).in_force().exclude(application__status=Status.WITHDRAWN)
    return handled.exclude(out_or_must_answer(standing, "application"))


def applications_handled_by(standing: Standing) -> QuerySet[Application]:
    """The applications that have come to the person's secretariat in some stage."""
    return Application.objects.handled_by(standing).select_related("community", "round")


def decisions_handled_by(standing: Standing) -> QuerySet[Decision]:
    """The decisions in force that the person's secretariat handles, in any round."""
    decisions = Decision.objects.handled_by(standing).in_force()
    return decisions.select_related("application__community", "application__round", "body")


def decisions_of(round_: Round, standing: Standing) -> QuerySet[Any]:
    """The round's decisions in force that the person's secretariat handles, with their letters.

    Each with ``is_out``: whether the person is out of the case, as the acts on one letter ask; and with
    ``must_answer``: whether the person takes part in it, and answers about habilitet first.
    """
    return (
        Decision.objects.handled_by(standing)
        .in_force()
        .filter(application__round=round_)
        .annotate(is_out=out_of_case(standing.user_id, "application"), must_answer=must_answer(standing, "application"))
        .select_related("application", "body", "resolution__case")
        .prefetch_related(Prefetch("letters", queryset=Letter.objects.with_look(standing)))
        .order_by("application__title", "pk")
    )


def decisions_without_letter(round_: Round, standing: Standing) -> QuerySet[Any]:
    """Those of ``decisions_of`` that have no letter and that the person may write one for; none is withdrawn."""
    waiting = decisions_of(round_, standing).filter(letters=None, is_out=False, must_answer=False)
    return waiting.exclude(application__status=Status.WITHDRAWN)


def letters_of(round_: Round, standing: Standing) -> QuerySet[Any]:
    """The letters of the round that the person may act on, in the order of the overview."""
    open_decisions = decisions_of(round_, standing).filter(is_out=False, must_answer=False).order_by().values("pk")
    return (
        Letter.objects.filter(decision__in=open_decisions)
        .select_related("decision__application__community", "decision__application__round", "decision__body")
        .order_by("decision__application__title", "decision")
    )


def with_deliveries(decisions: list[Any]) -> list[Any]:
    """Decisions of ``decisions_of``, each sent letter with ``undelivered``: (how many did not get it, of how many).

    One query, none while no letter is sent.
    """
    sent = [letter for letter in letters_in(decisions) if letter.status == LetterStatus.SENT]
    counts = undelivered_counts("decisions.letter", [letter.pk for letter in sent], "decision_letter") if sent else {}
    for letter in sent:
        letter.undelivered = counts.get(letter.pk)  # type: ignore[attr-defined]
    return decisions


def letters_looked_after(standing: Standing) -> QuerySet[Letter]:
    """The letters, of decisions that are replaced too, whose mail the person looks after."""
    handled = Decision.objects.handled_by(standing).exclude(out_or_must_answer(standing, "application")).values("pk")
    letters: QuerySet[Letter] = Letter.objects.filter(decision__in=handled)
    return letters.select_related("decision__application__community", "decision__application__round")


def letters_in(decisions: Iterable[Any]) -> list[Letter]:
    """The letters of decisions read by ``decisions_of`` that the person may act on; no query."""
    open_decisions = [decision for decision in decisions if not (decision.is_out or decision.must_answer)]
    return [letter for decision in open_decisions for letter in decision.letters.all()]


def for_colleague(drafts: Iterable[Letter], of_round: Round, person_id: int, day: date) -> set[int]:
    """The ids of the drafts of a round that the person may not approve, because a colleague must.

    They are those that the person has written, and those of one who is no second person beside this one (``one_with``).
    Whom the person has put out of the case or of the secretariat still counts as one who could approve.

    No query when there is no draft, and one when none of them is the person's; otherwise one more for who is out of the
    cases, one for each secretariat, and one or two for whom the person has put out of it.
    """
    drafts = [item for item in drafts if item.status == LetterStatus.DRAFT]
    same = one_with(person_id) if drafts else frozenset()
    written = [item for item in drafts if item.written_by_id in same]
    if not written:
        return set()
    keys = [item.decision.application_id for item in written]
    out = _out_by_others(keys, same)
    bodies = _bodies_of(written)
    offices = {_owner_of(body): body for body in bodies.values()}
    officers = {
        owner: set(officers_of(body, day).filter(is_active=True).values_list("pk", flat=True))
        for owner, body in offices.items()
    }
    removed = _removed_by(same, min(item.decision.decided_at for item in written))
    said = of_round.spec.letters.approval or ""
    return {
        item.pk
        for item in written
        for owner in [_owner_of(bodies[item.decision_id])]
        # The writer waits for anybody else; one who is no second person beside the writer, only where there is another.
        for spared in [frozenset() if item.written_by_id == person_id else same - {person_id}]
        for counted in [(officers[owner] | removed[owner]) - spared]
        if needs_two(
            said,
            bodies[item.decision_id].letter_approval_for(same, item.document.frozen_at),
            approvers=sum((item.decision.application_id, pk) not in out for pk in counted),
        )
    }


def _out_by_others(applications: Iterable[int], same: Collection[int]) -> set[tuple[int | None, int]]:
    """Who is out of which of the applications (ids), and not by the word of the writer (``same``) alone; one query.

    By that alone is whoever the writer raised or decided the habilitet of, outside a meeting, and who had not asked.
    """
    rows = Habilitet.objects.out_of_case().filter(application__in=applications)
    return {
        (row.application_id, row.person_id)
        for row in rows
        if row.is_raised_by_person or row.body_id or {row.raised_by_id, row.decided_by_id}.isdisjoint(same)
    }


def _removed_by(same: Collection[int], since: datetime) -> dict[tuple[int | None, int | None], set[int]]:
    """Those (ids) whose seat in a secretariat the writer (``same``) has ended or changed since then, by whom it serves.

    By the log of the secretariats: two queries, one when there is nothing.
    """
    by_writer = LogEntry.objects.filter(
        actor__in=same, act__in=("seat.ended", "seat.changed"), subject_type=Body._meta.label_lower, at__gte=since
    )
    people = [(int(pk), data["person"]) for pk, data in by_writer.values_list("subject_id", "data")]
    removed: dict[tuple[int | None, int | None], set[int]] = defaultdict(set)
    if people:
        secretariats = Body.objects.filter(kind=BodyKind.SECRETARIAT).in_bulk([pk for pk, _person in people])
        for pk, person in people:
            if pk in secretariats:
                removed[_owner_of(secretariats[pk])].add(person)
    return removed


def _bodies_of(letters: Sequence[Letter]) -> dict[int, Body]:
    """The body of each letter's decision by the decision's id.

    Without a meeting it is the body of the stage in which the application ended. A helsefellesskap without such a body
    has one that says nothing.
    """
    bodies = {item.decision_id: item.decision.body for item in letters if item.decision.body}
    others = {item.decision.application_id: item.decision_id for item in letters if not item.decision.body}
    if others:
        entries = StageEntry.objects.filter(application__in=others).select_related("stage__body", "community")
        of_stage: dict[tuple[int, int | None], Body] = {}
        for entry in entries.order_by("pk"):
            key = entry.stage_id, entry.community_id
            if key not in of_stage:
                of_stage[key] = entry.stage.body_for(entry.community) or Body(community=entry.community)
            bodies[others[entry.application_id]] = of_stage[key]
    return bodies


def _owner_of(body: Body) -> tuple[int | None, int | None]:
    return body.community_id, body.region_id


# What stands beside a letter: how the body came to what the letter tells, and who wrote it.
_FACTS = (
    "decision__resolution__ballot",
    "decision__resolution__case__meeting__body",
    "decision__resolution__case__recommendation",
    "document__frozen_by",
    "approved_by",
)


def drafts_of(round_: Round, standing: Standing, numbers: Collection[str] | None = None) -> QuerySet[Any]:
    """The drafts that may be approved, with what stands beside them; of these numbers, or all."""
    return _wanted(round_, standing, LetterStatus.DRAFT, numbers).select_related(*_FACTS)


def approved_of(round_: Round, standing: Standing, numbers: Collection[str] | None = None) -> list[Any]:
    """The approved letters that may be sent, and that no job is sending; of these numbers, or all. Two queries."""
    approved = list(_wanted(round_, standing, LetterStatus.APPROVED, numbers))
    sending = being_sent(approved)
    return [letter for letter in approved if letter.pk not in sending]


def _wanted(round_: Round, standing: Standing, status: LetterStatus, numbers: Collection[str] | None) -> QuerySet[Any]:
    letters = letters_of(round_, standing).filter(status=status)
    letters = letters.exclude(decision__application__status=Status.WITHDRAWN)
    return letters if numbers is None else letters.filter(number__in=numbers)


@dataclass(frozen=True, slots=True)
class Review:
    """A letter in the walk through a round's drafts, with the drafts on both sides of it."""

    position: int
    total: int
    previous: str
    following: str


def review_of(letter: Letter, standing: Standing) -> Review | None:
    """The letter's number among the drafts that the person may approve, and those on both sides of it; one query.

    None when the letter is not one of them: its decision has been replaced, or is not the person's to handle.
    """
    shown = letters_of(letter.decision.application.round, standing)
    numbers = list(shown.filter(Q(status=LetterStatus.DRAFT) | Q(pk=letter.pk)).values_list("number", flat=True))
    if letter.number not in numbers:
        return None
    index = numbers.index(letter.number)
    return Review(
        position=index + 1,
        total=len(numbers),
        previous=numbers[index - 1] if index else "",
        following=numbers[index + 1] if index + 1 < len(numbers) else "",
    )


def letter(standing: Standing, number: str) -> QuerySet[Letter]:
    """The letter of that number, if the person may see it."""
    sent_or_own = Q(status=LetterStatus.SENT) | Q(decision__in=Decision.objects.handled_by(standing).values("pk"))
    return Letter.objects.filter(
        sent_or_own, number=number, decision__in=Decision.objects.visible_to(standing).values("pk")
    ).select_related(
        "decision__application__community", "decision__application__round", "decision__body", "document__pdf", *_FACTS
    )


BATCHES_SHOWN = 5


def latest_batches(round_: Round, user: User) -> QuerySet[LetterBatch]:
    """The newest batches of the round's letters that the person has started."""
    return LetterBatch.objects.filter(round=round_, started_by=user)[:BATCHES_SHOWN]


def batches_of(user: User, standing: Standing) -> QuerySet[LetterBatch]:
    """The batches that the person has started, in the rounds in which the person's secretariat still takes part."""
    rounds = Round.objects.handled_by(standing)
    return LetterBatch.objects.filter(started_by=user, round__in=rounds).select_related("round", "zip_file")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a batch has come."""

    total: int
    done: int
    failed: tuple[str, ...]

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self.done + len(self.failed) >= self.total


def progress_of(batch: LetterBatch) -> Progress:
    """Read from the letters and the failed jobs; no counter can drift."""
    letters = dict(batch.letters.values_list("pk", "number"))
    done = batch.letters.filter(document__pdf__isnull=False).count()
    failed = Job.objects.filter(
        key__in=[render_key(batch.pk, pk) for pk in letters], failed_at__isnull=False
    ).values_list("arguments", flat=True)
    numbers: list[Any] = [letters[arguments["letter_id"]] for arguments in failed]
    return Progress(total=len(letters), done=done, failed=tuple(sorted(numbers)))


def use_of_list(priority_list_id: int) -> str:
    """What a locked priority list has been used for, as a sentence; empty when it has been used for nothing."""
    case = Case.objects.filter(priority_list=priority_list_id).select_related("meeting__body").first()
    if case:
        words = {"body": case.meeting.body, "date": date_no(case.meeting.held_at), "case": case.reference}
        return (
            _("Listen er satt opp til møtet i %(body)s %(date)s, fra sak %(case)s, og kan ikke låses opp igjen.")
            % words
        )
    listed = Recommendation.objects.filter(priority_list=priority_list_id).values("application")
    decided = Decision.objects.in_force().filter(application__in=listed).select_related("application").first()
    if decided:
        sentence = _("Vedtaket om «%(title)s» er registrert, så listen kan ikke låses opp igjen.")
        return sentence % {"title": decided.application.title}
    return ""


def is_decided_in(of_round: Round) -> bool:
    """Whether an award or a refusal is in force in the round, or a body of the last stage resolved one; two queries.

    A resolution whose decision is made counts through the decision.
    """
    decided = Decision.objects.in_force().filter(application__round=of_round, outcome__in=GIVEN_OR_REFUSED)
    resolved = Resolution.objects.filter(
        case__application__round=of_round,
        case__status=CaseStatus.DECIDED,
        case__priority_list__stage__code=of_round.spec.deciding_stage.code,
        outcome__in=RESOLVED_GIVEN_OR_REFUSED,
        decisions=None,
    )
    return decided.exists() or resolved.exists()


def answered_rounds(rounds: Collection[int]) -> set[int]:
    """Which of the rounds have given an answer to every application that was sent, as the applicants know it."""
    waiting = Count("pk", filter=Q(known__in=WITHDRAWABLE))
    sent = Application.objects.filter(round__in=rounds).exclude(status__in=(Status.DRAFT, Status.WITHDRAWN))
    answered = sent.alias(known=known_status()).order_by().values("round").annotate(waiting=waiting).filter(waiting=0)
    return set(answered.values_list("round", flat=True))


def use_of_check(application_id: int) -> str:
    """What the outcome of the check has been used for, as a sentence; empty when nothing is decided."""
    is_decided = Decision.objects.in_force().filter(application=application_id).exists()
    return _("Vedtaket er registrert, så kontrollen kan ikke gjøres om.") if is_decided else ""


def render_key(batch_id: int, letter_id: int) -> str:
    """The key of the job that makes one letter of a batch."""
    return f"letters:{batch_id}:{letter_id}"


def letter_of(application: Application) -> Letter | None:
    """The letter that tells the applicants the decision in force, once it is sent."""
    sent = Letter.objects.filter(decision__replaced_at=None, status=LetterStatus.SENT).select_related("decision")
    return sent.filter(decision__application=application).first()


def granted_under_frame(of_round: Round) -> FrameState:
    """What is granted of the round's frame and not given back (R6), by all secretariats; one query.

    What a meeting has resolved counts from the moment it is entered, in the stage that decides: the last of a round.
    """
    frame = of_round.frame
    is_live = Q(application__round__frame=frame) & ~Q(application__status=Status.WITHDRAWN)
    decided = Decision.objects.in_force().filter(is_live, amount__isnull=False)
    later = Stage.objects.filter(round=OuterRef("case__priority_list__stage__round")).filter(
        position__gt=OuterRef("case__priority_list__stage__position")
    )
    resolved = Resolution.objects.filter(
        ~Exists(later),
        ~Q(case__application__status=Status.WITHDRAWN),
        case__application__round__frame=frame,
        case__priority_list__isnull=False,
        amount__isnull=False,
        decisions=None,
    )
    sums = (
        decided.order_by()
        .values_list("application__round", "amount")
        .union(resolved.order_by().values_list("case__application__round", "amount"), all=True)
    )
    here = elsewhere = 0
    for round_id, amount in sums:
        if round_id == of_round.pk:
            here += amount or 0
        else:
            elsewhere += amount or 0
    return FrameState(frame.amount, here, elsewhere)


def is_packed_with_closed(batch: LetterBatch, standing: Standing) -> bool:
    """Whether a letter in the ZIP is of an application that is closed to the person now; one query."""
    return batch.letters.filter(out_or_must_answer(standing, "decision__application")).exists()
