"""What the public page of each real round says of the call, the money and the bodies, in the documents' own words."""
# ruff: noqa: E501 - a sentence is read by the line

import re

import pytest

from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


@pytest.fixture
def page(client, house):
    """The page of a round for a visitor, as its words; ``page(name)``."""

    def read(name, spec=None):
        if name == "innlandet-2024":
            factories.innlandet()
        round_ = factories.round_of(spec or factories.definition(name))
        main = client.get(round_.get_absolute_url()).text.split("<main", 1)[1].split("</main", 1)[0]
        return " ".join(re.sub(r"<[^>]+>", " ", main).replace("\xa0", " ").split())

    return read


def lacks(text, *words):
    return [item for item in words if item not in text]


@pytest.mark.requirement("R1")
def test_call_of_2024_has_addressee_title_dates_text_and_attachments(page):
    assert (
        lacks(
            page("troms-ofoten-2024"),
            "Til partnerne i Helsefellesskapet Troms og Ofoten",
            "Rekrutterings- og samhandlingstilskudd 2024, første søknadsrunde",
            "Utlyst (ferdig) 31.05.2024",
            "17.06.2024 kl. 24.00",
            "Helsefellesskapet Troms og Ofoten har for 2024 foreløpig mottatt kr. 18 mill.",
            "Vedlegg 1: Sammendrag rapport gruppe 5",
            "Vedlegg 2: Ishavserklæringen 2024–2027",
            "Vedlegg 3: Mandat Hovedområde 5 Samhandling",
        )
        == []
    )


@pytest.mark.requirement("R2")
def test_frame_of_2024_is_of_the_year_and_provisional(page):
    text = page("troms-ofoten-2024")
    assert lacks(text, "Rammeår 2024", "Ramme 18 000 000 kr, foreløpig") == []


@pytest.mark.requirement("R10")
def test_way_of_the_money_to_innlandet_has_each_step_with_its_decision(page):
    assert lacks(
        page("innlandet-2024"),
        "Helse- og omsorgsdepartementet Helse Sør-Øst RHF 92 850 000 kr Revidert nasjonalbudsjett 2024, Prop. 104 S (2023–2024)",
        "Helse Sør-Øst RHF Sykehuset Innlandet HF 10 700 000 kr Styresak 094-2024, 27.09.2024",
        "Sykehuset Innlandet HF Helsefellesskap Innlandet, etter beslutning i SSU 10 700 000 kr Sak 32/24",
        "Revidert nasjonalbudsjett 2024: Prop. 104 S (2023–2024)",
    ) == []  # fmt: skip


@pytest.mark.requirement("R24")
def test_everybody_reads_how_long_the_notice_is(page):
    assert lacks(page("troms-ofoten-2024"), "17 dager fra utlysning til søknadsfrist.") == []


@pytest.mark.requirement("R59")
def test_dates_of_the_mandate_stand_with_it(page):
    assert (
        lacks(
            page("troms-ofoten-2024"),
            "Målbilde per 31.12.24 og 31.12.27",
            "Del 1 (frist 01.10.2024)",
            "Del 2 (frist 01.01.2025)",
        )
        == []
    )


@pytest.mark.requirement("R33", "R39", "R40", "R42", "R9")
def test_criteria_of_2024_are_shown_with_points_attachments_emphasis_and_note(page):
    text = page("troms-ofoten-2024")
    assert lacks(
        text,
        "Vektlegges: Beskrivelser av felles driftsmodeller vektlegges",
        "*Kriterier som skal vektlegges i senere søknadsrunder blir besluttet av SSU på et senere tidspunkt",
        "Bygger på: Sammendrag rapport gruppe 5 - endring og omstilling i Helse Nord - tid for samordning; Ishavserklæringen 2024–2027; Mandat Hovedområde 5 Samhandling",
        "forslag til arbeidsgruppe 5 i Helse Nord (vedlegg 1) Ishavserklæringen 2024-2027 (vedlegg 2) mål for omstillingsarbeid i UNN (vedlegg 3)",
        "Bygger på: UNNs lokalisasjoner",
        "Hvert kriterium får poeng. Kriteriene har ingen vekt.",
    ) == []  # fmt: skip


