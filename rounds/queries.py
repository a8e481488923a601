"""What the public pages read: the list of rounds by phase, and the dates of one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from portal import ui
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
    """A line of the timeline. ``at`` is exclusive for deadlines: midnight belongs to the day before."""

    code: str
    at: datetime
    label: str
    is_past: bool = False


def moments(found: Round, now: datetime) -> list[Moment]:
    """All dates of the round in order (R15, R24)."""
    spec, dates = found.spec, found.spec.dates
    rows = [
        ("announced", dates.announced, _("Utlyst")),
        ("opens", dates.opens, _("Åpner for søknader")),
        ("closes", dates.closes, _("Søknadsfrist")),
        ("forward", dates.forward_by, _("Prioriterte søknader oversendes innen")),
        ("decision", dates.decision_by, _("Beslutning innen")),
    ]
    rows += [
        (item.community, item.closes, _("Søknadsfrist, %(name)s") % {"name": item.name}) for item in spec.communities
    ]
    known = {at for _code, at, _label in rows}
    rows += [(stage.code, stage.deadline, stage.name) for stage in spec.stages if stage.deadline not in known]
    rows += [(item.code, item.at, item.label) for item in dates.milestones]
    if dates.announced == dates.opens:
        rows = rows[1:]
    found_rows = [Moment(code, at, label, is_past=at <= now) for code, at, label in rows if at is not None]
    return sorted(found_rows, key=lambda moment: moment.at)


def process_steps(found: Round, now: datetime) -> list[ui.Stage]:
    """The round's way for the stage bar: announced, open, each stage with a deadline, follow-up."""
    steps: list[tuple[str, datetime | None]] = [
        (_("Utlyst"), found.announced_at),
        (_("Søknadsfrist"), found.closes_at),
        *((stage.name, stage.deadline) for stage in found.spec.stages),
        (_("Oppfølging og evaluering"), None),
    ]
    done = sum(1 for _label, at in steps if at is not None and at <= now)
    return [
        ui.Stage(label, "done" if index < done else "current" if index == done else "later", at)
        for index, (label, at) in enumerate(steps)
    ]
