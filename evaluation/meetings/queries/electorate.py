"""The roll of a meeting in one case: who may vote, who may not and why, and whether the body can decide."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from evaluation.assessment.models import Habilitet
from evaluation.meetings import voting
from evaluation.meetings.models import Attendance, Ballot, Case, CaseKind, CaseStatus, Meeting, MeetingStatus
from evaluation.meetings.queries.habilitet import out_on_list, questions_of
from portal.clock import local_date
from portal.communities import decision_words
from portal.communities.decision_rules import DecisionRules
from portal.communities.models import Body, Seat, SeatRole, User
from rounds.models import Stage

# The names of the sides on pages, in the language of the page. The minutes have voting.SIDE_NAMES, in bokmål.
SIDES = {
    voting.MUNICIPALITY: _lazy("Kommunesiden"),
    voting.HOSPITAL: _lazy("Helseforetakssiden"),
    "user": _lazy("Brukerne"),
    "gp": _lazy("Fastlegene"),
    "union": _lazy("De tillitsvalgte"),
    "other": _lazy("Andre"),
}


@dataclass(frozen=True, slots=True)
class Roll:
    """Everyone on the roll, with the electorate, the rules and the quorum of the case."""

    attendances: Sequence[Attendance]
    voters: voting.Electorate
    rules: DecisionRules
    quorum: voting.Quorum
    questions: Sequence[Habilitet]
    recused_seat_ids: frozenset[int]
    # The seats of those who are inhabil in an application on the list of an allocation, and not habil in the whole.
    recused_in_part_ids: frozenset[int] = frozenset()
    # The questions about applications on the list of an allocation that nobody has decided.
    pending_on_list: Sequence[Habilitet] = ()

    def of(self, user: User) -> Attendance | None:
        """The person's line on the roll; of several, the one whose seat may vote, else the first."""
        lines = [line for line in self.attendances if line.seat.user_id == user.pk]
        return next((line for line in lines if line.seat_id in self.voters.sides), lines[0] if lines else None)

    @property
    def quorum_sentence(self) -> str:
        """Whether the body can decide, in the page's language; in bokmål as in the minutes (``quorum.sentence``)."""
        quorum = self.quorum
        if quorum.is_met:
            text = _("Vedtaksført: %(present)s av %(base)s stemmeberettigede er til stede.")
        elif quorum.present < quorum.needed:
            text = _(
                "Ikke vedtaksført: %(present)s av %(base)s stemmeberettigede er til stede, "
                "og det kreves minst %(needed)s."
            )
        else:
            text = _("Ikke vedtaksført: Ingen med stemmerett fra %(sides)s er til stede.")
        sides = _(" og ").join(str(SIDES[side]).lower() for side in quorum.missing_sides)
        return text % {"present": quorum.present, "base": quorum.base, "needed": quorum.needed, "sides": sides}

    @property
    def undecided(self) -> list[Habilitet]:
        """The questions of habilitet that the body must decide before the case."""
        return [question for question in self.questions if question.is_pending]

    def is_recused(self, user: User) -> bool:
        """Whether the person is inhabil in the case."""
        return any(line.seat_id in self.recused_seat_ids for line in self.attendances if line.seat.user_id == user.pk)

    def is_asked_in_part(self, seat: Seat) -> bool:
        """Whether the seat's holder is inhabil in a case on an allocation's list, or waits for a decision there."""
        undecided = {question.person_id for question in self.pending_on_list}
        return seat.pk in self.recused_in_part_ids or seat.user_id in undecided

    def undecided_on_list(self, ballot: Ballot | None = None) -> list[Habilitet]:
        """The questions on an allocation's list that it waits for: of who would vote, or was counted in the ballot."""
        seats = self.voters.sides.keys() | _counted(ballot)
        people = {line.seat.user_id for line in self.attendances if line.seat_id in seats}
        return [question for question in self.pending_on_list if question.person_id in people]

    @property
    def casting_seat(self) -> int | None:
        """The seat whose vote decides a tie: the chair's, else the vice chair's; None where nobody's does.

        One who may not vote in the case does not lead it.
        """
        roles = {line.seat.role: line.seat_id for line in self.attendances if line.seat_id in self.voters.sides}
        leads = roles.get(SeatRole.CHAIR) or roles.get(SeatRole.VICE_CHAIR)
        return leads if self.rules.has_casting_vote else None

    @property
    def voting_people(self) -> list[int]:
        """The ids of those who may vote."""
        return [line.seat.user_id for line in self.attendances if line.seat_id in self.voters.sides]

    def why_vote_again(self, ballot: Ballot) -> str:
        """The sentences of who was counted in the closed ballot and is inhabil now; empty when nobody is."""
        counted = _counted(ballot)
        in_part = self.recused_in_part_ids - self.recused_seat_ids
        said = []
        for text, seats in (
            (_("%(names)s var med i voteringen, og er inhabil i saken."), counted & self.recused_seat_ids),
            (_("%(names)s var med i voteringen, og er inhabil i en sak på listen."), counted & in_part),
        ):
            if names := [str(line.seat.user) for line in self.attendances if line.seat_id in seats]:
                said.append(text % {"names": ", ".join(names)})
        return " ".join([*said, _("Stem på nytt.")]) if said else ""

    @property
    def left_out(self) -> list[Attendance]:
        """Who is there and does not vote on the allocation for a case on its list, and whom nobody has asked about.

        Somebody who was habil in the allocation before he or she became inhabil in the case is to be asked about again.
        """
        asked = {question.person_id for question in self.questions if question.is_pending or question.is_recused}
        lines = [line for line in self.attendances if line.seat_id in self.recused_in_part_ids]
        return [line for line in lines if line.is_present and line.seat.has_vote and line.seat.user_id not in asked]


