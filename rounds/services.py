"""The acts on rounds: load a definition, lock it when somebody begins to apply, take it away, and set the frame."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from portal.acts import act, held, upsert
from portal.cells import Base
from portal.communities.decision_rules import DecisionRules
from portal.communities.models import Body, HealthCommunity
from portal.communities.questions import bodies_in_session
from portal.documents import services as documents
from portal.errors import DomainError
from portal.formats import kroner
from portal.journal import services as journal
from portal.snapshots import digest
from portal.writing import require_unchanged
from rounds import fairness, queries, register
from rounds.definition import Criterion as CriterionPart
from rounds.definition import Problem, RoundDefinition
from rounds.documents import ROUND
from rounds.models import Criterion, Frame, Round, RoundCommunity, Scheme, Stage, remember_definition
from rounds.questions import frame_state, locked_communities
from rounds.register import Named

Row = TypeVar("Row", bound=Model)


class RoundError(DomainError):
    """The definition cannot be loaded; ``problems`` have the path of each error, where it has one."""

    def __init__(self, message: str, problems: Sequence[Problem] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(problems)


class RoundLockedError(RoundError):
    """The change would be unfair to those who have begun to apply."""


class SmallFrameError(DomainError):
    """The frame would be smaller than what is granted under it, and nobody has said that it is meant."""


class RoundWithdrawnError(DomainError):
    """The round is taken away."""

    def __init__(self) -> None:
        super().__init__(_("Runden er tatt bort. Ingen kan søke i den."))


class RoundInSessionError(RoundError):
    """The change would alter how a body decides while the body is in a meeting."""


@act
def load_round(definition: RoundDefinition, *, by: Any, at: datetime) -> Round:
    """Create or change the round of the definition. The public sees it from its ``announced`` on.

    The same definition twice changes nothing; another one is a new version. Raises RoundError when it names what the
    register does not have, when nobody could handle one of its stages, or when its round or frame is another owner's,
    RoundLockedError when applications have begun and the change would be unfair to them (R8: later rounds get their
    own criteria), and RoundInSessionError when it changes how a body decides that is in a meeting.
    """
    data = definition.to_data()
    sha256 = digest(data)
    named = _named_in_register(definition)
    _lock_bodies(definition)
    existing = held(Round.objects.filter(code=definition.code)).first()
    if existing and existing.definition_sha256 == sha256:
        return existing
    if existing and existing.cancelled_at:
        raise RoundLockedError(f"«{existing}» er trukket og kan ikke endres.")
    if existing and existing.is_locked:
        _refuse_unfair(existing.spec, definition)
    owner = _owner(existing, definition, named)
    scheme, frame = _save_scheme_and_frame(definition, owner)
    if existing:
        _refuse_later_than_locked(existing, definition)
    before = _rules_in_force(existing) if existing else {}
    round_ = existing or Round(code=definition.code, version=0, published_at=at)
    round_.scheme, round_.frame = scheme, frame
    loaded = _save_round(round_, definition, owner, by=by, at=at)
    _sync_communities(loaded, definition, named)
    _sync_stages(loaded, definition, named)
    if existing:
        _refuse_other_rules(loaded, before)
    journal.record(
        "round.changed" if existing else "round.loaded",
        subject=loaded,
        by=by,
        at=at,
        community=loaded.owner_community,
        version=loaded.version,
        sha256=sha256,
    )
    remember_definition(sha256, definition)
    return loaded


def _refused(path: tuple[str | int, ...], message: str) -> RoundError:
    return RoundError(message, [Problem(path, message)])


def _named_in_register(definition: RoundDefinition) -> Named:
    """The rows that the definition names. Raises RoundError when one is missing, or nobody could handle the round."""
    named = queries.named_by(definition)
    problems = list(register.problems(definition, named))
    if problems:
        raise RoundError("\n".join(problem.message for problem in problems), problems)
    return named


def _refuse_unfair(old: RoundDefinition, new: RoundDefinition) -> None:
    locked = fairness.unfair_changes(old, new)
    if locked:
        raise RoundLockedError(
            "Noen har begynt å søke. Da kan dette ikke endres: " + ", ".join(locked) + ". "
            "Tekster, dokumenter og adresser kan endres, og frister kan forlenges."
        )


def _lock_bodies(definition: RoundDefinition) -> None:
    """Lock the rows of the old and the new bodies, so that none opens a meeting until the round is loaded."""
    stages = Stage.objects.filter(round__code=definition.code)
    named = {stage.body for stage in definition.stages if stage.body}
    kinds = {*stages.values_list("body_kind", flat=True), *(stage.body_kind for stage in definition.stages)}
    communities = {
        *RoundCommunity.objects.filter(round__code=definition.code).values_list("community__code", flat=True),
        *(item.community for item in definition.communities),
    }
    bodies = Q(code__in=named) | Q(stages__in=stages) | Q(community__code__in=communities, kind__in=kinds)
    ids = set(Body.objects.filter(bodies).values_list("pk", flat=True))
    list(held(Body.objects.filter(pk__in=ids)))


def _rules_in_force(round_: Round) -> dict[tuple[str, int], DecisionRules]:
    """How each body decides at each stage (by code) of the round."""
    rows = queries.stages_with_bodies(round_)
    return {(stage.code, body.pk): stage.decision_rules(body) for stage, bodies in rows for body in bodies}


def _refuse_other_rules(loaded: Round, before: dict[tuple[str, int], DecisionRules]) -> None:
    after = _rules_in_force(loaded)
    keys = before.keys() | after.keys()
    changed = {key[1] for key in keys if before.get(key) != after.get(key)}
    in_session = Body.objects.filter(pk__in=bodies_in_session(changed)).order_by("pk").first()
    if in_session:
        raise RoundInSessionError(
            f"{in_session} er i møte. Hvordan organet avgjør saker fra runden, kan ikke endres før møtet er hevet."
        )
    unfair = [key for key in before.keys() & after.keys() if before[key].terms != after[key].terms]
    if loaded.is_locked and unfair:
        raise RoundLockedError("Noen har begynt å søke. Da kan det ikke endres hvordan organene avgjør.")


def _refuse_later_than_locked(existing: Round, definition: RoundDefinition) -> None:
    """Refuse a later deadline where the list is locked: the new applications could never come onto the list."""
    closing_times = {item.community: item.closes or definition.dates.closes for item in definition.communities}
    for community in HealthCommunity.objects.filter(pk__in=locked_communities(existing)):
        if closing_times.get(community.code, definition.dates.closes) > existing.closes_for(community):
            raise RoundLockedError(f"{community} har låst prioriteringen sin. Da kan fristen der ikke forlenges.")


def _save_round(round_: Round, definition: RoundDefinition, owner: dict[str, Any], *, by: Any, at: datetime) -> Round:
    round_.owner_community, round_.owner_organisation = owner["owner_community"], owner["owner_organisation"]
    round_.title, round_.language = definition.title, definition.language
    round_.announced_at, round_.opens_at = definition.dates.announced, definition.dates.opens
    round_.closes_at, round_.forward_by = definition.dates.closes, definition.dates.forward_by
    round_.version += 1
    round_.document = documents.freeze(
        ROUND,
        round_.code,
        definition.to_data(),
        version=round_.version,
        language=round_.language,
        tenant=round_.owner,
        by=by,
        at=at,
    )
    round_.definition_sha256 = round_.document.sha256
    # The cached spec is the old one.
    round_.__dict__.pop("spec", None)
    round_.save()
    return round_


def _owner(existing: Round | None, definition: RoundDefinition, named: Named) -> dict[str, Any]:
    """The owner of the round, its scheme and its frame, as the two fields of ``models.Owned``.

    Raises RoundError when the round is another owner's.
    """
    owner = definition.owner
    fields = {
        "owner_community": named.communities[owner.community] if owner.community else None,
        "owner_organisation": named.organisations[owner.organisation] if owner.organisation else None,
    }
    if existing and existing.owner not in fields.values():
        raise _refused(("code",), f"Runden «{definition.code}» tilhører {existing.owner}. Bruk en annen kode.")
    return fields


def _save_scheme_and_frame(definition: RoundDefinition, owner: dict[str, Any]) -> tuple[Scheme, Frame]:
    """Save the owner's scheme and frame from the file. Raises RoundError when the frame is another owner's."""
    part, money = definition.scheme, definition.frame
    told = {"name": part.name, "purpose": part.purpose}
    scheme, _is_new = upsert(Scheme.objects.all(), {"code": part.code, **owner}, told)
    values: dict[str, Any] = {"scheme": scheme, "year": money.year, "provisional": money.provisional}
    if money.amount is not None:
        # A frame without amount in the file keeps the amount that the secretariat has set.
        values["amount"] = money.amount
    frame, is_new = held(Frame.objects.all()).get_or_create(code=money.code, defaults={**values, **owner})
    if is_new:
        return scheme, frame
    if any(getattr(frame, field) != value for field, value in owner.items()):
        raise _refused(("frame", "code"), f"Rammen «{money.code}» tilhører {frame.owner}. Bruk en annen kode.")
    for field, value in values.items():
        setattr(frame, field, value)
    frame.save(update_fields=list(values))
    return scheme, frame


def _sync_communities(round_: Round, definition: RoundDefinition, named: Named) -> None:
    round_.round_communities.exclude(community__code__in=[item.community for item in definition.communities]).delete()
    _upsert(
        [
            RoundCommunity(
                round=round_,
                community=named.communities[item.community],
                receiver_role=item.receiver.role,
                receiver_email=item.receiver.email,
                copy_role=item.copy_to.role,
                copy_email=item.copy_to.email,
                closes_at=item.closes,
                position=position,
            )
            for position, item in enumerate(definition.communities)
        ],
        key=("round", "community"),
    )


def _sync_stages(round_: Round, definition: RoundDefinition, named: Named) -> None:
    round_.stages.exclude(code__in=[stage.code for stage in definition.stages]).delete()
    stages = _upsert(stage_rows(round_, definition, named), key=("round", "code"))
    _sync_criteria(round_, stages, definition)


def stage_rows(round_: Round, definition: RoundDefinition, named: Named) -> list[Stage]:
    """The stages of the definition as unsaved rows."""
    return [
        Stage(
            round=round_,
            code=stage.code,
            position=position,
            name=stage.name,
            body_kind=stage.body_kind,
            body=named.bodies[stage.body] if stage.body else None,
            deadline_at=stage.deadline,
            decision_rule=stage.decision_rule or "",
            quorum_share=stage.quorum.share if stage.quorum else "",
            quorum_both_sides=stage.quorum.both_sides if stage.quorum else None,
            scoring=stage.scoring,
        )
        for position, stage in enumerate(definition.stages)
    ]


def _sync_criteria(round_: Round, stages: list[Stage], definition: RoundDefinition) -> None:
    rows = [
        _criterion(stage, position, item, definition)
        for stage, described in zip(stages, definition.stages, strict=True)
        for position, item in enumerate(definition.criteria_of(described))
    ]
    for stage in stages:
        stage.criteria.exclude(code__in=[row.code for row in rows if row.stage == stage]).delete()
    _upsert(rows, key=("stage", "code"))


def _criterion(stage: Stage, position: int, item: CriterionPart, definition: RoundDefinition) -> Criterion:
    scale = definition.scale(item.scale)
    return Criterion(
        stage=stage,
        code=item.code,
        position=position,
        title=item.title,
        kind=item.kind,
        weight=item.weight,
        scale_min=scale.minimum if scale else None,
        scale_max=scale.maximum if scale else None,
        scale_step=scale.step if scale else 1,
        threshold=item.threshold,
    )


def _upsert(rows: list[Row], *, key: tuple[str, str]) -> list[Row]:
    """Insert the rows, or update those with the same key, in one query."""
    if not rows:
        return []
    table: QuerySet[Row] = QuerySet(type(rows[0]))
    fields = type(rows[0])._meta.concrete_fields
    others = [field.name for field in fields if not field.primary_key and field.name not in key]
    return table.bulk_create(rows, update_conflicts=True, unique_fields=key, update_fields=others)


@act
def lock_round(round_: Round, *, by: Any, at: datetime) -> None:
    """Mark that somebody has begun to apply; called with each new draft, and changes only the first time.

    Raises RoundWithdrawnError.
    """
    if round_.is_locked:
        return
    if not Round.objects.filter(pk=round_.pk, locked_at=None, withdrawn_at=None).update(locked_at=at):
        if Round.objects.filter(pk=round_.pk, locked_at=None).exists():
            raise RoundWithdrawnError
        return
    journal.record("round.locked", subject=round_, by=by, at=at, community=round_.owner_community)
    round_.locked_at = at


@act
def withdraw_round(round_: Round, *, by: Any, at: datetime) -> None:
    """Take away a round that nobody has begun to apply in; only its secretariats still see it.

    Raises RoundLockedError when somebody has begun.
    """
    # The same UPDATE as the first draft's (lock_round): of the two that come at once, one is refused.
    if not Round.objects.filter(pk=round_.pk, locked_at=None, withdrawn_at=None).update(withdrawn_at=at):
        if Round.objects.filter(pk=round_.pk).exclude(locked_at=None).exists():
            raise RoundLockedError(_("Noen har begynt å søke, så runden kan ikke tas bort."))
        return
    journal.record("round.withdrawn", subject=round_, by=by, at=at, community=round_.owner_community)


@act
def bring_back_round(round_: Round, *, by: Any, at: datetime) -> None:
    """Lay a round that was taken away out again, as it was.

    Nothing when it is laid out. Raises RoundError when it is cancelled, which nobody undoes.
    """
    if Round.objects.filter(pk=round_.pk).exclude(cancelled_at=None).exists():
        raise RoundError(_("Utlysningen er trukket, og kan ikke legges ut igjen."))
    if Round.objects.filter(pk=round_.pk).exclude(withdrawn_at=None).update(withdrawn_at=None):
        journal.record("round.brought_back", subject=round_, by=by, at=at, community=round_.owner_community)


@act
def set_frame(
    round_: Round,
    *,
    amount: int | None,
    provisional: bool,
    by: Any,
    at: datetime,
    below_granted: bool = False,
    base: Base | None = None,
) -> Frame:
    """Set the amount (kroner) of the round's frame, which rounds may share (R2, R6); None when it is not decided.

    Raises SmallFrameError when more is granted under it already, unless that is said to be meant (``below_granted``),
    and WrittenMeanwhileError when somebody else has set it since the page of ``base`` was opened.
    """
    frame = held(Frame.objects.filter(pk=round_.frame_id)).get()
    stored = {"amount": frame.amount, "provisional": frame.provisional}
    typed = {"amount": amount, "provisional": provisional}
    after = stored | require_unchanged(stored, typed, base, told=(round_, "frame.set"), by=by)
    amount, provisional = after["amount"], after["provisional"]
    before = frame.amount
    granted = frame_state(round_).granted
    if amount is not None and granted > amount and not below_granted:
        raise SmallFrameError(
            _("Det er innvilget %(granted)s, %(over)s mer enn denne rammen. Kryss av hvis rammen likevel er riktig.")
            % {"granted": kroner(granted), "over": kroner(granted - amount)}
        )
    frame.amount, frame.provisional = amount, provisional
    frame.save(update_fields=["amount", "provisional"])
    journal.record(
        "frame.set",
        subject=round_,
        by=by,
        at=at,
        community=round_.owner_community,
        frame=frame.code,
        before=before,
        amount=amount,
        provisional=provisional,
    )
    return frame
