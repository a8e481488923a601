"""The lists of the customer's documents, word for word, where applicants choose from them."""
# ruff: noqa: E501 - a list is read by the line

import pytest

from rounds.views.form_page import form_page
from tests import factories

TROMS, NORD, INNLANDET = (
    factories.definition(name) for name in ("troms-ofoten-2024", "helse-nord-2025", "innlandet-2024")
)


def offered(spec, code):
    """What the question offers, as those who read the form see it: heading or group, letter and words."""
    groups = {group.code: group.label for taxonomy in spec.taxonomies for group in taxonomy.groups}
    return [
        tuple(filter(None, (groups.get(getattr(option, "group", None)), getattr(option, "letter", ""), option.label)))
        for section in form_page(spec)
        for question in section.questions
        for option in question.options
        if question.code == code
    ]


def labels(options):
    return [option.label for option in options]


@pytest.mark.requirement("R22", "R40")
def test_the_five_sites_of_unn():
    assert offered(TROMS, "sites") == [("Tromsø",), ("Harstad",), ("Narvik",), ("Finnsnes",), ("Storslett",)]
    assert TROMS.criterion("unn-sites").questions == ("sites", "municipalities")


@pytest.mark.requirement("R23")
def test_the_five_areas_of_psychiatric_care():
    areas = [("Tromsø og omegn",), ("Midt-Troms",), ("Nord-Troms",), ("Sør-Troms",), ("Ofoten",), ("Andre områder",)]
    assert offered(NORD, "service-areas") == areas


@pytest.mark.requirement("R51")
def test_the_four_models_of_the_working_group():
    assert offered(TROMS, "models") == [
        ("A", "Geografisk samlokalisering og samordning av helse- og omsorgstjenesten med felles faglig og administrativ ledelse"),
        ("B", "Fleksibel bruk av senger i døgnenheter på tvers av tjenester"),
        ("C", "Kommunale døgnenheter med økt støtte fra spesialisthelsetjenesten"),
        ("D", "Teammodeller som i større grad understøttes av digitale verktøy"),
    ]  # fmt: skip


@pytest.mark.requirement("R52")
def test_the_three_joint_focus_areas():
    assert offered(TROMS, "focus-areas") == [
        ("1", "Teknologi og digital samhandling"),
        ("2", "Utdanne, rekruttere og beholde personell"),
        ("3", "Økt helsekompetanse i befolkningen, inkludert samordning av læring- og mestringstiltak"),
    ]


@pytest.mark.requirement("R53", "R64")
@pytest.mark.parametrize("spec", [TROMS, NORD], ids=["2024", "2025"])
def test_the_four_patient_groups_and_others(spec):
    assert offered(spec, "patient-groups") == [
        ("Skrøpelige eldre",),
        ("Barn og unge",),
        ("Personer med alvorlig psykisk helse og/eller ruslidelse",),
        ("Personer med flere kroniske sykdommer",),
        ("Andre pasientgrupper",),
    ]


@pytest.mark.requirement("R54")
def test_the_declaration_has_three_aims_under_each_of_three_headings():
    safe, lasting, people = (
        "Tettere samarbeid om sikkerhet og beredskap",
        "Bærekraftige helsetjenester og helhetlige pasientforløp",
        "Beholde og rekruttere kvalifisert helsepersonell",
    )
    assert offered(TROMS, "declaration-aims") == [
        (safe, "Søke en felles virkelighetsforståelse som øker bevisstheten rundt sikkerhet og beredskap, og gir grunnlag for samordning av planer og øvelser"),
        (safe, "Identifisere svikt og forbedringsområder, og utfra det etablere en desentralisert struktur som sikrer god beredskap lokalt"),
        (safe, "Utvikle system for ressursstyring og -deling på tvers av nivå og enheter når situasjonen krever det"),
        (lasting, "Videreutvikle helsetjenesten for pasienter med sammensatte og komplekse behov, basert på prinsippene personsentrert, helhetlig og proaktiv"),
        (lasting, "Bruke innovasjon som fremmer tjenesteutvikling, samhandling og digital pasientoppfølging"),
        (lasting, "Utvide samarbeidet om tilbudet av helsetjenester som tilbys i pasientens hjem og nærmiljø, med vekt på forebygging og egenmestring"),
        (people, "Legge til rette for utdanning av og kompetanseutvikling for helsepersonell, tilpasset lokale utfordringer"),
        (people, "Sørge for kompetansedeling, og god funksjons- og oppgavefordeling på tvers av og innad i tjenestenivåene"),
        (people, "Samarbeide og bistå hverandre i rekrutteringsarbeidet der dette er hensiktsmessig"),
    ]  # fmt: skip