def _counted(ballot: Ballot | None) -> set[int]:
    """The seats that were counted in a closed ballot; none without one."""
    electorate = ballot.electorate if ballot else None
    return {person["seat"] for person in (electorate or {}).get("entitled", ())}


def roll_of(meeting: Meeting, case: Case | None) -> Roll:
    """The roll of the meeting for the case; three queries at most.

    One call reads all that decides who may vote, and whether the body can decide: who is present, who is inhabil, the
    electorate that follows (``voting.electorate``), the rules of the case, and the quorum (``voting.quorum``).
    """
    attendances = in_order(lines_of(meeting.pk))
    questions = questions_of(case, [line.seat.user_id for line in attendances]) if case else []
    recused = {question.person_id for question in questions if question.is_recused}
    habil = {row.person_id: row.decided_at for row in questions if row.is_recused is False and row.decided_at}
    out = out_on_list(case) if case else []
    inhabil = ((row.person_id, row.decided_at) for row in out if row.is_recused and row.decided_at)
    in_part = voting.inhabil_in_part(inhabil, habil)
    recused_seats, in_part_seats = (
        frozenset(line.seat_id for line in attendances if line.seat.user_id in people) for people in (recused, in_part)
    )
    voters = voting.electorate(_seat(line, recused_seats, in_part_seats) for line in attendances)
    rules = rules_of(case, meeting.body)
    waiting = _undecided(out, habil)
    return Roll(attendances, voters, rules, quorum_of(rules, voters), questions, recused_seats, in_part_seats, waiting)


def _undecided(out: Sequence[Habilitet], habil: Mapping[int, datetime]) -> list[Habilitet]:
    """The undecided questions about applications on the list of an allocation, but of who is ``habil`` in the whole."""
    pending = [row for row in out if row.is_pending]
    raised = ((row.person_id, row.raised_at) for row in pending if row.raised_at)
    people = voting.undecided_in_part(raised, habil)
    return [row for row in pending if row.person_id in people]


def silent_voters(ballot: Ballot) -> list[str]:
    """The names of those who may vote in the ballot and have not, in the order of the roll."""
    roll = roll_of(ballot.case.meeting, ballot.case)
    answered = set(ballot.votes.values_list("seat", flat=True))
    waited_for = roll.voters.sides.keys() - answered
    return [str(line.seat.user) for line in roll.attendances if line.seat_id in waited_for]


def lines_of(meeting_id: int) -> QuerySet[Attendance]:
    """Those of ``attendances_of`` whose seats have not ended: they can be there and vote."""
    return attendances_of(meeting_id).filter(has_ended=False)


def takes_attendance(meeting: Meeting, now: datetime) -> bool:
    """Whether people can be registered as there: from the day the meeting is called to (local), and while it is on."""
    return meeting.is_open or local_date(now) >= local_date(meeting.starts_at)


def is_awaited(line: Attendance) -> bool:
    """Whether the seat's holder is called and not heard of; a deputy comes only in another's place."""
    return line.arrived_at is None and not line.apology and line.seat.deputy_for_id is None


def attendances_of(meeting_id: int) -> QuerySet[Attendance]:
    """The lines of the meeting's roll by side and name, with the person of each; without the person's organisation.

    The minutes tell of seats that have ended, too.
    """
    return (
        Attendance.objects.filter(meeting=meeting_id)
        .select_related("seat__user", "seat__deputy_for__user")
        .order_by("seat__side", "seat__user__name", "pk")
    )


