"""The order that a list begins in."""

from decimal import Decimal

from evaluation.assessment import portfolio, scoring
from evaluation.assessment.models import Order, PriorityList, Result
from evaluation.assessment.portfolio import Place
from evaluation.assessment.queries.packages import forwarded_to
from evaluation.assessment.turn import Turn
from rounds.outcomes import AWARDS


def proposed(turn: Turn, found: PriorityList | None) -> tuple[Order, list[int]]:
    """The applications that are not on the list yet, by id, and what orders them.

    By the turn's own scores, those without one last; in a later stage, before anybody has scored there, by the ranks
    they came with (``portfolio.interleaved``); else, and among equals, in the order they were sent.
    """
    taken = set(found.recommendations.values_list("application_id", flat=True)) if found else set()
    sent = dict(turn.assessable.order_by("submitted_at", "pk").values_list("pk", "code"))
    waiting = {pk: code for pk, code in sent.items() if pk not in taken}
    totals = dict(Result.objects.filter(stage=turn.stage, total__isnull=False).values_list("application_id", "total"))
    if any(pk in totals for pk in sent):
        return Order.SCORE, [rank.key for rank in scoring.ranks({pk: totals.get(pk) for pk in waiting})]
    places = {} if turn.is_first else _places_before(turn)
    if not places:
        return Order.SENT, list(waiting)
    by_code = {code: pk for pk, code in waiting.items()}
    lines = [places.get(code, Place(code, None)) for code in by_code]
    return Order.BEFORE if turn.community else Order.HOME, [by_code[code] for code in portfolio.interleaved(lines)]


def _places_before(turn: Turn) -> dict[str, Place[str]]:
    """Where each application stood on the list it was forwarded with, by code, as it was frozen; one query."""
    packages = forwarded_to(turn)
    return {
        row["code"]: Place(
            row["code"],
            row["rank"],
            is_awarded=row["outcome"] in AWARDS,
            total=Decimal(row["total"]) if row["total"] is not None else None,
        )
        for snapshot in packages.values_list("snapshot", flat=True)
        for row in snapshot["list"]["rows"]
    }
