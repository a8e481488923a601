"""How numbers, dates and sizes are written."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils.translation import override

from portal import formats

NOW = datetime(2026, 6, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (1_250_000, "1 250 000 kr"),
        (0, "0 kr"),
        (-5_000, "−5 000 kr"),
        (Decimal("1250.5"), "1 250,50 kr"),
        (Decimal("-0.5"), "−0,50 kr"),
        (None, "–"),
        ("", "–"),
    ],
)
def test_kroner_groups_thousands_and_shows_oere_only_when_there_are_any(amount, expected):
    assert formats.kroner(amount).replace("\u00a0", " ") == expected


@pytest.mark.parametrize(
    ("value", "expected"), [(3, "3"), (3.25, "3,25"), (Decimal("1234.5"), "1 234,5"), (-0.333, "−0,33"), (None, "–")]
)
def test_number_has_a_decimal_comma(value, expected):
    assert formats.number(value).replace("\u00a0", " ") == expected


def test_percent_of_nothing_is_a_dash():
    assert formats.percent(1, 0) == "–"
    assert formats.percent(1, 3) == "33\u00a0%"


@pytest.mark.parametrize(("value", "expected"), [("983974899", "983 974 899"), ("12", "12"), (None, "–")])
def test_orgnr_is_grouped_by_three(value, expected):
    assert formats.orgnr(value).replace("\u00a0", " ") == expected


def test_date_of_a_moment_is_its_date_in_oslo():
    assert formats.date_no(datetime(2026, 6, 1, 22, 30, tzinfo=UTC)) == "02.06.2026"
    assert formats.date_no(date(2026, 6, 1)) == "01.06.2026"
    assert formats.date_no(None) == "–"


def test_datetime_is_on_oslos_clocks_in_summer_and_winter():
    assert formats.datetime_no(datetime(2026, 7, 1, 12, 2, tzinfo=UTC)) == "01.07.2026 kl.\u00a014.02"
    assert formats.datetime_no(datetime(2026, 12, 1, 12, 2, tzinfo=UTC)) == "01.12.2026 kl.\u00a013.02"
    assert formats.datetime_no(None) == "–"


def test_deadline_at_midnight_belongs_to_the_day_before():
    assert formats.deadline_no(datetime(2026, 9, 15, 22, tzinfo=UTC)) == "15.09.2026 kl.\u00a024.00"
    assert formats.deadline_no(datetime(2026, 9, 15, 10, tzinfo=UTC)) == "15.09.2026 kl.\u00a012.00"
    assert formats.deadline_no(None) == "–"


SATURDAY = datetime(2026, 9, 12, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("deadline", "expected"),
    [
        (datetime(2026, 9, 12, 13, tzinfo=UTC), "i dag kl.\u00a015.00"),
        (datetime(2026, 9, 12, 22, tzinfo=UTC), "i dag kl.\u00a024.00"),
        (datetime(2026, 9, 13, 22, tzinfo=UTC), "i morgen kl.\u00a024.00"),
        (datetime(2026, 9, 15, 22, tzinfo=UTC), "tirsdag 15. september kl.\u00a024.00"),
        (datetime(2026, 9, 11, 10, tzinfo=UTC), "i går kl.\u00a012.00"),
        (datetime(2026, 9, 10, 10, tzinfo=UTC), "torsdag 10. september kl.\u00a012.00"),
        (datetime(2026, 12, 13, 11, tzinfo=UTC), "søndag 13. desember kl.\u00a012.00"),
        (datetime(2026, 12, 14, 11, tzinfo=UTC), "mandag 14. desember 2026 kl.\u00a012.00"),
        (datetime(2026, 6, 12, 10, tzinfo=UTC), "fredag 12. juni kl.\u00a012.00"),
        (datetime(2026, 1, 8, 11, tzinfo=UTC), "torsdag 8. januar 2026 kl.\u00a012.00"),
        (datetime(2027, 1, 1, 23, tzinfo=UTC), "fredag 1. januar 2027 kl.\u00a024.00"),
    ],
)
def test_deadline_is_said_as_people_say_it(deadline, expected):
    assert formats.deadline_in_words(deadline, SATURDAY) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (datetime(2026, 9, 14, 22, 0, tzinfo=UTC), "tirsdag 15. september"),
        (datetime(2026, 9, 15, 7, 0, tzinfo=UTC), "tirsdag 15. september kl.\u00a009.00"),
    ],
)
def test_a_beginning_at_midnight_is_the_day_alone(value, expected):
    assert formats.beginning_in_words(value, SATURDAY) == expected


def test_a_moment_that_has_been_at_midnight_belongs_to_the_day_that_begins():
    moment = datetime(2026, 9, 11, 22, tzinfo=UTC)
    assert formats.moment_in_words(moment, SATURDAY) == "i dag kl.\u00a000.00"


def test_days_follow_the_language_of_the_page():
    with override("en"):
        assert formats.date_in_words(date(2026, 9, 15)) == "Tuesday 15 September 2026"
        assert formats.moment_in_words(datetime(2026, 9, 12, 12, tzinfo=UTC), SATURDAY) == "today at\u00a014.00"
    with override("nn"):
        assert formats.date_in_words(date(2026, 9, 15)) == "tysdag 15. september 2026"


@pytest.mark.parametrize(("number", "word"), [(2, "To"), (12, "Tolv"), (13, "13"), (1300, "1\u00a0300")])
def test_small_numbers_are_words(number, word):
    assert formats.in_words(number) == word


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        (timedelta(days=9, hours=3), "9 dager igjen"),
        (timedelta(days=2, hours=5, minutes=3), "2 dager og 5 timer igjen"),
        (timedelta(days=1), "1 dag igjen"),
        (timedelta(hours=1, minutes=1), "1 time og 1 minutt igjen"),
        (timedelta(seconds=59), "Under ett minutt igjen"),
        (timedelta(0), "Fristen er ute"),
        (timedelta(seconds=-1), "Fristen er ute"),
    ],
)
def test_time_left_names_the_two_largest_units(left, expected):
    assert formats.time_left(NOW + left, NOW) == expected


@pytest.mark.parametrize(
    ("size", "expected"), [(None, "–"), (10, "1 kB"), (340_400, "340 kB"), (1_240_000, "1,2 MB"), (20_971_520, "21 MB")]
)
def test_size_is_in_kb_or_mb(size, expected):
    assert formats.size_no(size).replace("\u00a0", " ") == expected