@pytest.mark.requirement("R14")
def test_each_helsefellesskap_of_helse_nord_is_shown_with_its_two_addresses(page):
    assert lacks(
        page("helse-nord-2025"),
        "Helsefellesskapet Troms og Ofoten Universitetssykehuset Nord-Norge HF v/ samhandlingssjef post.unn@example.org Kopi: Interkommunal samhandlingsleder samhandlingsleder.troms-ofoten@example.org",
        "Helsefellesskap Helgeland Helgelandssykehuset HF v/ samhandlingssjef postmottak.helgelandssykehuset@example.org Kopi: Interkommunal samhandlingsleder samhandlingsleder.helgeland@example.org",
        "Helsefellesskap Finnmark Finnmarkssykehuset HF v/ samhandlingssjef postmottak.finnmarkssykehuset@example.org Kopi: Interkommunal samhandlingsleder samhandlingsleder.finnmark@example.org",
        "Helsefellesskapet Lofoten, Vesterålen og Salten Nordlandssykehuset HF v/ samhandlingssjef postmottak.nordlandssykehuset@example.org Kopi: Kommunal samhandlingsleder samhandlingsleder.lofoten-vesteralen-salten@example.org",
    ) == []  # fmt: skip


@pytest.mark.requirement("R43", "R49", "R50")
def test_innlandets_gate_and_principles_are_shown(page):
    text = page("innlandet-2024")
    assert lacks(
        text,
        "Minst ett av tre kriterier Minst 1 av 3 må innfris.",
        "Prinsipper for prioritering Vurderes med ord, uten poeng.",
        "Fremtidens behov Har størst potensiale til å møte fremtidens behov for bærekraftige tjenester og behov for kunnskap",
        "Dagens samhandlingsutfordringer Har størst potensiale til å løse dagens samhandlingsutfordringer for å sikre gode pasientforløp",
        "Partnernes egne ressurser Partnerne har dekket et vesentlig ressursbehov basert på egenfinansiering eller tilskuddsmidler",
        "Total kapasitet Gjelder hele listen Total kapasitet for å sikre gjennomføringskraft av porteføljen er hensyntatt.",
    ) == []  # fmt: skip


@pytest.mark.requirement("R5", "R140")
def test_who_decides_in_2024_and_when_the_evaluation_is_due(page):
    assert lacks(
        page("troms-ofoten-2024"),
        "Innstilling og beslutning i SSU: Strategisk samarbeidsutvalg (SSU) godkjenner, vurderer, prioriterer og beslutter.",
        "Beslutter Strategisk samarbeidsutvalg (SSU) i Helsefellesskapet Troms og Ofoten",
        "Godkjente søknader skal framlegge en evaluering av satsingen for SSU seinest etter 9 måneder med drift.",
    ) == []  # fmt: skip


@pytest.mark.requirement("R15", "R16", "R17")
def test_two_stages_of_2025_with_their_tasks_and_what_goes_on(page):
    assert lacks(
        page("helse-nord-2025"),
        "Godkjenning, vurdering og prioritering i helsefellesskapet: Strategisk samarbeidsutvalg (SSU) i hvert helsefellesskap godkjenner, vurderer og prioriterer.",
        "Beslutning i Tildelingsutvalget: Tildelingsutvalget vurderer, prioriterer og beslutter.",
        "De prioriterte søknadene oversendes. Helsefellesskapene oversender deretter prioriterte søknader med vedlegg til Tildelingsutvalg for rekrutterings- og samhandlingstilskudd i Helse Nord innen 1. april 2025",
        "Dette oversendes: Prioritert liste med rangering, beløp og begrunnelse Søknadene med vedlegg",
        "Fristen for å sende søknad til helsefellesskapene er 1. mars 2025",
    ) == []  # fmt: skip


@pytest.mark.requirement("R12", "R13", "R30")
def test_equal_partners_and_their_body_in_innlandet(page):
    assert lacks(
        page("innlandet-2024"),
        "Kommuner og sykehus er likeverdige i å foreslå hvordan midlene skal benyttes.",
        "Prioritering og beslutning i SSU: Strategisk samarbeidsutvalg (SSU) godkjenner, vurderer, prioriterer og beslutter.",
        "Samarbeidsavtalen for Helsefellesskap Innlandet: SSUs myndighet følger av samarbeidsavtalen og samhandlingsstrukturen; Samarbeidsprosedyre 5",
    ) == []  # fmt: skip


@pytest.mark.requirement("R105")
def test_the_regional_body_is_named_at_the_foot(page):
    text = page("helse-nord-2025")
    assert lacks(text, "Helse Nord RHF Postboks 1445, 8038 Bodø", "Besøk: Moloveien 16, 6. et., 8003 Bodø", "Telefon: 75 51 29 00") == []  # fmt: skip
