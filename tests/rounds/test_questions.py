"""The questions of the customer's documents, with help, prompts and whether they must be answered, as people read them."""
# ruff: noqa: E501 - a table is read by the line

from datetime import timedelta

import pytest

from rounds.form_page import form_page
from tests import factories

TROMS, NORD, INNLANDET = (
    factories.definition(name) for name in ("troms-ofoten-2024", "helse-nord-2025", "innlandet-2024")
)
MUST, MAY, RELEVANT = "Må besvares", "Frivillig", "Ved relevans"
DESCRIPTION = (
    "Mål, målgruppe og status for prosjektet",
    "Hva skal gjennomføres innenfor hvilken tidsperiode?",
    "Hvilke virksomheter og personellgrupper inngår?",
    "Er det andre som har gjort det samme tidligere?",
)


def asked(spec, *codes):
    """Label, help, prompts and answering of the questions."""
    found = {question.code: question for section in form_page(spec) for question in section.questions}
    return [(found[code].label, found[code].help, found[code].prompts, found[code].answering) for code in codes]


@pytest.mark.requirement("R66", "R68", "R69", "R70", "R71", "R91")
def test_project_and_partners_of_2025():
    codes = (
        "project-name",
        "municipalities",
        "municipality-contacts",
        "hospital-trusts",
        "hospital-contacts",
        "other-partners",
    )
    assert asked(NORD, *codes) == [
        ("Navn på prosjekt/pilot", "", (), MUST),
        ("Kommune(r)", "", (), MUST),
        ("Kontaktperson(er)", "Kontaktperson i kommunen(e), med tittel.", (), MUST),
        ("Helseforetak", "", (), MUST),
        ("Kontaktperson", "Kontaktperson i helseforetaket. Det kan være samme person som i kommunen.", (), MUST),
        ("Andre partnere", "NAV, bruker- og pårørendeorganisasjoner, fastleger, Statsforvalter, kompetansesentre.", (), MAY),
    ]  # fmt: skip


@pytest.mark.requirement("R74", "R75", "R76", "R147")
def test_description_of_2025():
    assert asked(NORD, "description", "expected-benefit", "supports-purpose") == [
        ("Kort beskrivelse av prosjektet/piloten", "", DESCRIPTION, MUST),
        (
            "Hvilken nytte forventes av prosjektet/piloten?",
            "Benytt gjerne vedlagte skjema for beskrivelse av nytte, hvordan nytte kan måles, forutsetninger for å lykkes samt risikoreduserende tiltak",
            (),
            MUST,
        ),
        (
            "Beskriv kort hvordan tiltaket støtter opp om formålet med tilskuddsordningen?",
            "Inkludert mulighet for erfaringsdeling og spredning",
            (),
            MUST,
        ),
    ]


@pytest.mark.requirement("R77", "R93")
def test_budget_of_2025():
    assert asked(NORD, "budget-use", "municipality-resources", "hospital-resources", "financing-plan", "earlier-funding") == [
        ("Hvor mye søkes det om og hva skal midlene benyttes til?", "Beløpene føres i budsjettet nedenfor.", (), MUST),
        ("Hvilke ressurser bidrar kommunen(e) med?", "", (), MUST),
        ("Hvilke ressurser bidrar helseforetaket med?", "", (), MUST),
        ("Finansieringsplan; ved oppstart og ved evt. videreføring av prosjekt/pilot", "", (), MUST),
        ("Tidligere eller annen finansiering", "For eksempel midler fra Statsforvalteren, og for hvilket år.", (), MAY),
    ]  # fmt: skip
    assert NORD.budget.other_funding


@pytest.mark.requirement("R80", "R81")
def test_what_is_answered_when_it_is_relevant():
    assert asked(NORD, "patient-responsibility", "digital") == [
        ("Hvem har ansvaret for pasienten(e) ved gjennomføringen av tiltaket (ved relevans)?", "", (), RELEVANT),
        (
            "Hvordan kan tiltak som omhandler innovasjon og implementering av digitale løsninger for samhandling lede fram mot felles regionale løsninger på sikt (ved relevans)?",
            "",
            (
                "Er tiltaket i tråd med Nasjonal e-helsestrategi og bidrar det til å oppfylle målbildet for digitalisering i helse- og omsorgssektoren?",
                "Oppfyller tiltaket «Norm for informasjonssikkerhet i helsesektoren»?",
                "Er tiltaket forankret i kommunal samstyringsstruktur for digitalisering?",
            ),
            RELEVANT,
        ),
    ]