def in_order(lines: Iterable[Attendance]) -> list[Attendance]:
    """The lines of ``attendances_of`` in the order of the roll.

    Members come first, by side and name. Then come the deputies of each member in the order in which they were
    appointed: by the first day of the seat, and of the same day the seat that was entered first. The first of them who
    can vote votes for the member.
    """
    return sorted(lines, key=_place_of_deputy)


def _place_of_deputy(line: Attendance) -> tuple[int, date, int]:
    """For a member nothing, so that members keep the order that they have."""
    seat = line.seat
    return (seat.deputy_for_id, seat.from_date, seat.pk) if seat.deputy_for_id else (0, date.min, 0)


def quorum_of(rules: DecisionRules, voters: voting.Electorate) -> voting.Quorum:
    """Whether the voters are enough by the rules; ValueError for the rules of an old vote, which have no quorum."""
    if rules.quorum is None:
        raise ValueError("the rules of an old vote have no quorum, and cannot decide a new one")
    return voting.quorum(voters, rules.quorum.share, both_sides=rules.needs_both_sides)


def why_not(reason: voting.CannotVote, line: Attendance) -> str:
    """The sentence that tells the person why he or she cannot vote."""
    principal = line.seat.deputy_for.user.name if line.seat.deputy_for else ""
    sentences = {
        voting.CannotVote.NO_VOTE: _("Du har møte- og talerett, men ikke stemmerett."),
        voting.CannotVote.RECUSED: _("Du er inhabil i saken. Du kan verken delta i behandlingen eller stemme."),
        voting.CannotVote.RECUSED_IN_PART: _(
            "Du er inhabil i en sak på listen og stemmer ikke over samlet fordeling, hvis ikke utvalget avgjør at du "
            "er habil i den."
        ),
        voting.CannotVote.AWAY: _("Du er ikke registrert som til stede. Meld deg til stede for å stemme."),
        voting.CannotVote.NOT_NEEDED: _("Du er vara for %(name)s, som er til stede og stemmer selv."),
        voting.CannotVote.OTHER_DEPUTY: _("En annen vara møter allerede for %(name)s."),
    }
    return sentences[reason] % {"name": principal}


def _seat(line: Attendance, recused: frozenset[int], in_part: frozenset[int]) -> voting.Seat:
    seat = line.seat
    return voting.Seat(
        pk=seat.pk,
        side=seat.side,
        has_vote=seat.has_vote,
        deputy_for=seat.deputy_for_id,
        is_present=line.is_present,
        is_recused=seat.pk in recused,
        is_recused_in_part=seat.pk in in_part,
    )


def rules_of(case: Case | None, body: Body) -> DecisionRules:
    """The rules by which the body decides in the case, as they are now; without a case, the body's own rules.

    One query for a case that is about an application without a list, none when the case was read with its list's stage.
    """
    stage = stage_of(case) if case else None
    return stage.decision_rules(body) if stage else body.decision_rules


def rules_text(case: Case) -> str:
    """How a decision case is or was decided, in words: what was kept with its resolution, else what is in force.

    Empty for a case that asks for no decision, and for what was resolved before the rules were kept.
    """
    if case.kind != CaseKind.DECISION:
        return ""
    if case.status == CaseStatus.DECIDED:
        return case.resolution.rules_text
    return decision_words.sentences(rules_of(case, case.body))


def in_session(body_ids: Collection[int]) -> set[int]:
    """Those of the bodies (ids) that have an open meeting."""
    open_meetings = Meeting.objects.filter(body__in=body_ids, status=MeetingStatus.OPEN)
    return set(open_meetings.values_list("body_id", flat=True))


def stage_of(case: Case) -> Stage | None:
    """The round's stage whose rules decide the case; None for a case that is no decision in a round."""
    if case.kind != CaseKind.DECISION:
        return None
    if case.priority_list:
        return case.priority_list.stage
    if case.recommendation:
        return case.recommendation.priority_list.stage
    return _stage_at_body(case) if case.application else None


def _stage_at_body(case: Case) -> Stage | None:
    """The newest stage that the application has entered at this body; None when it has not come to the body."""
    application = case.application
    if application is None:
        return None
    entries = application.stage_entries.select_related("stage__body", "community").order_by("-stage__position")
    return next((entry.stage for entry in entries if entry.stage.is_at(case.body, entry.community_id)), None)