@pytest.mark.requirement("R55", "R63")
def test_the_plan_of_2023_has_three_areas_with_9_7_and_9_lettered_measures():
    letters = {}
    for group, letter, _label in offered(TROMS, "action-plan"):
        letters[group] = letters.get(group, "") + letter
    assert letters == {
        "Helsetjenester til personer med sammensatte behov": "abcdefghi",
        "Forebygging og egenmestring": "abcdefg",
        "Personell og kompetanse": "abcdefabc",
    }


@pytest.mark.requirement("R56")
def test_lists_of_a_plan_have_a_version_and_a_validity():
    dated = {
        item.code: (item.version, str(item.valid_from), str(item.valid_to))
        for item in TROMS.taxonomies
        if item.valid_from
    }
    assert dated == {
        "ishavserklaeringen": ("2024–2027, Partnerskapsmøtet 18. april 2024", "2024-01-01", "2027-12-31"),
        "nasjonale-mal": ("Nasjonal helse- og sykehusplan 2020–2023", "2020-01-01", "2023-12-31"),
        "handlingsplan-2023": ("2023", "2023-01-01", "2023-12-31"),
    }


@pytest.mark.requirement("R61")
def test_the_three_principles_with_their_words():
    (question,) = [q for section in form_page(TROMS) for q in section.questions if q.code == "principles"]
    assert [(option.label, option.text) for option in question.options] == [
        ("Personsentrert", "Medvirkning og samvalg slik at det som er viktig for pasienter og pårørende prioriteres."),
        ("Helhetlig", "Gode overganger og prosesser på tvers av fag og nivå."),
        ("Proaktiv", "Fokus på forebygging og godt forberedte tjenester."),
    ]


@pytest.mark.requirement("R62")
def test_the_nine_national_aims():
    aims = offered(TROMS, "national-aims")
    assert [label.split(" ")[:3] for (label,) in aims] == [
        ["pasientene", "er", "aktive"],
        ["pasientene", "opplever", "sammenhengende"],
        ["sårbare", "pasienter", "opplever"],
        ["pasienter", "opplever", "en"],
        ["pasienter", "møter", "i"],
        ["pasientene", "opplever", "at"],
        ["helsepersonellet", "jobber", "i"],
        ["lederne", "gjennomfører", "endringene"],
        ["vi", "lærer", "av"],
    ]


@pytest.mark.requirement("R112")
def test_who_is_involved_in_2024():
    assert offered(TROMS, "involved") == [
        ("Ledere og medarbeidere",),
        ("Tillitsvalgte og vernetjeneste",),
        ("Brukerrepresentant",),
        ("Representanter fra primærhelsetjenesten",),
        ("Fastlegerepresentasjon",),
        ("Andre",),
    ]


@pytest.mark.requirement("R110")
def test_who_is_involved_in_2025():
    assert offered(NORD, "involved") == [
        ("Brukerutvalg (spesialisthelsetjenesten)",),
        ("Råd for personer med nedsatt funksjonsevne (kommunen)",),
        ("Tillitsvalgte i kommunen",),
        ("Tillitsvalgte i helseforetaket",),
        ("Vernetjenesten",),
        ("Bruker- og pårørendeorganisasjoner",),
        ("Andre",),
    ]


@pytest.mark.requirement("R31", "R65")
def test_what_an_initiative_may_be_about():
    assert offered(INNLANDET, "initiative-kind") == [
        ("Eksisterende prosjektportefølje",),
        ("Ny satsning i tråd med strategiplanen",),
        ("Kontinuerlig forbedring av gode pasientforløp",),
        ("Felles forståelse, etterlevelse eller revidering av Samarbeidsavtalen",),
        ("Bredding av nye tjenester",),
        ("Felles søknad på andre tilskuddsmidler",),
        ("Utjevning av skjevheter mellom partnerne (partnerivaretagelse)",),
        ("Annet",),
    ]
    assert INNLANDET.question("initiative-kind").least == 1


@pytest.mark.requirement("R47", "R48")
def test_the_national_guidance_to_tick_and_other_needs():
    assert [label.split(" ")[:4] for (label,) in offered(INNLANDET, "guidance")] == [
        ["Redusere", "ventetidene", "på", "sykehus."],
        ["Fremme", "rekruttering", "og", "bruk"],
        ["Støtte", "tiltak", "for", "prioriterte"],
        ["Tilrettelegge", "for", "lokale", "løsninger"],
        ["Dekke", "påløpte", "kostnader", "der"],
        ["Andre", "behov"],
    ]


