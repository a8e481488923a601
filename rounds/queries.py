"""The rounds by state, the dates of a round, how its bodies decide, and what a round file names in the register."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from django.db.models import Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from portal import clock, formats, ui
from portal.communities import decision_words
from portal.communities.models import Body, BodyKind, HealthCommunity, Organisation, OrganisationKind, Right, Seat
from portal.communities.queries import standing_at
from portal.communities.standing import Standing
from portal.rooms import Tone, tone_of
from portal.twins import twin_lazy, twin_of
from rounds.deadlines import Deadline, deadline, has_own
from rounds.definition import RoundDefinition
from rounds.definition.filling import last_day
from rounds.models import Round, RoundCommunity, Stage
from rounds.questions import answered_rounds
from rounds.register import Named
from rounds.workflow import Phase

# As many helsefellesskap are named that receive.
MOST_NAMED = 4
# A date that has been is told of for so long on the front page.
NEWS_FOR = timedelta(days=60)
# What may apply: an organisation of any kind, or an FSU.
APPLICANTS = {*OrganisationKind, BodyKind.FSU}
FORWARDED = twin_lazy("Prioriterte søknader oversendes innen")

# Where a person belongs: the codes of the helsefellesskap, each with the kind of organisation or body there.
Belonging = Collection[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class State:
    """What a round is to its reader, as ``status_tag`` shows it."""

    label: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Listed:
    """A round as the list shows it."""

    round: Round
    phase: Phase
    deadline: Deadline
    state: State

    @property
    def amount(self) -> int | None:
        """The frame's amount, if known."""
        return self.round.frame.amount

    @property
    def is_open(self) -> bool:
        """Whether the round is open for applications now."""
        return self.phase == Phase.OPEN

    @property
    def receivers(self) -> str:
        """The helsefellesskap that receive, by name when they are few."""
        names = [item.name for item in self.round.spec.communities]
        if len(names) <= MOST_NAMED:
            return ", ".join(names)
        return _("%(count)s helsefellesskap") % {"count": formats.in_words(len(names)).lower()}

    def takes(self, belonging: Belonging, now: datetime) -> bool:
        """Whether somebody who belongs there can apply now."""
        rules = self.round.spec.applicants
        kinds = {*rules.partner_kinds, *([BodyKind.FSU] if rules.owner_may_be_body else [])}
        closes = {item.community: item.closes or self.round.closes_at for item in self.round.spec.communities}
        return any(kind in kinds and code in closes and now < closes[code] for code, kind in belonging)


def deadlines(rounds: Iterable[Round], standing: Standing) -> dict[int, Deadline]:
    """The deadline of each round for the person, by the round's id.

    One query when a helsefellesskap has a deadline of its own in any of them, else none.
    """
    rounds = list(rounds)
    return _until(rounds, _belonging(standing) if _any_own(rounds) else frozenset())


def _any_own(rounds: Iterable[Round]) -> bool:
    return any(has_own(round_.spec) for round_ in rounds)


def _until(rounds: Iterable[Round], belonging: Belonging) -> dict[int, Deadline]:
    codes = {code for code, _kind in belonging}
    return {round_.pk: deadline(round_.spec, round_.closes_at, codes) for round_ in rounds}


def _belonging(standing: Standing) -> Belonging:
    """Where the person belongs: by an organisation, a body or a secretariat, with its kind; one query, or none."""
    if not (standing.organisation_ids or standing.body_ids or standing.secretariat_community_ids):
        return frozenset()
    by_organisation = Organisation.objects.filter(pk__in=standing.organisation_ids)
    by_body = Body.objects.filter(pk__in=standing.body_ids)
    office = HealthCommunity.objects.filter(pk__in=standing.secretariat_community_ids)
    by_place = [rows.order_by().values_list("community__code", "kind") for rows in (by_organisation, by_body)]
    return frozenset(by_place[0].union(by_place[1], office.order_by().values_list("code", Value(BodyKind.SECRETARIAT))))


def deadline_for(round_: Round, user: Any, now: datetime) -> Deadline:
    """The deadline of the round for the person."""
    return deadlines([round_], standing_at(user, now))[round_.pk]


def _listed(rounds: Iterable[Round], user: Any, now: datetime) -> list[Listed]:
    rounds = list(rounds)
    return _listed_until(rounds, deadlines(rounds, standing_at(user, now)), now)


def _listed_until(rounds: Iterable[Round], until: Mapping[int, Deadline], now: datetime) -> list[Listed]:
    listed = [(round_, round_.phase_at(now, until[round_.pk])) for round_ in rounds]
    return [Listed(round_, phase, until[round_.pk], _state_of(round_, phase, now)) for round_, phase in listed]


