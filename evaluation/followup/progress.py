"""How far a project has come after the award: what it waits for, until when, and how late that is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluation.decisions.models import Decision, Letter
from portal.clock import local_date
from portal.formats import day_in_words, in_words
from portal.ui import ProcessStep

WEEKS_FROM = 14
MONTHS_FROM = 60


class Step(StrEnum):
    """What a project waits for."""

    LETTER = "letter"
    ANSWER = "answer"
    START = "start"
    EVALUATION = "evaluation"
    CASE = "case"
    DONE = "done"
    DECLINED = "declined"


class Group(StrEnum):
    """The parts of the list, in the order in which they are read."""

    LATE = "late"
    OFFICE = "office"
    COMING = "coming"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Progress:
    """What a project waits for; ``due`` is the last day for it, where there is one."""

    step: Step
    due: date | None
    today: date
    label: str = ""

    @property
    def is_late(self) -> bool:
        """Whether the day has passed."""
        return self.due is not None and self.due < self.today

    @property
    def group(self) -> Group:
        """Where in the list the project stands."""
        if self.is_late:
            return Group.LATE
        if self.step in {Step.LETTER, Step.CASE}:
            return Group.OFFICE
        return Group.DONE if self.step in {Step.DONE, Step.DECLINED} else Group.COMING

    @property
    def tone(self) -> str:
        """The shape of its state."""
        tones = {Group.LATE: "danger", Group.OFFICE: "warning", Group.COMING: "info", Group.DONE: "success"}
        return tones[self.group]

    @property
    def day(self) -> str:
        """The day as people say it; empty when there is none."""
        return day_in_words(self.due, self.today) if self.due else ""

    @property
    def left(self) -> str:
        """How long is left, or how late it is; empty without a day, and on the day itself."""
        if self.due is None or self.due == self.today:
            return ""
        days = (self.due - self.today).days
        if days > 0:
            return ngettext("%(n)s dag igjen", "%(n)s dager igjen", days) % {"n": days}
        return _how_late(-days)


def _how_late(days: int) -> str:
    if days >= MONTHS_FROM:
        n = days // 30
        return ngettext("%(n)s måned over fristen", "%(n)s måneder over fristen", n) % {"n": n}
    if days >= WEEKS_FROM:
        n = days // 7
        return ngettext("%(n)s uke over fristen", "%(n)s uker over fristen", n) % {"n": n}
    return ngettext("%(n)s dag over fristen", "%(n)s dager over fristen", days) % {"n": days}


def progress_of(award: Decision, letter: Letter | None, today: date) -> Progress:
    """How far the award has come; ``letter`` is the sent one, if any."""
    acceptance = getattr(award, "acceptance", None)
    if getattr(award, "declined", None):
        return Progress(Step.DECLINED, None, today, _("Takket nei"))
    if acceptance is None and letter is None:
        return Progress(Step.LETTER, None, today, _("Brevet er ikke sendt"))
    if acceptance is None:
        return Progress(Step.ANSWER, letter.accept_by if letter else None, today, _("Skal svare på tilskuddet"))
    report = acceptance.evaluation
    if report.case:
        said = _("Evaluering mottatt, sak %(case)s") % {"case": report.case.reference}
        return Progress(Step.DONE, None, today, said)
    if report.submitted_at:
        said = _("Evaluering mottatt, blir sak for %(body)s") % {"body": report.receiving_body}
        return Progress(Step.CASE, None, today, said)
    if report.is_provisional:
        return Progress(Step.START, acceptance.planned_start_date, today, _("Skal melde driftsstart"))
    return Progress(Step.EVALUATION, report.due_date, today, _("Skal sende evaluering"))


def way(award: Decision, progress: Progress, letter: Letter | None) -> list[ProcessStep]:
    """The way from the award to the case about its evaluation; none of one that was declined."""
    if progress.step == Step.DECLINED:
        return []
    acceptance = getattr(award, "acceptance", None)
    report = acceptance.evaluation if acceptance else None
    accepted = local_date(acceptance.accepted_at) if acceptance else letter.accept_by if letter else None
    started = (acceptance.operation_started_date or acceptance.planned_start_date) if acceptance else None
    sent = report and (local_date(report.submitted_at) if report.submitted_at else report.due_date)
    label = _("Sak %(case)s") % {"case": report.case.reference} if report and report.case else _("Sak om evalueringen")
    steps: tuple[tuple[Step, Any, date | None], ...] = (
        (Step.LETTER, _("Vedtak"), award.adopted_on),
        (Step.ANSWER, _("Aksept"), accepted),
        (Step.START, _("Driftsstart"), started),
        (Step.EVALUATION, _("Evaluering"), sent),
        (Step.CASE, label, None),
    )
    order = [step for step, _label, _day in steps]
    # What is decided is decided, though its letter is not sent.
    now = max(order.index(progress.step), 1) if progress.step in order else len(order)
    return [
        ProcessStep(label, "done" if number < now else "current" if number == now else "later", day)
        for number, (_step, label, day) in enumerate(steps)
    ]


# --- the list ---------------------------------------------------------------------------------------------


class _Line(Protocol):
    @property
    def progress(self) -> Progress: ...


Line = TypeVar("Line", bound=_Line)


def grouped(lines: Iterable[Line]) -> list[tuple[str, list[Line]]]:
    """The lines under the headings of their groups: what is late the longest first, then what comes first."""
    words = {
        Group.LATE: _("Forsinket"),
        Group.OFFICE: _("Venter på dere"),
        Group.COMING: _("Innen fristen"),
        Group.DONE: _("Ferdig"),
    }
    ordered = sorted(lines, key=lambda line: line.progress.due or date.max)
    groups = ((label, [line for line in ordered if line.progress.group == group]) for group, label in words.items())
    return [(label, group) for label, group in groups if group]


def heading(all_progress: list[Progress]) -> str:
    """The news of the list: how many are late, else how many wait for the secretariat."""
    if not all_progress:
        return _("Ingen prosjekter å følge opp")
    if n := sum(each.is_late for each in all_progress):
        return ngettext("Ett prosjekt er forsinket", "%(n)s prosjekter er forsinket", n) % {"n": in_words(n)}
    if n := sum(each.group == Group.OFFICE for each in all_progress):
        return ngettext("Ett prosjekt venter på dere", "%(n)s prosjekter venter på dere", n) % {"n": in_words(n)}
    if all(each.group == Group.DONE for each in all_progress):
        return _("Alle prosjektene er evaluert")
    return _("Ingen prosjekter er forsinket")
