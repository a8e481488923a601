"""How money, numbers, dates and sizes are written in Norwegian: on pages, in letters and in mail.

Pure text from plain values; the same in every interface language, because these are public documents.
"""

from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from portal import clock

NBSP = "\u00a0"
MINUS = "\u2212"
MISSING = "–"
ORGNR_DIGITS = 9
DAYS_WITHOUT_HOURS = 3  # from this number of days the hours are left out
DAYS_WITHOUT_YEAR = 92  # a day farther from today than about three months is said with its year
MEGABYTE = 1_000_000

NUMBER_WORDS = {
    2: gettext_lazy("To"),
    3: gettext_lazy("Tre"),
    4: gettext_lazy("Fire"),
    5: gettext_lazy("Fem"),
    6: gettext_lazy("Seks"),
    7: gettext_lazy("Sju"),
    8: gettext_lazy("Åtte"),
    9: gettext_lazy("Ni"),
    10: gettext_lazy("Ti"),
    11: gettext_lazy("Elleve"),
    12: gettext_lazy("Tolv"),
}


def grouped(number: int) -> str:
    """``1250000`` as «1 250 000», with non-breaking spaces and a true minus."""
    text = f"{abs(number):,}".replace(",", NBSP)
    return MINUS + text if number < 0 else text


