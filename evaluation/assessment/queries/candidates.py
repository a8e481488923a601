"""Those who can be asked to assess: how much each has already, and where each stands on habilitet.

Only applications that are open to whoever shares them out are told of. What a person has answered is told in numbers
alone; a tie that the portal sees is told with the application, as everybody who may open both could see it.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from applications.models import Application
from evaluation.assessment.habilitet import Tie, ties
from evaluation.assessment.models import Assignment, Habilitet, PriorityList
from evaluation.assessment.queries import board as boards
from evaluation.assessment.queries import lists, turns
from evaluation.assessment.queries.closed import ClosedCases
from evaluation.assessment.queries.habilitet import out_of_case_since
from evaluation.assessment.queries.ties import persons, roles_of
from evaluation.assessment.turn import Turn
from portal.communities.models import Affiliation, BodyKind, Seat, User
from portal.journal.queries import entries_of

Pairs = set[tuple[int, int]]
Seen = dict[tuple[int, int], tuple[Tie, ...]]
# So many applications that a person is tied to are named.
NAMED = 3
# So many have a tie in common before it is told once.
MANY = 2
# The act by which an assignment goes when the list is unlocked, in the log of the application.
LAPSED = "assessment.lapsed"


@dataclass(frozen=True, slots=True)
class TiedTo:
    """An application that the portal sees that a person has a tie to, and how, in words."""

    code: str
    title: str
    sentence: str
    is_strong: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person who may assess, and numbers of applications."""

    pk: int
    name: str
    works_for: str
    # Given to the person in the turn, and of these not delivered.
    given: int
    waiting: int
    # Those that are to be shared out. Of them: the person is out of the case, or has a strong tie to it and is not
    # decided on; somebody must decide; the person has answered and is habil; has been given it and has not answered.
    shared: int
    out: int
    tied: int
    doubtful: int
    habil: int
    unanswered: int
    # The person has all of them already.
    has_all: bool
    # The ties to them that the portal sees, also where it is decided that the person is habil, the strong ones first.
    ties: tuple[TiedTo, ...]
    # Sits in the secretariat of the turn: what the portal sees there is the seat.
    is_office: bool = False

    @property
    def has_strong_tie(self) -> bool:
        """Whether one of the ties is strong."""
        return any(tie.is_strong for tie in self.ties)

    @property
    def is_possible(self) -> bool:
        """Whether there is one among them that the portal gives the person."""
        return not self.shared or self.shared > self.out + self.tied

    @property
    def may_be_asked(self) -> bool:
        """Whether an office may give the person one of them by hand: also with a tie, which it is told of."""
        return self.shared > self.out and not self.has_all

    @property
    def load(self) -> str:
        """How much the person has already."""
        if not self.given:
            return _("Ingen saker ennå")
        if not self.waiting:
            return _("%(given)s levert") % {"given": self.given}
        if self.waiting == self.given:
            return _("%(n)s å levere") % {"n": self.waiting}
        return _("%(waiting)s å levere, %(done)s levert") % {"waiting": self.waiting, "done": self.given - self.waiting}

    @property
    def is_asked(self) -> bool:
        """Whether there is something to tell of the person's habilitet."""
        return bool(self._most_urgent)

    @property
    def habilitet(self) -> tuple[str, str]:
        """Where the person stands on habilitet, in words, and the tone of them; never in which application."""
        number = {"n": self._most_urgent, "of": self.shared}
        if self.shared == 1:
            doubt, out = _("Habilitet må avgjøres"), _("Inhabil")
            unanswered, habil = _("Har ikke svart"), _("Habil")
        else:
            doubt = _("Må avgjøres i %(n)s av %(of)s")
            out, unanswered = _("Inhabil i %(n)s av %(of)s"), _("Har ikke svart i %(n)s av %(of)s")
            habil = _("Habil i %(n)s av %(of)s")
        if self.doubtful:
            return doubt % number, "warning"
        if self.out:
            return out % number, "ended"
        if self.unanswered:
            return unanswered % number, "neutral"
        return (habil % number, "success") if self.habil else (_("Ikke spurt"), "neutral")

    @property
    def tie(self) -> tuple[str, str]:
        """How strong the ``ties`` are, and in how many of them, in words, and the tone of them."""
        is_strong = self.has_strong_tie
        number = {"n": len({tie.code for tie in self.ties if tie.is_strong == is_strong}), "of": self.shared}
        if is_strong:
            strong = _("Sterk tilknytning") if self.shared == 1 else _("Sterk tilknytning i %(n)s av %(of)s")
            return strong % number, "warning" if self.tied else "neutral"
        weak = _("Svak tilknytning") if self.shared == 1 else _("Svak tilknytning i %(n)s av %(of)s")
        return weak % number, "neutral"

    @property
    def tied_to(self) -> str:
        """How the person is tied to the only one of them; else the first of them, by title, when it is not to all."""
        if self.shared == 1:
            return ", ".join(tie.sentence for tie in self.ties)
        titles = list({tie.code: f"«{tie.title}»" for tie in self.ties}.values())
        if len(titles) == self.shared and len({tie.is_strong for tie in self.ties}) == 1:
            return ""
        named, others = ", ".join(titles[:NAMED]), len(titles) - NAMED
        return named if others <= 0 else _("%(named)s og %(n)s til") % {"named": named, "n": others}

    @property
    def _most_urgent(self) -> int:
        return self.doubtful or self.out or self.unanswered or self.habil


