"""Who may do what while applications are assessed: one predicate an act, in the order of the process.

What a person is to an application is read once (``access``) and asked many times without a query.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from applications.models import Application, StageEntry
from applications.workflow import StageState, Status
from evaluation.assessment import habilitet
from evaluation.assessment.habilitet import State
from evaluation.assessment.models import Assessment, Assignment, Habilitet, PriorityList, Recommendation
from evaluation.assessment.queries.desk import of_person
from evaluation.assessment.turn import Turn
from portal.clock import local_date
from portal.communities.models import Standing
from portal.communities.queries import standing_at
from portal.permissions import Refused, Verdict, allow_if, first_refusal
from rounds.models import Stage

RECUSED = gettext_noop("Du er inhabil i denne saken. Søknaden, poengene og innstillingen er stengt for deg.")
PENDING = gettext_noop("Habiliteten din i denne saken må avgjøres av andre før du kan åpne den.")
WAITING = gettext_noop("Andres poeng vises når du har levert din egen vurdering.")
UNDECLARED = gettext_noop("Svar på om du er habil før du åpner søknaden.")


@dataclass(frozen=True, slots=True)
class Access:
    """What a person is to an application. ``assigned`` and ``delivered`` are the ids of stages.

    ``entries`` are the stages in which the person's secretariat handles the application, in the order it entered them
    (read when first asked for);
    ``receives`` is whether that secretariat is the one that checks it.
    """

    user_id: int | None
    entries: Iterable[StageEntry] = ()
    receives: bool = False
    assigned: frozenset[int] = frozenset()
    delivered: frozenset[int] = frozenset()
    state: State = State.UNDECLARED

    @property
    def is_office(self) -> bool:
        """Whether the person's secretariat handles the application in any stage."""
        return bool(self.entries)

    def entry_in(self, stage: Stage) -> StageEntry | None:
        """The application in the stage, if the person's secretariat handles it there."""
        return next((entry for entry in self.entries if entry.stage_id == stage.pk), None)

    @property
    def to_check(self) -> StageEntry | None:
        """The stage in which the application waits for the check of the person's secretariat."""
        return next((entry for entry in self.entries if entry.state == StageState.RECEIVED), None)

    @property
    def is_barred(self) -> bool:
        """Whether the person is inhabil, or may be."""
        return self.state in {State.RECUSED, State.PENDING}


# --- what a person is ---------------------------------------------------------------------------------


def visible_to(user: Any, now: datetime) -> QuerySet[Application]:
    """The applications that the person handles or has been given to assess; the others are not found."""
    standing = standing_at(user, now)
    handled = Application.objects.handled_by(standing).values("pk")
    given = of_person(standing.user_id, local_date(now)).values("application")
    return Application.objects.filter(Q(pk__in=handled) | Q(pk__in=given))


# Nothing that is not yet taken to assessment has been given to anybody.
NOT_GIVEN = (Status.SUBMITTED, Status.CORRECTION)


def with_state(applications: QuerySet[Application], user_id: int | None) -> QuerySet[Application]:
    """With where the person stands in each case, so that ``access`` need not ask."""
    habilitet_of_reader = Habilitet.objects.filter(person=user_id, application=OuterRef("pk"))
    return applications.annotate(
        reader_recused=Subquery(habilitet_of_reader.values("is_recused")[:1]),
        reader_doubted=Subquery(habilitet_of_reader.values("is_pending")[:1]),
    )


def access(user: Any, application: Application, *, now: datetime) -> Access:
    """What the person is to the application: three queries at most beside the standing's.

    One less for others than officers, and one less when it was read ``with_state``.
    """
    standing = standing_at(user, now)
    delivered = Assessment.objects.filter(
        application=OuterRef("application"), stage=OuterRef("stage"), assessor=OuterRef("assessor")
    ).exclude(delivered_at=None)
    given = (
        []
        if application.status in NOT_GIVEN
        else list(
            of_person(standing.user_id, local_date(now))
            .filter(application=application)
            .values_list("stage_id", Exists(delivered))
        )
    )
    return Access(
        user_id=standing.user_id,
        entries=_handled(application, standing) if standing.is_officer else (),
        receives=application.is_received_by(standing),
        assigned=frozenset(stage for stage, _done in given),
        delivered=frozenset(stage for stage, done in given if done),
        state=_state(standing.user_id, application),
    )


def _handled(application: Application, standing: Standing) -> QuerySet[StageEntry]:
    entries = StageEntry.objects.handled_by(standing).filter(application=application)
    return entries.select_related("stage__body", "community")


def _state(user_id: int | None, application: Application) -> State:
    """As it was read with the application, else asked for."""
    if not hasattr(application, "reader_recused"):
        return state_of(user_id, application)
    return habilitet.state(is_pending=application.reader_doubted, is_recused=application.reader_recused)  # type: ignore[attr-defined]


