"""Forwarding to the next stage (R17): one frozen package with the list, the reasons, habilitet and dossiers."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from applications.models import Application, Attachment
from applications.services import status
from applications.services.status import advance
from applications.workflow import Status
from evaluation.assessment.documents import PACKAGE
from evaluation.assessment.models import Admission, Assignment, Forwarding, PriorityList, Recommendation
from evaluation.assessment.queries import turns
from evaluation.assessment.queries.board import newest_submissions
from evaluation.assessment.turn import Turn
from portal.acts import act, held
from portal.clock import local_date
from portal.communities.models import Body, User
from portal.communities.queries import officers_of
from portal.documents import services as documents
from portal.errors import ChangedError, ConflictError, DomainError
from portal.formats import datetime_no
from portal.journal import services as journal
from portal.language import in_bokmaal
from portal.mail import services as mail
from portal.snapshots import changed
from rounds.models import Stage

# The parts of the page that are of the whole, and how many changed parts are named.
LIST, RECEIVER = "list", "receiver"
NAMED = 5
# The word by which the round's line on the extract of the minutes is known, in both written forms of Norwegian.
MINUTES = "protokoll"


class ForwardingError(DomainError):
    """The list cannot be forwarded."""


class AlreadyForwardedError(ConflictError):
    """The list has already been forwarded, and the package cannot be changed."""


@act
def forward(
    turn: Turn,
    *,
    by: User,
    at: datetime,
    extract: Mapping[str, Any] | None = None,
    shown: str | None = None,
) -> Forwarding:
    """Forward the prioritised applications of the turn's frozen list to the next stage, in a frozen package.

    ``extract`` is the extract of the minutes as plain data, from the room that has the minutes. A job makes the PDF of
    the package. ``shown`` is the sums of ``parts`` on the page that the person pressed the button of. Raises
    ForwardingError when the list is not frozen or no application on it is prioritised, AlreadyForwardedError the second
    time, and ChangedError when others would go than the page showed. A forwarding and a withdrawal lock the same rows,
    so they take turns.
    """
    lists = PriorityList.objects.filter(stage=turn.stage, community=turn.community)
    priority_list = _checked(held(lists).select_related("round", "community").first())
    to_stage, to_body = next_stage(turn), next_body(turn)
    if to_stage is None or to_body is None:
        raise ForwardingError(_("Runden sier ikke hvilket organ listen skal oversendes til."))
    to_forward = _to_forward(turn, priority_list)
    if shown is not None:
        _require_shown(shown, priority_list, to_body, {application.code for application in to_forward})
    # The log names them in the order in which they were begun, which says nothing of their ranks.
    for application in sorted(to_forward, key=lambda row: row.pk):
        advance(application, "forward", by=by, at=at, stage=to_stage.code, body=to_body.code)
        status.enter(application, to_stage, at=at)
    content = package(turn, priority_list, to_body, to_forward, extract, by=by, at=at)
    forwarding = _store(turn, priority_list, to_body, content, by=by, at=at)
    _tell(forwarding, at)
    journal.record(
        "priority.forwarded",
        subject=priority_list,
        by=by,
        at=at,
        community=turn.tenant,
        body=to_body.code,
        sha256=forwarding.sha256,
        applications=[application.code for application in to_forward],
    )
    return forwarding


def parts(priority_list: PriorityList, to_body: Body, rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """What the page shows before the list is forwarded: each row that goes by its code, the list, and who gets it."""
    return {row["code"]: row for row in rows} | {LIST: priority_list.sha256, RECEIVER: to_body.pk}


def _require_shown(shown: str, priority_list: PriorityList, to_body: Body, codes: Collection[str]) -> None:
    """Raise ChangedError, which names what is new, unless the page showed what is forwarded."""
    rows = {row["code"]: row for row in (priority_list.snapshot or {"rows": []})["rows"]}
    new = changed(shown, parts(priority_list, to_body, (rows[code] for code in codes)))
    if new and not shown:
        raise ChangedError(_("Se over det som går videre slik det er nå, før du oversender."))
    if new:
        names = {LIST: _("listen er låst på nytt"), RECEIVER: _("mottakeren")}
        names |= {code: f"«{row['title']}»" for code, row in rows.items()}
        what = [names.get(key) or _("%(code)s er ute av listen") % {"code": key} for key in new[:NAMED]]
        if more := len(new) - len(what):
            what.append(_("%(n)s til") % {"n": more})
        said = _("Det som går videre er endret siden du så det: %(what)s. Se over det slik det er nå.")
        raise ChangedError(said % {"what": ", ".join(what)})


@act
def open_package(forwarding: Forwarding, *, by: User, at: datetime) -> None:
    """Keep that one of those who received the package has opened it, the first time; then it is not called back."""
    if Forwarding.objects.filter(pk=forwarding.pk, opened_at=None).update(opened_at=at):
        tenant = forwarding.to_body.tenant
        journal.record("priority.opened", subject=forwarding.priority_list, by=by, at=at, community=tenant)


@act
def call_back(turn: Turn, *, reason: str, by: User, at: datetime) -> PriorityList:
    """Take the package back, until those who received it have opened it or begun with it: the list is locked as before.

    The package is kept as a document, and a mail tells the receivers. Raises ForwardingError without a reason, when
    nothing is forwarded, and when the receivers have begun.
    """
    if not reason.strip():
        raise ForwardingError(_("Skriv hvorfor oversendelsen kalles tilbake."))
    lists = PriorityList.objects.filter(stage=turn.stage, community=turn.community)
    priority_list = held(lists).select_related("round", "community").first()
    forwarding = Forwarding.objects.filter(priority_list=priority_list).select_related("to_body").first()
    to_stage = next_stage(turn)
    if priority_list is None or forwarding is None or to_stage is None:
        raise ForwardingError(_("Listen er ikke oversendt."))
    codes = [dossier["code"] for dossier in forwarding.snapshot["dossiers"]]
    applications = list(held(turn.round.applications.filter(code__in=codes)).select_related("community"))
    _require_untouched(forwarding, to_stage, applications)
    for application in applications:
        if application.status == Status.FORWARDED:
            application.stage_entries.filter(stage=to_stage).delete()
            advance(application, "call_back", by=by, at=at)
    kept = forwarding.document
    _tell(forwarding, at, kind="package_called_back", reason=reason.strip())
    if not Forwarding.objects.filter(pk=forwarding.pk, opened_at=None).delete()[0]:
        raise ForwardingError(_("%(body)s har åpnet oversendelsen i mellomtiden.") % {"body": forwarding.to_body})
    journal.record(
        "priority.called_back",
        subject=priority_list,
        by=by,
        at=at,
        community=turn.tenant,
        body=forwarding.to_body.code,
        reason=reason.strip(),
        version=kept.version,
        sha256=kept.sha256,
    )
    return priority_list


def _require_untouched(forwarding: Forwarding, to_stage: Stage, applications: Sequence[Application]) -> None:
    """Raise ForwardingError when the receivers have opened the package, or have begun with an application in it."""
    words = {"body": forwarding.to_body, "when": datetime_no(forwarding.opened_at) if forwarding.opened_at else ""}
    if forwarding.opened_at:
        raise ForwardingError(
            _("%(body)s åpnet oversendelsen %(when)s, så den kan ikke kalles tilbake. Ta kontakt med dem.") % words
        )
    keys = [application.pk for application in applications]
    begun = (
        Admission.objects.filter(application__in=keys, stage=to_stage),
        Assignment.objects.filter(application__in=keys, stage=to_stage),
        Recommendation.objects.filter(application__in=keys, priority_list__stage=to_stage),
    )
    if any(rows.exists() for rows in begun):
        raise ForwardingError(_("%(body)s har begynt med sakene, så oversendelsen kan ikke kalles tilbake.") % words)


def next_stage(turn: Turn) -> Stage | None:
    """The stage that the turn's list is forwarded to, with its body."""
    after = turn.round.spec.next_stage(turn.spec)
    return turn.round.stages.select_related("body").filter(code=after.code).first() if after else None


