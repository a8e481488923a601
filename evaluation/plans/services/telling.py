"""What is told of a measure: how far it has come, by those who have the responsibility and the secretariat."""

from datetime import datetime

from django.utils.translation import gettext as _

from evaluation.plans.models import Measure, MeasureNews, MeasureState
from evaluation.plans.services.plan_text import PlanConflictError, PlanError, held_plan, part_in
from portal.acts import act
from portal.communities.models import User
from portal.journal import services as journal


@act
def tell(
    measure: Measure, state: MeasureState, sentence: str, *, seen: int | None, by: User, at: datetime
) -> MeasureNews:
    """Tell how far the measure has come, with a sentence; ``seen`` is the last news (id) that the page showed.

    Raises PlanError without a sentence, and PlanConflictError when somebody has told of it since.
    """
    plan = held_plan(measure.aim.area.plan)
    fresh = part_in(plan, measure)
    if not sentence.strip():
        raise PlanError(_("Skriv en setning om hvor langt tiltaket er kommet.")).about("sentence")
    last = fresh.news.select_related("told_by").last()
    if last and last.pk != seen:
        words = {"name": last.told_by, "sentence": last.sentence}
        raise PlanConflictError(
            _("%(name)s har meldt om tiltaket i mellomtiden: «%(sentence)s» Les det, og send på nytt hvis det trengs.")
            % words
        )
    news = MeasureNews.objects.create(measure=fresh, state=state, sentence=sentence.strip(), told_by=by, told_at=at)
    Measure.objects.filter(pk=fresh.pk).update(state=state)
    journal.record("plan.told", subject=plan, by=by, at=at, community=plan.community, letter=fresh.letter)
    return news
