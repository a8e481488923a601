"""What applications are judged by in each real round: kind, words and weight of every criterion, and the case of Innlandet."""
# ruff: noqa: E501 - a table is read by the line

import pytest

from tests import factories

TROMS, NORD, INNLANDET = (
    factories.definition(name) for name in ("troms-ofoten-2024", "helse-nord-2025", "innlandet-2024")
)


def of_kind(spec, *kinds):
    return [(item.title, item.text) for item in spec.criteria if item.kind in kinds]


@pytest.mark.requirement("R84", "R85", "R96")
def test_what_the_secretariat_checks_in_2024():
    assert [title for title, _text in of_kind(TROMS, "checklist")] == [
        "Egeninnsats og delfinansiering er beskrevet",
        "Rekrutterings- og samhandlingseffekten er beskrevet",
        "Gevinstrealiseringsplan er med for hver søker",
        "Søknadsbeløpet er oppgitt og stemmer med budsjettet",
    ]


@pytest.mark.requirement("R33", "R34", "R35", "R36", "R37", "R38", "R39", "R40", "R41")
def test_what_is_scored_in_2024_has_no_weight():
    assert [(item.title, item.weight) for item in TROMS.criteria if item.kind == "scored"] == [
        ("Samarbeidsmodeller", None),
        ("Brukere og/eller fastleger", None),
        ("Skrøpelige eldre", None),
        ("Eksisterende samarbeid", None),
        ("Faglig dialog", None),
        ("Gevinst og spredning", None),
        ("Felles planer og mål", None),
        ("Interkommunalt samarbeid", None),
    ]


@pytest.mark.requirement("R78", "R80", "R81", "R82", "R94", "R96")
def test_what_the_secretariat_checks_in_2025():
    assert [title for title, _text in of_kind(NORD, "checklist")] == [
        "Søknaden er felles, og alle partene har signert",
        "Budsjettet er vedlagt, og beløpet er oppgitt",
        "Prosjektplanen er fylt ut, med evalueringspunkter",
        "Spørsmål «ved relevans» er besvart, eller merket som ikke relevante med en grunn",
    ]


@pytest.mark.requirement("R17", "R75", "R76", "R77", "R81", "R82", "R83")
def test_what_is_judged_in_2025():
    assert [(item.title, item.text, item.weight) for item in NORD.criteria if item.kind != "checklist"] == [
        ("Støtter formålet med tilskuddsordningen", "Hvordan tiltaket støtter opp om formålet med tilskuddsordningen.", 25),
        ("Forventet nytte", "Hvilken nytte som forventes, for hvem, og hvordan den kan måles.", 25),
        ("Erfaringsdeling og spredning", "Mulighet for erfaringsdeling og spredning, også mot felles regionale løsninger.", 15),
        ("Budsjett og partenes bidrag", "Hva pengene skal brukes til, hva partene selv bidrar med, og finansieringen videre.", 15),
        ("Prosjektplan og evaluering", "Om planen er gjennomførbar, og om evalueringspunktene viser om tiltaket virker.", 10),
        ("Involvering", "Involvering av brukere, tillitsvalgte og vernetjenesten, både i primær- og spesialisthelsetjenesten.", 10),
        ("Helsefellesskapets prioritering", "Rangeringen og begrunnelsen fra helsefellesskapet som oversender.", None),
        ("Verdi for regionen", "Om tiltaket har verdi for flere helsefellesskap i Helse Nord, sett over hele porteføljen.", None),
    ]  # fmt: skip


@pytest.mark.requirement("R43", "R46", "R49", "R50", "R65", "R87")
def test_preconditions_gate_and_principles_of_innlandet():
    assert of_kind(INNLANDET, "checklist", "gate", "judgement") == [
        ("Understøtter formålet med Helsefellesskap Innlandet", ""),
        ("I tråd med Strategiplan for Helsefellesskap Innlandet med handlingsdel", ""),
        ("Understøtter Samarbeidsavtalen", ""),
        ("De fire kravene til dokumentasjon er besvart", ""),
        ("Daglig samhandling og kontinuerlig forbedring av gode pasientforløp (drift)", ""),
        ("Felles tjenesteutvikling og forskning for å sikre bærekraftige tjenester (utvikling)", ""),
        ("Implementere og bredde nye bærekraftige tjenester (implementering)", ""),
        ("Fremtidens behov", "Har størst potensiale til å møte fremtidens behov for bærekraftige tjenester og behov for kunnskap"),
        ("Dagens samhandlingsutfordringer", "Har størst potensiale til å løse dagens samhandlingsutfordringer for å sikre gode pasientforløp"),
        ("Partnernes egne ressurser", "Partnerne har dekket et vesentlig ressursbehov basert på egenfinansiering eller tilskuddsmidler"),
        ("Total kapasitet", "Total kapasitet for å sikre gjennomføringskraft av porteføljen er hensyntatt."),
    ]  # fmt: skip


@pytest.mark.requirement("R126", "R129", "R131")
def test_case_of_innlandet():
    """Points with letters, each with one of the verbs; the cases before it, one of them told to the partnership meeting."""
    case = INNLANDET.decision.case
    assert (case.number, case.title, case.earlier) == (
        "32/24",
        "Rekruttering - og samhandlingsmidler",
        ("23/24", "07/24", "31/24"),
    )
    said = [next(verb for verb in case.verbs if verb in point.text) for point in case.draft]
    assert said == ["godkjenner", "er fornøyd med", "gir tilslutning til", "ber sekretariatet"]
    assert [milestone.label for milestone in INNLANDET.dates.milestones] == [
        "SSU ba sekretariatet om forslag til kriterier (sak 23/24)",
        "Partnerskapsmøtet ble orientert (sak 07/24)",
        "SSU behandlet kriterier og prosess (sak 32/24)",
    ]
