"""The demo's meetings: planned, called and held, from ``fixtures/demo/meetings.yaml``."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from applications.models import Application
from evaluation.assessment.habilitet import Ground
from evaluation.assessment.models import PriorityList
from evaluation.assessment.services import declaring
from evaluation.demo import follow_up
from evaluation.demo.timeline import Act, Days, minutes_apart, person, read_entries
from evaluation.meetings.models import Case, CaseKind, CaseStatus, Meeting
from evaluation.meetings.queries.electorate import roll_of
from evaluation.meetings.services import (
    attachments,
    from_list,
    habilitet,
    live,
    minutes,
    planning,
    relating,
    resolving,
)
from portal import pdf
from portal.communities.models import Body


def acts(now: datetime) -> Iterator[Act]:
    """The acts of every meeting in the file."""
    for story in read_entries("meetings"):
        yield from _Meeting(story, Days(now)).acts()


class _Meeting:
    """One meeting from the plan to the adopted minutes, or to the step that the file stops at."""

    meeting: Meeting

    def __init__(self, story: dict[str, Any], days: Days) -> None:
        self.story, self.days = story, days
        self.starts_at = days.ago(story["starts"], story["hour"])

    def acts(self) -> Iterator[Act]:
        """The meeting is planned and called, members declare their ties, and it is held where the file says so."""
        ago, story = self.days.ago, self.story
        yield Act(ago(story["planned"], 14), self._plan)
        yield Act(ago(story["called"], 17), self._call)
        for tie in story.get("ties", ()):
            yield Act(ago(tie["declared"], 18), partial(self._declare, tie))
        if "held" in story:
            yield Act(self.starts_at, self._hold)
            yield Act(ago(story["held"]["adopted"], 11, 30), self._adopt_minutes)
            yield from follow_up.acts(story, self.days)

    @property
    def _secretary(self) -> Any:
        return person(self.story["secretary"])

    def _plan(self, at: datetime) -> None:
        body = Body.objects.get(code=self.story["body"])
        self.meeting = planning.plan(
            body, starts_at=self.starts_at, location=self.story["place"], by=self._secretary, at=at
        )

    def _call(self, at: datetime) -> None:
        """Set up the agenda, then send the call."""
        secretary, moments = self._secretary, minutes_apart(at)
        for entry in self.story["cases"]:
            case = planning.add_case(
                self.meeting, kind=CaseKind(entry["kind"]), title=entry["title"], by=secretary, at=next(moments)
            )
            texts = {**entry["paper"], "title": entry["title"]}
            planning.write_paper(case, texts=texts, by=secretary, at=next(moments))
            self._add_to(case, entry, next(moments))
        for code in self.story.get("lists", ()):
            priority_list = PriorityList.objects.get(round__code=code, community=self.meeting.body.community)
            from_list.add_cases(self.meeting, priority_list, by=secretary, at=next(moments))
        for title in self.story.get("again", ()):
            postponed = Case.objects.get(
                body=self.meeting.body, application__title=title, status=CaseStatus.POSTPONED, followed_by=None
            )
            planning.take_up_again(postponed, self.meeting, by=secretary, at=next(moments))
        planning.call(self.meeting, by=secretary, at=next(moments))

    def _add_to(self, case: Case, entry: dict[str, Any], at: datetime) -> None:
        """What is attached to the case, and the one that it builds on."""
        for title in entry.get("attached", ()):
            data = pdf.render("letters/demo_attachment.html", {"title": title}, title=title, at=at)
            uploaded = SimpleUploadedFile("vedlegg.pdf", data, "application/pdf")
            attachments.upload(case, uploaded, title=title, by=self._secretary, at=at)
        if "builds_on" in entry:
            earlier = Case.objects.get(body=self.meeting.body, title=entry["builds_on"])
            relating.name_earlier(case, earlier, by=self._secretary, at=at)

    def _declare(self, tie: dict[str, Any], at: datetime) -> None:
        declaring.declare(
            Application.objects.get(title=tie["title"]),
            has_tie=True,
            ground=Ground(tie["ground"]),
            explanation=tie["explanation"],
            by=person(tie["person"]),
            at=at,
        )

    # --- the meeting itself ------------------------------------------------------------------------------

    def _hold(self, at: datetime) -> None:
        held, moments = self.story["held"], minutes_apart(at)
        chair = person(held["chair"])
        for line in self.meeting.attendances.select_related("seat__user").order_by("pk"):
            absent = line.seat.user.email.removesuffix("@example.org") in held["absent"]
            act = live.apologise if absent else live.arrive
            act(line, by=line.seat.user, at=at)
        meeting = live.open_meeting(self.meeting, by=chair, at=next(moments))
        for case in meeting.cases.select_related("application").order_by("position"):
            live.go_to(meeting, case, by=chair, at=next(moments))
            self._settle(case, chair, next(moments))
        self.meeting = meeting
        live.close_meeting(meeting, by=chair, at=next(moments))

    def _settle(self, case: Case, chair: Any, at: datetime) -> None:
        held = self.story["held"]
        for question in roll_of(case.meeting, case).undecided:
            habilitet.decide_question(case, question, is_recused=True, reason=held["inhabil"], by=chair, at=at)
        put_off = held.get("postponed", {}).get(case.application.title if case.application else "")
        if put_off:
            resolving.postpone(case, reason=put_off, by=chair, at=at)
        elif case.kind != CaseKind.DECISION:
            resolving.note(case, text=held["noted"], by=chair, at=at)
        else:
            if case.is_allocation:
                from_list.rewrite_allocation(case, by=chair, at=at)
            fresh = Case.objects.select_related("paper", "recommendation", "application").get(pk=case.pk)
            resolving.adopt_as_proposed(fresh, by=chair, at=at)

    def _adopt_minutes(self, at: datetime) -> None:
        adopting, secretary = self.meeting.minutes, self._secretary
        minutes.write_remarks(adopting, texts={"remarks": self.story["held"]["remarks"]}, by=secretary, at=at)
        minutes.adopt(adopting, by=person(self.story["held"]["chair"]), at=at)
