"""What is missing or inconsistent in one answer, as sentences for the applicants; none when it is in order."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal import clock, formats
from rounds.answering import answers
from rounds.definition import Question, RoundDefinition
from rounds.definition.filling import last_day


@dataclass(frozen=True, slots=True)
class Dates:
    """The days that dates are compared with: today, and the last day before the deadline (R108).

    ``closing`` is the last day of the call; a correction that is asked for later has a later ``last_day``.
    """

    today: date
    last_day: date
    closing: date | None = None

    @classmethod
    def at(cls, now: datetime, deadline: datetime, closes_at: datetime | None = None) -> "Dates":
        """The days by the calendar of Oslo. A deadline at midnight belongs to the day before."""
        return cls(clock.local_date(now), last_day(deadline), last_day(closes_at or deadline))


def sentences(spec: RoundDefinition, question: Question, value: Any, dates: Dates) -> Iterator[str]:
    """All that is wrong with the answer."""
    label = {"label": spec.fill(question.label)}
    if answers.is_not_relevant(value):
        yield from _not_relevant(question, value, label)
        return
    if answers.is_blank(value) or (question.type == "declaration" and not value):
        yield from _blank(question, label)
        return
    if answers.is_foreign(question, value):
        yield _("Svar på nytt på «%(label)s». Det som er skrevet før, er: %(text)s") % {**label, "text": value.strip()}
        return
    yield from filter(None, (too_long(*text) for text in texts(spec, question, value)))
    if question.type == "date":
        yield from question_dates(question, value, dates, label["label"])
    elif question.type in ("one_choice", "many_choices"):
        yield from _choice(spec, question, value, label)
    elif question.type in _CHECKS:
        yield from _CHECKS[question.type](question, value, label)


def _blank(question: Question, label: dict[str, str]) -> Iterator[str]:
    if question.answer == "optional":
        return
    if question.answer == "when_relevant":
        yield _("Svar på «%(label)s», eller kryss av for at det ikke er relevant.") % label
    elif question.type == "declaration":
        yield _("Bekreft «%(label)s».") % label
    elif question.type == "attachments":
        yield _("Legg ved minst én fil under «%(label)s».") % label
    elif question.type in ("one_choice", "many_choices", "yes_no"):
        yield _("Velg et svar på «%(label)s».") % label
    else:
        yield _("Fyll ut «%(label)s».") % label


def _not_relevant(question: Question, value: Any, label: dict[str, str]) -> Iterator[str]:
    reason = answers.reason_of(value)
    if question.answer != "when_relevant":
        yield _("«%(label)s» må besvares.") % label
    elif not reason:
        yield _("Skriv hvorfor «%(label)s» ikke er relevant for dere.") % label
    elif problem := too_long(reason_label(), reason, answers.REASON_MOST):
        yield problem


def reason_label() -> str:
    """The question beside «Ikke relevant for oss»."""
    return _("Hvorfor er det ikke relevant for dere?")


def texts(spec: RoundDefinition, question: Any, value: Any) -> Iterator[tuple[str, str, int]]:
    """Every text in the answer that the applicants wrote: its label, the text, and how many characters it may have."""
    if isinstance(value, str) and question.type in ("short_text", "long_text"):
        yield spec.fill(question.label), value, answers.most_characters(spec, question)
    elif question.type == "yes_no":
        yield explain_label(question), str(value.get("text") or ""), answers.EXPLANATION_MOST
    elif question.type in ("one_choice", "many_choices"):
        yield str(question.other_label or ""), answers.chosen(value)[1], answers.OTHER_MOST
    elif question.type == "table":
        for row in answers.rows_of(value):
            for column in question.columns:
                if column.type == "text":
                    yield column.label, str(row.get(column.code) or ""), answers.OTHER_MOST


def explain_label(question: Any) -> str:
    """The question after a yes or a no."""
    return str(question.explain_label or _("Forklar svaret"))


def too_long(label: str, text: str, most: int) -> str:
    """A sentence about how much too long the text is; empty when it is not too long."""
    if len(text) <= most:
        return ""
    words = {"label": label, "max": formats.grouped(most), "over": formats.grouped(len(text) - most)}
    return _("«%(label)s» kan ha høyst %(max)s tegn. Teksten er %(over)s tegn for lang.") % words


def _number(question: Any, value: Any, label: dict[str, str]) -> Iterator[str]:
    if not isinstance(value, int) or isinstance(value, bool):
        yield _("«%(label)s» skal være et helt tall.") % label
        return
    if question.minimum is not None and value < question.minimum:
        yield _("«%(label)s» må være minst %(limit)s.") % {**label, "limit": formats.grouped(question.minimum)}
    if question.maximum is not None and value > question.maximum:
        yield _("«%(label)s» kan være høyst %(limit)s.") % {**label, "limit": formats.grouped(question.maximum)}


def question_dates(question: Any, value: date | str, dates: Dates, label: str) -> Iterator[str]:
    """Sentences about a date that the question does not take: what is planned cannot begin before the deadline."""
    yield from date_sentences(value, dates, label, question.not_in_future, question.not_after_deadline)
    day = date.fromisoformat(value) if isinstance(value, str) else value
    if question.not_before_deadline and dates.closing and day < dates.closing:
        words = {"label": label, "day": formats.date_no(day), "last": formats.date_no(dates.closing)}
        yield _("«%(label)s» er %(day)s, men fristen er %(last)s. Datoen kan ikke være før fristen.") % words


def date_sentences(
    value: date | str,
    dates: Dates,
    label: str,
    not_in_future: bool,  # noqa: FBT001 - the round's two rules, in the order of the file
    not_after_deadline: bool,  # noqa: FBT001
) -> Iterator[str]:
    """Sentences about a date in the future, or after the deadline, where the round does not allow it (R108)."""
    day = date.fromisoformat(value) if isinstance(value, str) else value
    words = {"label": label, "day": formats.date_no(day), "last": formats.date_no(dates.last_day)}
    if not_after_deadline and day > dates.last_day:
        yield _("«%(label)s» er %(day)s, men fristen er %(last)s. Datoen kan ikke være etter fristen.") % words
    elif not_in_future and day > dates.today:
        yield _("«%(label)s» er %(day)s. Datoen kan ikke være fram i tid.") % words


def _yes_no(question: Any, value: dict[str, Any], label: dict[str, str]) -> Iterator[str]:
    said = value.get("value")
    if said is None:
        yield from _blank(question, label)
        return
    asks = question.explain and said == (question.explain == "yes")
    if asks and not str(value.get("text") or "").strip():
        asked = explain_label(question)
        yield _("Svar også på «%(asked)s» under «%(label)s».") % {**label, "asked": asked}


def _choice(spec: RoundDefinition, question: Any, value: Any, label: dict[str, str]) -> Iterator[str]:
    codes, other = answers.chosen(value)
    known = {option.code for option in spec.options(question)}
    count = len(known & set(codes)) + bool(other)
    if "other" in codes and question.other_label and not other:
        yield _("Skriv hva «%(other)s» er, under «%(label)s».") % {**label, "other": question.other_label}
        return
    if not count:
        yield from _blank(question, label)
        return
    if question.type != "many_choices":
        return
    if count < question.least:
        yield _("Velg minst %(least)s under «%(label)s».") % {**label, "least": question.least}
    if question.most is not None and count > question.most:
        yield _("Velg høyst %(most)s under «%(label)s».") % {**label, "most": question.most}


def _table(question: Any, value: Any, label: dict[str, str]) -> Iterator[str]:
    rows = answers.rows_of(value)
    if len(rows) < question.least:
        text = ngettext(
            "Fyll ut minst %(least)s rad under «%(label)s».",
            "Fyll ut minst %(least)s rader under «%(label)s».",
            question.least,
        )
        yield text % {**label, "least": question.least}
    for number, row in enumerate(rows, start=1):
        for column in question.columns:
            if column.required and answers.is_blank(row.get(column.code)):
                words = {**label, "column": column.label, "row": number}
                yield _("Fyll ut «%(column)s» i rad %(row)s under «%(label)s».") % words


def gate_sentences(spec: RoundDefinition, question: Any, value: Any) -> Iterator[str]:
    """The round's own words when too few of a gate's criteria are met (R43)."""
    for gate in spec.gates:
        if gate.question != question.code:
            continue
        codes, _other = answers.chosen(value)
        if len(set(codes) & set(gate.criteria)) < gate.at_least:
            yield spec.fill(gate.refusal)


_CHECKS: dict[str, Callable[[Any, Any, dict[str, str]], Iterator[str]]] = {
    "number": _number,
    "money": _number,
    "yes_no": _yes_no,
    "table": _table,
}
