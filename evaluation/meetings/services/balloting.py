"""A ballot: the chair opens it, each who may vote votes, and closing it freezes the voters and the result."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from evaluation.assessment import award
from evaluation.assessment.models import Habilitet
from evaluation.meetings import voting, wordings
from evaluation.meetings.models import Attendance, Ballot, BallotStatus, Case, CaseKind, Choice, Vote
from evaluation.meetings.proposals import after_first_point, first_point, sums
from evaluation.meetings.queries.electorate import Roll, quorum_of, roll_of, why_not
from evaluation.meetings.queries.habilitet import must_answer_first, questions_of, who_must_answer
from evaluation.meetings.queries.proposed import (
    Proposal,
    allocation_of,
    latest_ballot,
    outcome_label,
    outcomes_of,
    proposal_of,
    require_shown,
    voted_on,
)
from evaluation.meetings.services.locking import (
    MeetingConflictError,
    MeetingError,
    case_led_by,
    locked_case,
    require_in_hand,
    require_no_ballot,
    tell,
    tell_quietly,
)
from portal.acts import act
from portal.communities.models import User
from portal.communities.queries import standing_at
from portal.formats import kroner
from portal.twins import twin_lazy, twin_of
from rounds.outcomes import AWARDS


class VoteRefusedError(MeetingError):
    """The vote was not counted, and why."""


@act
def open_ballot(
    case: Case, *, proposal: str, by: User, at: datetime, outcome: str = "", amount: int | None = None
) -> Ballot:
    """Put a proposal to the vote under the rule and the quorum in force in the case, which the ballot keeps.

    Raises MeetingError when the meeting is not on the case, the body is not quorate, somebody who may vote must answer
    about habilitet first, a ballot is open, the amount (kroner) is above what was asked for, or the wording says
    something else than outcome and amount.
    """
    case = case_led_by(by, case, at)
    roll = roll_to_vote(case, proposal, outcome, amount)
    ballot = Ballot.objects.create(
        case=case,
        proposal=proposal,
        outcome=outcome,
        amount=amount if outcome in AWARDS else None,
        rules=roll.rules.to_data(),
        opened_at=at,
        opened_by=by,
    )
    tell("ballot.opened", case.meeting, by=by, at=at, subject=ballot, case=case.reference)
    return ballot


def roll_to_vote(case: Case, proposal: str, outcome: str, amount: int | None) -> Roll:
    """The roll by which the body can vote on this now; raises MeetingError as ``open_ballot`` does."""
    require_decidable(case, outcome, amount)
    require_worded(case, proposal, outcome, amount)
    require_no_ballot(case)
    roll = roll_of(case.meeting, case)
    require_decided_on_list(roll)
    require_quorum(roll)
    require_answered(roll, case)
    return roll


def proposal_to_vote(case: Case) -> Proposal:
    """What is put to the vote now: that of the last ballot, when it counted somebody who is inhabil since.

    Else the paper's; and of a list as a whole what its cases have come to.
    """
    latest = None if case.is_allocation else latest_ballot(case)
    if latest is None or not roll_of(case.meeting, case).why_vote_again(latest):
        return proposal_of(case)
    return voted_on(latest)


def open_as_proposed(case: Case, *, shown: str, by: User, at: datetime) -> Ballot:
    """Put to the vote what the page showed (``shown``, ``proposed.shown_sum``); ChangedError when it is another now."""
    put = proposal_to_vote(case)
    require_shown(shown, latest_ballot(case), put)
    return open_ballot(case, proposal=put.text, outcome=put.outcome, amount=put.amount, by=by, at=at)


def require_decidable(case: Case, outcome: str, amount: int | None) -> None:
    """Raise unless the meeting is on the case, and the body can decide this on it now."""
    require_in_hand(case)
    require_possible_to_decide(case, outcome, amount)


def require_possible_to_decide(case: Case, outcome: str, amount: int | None) -> None:
    """Raise unless this can be decided on the case in its meeting: it asks for it, and no habilitet is undecided."""
    if case.kind != CaseKind.DECISION:
        raise MeetingError(_("Sak %(case)s er ikke en beslutningssak.") % {"case": case.reference})
    require_not_withdrawn(case)
    people = case.meeting.attendances.filter(has_ended=False).values_list("seat__user", flat=True)
    require_decided(questions_of(case, list(people)))
    require_possible(case, outcome, amount)


def require_decided(questions: Iterable[Habilitet]) -> None:
    """Raise while a question of habilitet in the case waits for the body."""
    if waiting := next((row for row in questions if row.is_pending), None):
        raise MeetingError(_("Avgjør habiliteten til %(name)s først.") % {"name": waiting.person})


def require_decided_on_list(roll: Roll, ballot: Ballot | None = None) -> None:
    """Raise while the habilitet of somebody who would vote on an allocation is undecided in a case on its list.

    Of who was counted in the ``ballot``, too: it may be that the person has left since.
    """
    waiting = next(iter(roll.undecided_on_list(ballot)), None)
    if waiting and waiting.application:
        words = {"name": waiting.person, "title": waiting.application.title}
        raise MeetingError(_("Avgjør habiliteten til %(name)s i «%(title)s» først.") % words)


def require_not_withdrawn(case: Case) -> None:
    """Raise when the application of the case, or the round of its list, is withdrawn: nothing is decided about it."""
    if case.is_withdrawn and case.is_allocation:
        raise MeetingError(_("Utlysningen er trukket. Avslutt saken uten vedtak."))
    if case.is_withdrawn:
        sentence = twin_lazy("Søknaden er trukket. Avslutt saken uten vedtak.")
        raise MeetingError(twin_of(sentence, case.application.noun_context if case.application else ""))


def require_possible(case: Case, outcome: str, amount: int | None) -> None:
    """Raise unless the outcome and the amount (kroner) can be resolved about the case's application."""
    if not case.application:
        return
    if not outcome:
        raise MeetingError(_("Velg utfallet som forslaget gir.")).about("outcome")
    require_outcome_of_round(case, outcome)
    asked = case.application.requested_amount
    wrong = award.fault(outcome, amount if outcome in AWARDS else None, asked)
    if wrong == award.Fault.MISSING:
        raise MeetingError(_("Skriv beløpet som skal innvilges.")).about("amount")
    if wrong == award.Fault.ABOVE:
        raise MeetingError(
            _("Beløpet er høyere enn det er søkt om: %(amount)s mot %(asked)s.")
            % {"amount": kroner(amount), "asked": kroner(asked)}
        ).about("amount")


