"""The demo's decisions, letters and projects, from ``fixtures/demo/awards.yaml``."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from applications.models import Application
from evaluation.decisions.models import Decision, Letter
from evaluation.decisions.services import deciding, letters
from evaluation.demo.timeline import Act, Days, person, read_entries
from evaluation.followup.models import Acceptance
from evaluation.followup.services import accepting
from evaluation.meetings.models import Meeting
from portal import clock


def acts(now: datetime) -> Iterator[Act]:
    """The acts after every meeting whose resolutions have become decisions."""
    for story in read_entries("awards"):
        yield from _Awards(story, Days(now)).acts()


class _Awards:
    """The decisions of one meeting, their letters, and the projects that are followed up."""

    def __init__(self, story: dict[str, Any], days: Days) -> None:
        self.story, self.days = story, days

    def acts(self) -> Iterator[Act]:
        """All is decided on one day; each letter and each project has days of its own."""
        ago, story = self.days.ago, self.story
        yield Act(ago(story["decided"], 10), self._decide)
        for minute, letter in enumerate(story["letters"]):
            yield Act(ago(letter["prepared"], 11, 40 + minute), partial(self._prepare, letter))
            if "sent" in letter:
                yield Act(ago(letter["sent"], 9, minute), partial(self._approve, letter))
                yield Act(ago(letter["sent"], 14, minute), partial(self._send, letter))
        for project in story.get("projects", ()):
            started = self._started(project)
            recorded_at = self.days.ago((clock.local_date(self.days.now) - started).days - project["told_after"], 10)
            yield Act(ago(project["accepted"], 12), partial(self._accept, project))
            yield Act(recorded_at, partial(self._start, project, started))

    @property
    def _secretary(self) -> Any:
        return person(self.story["secretary"])

    def _started(self, project: dict[str, Any]) -> date:
        """The start date that makes the evaluation due in ``evaluation_due_in`` days."""
        due = clock.local_date(self.days.now) + timedelta(days=project["evaluation_due_in"])
        return clock.add_months(due, -project["months"])

    def _decision(self, entry: dict[str, Any]) -> Decision:
        decisions = Decision.objects.in_force().select_related("application__round", "application__community", "body")
        return decisions.get(application__title=entry["title"])

    # --- the acts ----------------------------------------------------------------------------------------

    def _decide(self, at: datetime) -> None:
        starts_at = self.days.ago(self.story["meeting"]["starts"], self.story["meeting"]["hour"])
        meeting = Meeting.objects.select_related("body").get(
            body__code=self.story["meeting"]["body"], starts_at=starts_at
        )
        deciding.decide_from_minutes(meeting, by=self._secretary, at=at)

    def _prepare(self, entry: dict[str, Any], at: datetime) -> None:
        letters.prepare(self._decision(entry), by=self._secretary, at=at)

    def _approve(self, entry: dict[str, Any], at: datetime) -> None:
        letter = Letter.objects.get(decision=self._decision(entry))
        colleague = person(self.story["colleague"])
        letters.look(letter, by=colleague, at=at)
        letters.approve(letter, by=colleague, at=at)

    def _send(self, entry: dict[str, Any], at: datetime) -> None:
        letters.send(Letter.objects.get(decision=self._decision(entry)), by=self._secretary, at=at)

    def _accept(self, entry: dict[str, Any], at: datetime) -> None:
        responsible = person(entry["responsible"])
        accepting.accept(
            self._decision(entry),
            account_number=entry["account"],
            planned_start_date=clock.local_date(at) + timedelta(days=entry["planned_in"]),
            responsible_name=responsible.name,
            responsible_email=responsible.email,
            by=person(entry["signatory"]),
            at=at,
        )

    def _start(self, entry: dict[str, Any], started: date, at: datetime) -> None:
        application = Application.objects.get(title=entry["title"])
        acceptance = Acceptance.objects.select_related("decision__application__round").get(
            decision__application=application, decision__replaced_at=None
        )
        accepting.record_start(acceptance, started, by=person(entry["responsible"]), at=at)
