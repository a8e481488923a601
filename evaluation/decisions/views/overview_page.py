"""The decisions and letters of a round as a list, and what is done before a letter is read."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from applications.workflow import Status
from evaluation.assessment.queries.closed import is_out_under_frame
from evaluation.decisions import permissions, queries
from evaluation.decisions.models import Decision, LetterStatus
from evaluation.decisions.next_step import before_decisions, first_round, heading, next_step, rounds_heading
from evaluation.decisions.queries import letter_work, registering
from evaluation.decisions.queries.letter_work import LetterCounts
from evaluation.decisions.queries.ordered import with_sending
from evaluation.decisions.services import deciding, letters
from evaluation.decisions.views.lookup import standing_of, this_decision, this_round
from evaluation.decisions.views.one_by_one import do_each
from portal.acts import attempt
from portal.clock import local_date
from portal.communities.standing import Standing
from portal.errors import DomainError
from portal.formats import kroner
from portal.permissions import require
from portal.requests import PersonRequest
from portal.ui import NextStep
from rounds.frame import FrameState
from rounds.models import Round
from rounds.questions import frame_state


@login_required
@require_GET
def rounds(request: PersonRequest) -> HttpResponse:
    """The rounds whose decisions and letters the person's secretariat handles, those with something to do first."""
    standing = standing_of(request)
    lines = letter_work.round_lines(standing, local_date(request.now))
    told = [(line, _chips(line.states)) for line in lines]
    is_begun = any(line.unregistered or chips for line, chips in told)
    if is_begun or not lines:
        step, news = first_round(lines), rounds_heading(lines)
    else:
        step = _ahead(queries.rounds_handled_by(standing), standing, request.now)
        news = heading(step, 0)
    context = {"lines": told, "is_begun": is_begun, "heading": news, "step": step}
    return render(request, "decisions/round_list.html", context)


@login_required
@require_GET
def overview(request: PersonRequest, code: str) -> HttpResponse:
    """All decisions and letters of a round that the secretariat handles."""
    round_, standing = this_round(request, code), standing_of(request)
    decisions = queries.with_deliveries(list(queries.decisions_of(round_, standing)))
    letters_open = queries.letters_in(decisions)
    left = queries.for_colleague(letters_open, round_, request.user.pk, local_date(request.now))
    first, meetings, untold = registering.waiting(round_, standing)
    with_sending(letters_open)
    counts = _counts(decisions, left)
    step = next_step(round_, counts, first, untold) or _ahead([round_], standing, request.now, decisions)
    frame = None if (hides_sums := is_out_under_frame(round_, standing)) else frame_state(round_)
    context = {
        "round": round_,
        "counts": counts,
        "heading": heading(step, counts.sent, is_adopted=bool(frame and frame.granted_here)),
        "step": step,
        "sums": _sums(frame) if frame else "",
        "hides_sums": hides_sums,
        "first_meeting": first,
        "other_meetings": meetings[1:],
        "untold": untold if meetings else untold[1:],
        "for_colleague": left,
        "batches": queries.latest_batches(round_, request.user),
        **_listed(decisions, left, request.GET),
    }
    return render(request, "decisions/round_overview.html", context)


def _ahead(
    rounds: Iterable[Round], standing: Standing, now: datetime, decisions: Collection[Any] = ()
) -> NextStep | None:
    """The meeting to come, as the next step; None when there are decisions already."""
    return None if decisions else before_decisions(registering.meeting_ahead(rounds, standing), now)


def _listed(decisions: list[Any], left: set[int], asked: Mapping[str, str]) -> dict[str, Any]:
    """The decisions whose letter has the chosen state, or all; with how many have each, and what «Velg alle» means.

    It chooses the letters that wait for the person. Where none does, it chooses those that are sent, for the ZIP.
    """
    chosen = asked.get("status", "")
    listed = [decision for decision in decisions if chosen in {"", _state(decision)}]
    able: list[Any] = [letter for letter in queries.letters_in(listed) if letter.pk not in left]
    waits = [letter for letter in able if letter.status != LetterStatus.SENT and not letter.is_sending]
    return {
        "able": {letter.pk for letter in waits or able},
        "is_waiting": bool(waits),
        "chooses_all": asked.get("choose") == "all",
        "total": len(decisions),
        "chips": _chips(Counter(map(_state, decisions))),
        "chosen_status": chosen,
        "decisions": listed,
    }