def require_outcome_of_round(case: Case, outcome: str) -> None:
    """Raise when the round of the case's application does not have the outcome."""
    if case.application and outcome not in outcomes_of(case):
        raise MeetingError(_("Runden har ikke dette utfallet. Velg et annet.")).about("outcome")


def require_worded(case: Case, text: str, outcome: str, amount: int | None) -> None:
    """Raise when the text says something else than outcome and amount (``wordings.fault``): the letter quotes it.

    On a list as a whole, when it says something else than the cases of the list. The unchanged text of the paper is
    refused when the recommendation has another outcome.
    """
    if case.is_allocation:
        require_allocated(case, text)
    if not case.application or not outcome:
        return
    proposed = proposal_of(case)
    if proposed.outcome and outcome != proposed.outcome and text.split() == proposed.text.split():
        raise MeetingError(
            _("Teksten er fortsatt skrevet for «%(before)s». Skriv den om, så den passer til «%(after)s».")
            % {"before": outcome_label(case, proposed.outcome), "after": outcome_label(case, outcome)}
        ).about(*WORDING)
    if wrong := wordings.fault(text, outcome, amount):
        words = {"amount": kroner(amount) if amount else "", "outcome": outcome_label(case, outcome)}
        raise MeetingError(_WORDED_WRONGLY[wrong] % words).about(*WORDING)


# The wording's field: of a proposal, and of a resolution.
WORDING = ("proposal", "text")
_WORDED_WRONGLY = {
    wordings.Fault.OTHER_AMOUNT: _lazy(
        "Teksten nevner et annet beløp enn %(amount)s. Skriv samme beløp i teksten og i beløpsfeltet."
    ),
    wordings.Fault.NO_AMOUNT: _lazy("Teksten nevner ikke beløpet. Skriv %(amount)s i teksten: Brevet gjengir den."),
    wordings.Fault.OTHER_OUTCOME: _lazy(
        "Teksten sier noe annet enn «%(outcome)s». Skriv den slik at den passer, eller velg et annet utfall."
    ),
}


