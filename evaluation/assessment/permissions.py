"""Who may do what while applications are assessed: one function for each act, in the order of the process.

The person's access to an application is read once (``queries.access``), and asked by several of the functions.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from applications.models import Application
from applications.permissions import says_must_answer
from applications.workflow import StageState, Status
from evaluation.assessment.habilitet import State
from evaluation.assessment.models import Forwarding, Habilitet, PriorityList, Recommendation
from evaluation.assessment.queries.access import Access, ListAccess
from evaluation.assessment.queries.board import LIST_CLOSED, closed_on_list, out_in_turn, titles_to_answer_in
from evaluation.assessment.queries.closed import closed_cases, closed_ids
from evaluation.assessment.queries.detail import why_check_stands
from evaluation.assessment.queries.habilitet import stage_to_deliver, state_of
from evaluation.assessment.queries.lists import NOT_TO_DISTRIBUTE
from evaluation.assessment.queries.must_answer import titles_to_answer
from evaluation.assessment.questions import use_of_list
from evaluation.assessment.turn import Turn, address, turn_url
from portal.communities.models import User
from portal.communities.queries import standing_at
from portal.communities.standing import Standing
from portal.permissions import Refused, Verdict, Way, allow_if, first_refusal
from rounds.models import Stage

RECUSED = gettext_noop("Du er inhabil i denne saken. Den er stengt for deg, med poeng og innstilling.")
PENDING = gettext_noop("Habiliteten din i denne saken må avgjøres av andre før du kan åpne den.")
WAITING = gettext_noop("Andres poeng vises når du har levert din egen vurdering.")
UNDECLARED = gettext_noop("Svar på om du er habil før du åpner saken.")


# --- habilitet ------------------------------------------------------------------------------------------


def is_still_open(user: User, application: Application, *, now: datetime) -> Verdict:
    """Whether the case is open to the person for habilitet: asked by an act when it holds its rows; two queries."""
    state = state_of(user.pk, application)
    titles = titles_to_answer(standing_at(user, now), Q(pk=application.pk))
    return first_refusal(
        allow_if(state != State.RECUSED, _(RECUSED)),
        allow_if(state != State.PENDING, _(PENDING)),
        allow_if(not titles, says_must_answer(titles)),
    )


def can_declare(access: Access) -> Verdict:
    """Answer about one's habilitet: everyone who is to read the case, until others have decided that one is inhabil."""
    return allow_if(access.state != State.RECUSED, _(RECUSED))


def can_raise_habilitet(access: Access, person_id: int) -> Verdict:
    """Raise the question of somebody else's habilitet: the secretariat that has the application."""
    return first_refusal(
        allow_if(access.is_office, _("Bare sekretariatet reiser spørsmål om habilitet utenfor møtet.")),
        allow_if(access.user_id != person_id, _("Svar selv på om du er habil.")),
        _is_not_out_of_case(access),
    )


def can_see_question(access: Access) -> Verdict:
    """See a question of habilitet that others decide: the secretariat that has the application."""
    return first_refusal(
        allow_if(access.is_office, _("Bare sekretariatet avgjør habilitet utenfor møtet.")),
        _is_not_out_of_case(access),
    )


def can_take_back_question(access: Access, question: Habilitet) -> Verdict:
    """Take back a question of somebody's habilitet: the officer who raised it, until it is decided."""
    only = _("Bare den som har reist spørsmålet, kan ta det tilbake.")
    return first_refusal(
        can_see_question(access),
        allow_if(access.user_id == question.raised_by_id != question.person_id, only),
    )


def can_decide_habilitet(user_id: int | None, question: Habilitet, able: Collection[User]) -> Verdict:
    """Decide a question of habilitet that another has raised: those who are ``able`` (``queries.deciders``)."""
    by = {"names": ", ".join(str(user) for user in able) or _("et utvalg i møte")}
    oneself, raised = _("Ingen avgjør sin egen habilitet. Be en kollega om det."), _("Du har reist spørsmålet.")
    others = _("Spørsmålet avgjøres av %(names)s.") % by
    return first_refusal(
        allow_if(user_id != question.person_id, oneself),
        allow_if(user_id != question.raised_by_id, f"{raised} {others}"),
        allow_if(user_id in {user.pk for user in able}, others),
    )


def _is_not_out_of_case(access: Access) -> Verdict:
    if access.state == State.RECUSED:
        return Refused(_(RECUSED))
    return first_refusal(
        allow_if(access.state != State.PENDING, _(PENDING)),
        allow_if(not (access.takes_part and access.must_declare), _(UNDECLARED), first=_to_answer(access)),
    )


# --- reading --------------------------------------------------------------------------------------------


def can_open(access: Access) -> Verdict:
    """Read the application: not somebody inhabil, and an assessor only after the answer about habilitet."""
    has_answered = (access.is_office and not access.assigned) or access.state == State.CLEAR
    return first_refusal(_is_not_out_of_case(access), allow_if(has_answered, _(UNDECLARED), first=_to_answer(access)))


