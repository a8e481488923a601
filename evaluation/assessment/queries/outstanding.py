"""What is outstanding in a turn: while applications may still come onto the list, the list cannot be locked.

Every application of the turn is on the list, closed (not admitted, withdrawn), or outstanding. What the secretariat can
settle or wait for stops the lock (``may_be_left_out`` is False). What only others can settle stops the lock until its
date has passed; after that, the person who locks the list may leave it out.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.models import CorrectionRequest, StageEntry
from applications.workflow import Status
from evaluation.assessment.models import Forwarding, PriorityList, Task
from evaluation.assessment.queries import board as boards
from evaluation.assessment.queries import board_reasons, turns
from evaluation.assessment.queries.board import Row
from evaluation.assessment.queries.board_reasons import Kind
from evaluation.assessment.turn import Turn, address, turn_url, unchecked_url
from portal import arrival
from portal.communities.models import HealthCommunity
from portal.formats import deadline_no
from portal.twins import twin_lazy, twin_n, twin_of

# An application that came in in the last second may wait for a worker, and is then still being stored.
SETTLING = arrival.AT_MOST + timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Outstanding:
    """One outstanding thing: why it stops the lock, and the page on which it is settled."""

    key: str
    sentence: str
    url: str = ""
    link: str = ""
    may_be_left_out: bool = False


def outstanding(turn: Turn, now: datetime) -> list[Outstanding]:
    """What may still come onto the turn's list.

    In the first stage: applications that are not sent or not corrected yet. In a later stage: lists that are not
    forwarded yet. In every stage with a check: applications that are not checked. Four queries for one helsefellesskap,
    five for a turn that receives applications from several.
    """
    return list(_from_applicants(turn, now) if turn.is_first else _from_earlier_stages(turn, now))


def _senders(turn: Turn) -> list[HealthCommunity]:
    """The helsefellesskap whose applications come to the turn, in the order of the round."""
    if turn.community and turn.stage.body is None:
        return [turn.community]
    received = HealthCommunity.objects.filter(round_communities__round=turn.round.pk)
    return list(received.order_by("round_communities__position"))


# --- the first stage --------------------------------------------------------------------------------


def _from_applicants(turn: Turn, now: datetime) -> Iterator[Outstanding]:
    senders = _senders(turn)
    deadlines = {community.pk: turn.round.closes_for(community) for community in senders}
    closes_at = max(deadlines.values())
    if now < closes_at:
        yield _open_round(turn, closes_at)
    elif now < closes_at + SETTLING:
        sentence = _("Fristen gikk ut %(due)s. Vent to minutter, slik at det som ble sendt i tide, rekker fram.")
        yield Outstanding("settling", sentence % {"due": deadline_no(closes_at)})
    yield from _extended(turn, deadlines, now - SETTLING)
    yield from _unchecked(turn)
    yield from _in_correction(turn, now)


def _open_round(turn: Turn, closes_at: datetime) -> Outstanding:
    sentence = twin_of(
        twin_lazy("Søknadsfristen er %(due)s. Nye søknader kan komme til da. Vent med å låse til fristen er ute."),
        turn.round.noun_context,
    )
    words = {"due": deadline_no(closes_at)}
    return Outstanding(
        "deadline", twin_of(sentence, turn.round.noun_context) % words, turn.round.get_absolute_url(), _("Se runden")
    )


def _extended(turn: Turn, deadlines: Mapping[int, datetime], now: datetime) -> Iterator[Outstanding]:
    """Drafts with an extended deadline. Only their code is shown: the secretariat may not see drafts."""
    drafts = turn.round.applications.filter(community__in=deadlines, status=Status.DRAFT, extended_until__gt=now)
    sentence = twin_of(
        twin_lazy("Søknad %(code)s har utsatt frist til %(due)s. Vent med å låse til fristen er ute."),
        turn.round.noun_context,
    )
    for code, community, until in drafts.order_by("extended_until", "pk").values_list(
        "code", "community_id", "extended_until"
    ):
        if until and until > deadlines[community]:
            yield Outstanding(code, sentence % {"code": code, "due": deadline_no(until)})


def _unchecked(turn: Turn) -> Iterator[Outstanding]:
    count = turns.unchecked(turn).count()
    if count:
        sentence = twin_n(
            turn.round.noun_context,
            "%(n)s søknad er ikke kontrollert. Ta den til vurdering, be om retting eller avvis den.",
            "%(n)s søknader er ikke kontrollert. Ta dem til vurdering, be om retting eller avvis dem.",
            count,
        )
        if not turn.is_first:
            # Only the first stage can ask the applicants for a correction.
            sentence = twin_n(
                turn.round.noun_context,
                "%(n)s søknad er ikke kontrollert. Ta den til vurdering eller avvis den.",
                "%(n)s søknader er ikke kontrollert. Ta dem til vurdering eller avvis dem.",
                count,
            )
        yield Outstanding(
            "submitted",
            sentence % {"n": count},
            unchecked_url(turn),
            twin_of(twin_lazy("Se søknadene"), turn.round.noun_context),
        )


def _in_correction(turn: Turn, now: datetime) -> Iterator[Outstanding]:
    asked = CorrectionRequest.objects.filter(application=OuterRef("pk"), answered_at=None).values("due_at")[:1]
    out = (
        turns.sent(turn)
        .filter(status=Status.CORRECTION)
        .annotate(asked_until=Subquery(asked))
        .order_by("asked_until", "pk")
    )
    for code, title, due_at in out.values_list("code", "title", "asked_until"):
        words = {"title": title, "due": deadline_no(due_at)}
        if due_at and due_at <= now:
            sentence = (
                twin_of(
                    twin_lazy("«%(title)s» ble ikke rettet innen %(due)s. Gi utsatt frist, eller avvis søknaden."),
                    turn.round.noun_context,
                )
                % words
            )
            yield Outstanding(
                code,
                sentence,
                address("correction", code),
                twin_of(twin_lazy("Gå til søknaden"), turn.round.noun_context),
            )
        else:
            sentence = _("«%(title)s» er ute til retting med frist %(due)s. Vent på rettelsen.") % words
            yield Outstanding(
                code,
                sentence,
                address("correction", code),
                twin_of(twin_lazy("Gå til søknaden"), turn.round.noun_context),
            )


# --- a later stage --------------------------------------------------------------------------------


def _from_earlier_stages(turn: Turn, now: datetime) -> Iterator[Outstanding]:
    """The earlier turns that have applications and have not forwarded their lists, and an open round."""
    senders = _senders(turn)
    open_until = [turn.round.closes_for(item) for item in _may_apply(turn, senders, now)]
    lists = (reverse("assessment:lists", args=[turn.round.code]), _("Se listene"))
    for before in _late_turns(turn, senders):
        if before.community and turn.round.closes_for(before.community) > now:
            continue
        is_due = before.forward_by is None or before.forward_by <= now
        key = before.receiver_code if turn.community is None else before.stage.code
        yield Outstanding(key, _late(before, is_due=is_due), *lists, is_due)
    if open_until:
        yield _open_round(turn, max(open_until))
    if turn.is_checked:
        yield from _unchecked(turn)


def lists_to_come(turn: Turn, now: datetime) -> list[str]:
    """Whose lists may still come to the turn: of those with applications left, and those with a deadline that runs.

    A sender without applications sends no list once the deadline has passed. Two queries; three while a deadline runs.
    """
    senders = _senders(turn)
    late = {item.community.pk if item.community else 0: item.name for item in _late_turns(turn, senders)}
    return list((late | {item.pk: item.name for item in _may_apply(turn, senders, now)}).values())


def _may_apply(turn: Turn, senders: list[HealthCommunity], now: datetime) -> list[HealthCommunity]:
    """The senders whose deadline runs, without those that have forwarded their list; one query when there are any."""
    running = [item for item in senders if turn.round.closes_for(item) > now]
    if not running:
        return []
    sent = Forwarding.objects.filter(
        priority_list__round=turn.round.pk, priority_list__stage__position__lt=turn.stage.position
    )
    forwarded = set(sent.values_list("priority_list__community", flat=True))
    return [item for item in running if item.pk not in forwarded]


def _late_turns(turn: Turn, senders: list[HealthCommunity]) -> list[Turn]:
    """The earlier turns in which an application remains and the list is not forwarded; one query."""
    order = {community.pk: position for position, community in enumerate(senders)}
    forwarded = Forwarding.objects.filter(priority_list__stage=OuterRef("stage"))
    same = Q(priority_list__community=OuterRef("community")) | Q(priority_list__community=None)
    remaining = (
        StageEntry.objects.open()
        .filter(application__round=turn.round, application__community__in=senders)
        .filter(stage__position__lt=turn.stage.position)
        .exclude(Exists(forwarded.filter(same)))
        .select_related("stage__body", "community")
    )
    late = {(entry.stage_id, entry.community_id): Turn(turn.round, entry.stage, entry.community) for entry in remaining}
    return sorted(
        late.values(), key=lambda item: (item.stage.position, order.get(item.community.pk if item.community else 0, 0))
    )


def _late(turn: Turn, *, is_due: bool) -> str:
    words = {"name": turn.name, "due": deadline_no(turn.forward_by)}
    if turn.forward_by is None:
        return twin_of(twin_lazy("%(name)s har søknader som ikke er oversendt."), turn.round.noun_context) % words
    if is_due:
        return (
            twin_of(twin_lazy("%(name)s har søknader som ikke ble oversendt innen %(due)s."), turn.round.noun_context)
            % words
        )
    return _("%(name)s har ikke oversendt listen sin. Fristen er %(due)s. Vent med å låse til da.") % words


def missing_to_freeze(turn: Turn, priority_list: PriorityList, board: Sequence[Row]) -> list[Outstanding]:
    """What is missing before the list can be frozen, each with the page where it is put right."""
    on_board = turn_url(turn, "board")
    lacks = [
        Outstanding(task, f"{to_record([task])}.", f"{on_board}#tasks-heading", _("Gå til registreringen"))
        for task in unrecorded_tasks(turn, priority_list)
    ]
    missing = boards.not_listed(turn, priority_list)
    if missing:
        sentence = twin_n(
            turn.round.noun_context,
            "%(count)s søknad til vurdering står ikke på listen. Hent den inn.",
            "%(count)s søknader til vurdering står ikke på listen. Hent dem inn.",
            missing,
        )
        lacks.append(Outstanding("unlisted", sentence % {"count": missing}, on_board, _("Gå til listen")))
    if not board:
        lacks.append(Outstanding("empty", _("Listen er tom."), on_board, _("Gå til listen")))
    return [*lacks, *_unreasoned(turn, board)]


def _unreasoned(turn: Turn, board: Sequence[Row]) -> Iterator[Outstanding]:
    """What the rows lack, each with the page of the first one that lacks it."""
    needed = board_reasons.needed(board)
    sentences = {
        Kind.RECOMMENDATION: (_("Innstilling eller begrunnelse mangler for"), _("Skriv innstilling")),
        Kind.ORDER: (_("Skriv hvorfor plassen avviker fra poengene for"), _("Begrunn")),
        Kind.THRESHOLD: (
            twin_of(twin_lazy("Skriv hvorfor søknaden innstilles under en terskel for"), turn.round.noun_context),
            _("Begrunn"),
        ),
    }
    for kind, (sentence, act) in sentences.items():
        if rows := board_reasons.missing(needed, kind):
            yield Outstanding(kind, _named(sentence, rows), turn_url(turn, "recommend", rows[0].code), act)


def unrecorded_tasks(turn: Turn, priority_list: PriorityList) -> list[Task]:
    """The tasks of the stage that are not recorded, except «prioritering», which the lock records; one query."""
    done = {Task.PRIORITISE, *priority_list.acts.values_list("task", flat=True)}
    return [task for task in turn.tasks if task not in done]


def to_record(tasks: Iterable[Task]) -> str:
    """What is to be done with tasks that are not recorded: «Registrer at godkjenning og vurdering er gjort»."""
    named = _(" og ").join(str(task.label).lower() for task in tasks)
    return _("Registrer at %(tasks)s er gjort") % {"tasks": named}


def _named(start: str, rows: Sequence[Row]) -> str:
    names = ", ".join(f"«{row.title}»" for row in rows[:5])
    more = len(rows) - 5
    rest = ngettext(" og %(n)s til", " og %(n)s til", more) % {"n": more} if more > 0 else ""
    return f"{start} {names}{rest}."
