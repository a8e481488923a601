"""The funded projects at the measures of a plan: those whose applicants ticked the measure in their application (R63).

Told to those who serve the helsefellesskap or sit in it, once the applicants know of the award and unless they have
declined it; never to one to whom the application is closed.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from evaluation.assessment.queries.closed import out_or_must_answer
from evaluation.decisions.models import Decision
from evaluation.plans.models import Plan
from evaluation.plans.queries import reads_drafts
from portal.communities.standing import Standing
from rounds.answering.answers import chosen
from rounds.answering.models import Answer
from rounds.models import Round
from rounds.outcomes import AWARDS

ANSWER = ("response", "question", "value")


@dataclass(frozen=True, slots=True)
class Project:
    """A funded application: its code, its title, and the amount (kroner)."""

    code: str
    title: str
    amount: int


def projects_of(plan: Plan, standing: Standing) -> Mapping[str, Sequence[Project]]:
    """The projects of each measure, by the measure's code; three queries, none for the public."""
    if not plan.taxonomy or not reads_drafts(standing, plan):
        return {}
    of_plan = {"outcome__in": AWARDS, "application__community": plan.community_id}
    awards = Decision.objects.in_force().filter(declined=None, **of_plan)
    told = awards.filter(application__announced_at__isnull=False).exclude(out_or_must_answer(standing, "application"))
    of_project = ("application__response", "application__round", "application__code", "application__title", "amount")
    funded = list(told.order_by("application__title").values_list(*of_project))
    if not funded:
        return {}
    asking = _questions(plan, {round_id for _response, round_id, *_project in funded})
    answers = Answer.objects.filter(response__in=[response for response, *_project in funded])
    values = {(response, question): value for response, question, value in answers.values_list(*ANSWER)}
    ticked: dict[str, list[Project]] = defaultdict(list)
    for response, round_id, code, title, amount in funded:
        for question in asking.get(round_id, ()):
            for measure in chosen(values.get((response, question)))[0]:
                ticked[measure].append(Project(code, title, amount or 0))
    return ticked


def _questions(plan: Plan, rounds: Collection[int]) -> dict[int, list[str]]:
    """The codes of the questions that ask for measures of the plan, by the id of the round; one query."""
    return {
        row.pk: [each.code for each in row.spec.questions if getattr(each, "taxonomy", "") == plan.taxonomy]
        for row in Round.objects.filter(pk__in=rounds)
    }