def next_body(turn: Turn) -> Body | None:
    """The body that the turn's list is forwarded to: that of the next stage, or of the same helsefellesskap."""
    stage = next_stage(turn)
    return stage.body_for(turn.community) if stage else None


def _to_forward(turn: Turn, priority_list: PriorityList) -> list[Application]:
    """The applications to forward, their rows locked. One that was withdrawn after the freeze is not forwarded.

    Raises ForwardingError when there are none.
    """
    codes = [row["code"] for row in (priority_list.snapshot or {"rows": []})["rows"]]
    listed = list(held(turn.round.applications.filter(code__in=codes)).select_related("community"))
    prioritised = set(turns.prioritised(turn).filter(code__in=codes).values_list("pk", flat=True))
    to_forward = sorted((row for row in listed if row.pk in prioritised), key=lambda row: row.code)
    if not to_forward:
        raise ForwardingError(_("Ingen av sakene på listen er prioritert, så det er ingenting å oversende."))
    return to_forward


def _store(
    turn: Turn, priority_list: PriorityList, to_body: Body, content: dict[str, Any], *, by: User, at: datetime
) -> Forwarding:
    try:
        with transaction.atomic():
            document = documents.freeze(
                PACKAGE,
                turn.code,
                content,
                version=documents.next_version(PACKAGE, turn.code),
                language=turn.round.language,
                tenant=turn.tenant,
                by=by,
                at=at,
            )
            return Forwarding.objects.create(
                priority_list=priority_list, to_body=to_body, document=document, forwarded_by=by, forwarded_at=at
            )
    except IntegrityError as error:
        raise AlreadyForwardedError(_("Listen er allerede oversendt.")) from error


