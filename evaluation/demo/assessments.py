"""The demo's assessments: checked, assigned, scored and ranked, from ``fixtures/demo/assessments.yaml``."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from applications.models import Application
from applications.services.correcting import request_correction
from evaluation.assessment import checklist
from evaluation.assessment.models import Recommendation, Task
from evaluation.assessment.queries import turns
from evaluation.assessment.services import admission, assessing, assigning, declaring, freezing, prioritising
from evaluation.assessment.services.assessing import Given
from evaluation.assessment.turn import Turn
from evaluation.demo.timeline import Act, Days, minutes_apart, person, read_entries
from portal import clock
from portal.communities.models import HealthCommunity
from rounds.models import Round


def acts(now: datetime) -> Iterator[Act]:
    """The acts of every turn in the file."""
    for story in read_entries("assessments"):
        yield from _Turn(story, Days(now)).acts()


class _Turn:
    """One helsefellesskap's turn in one round."""

    def __init__(self, story: dict[str, Any], days: Days) -> None:
        self.story, self.days = story, days

    def acts(self) -> Iterator[Act]:
        """The acts on the applications one by one, then those on the priority list."""
        for number, entry in enumerate(self.story["applications"]):
            yield from self._application(entry, number)
        if "list" in self.story:
            yield from self._list(self.story["list"])

    def _application(self, entry: dict[str, Any], number: int) -> Iterator[Act]:
        ago, minute = self.days.ago, 7 * number
        if "correction" in entry:
            yield Act(ago(entry["correction"]["asked"], 10, minute), partial(self._ask_for_correction, entry))
            return
        yield Act(ago(entry["checked"], 10, minute), partial(self._admit, entry))
        yield Act(ago(entry["assigned"], 12, minute), partial(self._assign, entry))
        for position, assessor in enumerate(entry["assessors"]):
            hour = 14 + position
            yield Act(ago(assessor["declared"], hour, minute), partial(self._declare, entry, assessor))
            done = assessor.get("delivered") or assessor["saved"]
            yield Act(ago(done, hour, minute), partial(self._score, entry, assessor))

    def _list(self, entry: dict[str, Any]) -> Iterator[Act]:
        ago = self.days.ago
        yield Act(ago(entry["set_up"], 16), self._set_up)
        yield Act(ago(entry["recommended"], 16, 10), partial(self._recommend, entry))
        for task, done in entry["tasks"].items():
            yield Act(ago(done["day"], 16, 30), partial(self._record, task, done))
        if "frozen" in entry:
            yield Act(ago(entry["frozen"], 16, 45), self._freeze)

    # --- what the acts need ------------------------------------------------------------------------------

    @property
    def _turn(self) -> Turn:
        round_ = Round.objects.select_related("frame").get(code=self.story["round"])
        stage = round_.stages.select_related("body").get(code=self.story["stage"])
        return Turn(round_, stage, HealthCommunity.objects.get(code=self.story["community"]))

    @property
    def _secretary(self) -> Any:
        return person(self.story["secretary"])

    def _application_of(self, entry: Mapping[str, Any]) -> Application:
        applications = Application.objects.select_related("round", "community")
        return applications.get(round__code=self.story["round"], title=entry["title"])

    # --- the acts ----------------------------------------------------------------------------------------

    def _ask_for_correction(self, entry: dict[str, Any], at: datetime) -> None:
        asked = entry["correction"]
        due_at = self.days.ago(-asked["due_in"] - 1, 0)
        request_correction(
            self._application_of(entry), asked["sections"], asked["reason"], due_at, by=self._secretary, at=at
        )

    def _admit(self, entry: dict[str, Any], at: datetime) -> None:
        application = self._application_of(entry)
        sent = application.submissions.current()
        spec = application.round.spec
        stage, closes_at = spec.stages[0], application.closes_at
        check_items = checklist.items(spec, stage, sent.snapshot, submitted_at=sent.submitted_at, closes_at=closes_at)
        filled = {
            "items": [
                {"code": item.code, "label": str(item.label), "answer": item.answer is not False, "data": item.answer}
                for item in check_items
            ],
            "gates": {gate.code: list(gate.claimed) for gate in checklist.gates(spec, stage, sent.snapshot)},
        }
        admission.admit(application, checklist=filled, by=self._secretary, at=at)

    def _assign(self, entry: dict[str, Any], at: datetime) -> None:
        due_date = clock.local_date(at) + timedelta(days=entry["due_in"])
        for assessor_entry, moment in zip(entry["assessors"], minutes_apart(at, step=1), strict=False):
            assessor = person(assessor_entry["person"])
            assigning.assign(
                self._application_of(entry), self._turn, assessor, due_date=due_date, by=self._secretary, at=moment
            )

    def _declare(self, entry: dict[str, Any], assessor_entry: dict[str, Any], at: datetime) -> None:
        declaring.declare(self._application_of(entry), has_tie=False, by=person(assessor_entry["person"]), at=at)

    def _score(self, entry: dict[str, Any], assessor_entry: dict[str, Any], at: datetime) -> None:
        turn, assessor = self._turn, person(assessor_entry["person"])
        begun = assessing.begin(self._application_of(entry), turn, by=assessor, at=at)
        marks = self._marks(turn, assessor_entry)
        act = assessing.deliver if "delivered" in assessor_entry else assessing.save
        act(begun, turn, marks, comment=assessor_entry.get("comment", ""), by=assessor, at=at)

    def _marks(self, turn: Turn, assessor_entry: dict[str, Any]) -> dict[str, Given]:
        """Points with the file's sentence for them; a judgement in words, without points, has its text in the file."""
        if "judgements" in assessor_entry:
            return {code: Given(reason=text) for code, text in assessor_entry["judgements"].items()}
        codes = (item.code for item in turn.judged if item.kind == "scored")
        sentences = self.story["sentences"]
        # A shorter list of points is an assessment that is not finished.
        return {
            code: Given(Decimal(points), reason=sentences[code][points])
            for code, points in zip(codes, assessor_entry["points"], strict=False)
        }

    def _set_up(self, at: datetime) -> None:
        prioritising.set_up(self._turn, by=self._secretary, at=at)

    def _recommend(self, entry: dict[str, Any], at: datetime) -> None:
        turn = self._turn
        if "considerations" in entry:
            prioritising.consider(turn, texts={"considerations": entry["considerations"]}, by=self._secretary, at=at)
        rows = Recommendation.objects.filter(priority_list=turns.priority_list_of(turn)).select_related("application")
        moments = minutes_apart(at)
        for recommended in entry["recommendations"]:
            prioritising.recommend(
                rows.get(application__title=recommended["title"]),
                turn,
                texts={name: recommended[name] for name in Recommendation.WRITTEN if name in recommended},
                by=self._secretary,
                at=next(moments),
            )

    def _record(self, task: str, done: dict[str, Any], at: datetime) -> None:
        prioritising.record_task(self._turn, Task(task), done["note"], by=self._secretary, at=at)

    def _freeze(self, at: datetime) -> None:
        freezing.freeze(self._turn, by=self._secretary, at=at)