@pytest.mark.requirement("R22", "R31", "R47", "R51", "R52", "R53", "R54", "R55", "R59", "R61", "R62", "R65", "R112")
def test_each_list_is_named_with_the_document_it_is_from():
    assert [item.title for spec in (TROMS, NORD, INNLANDET) for item in spec.taxonomies] == [
        "Modeller for samordning (arbeidsgruppe 5)",
        "Tre områder tjenestene bør satse på i fellesskap",
        "De fire prioriterte pasientgruppene",
        "Ishavserklæringen",
        "«Vi fornyer UNN», mandat for område 5",
        "PHP-prinsippet",
        "Ønskede effekter",
        "UNNs lokalisasjoner",
        "Hvem er involvert",
        "Åtte drivere for økt bærekraft i helse- og omsorgstjenesten",
        "Nasjonale mål og føringer",
        "Handlingsplan 2023, tiltak",
        "De fire prioriterte pasientgruppene",
        "Åtte drivere for økt bærekraft i helse- og omsorgstjenesten",
        "UNNs fem distriktspsykiatriske områder",
        "Nasjonale føringer for hva tilskuddet kan understøtte",
        "Hva initiativet gjelder",
    ]


# --- the benefit table, the budget, the attachments -----------------------------------------------------


@pytest.mark.requirement("R114", "R115", "R116")
@pytest.mark.parametrize("spec", [TROMS, NORD], ids=["2024", "2025"])
def test_kinds_of_benefit_who_benefits_and_what_is_measured(spec):
    rules = spec.benefits
    assert labels(rules.types) == [
        "Helsegevinst", "Kvalitet i behandling", "Mer effektiv bruk av personell", "Redusert reisevirksomhet",
        "Tidsbesparelser", "Økonomi", "Rekruttering", "Annet",
    ]  # fmt: skip
    assert labels(rules.beneficiaries) == [
        "Pasient/pårørende", "Kommunehelsetjenesten", "Spesialisthelsetjenesten", "Samfunnet", "Andre",
    ]  # fmt: skip
    assert labels(rules.measures) == [
        "Reisetid", "Tidsbruk", "Kostnader", "Behandlingseffekt", "Reinnleggelser", "Ventetid", "Brukertilfredshet",
        "Annet",
    ]  # fmt: skip


@pytest.mark.requirement("R117")
@pytest.mark.parametrize("spec", [TROMS, NORD], ids=["2024", "2025"])
def test_horizons_with_their_phases(spec):
    assert [(item.label, item.from_month, item.to_month, item.phase) for item in spec.benefits.horizons] == [
        ("Kort sikt (0–6 mnd)", 0, 6, "Forprosjekt"),
        ("Middels sikt (6–12 mnd)", 6, 12, "Piloter/hovedprosjekt"),
        ("Lang sikt (12–24 mnd)", 12, 24, "Implementert i drift"),
    ]


@pytest.mark.requirement("R65", "R98", "R99")
def test_cost_types_of_2025_and_of_innlandet():
    assert labels(NORD.budget.cost_types) == [
        "Frikjøp av ansatte, kommune", "Frikjøp av ansatte, helseforetak", "Fasilitering og prosjektledelse",
        "Lokaler til samlinger", "Opplæringsmateriell og e-læring", "Avvikssystem", "Utredning av overføringsverdi",
        "Implementeringsstøtte", "Utjevning mellom partnerne", "Utstyr og digitale løsninger", "Reise", "Annet",
    ]  # fmt: skip
    assert labels(INNLANDET.budget.cost_types) == [
        "Opplæringsmateriell og e-læring", "Frikjøp av personell og kompetanse", "Leie av lokaler til større samlinger",
        "Avvikssystem", "Utredning av overføringsverdi",
        "Overgang fra prosjekt til drift, opplæring, forankring og implementeringsstøtte",
        "Utjevning av skjevheter mellom partnerne", "Kunnskapsgrunnlag og forskning", "Annet",
    ]  # fmt: skip


@pytest.mark.requirement("R89", "R91", "R92")
def test_kinds_of_attachments_of_2025():
    kinds = {kind.label: (kind.required, kind.most) for kind in NORD.attachments.kinds}
    assert (NORD.attachments.numbered, kinds) == (
        True,
        {
            "Signert avtale om felles søknad": (True, 3),
            "Budsjett": (True, 3),
            "Forventet nytte – tabell": (False, 3),
            "Evalueringsrapport": (False, 5),
            "Støtteerklæring": (False, 10),
            "Annet vedlegg": (False, 10),
        },
    )
