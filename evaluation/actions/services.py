"""The acts on follow-up items: made of what a resolution asks for, mended, reported, closed and opened again."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from evaluation.actions.asks import Due
from evaluation.actions.models import CaseReview, FollowUpItem, FollowUpStep, State
from evaluation.actions.queries import cases_to_return_in, open_to
from evaluation.actions.queries.owners import Owner, why_not_owner
from evaluation.meetings.models import Case, Meeting, MeetingStatus
from evaluation.meetings.queries.habilitet import closed_to
from evaluation.meetings.services.locking import locked
from portal.acts import act, held
from portal.cells import Base
from portal.clock import local_date
from portal.communities.models import User
from portal.communities.queries import standing_at
from portal.errors import ConflictError, DomainError
from portal.formats import datetime_no
from portal.journal import services as journal
from portal.writing import require_unchanged

MENDED = "follow_up.mended"


class FollowUpError(DomainError):
    """The act is not possible with the item as it is."""


class FollowUpConflictError(FollowUpError, ConflictError):
    """Somebody else was first."""


@dataclass(frozen=True, slots=True)
class NewItem:
    """What becomes an item: the case and its point, the text as adopted, who owns it, and by when."""

    case_id: int
    reference: str
    text: str
    owner: Owner
    due: Due | None


@act
def go_through(
    meeting: Meeting, cases: Collection[int], new: Iterable[NewItem], *, by: User, at: datetime
) -> list[FollowUpItem]:
    """Make the items that the secretariat has confirmed; of these cases (ids) nothing more is proposed.

    Raises FollowUpConflictError when somebody has gone through one of the cases meanwhile, and FollowUpError when a
    case is closed to ``by``, an owner cannot be asked, or the minutes are not adopted.
    """
    meeting = locked(meeting.pk)
    if meeting.status != MeetingStatus.ADOPTED:
        raise FollowUpError(_("Protokollen er ikke godkjent ennå."))
    rows = {case.pk: case for case in _open_cases(by, at).filter(meeting=meeting, pk__in=cases)}
    if len(rows) != len(set(cases)):
        raise FollowUpError(_("En av sakene er stengt for deg. En annen i sekretariatet må gå gjennom den."))
    earlier = CaseReview.objects.filter(case__in=rows).select_related("reviewed_by", "case").first()
    if earlier:
        words = {"name": earlier.reviewed_by, "case": earlier.case.reference, "at": datetime_no(earlier.reviewed_at)}
        raise FollowUpConflictError(_("%(name)s gikk gjennom sak %(case)s %(at)s. Ingenting er lagret nå.") % words)
    made = [_make(rows[each.case_id], meeting, each, by, at) for each in new if each.case_id in rows]
    for case in rows.values():
        CaseReview.objects.create(case=case, reviewed_by=by, reviewed_at=at)
        journal.record("follow_up.gone_through", subject=case, by=by, at=at, community=meeting.body.tenant)
    return made


@act
def add(case: Case, new: NewItem, *, by: User, at: datetime) -> FollowUpItem:
    """Make an item by hand, of a resolution in adopted minutes; FollowUpError as in ``go_through``."""
    meeting = locked(case.meeting_id)
    if meeting.status != MeetingStatus.ADOPTED:
        raise FollowUpError(_("Protokollen er ikke godkjent ennå."))
    if not _open_cases(by, at).filter(pk=case.pk, resolution__isnull=False).exists():
        raise FollowUpError(_("Saken er stengt for deg. En annen i sekretariatet må føre punktet.")).about("case")
    return _make(case, meeting, new, by, at)


def _open_cases(by: User, at: datetime) -> Any:
    return Case.objects.exclude(closed_to(standing_at(by, at))).order_by("pk")


def _make(case: Case, meeting: Meeting, new: NewItem, by: User, at: datetime) -> FollowUpItem:
    _require_text(new.text)
    _require_owner(new.owner, meeting, at)
    item = FollowUpItem.objects.create(
        case=case,
        reference=new.reference,
        text=new.text.strip(),
        **new.owner.columns,
        **_due_columns(new.due),
        created_by=by,
        created_at=at,
    )
    journal.record("follow_up.made", subject=item, by=by, at=at, community=meeting.body.tenant, case=case.reference)
    return item


def _require_text(text: str) -> None:
    if not text.strip():
        raise FollowUpError(_("Skriv hva som skal gjøres.")).about("text")


def _require_owner(owner: Owner, meeting: Meeting, at: datetime) -> None:
    if why := why_not_owner(owner, meeting.body, local_date(at)):
        raise FollowUpError(why).about("owner")


def _due_columns(due: Due | None) -> dict[str, Any]:
    return {"due_date": due.last_day if due else None, "due_is_month": bool(due and due.is_month)}


# --- one item ---------------------------------------------------------------------------------------------


def as_shown(item: FollowUpItem) -> dict[str, Any]:
    """What can be mended, as the form has it: the owner and the date by their codes."""
    owner = Owner.of_item(item)
    return {
        "text": item.text,
        "owner": owner.code,
        "owner_role": owner.role,
        "due": item.due.code if item.due else "",
        "returns_in": item.returns_in_id,
    }


@act
def mend(
    item: FollowUpItem, texts: Mapping[str, Any], *, base: Base | None = None, by: User, at: datetime
) -> FollowUpItem:
    """Mend the text, the owner, the date or the case in which it comes back; ``texts`` are named as in ``as_shown``.

    Raises WrittenMeanwhileError when others have changed what ``by`` changes, since the page was opened; FollowUpError
    when the owner cannot be asked, or the case is not of a later meeting of the body.
    """
    item = _held(item, by, at)
    stored = as_shown(item)
    returns_in = texts.get("returns_in")
    typed = {**texts, "returns_in": getattr(returns_in, "pk", returns_in)}
    changes = require_unchanged(stored, typed, base, told=(item, MENDED), by=by)
    if not changes:
        return item
    after = {**stored, **changes}
    _require_text(after["text"])
    owner = Owner.of(after["owner"], after["owner_role"])
    if "owner" in changes or "owner_role" in changes:
        _require_owner(owner, item.case.meeting, at)
    if returns := changes.get("returns_in"):
        _require_later(item, returns, by, at)
    columns = {**owner.columns, **_due_columns(Due.of(after["due"]) if after["due"] else None)}
    _write(item, text=after["text"].strip(), returns_in_id=after["returns_in"], **columns)
    _tell(MENDED, item, by, at, fields=sorted(changes))
    return item


def _require_later(item: FollowUpItem, returns_in: int, by: User, at: datetime) -> None:
    if not cases_to_return_in(item, standing_at(by, at)).filter(pk=returns_in).exists():
        raise FollowUpError(_("Velg en sak i et senere møte.")).about("returns_in")


@act
def report(
    item: FollowUpItem, sentence: str, *, is_done: bool, seen: int | None, by: User, at: datetime
) -> FollowUpItem:
    """The owner tells what is done, or that it is carried out; ``seen`` is the last step (id) that the page showed.

    Raises FollowUpError without a sentence or when the item is closed, FollowUpConflictError when somebody has told
    of it meanwhile.
    """
    item = _held(item, by, at)
    if not item.is_open:
        raise FollowUpConflictError(_("Punktet er lukket: %(state)s.") % {"state": item.get_status_display().lower()})
    return _step(item, State.DONE if is_done else State.OPEN, sentence, seen, by=by, at=at)


@act
def settle(
    item: FollowUpItem, state: State, sentence: str, *, seen: int | None, by: User, at: datetime
) -> FollowUpItem:
    """The secretariat closes the item as carried out or dropped, or opens it again; with a sentence, as ``report``."""
    return _step(_held(item, by, at), state, sentence, seen, by=by, at=at)


def _step(item: FollowUpItem, state: State, sentence: str, seen: int | None, *, by: User, at: datetime) -> FollowUpItem:
    if not sentence.strip():
        raise FollowUpError(_("Skriv en setning om hva som er gjort, eller hvorfor.")).about("sentence")
    last = item.steps.order_by("pk").select_related("told_by").last()
    if last and last.pk != seen:
        words = {"name": last.told_by, "sentence": last.sentence}
        raise FollowUpConflictError(
            _("%(name)s har skrevet om punktet i mellomtiden: «%(sentence)s» Les det, og send på nytt hvis det trengs.")
            % words
        )
    FollowUpStep.objects.create(item=item, state=state, sentence=sentence.strip(), told_by=by, told_at=at)
    changed = item.state != state
    _write(item, state=state)
    acts = {State.OPEN: "follow_up.opened", State.DONE: "follow_up.done", State.DROPPED: "follow_up.dropped"}
    _tell(acts[state] if changed else "follow_up.reported", item, by, at)
    return item


def _held(item: FollowUpItem, by: User, at: datetime) -> FollowUpItem:
    """The item as it is now, locked; FollowUpError when the case behind it is closed to ``by``."""
    fresh = held(FollowUpItem.objects.filter(pk=item.pk)).get()
    if not open_to(FollowUpItem.objects.filter(pk=item.pk), standing_at(by, at)).exists():
        raise FollowUpError(_("Saken bak punktet er stengt for deg. En annen må gjøre dette."))
    fresh.case = Case.objects.select_related("meeting__body__community", "meeting__body__region").get(pk=fresh.case_id)
    return fresh


def _write(item: FollowUpItem, **values: Any) -> None:
    for name, value in values.items():
        setattr(item, name, value)
    item.save(update_fields=list(values))


def _tell(act_name: str, item: FollowUpItem, by: User, at: datetime, **data: Any) -> None:
    tenant = item.case.meeting.body.tenant
    journal.record(act_name, subject=item, by=by, at=at, community=tenant, case=item.case.reference, **data)