def require_allocated(case: Case, text: str) -> None:
    """Raise unless the text on a list as a whole says what the cases of the list have come to.

    Its first point is written from them, and the others name no amount that none of them has.
    """
    resolved = allocation_of(case)
    if resolved.waiting:
        raise MeetingError(
            _("Sak %(cases)s er ikke avgjort. Fordelingen kommer til slutt.") % {"cases": ", ".join(resolved.waiting)}
        )
    if first_point(text) != first_point(resolved.proposal(case.meeting.body.name)):
        said = ngettext(
            "Fordelingen skrives ut fra vedtakene i sakene: %(total)s i %(n)d sak.",
            "Fordelingen skrives ut fra vedtakene i sakene: %(total)s i %(n)d saker.",
            len(resolved.shares),
        ) % {"total": kroner(resolved.total), "n": len(resolved.shares)}
        put_off = _(" Utsatt: %(titles)s.") % {"titles": ", ".join(resolved.postponed)} if resolved.postponed else ""
        raise MeetingError(f"{said}{put_off} " + _("Punkt 1 må si dette.")).about(*WORDING)
    known = {share.amount for share in resolved.shares} | {resolved.total}
    if strange := [amount for amount in sums(after_first_point(text)) if amount not in known]:
        raise MeetingError(
            _("Teksten nevner %(amount)s, som ikke er vedtatt i noen av sakene.") % {"amount": kroner(strange[0])}
        ).about(*WORDING)


def require_quorum(roll: Roll) -> None:
    """Raise with the state of the quorum unless the body can decide."""
    if not roll.quorum.is_met:
        raise MeetingError(roll.quorum_sentence)


def require_answered(roll: Roll, case: Case) -> None:
    """Raise while somebody who may vote is to answer about habilitet in the application first, and has not."""
    if asked_first := who_must_answer(case, roll.voting_people):
        raise MeetingError(
            _(
                "Disse har en tilknytning til saken og har ikke svart på om de er habile: %(names)s. "
                "Be dem svare under «Meld en tilknytning», eller meld fra for dem."
            )
            % {"names": ", ".join(str(person) for person in asked_first)}
        )


@act
def cast(ballot: Ballot, *, choice: Choice, by: User, at: datetime) -> Vote:
    """Vote, or change the vote until the ballot closes. The same vote sent again gives the same receipt, also later.

    Raises VoteRefusedError with the reason: closed, not present, inhabil, no voting right, deputy not needed, a tie
    that the person is to answer about first (``queries.must_answer``), or a question that the body has not decided.
    """
    case = locked_case(ballot.case)
    roll = roll_of(case.meeting, case)
    line = roll.of(by)
    if line is None:
        raise VoteRefusedError(_("Du har ikke plass i utvalget og kan ikke stemme."))
    given = Vote.objects.filter(ballot=ballot, seat=line.seat).first()
    if given and given.choice == choice:
        return given
    if not Ballot.objects.filter(pk=ballot.pk, status=BallotStatus.OPEN).exists():
        raise VoteRefusedError(_too_late(given))
    if reason := roll.voters.cannot_vote.get(line.seat_id):
        raise VoteRefusedError(why_not(reason, line))
    if must_answer_first(standing_at(by, at), case):
        raise VoteRefusedError(_("Du har en tilknytning til saken. Svar under «Meld en tilknytning» før du stemmer."))
    if by.pk in {question.person_id for question in roll.undecided}:
        raise VoteRefusedError(_("Utvalget har ikke avgjort om du er habil i saken. Før det kan du ikke stemme."))
    if by.pk in {question.person_id for question in roll.undecided_on_list()}:
        raise VoteRefusedError(
            _("Utvalget har ikke avgjort om du er habil i en sak på listen. Før det kan du ikke stemme.")
        )
    if given:
        return _change(given, choice, case, by=by, at=at)
    vote = Vote.objects.create(ballot=ballot, seat=line.seat, choice=choice, cast_at=at)
    tell_quietly("vote.cast", case.meeting, by=by, at=at, subject=ballot, seat=line.seat_id)
    return vote