def _state_of(round_: Round, phase: Phase, now: datetime) -> State:
    if round_.withdrawn_at:
        return State(_("Tatt bort"), "warning")
    if phase == Phase.ANNOUNCED:
        day = formats.day_in_words(clock.local_date(round_.opens_at), clock.local_date(now))
        return State(_("Åpner %(day)s") % {"day": day}, "neutral")
    return State(str(phase.label), tone_of(phase))


# Those that one can apply in first, and last those that nobody has been told of yet.
CURRENT = (Phase.OPEN, Phase.ANNOUNCED, Phase.PLANNED)


def rounds_by_state(user: Any, now: datetime) -> tuple[list[Listed], list[Listed]]:
    """The visible rounds that are open or to come, the first to close or open first, and the past, newest first.

    One query beside the standing, and one for what has become of the past.
    """
    listed = sorted(
        _listed(Round.objects.visible_to(user, now).with_owner(), user, now),
        key=lambda item: (item.deadline.at, item.round.code),
    )
    current = [item for phase in CURRENT for item in listed if item.phase == phase]
    return current, _with_what_became([item for item in reversed(listed) if item.phase not in CURRENT])


def _with_what_became(listed: list[Listed]) -> list[Listed]:
    closed = [item.round.pk for item in listed if item.phase == Phase.CLOSED and not item.round.withdrawn_at]
    answered = answered_rounds(closed) if closed else ()
    decided = State(_("Avgjort"), "success")
    return [replace(item, state=decided) if item.round.pk in answered else item for item in listed]


def listed_one(round_: Round, user: Any, now: datetime) -> Listed:
    """One round as the list shows it."""
    (item,) = _with_what_became(_listed([round_], user, now))
    return item


@dataclass(frozen=True, slots=True)
class Calls:
    """The open rounds by deadline: those that the person can apply in, and those for others."""

    near: list[Listed]
    others: list[Listed]
    # What comes next in the announced rounds of one who sits in a body, and what came last, the last first.
    dates: "list[Coming]" = field(default_factory=list)
    gone: "list[Coming]" = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Coming:
    """A date to come, or one that has been, and the round that it is of."""

    moment: "Moment"
    round: Round


def open_calls(user: Any, now: datetime) -> Calls:
    """The rounds that are open, told apart for somebody who acts for an organisation or an FSU; else all are near.

    One query beside the standing, and one for where the person belongs. A secretariat applies for nobody, so of it that
    is asked only when a deadline depends on it.
    """
    rounds, standing = list(Round.objects.announced(now).select_related("frame")), standing_at(user, now)
    is_asked = bool(standing.organisation_ids) or not standing.is_officer
    belonging = _belonging(standing) if is_asked or _any_own(rounds) else frozenset()
    listed = _listed_until(rounds, _until(rounds, belonging if _any_own(rounds) else ()), now)
    followed = [item for item in listed if _concerns(item.round, standing, belonging)]
    dates, gone = _coming(followed, now), _gone(followed, now)
    calls = sorted((item for item in listed if item.is_open), key=lambda item: (item.deadline.at, item.round.code))
    if not (is_asked and any(kind in APPLICANTS for _code, kind in belonging)):
        return Calls(calls, [], dates, gone)
    near = [item for item in calls if item.takes(belonging, now)]
    return Calls(near, [item for item in calls if item not in near], dates, gone)


def _concerns(round_: Round, standing: Standing, belonging: Belonging) -> bool:
    """Whether the dates of the round are those of a body that the person sits in; without knowing where, they are."""
    if not standing.body_ids or round_.cancelled_at:
        return False
    here = {item.community for item in round_.spec.communities}
    is_owner = round_.owner_community_id in standing.seat_community_ids
    return (
        is_owner
        or round_.owner_organisation_id in standing.seat_region_ids
        or (not belonging or any(code in here for code, _kind in belonging))
    )


def _coming(listed: Iterable[Listed], now: datetime) -> list["Coming"]:
    """The dates to come, the first first; of several deadlines the person's own."""
    coming = []
    for item in listed:
        others = {"closes", *(receiving.community for receiving in item.round.spec.communities)}
        dates = [moment for moment in moments(item.round, now) if moment.code not in others]
        dates.append(Moment("closes", item.deadline.at, _("Søknadsfrist")))
        coming += [Coming(moment, item.round) for moment in dates if moment.at > now]
    return sorted(coming, key=lambda line: (line.moment.at, line.round.code))


