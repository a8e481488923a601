"""Reads amounts, numbers and dates as Norwegians write them: the one reader of each, for every form of the portal.

Pure: text in, value out. What cannot be read, or could mean two things, raises ``NotRead`` with a code for which
portal/forms.py has the sentence. Nothing is guessed: a wrong amount in an application is worse than a question.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from typing import Final

MOST_DIGITS: Final = 15
EARLIEST, LATEST = date(1990, 1, 1), date(2199, 12, 31)
# A year of two digits is one of these hundred: 1980 to 2079.
FIRST_SHORT_YEAR: Final = 80

_UNIT: Final = r"(?:kroner|kr\.?|nok)"
_MULTIPLES: Final = {"tusen": 10**3, "mill.": 10**6, "mill": 10**6, "million": 10**6, "millioner": 10**6}
_GROUPED: Final = re.compile(r"[1-9]\d{0,2}(?:(?:\.\d{3})+|(?:,\d{3}){2,}|(?:'\d{3})+)")
_DIGITS: Final = re.compile(r"[0-9]+")
_OTHER_DIGIT: Final = re.compile(r"[^\D0-9]")

# The names of the months in bokmål, nynorsk, Northern Sami and English, by their beginnings.
_MONTHS: Final[Mapping[str, int]] = {
    **{name: number for number, names in enumerate(
        (
            ("jan", "ođđajagemán"), ("feb", "guovvamán"), ("mar", "njukčamán"), ("apr", "cuoŋomán"),
            ("mai", "may", "miessemán"), ("jun", "geassemán"), ("jul", "suoidnemán"), ("aug", "borgemán"),
            ("sep", "čakčamán"), ("okt", "oct", "golggotmán"), ("nov", "skábmamán"), ("des", "dec", "juovlamán"),
        ),
        start=1,
    ) for name in names},
}  # fmt: skip
_WEEKDAYS: Final = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")
_WEEKDAY: Final = re.compile(r"(man|tirs|tys|ons|tors|fre|lør|lau|søn|sun)(?:dag)?\.?,? +(?:den +)?")


class NotRead(ValueError):  # noqa: N818 - it is said of the text, and no error of the program
    """The text could not be read. ``code`` says why: see the sentences in portal/forms.py."""

    def __init__(self, code: str, **words: str) -> None:
        super().__init__(code)
        self.code = code
        self.words = words


def _tidy(text: str) -> str:
    """The text with one form of each space, digit and minus, in small letters.

    Digits of other scripts are not read, nor raised ones: «350 000¹» is an amount with a footnote.
    """
    plain = unicodedata.normalize("NFKC", text).lower()
    if _OTHER_DIGIT.search(plain) or any(unicodedata.category(sign) == "No" for sign in text):
        raise NotRead("words")
    return " ".join(re.sub("[\u2212\u2013\u2014]", "-", plain).replace("\u2019", "'").split())


def _number(text: str) -> str:
    """The tidy text without spaces. Three digits must follow a space between digits: «350 000 50» is not read."""
    joined = re.sub(r"(?<=\d) (?=\d{3}(?!\d))", "", _tidy(text))
    if re.search(r"\d \d", joined):
        raise NotRead("spaces")
    return joined.replace(" ", "")


def read_whole(text: str) -> int:
    """A whole number: «1 250», «1.250», «1'250», «-3», «12,0»."""
    return _whole(_number(text))


def read_money(text: str) -> int:
    """An amount in whole kroner: «1 250 000», «kr 350.000,-», «350 000:-», «350 000,00 kr», «NOK 5», «1,25 mill.»."""
    plain = re.sub(rf"^{_UNIT}|{_UNIT}$", "", _number(text))
    plain = re.sub(r"[,.:]-$", "", plain)
    worded = re.fullmatch(r"(-?)(\d+)(?:[.,](\d{1,6}))?(tusen|mill\.?|million|millioner)", plain)
    if not worded:
        return _whole(plain)
    sign, whole, decimals, multiple = worded.groups()
    _few_digits(whole)
    amount = Decimal(f"{whole}.{decimals or 0}") * _MULTIPLES[multiple]
    if amount != int(amount):
        raise NotRead("decimals")
    return -int(amount) if sign else int(amount)


def _whole(plain: str) -> int:
    sign, number = _signed(plain)
    # «1,250» is a little over one in Norwegian, and a thousand and more to others.
    if re.fullmatch(r"[1-9]\d{0,2},\d{3}", number):
        raise NotRead("ambiguous")
    number, decimals = _parted(number)
    if decimals.strip("0"):
        raise NotRead("decimals")
    return sign * int(number)