def kroner(amount: int | Decimal | None) -> str:
    """An amount in kroner: «1 250 000 kr»; øre are shown only when there are any."""
    if amount is None or amount == "":
        return MISSING
    if isinstance(amount, int):
        return f"{grouped(amount)}{NBSP}kr"
    value = Decimal(str(amount)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    whole, hundredths = divmod(abs(value), 1)
    text = grouped(int(whole)) + (f",{int(hundredths * 100):02d}" if hundredths else "")
    return f"{MINUS if value < 0 else ''}{text}{NBSP}kr"


def number(value: float | Decimal | None, places: int = 2) -> str:
    """A number with decimal comma and at most so many decimals: «3,25», «4»."""
    if value is None or value == "":
        return MISSING
    exact = Decimal(str(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    whole, _point, decimals = f"{abs(exact):f}".partition(".")
    decimals = decimals.rstrip("0")
    sign = MINUS if exact < 0 else ""
    return sign + grouped(int(whole)) + (f",{decimals}" if decimals else "")


def percent(part: int | Decimal, whole: int | Decimal) -> str:
    """The part of the whole as «53 %»; «–» when the whole is 0."""
    if not whole:
        return MISSING
    return f"{number(Decimal(part) * 100 / Decimal(whole), 0)}{NBSP}%"


def orgnr(value: str | int | None) -> str:
    """An organisation number in groups of three: «983 974 899»."""
    digits = str(value or "").replace(" ", "")
    if not digits:
        return MISSING
    return NBSP.join(digits[i : i + 3] for i in range(0, len(digits), 3)) if len(digits) == ORGNR_DIGITS else digits


def date_no(value: date | datetime | None) -> str:
    """A date as «22.11.2026»; a moment is shown as its date in Oslo."""
    if value is None or value == "":
        return MISSING
    day = clock.local_date(value) if isinstance(value, datetime) else value
    return f"{day:%d.%m.%Y}"


def datetime_no(value: datetime | None) -> str:
    """A moment on Oslo's clocks: «22.11.2026 kl. 14.02»."""
    if value is None or value == "":
        return MISSING
    return f"{clock.local(value):%d.%m.%Y kl.{NBSP}%H.%M}"


def time_no(value: datetime) -> str:
    """The clock in Oslo: «14.02»."""
    return f"{clock.local(value):%H.%M}"


def deadline_no(value: datetime | None) -> str:
    """A deadline; midnight belongs to the day before: «15.09.2026 kl. 24.00»."""
    if value is None or value == "":
        return MISSING
    local = clock.local(value)
    if _is_midnight(local):
        return f"{local - timedelta(days=1):%d.%m.%Y} kl.{NBSP}24.00"
    return datetime_no(value)


def day_in_words(day: date, today: date) -> str:
    """A day as people say it: «i dag», «i går», «onsdag 17. februar».

    The year is said when it is not today's, and of a day that is far from today.
    """
    near = {-1: _("i går"), 0: _("i dag"), 1: _("i morgen")}
    if said := near.get((day - today).days):
        return said
    if day.year != today.year or abs(day - today).days > DAYS_WITHOUT_YEAR:
        return date_in_words(day)
    return _("%(weekday)s %(day)d. %(month)s") % _words_of(day)


def date_in_words(day: date) -> str:
    """A day with its year: «onsdag 17. februar 2027»."""
    return _("%(weekday)s %(day)d. %(month)s %(year)d") % _words_of(day)


def month_in_words(day: date) -> str:
    """The month of the day with its year: «februar 2027»."""
    return "{month} {year}".format(**_words_of(day))


def _words_of(day: date) -> dict[str, object]:
    weekday, month = str(WEEKDAYS[day.weekday()]), str(MONTHS[day.month])
    if not get_language().startswith("en"):
        weekday, month = weekday.lower(), month.lower()
    return {"weekday": weekday, "day": day.day, "month": month, "year": day.year}


def deadline_in_words(value: datetime, now: datetime) -> str:
    """A deadline as people say it: «onsdag 17. februar kl. 15.00»; midnight belongs to the day before, «kl. 24.00»."""
    local = clock.local(value)
    clock_time = "24.00" if _is_midnight(local) else f"{local:%H.%M}"
    return _at_time(last_day_in_words(value, now), clock_time)


def last_day_in_words(value: datetime, now: datetime) -> str:
    """The day of a deadline as people say it: «onsdag 17. februar»; midnight belongs to the day before."""
    local = clock.local(value)
    day = (local - timedelta(days=1)).date() if _is_midnight(local) else local.date()
    return day_in_words(day, clock.local_date(now))


def _is_midnight(local: datetime) -> bool:
    return (local.hour, local.minute, local.second) == (0, 0, 0)


def beginning_in_words(value: datetime, now: datetime) -> str:
    """A beginning as people say it: «onsdag 17. februar kl. 09.00»; midnight is the start of its own day, unsaid."""
    local = clock.local(value)
    day = day_in_words(local.date(), clock.local_date(now))
    return day if local.time() == time() else _at_time(day, time_no(value))


def moment_in_words(value: datetime, now: datetime) -> str:
    """A moment that has been, as people say it: «i går kl. 14.02», «onsdag 17. februar kl. 09.00»."""
    local = clock.local(value)
    return _at_time(day_in_words(local.date(), clock.local_date(now)), time_no(value))


def _at_time(day: str, clock_time: str) -> str:
    at = _("kl.")
    return f"{day} {at}{NBSP}{clock_time}"


def quoted(title: str) -> str:
    """A title in the quotation marks of the page's language: «Plan og involvering»."""
    return _("«%(title)s»") % {"title": title}


def in_words(number: int) -> str:
    """A small number as a word with a capital: «Fire»; above twelve in digits."""
    return str(NUMBER_WORDS.get(number, grouped(number)))


def time_left_words() -> dict[str, str | list[str]]:
    """The words of ``time_left`` for the script that keeps counting, in the page's language: singular and plural.

    The names are those of countdown.js, which puts values for ``{n}`` and ``{time}``.
    """
    counted = {
        "days_left": [ngettext("%(n)s dag igjen", "%(n)s dager igjen", n) for n in (1, 2)],
        "days": [ngettext("%(n)s dag", "%(n)s dager", n) for n in (1, 2)],
        "hours": [ngettext("%(n)s time", "%(n)s timer", n) for n in (1, 2)],
        "minutes": [ngettext("%(n)s minutt", "%(n)s minutter", n) for n in (1, 2)],
    }
    return {
        **{unit: [text % {"n": "{n}"} for text in texts] for unit, texts in counted.items()},
        "and": _(" og "),
        "left": _("%(time)s igjen") % {"time": "{time}"},
        "soon": _("Under ett minutt igjen"),
        "over": _("Fristen er ute"),
    }


def time_left(deadline: datetime, now: datetime) -> str:
    """How long until the deadline, in the two largest units: «3 dager og 4 timer igjen»."""
    left = deadline - now
    if left <= timedelta(0):
        return _("Fristen er ute")
    minutes = int(left.total_seconds() // 60)
    days, hours, minutes = minutes // 1440, minutes % 1440 // 60, minutes % 60
    if days >= DAYS_WITHOUT_HOURS:
        return ngettext("%(n)s dag igjen", "%(n)s dager igjen", days) % {"n": days}
    units = [
        (days, ngettext("%(n)s dag", "%(n)s dager", days)),
        (hours, ngettext("%(n)s time", "%(n)s timer", hours)),
        (minutes, ngettext("%(n)s minutt", "%(n)s minutter", minutes)),
    ]
    parts = [text % {"n": count} for count, text in units if count][:2]
    if not parts:
        return _("Under ett minutt igjen")
    return _("%(time)s igjen") % {"time": _(" og ").join(parts)}


def size_no(size: int | None) -> str:
    """A file size as «340 kB» or «1,2 MB»."""
    if not size:
        return MISSING
    if size < MEGABYTE:
        return f"{grouped(max(1, round(size / 1000)))}{NBSP}kB"
    return f"{number(size / MEGABYTE, 1)}{NBSP}MB"
