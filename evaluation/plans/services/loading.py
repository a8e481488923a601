"""A plan from its file: one that was adopted before the portal."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from evaluation.actions.models import OwnerKind
from evaluation.actions.queries.owners import Owner
from evaluation.plans.content import PlanFile
from evaluation.plans.models import Aim, Area, Plan
from evaluation.plans.services.adopting import freeze_version
from evaluation.plans.services.plan_text import HEAD_TEXTS, PlanError, make_measure, owners_of
from portal.acts import act
from portal.clock import local_date
from portal.communities.models import HealthCommunity, Organisation, User
from portal.journal import services as journal


@act
def load(file: PlanFile, *, by: User | None, at: datetime) -> Plan | None:
    """Make the plan of a file with its first version, which has no resolution; None when the code is there already.

    Raises PlanError when the helsefellesskap, or an organisation that a name stands for, is not in the register.
    """
    if Plan.objects.filter(code=file.code).exists():
        return None
    community = HealthCommunity.objects.filter(code=file.community).first()
    if community is None:
        raise PlanError(_("Helsefellesskapet «%(code)s» er ikke i registeret.") % {"code": file.community})
    owners = _owners_named(community, file, local_date(at))
    head = file.model_dump(include={*HEAD_TEXTS, "abbreviations", "source", "code", "taxonomy"})
    plan = Plan.objects.create(community=community, created_by=by, created_at=at, **head)
    for position, area in enumerate(file.areas):
        row = Area.objects.create(plan=plan, position=position, title=area.title, meaning=area.meaning)
        for number, aim in enumerate(area.aims):
            under = Aim.objects.create(area=row, position=number, title=aim.title)
            for order, measure in enumerate(aim.measures):
                make_measure(under, order, measure, [owners(name) for name in measure.owner_names])
    journal.record("plan.loaded", subject=plan, by=by, at=at, community=community)
    freeze_version(plan, None, by=by, at=at)
    return plan


def _owners_named(community: HealthCommunity, file: PlanFile, day: date) -> Any:
    """The owner whom a name in the file means: as a resolution names them, or by the file's own organisations."""
    known = owners_of(community, day)
    named: dict[str, Owner] = {"sekr": Owner(OwnerKind.SECRETARIAT)}
    for name, orgnr in file.organisations.items():
        organisation = Organisation.objects.filter(orgnr=orgnr).first()
        if organisation is None:
            raise PlanError(_("Organisasjonen «%(orgnr)s» er ikke i registeret.") % {"orgnr": orgnr})
        named[name.casefold()] = Owner(OwnerKind.ORGANISATION, organisation.pk)
    return lambda name: named.get(name.casefold()) or known.named(name)