def state_of(user_id: int | None, application: Application) -> State:
    """Where the person stands in the case, from what was declared and decided; one query."""
    rows: Any = with_state(Application.objects.filter(pk=application.pk), user_id)
    row = rows.values_list("reader_recused", "reader_doubted").first()
    is_recused, is_pending = row or (None, None)
    return habilitet.state(is_pending=is_pending, is_recused=is_recused)


def is_recused(user: Any, application: Application) -> bool:
    """Whether it has been decided that the person is inhabil; for every room that lets people into a case."""
    return Habilitet.objects.inhabil().filter(person=user.pk, application=application).exists()


def barred(user_id: int | None, application: str = "pk") -> Q:
    """An expression: whether an application, reached by the name, is closed to the person.

    Inhabil, with a tie that nobody has decided, or given to the person to assess and not delivered: then others'
    scores would colour the person's own.
    """
    waiting = _undelivered(user_id).filter(application=OuterRef(application))
    return out_of_case(user_id, application) | Q(Exists(waiting))


def _undelivered(user_id: int | None) -> QuerySet[Assignment]:
    delivered = Assessment.objects.filter(
        application=OuterRef("application"), stage=OuterRef("stage"), assessor=user_id, delivered_at__isnull=False
    )
    return Assignment.objects.filter(assessor=user_id).exclude(Exists(delivered))


def out_of_case(user_id: int | None, application: str = "pk") -> Q:
    """An expression: whether the person is inhabil in the application, or has a tie that nobody has decided."""
    return Q(Exists(Habilitet.objects.shut_out().filter(person=user_id, application=OuterRef(application))))


@dataclass(frozen=True, slots=True)
class ClosedCases:
    """Two conditions on applications: closed to the person (``barred``), and for habilitet alone (``out_of_case``)."""

    barred: Q
    out_of_case: Q


def closed_cases(user_id: int | None) -> ClosedCases:
    """The conditions as ids, known by one query: for pages that ask for them in several places.

    Nearly everybody is inhabil in nothing, and then the conditions cost nothing.
    """
    shut_out = Habilitet.objects.shut_out().filter(person=user_id).values_list("application_id", Value(True))
    undelivered = _undelivered(user_id).values_list("application_id", Value(False))
    rows = list(shut_out.order_by().union(undelivered.order_by()))
    return ClosedCases(Q(pk__in={pk for pk, _out in rows}), Q(pk__in={pk for pk, is_out in rows if is_out}))


def barred_ids(user_id: int | None, of: Q) -> set[int]:
    """The applications (``of`` says which) that are closed to the person; one query."""
    closed = Application.objects.filter(of).filter(barred(user_id))
    return set(closed.values_list("pk", flat=True))


# --- habilitet ------------------------------------------------------------------------------------------


def can_declare(access: Access) -> Verdict:
    """Verdict for one's own habilitet: everyone who is to read the case, until others have decided."""
    return allow_if(access.state != State.RECUSED, _(RECUSED))


def can_decide_habilitet(access: Access, person_id: int) -> Verdict:
    """Decide another's habilitet: the secretariat, never a person's own."""
    return first_refusal(
        allow_if(access.is_office, _("Bare sekretariatet avgjør habilitet utenfor møtet.")),
        allow_if(access.user_id != person_id, _("Ingen avgjør sin egen habilitet. Be en kollega om det.")),
        _is_not_barred(access),
    )


def _is_not_barred(access: Access) -> Verdict:
    if access.state == State.RECUSED:
        return Refused(_(RECUSED))
    return allow_if(access.state != State.PENDING, _(PENDING))


# --- reading --------------------------------------------------------------------------------------------


def can_open(access: Access) -> Verdict:
    """Read the papers: whoever is habil, and an assessor only after having said so."""
    has_answered = (access.is_office and not access.assigned) or access.state == State.CLEAR
    return first_refusal(_is_not_barred(access), allow_if(has_answered, _(UNDECLARED)))


def can_see_scores(access: Access, turn: Turn) -> Verdict:
    """See others' scores in a turn: those whose turn it is, and assessors once their own are delivered."""
    waits = turn.stage.pk in access.assigned - access.delivered
    has_case = access.entry_in(turn.stage) or turn.stage.pk in access.assigned
    return first_refusal(
        can_open(access),
        allow_if(has_case, _("Vurderingene tilhører dem som har saken i dette trinnet.")),
        allow_if(not waits, _(WAITING)),
    )


# --- the secretariat ------------------------------------------------------------------------------------


def can_see_rounds(user: Any, *, now: datetime) -> Verdict:
    """See the rounds that are handled: somebody in a secretariat."""
    return allow_if(standing_at(user, now).is_officer, _("Bare sekretariatene behandler søknader."))


def can_check(access: Access, application: Application) -> Verdict:
    """Check the application: the secretariat of the stage that it has come to, until it is taken in there."""
    return first_refusal(
        allow_if(access.is_office, _("Bare sekretariatet kontrollerer søknaden.")),
        _is_not_barred(access),
        allow_if(application.status != Status.CORRECTION, _("Søknaden er ute til retting.")),
        allow_if(access.to_check, _("Søknaden er allerede kontrollert.")),
    )