def _numbered(people: Sequence[User]) -> list[User]:
    """The people, who are in the order of their names, with «Kommunelege 2» before «Kommunelege 10»."""
    without = {user.pk: re.sub(r"\d+", "", user.name) for user in people}
    at: dict[str, int] = {}
    for position, user in enumerate(people):
        at.setdefault(without[user.pk], position)
    return sorted(people, key=lambda user: (at[without[user.pk]], [int(n) for n in re.findall(r"\d+", user.name)]))


def candidates(turn: Turn, applications: Sequence[Application], closed: ClosedCases, day: date) -> list[Candidate]:
    """Those who may be asked to assess, first those who have something already, and where they stand on habilitet.

    The ``applications`` are open to the person who asks. ``closed`` are the cases that are closed to that person:
    nothing that is given in them is counted. Twelve queries.
    """
    people = list(lists.eligible(turn, day, without=closed.out_of_case))
    keys, shared = [user.pk for user in people], [application.pk for application in applications]
    given = _given(turn, closed, keys)
    out, doubtful, habil = _answered(shared, keys)
    seen = _seen(applications, people, day)
    tied = _to_decide(seen) - out
    has = {(pk, assessor) for pk, assessor, _is_delivered in given}
    works_for, office = _works_for(keys, turn, day)
    count = {
        "given": Counter(assessor for _pk, assessor, _is_delivered in given),
        "waiting": Counter(assessor for _pk, assessor, is_delivered in given if not is_delivered),
        "out": _by_person(out),
        "tied": _by_person(tied),
        "doubtful": _by_person(doubtful),
        "habil": _by_person(habil),
        "unanswered": _by_person({pair for pair in has if pair[0] in set(shared)} - out - habil),
    }
    people = sorted(_numbered(people), key=lambda user: not count["given"][user.pk])
    return [
        Candidate(
            pk=user.pk,
            name=user.name,
            works_for=" · ".join(works_for.get(user.pk, ())),
            shared=len(shared),
            has_all=bool(shared) and all((pk, user.pk) in has for pk in shared),
            ties=_tied_to(user.pk, applications, seen),
            is_office=user.pk in office,
            **{name: counter[user.pk] for name, counter in count.items()},
        )
        for user in people
    ]


def tie_of_all(people: Sequence[Candidate]) -> str:
    """The weak tie that all of them have to every application, in words, to be told once; empty when there is none."""
    weak = [[tie for tie in person.ties if not tie.is_strong] for person in people]
    if len(people) < MANY or not all(len({tie.code for tie in ties}) == people[0].shared for ties in weak):
        return ""
    if people[0].shared > 1:
        return _("Alle har en svak tilknytning til alle sakene.")
    first, *others = ([tie.sentence for tie in ties] for ties in weak)
    if any(sentences != first for sentences in others):
        return ""
    return _("Alle har den samme svake tilknytningen: %(tie)s.") % {"tie": ", ".join(first)}


def undelivered(turn: Turn, priority_list: PriorityList) -> QuerySet[Assignment]:
    """The assignments of applications on the list that are not delivered."""
    on_list = boards.listed(priority_list).order_by().values("application")
    return Assignment.objects.filter(stage=turn.stage, application__in=on_list, delivered_at=None)


def undelivered_by(turn: Turn, priority_list: PriorityList) -> list[tuple[str, int]]:
    """Those who have not delivered what they are to assess on the list, each with how many; one query."""
    return _by_assessor(undelivered(turn, priority_list))


def could_read_points(turn: Turn, priority_list: PriorityList) -> QuerySet[Assignment]:
    """Those ``undelivered`` on a locked list whose assessors then could read the points of others.

    Who has been out of the case since before the lock could not; who was first out of it later could until then.
    """
    since = out_of_case_since(OuterRef("assessor"), OuterRef("application"))
    waiting = undelivered(turn, priority_list).alias(out_since=since)
    return waiting.filter(Q(out_since=None) | Q(out_since__gt=priority_list.frozen_at))


def to_take_off(turn: Turn, priority_list: PriorityList) -> list[tuple[str, int]]:
    """Those whom the unlocking of the list takes off cases (``could_read_points``), each with how many; one query."""
    return _by_assessor(could_read_points(turn, priority_list))