def read_number(text: str, *, places: int) -> Decimal:
    """A number with at most so many decimals: «3,5», «3.5», «1 250,75». «1.250» is a thousand and more."""
    sign, number = _signed(_number(text))
    whole, decimals = _parted(number)
    if len(decimals.rstrip("0")) > places:
        raise NotRead("places")
    return sign * Decimal(f"{whole}.{decimals or 0}")


def _signed(plain: str) -> tuple[int, str]:
    """The sign as 1 or −1, and the rest."""
    return (-1, plain[1:]) if plain.startswith("-") else (1, plain)


def _parted(number: str) -> tuple[str, str]:
    """The digits before and after the decimal sign, without the signs between thousands."""
    parts = re.fullmatch(r"(.*?)(?:[.,](\d*))?", number)
    whole, decimals = (parts[1], parts[2] or "") if parts else ("", "")
    if _GROUPED.fullmatch(number):
        whole, decimals = re.sub(r"\D", "", number), ""
    elif _GROUPED.fullmatch(whole):
        whole = re.sub(r"\D", "", whole)
    if not _DIGITS.fullmatch(whole):
        raise NotRead("words")
    _few_digits(whole)
    return whole, decimals


def _few_digits(whole: str) -> None:
    if len(whole.lstrip("0")) > MOST_DIGITS:
        raise NotRead("digits")


def read_date(text: str) -> date:
    """A date: «15.9.2026», «15/9-26», «2026-09-15», «1. september 2027», «tirsdag 15.09.2026».

    Day comes before month. A date without a year, outside the calendar or before 1990 or after 2199 raises NotRead.
    """
    plain = _tidy(text)
    weekday = _WEEKDAY.match(plain)
    plain = plain[weekday.end() :] if weekday else plain
    day = _date(*_parts_of_date(plain))
    if weekday and not _WEEKDAYS[day.weekday()].startswith(_BOKMAL.get(weekday[1], weekday[1])):
        raise NotRead("weekday", weekday=_WEEKDAYS[day.weekday()])
    return day


def read_month(text: str) -> date:
    """The first day of a month: «februar 2027», «feb. 27», «2027-02». Without a year, or beyond the range, NotRead."""
    plain = _tidy(text)
    numbers = re.fullmatch(r"(\d{4})-(\d{1,2})", plain)
    if numbers:
        return _date("1", numbers[2], numbers[1])
    named = re.fullmatch(r"([^\W\d_]{3,})\.?(?: (\d{4}|\d{2}))?", plain)
    month = next((number for name, number in _MONTHS.items() if named and named[1].startswith(name)), None)
    if not named or not month:
        raise NotRead("words")
    return _date("1", str(month), named[2] or "")


_BOKMAL: Final = {"tys": "tirs", "lau": "lør", "sun": "søn"}


def _parts_of_date(plain: str) -> tuple[str, str, str]:
    """Day, month and year as they were written."""
    iso = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", plain)
    if iso:
        return iso[3], iso[2], iso[1]
    compact = plain.replace(" ", "")
    numbers = re.fullmatch(r"(\d{1,2})[./-](\d{1,2})(?:[./-](\d{4}|\d{2}))?[./-]?", compact)
    if numbers:
        return numbers[1], numbers[2], numbers[3] or ""
    named = re.fullmatch(r"(\d{1,2})\.?([^\W\d_]{3,})\.?(\d{4}|\d{2})?", compact)
    month = next((number for name, number in _MONTHS.items() if named and named[2].startswith(name)), None)
    if not named or not month:
        raise NotRead("words")
    return named[1], str(month), named[3] or ""


def _date(day: str, month: str, year: str) -> date:
    if not year:
        raise NotRead("no_year")
    number = int(year)
    if len(year) == len("26"):
        number += 1900 if number >= FIRST_SHORT_YEAR else 2000
    try:
        read = date(number, int(month), int(day))
    except ValueError:
        raise NotRead("no_day") from None
    if not EARLIEST <= read <= LATEST:
        raise NotRead("range")
    return read


def read_time(text: str) -> time:
    """A time of day: «14.30», «kl. 9», «14:30», «0900»."""
    plain = re.sub(r"^(?:kl(?:okk[ae]n?)?\.?)", "", _tidy(text).replace(" ", ""))
    parts = re.fullmatch(r"(\d{1,2})(?:[.:]?(\d{2}))?(?:[.:](\d{2}))?", plain)
    if not parts:
        raise NotRead("words")
    try:
        return time(int(parts[1]), int(parts[2] or 0), int(parts[3] or 0))
    except ValueError:
        raise NotRead("no_time") from None