def _letter_of(decision: Any) -> Any:
    return next(iter(decision.letters.all()), None)


def _state(decision: Any) -> str:
    """The status of the decision's letter; of one that is closed to the person nothing is told."""
    if decision.is_out or decision.must_answer:
        return ""
    letter = _letter_of(decision)
    return letter.status if letter else queries.UNWRITTEN


def _chips(counts: Mapping[str, int]) -> list[tuple[str, str, int]]:
    """Value, words and count of each state that a letter has, in the order of the process."""
    words = {queries.UNWRITTEN: _("Mangler brev"), **{str(status): str(status.label) for status in LetterStatus}}
    return [(state, words[state], counts[state]) for state in queries.STATES if counts.get(state)]


def _counts(decisions: list[Any], left: set[int]) -> LetterCounts:
    wanted = [decision for decision in decisions if decision.application.status != Status.WITHDRAWN]
    letters_wanted = queries.letters_in(wanted)
    return letter_work.from_states(
        Counter(map(_state, wanted)),
        left=sum(letter.pk in left for letter in letters_wanted),
        sending=sum(getattr(letter, "is_sending", False) for letter in letters_wanted),
    )


def _sums(frame: FrameState) -> str:
    """What is decided of the frame, as a sentence; empty while the frame is unknown."""
    if frame.amount is None:
        return ""
    words = {"granted": kroner(frame.granted), "frame": kroner(frame.amount)}
    said = [_("Vedtatt %(granted)s av rammen på %(frame)s") % words]
    if frame.granted_elsewhere:
        said.append(_("%(spent)s av det i andre runder") % {"spent": kroner(frame.granted_elsewhere)})
    if frame.over:
        said.append(_("%(amount)s over rammen") % {"amount": kroner(frame.over)})
    else:
        said.append(_("%(amount)s igjen") % {"amount": kroner(frame.left)})
    return " · ".join(said)


@login_required
@require_POST
def decide_meeting(request: PersonRequest, code: str, meeting_id: int) -> HttpResponse:
    """Make the decisions of a meeting with adopted minutes."""
    round_ = this_round(request, code)
    meeting = get_object_or_404(registering.meetings_that_decided(round_, standing_of(request)), pk=meeting_id)
    require(permissions.can_decide_for(request.user, meeting.body, now=request.now))
    attempt(
        request,
        lambda: deciding.decide_from_minutes(meeting, by=request.user, at=request.now),
        _registered,
    )
    return redirect("decisions:overview", code)


def _registered(made: list[Decision]) -> str:
    """How many decisions were made; a colleague may have made them all since the page was opened."""
    if not made:
        return _("Vedtakene fra møtet er allerede registrert.")
    return ngettext("%(n)d vedtak er registrert.", "%(n)d vedtak er registrert.", len(made)) % {"n": len(made)}


@login_required
@require_POST
def decide_application(request: PersonRequest, code: str) -> HttpResponse:
    """Make the decision for an application that no meeting decides."""
    application = get_object_or_404(queries.applications_handled_by(standing_of(request)), code=code)
    require(permissions.can_decide_without_meeting(request.user, application, now=request.now))
    require(permissions.is_not_out_of_case(request.user, application, now=request.now))

    attempt(
        request,
        lambda: deciding.decide_without_meeting(application, by=request.user, at=request.now),
        _("Vedtaket er registrert."),
    )
    return redirect("decisions:overview", application.round.code)


@login_required
@require_POST
def prepare(request: PersonRequest, pk: int) -> HttpResponse:
    """Write the letter of a decision, and show it."""
    decision = this_decision(request, pk)
    require(permissions.can_handle(request.user, decision, now=request.now))
    try:
        letter = letters.prepare(decision, by=request.user, at=request.now)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("decisions:overview", decision.application.round.code)
    return redirect(letter)


@login_required
@require_POST
def prepare_all(request: PersonRequest, code: str) -> HttpResponse:
    """Write a draft for each decision that has no letter; one that is refused stops no other."""
    round_ = this_round(request, code)
    waiting = list(queries.decisions_without_letter(round_, standing_of(request)))
    done = do_each(request, waiting, lambda decision: letters.prepare(decision, by=request.user, at=request.now))
    text = ngettext("%(n)d brev er skrevet.", "%(n)d brev er skrevet.", done) % {"n": done}
    messages.add_message(request, messages.SUCCESS if done else messages.INFO, text)
    return redirect("decisions:overview", code)
