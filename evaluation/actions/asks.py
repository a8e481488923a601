"""What an adopted text asks somebody for, of whom, and by when (R130).

Pure: text in, plain values out. It only proposes: the secretariat confirms or mends what is read here.
«SSU ber sekretariatet legge frem en sak innen februar 2025» asks the secretariat, and is due in a month. The verbs that
approve, support or take note ask nobody for anything (R129).
"""

import calendar
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from evaluation.meetings import proposals

# What is longer than this is no resolution; the rest is not read.
LONGEST, MOST_ASKS, MOST_TEXT = 60_000, 60, 4_000
MOST_WORDS_OF_OWNER = 9
# How far back from a word one looks for what it belongs to.
WINDOW = 80

ASKS = re.compile(r"\b(ber|bed|bes)\b(?!\s+ikke\b)", re.IGNORECASE)
# A new sentence begins. «St. Olavs hospital» and «1. mars» are no ends.
SENTENCE = re.compile(r"(?<=[a-zæøå]{3})[.;]\s+(?=[A-ZÆØÅ])")

_NUMBERS = {"januar": 1, "februar": 2, "mars": 3, "april": 4, "mai": 5, "juni": 6, "juli": 7, "august": 8}
_NUMBERS |= {"september": 9, "oktober": 10, "november": 11, "desember": 12}
_NUMBERS |= {"jan": 1, "feb": 2, "apr": 4, "aug": 8, "sep": 9, "sept": 9, "okt": 10, "nov": 11, "des": 12}
_MONTH = rf"({'|'.join(sorted(_NUMBERS, key=len, reverse=True))})\b\.?"
_YEAR = r"(20\d\d)\b"
WHOLE_DATE = re.compile(rf"(?<![\d.])(\d{{1,2}})\.?\s?{_MONTH}\s?{_YEAR}", re.IGNORECASE)
NUMBERS = re.compile(rf"(?<![\d.])(\d{{1,2}})\.\s?(\d{{1,2}})\.\s?{_YEAR}")
DAY = re.compile(rf"(?<![\d.])(\d{{1,2}})\.?\s?{_MONTH}(?!\s?\d)", re.IGNORECASE)
MONTH_OF_YEAR = re.compile(rf"\b{_MONTH}\s?{_YEAR}", re.IGNORECASE)
MONTH = re.compile(rf"\b{_MONTH}(?!\s?\d)", re.IGNORECASE)
# What stands before a deadline, with at most two words between: «innen utgangen av mars».
DEADLINE = re.compile(r"\b(?:innen|innan|senest|seinest|før|til|frist:?)\s+(?:[^\W\d]+\s+){0,2}$", re.IGNORECASE)
IN_MONTH = re.compile(r"\bi\s+(?:[^\W\d]+\s+av\s+)?$", re.IGNORECASE)
ENDS_IN_NUMBER = re.compile(r"\d\.?\s?$")
NEXT_MEETING = re.compile(r"\b(?:neste|førstkommende)\s+(?:[\w-]+\s+){0,2}[\w-]*møte", re.IGNORECASE)

# Words in the middle of an owner that end as infinitives do, and infinitives that do not end so.
_NOT_INFINITIVE = re.compile(r"(?:ene|erne|ige|iske)$|^(?:alle|begge|andre|denne|disse|felles)$")
_SHORT = frozenset(
    ("ta", "gi", "få", "gå", "se", "ha", "la", "stå", "dra", "bli", "bidra", "foreslå", "avgi", "ivareta", "delta")
)
_ENDS_OWNER = frozenset(("om", "å", "at", "innen", "i", "til", "på", "snarest"))


@dataclass(frozen=True, slots=True)
class Due:
    """The last day (local date); of a month its last day."""

    last_day: date
    is_month: bool = False

    @property
    def code(self) -> str:
        """As forms carry it: «2025-03-01», and of a month «2025-02»."""
        return self.last_day.isoformat()[: 7 if self.is_month else 10]

    @classmethod
    def of(cls, code: str) -> "Due":
        """The date or the month with the code."""
        year, month, *day = map(int, code.split("-"))
        return cls(date(year, month, *day)) if day else month_of(year, month)


@dataclass(frozen=True, slots=True)
class Ask:
    """What one is asked for: the number of the point, its text as adopted, of whom in the text's words, and by when.

    ``owner`` is empty when nobody is named, ``due`` is None without a date. ``is_next_meeting`` says that it is asked
    for to the next meeting, whenever that is.
    """

    reference: str
    text: str
    owner: str
    due: Due | None
    is_next_meeting: bool


def asks(text: str, adopted_on: date, names: Iterable[str] = ()) -> tuple[Ask, ...]:
    """What the adopted text asks for, in its order. ``names`` are known owners, who may be of several words."""
    text = text[:LONGEST]
    known = sorted(filter(None, names), key=len, reverse=True)
    is_numbered = bool(proposals.NUMBERED.match(text.lstrip().partition("\n")[0]))
    read: list[Ask] = []
    for number, point in enumerate(proposals.points(text), start=1):
        read += _of_point(point, str(number) if is_numbered else "", adopted_on, known)
        if len(read) >= MOST_ASKS:
            break
    return tuple(read[:MOST_ASKS])


