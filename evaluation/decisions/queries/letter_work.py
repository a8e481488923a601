"""What a person does next with the letters of each round: one count for the front page, the list and the round."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from operator import attrgetter
from typing import Any

from django.db.models import Count, Q

from evaluation.decisions.models import Letter, LetterStatus
from evaluation.decisions.queries import UNWRITTEN, for_colleague, registering, rounds_handled_by, to_tell
from evaluation.decisions.queries.ordered import any_being_sent, being_sent
from portal.communities.standing import Standing


@dataclass(frozen=True, slots=True)
class LetterCounts:
    """How many letters wait for what, of those that this person may act on."""

    unwritten: int = 0
    to_read: int = 0
    to_send: int = 0
    # Approved letters that jobs are sending.
    sending: int = 0
    # Drafts that this person has written, and a colleague must approve.
    for_colleague: int = 0
    sent: int = 0

    @property
    def next(self) -> str:
        """The first of the fields, in the order above, of which there is any; empty when nothing is left."""
        return next((name for name in ORDER if getattr(self, name)), "")

    @property
    def is_to_do(self) -> bool:
        """Whether it is the person's turn, and not that of a job or a colleague."""
        return self.next in {"unwritten", "to_read", "to_send"}

    @property
    def unsent(self) -> int:
        """How many are not sent, whoever they wait for."""
        return sum(getattr(self, name) for name in ORDER)

    def __add__(self, other: "LetterCounts") -> "LetterCounts":
        return LetterCounts(*(getattr(self, name) + getattr(other, name) for name in LetterCounts.__slots__))


ORDER = ("unwritten", "to_read", "to_send", "sending", "for_colleague")


def from_states(states: Counter[str], *, left: int, sending: int) -> LetterCounts:
    """By how many letters have each state, how many drafts a colleague must approve, and how many a job is sending."""
    return LetterCounts(
        unwritten=states[UNWRITTEN],
        to_read=states[LetterStatus.DRAFT] - left,
        to_send=states[LetterStatus.APPROVED] - sending,
        sending=sending,
        for_colleague=left,
        sent=states[LetterStatus.SENT],
    )


@dataclass(frozen=True, slots=True)
class RoundLine:
    """A round in the list, with how many letters have each state, and how many decisions are to be registered."""

    code: str
    title: str
    closes_at: datetime | None = None
    frame: int | None = None
    states: Counter[str] = field(default_factory=Counter)
    letters: LetterCounts = LetterCounts()
    unregistered: int = 0


def round_lines(standing: Standing, day: date) -> list[RoundLine]:
    """The rounds of ``rounds_handled_by``, those with something to do first; two queries beside ``work_by_round``."""
    rounds = list(rounds_handled_by(standing))
    unregistered = registering.counts_by_round(rounds, standing)
    work = work_by_round(standing, day)
    lines = [
        replace(
            work.get(one.pk) or RoundLine(one.code, one.title),
            closes_at=one.closes_at,
            frame=one.frame.amount if one.frame else None,
            unregistered=unregistered[one.pk],
        )
        for one in rounds
    ]
    return sorted(lines, key=lambda line: (not line.unregistered, (*ORDER, "").index(line.letters.next)))


def work_by_round(standing: Standing, day: date) -> dict[int, RoundLine]:
    """How many letters of each round (id) have each state, and what the person does next with them.

    One query; one more when a letter is approved, and one when a job sends any; one more when the person has written a
    draft, and for each round with some, those of ``for_colleague``.
    """
    lines: dict[int, RoundLine] = {}
    of_round = ("application__round", "application__round__code", "application__round__title")
    by_state = to_tell(standing).order_by().values_list(*of_round, "letters__status")
    by_person = Q(letters__status=LetterStatus.DRAFT, letters__document__frozen_by=standing.user_id)
    drafts = 0
    counted = by_state.annotate(count=Count("pk"), written=Count("pk", filter=by_person))
    for pk, code, title, status, count, written in counted:
        lines.setdefault(pk, RoundLine(code, title)).states[status or UNWRITTEN] += count
        drafts += written
    is_approved = any(line.states[LetterStatus.APPROVED] for line in lines.values())
    sending = _sending(standing) if is_approved and any_being_sent() else Counter()
    left = _left(standing, day) if drafts else Counter()
    return {
        pk: replace(line, letters=from_states(line.states, left=left[pk], sending=sending[pk]))
        for pk, line in lines.items()
    }


def to_do_in(standing: Standing, day: date) -> list[RoundLine]:
    """The rounds in which it is the person's turn, by code; the queries of ``work_by_round``."""
    work = work_by_round(standing, day).values()
    return sorted((line for line in work if line.letters.is_to_do), key=attrgetter("code"))


def _letters(standing: Standing, status: LetterStatus) -> Any:
    decisions = to_tell(standing).order_by().values("pk")
    letters = Letter.objects.filter(decision__in=decisions, status=status).defer("document__snapshot")
    return letters.select_related("decision__application__round", "decision__body")


def _sending(standing: Standing) -> Counter[int]:
    """How many approved letters of each round (id) a job is to send."""
    letters = list(_letters(standing, LetterStatus.APPROVED))
    keys = being_sent(letters)
    return Counter(item.decision.application.round_id for item in letters if item.pk in keys)


def _left(standing: Standing, day: date) -> Counter[int]:
    """How many of the drafts that the person has written in each round (id) a colleague must approve."""
    by_round: dict[Any, list[Letter]] = defaultdict(list)
    for item in _letters(standing, LetterStatus.DRAFT).filter(document__frozen_by=standing.user_id):
        by_round[item.decision.application.round].append(item)
    person = standing.user_id or 0
    return Counter({key.pk: len(for_colleague(drafts, key, person, day)) for key, drafts in by_round.items()})
