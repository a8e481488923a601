"""What the public pages read: the list of rounds by phase, and the dates of one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, Literal

from django.utils.translation import gettext as _

from portal import clock, formats, ui
from rounds.definition.filling import last_day
from rounds.models import Round
from rounds.workflow import Phase


@dataclass(frozen=True, slots=True)
class Listed:
    """A round as the list shows it."""

    round: Round
    phase: Phase

    @property
    def amount(self) -> int | None:
        """The frame's amount, if known."""
        return self.round.frame.amount

    @property
    def is_open(self) -> bool:
        """Whether one can apply now."""
        return self.phase == Phase.OPEN


@dataclass(frozen=True, slots=True)
class Group:
    """The rounds of one phase."""

    title: str
    rounds: list[Listed]


def rounds_by_phase(user: Any, now: datetime) -> list[Group]:
    """The visible rounds: open first by deadline, then coming, those being prepared, and closed newest first."""
    listed = [Listed(found, found.phase_at(now)) for found in Round.objects.visible_to(user, now).with_owner()]
    soonest = sorted(listed, key=lambda item: (item.round.closes_at, item.round.code))
    return [
        Group(title, _of(soonest if phase != Phase.CLOSED else reversed(soonest), phase))
        for title, phase in (
            (_("Åpne nå"), Phase.OPEN),
            (_("Kommer"), Phase.ANNOUNCED),
            (_("Under forberedelse"), Phase.PLANNED),
            (_("Avsluttede"), Phase.CLOSED),
        )
    ]


def _of(listed: Iterable[Listed], phase: Phase) -> list[Listed]:
    return [item for item in listed if item.phase == phase]


@dataclass(frozen=True, slots=True)
class Moment:
    """A line of the timeline: something begins, something must be done by then, or a day to know of."""

    code: str
    at: datetime
    label: str
    kind: Literal["begins", "deadline", "day"] = "deadline"
    is_past: bool = False

    @property
    def when(self) -> str:
        """The moment as people write it: midnight begins a day, and ends the one before as a deadline."""
        if self.kind == "deadline":
            return formats.deadline_no(self.at)
        if self.kind == "day":
            return formats.date_no(last_day(self.at))
        is_midnight = clock.local(self.at).time() == time()
        return formats.date_no(self.at) if is_midnight else formats.datetime_no(self.at)


def moments(found: Round, now: datetime) -> list[Moment]:
    """All dates of the round in order (R15, R24)."""
    spec, dates = found.spec, found.spec.dates
    rows: list[tuple[str, datetime | None, str, Literal["begins", "deadline", "day"]]] = [
        ("opens", dates.opens, _("Åpner for søknader"), "begins"),
        ("closes", dates.closes, _("Søknadsfrist"), "deadline"),
        ("forward", dates.forward_by, _("Prioriterte søknader oversendes innen"), "deadline"),
        ("decision", dates.decision_by, _("Beslutning innen"), "deadline"),
    ]
    if dates.announced != dates.opens:
        rows.append(("announced", dates.announced, _("Utlyst"), "begins"))
    rows += [
        (item.community, item.closes, _("Søknadsfrist, %(name)s") % {"name": item.name}, "deadline")
        for item in spec.communities
    ]
    known = {row[1] for row in rows}
    rows += [
        (stage.code, stage.deadline, stage.name, "deadline") for stage in spec.stages if stage.deadline not in known
    ]
    rows += [(item.code, item.at, item.label, "day") for item in dates.milestones]
    placed = [Moment(code, at, label, kind, is_past=at <= now) for code, at, label, kind in rows if at is not None]
    return sorted(placed, key=lambda moment: (moment.at, moment.kind == "begins"))


def process_steps(found: Round, now: datetime) -> list[ui.Stage]:
    """The round's way for the stage bar: announced, deadline, each stage, follow-up."""
    steps: list[tuple[str, datetime | None]] = [
        (_("Utlyst"), found.announced_at),
        (_("Søknadsfrist"), found.closes_at),
        *((stage.name, stage.deadline) for stage in found.spec.stages),
        (_("Oppfølging og evaluering"), None),
    ]
    done = sum(1 for _label, at in steps if at is not None and at <= now)
    return [
        ui.Stage(label, _state(index, done), at and (last_day(at) if index else clock.local_date(at)))
        for index, (label, at) in enumerate(steps)
    ]


def _state(index: int, done: int) -> Literal["done", "current", "later"]:
    if index < done:
        return "done"
    return "current" if index == done else "later"


def warnings_of(found: Round) -> list[str]:
    """What the secretariat should know of the round; the frame as it is now, not as the file said."""
    told = [problem.message for problem in found.spec.warnings if problem.path[0] != "frame"]
    if found.frame.amount is None:
        return [_("rammen er ikke fastsatt"), *told]
    return [_("rammen er foreløpig"), *told] if found.frame.provisional else told