def _of_point(point: proposals.Point, number: str, adopted_on: date, known: Sequence[str]) -> Iterator[Ask]:
    parts = [(f"{number} {chr(97 + order % 26)})".strip(), line) for order, line in enumerate(point.letters)]
    parts += [(number, line) for line in point.dashes]
    asked = list(_asked(point.text, known))
    if asked and parts and point.text.endswith(":"):
        # «ber sekretariatet:» – each part is asked for by itself.
        owner, clause = asked[-1]
        for reference, line in parts:
            yield _ask(reference, f"{point.text} {line}", (owner, line), adopted_on, otherwise=clause)
        return
    whole = "\n".join([point.text, *(line for _reference, line in parts)])
    yield from (_ask(number, whole, one, adopted_on) for one in asked)
    for reference, line in parts:
        yield from (_ask(reference, f"{point.text} {line}", one, adopted_on) for one in _asked(line, known))


def _ask(reference: str, text: str, asked: tuple[str, str], adopted_on: date, *, otherwise: str = "") -> Ask:
    owner, clause = asked
    dated = clause if has_due(clause, adopted_on) else otherwise
    due = due_in(dated, adopted_on)
    is_next = due is None and bool(NEXT_MEETING.search(dated or clause))
    return Ask(reference, text[:MOST_TEXT], owner, due, is_next)


def _asked(text: str, known: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Who is asked in the text, each with the words that follow, to the next who is asked or the sentence's end."""
    verbs = list(ASKS.finditer(text))
    ends = [*(verb.start() for verb in verbs[1:]), len(text)]
    for verb, end in zip(verbs, ends, strict=bool(verbs)):
        clause = SENTENCE.split(text[verb.end() : end], maxsplit=1)[0]
        before = text[max(0, verb.start() - WINDOW) : verb.start()]
        yield (_before(before) if verb[1].lower() == "bes" else _owner(clause, known)), clause


def _before(text: str) -> str:
    """Who is asked in «sekretariatet bes legge frem»: the words before the verb, back to a comma or a full stop."""
    words = re.split(r"[.,;:]\s", text)[-1].split()
    while words and words[0].lower() in {"og", "samt"}:
        words = words[1:]
    return " ".join(words if len(words) <= MOST_WORDS_OF_OWNER else words[-1:])


def _owner(clause: str, known: Sequence[str]) -> str:
    clause = clause.strip()
    says_that = clause.lower().startswith("om at ")
    clause = clause[len("om at ") :] if says_that else clause
    for name in known:
        if clause.casefold().startswith(name.casefold()) and not clause[len(name) : len(name) + 1].isalnum():
            return name
    owner: list[str] = []
    for word in clause.split()[:MOST_WORDS_OF_OWNER]:
        bare = word.strip(".,:;«»\"'()")
        if bare.lower() in _ENDS_OWNER or (owner and (_is_present if says_that else _is_infinitive)(bare)):
            return " ".join(owner)
        owner.append(bare)
        if word.endswith((":", ";")):
            return " ".join(owner)
    # No verb: the first word is a better guess than all of them.
    return owner[0] if owner else ""


def _is_infinitive(word: str) -> bool:
    """«ber UNN legge frem»."""
    return word in _SHORT or (word.islower() and word.endswith("e") and not _NOT_INFINITIVE.search(word))


def _is_present(word: str) -> bool:
    """«ber om at UNN legger frem»."""
    return word.islower() and word.endswith("r")


# --- by when ----------------------------------------------------------------------------------------------


def has_due(text: str, adopted_on: date) -> bool:
    """Whether the text says by when: a date, a month, or the next meeting."""
    return bool(due_in(text, adopted_on) or NEXT_MEETING.search(text))


def due_in(text: str, adopted_on: date) -> Due | None:
    """The date or the month by which something is asked for; what lies before the day of adoption is no deadline.

    What follows «innen» and its like goes before other dates, else the first counts.
    """
    named = [(start, due) for start, due in _dates(text, adopted_on) if due.last_day >= adopted_on]
    # A stable order: of two at the same word, the whole date was read before its month.
    named.sort(key=lambda one: (DEADLINE.search(_before_word(text, one[0])) is None, one[0]))
    return named[0][1] if named else None


def _dates(text: str, adopted_on: date) -> Iterator[tuple[int, Due]]:
    """Each date and month of the text with where it begins. Without a year it is the first after the adoption."""
    for match in WHOLE_DATE.finditer(text):
        yield from _on(match.start(), match[3], match[2], match[1])
    for match in NUMBERS.finditer(text):
        yield from _on(match.start(), match[3], match[2], match[1])
    for match in DAY.finditer(text):
        if DEADLINE.search(_before_word(text, match.start())):
            for year in (adopted_on.year, adopted_on.year + 1):
                yield from _on(match.start(), year, match[2], match[1])
    yield from _months(text, adopted_on)


def _months(text: str, adopted_on: date) -> Iterator[tuple[int, Due]]:
    for match in (*MONTH_OF_YEAR.finditer(text), *MONTH.finditer(text)):
        before = _before_word(text, match.start())
        number = _NUMBERS[match[1].lower()]
        # A number before the month is its day.
        if ENDS_IN_NUMBER.search(before):
            continue
        if match.re is MONTH_OF_YEAR:
            yield match.start(), month_of(int(match[2]), number)
        elif DEADLINE.search(before) or IN_MONTH.search(before):
            yield match.start(), month_of(adopted_on.year + (number < adopted_on.month), number)


def _before_word(text: str, start: int) -> str:
    return text[max(0, start - WINDOW) : start]


def _on(start: int, year: str | int, month: str, day: str) -> Iterator[tuple[int, Due]]:
    number = _NUMBERS.get(month.lower()) or int(month)
    try:
        yield start, Due(date(int(year), number, int(day)))
    except ValueError:
        return


def month_of(year: int, month: int) -> Due:
    """The month, due on its last day."""
    return Due(date(year, month, calendar.monthrange(year, month)[1]), is_month=True)