def _to_answer(access: Access) -> Way:
    return Way(address("habilitet", access.code), _("Svar på om du er habil"))


def can_see_scores(access: Access, turn: Turn) -> Verdict:
    """See the scores in a turn: its secretariat, and an assessor who has delivered the assessment there."""
    waits = turn.stage.pk in access.to_deliver
    has_case = access.entry_in(turn.stage) or turn.stage.pk in access.assigned
    return first_refusal(
        can_open(access),
        allow_if(has_case, _("Vurderingene tilhører dem som har saken nå.")),
        allow_if(not waits, _(WAITING), first=_to_score(access.code, turn.stage.code)),
    )


# --- the secretariat ------------------------------------------------------------------------------------


def can_see_rounds(user: Any, *, now: datetime) -> Verdict:
    """See the rounds that are handled: everyone in a secretariat."""
    return allow_if(standing_at(user, now).is_officer, _("Bare sekretariatene har tilgang til behandlingen."))


def can_check(access: Access, application: Application) -> Verdict:
    """Check the application: the secretariat of the stage that it has come to, until it is checked there."""
    return first_refusal(
        allow_if(access.is_office, _("Bare sekretariatet kontrollerer saken.")),
        _is_not_out_of_case(access),
        allow_if(
            application.status != Status.CORRECTION, _("Saken er ute til retting."), first=_correction(application)
        ),
        allow_if(access.to_check, _("Saken er allerede kontrollert."), is_past=True),
    )


def can_check_again(access: Access, application: Application) -> Verdict:
    """Take the outcome of the check back: the secretariat of the stage, until something has come of the outcome."""
    entry = application.stage_entry
    handles = entry and access.entry_in(entry.stage)
    return first_refusal(
        allow_if(handles, _("Bare sekretariatet kontrollerer saken.")),
        _is_not_out_of_case(access),
        allow_if(not (stands := why_check_stands(application, entry) if entry else ""), stands, is_past=True),
    )


def can_follow_correction(access: Access, application: Application) -> Verdict:
    """See the correction that is asked for: the secretariat that checks the application."""
    return first_refusal(
        allow_if(access.receives, _("Bare sekretariatet kontrollerer saken.")),
        _is_not_out_of_case(access),
        allow_if(application.status == Status.CORRECTION, _("Saken er ikke ute til retting."), is_past=True),
    )


def can_close_unanswered(application: Application, *, now: datetime) -> Verdict:
    """Close an application that was not corrected by the date."""
    asked = application.open_correction
    is_over = bool(asked) and asked.due_at <= now
    return allow_if(is_over, _("Søkerne kan rette til fristen er ute."), first=_correction(application))


def _correction(application: Application) -> Way:
    return Way(address("correction", application.code), _("Se rettelsen"))


def can_assign(access: Access, turn: Turn) -> Verdict:
    """Assign the application to an assessor: the secretariat of the turn, while it is assessed there."""
    entry = access.entry_in(turn.stage)
    return first_refusal(
        allow_if(entry, _("Bare sekretariatet fordeler til vurdering.")),
        _is_not_out_of_case(access),
        _is_in_work(access, entry.state if entry else None),
    )


def _is_in_work(access: Access, state: str | None) -> Verdict:
    is_past, first = state != StageState.RECEIVED, Way(address("admission", access.code), _("Kontroller saken"))
    reason = _("Bare saker som er til vurdering nå, kan fordeles.")
    return allow_if(state == StageState.IN_WORK, reason, is_past=is_past, first=first)


def can_distribute(codes: Collection[str], able: Collection[str]) -> Verdict:
    """Give the chosen applications (``codes``) to assessors: when all are among those that the person is ``able`` to.

    ``find_turn`` has found that the person handles the turn.
    """
    return allow_if(set(codes) <= set(able), _(NOT_TO_DISTRIBUTE))


# --- assessing ------------------------------------------------------------------------------------------


def can_score(access: Access, stage: Stage) -> Verdict:
    """Give points: an assessor who is assigned in the stage and is habil."""
    return first_refusal(
        allow_if(stage.pk in access.assigned, _("Denne saken er ikke fordelt til deg.")), can_open(access)
    )


def can_take_back(access: Access, stage: Stage) -> Verdict:
    """Take one's own delivered assessment back; the act asks whether the list is locked."""
    is_delivered, first = stage.pk in access.delivered, _to_score(access.code, stage.code)
    return first_refusal(
        can_score(access, stage), allow_if(is_delivered, _("Vurderingen er ikke levert."), first=first)
    )


def _to_score(code: str, stage: str) -> Way:
    return Way(address("score", code, stage), _("Til vurderingen"))


# --- prioritising ---------------------------------------------------------------------------------------


def can_prioritise(priority_list: PriorityList | None) -> Verdict:
    """Change recommendations, until the list is locked; ``find_turn`` has found that the person handles the turn."""
    is_open = not (priority_list and priority_list.is_frozen)
    return allow_if(is_open, _("Listen er låst og kan ikke endres."), is_past=True)


