"""What a resolution asks for, read from its text: the documents' own words, and whatever else may stand there."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from evaluation.actions.asks import MOST_ASKS, MOST_TEXT, Due, asks, due_in, month_of

pytestmark = pytest.mark.pure

DAY = date(2024, 11, 24)
FEBRUARY = Due(date(2025, 2, 28), is_month=True)

# Sak 32/24 of Innlandet, word for word.
INNLANDET = """\
1. Strategisk samarbeidsutvalg godkjenner følgende kriterier for prioritering av rekrutterings og samhandlingsmidler:
 - a) Daglig samhandling og kontinuerlig forbedring av gode pasientforløp (drift)
 - b) Felles tjenesteutvikling og forskning for å sikre bærekraftige tjenester (utvikling)
 - c) Implementere og bredde nye bærekraftige tjenester (implementering)
2. Strategisk samarbeidsutvalg er fornøyd med at forutsetninger og kriterier skal løse Helsefelleskapet Innlandet sitt \
behov, samtidig som det er i tråd med nasjonale føringer om hva tilskuddsmidlene kan benyttes til jfr Prop.104S \
(2023-2024):
 - Redusere ventetidene på sykehus.
 - Dekke påløpte kostnader der samarbeidstiltakene bidrar til at en av partnerne får økte kostnader.
3. Strategisk samarbeidsutvalg gir tilslutning til prosess for å prioritere, beslutte, følge opp og rapportere i tråd \
med saksunderlaget, og ber sekretariatet oppdatere Samarbeidsprosedyre 5 i tråd med dette.
 4. Strategisk samarbeidsutvalg ber sekretariatet legge frem forslag til bruk av rekrutterings- og samhandlingsmidler \
