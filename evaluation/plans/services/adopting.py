"""A resolution adopts a plan: the text as it is now becomes a frozen version, which everybody reads."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from evaluation.meetings.models import Resolution
from evaluation.plans.documents import ACTION_PLAN
from evaluation.plans.models import Plan, PlanVersion
from evaluation.plans.queries import adopted_in_words, resolutions_to_adopt_by, text_of
from evaluation.plans.services.plan_text import PlanConflictError, PlanError, held_plan
from portal.acts import act, held
from portal.clock import local_date
from portal.communities.models import User
from portal.communities.queries import standing_at
from portal.documents.services import freeze, next_version
from portal.journal import services as journal
from portal.snapshots import digest, frozen


@act
def adopt(plan: Plan, resolution: Resolution, *, shown: str, by: User, at: datetime) -> PlanVersion:
    """Freeze the text as it is now as the version that the resolution adopted.

    Another text by the same resolution says that the secretariat has put it right. ``shown`` is the digest of the text
    that the page showed. Raises PlanConflictError when somebody has written since, and PlanError when the resolution
    cannot adopt a plan here, or has adopted this text already, or the plan has no measures.
    """
    # Held before the plan: two plans are not adopted by it at once.
    resolution = held(Resolution.objects.filter(pk=resolution.pk)).select_related("case__body", "case__meeting").get()
    plan = held_plan(plan)
    if not resolutions_to_adopt_by(plan, standing_at(by, at)).filter(pk=resolution.pk).exists():
        said = _("Velg et vedtak fra en godkjent protokoll i helsefellesskapet, som ikke har vedtatt en annen plan.")
        raise PlanError(said).about("resolution")
    text = text_of(plan)
    if not any(text.measures):
        raise PlanError(_("Planen har ingen tiltak ennå."))
    if digest_of(text) != shown:
        raise PlanConflictError(_("Noen andre har skrevet i planen i mellomtiden. Les den på nytt før den vedtas."))
    if any(version.snapshot["plan"] == frozen(text.data) for version in plan.versions.filter(resolution=resolution)):
        raise PlanError(_("Denne teksten er alt lagt fram etter dette vedtaket.")).about("resolution")
    return freeze_version(plan, resolution, by=by, at=at)


def digest_of(text: Any) -> str:
    """A short digest of the text of a plan, for a page to carry."""
    return digest(text.data)[:16]


def snapshot_of(plan: Plan, resolution: Resolution | None, *, put_right_on: date | None = None) -> dict[str, Any]:
    """What a version freezes: the text as it is now, whose it is, and the sentence that says who has adopted it."""
    adopted = adopted_in_words(resolution, put_right_on=put_right_on)
    snapshot: dict[str, Any] = frozen({"plan": text_of(plan).data, "of": plan.community.name, "adopted": adopted})
    return snapshot


def freeze_version(plan: Plan, resolution: Resolution | None, *, by: User | None, at: datetime) -> PlanVersion:
    """The next version of the plan, of the text as it is now, in the caller's act."""
    community, version = plan.community, next_version(ACTION_PLAN, plan.code)
    is_put_right = resolution is not None and plan.versions.filter(resolution=resolution).exists()
    snapshot = snapshot_of(plan, resolution, put_right_on=local_date(at) if is_put_right else None)
    document = freeze(ACTION_PLAN, plan.code, snapshot, tenant=community, by=by, at=at, version=version)
    journal.record("plan.adopted", subject=plan, by=by, at=at, community=community, version=version)
    made: PlanVersion = PlanVersion.objects.create(plan=plan, document=document, resolution=resolution)
    return made
