"""What the secretariat should see before the board's list is locked: the frame, the caps, and how it is assessed."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from evaluation.assessment import portfolio, scoring
from evaluation.assessment.models import Admission, PriorityList, Result
from evaluation.assessment.portfolio import Cap, Entry
from evaluation.assessment.queries.board import Sums, listed
from evaluation.assessment.turn import Turn
from portal.formats import kroner
from portal.twins import twin_n
from rounds.definition.assess import Criterion
from rounds.outcomes import AWARDS

# So many applications below a threshold are warned about by name.
BELOW_NAMED = 10


def caps(turn: Turn) -> list[Cap]:
    """The largest shares of the frame that the round sets for the categories of the stage (R45)."""
    spec = turn.round.spec
    criteria = spec.criteria_of(turn.spec)
    return [Cap(item.code, percent=item.category_share_percent) for item in criteria if item.category_share_percent]


def _amounts(priority_list: PriorityList, turn: Turn, total: int) -> list[Entry[int]]:
    """What is recommended: one sum, or when the stage has caps, each application with its categories.

    The categories are the gate criteria that it meets in the stage (``scoring.met_criteria``). Two queries with caps.
    """
    if not caps(turn):
        return [Entry(priority_list.pk, total)]
    gates = {gate.code: gate.criteria for gate in turn.round.spec.gates}
    awarded = dict(listed(priority_list).filter(amount__gt=0).values_list("application_id", "amount"))
    answers = _gate_answers(awarded, turn)
    met = {pk: tuple(sorted(scoring.met_criteria(answers[pk], gates))) for pk in awarded}
    return [Entry(pk, amount or 0, met[pk]) for pk, amount in awarded.items()]


def _gate_answers(keys: Iterable[int], turn: Turn) -> dict[int, list[dict[str, list[str]]]]:
    """The gate answers of each application, from the first stage to the stage of the turn; one query."""
    checks = Admission.objects.filter(application__in=keys, stage__position__lte=turn.stage.position)
    answers: dict[int, list[dict[str, list[str]]]] = defaultdict(list)
    for pk, checklist in checks.order_by("stage__position").values_list("application", "checklist"):
        answers[pk].append(checklist.get("gates", {}))
    return answers


def warnings(priority_list: PriorityList, turn: Turn, sums: Sums, *, is_kept: bool = False) -> list[str]:
    """The warnings that the secretariat should see before the list is frozen, as sentences; none stops the freeze.

    What ``is_kept`` with the list says how it was, and asks nobody for anything.

    At most three queries, and no row of the board is read but the first ones that are below a threshold.
    """
    amounts = _amounts(priority_list, turn, sums.total)
    sentences = [_sentence(item, turn) for item in portfolio.notices(amounts, turn.available, caps(turn))]
    if turn.judged:
        assessors, context = turn.spec.assessors, turn.round.noun_context
        sentences.extend(_too_few(sums.unassessed, sums.few, assessors, context))
        # Only who is assessed can be below a threshold.
        sentences.extend(_below(priority_list, context) if sums.below else [])
    sentences.extend(_proposed(turn.judged, is_kept=is_kept))
    return sentences


def _below(priority_list: PriorityList, context: str) -> Iterator[str]:
    """A sentence on each of the first applications that are recommended below a threshold, and one on the others."""
    below = Result.objects.filter(
        application=OuterRef("application"), stage=priority_list.stage_id, meets_thresholds=False
    )
    recommended = listed(priority_list).filter(Exists(below), outcome__in=AWARDS)
    titles = list(recommended.values_list("application__title", flat=True)[: BELOW_NAMED + 1])
    for title in titles[:BELOW_NAMED]:
        yield _("«%(title)s» er under en terskel, men innstilles.") % {"title": title}
    others = recommended.count() - BELOW_NAMED if len(titles) > BELOW_NAMED else 0
    if others:
        sentence = twin_n(
            context,
            "%(n)s søknad til er under en terskel, men innstilles.",
            "%(n)s søknader til er under en terskel, men innstilles.",
            others,
        )
        yield sentence % {"n": others}


def _proposed(criteria: Sequence[Criterion], *, is_kept: bool) -> Iterator[str]:
    """The sentence on criteria that no document states, which the round file calls a proposal."""
    proposed = sum(item.basis == "proposed" for item in criteria)
    if proposed:
        asked = _("%(count)s av %(all)s kriterier her er bare foreslått. Be organet fastsette dem og vektene.")
        told = _("%(count)s av %(all)s kriterier her var bare foreslått da listen ble låst.")
        yield (told if is_kept else asked) % {"count": proposed, "all": len(criteria)}


def _too_few(waiting: int, few: int, assessors: int, context: str) -> Iterator[str]:
    if waiting:
        sentence = twin_n(
            context,
            "%(count)s søknad har ingen levert vurdering.",
            "%(count)s søknader har ingen levert vurdering.",
            waiting,
        )
        yield sentence % {"count": waiting}
    if few:
        sentence = twin_n(
            context,
            "%(count)s søknad har færre leverte vurderinger enn de %(assessors)s som utlysningen krever.",
            "%(count)s søknader har færre leverte vurderinger enn de %(assessors)s som utlysningen krever.",
            few,
        )
        yield sentence % {"count": few, "assessors": assessors}


def _sentence(item: portfolio.Notice, turn: Turn) -> str:
    if item.kind == portfolio.NoticeKind.OVER_FRAME and turn.passed:
        return _(
            "Innstillingen er på %(actual)s, og andre runder har alt gått %(passed)s over rammen på %(frame)s. "
            "Til sammen blir det %(over)s over."
        ) % {
            "actual": kroner(item.actual),
            "passed": kroner(turn.passed),
            "frame": kroner(turn.frame),
            "over": kroner(item.actual + turn.passed),
        }
    if item.kind == portfolio.NoticeKind.OVER_FRAME:
        sentence = (
            _("Innstillingen er på %(actual)s, %(over)s over det som er igjen av rammen, %(limit)s.")
            if turn.spent
            else _("Innstillingen er på %(actual)s, %(over)s over rammen på %(limit)s.")
        )
        return sentence % {
            "actual": kroner(item.actual),
            "over": kroner(item.actual - item.limit),
            "limit": kroner(item.limit),
        }
    criterion = turn.round.spec.criterion(item.category)
    title = criterion.title if criterion else item.category
    return _("«%(title)s» får %(actual)s prosent av rammen. Runden har satt %(limit)s prosent som tak.") % {
        "title": title,
        "actual": item.actual,
        "limit": item.limit,
    }