i strategisk samarbeidsutvalg februar 2025
"""


@pytest.mark.requirement("R130")
def test_sak_32_24_asks_the_secretariat_twice():
    update, lay_before = asks(INNLANDET, DAY)
    assert (update.reference, update.owner, update.due) == ("3", "sekretariatet", None)
    assert update.text.endswith("ber sekretariatet oppdatere Samarbeidsprosedyre 5 i tråd med dette.")
    assert (lay_before.reference, lay_before.owner, lay_before.due) == ("4", "sekretariatet", FEBRUARY)
    assert not update.is_next_meeting
    assert not lay_before.is_next_meeting


@pytest.mark.requirement("R129")
@pytest.mark.parametrize(
    "text",
    [
        "SSU godkjenner kriteriene innen februar 2025.",
        "SSU er fornøyd med arbeidet.",
        "SSU gir tilslutning til prosessen.",
        "SSU tar saken til orientering.",
        "SSU ber ikke om mer nå.",
        "Arbeidet bør bestå, og september er best.",
        "",
        "1.",
    ],
)
def test_other_verbs_ask_nobody(text):
    assert asks(text, DAY) == ()


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("SSU ber sekretariatet om å legge frem en sak.", "sekretariatet"),
        ("SSU ber sekretariatet, i samråd med UNN, legge frem en sak.", "sekretariatet"),
        ("SSU ber UNN HF og kommunene utarbeide en plan.", "UNN HF og kommunene"),
        ("SSU ber alle kommunene gi svar.", "alle kommunene"),
        ("SSU ber de faglige utvalgene vurdere saken.", "de faglige utvalgene"),
        ("SSU ber om at sekretariatet legger frem en sak.", "sekretariatet"),
        ("SSU ber om en orientering.", ""),
        ("SSU ber", ""),
        ("SSU bed sekretariatet leggje fram ei sak.", "sekretariatet"),
        ("Sekretariatet bes legge frem en sak.", "Sekretariatet"),
        ("SSU tar saken til orientering, og sekretariatet bes oppdatere planen.", "sekretariatet"),
        ("Alle de som var med i det møtet den dagen bes svare.", "dagen"),
        ("SSU ber St. Olavs hospital HF legge frem en sak.", "St. Olavs hospital HF"),
        ("SSU ber Ola Nordmann kalle inn.", "Ola Nordmann"),
        ("SSU ber FSU PHR: lag en plan.", "FSU PHR"),
        ("SSU ber A B C D E F G H K L M", "A"),
    ],
)
def test_who_is_asked(text, owner):
    (ask,) = asks(text, DAY, ["", "St. Olavs hospital HF", "St. Olav"])
    assert ask.owner == owner


@pytest.mark.parametrize(
    ("words", "due"),
    [
        ("innen februar 2025", FEBRUARY),
        ("innen 1. mars 2025", Due(date(2025, 3, 1))),
        ("innen den 1.mars 2025", Due(date(2025, 3, 1))),
        ("innen 1. mars", Due(date(2025, 3, 1))),
        ("senest 24. november", Due(date(2024, 11, 24))),
        ("innen 01.03.2025", Due(date(2025, 3, 1))),
        ("innen utgangen av mars", Due(date(2025, 3, 31), is_month=True)),
        ("i februar 2025", FEBRUARY),
        ("i februar", FEBRUARY),
        ("i løpet av februar", FEBRUARY),
        ("i desember", Due(date(2024, 12, 31), is_month=True)),
        ("februar 2025", FEBRUARY),
        ("feb. 2025", FEBRUARY),
        ("i møtet i mars 2025, men utkastet innen februar 2025", FEBRUARY),
        ("på grunnlag av sak 23.24 fra 19. sept 2024", None),
        ("etter møtet 17. oktober", None),
        ("innen 31. februar 2025", None),
        ("innen 29. februar", None),
        ("slik Prop.104S (2023-2024) sier", None),
        ("og mars er fin", None),
        ("snarest", None),
    ],
)
def test_by_when(words, due):
    (ask,) = asks(f"SSU ber sekretariatet legge frem en sak {words}.", DAY)
    assert ask.due == due
    assert not ask.is_next_meeting


@pytest.mark.parametrize("words", ["til neste møte", "i neste SSU-møte", "på neste ordinære møte"])
def test_to_the_next_meeting_whenever_that_is(words):
    (ask,) = asks(f"SSU ber sekretariatet legge frem en sak {words}.", DAY)
    assert ask.due is None
    assert ask.is_next_meeting


def test_what_the_next_sentence_says_is_another_matter():
    (ask,) = asks("SSU ber sekretariatet legge frem en sak. Møtet i mars 2025 holdes i Bodø.", DAY)
    assert ask.due is None


def test_each_part_under_a_colon_is_asked_for_by_itself():
    text = (
        "1. SSU ber sekretariatet innen mars 2025:\na) oppdatere planen\n- sende brev innen februar 2025\n2. Vel møtt."
    )
    first, second = asks(text, DAY)
    assert (first.reference, first.owner, first.due) == ("1 a)", "sekretariatet", Due(date(2025, 3, 31), is_month=True))
    assert first.text == "SSU ber sekretariatet innen mars 2025: oppdatere planen"
    assert (second.reference, second.due) == ("1", FEBRUARY)


def test_a_part_that_asks_and_a_point_with_parts():
    text = "1. SSU vedtar dette:\na) ber UNN lage en plan\nb) takker\n2. SSU ber FSU vurdere kravene.\n- trygt\n- nært"
    part, whole = asks(text, DAY)
    assert (part.reference, part.owner, part.text) == ("1 a)", "UNN", "SSU vedtar dette: ber UNN lage en plan")
    assert (whole.reference, whole.owner) == ("2", "FSU")
    assert whole.text == "SSU ber FSU vurdere kravene.\ntrygt\nnært"


def test_two_who_are_asked_in_one_point():
    first, second = asks("SSU ber UNN lage en plan innen februar 2025, og ber kommunene vurdere den.", DAY)
    assert (first.owner, first.due) == ("UNN", FEBRUARY)
    assert (second.owner, second.due) == ("kommunene", None)
    assert first.reference == second.reference == ""


@pytest.mark.parametrize(
    "text",
    [
        "ber " * 50_000,
        "1. ber a\n" * 20_000,
        "neste " + "a-" * 50_000,
        "innen " + "a " * 50_000 + "mars",
        "1. x\n" + "y\n" * 40_000,
        "ber om at " * 10_000,
        "ber " + "innen mars " * 6_000,
        "ber " + "1. mars 2025 " * 5_000,
        "1. ber FSU:\n" + "a) gjør det\n" * 5_000,
    ],
)
@pytest.mark.timeout(60)
def test_a_long_text_is_read_to_its_end(text):
    read = asks(text, DAY)
    assert len(read) <= MOST_ASKS
    assert all(len(ask.text) <= MOST_TEXT for ask in read)


WORDS = some.sampled_from(
    (
        *("ber", "bes", "bed", "BER", "om", "å", "at", "sekretariatet", "UNN", "legge", "innen", "i", "til", "neste"),
        *("møte", "mars", "februar", "2025", "1.", "31.", "31.02.2025", "99.99.2025", "a)", "-", "\n", "2.", ":", ";"),
    )
)


@given(some.one_of(some.text(), some.lists(WORDS, max_size=40).map(" ".join)), some.dates())
def test_whatever_stands_there_nothing_is_made_up(text, day):
    day = day.replace(year=2000 + day.year % 100)
    for ask in asks(text, day):
        assert re.search(r"\b(ber|bes|bed)\b", ask.text, re.IGNORECASE)
        assert set(ask.text.split()) <= set(text.split())
        assert ask.due is None or ask.due.last_day >= day
        assert not (ask.due and ask.is_next_meeting)


@given(some.dates(min_value=DAY, max_value=date(2099, 12, 31)))
def test_a_date_is_read_as_it_is_written(day):
    assert due_in(f"innen {day:%d.%m.%Y}", DAY) == Due(day)
    assert Due.of(Due(day).code) == Due(day)
    month = month_of(day.year, day.month)
    assert Due.of(month.code) == month