def _gone(listed: Iterable[Listed], now: datetime) -> list["Coming"]:
    """The dates of the last time, the last first; each helsefellesskap's own deadline too."""
    since, gone = now - NEWS_FOR, []
    for item in listed:
        said = {"opens": twin_of(twin_lazy("Åpnet for søknader"), item.round.noun_context)}
        past = [moment for moment in moments(item.round, now) if moment.is_past]
        gone += [Coming(replace(each, label=said.get(each.code, each.label)), item.round) for each in past]
    return sorted((line for line in gone if line.moment.at > since), key=lambda line: line.moment.at, reverse=True)


def open_by_community(now: datetime) -> dict[int, list[Round]]:
    """The rounds that each helsefellesskap (id) receives applications to now, the first to close first; one query."""
    is_open = Q(round__in=Round.objects.announced(now), round__opens_at__lte=now, round__cancelled_at=None)
    receiving = RoundCommunity.objects.alias(closes=Coalesce("closes_at", "round__closes_at"))
    by_community: dict[int, list[Round]] = defaultdict(list)
    for row in receiving.filter(is_open, closes__gt=now).select_related("round").order_by("closes", "round__code"):
        by_community[row.community_id].append(row.round)
    return by_community


@dataclass(frozen=True, slots=True)
class Moment:
    """A line of the timeline: a beginning, a deadline, or a day that is only shown."""

    code: str
    at: datetime
    label: str
    kind: Literal["begins", "deadline", "day"] = "deadline"
    is_past: bool = False

    @property
    def when(self) -> str:
        """The moment in words. Midnight is the start of a day, but as a deadline the end of the day before."""
        if self.kind == "deadline":
            return formats.deadline_no(self.at)
        if self.kind == "day":
            return formats.date_no(last_day(self.at))
        is_midnight = clock.local(self.at).time() == time()
        return formats.date_no(self.at) if is_midnight else formats.datetime_no(self.at)