def taken_off(applications: Sequence[Application], turn: Turn) -> Pairs:
    """The pairs whose assignment in the turn went when its list was unlocked, by the log; one query."""
    entries = entries_of(*applications).filter(act=LAPSED).values_list("subject_id", "data")
    return {(int(pk), data["assessor"]) for pk, data in entries if data["stage"] == turn.stage.code}


def taken_off_names(application: Application, turn: Turn) -> list[str]:
    """The names of those who were taken off the application when the list was unlocked, and have not got it since."""
    people = User.objects.filter(pk__in={person for _pk, person in taken_off([application], turn)})
    given = Assignment.objects.filter(application=application, stage=turn.stage).values("assessor")
    return list(people.exclude(pk__in=given).order_by("name", "pk").values_list("name", flat=True))


def _by_assessor(waiting: QuerySet[Assignment]) -> list[tuple[str, int]]:
    named = waiting.order_by("assessor__name", "assessor_id").values_list("assessor_id", "assessor__name")
    return [(name, n) for _pk, name, n in named.annotate(n=Count("pk"))]


def not_to_give(applications: Sequence[Application], people: Sequence[User], day: date) -> Pairs:
    """The pairs of an application and a person (ids) that the portal does not make; eight queries.

    The person is out of the case, or has a strong tie to it that the portal sees and nobody has decided on.
    """
    out = Habilitet.objects.filter(application__in=[application.pk for application in applications]).out_of_case()
    return _to_decide(_seen(applications, people, day)) | _pairs(out)


def _seen(applications: Sequence[Application], people: Sequence[User], day: date) -> Seen:
    """The ties that the portal sees, by the pair; six queries."""
    roles, known = roles_of(applications), persons(people, day)
    return {
        (pk, person.pk): told
        for pk, parties in roles.items()
        for person in known.values()
        if (told := ties(parties, person))
    }


def _to_decide(seen: Seen) -> Pairs:
    """The pairs with a strong tie; a decision that the person is habil or inhabil replaces it."""
    decided = Habilitet.objects.decided().filter(application__in={pk for pk, _person in seen})
    return {pair for pair, told in seen.items() if any(tie.is_strong for tie in told)} - _pairs(decided)


def _tied_to(person: int, applications: Sequence[Application], seen: Seen) -> tuple[TiedTo, ...]:
    tied = [
        TiedTo(application.code, application.title, tie.sentence, tie.is_strong)
        for application in applications
        for tie in seen.get((application.pk, person), ())
    ]
    return tuple(sorted(tied, key=lambda tie: not tie.is_strong))


def _answered(applications: Collection[int], people: Collection[int]) -> tuple[Pairs, Pairs, Pairs]:
    """The pairs in which the person is out of the case, of these those that wait for a decision, and the habile."""
    asked = Habilitet.objects.filter(application__in=applications, person__in=people).order_by()
    rows = asked.values_list("application_id", "person_id", "is_pending", "is_recused")
    out = {(pk, person) for pk, person, is_pending, is_recused in rows if is_pending or is_recused}
    doubtful = {(pk, person) for pk, person, is_pending, _is_recused in rows if is_pending}
    return out, doubtful, {(pk, person) for pk, person, *_more in rows} - out


def _given(turn: Turn, closed: ClosedCases, people: Collection[int]) -> list[tuple[int, int, bool]]:
    entries = turns.entries(turn)
    if closed.out_of_case is not None:
        entries = entries.exclude(closed.out_of_case)
    rows = Assignment.objects.filter(
        stage=turn.stage, application__in=entries.values("application"), assessor__in=people
    )
    values = rows.order_by().values_list("application_id", "assessor_id", "delivered_at")
    return [(pk, assessor, delivered_at is not None) for pk, assessor, delivered_at in values]


def _works_for(people: Collection[int], turn: Turn, day: date) -> tuple[dict[int, dict[str, None]], set[int]]:
    """By the person: the organisations and the bodies of the turn, each once; and who (ids) sits in a secretariat."""
    office: set[int] = set()
    names: dict[int, dict[str, None]] = defaultdict(dict)
    works = Affiliation.objects.current(day).filter(user__in=people).order_by("organisation__name")
    for person, organisation in works.values_list("user_id", "organisation__name"):
        names[person][organisation] = None
    seats = Seat.objects.current(day).filter(turn.bodies, user__in=people).order_by("body__name", "pk")
    for person, kind, *more in seats.values_list("user_id", "body__kind", "organisation__name", "body__abbreviation"):
        names[person].update({name: None for name in more if name})
        office |= {person} if kind == BodyKind.SECRETARIAT else set()
    return names, office


def _by_person(pairs: Pairs) -> Counter[int]:
    return Counter(person for _application, person in pairs)


def _pairs(rows: QuerySet[Habilitet]) -> Pairs:
    return set(rows.order_by().values_list("application_id", "person_id"))
