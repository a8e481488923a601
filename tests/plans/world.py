"""Plans of the house's helsefellesskap: the ways to where this room's tests start."""

from datetime import date

from evaluation.meetings.models import Resolution
from evaluation.plans.models import Measure, MeasureState, Plan
from evaluation.plans.queries import text_of
from evaluation.plans.services import adopting, plan_text, telling
from tests.actions import world as actions


def begun(house, now, **more):
    """A plan with one area, one aim and the measures a) and b): the first is the partner's, the second the SSU's."""
    values = {"title": "Handlingsplan 2026", "first_day": date(2026, 1, 1), "last_day": date(2026, 12, 31), **more}
    plan = plan_text.begin(house.community, **values, by=house.secretary, at=now)
    how = {"by": house.secretary, "at": now}
    area = plan_text.add(plan, "area", plan, texts={"title": "Forebygging", "meaning": "- mestring"}, **how)
    aim = plan_text.add(plan, "aim", area, texts={"title": "Gode tilbud"}, **how)
    partner, body = f"organisation:{house.partner.pk}", f"body:{house.ssu.pk}"
    for letter, text, owner in (("a", "Opprette et nettverk", partner), ("b", "Ha en fagdag", body)):
        texts = {"letter": letter, "text": text, "responsible": letter.upper(), "year": None, "owners": [owner]}
        plan_text.add(plan, "measure", aim, texts=texts, **how)
    return plan


def resolutions(house, now, *proposals):
    """The resolutions of adopted minutes of the SSU that adopt these proposals."""
    _meeting, cases = actions.adopted(house, now, *proposals)
    return [Resolution.objects.get(case=case) for case in cases]


def resolution(house, now, *proposals):
    """A resolution in adopted minutes of the SSU that adopts a plan."""
    return resolutions(house, now, *(proposals or ("SSU vedtar handlingsplanen.",)))[0]


def adopted(house, plan, now):
    """The plan, adopted by the SSU."""
    by_case = resolution(house, now)
    plan = Plan.objects.get(pk=plan.pk)
    shown = adopting.digest_of(text_of(plan))
    return adopting.adopt(plan, by_case, shown=shown, by=house.secretary, at=now)


def measures(plan):
    """The measures in their order."""
    rows = Measure.objects.filter(aim__area__plan=plan).select_related("aim__area__plan")
    return list(rows.order_by("aim__area__position", "aim__position", "position"))


def told(house, measure, now, state=MeasureState.BEHIND, sentence="To kommuner mangler.", seen=None, by=None):
    """What the secretariat, or another, tells of the measure."""
    return telling.tell(measure, state, sentence, seen=seen, by=by or house.secretary, at=now)