def moments(round_: Round, now: datetime) -> list[Moment]:
    """All dates of the round in order (R15, R24)."""
    spec, dates = round_.spec, round_.spec.dates
    rows: list[tuple[str, datetime | None, str, Literal["begins", "deadline", "day"]]] = [
        ("opens", dates.opens, twin_of(twin_lazy("Åpner for søknader"), round_.noun_context), "begins"),
        ("closes", dates.closes, _("Søknadsfrist"), "deadline"),
        ("forward", dates.forward_by, twin_of(FORWARDED, round_.noun_context), "deadline"),
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


def process_steps(round_: Round, until: Deadline, now: datetime) -> list[ui.ProcessStep]:
    """The steps of the round for the stage bar: announced, deadline, each stage, follow-up."""
    steps: list[tuple[str, datetime | None]] = [
        (_("Utlyst"), round_.announced_at),
        (_("Søknadsfrist"), until.at),
        *((stage.name, stage.deadline) for stage in round_.spec.stages),
        (_("Oppfølging og evaluering"), None),
    ]
    done = sum(1 for _label, at in steps if at is not None and at <= now)
    return [
        ui.ProcessStep(label, _state(index, done), at and (last_day(at) if index else clock.local_date(at)))
        for index, (label, at) in enumerate(steps)
    ]


def _state(index: int, done: int) -> Literal["done", "current", "later"]:
    if index < done:
        return "done"
    return "current" if index == done else "later"


# --- how the bodies decide ------------------------------------------------------------------------


def bodies_at(stages: Iterable[Stage], receiving: Q) -> list[tuple[Stage, list[Body]]]:
    """The stages with their bodies: the named body, else the body of each ``receiving`` helsefellesskap; one query.

    For one that has ended it is the body that goes on from it; a query for each of those. The stages
    may be unsaved, since a round file is checked before it is loaded.
    """
    stages = list(stages)
    kinds = {stage.body_kind for stage in stages if not stage.body_id}
    rows = Body.objects.filter(receiving, kind__in=kinds, last_day=None).select_related("community")
    by_kind: dict[str, dict[int | None, Body]] = defaultdict(dict)
    for body in rows.order_by("pk"):
        by_kind[body.kind].setdefault(body.community_id, body)
    return [
        (stage, [stage.body.in_force] if stage.body else list(by_kind[stage.body_kind].values())) for stage in stages
    ]


def stages_with_bodies(round_: Round) -> list[tuple[Stage, list[Body]]]:
    """The stages of a loaded round with their bodies; two queries."""
    stages = round_.stages.select_related("body__community").order_by("position")
    return bodies_at(stages, Q(community__round_communities__round=round_))


def rules_of_stages(round_: Round) -> list[list[str]]:
    """How the bodies of each stage decide: for each stage the different texts; two queries."""
    return [list(_rules_in_words(stage, bodies)) for stage, bodies in stages_with_bodies(round_)]


def _rules_in_words(stage: Stage, bodies: list[Body]) -> Iterator[str]:
    alike: dict[str, list[Body]] = defaultdict(list)
    for body in bodies:
        alike[decision_words.short(stage.decision_rules(body))].append(body)
    for words, deciding in alike.items():
        rules = stage.decision_rules(deciding[0])
        names = ", ".join(_full_name(body) for body in deciding)
        yield f"{words} {decision_words.left_to_body(rules, names)}".strip()


def _full_name(body: Body) -> str:
    return f"{body.name} ({body.community.name})" if body.community else body.name


def unusual_rules(stages: Iterable[tuple[Stage, list[Body]]]) -> list[str]:
    """A sentence for each body whose rules in the round differ from its own."""
    return [
        _("%(body)s avgjør under «%(stage)s» slik: %(rules)s Ellers gjelder: %(usual)s")
        % {
            "body": _full_name(body),
            "stage": stage.name,
            "rules": decision_words.short(stage.decision_rules(body)),
            "usual": decision_words.short(body.decision_rules),
        }
        for stage, bodies in stages
        for body in bodies
        if stage.decision_rules(body).terms != body.decision_rules.terms
    ]


def unseated(stages: Iterable[tuple[Stage, list[Body]]], day: date) -> list[str]:
    """A sentence for each body that cannot handle its stage on the day, because no seat votes there; one query.

    Seats may come before the stage begins, so it is no reason to refuse the round. A secretariat need not vote.
    """
    pairs = [(stage, body) for stage, bodies in stages for body in bodies]
    seats = Seat.objects.current(day).filter(body__in={body.pk for _stage, body in pairs})
    working = set(seats.filter(Q(right=Right.VOTE) | Q(body__kind=BodyKind.SECRETARIAT)).values_list("body", flat=True))
    return [
        _("%(body)s har i dag ingen med stemmerett. «%(stage)s» kan ikke behandles før noen har fått plass.")
        % {"body": _full_name(body), "stage": stage.name}
        for stage, body in pairs
        if body.pk not in working
    ]


def warnings_of(round_: Round) -> list[str]:
    """The warnings to the secretariat about the round, with the frame as it is now and not as in the file."""
    warnings = [problem.message for problem in round_.spec.warnings if problem.path[0] != "frame"]
    warnings += unusual_rules(stages_with_bodies(round_))
    if round_.frame.amount is None:
        return [_("rammen er ikke fastsatt"), *warnings]
    return [_("rammen er foreløpig"), *warnings] if round_.frame.provisional else warnings


def calendar_file(round_: Round, *, address: str, now: datetime) -> bytes:
    """An iCalendar with one entry for each date; the entry of a deadline is the hour before it.

    ``address`` is the page's absolute URL. The same version gives the same bytes.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Samhandlingsportalen//NO")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", round_.title)
    for moment in moments(round_, now):
        event = Event()
        event.add("uid", f"{round_.code}-{moment.code}@samhandlingsportalen")
        event.add("dtstamp", round_.published_at)
        event.add("sequence", round_.version - 1)
        begins = moment.kind == "begins"
        event.add("dtstart", moment.at if begins else moment.at - timedelta(hours=1))
        event.add("dtend", moment.at + timedelta(hours=1) if begins else moment.at)
        event.add("summary", f"{moment.label}: {round_.title}")
        event.add("url", address)
        if round_.cancelled_at:
            event.add("status", "CANCELLED")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


# --- the register ------------------------------------------------------------------------------------


def named_by(definition: RoundDefinition) -> Named:
    """All rows of the register that the definition names; four queries."""
    codes = {item.community for item in definition.communities} | {definition.owner.community}
    communities = HealthCommunity.objects.filter(code__in=codes - {None})
    organisations = Organisation.objects.filter(orgnr=definition.owner.organisation or "")
    named = Body.objects.filter(code__in=[stage.body for stage in definition.stages if stage.body])
    bodies = list(named.select_related("community", "region"))
    codes_of: dict[tuple[type, int], dict[str, list[str]]] = {}
    existing = Body.objects.filter(last_day=None).order_by("code")
    for community, region, kind, code in existing.values_list("community", "region", "kind", "code"):
        owner = (HealthCommunity, community) if community else (Organisation, region)
        codes_of.setdefault(owner, {}).setdefault(kind, []).append(code)
    return Named(
        {item.code: item for item in communities},
        {item.orgnr or "": item for item in organisations},
        {item.code: item for item in bodies},
        codes_of,
    )