def can_recommend(user: Any, application: Application, priority_list: PriorityList, *, now: datetime) -> Verdict:
    """Write the recommendation for an application: not somebody inhabil, or with an assessment of it to deliver.

    Nor somebody who takes part in it and has not been asked about habilitet.
    """
    state = state_of(user.pk, application)
    must = state == State.UNDECLARED and bool(titles_to_answer(standing_at(user, now), Q(pk=application.pk)))
    stage = stage_to_deliver(user.pk, application)
    return first_refusal(
        _is_not_out_of_case(Access(user.pk, state=state, takes_part=must, code=application.code)),
        allow_if(not stage, _(WAITING), first=_to_score(application.code, stage or priority_list.stage.code)),
        can_prioritise(priority_list),
    )


def can_move(user: Any, row: Recommendation, *, now: datetime) -> Verdict:
    """Move an application: not somebody to whom a case on the list is closed, wherever to.

    Which moves are refused would tell the place of that case.
    """
    closed = closed_on_list(standing_at(user, now), row.priority_list)
    return first_refusal(
        can_recommend(user, row.application, row.priority_list, now=now), allow_if(not closed, _(LIST_CLOSED))
    )


def can_set_up(user: Any, turn: Turn, *, now: datetime) -> Verdict:
    """Put the applications on the list: not somebody who is inhabil in one of them, since this gives each its rank."""
    closed = closed_cases(standing_at(user, now))
    why_not = _("Du er inhabil i minst én av sakene. En kollega må sette opp listen.")
    return first_refusal(
        allow_if(not out_in_turn(turn, closed), why_not), has_answered_all(titles_to_answer_in(turn, closed))
    )


def has_answered_all(titles: Sequence[str]) -> Verdict:
    """Refuse with the titles of the applications in which the person must answer about habilitet first."""
    return allow_if(not titles, says_must_answer(titles))


def can_judge_whole(access: ListAccess) -> Verdict:
    """Judge the list as a whole, or forward it: not somebody to whom an application on it is closed."""
    return first_refusal(
        allow_if(not access.closed, _("Du er inhabil i, eller mangler vurdering av, minst én sak på listen.")),
        has_answered_all(access.titles_to_answer),
    )


def can_freeze(turn: Turn, priority_list: PriorityList | None, access: ListAccess) -> Verdict:
    """Lock the list: not somebody to whom an application on it is closed, since all compete for one frame."""
    closed = _("Du er inhabil i, eller mangler vurdering av, minst én sak på listen. En kollega må låse den.")
    board = Way(turn_url(turn, "board"), _("Rangering og innstilling"))
    return first_refusal(
        allow_if(priority_list, _("Sett opp listen før dere låser den."), first=board),
        can_prioritise(priority_list),
        allow_if(not access.closed, closed),
        has_answered_all(access.titles_to_answer),
    )


def can_forward(priority_list: PriorityList | None, turn: Turn) -> Verdict:
    """Forward the frozen list to the next stage, once."""
    is_frozen, lock = priority_list and priority_list.is_frozen, _("Lås prioriteringen før dere oversender den.")
    return first_refusal(
        allow_if(turn.spec.forwards, _("Herfra blir ingenting oversendt.")),
        allow_if(is_frozen, lock, first=Way(turn_url(turn, "freeze"), _("Se over og lås prioriteringen"))),
        allow_if(not hasattr(priority_list, "forwarding"), _("Listen er allerede oversendt."), is_past=True),
    )


def can_unlock(priority_list: PriorityList | None, access: ListAccess) -> Verdict:
    """Open the locked list again, until it is forwarded or used; the act asks again when it has locked the rows."""
    used = use_of_list(priority_list.pk) if priority_list and priority_list.is_frozen else ""
    forwarded = _("Listen er oversendt. Kall oversendelsen tilbake først.")
    return first_refusal(
        allow_if(priority_list and priority_list.is_frozen, _("Listen er ikke låst."), is_past=True),
        allow_if(not hasattr(priority_list, "forwarding"), forwarded, is_past=True),
        allow_if(not used, used, is_past=True),
        can_judge_whole(access),
    )


def can_call_back(forwarding: Forwarding | None, access: ListAccess) -> Verdict:
    """Take the package back until those who received it have opened it; whoever may not judge the whole may not."""
    opened = _("Mottakeren har åpnet oversendelsen. Ta kontakt med dem.")
    return first_refusal(
        allow_if(forwarding, _("Listen er ikke oversendt."), is_past=True),
        allow_if(forwarding and not forwarding.opened_at, opened, is_past=True),
        can_judge_whole(access),
    )


def can_read_whole(package: Mapping[str, Any], standing: Standing) -> Verdict:
    """Read the whole package: somebody to whom no case in it is closed."""
    codes = [row["code"] for row in package["list"]["rows"]]
    return allow_if(not closed_ids(standing, Q(code__in=codes)), _(RECUSED))
