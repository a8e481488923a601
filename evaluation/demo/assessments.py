"""The demo's assessments: checked, given out, scored and ranked, as ``fixtures/demo/assessments.yaml`` tells."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from applications.models import Application
from applications.services.correcting import request_correction
from evaluation.assessment import checklist
from evaluation.assessment.models import Recommendation, Task
from evaluation.assessment.services import admission, assessing, assigning, declaring, freezing, prioritising
from evaluation.assessment.services.assessing import Given
from evaluation.assessment.turn import Turn
from evaluation.demo.timeline import Act, Days, minutes_apart, person, read
from portal import clock
from portal.communities.models import HealthCommunity
from rounds.models import Round


def acts(now: datetime) -> Iterator[Act]:
    """Every turn of the file."""
    for story in read("assessments"):
        yield from _Turn(story, Days(now)).acts()


class _Turn:
    """One helsefellesskap's turn in one round."""

    def __init__(self, story: dict[str, Any], days: Days) -> None:
        self.story, self.days = story, days

    def acts(self) -> Iterator[Act]:
        """The applications one by one, then the list."""
        for number, own in enumerate(self.story["applications"]):
            yield from self._application(own, number)
        if "list" in self.story:
            yield from self._list(self.story["list"])

    def _application(self, own: dict[str, Any], number: int) -> Iterator[Act]:
        ago, minute = self.days.ago, 7 * number
        if "correction" in own:
            yield Act(ago(own["correction"]["asked"], 10, minute), partial(self._ask_for_correction, own))
            return
        yield Act(ago(own["checked"], 10, minute), partial(self._admit, own))
        yield Act(ago(own["assigned"], 12, minute), partial(self._assign, own))
        for place, given in enumerate(own["assessors"]):
            hour = 14 + place
            yield Act(ago(given["declared"], hour, minute), partial(self._declare, own, given))
            done = given.get("delivered") or given["saved"]
            yield Act(ago(done, hour, minute), partial(self._score, own, given))

    def _list(self, own: dict[str, Any]) -> Iterator[Act]:
        ago = self.days.ago
        yield Act(ago(own["set_up"], 16), self._set_up)
        yield Act(ago(own["recommended"], 16, 10), partial(self._recommend, own))
        for task, done in own["tasks"].items():
            yield Act(ago(done["day"], 16, 30), partial(self._record, task, done))
        if "frozen" in own:
            yield Act(ago(own["frozen"], 16, 45), self._freeze)

    # --- what the acts need ------------------------------------------------------------------------------

    @property
    def _turn(self) -> Turn:
        round_ = Round.objects.select_related("frame").get(code=self.story["round"])
        stage = round_.stages.select_related("body").get(code=self.story["stage"])
        return Turn(round_, stage, HealthCommunity.objects.get(code=self.story["community"]))

    @property
    def _secretary(self) -> Any:
        return person(self.story["secretary"])

    def _find(self, own: Mapping[str, Any]) -> Application:
        found = Application.objects.select_related("round", "community")
        return found.get(round__code=self.story["round"], title=own["title"])

    # --- the acts ----------------------------------------------------------------------------------------

    def _ask_for_correction(self, own: dict[str, Any], at: datetime) -> None:
        asked = own["correction"]
        due_at = self.days.ago(-asked["due_in"] - 1, 0)
        request_correction(self._find(own), asked["sections"], asked["reason"], due_at, by=self._secretary, at=at)

    def _admit(self, own: dict[str, Any], at: datetime) -> None:
        application = self._find(own)
        sent = application.submissions.current()
        spec = application.round.spec
        stage, closes_at = spec.stages[0], application.closes_at
        found = checklist.items(spec, stage, sent.snapshot, submitted_at=sent.submitted_at, closes_at=closes_at)
        filled = {
            "items": [
                {"code": item.code, "label": str(item.label), "answer": item.answer is not False, "data": item.answer}
                for item in found
            ],
            "gates": {gate.code: list(gate.claimed) for gate in checklist.gates(spec, stage, sent.snapshot)},
        }
        admission.admit(application, checklist=filled, by=self._secretary, at=at)

    def _assign(self, own: dict[str, Any], at: datetime) -> None:
        due_date = clock.local_date(at) + timedelta(days=own["due_in"])
        for given, moment in zip(own["assessors"], minutes_apart(at, step=1), strict=False):
            assessor = person(given["person"])
            assigning.assign(self._find(own), self._turn, assessor, due_date=due_date, by=self._secretary, at=moment)

    def _declare(self, own: dict[str, Any], given: dict[str, Any], at: datetime) -> None:
        declaring.declare(self._find(own), has_tie=False, by=person(given["person"]), at=at)

    def _score(self, own: dict[str, Any], given: dict[str, Any], at: datetime) -> None:
        turn, assessor = self._turn, person(given["person"])
        begun = assessing.begin(self._find(own), turn, by=assessor, at=at)
        marks = self._marks(turn, given)
        act = assessing.deliver if "delivered" in given else assessing.save
        act(begun, turn, marks, comment=given.get("comment", ""), by=assessor, at=at)

    def _marks(self, turn: Turn, given: dict[str, Any]) -> dict[str, Given]:
        """Points with the sentence that the file has for them; a judgement without points has its own words."""
        if "judgements" in given:
            return {code: Given(reason=text) for code, text in given["judgements"].items()}
        codes = (item.code for item in turn.judged if item.kind == "scored")
        sentences = self.story["sentences"]
        # A shorter list of points is an assessment that is not finished.
        return {
            code: Given(Decimal(points), reason=sentences[code][points])
            for code, points in zip(codes, given["points"], strict=False)
        }

    def _set_up(self, at: datetime) -> None:
        prioritising.set_up(self._turn, by=self._secretary, at=at)

    def _recommend(self, own: dict[str, Any], at: datetime) -> None:
        turn = self._turn
        if "considerations" in own:
            prioritising.consider(turn, own["considerations"], by=self._secretary, at=at)
        rows = Recommendation.objects.filter(priority_list=turn.priority_list).select_related("application")
        moments = minutes_apart(at)
        for recommended in own["recommendations"]:
            prioritising.recommend(
                rows.get(application__title=recommended["title"]),
                turn,
                outcome=recommended["outcome"],
                amount=recommended.get("amount"),
                reason=recommended["reason"],
                conditions=recommended.get("conditions", ""),
                by=self._secretary,
                at=next(moments),
            )

    def _record(self, task: str, done: dict[str, Any], at: datetime) -> None:
        prioritising.record_task(self._turn, Task(task), done["note"], by=self._secretary, at=at)

    def _freeze(self, at: datetime) -> None:
        freezing.freeze(self._turn, by=self._secretary, at=at)
