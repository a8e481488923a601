"""The readers of amounts, numbers and dates, on what people, spreadsheets and e-mails write."""

from datetime import date, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from portal import formats
from portal.readers import (
    EARLIEST,
    LATEST,
    NotRead,
    read_date,
    read_money,
    read_month,
    read_number,
    read_time,
    read_whole,
)

pytestmark = pytest.mark.pure

AMOUNTS = {
    "1 250 000": 1_250_000,
    "1\u00a0250\u00a0000": 1_250_000,
    "1\u202f250\u2009000": 1_250_000,
    "1.250.000": 1_250_000,
    "1'250'000": 1_250_000,
    "1’250’000": 1_250_000,
    "1,250,000": 1_250_000,
    "1.250": 1250,
    "1250000": 1_250_000,
    "1 250 000,00": 1_250_000,
    "1.250.000,00": 1_250_000,
    "1,250,000.00": 1_250_000,
    "350 000,00 kr": 350_000,
    "350 000,0": 350_000,
    "350000,-": 350_000,
    "350000,–": 350_000,
    "350.000.-": 350_000,
    "kr 900 000": 900_000,
    "kr\u00a0900 000,-": 900_000,
    "kr. 900 000": 900_000,
    "KR 5": 5,
    "NOK 5": 5,
    "5 nok": 5,
    "5 kroner": 5,
    "1,2 mill.": 1_200_000,
    "1,25 mill": 1_250_000,
    "1.2 mill. kr": 1_200_000,
    "2 millioner": 2_000_000,
    "1 million kroner": 1_000_000,
    "-1 mill": -1_000_000,
    "350 tusen": 350_000,
    "350 000:-": 350_000,
    "−4": -4,
    "007": 7,
    "\uff11\uff12": 12,
    " 0 ": 0,
}
NOT_AMOUNTS = {
    "350 000,50 kr": "decimals",
    "1.200.000,50": "decimals",
    "1200000.50": "decimals",
    "12,5": "decimals",
    "1,2345678 mill": "words",
    "0,0000001 mill": "words",
    "0,123 tusen": None,
    "1,2345 tusen": "decimals",
    "1,250": "ambiguous",
    "350 000¹": "words",
    "100²": "words",
    "350 000 50": "spaces",
    "2026 2027": "spaces",
    "12 3456": "spaces",
    "ca 300": "words",
    "300-400": "words",
    "750 000 kr inkl. mva": "words",
    "1.25.000": "words",
    "1e3": "words",
    "٣": "words",
    "": "words",
    "kr": "words",
    "9" * 16: "digits",
    "9" * 5000: "digits",
    "9" * 16 + " mill": "digits",
    "nan": "words",
    "--5": "words",
    "5,": None,
}


@pytest.mark.fault("C13")
@pytest.mark.parametrize(("typed", "amount"), AMOUNTS.items())
def test_an_amount_is_read_as_people_write_it(typed, amount):
    assert read_money(typed) == amount


@pytest.mark.parametrize(("typed", "code"), [item for item in NOT_AMOUNTS.items() if item[1]])
def test_what_is_no_amount_in_whole_kroner_is_refused_with_the_reason(typed, code):
    with pytest.raises(NotRead) as refused:
        read_money(typed)
    assert refused.value.code == code


@given(some.integers(-(10**15) + 1, 10**15 - 1))
def test_an_amount_is_read_back_as_it_was_written(amount):
    assert read_money(formats.kroner(amount)) == amount
    assert read_whole(formats.grouped(amount)) == amount


@pytest.mark.parametrize(
    ("typed", "code"), [("1 250 kr", "words"), ("12,5", "decimals"), ("1,250", "ambiguous"), ("9" * 16, "digits")]
)
def test_a_whole_number_has_no_unit_and_no_decimals(typed, code):
    with pytest.raises(NotRead) as refused:
        read_whole(typed)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("3,5", "3.5"),
        ("3.5", "3.5"),
        ("1 250,75", "1250.75"),
        ("1.250,75", "1250.75"),
        ("1.250", "1250"),
        ("0.250", "0.25"),
        ("1,25", "1.25"),
        ("18,00", "18"),
        ("−0,5", "-0.5"),
        ("12,", "12"),
        ("4", "4"),
    ],
)
def test_a_number_is_read_with_its_decimals(typed, number):
    assert read_number(typed, places=2) == Decimal(number)


@pytest.mark.parametrize(("typed", "code"), [("1,255", "places"), ("tre", "words"), ("1.2.3", "words"), ("∞", "words")])
def test_what_is_no_number_is_refused_with_the_reason(typed, code):
    with pytest.raises(NotRead) as refused:
        read_number(typed, places=2)
    assert refused.value.code == code


@given(some.decimals(-(10**12), 10**12, places=2))
def test_a_number_is_read_back_as_it_was_written(number):
    assert read_number(formats.number(number), places=2) == number