@pytest.mark.requirement("R82", "R83", "R101", "R102", "R109", "R110")
def test_plan_groups_and_involvement_of_2025():
    assert asked(NORD, "project-plan", "milestones", "working-groups", "delivery", "involvement") == [
        ("Prosjektplan, inkludert evalueringspunkter", "", (), MUST),
        ("Tidsplan og milepæler", "", (), MAY),
        ("Arbeidsgrupper og møter", "Styringsgruppe, prosjektgruppe og møter.", (), MAY),
        ("Lokal gjennomføring", "Hvem planlegger og arrangerer på hvert sted?", (), MAY),
        (
            "Involvering av brukere, tillitsvalgte og vernetjenesten",
            "både i primær- og spesialisthelsetjenesten",
            (
                "Brukerutvalg i spesialisthelsetjenesten og råd for personer med nedsatt funksjonsevne i kommunen",
                "Tillitsvalgte på begge nivåer",
                "Vernetjenesten",
            ),
            MUST,
        ),
    ]
    columns = {code: [column.label for column in NORD.question(code).columns] for code in ("milestones", "delivery")}
    assert columns == {
        "milestones": ["Milepæl", "Når", "Ansvarlig"],
        "delivery": ["Sted eller område", "Lokal arbeidsgruppe"],
    }


@pytest.mark.requirement("R84", "R85")
def test_own_contribution_and_effect_of_2024():
    assert asked(TROMS, "own-contribution", "recruitment-effect", "cooperation-effect") == [
        ("Beskriv egeninnsatsen, og hvordan samhandlingsmidler skal delfinansiere satsingen", "", (), MUST),
        ("Beskriv rekrutteringseffekten av tilskuddet", "", (), MUST),
        ("Beskriv samhandlingseffekten av tilskuddet", "", (), MUST),
    ]


@pytest.mark.requirement("R145", "R150")
def test_communication_and_consequences_of_2024():
    assert asked(TROMS, "communication", "consequences") == [
        ("Plan for intern og ekstern kommunikasjon", "", (), MAY),
        ("Hvilke konsekvenser har tiltaket for andre deler av virksomhetene?", "", (), MAY),
    ]


@pytest.mark.requirement("R46", "R87", "R88", "R120")
def test_documentation_of_an_initiative():
    assert INNLANDET.form.kind == "initiative"
    assert asked(INNLANDET, "strategy", "challenge", "need", "effect", "guidance")[:-1] == [
        ("Hvordan understøtter initiativet formålet med Helsefellesskap Innlandet, Samarbeidsavtalen og Strategiplan med handlingsdel?", "", (), MUST),
        ("Hvilken utfordring skal initiativet løse?", "", (), MUST),
        ("Hvilket behov skal midlene dekke?", "", (), MUST),
        (
            "Hva er forventet effekt for innbygger, sykehus, kommune, i tråd med gevinstanalyse i felles modell for tjenesteutvikling?",
            "",
            ("Effekt for innbygger", "Effekt for sykehus", "Effekt for kommune"),
            MUST,
        ),
    ]  # fmt: skip
    ((label, help_text, _prompts, answering),) = asked(INNLANDET, "guidance")
    assert (label.split(" ")[:3], answering) == (["Anmerke", "om", "initiativet"], MUST)
    assert help_text == "Nasjonale føringer beskriver videre at tilskuddet kan understøtte tiltak som:"


@pytest.mark.django_db
@pytest.mark.requirement("R107")
def test_the_form_is_introduced_by_the_rounds_own_dates_and_addresses(client, house):
    """Another deadline and another receiver in the file are another text on the pages."""
    data = NORD.to_data()
    data["dates"] |= {"closes": "2025-03-08 24:00", "forward_by": "2025-04-11 24:00"}
    data["stages"][0]["deadline"] = "2025-04-11 24:00"
    data["communities"][0]["receiver"] = {"role": "Nytt postmottak", "email": "nytt@example.org"}
    found = factories.round_of(type(NORD).model_validate(data), at=NORD.dates.announced - timedelta(days=9))
    form = client.get(f"/rounds/{found.code}/questions/").text
    for words in (
        "Felles søknad utarbeides i samarbeid mellom kommune(r) og helseforetak",
        "8. mars 2025",
        "11. april 2025",
    ):
        assert words in form, words
    page = client.get(found.get_absolute_url()).text
    for words in ("8. mars 2025", "11. april 2025", "Nytt postmottak", "nytt@example.org"):
        assert words in page, words
    assert ("1. mars 2025" in page, "post.unn@example.org" in page) == (False, False)
