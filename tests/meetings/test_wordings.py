"""The wording of a resolution says its outcome and its amount."""

import pytest

from evaluation.meetings.wordings import Fault, fault, said_by
from rounds.outcomes import LetterKind

pytestmark = pytest.mark.sqlite
AWARD, REFUSAL, NOTICE = LetterKind.AWARD, LetterKind.REFUSAL, LetterKind.NOTICE


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1. SSU innvilger 1\xa0100\xa0000\xa0kr i tilskudd til «Avslag avslås».", AWARD),
        ("SSU innvilger delvis søknaden med 300 000 kr, og avslår resten.", AWARD),
        ("Søknaden vert innvilga med 300 000 kr.", AWARD),
        ("SSU gir 300 000 kr.", AWARD),
        ("SSU vedtar å innvilge søknaden.", AWARD),
        ("Strategisk samarbeidsutvalg avslår søknaden.", REFUSAL),
        ("SSU vedtar å avslå søknaden om 300 000 kr.", REFUSAL),
        ("Tilskudd gis ikke.", REFUSAL),
        ("Det gis ikke tilskudd, og søknaden innvilges ikke.", REFUSAL),
        ("Søknaden innvilges\nikke.", REFUSAL),
        ("SSU vil ikke innvilge 300 000 kr.", REFUSAL),
        ("SSU prioriterer ikke søknaden i denne runden.", REFUSAL),
        ("Søknaden blir avslått. Det ble innvilget 300 000 kr i fjor.", REFUSAL),
        ("SSU utsetter behandlingen av søknaden, som kan innvilges senere.", NOTICE),
        ("Saken er utsatt.", NOTICE),
        ("SSU godkjenner planen. Prosjektet gir 3 kommuner bedre tilbud.", None),
        ("Tildelingen gjelder utsatte barn.", None),
        ("", None),
    ],
)
def test_the_first_word_of_decision_is_what_the_text_decides(text, said):
    assert said_by(text) is said


@pytest.mark.parametrize(
    ("text", "outcome", "amount", "expected"),
    [
        ("SSU innvilger 300 000 kr.", "granted", 300_000, None),
        ("SSU innvilger 200 000 kr i 2025 og 100 000 kr i 2026.", "granted", 300_000, None),
        ("SSU støtter søknaden med 300 000 kr.", "granted", 300_000, None),
        ("SSU innvilger 300 000 kr. Midlene får ikke brukes til drift.", "granted", 300_000, None),
        ("SSU innvilger 300 000 kr. Resten av søknaden avslås.", "partly_granted", 300_000, None),
        ("SSU avslår søknaden om 300 000 kr.", "rejected", None, None),
        ("SSU prioriterer ikke søknaden.", "not_prioritised", None, None),
        ("SSU utsetter saken.", "postponed", None, None),
        ("SSU vedtar punkt 1.", "rejected", None, None),
        ("SSU innvilger 400 000 kr.", "granted", 300_000, Fault.OTHER_AMOUNT),
        ("SSU innvilger søknaden.", "granted", 300_000, Fault.NO_AMOUNT),
        ("SSU vedtar punkt 1.", "partly_granted", 300_000, Fault.NO_AMOUNT),
        ("Strategisk samarbeidsutvalg avslår søknaden.", "granted", 1_100_000, Fault.OTHER_OUTCOME),
        ("SSU avslår søknaden om 1 100 000 kr.", "granted", 1_100_000, Fault.OTHER_OUTCOME),
        ("Tilskudd gis ikke.", "partly_granted", 750_000, Fault.OTHER_OUTCOME),
        ("SSU utsetter saken om 300 000 kr.", "granted", 300_000, Fault.OTHER_OUTCOME),
        ("SSU innvilger 300 000 kr. Punkt 2 avslås.", "granted", 300_000, Fault.OTHER_OUTCOME),
        ("SSU innvilger 200 000 kr av omsøkte 300 000 kr.", "granted", 300_000, Fault.OTHER_OUTCOME),
        ("SSU innvilger 300 000 kr.", "rejected", None, Fault.OTHER_OUTCOME),
        ("SSU innvilger 300 000 kr.", "postponed", None, Fault.OTHER_OUTCOME),
        ("SSU avslår søknaden.", "postponed", None, Fault.OTHER_OUTCOME),
        ("SSU utsetter saken.", "rejected", None, Fault.OTHER_OUTCOME),
    ],
)
def test_a_wording_is_held_against_outcome_and_amount(text, outcome, amount, expected):
    assert fault(text, outcome, amount) is expected
