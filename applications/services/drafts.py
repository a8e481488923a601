"""Writing the draft: starting it, and saving answers so that nothing is overwritten unseen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from applications import answers
from applications.answers import TITLE_MOST
from applications.models import Answer, Application, Partner, PartnerRole
from applications.services import signing
from applications.workflow import EDITABLE
from portal.communities.models import Body, HealthCommunity, Organisation, User
from portal.errors import ConflictError, DomainError
from portal.journal import services as journal
from rounds.definition import RoundDefinition
from rounds.models import Round
from rounds.services import lock


class StartError(DomainError):
    """The application cannot be started like this."""


class ClosedDraftError(ConflictError):
    """The application was sent or withdrawn while somebody wrote."""

    def __init__(self) -> None:
        super().__init__(_("Noen andre har sendt eller trukket søknaden. Det siste dere skrev, er ikke lagret."))


class StaleAnswerError(ConflictError):
    """Somebody else has changed the answer since it was read; ``theirs`` is what stands."""

    def __init__(self, theirs: Answer) -> None:
        self.theirs = theirs
        super().__init__(_("%(name)s har endret dette svaret mens dere skrev.") % {"name": theirs.updated_by})


@dataclass(frozen=True, slots=True)
class Change:
    """A new answer, and the version of the one it replaces (0 when there was none)."""

    value: Any
    base_version: int


@dataclass(slots=True)
class Saved:
    """What became of several answers: the new versions, and those that somebody else had changed."""

    versions: dict[str, int] = field(default_factory=dict)
    stale: dict[str, Answer] = field(default_factory=dict)


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

    The lead must be a legal entity where the round says so. Locks the round's form. Raises StartError.
    """
    rules = round.spec.applicants
    if rules.lead_is_legal_entity and not lead.is_legal_entity:
        raise StartError(_("%s har ikke organisasjonsnummer i registeret og kan ikke være ansvarlig søker.") % lead)
    if owner_body and not rules.owner_may_be_body:
        raise StartError(_("I denne runden må en organisasjon eie prosjektet."))
    if owner_body and owner_body.community_id != community.pk:
        raise StartError(_("%s hører ikke til helsefellesskapet som skal ha søknaden.") % owner_body)
    with transaction.atomic():
        lock(round, by=by, at=at)
        application = Application.objects.create(
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
            Answer(application=application, question=code, value=value, updated_by=by, updated_at=at)
            for code, value in first.items()
        )
        journal.record("application.started", subject=application, by=by, at=at, community=community)
    return application


def _first_answers(spec: RoundDefinition, title: str, owner: Body | Organisation) -> dict[str, Any]:
    """What the start page has already asked: the name and the owner."""
    found: dict[str, Any] = {spec.form.title_question: title}
    for question in spec.questions:
        if question.type == "owners":
            found[question.code] = [{"name": owner.name, "body": owner.code if isinstance(owner, Body) else ""}]
    return found


def touch(application: Application, *, at: datetime) -> None:
    """Open a save: marks the application as changed and holds its row until the transaction ends.

    Sending changes the status of the same row first, so no save can slip in behind the frozen version. Raises
    ClosedDraftError when the application can no longer be written.
    """
    changed = Application.objects.filter(pk=application.pk, status__in=EDITABLE).update(updated_at=at)
    if not changed:
        raise ClosedDraftError
    application.updated_at = at


def save_answer(
    application: Application, question: str, value: Any, *, base_version: int, by: User, at: datetime
) -> int:
    """Store one answer as its form cleaned it, and give its new version.

    ``base_version`` is the version that the person saw, 0 for none. The same value sent twice is stored once.
    Voids the signatures of what changed. Raises StaleAnswerError (with ``theirs``) and ClosedDraftError.
    """
    with transaction.atomic():
        touch(application, at=at)
        version = _write(application, question, Change(value, base_version), by=by, at=at)
        _mirror(application, {question: value})
        signing.void_stale(application, at=at)
    return version


def save_answers(application: Application, changes: Mapping[str, Change], *, by: User, at: datetime) -> Saved:
    """Store several answers at once; those that somebody else has changed are left alone and told of.

    Raises ClosedDraftError.
    """
    saved = Saved()
    if not changes:
        return saved
    with transaction.atomic():
        touch(application, at=at)
        for question, change in changes.items():
            try:
                saved.versions[question] = _write(application, question, change, by=by, at=at)
            except StaleAnswerError as stale:
                saved.stale[question] = stale.theirs
        _mirror(application, {question: changes[question].value for question in saved.versions})
        signing.void_stale(application, at=at)
    return saved


def _write(application: Application, question: str, change: Change, *, by: User, at: datetime) -> int:
    """The application's row is held, so between reading and writing an answer nobody else writes."""
    rows = Answer.objects.filter(application=application, question=question)
    version = change.base_version + 1
    if change.base_version and rows.filter(version=change.base_version).update(
        value=change.value, version=version, updated_by=by, updated_at=at
    ):
        return version
    theirs = rows.select_related("updated_by").first()
    if theirs is None:
        Answer.objects.create(
            application=application, question=question, value=change.value, updated_by=by, updated_at=at
        )
        return 1
    if theirs.value == change.value:
        return theirs.version
    raise StaleAnswerError(theirs)


def _mirror(application: Application, values: Mapping[str, Any]) -> None:
    """The project's name and owning body stand on the application itself, too, for lists and permissions."""
    spec = application.round.spec
    title = values.get(spec.form.title_question)
    # A name that is too long stays in the answer until it is shortened; the old one stands meanwhile.
    if title and len(title) <= TITLE_MOST:
        application.title = title
        Application.objects.filter(pk=application.pk).update(title=title)
    for code, value in values.items():
        question = spec.question(code)
        if question is not None and question.type == "owners":
            _set_owner_body(application, value)


def _set_owner_body(application: Application, value: Any) -> None:
    codes = [row["body"] for row in answers.rows_of(value) if row.get("body")]
    body = Body.objects.filter(code__in=codes, community=application.community_id).first()
    application.owner_body = body
    Application.objects.filter(pk=application.pk).update(owner_body=body)
