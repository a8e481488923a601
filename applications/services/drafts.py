"""Starting an application, and what the application does when its form is saved."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from applications import permissions, queries
from applications.completeness import due_at
from applications.models import Application, Partner, PartnerRole
from applications.services import notices, signing
from applications.workflow import EDITABLE, Status
from portal.acts import act, held
from portal.communities.models import Body, HealthCommunity, Organisation, User
from portal.errors import ConflictError, DomainError
from portal.formats import deadline_no
from portal.journal import services as journal
from portal.permissions import Verdict
from portal.twins import said_of, twin_lazy, twin_of
from rounds.answering import answers
from rounds.answering.answers import TITLE_MOST
from rounds.answering.checks import Dates
from rounds.answering.models import Answer, FormKind, Response
from rounds.answering.owner import Owner
from rounds.definition import RoundDefinition
from rounds.models import Round
from rounds.services import lock_round

# So close to each other the same draft is started by one who presses twice.
PRESSED_TWICE = timedelta(seconds=10)


class StartError(DomainError):
    """The application cannot be started like this."""


class ClosedDraftError(ConflictError):
    """The application was sent or withdrawn while somebody wrote."""

    def __init__(self) -> None:
        super().__init__(_("Noen andre har sendt eller trukket søknaden. Det siste dere skrev, er ikke lagret."))


class LockedTextError(ConflictError):
    """The text was locked for signing while somebody wrote."""

    def __init__(self) -> None:
        super().__init__(_("Teksten ble låst for signering mens du skrev. Det siste du skrev, er ikke lagret."))


def _just_started(
    round_: Round,
    community: HealthCommunity,
    title: str,
    lead: Organisation,
    owner_body: Body | None,
    *,
    by: User,
    at: datetime,
) -> Application | None:
    """The draft that the person has just started with the same words; the caller holds the round's row."""
    lately = (at - PRESSED_TWICE, at + PRESSED_TWICE)
    started = Application.objects.filter(created_by=by, created_at__range=lately, status=Status.DRAFT)
    same = started.filter(round=round_, community=community, title=title, owner_body=owner_body)
    return same.filter(partners__organisation=lead, partners__role=PartnerRole.LEAD).first()


@act
def start(
    round: Round,  # noqa: A002 - the field's word
    community: HealthCommunity,
    title: str,
    lead: Organisation,
    *,
    by: User,
    at: datetime,
    owner_body: Body | None = None,
) -> Application:
    """A new draft to one helsefellesskap, with its lead and, if an FSU owns the project, that body (R20, R66, R67).

    The lead must be a legal entity where the round says so. Locks the round's form. Raises StartError, also when the
    helsefellesskap takes no more applications. What is pressed twice is one draft.
    """
    # Held, and read again: who cancels the round writes to those who have begun, and must see this one.
    round = held(Round.objects.filter(pk=round.pk)).get()  # noqa: A001 - the field's word
    rules = round.spec.applicants
    if at >= round.closes_for(community):
        words = {"where": community, "when": deadline_no(round.closes_for(community))}
        sentence = twin_lazy("Dere kan ikke starte en søknad her: fristen i %(where)s gikk ut %(when)s.")
        raise StartError(twin_of(sentence, round.noun_context) % words)
    if round.cancelled_at:
        sentence = twin_lazy("Utlysningen er trukket. Runden tar ikke imot søknader.")
        raise StartError(twin_of(sentence, round.noun_context))
    if rules.lead_is_legal_entity and not lead.is_legal_entity:
        raise StartError(_("%s har ikke organisasjonsnummer i registeret og kan ikke være ansvarlig søker.") % lead)
    if owner_body and not rules.owner_may_be_body:
        raise StartError(_("I denne runden må en organisasjon eie prosjektet."))
    if owner_body and owner_body.community_id != community.pk:
        sentence = twin_lazy("%s hører ikke til helsefellesskapet som skal ha søknaden.")
        raise StartError(twin_of(sentence, round.noun_context) % owner_body)
    if same := _just_started(round, community, title, lead, owner_body, by=by, at=at):
        return same
    lock_round(round, by=by, at=at)
    application = Application.objects.create(
        response=Response.objects.create(form=FormKind.APPLICATION),
        round=round,
        community=community,
        title=title,
        owner_body=owner_body,
        language=round.language,
        created_by=by,
        created_at=at,
        updated_at=at,
    )
    Partner.objects.create(application=application, organisation=lead, role=PartnerRole.LEAD)
    first = _first_answers(round.spec, title, owner_body or lead)
    Answer.objects.bulk_create(
        Answer(response=application.response, question=code, value=value, updated_by=by, updated_at=at)
        for code, value in first.items()
    )
    notices.owner_named(application, by_id=by.pk, at=at)
    journal.record("application.started", subject=application, by=by, at=at, community=community)
    return application


