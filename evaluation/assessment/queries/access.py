"""What a person is to an application: the access that the permissions ask, read once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, F, FilteredRelation, Q, QuerySet

from applications.models import Application, StageEntry
from applications.workflow import StageState, Status
from evaluation.assessment import habilitet
from evaluation.assessment.habilitet import State
from evaluation.assessment.models import PriorityList
from evaluation.assessment.queries.board import on_list
from evaluation.assessment.queries.desk import IS_IN_WORK, assigned_to
from evaluation.assessment.queries.habilitet import barred, state_of
from evaluation.assessment.queries.must_answer import must_answer
from evaluation.assessment.queries.ties import takes_part
from portal.communities.queries import standing_at
from portal.communities.standing import Standing
from rounds.models import Stage

# In these states the application has not been taken to assessment, so it is assigned to nobody.
NOT_ASSIGNED = (Status.SUBMITTED, Status.CORRECTION)


@dataclass(frozen=True, slots=True)
class Access:
    """What a person is to an application.

    ``entries`` are the stage entries that the person's secretariat handles, in the order of the stages; they are read
    when they are first used. ``receives`` says whether that secretariat checks the application. ``assigned`` and
    ``delivered`` are the ids of the stages in which the person is to assess it, and has delivered the assessment;
    ``to_deliver`` of those in which it is still to be delivered, until the list is locked.
    ``takes_part`` says of an officer whether the person writes it, or has a strong tie to it.
    """

    user_id: int | None
    entries: Iterable[StageEntry] = ()
    receives: bool = False
    assigned: frozenset[int] = frozenset()
    delivered: frozenset[int] = frozenset()
    to_deliver: frozenset[int] = frozenset()
    state: State = State.UNDECLARED
    takes_part: bool = False
    # The application's.
    code: str = ""

    @property
    def is_office(self) -> bool:
        """Whether the person's secretariat handles the application in any stage."""
        return bool(self.entries)

    def entry_in(self, stage: Stage) -> StageEntry | None:
        """The entry of the application in the stage, if the person's secretariat handles it there."""
        return next((entry for entry in self.entries if entry.stage_id == stage.pk), None)

    @property
    def to_check(self) -> StageEntry | None:
        """The entry in which the application waits for the check of the person's secretariat."""
        return next((entry for entry in self.entries if entry.state == StageState.RECEIVED), None)

    @property
    def has_checked(self) -> bool:
        """Whether the application is where a check of the person's secretariat has led, or was withdrawn."""
        return bool({entry.state for entry in self.entries} & {StageState.IN_WORK, StageState.CLOSED})

    @property
    def must_declare(self) -> bool:
        """Whether the person must answer about habilitet first: an assessor, and an officer who takes part in it."""
        return self.state == State.UNDECLARED and (self.takes_part or bool(self.assigned))

    @property
    def is_out_of_case(self) -> bool:
        """Whether the person is out of the case: inhabil, or waits for a decision on it."""
        return self.state in {State.RECUSED, State.PENDING}


@dataclass(frozen=True, slots=True)
class ListAccess:
    """What a person is to the applications of a list.

    ``closed`` are the ids of those that are closed to the person, and ``titles_to_answer`` the titles of those that the
    person takes part in without having been asked about habilitet.
    """

    closed: frozenset[int] = frozenset()
    titles_to_answer: tuple[str, ...] = ()


def list_access(user: Any, priority_list: PriorityList | None, *, now: datetime) -> ListAccess:
    """The person's access to the applications of the list; one query beside the standing's."""
    standing = standing_at(user, now)
    listed = Application.objects.filter(on_list(priority_list)).order_by("title")
    marked = listed.annotate(is_closed=barred(standing.user_id), must_answer=must_answer(standing))
    rows = list(marked.filter(Q(is_closed=True) | Q(must_answer=True)).values_list("pk", "title", "is_closed"))
    return ListAccess(
        closed=frozenset(pk for pk, _title, is_closed in rows if is_closed),
        titles_to_answer=tuple(title for _pk, title, is_closed in rows if not is_closed),
    )


def find_application(user: Any, code: str, now: datetime, *joined: str) -> tuple[Application, Access]:
    """The application with the code, and the person's access to it; ``Application.DoesNotExist`` without access.

    ``joined`` are more relations to read with it. Three queries at most beside the standing's.
    """
    standing = standing_at(user, now)
    answered = FilteredRelation("habilitet", condition=Q(habilitet__person=standing.user_id))
    applications = Application.objects.select_related("round__frame", "community", *joined)
    if standing.is_officer:
        applications = applications.annotate(reader_takes_part=takes_part(standing))
    application = applications.annotate(
        answer=answered, reader_recused=F("answer__is_recused"), reader_doubted=F("answer__is_pending")
    ).get(code=code)
    access = access_to(user, application, now=now)
    if not (access.is_office or access.assigned or assigned_to(standing).filter(application=application).exists()):
        raise Application.DoesNotExist
    return application, access


def access_to(user: Any, application: Application, *, now: datetime) -> Access:
    """The person's access to the application: three queries at most beside the standing's.

    There is one query less for people who are no officers, and one less when ``find_application`` read it.
    """
    standing = standing_at(user, now)
    assigned = [] if application.status in NOT_ASSIGNED else _assigned(application, standing)
    return Access(
        user_id=standing.user_id,
        entries=_handled(application, standing) if standing.is_officer else (),
        receives=application.is_received_by(standing),
        assigned=frozenset(stage for stage, _is_delivered, _is_open in assigned),
        delivered=frozenset(stage for stage, is_delivered, _is_open in assigned if is_delivered),
        to_deliver=frozenset(stage for stage, is_delivered, is_open in assigned if is_open and not is_delivered),
        state=_state(standing.user_id, application),
        takes_part=bool(getattr(application, "reader_takes_part", False)),
        code=application.code,
    )


def _assigned(application: Application, standing: Standing) -> list[tuple[int, bool, bool]]:
    """The ids of the stages in which the person is to assess the application, whether it is delivered, and can be."""
    assignments = assigned_to(standing).filter(application=application)
    return list(
        assignments.values_list(
            "stage_id", ExpressionWrapper(Q(delivered_at__isnull=False), BooleanField()), IS_IN_WORK
        )
    )


def _handled(application: Application, standing: Standing) -> QuerySet[StageEntry]:
    entries = StageEntry.objects.handled_by(standing).filter(application=application)
    return entries.select_related("stage__body", "community")


def _state(user_id: int | None, application: Application) -> State:
    """The state as ``find_application`` read it, else by a query."""
    if not hasattr(application, "reader_recused"):
        return state_of(user_id, application)
    return habilitet.state(is_pending=application.reader_doubted, is_recused=application.reader_recused)  # type: ignore[attr-defined]