def _checked(priority_list: PriorityList | None) -> PriorityList:
    if priority_list is None or not priority_list.is_frozen:
        raise ForwardingError(_("Lås prioriteringen før dere oversender den."))
    if Forwarding.objects.filter(priority_list=priority_list).exists():
        raise AlreadyForwardedError(_("Listen er allerede oversendt."))
    return priority_list


@in_bokmaal
def package(
    turn: Turn,
    priority_list: PriorityList,
    to_body: Body,
    to_forward: Sequence[Application],
    extract: Mapping[str, Any] | None,
    *,
    by: User,
    at: datetime,
) -> dict[str, Any]:
    """The package as plain data: the frozen list with its SHA-256, the extract of the minutes, and the dossiers."""
    sent = {application.code for application in to_forward}
    rows = priority_list.snapshot["rows"] if priority_list.snapshot else []
    return {
        "round": {"code": priority_list.round.code, "title": priority_list.round.title},
        "from": {"code": turn.receiver_code, "name": turn.name},
        "to": {"code": to_body.code, "name": to_body.name},
        "contents": contents(turn, has_extract=bool(extract)),
        "list": priority_list.snapshot,
        "list_sha256": priority_list.sha256,
        "minutes": dict(extract) if extract else None,
        "dossiers": dossiers([row for row in rows if row["code"] in sent], to_forward),
        "forwarded": {"by": str(by), "at": at},
    }


def contents(turn: Turn, *, has_extract: bool) -> list[str]:
    """What the round says is forwarded, line by line; without an extract of the minutes, not the line that promises it.

    The secretariat often locks and forwards on behalf of the body, and then no meeting has minutes of it.
    """
    lines = turn.spec.forwards.contents if turn.spec.forwards else ()
    return [line for line in lines if has_extract or MINUTES not in line.casefold()]


def dossiers(rows: Sequence[Mapping[str, Any]], to_forward: Sequence[Application]) -> list[dict[str, Any]]:
    """For each application that is forwarded: the version sent and its attachments, each with its SHA-256."""
    keys = {application.code: application.pk for application in to_forward}
    submissions = newest_submissions(keys.values())
    files: dict[int, list[dict[str, Any]]] = {}
    for item in Attachment.objects.filter(application__in=keys.values()).select_related("file"):
        files.setdefault(item.application_id, []).append(
            {"number": item.number, "title": item.title, "name": item.file.name, "sha256": item.file.sha256}
        )
    return [
        {
            "rank": row["rank"],
            "code": row["code"],
            "title": row["title"],
            "version": submissions[keys[row["code"]]].version,
            "submitted_at": submissions[keys[row["code"]]].submitted_at,
            "sha256": submissions[keys[row["code"]]].sha256,
            "attachments": files.get(keys[row["code"]], []),
        }
        for row in rows
    ]


def _tell(forwarding: Forwarding, at: datetime, *, kind: str = "package_forwarded", reason: str = "") -> None:
    """Send a mail to everyone in the secretariat that serves the body."""
    body = forwarding.to_body
    for person in officers_of(body, local_date(at)):
        mail.queue(
            kind,
            recipient=person.email,
            about=body,
            context={"package": forwarding.snapshot, "round": forwarding.priority_list.round, "reason": reason},
            at=at,
            key=f"{kind}:{forwarding.document_id}:{person.pk}",
            language=person.language,
        )