def _first_answers(spec: RoundDefinition, title: str, owner: Body | Organisation) -> dict[str, Any]:
    """What the start page has already asked: the name and the owner."""
    values: dict[str, Any] = {spec.form.title_question: title}
    for question in spec.questions:
        if question.type == "owners":
            values[question.code] = [{"name": owner.name, "body": owner.code if isinstance(owner, Body) else ""}]
    return values


def touch(application: Application, *, at: datetime) -> None:
    """Begin a save by an UPDATE of the application's row: it marks the change, and holds the row as a lock does.

    Every save of the form comes here by ``ApplicationOwner.hold``, before it reads or writes an answer. Sending changes
    the status of the same row first, so nothing can be saved after the frozen version; a signature locks the text in
    the same row. Raises ClosedDraftError when the application can no longer be written, and LockedTextError.
    """
    editable = Application.objects.filter(pk=application.pk, status__in=EDITABLE)
    if not editable.filter(signing_locked_at=None).update(updated_at=at):
        raise LockedTextError if editable.exists() else ClosedDraftError
    application.updated_at = at


class ApplicationOwner(Owner):
    """The application as an owner of a form: its deadline, its corrections, and the signatures on its text."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.spec = application.round.spec
        self.form = self.spec.application_form
        self.response_id = application.response_id
        sentence = twin_lazy("Den er lagret, men må kortes ned før dere kan sende søknaden.")
        self.too_long = said_of(sentence, application)

    def may_write(self, user: Any, section: str, *, now: datetime) -> Verdict:
        return permissions.can_edit_section(user, self.application, section, now=now)

    def hold(self, *, at: datetime) -> None:
        """The lock is the UPDATE in ``touch``. Raises ClosedDraftError."""
        touch(self.application, at=at)

    def dates(self, *, now: datetime) -> Dates:
        return Dates.at(now, due_at(self.application), self.application.round.closes_for(self.application.community))

    def answer_url(self, question: str) -> str:
        return reverse("applications:answer", args=[self.application.code, question])

    def saved(self, values: Mapping[str, Any], *, at: datetime) -> None:
        """Copies the project's name and owner to the application, and voids the signatures on another text."""
        _mirror(self.application, values, at=at)
        signing.note_change(self.application, at=at)

    def bodies(self) -> Mapping[str, Body]:
        """The FSUs that may own the project (R20)."""
        return {body.code: body for body in queries.bodies_of(self.application)}

    def consequences(self) -> dict[str, Any]:
        return {"voided": signing.told_voided(self.application)} if self.application.voided_signatures else {}


def _mirror(application: Application, values: Mapping[str, Any], *, at: datetime) -> None:
    """Copy the project's name and its owning body to the application's row, where lists and permissions read them."""
    spec = application.round.spec
    title = values.get(spec.form.title_question)
    # A name that is too long is kept in the answer only; the application keeps its old name until it is shortened.
    if title and len(title) <= TITLE_MOST:
        application.title = title
        Application.objects.filter(pk=application.pk).update(title=title)
    for code, value in values.items():
        question = spec.question(code)
        if question is not None and question.type == "owners":
            _set_owner_body(application, value, at=at)


def _set_owner_body(application: Application, value: Any, *, at: datetime) -> None:
    codes = [row["body"] for row in answers.rows_of(value) if row.get("body")]
    body = Body.objects.filter(code__in=codes, community=application.community_id).first()
    is_new = body is not None and body.pk != application.owner_body_id
    application.owner_body = body
    Application.objects.filter(pk=application.pk).update(owner_body=body)
    if is_new:
        notices.owner_named(application, by_id=None, at=at)