def _too_late(given: Vote | None) -> str:
    if given is None:
        return _("Voteringen er lukket. Stemmen kom for sent og er ikke talt med.")
    choice = given.ballot.words[given.choice]
    return _("Voteringen er lukket. Stemmen din er fortsatt: %(choice)s.") % {"choice": choice}


def _change(given: Vote, choice: Choice, case: Case, *, by: User, at: datetime) -> Vote:
    """Replace the vote. The log keeps what it was, without the answer in a body whose members do not see the votes."""
    was = {"was": given.choice} if case.meeting.body.members_see_votes else {}
    given.choice, given.cast_at = choice, at
    given.save(update_fields=["choice", "cast_at"])
    tell_quietly("vote.changed", case.meeting, by=by, at=at, subject=given.ballot, seat=given.seat_id, **was)
    return given


@act
def close_ballot(ballot: Ballot, *, by: User, at: datetime) -> Ballot:
    """Close the ballot: count by its rule among those who may vote now, and freeze electorate and result.

    Of two who close at once one does, and the other gets MeetingConflictError. When people have left so that
    the body is no longer quorate, nothing is adopted and the result says so.
    """
    case = case_led_by(by, ballot.case, at)
    won = Ballot.objects.filter(pk=ballot.pk, status=BallotStatus.OPEN).update(status=BallotStatus.CLOSED, closed_at=at)
    if not won:
        raise MeetingConflictError(_("Voteringen er allerede lukket."))
    ballot = Ballot.objects.get(pk=ballot.pk)
    roll = roll_of(case.meeting, case)
    choices = {seat: voting.Choice(choice) for seat, choice in ballot.votes.values_list("seat_id", "choice")}
    rules = ballot.decision_rules
    # The roll has the rules of now, which nobody changes while the meeting is open.
    casting = choices.get(roll.casting_seat) if roll.casting_seat else None
    outcome = voting.tally(choices, roll.voters, rules.rule, quorum_of(rules, roll.voters), casting=casting)
    ballot.electorate = electorate_snapshot(roll, choices if case.meeting.body.members_see_votes else {})
    ballot.result = result_of(outcome)
    ballot.save(update_fields=["electorate", "result"])
    tell("ballot.closed", case.meeting, by=by, at=at, subject=ballot, is_adopted=outcome.is_adopted)
    return ballot


def electorate_snapshot(roll: Roll, choices: dict[int, voting.Choice]) -> dict[str, Any]:
    """Who could vote and what each answered, and who on the roll could not and why; names as they are now."""
    lines = {line.seat_id: line for line in roll.attendances}
    entitled = [
        {**_person(lines[pk]), "side": side, "choice": str(choices[pk]) if pk in choices else None}
        for pk, side in roll.voters.sides.items()
    ]
    cannot_vote = [{**_person(lines[pk]), "bar": str(reason)} for pk, reason in roll.voters.cannot_vote.items()]
    # The keys of ballots that are frozen already; elsewhere those who cannot vote are called that.
    return {"entitled": entitled, "barred": cannot_vote}


def _person(line: Attendance) -> dict[str, Any]:
    seat = line.seat
    return {
        "seat": seat.pk,
        "name": seat.user.name,
        "organisation": seat.organisation.name if seat.organisation else "",
        "deputy_for": seat.deputy_for.user.name if seat.deputy_for else "",
    }


def result_of(outcome: voting.Outcome) -> dict[str, Any]:
    """The outcome as the ballot keeps it."""

    def count(votes: voting.Count) -> dict[str, Any]:
        return {**asdict(votes), "silent": votes.silent, "label": voting.SIDE_NAMES.get(votes.side, "")}

    return {
        "is_adopted": outcome.is_adopted,
        "is_quorate": outcome.quorum.is_met,
        "quorum": outcome.quorum.sentence,
        "sentence": outcome.sentence,
        "total": count(outcome.total),
        "sides": [count(side) for side in outcome.sides],
        "set_aside": list(outcome.set_aside),
    }