def can_follow_correction(access: Access, application: Application) -> Verdict:
    """See what an application that is out for correction waits for."""
    return first_refusal(
        allow_if(access.receives, _("Bare sekretariatet kontrollerer søknaden.")),
        _is_not_barred(access),
        allow_if(application.status == Status.CORRECTION, _("Søknaden er ikke ute til retting.")),
    )


def can_close_unanswered(application: Application, *, now: datetime) -> Verdict:
    """Close an application whose correction did not come by its date."""
    asked = application.open_correction
    is_over = bool(asked) and asked.due_at <= now
    return allow_if(is_over, _("Søkerne kan rette søknaden til fristen er ute."))


def can_assign(access: Access, turn: Turn) -> Verdict:
    """Give the application to an assessor in the turn, while it is assessed there."""
    entry = access.entry_in(turn.stage)
    return first_refusal(
        allow_if(entry, _("Bare sekretariatet fordeler søknader.")),
        _is_not_barred(access),
        allow_if(
            entry and entry.state == StageState.IN_WORK, _("Bare søknader som er til vurdering i trinnet, fordeles.")
        ),
    )


# --- assessing ------------------------------------------------------------------------------------------


def can_score(access: Access, stage: Stage) -> Verdict:
    """Give points: an assigned assessor who is habil."""
    return first_refusal(
        allow_if(stage.pk in access.assigned, _("Du er ikke satt opp til å vurdere denne søknaden.")), can_open(access)
    )


# --- prioritising ---------------------------------------------------------------------------------------


def can_prioritise(priority_list: PriorityList | None) -> Verdict:
    """Change recommendations; whose turn it is has been asked by the address (``handled_turn``)."""
    return allow_if(not (priority_list and priority_list.is_frozen), _("Listen er låst og kan ikke endres."))


def can_recommend(user: Any, application: Application, priority_list: PriorityList) -> Verdict:
    """Write the recommendation for one application: not somebody inhabil, or with scores of the own to deliver."""
    state = state_of(user.pk, application)
    waits = barred_ids(user.pk, Q(pk=application.pk))
    return first_refusal(
        _is_not_barred(Access(user.pk, state=state)),
        allow_if(not waits, _(WAITING)),
        can_prioritise(priority_list),
    )


def can_move(user: Any, row: Recommendation, rank: int) -> Verdict:
    """Move an application on the list: not past one that is closed to the person, whose rank would change with it."""
    between = sorted((row.rank or rank, rank))
    passed = Recommendation.objects.filter(priority_list=row.priority_list, rank__range=between).values("application")
    text = _("Flyttingen går forbi en søknad som er stengt for deg. Be en kollega om det.")
    return first_refusal(
        can_recommend(user, row.application, row.priority_list),
        allow_if(not barred_ids(user.pk, Q(pk__in=passed)), text),
    )


def can_set_up(user: Any, turn: Turn) -> Verdict:
    """Put the applications on the list: not somebody who is inhabil in one of them, since it gives it its place."""
    closed = turn.assessable.filter(out_of_case(user.pk)).exists()
    return allow_if(not closed, _("Du er inhabil i minst én av søknadene. En kollega må sette opp listen."))


def can_judge_whole(barred: set[int]) -> Verdict:
    """Judge the list as a whole, or send it on: not somebody who is shut out of anything on it."""
    return allow_if(not barred, _("Du er inhabil i, eller mangler vurdering av, minst én søknad på listen."))


def can_freeze(priority_list: PriorityList | None, barred: set[int]) -> Verdict:
    """Lock the list: not somebody who is inhabil in any of its applications, since all compete for one frame."""
    return first_refusal(
        allow_if(priority_list, _("Sett opp listen før dere låser den.")),
        can_prioritise(priority_list),
        allow_if(
            not barred,
            _("Du er inhabil i, eller mangler vurdering av, minst én søknad på listen. En kollega må låse den."),
        ),
    )


def can_forward(priority_list: PriorityList | None, turn: Turn) -> Verdict:
    """Send the frozen list on to the next stage, once."""
    return first_refusal(
        allow_if(turn.spec.forwards, _("I dette trinnet blir ingen søknader oversendt.")),
        allow_if(priority_list and priority_list.is_frozen, _("Lås prioriteringen før dere oversender den.")),
        allow_if(not hasattr(priority_list, "forwarding"), _("Listen er allerede oversendt.")),
    )


def can_read_whole(package: Mapping[str, Any], user_id: int | None) -> Verdict:
    """Read a package in one piece: somebody who is habil in every case in it."""
    codes = [row["code"] for row in package["list"]["rows"]]
    return allow_if(not barred_ids(user_id, Q(code__in=codes)), _(RECUSED))