DATES = {
    "15.09.2026": date(2026, 9, 15),
    "15.9.26": date(2026, 9, 15),
    "15/09/2026": date(2026, 9, 15),
    "15/9-26": date(2026, 9, 15),
    "15-09-2026": date(2026, 9, 15),
    "2026-09-15": date(2026, 9, 15),
    "15. 09. 2026": date(2026, 9, 15),
    "15.09.2026.": date(2026, 9, 15),
    "1. september 2027": date(2027, 9, 1),
    "1 sept 27": date(2027, 9, 1),
    "1.sep.2027": date(2027, 9, 1),
    "17. mai 2027": date(2027, 5, 17),
    "15. čakčamánnu 2026": date(2026, 9, 15),
    "tirsdag 15. september 2026": date(2026, 9, 15),
    "tysdag 15.09.2026": date(2026, 9, 15),
    "tirs. 15.9.2026": date(2026, 9, 15),
    "Tirsdag, den 15.09.2026": date(2026, 9, 15),
    "29.02.2028": date(2028, 2, 29),
    "01.01.99": date(1999, 1, 1),
    "09/01/2027": date(2027, 1, 9),
}
NOT_DATES = {
    "1.9": "no_year",
    "1. september": "no_year",
    "31.02.2026": "no_day",
    "00.01.2026": "no_day",
    "29.02.2027": "no_day",
    "01.01.0226": "range",
    "31.12.9999": "range",
    "31.12.1989": "range",
    "01.01.2200": "range",
    "onsdag 15.09.2026": "weekday",
    "høsten 2027": "words",
    "1. brumaire 2027": "words",
    "15.09.202": "words",
    "٣.٣.٢٠٢٦": "words",
    "": "words",
    "15": "words",
}


@pytest.mark.fault("C13")
@pytest.mark.parametrize(("typed", "day"), DATES.items())
def test_a_date_is_read_as_people_write_it(typed, day):
    assert read_date(typed) == day


@pytest.mark.parametrize(("typed", "code"), NOT_DATES.items())
def test_what_is_no_date_is_refused_with_the_reason(typed, code):
    with pytest.raises(NotRead) as refused:
        read_date(typed)
    assert refused.value.code == code


@given(some.dates(EARLIEST, LATEST))
def test_a_date_is_read_back_as_it_was_written(day):
    assert read_date(formats.date_no(day)) == read_date(day.isoformat()) == day


@pytest.mark.parametrize(
    ("typed", "hour"),
    [
        ("14.30", time(14, 30)),
        ("14:30", time(14, 30)),
        ("kl. 9", time(9)),
        ("klokka 9.05", time(9, 5)),
        ("0900", time(9)),
        ("9", time(9)),
        ("14:30:15", time(14, 30, 15)),
    ],
)
def test_a_time_is_read_as_people_write_it(typed, hour):
    assert read_time(typed) == hour


@pytest.mark.parametrize(("typed", "code"), [("24.00", "no_time"), ("9.75", "no_time"), ("midt på dagen", "words")])
def test_what_is_no_time_is_refused_with_the_reason(typed, code):
    with pytest.raises(NotRead) as refused:
        read_time(typed)
    assert refused.value.code == code


CODES = {"words", "spaces", "decimals", "ambiguous", "digits", "places"}
CODES |= {"no_year", "no_day", "no_time", "range", "weekday"}


def code_of(reader, text):
    """Why the reader refused the text, or None."""
    try:
        reader(text)
    except NotRead as refused:
        return refused.code
    return None


@given(some.text(max_size=40))
def test_any_text_is_read_or_refused(text):
    for reader in (read_money, read_whole, read_date, read_time, lambda typed: read_number(typed, places=2)):
        assert code_of(reader, text) in {None, *CODES}


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("februar 2027", date(2027, 2, 1)),
        ("Feb. 2027", date(2027, 2, 1)),
        ("feb. 27", date(2027, 2, 1)),
        ("February 2027", date(2027, 2, 1)),
        ("guovvamánnu 2027", date(2027, 2, 1)),
        ("2027-02", date(2027, 2, 1)),
    ],
)
def test_months_however_they_are_written(text, month):
    assert read_month(text) == month


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("februar", "no_year"),
        ("2027", "words"),
        ("snart 2027", "words"),
        ("1. februar 2027", "words"),
        ("2027-13", "no_day"),
        ("mars 1926", "range"),
        ("", "words"),
    ],
)
def test_what_is_no_month(text, code):
    with pytest.raises(NotRead) as refused:
        read_month(text)
    assert refused.value.code == code


@given(some.dates(min_value=EARLIEST, max_value=LATEST))
def test_a_month_is_read_as_it_is_written(day):
    assert read_month(formats.month_in_words(day)) == day.replace(day=1)
