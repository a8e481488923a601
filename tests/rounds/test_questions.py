"""The questions of the customer's documents, with help, prompts and whether they must be answered, as people read them."""
# ruff: noqa: E501 - a table is read by the line

from datetime import timedelta

import pytest

from rounds.views.form_page import form_page
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
    questions = {question.code: question for section in form_page(spec) for question in section.questions}
    return [
        (questions[code].label, questions[code].help, questions[code].prompts, questions[code].answering)
        for code in codes
    ]


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


@pytest.mark.requirement("R77", "R93", "R103")
def test_budget_of_2025():
    assert asked(NORD, "budget-use", "municipality-resources", "hospital-resources", "financing-plan", "earlier-funding") == [
        ("Hvor mye søkes det om og hva skal midlene benyttes til?", "Beløpene føres i budsjettet nedenfor.", (), MUST),
        ("Hvilke ressurser bidrar kommunen(e) med?", "", (), MUST),
        ("Hvilke ressurser bidrar helseforetaket med?", "", (), MUST),
        ("Finansieringsplan; ved oppstart og ved evt. videreføring av prosjekt/pilot", "", (), MUST),
        ("Tidligere eller annen finansiering", "For eksempel midler fra Statsforvalteren, og for hvilket år.", (), MAY),
    ]  # fmt: skip
    assert NORD.budget.other_funding


@pytest.mark.requirement("R80", "R81", "R94")
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


@pytest.mark.requirement("R23", "R53", "R64", "R95", "R110", "R140")
def test_choices_and_dates_of_2025():
    codes = ("owners", "service-areas", "patient-groups", "involved", "agreement-date", "planned-start")
    assert asked(NORD, *codes) == [
        ("Prosjekteiere", "En organisasjon, et utvalg (FSU) eller flere sammen.", (), MUST),
        ("Hvilke DPS-områder gjelder tiltaket?", "Velg dersom tiltaket dekker et større område enn kommunene som søker.", (), MAY),
        ("Målgruppe", "", (), MAY),
        ("Hvem er involvert?", "", (), MAY),
        (
            "Dato for signert avtale om felles søknad (legges ved)",
            "Når dere legger ved en egen avtale. Signerer dere i portalen, står datoen ved hver signatur.",
            (),
            MAY,
        ),
        ("Planlagt driftsstart", "Evalueringen legges fram for SSU seinest etter 9 måneder med drift.", (), MUST),
    ]  # fmt: skip


@pytest.mark.requirement("R75", "R78", "R89", "R96", "R103", "R113")
def test_tables_and_attachments_of_2025():
    labels = [
        (label, answering)
        for label, _help, _prompts, answering in asked(NORD, "benefit-table", "budget", "attachments")
    ]
    assert labels == [
        ("Forventet nytte – tabell for beskrivelse av effekt/nytteverdi", MAY),
        ("Budsjett", MUST),
        ("Vedlegg", MUST),
    ]
    assert NORD.question("attachments").help == "Budsjett må legges ved søknaden."
    assert NORD.budget.introduction == (
        "Oppgi hele kroner per år, med både tilskudd og egeninnsats. Egeninnsats kan være personell, administrasjon "
        "eller data, og trenger ikke være penger."
    )


@pytest.mark.requirement("R119", "R140", "R147")
def test_evaluation_of_2025():
    form = [(item.label, item.help, item.answer) for part in NORD.follow_up.evaluation_form for item in part.questions]
    assert form == [
        ("Hva er gjennomført, og hva er resultatene?", "", "required"),
        ("Hvilke effekter er målt?", "Sammenlign med planen for hver nytte.", "required"),
        (
            "Hvordan er erfaringene delt, og hvor kan tiltaket spres?",
            "For eksempel regionale samhandlingsarenaer, konferanser og skriftlige rapporter.",
            "required",
        ),
        ("Avvik og usikkerhet", "", "optional"),
        ("Hva skjer videre?", "For eksempel plan for endringsarbeid, søknad om hovedprosjekt, forslag til FSU.", "optional"),
    ]  # fmt: skip


@pytest.mark.requirement("R33", "R34", "R36", "R37", "R38", "R39", "R40", "R51", "R52", "R54", "R61", "R62", "R112")
def test_what_the_criteria_of_2024_read():
    codes = (
        "cooperation-model", "models", "focus-areas", "declaration-aims", "basis", "principles", "national-aims",
        "existing-cooperation", "dialogue", "spread", "involvement", "involved", "sites",
    )  # fmt: skip
    cooperation = (
        "Samordning og/eller samlokalisering av tjenester, digitale løsninger, kompetansedeling, kombinasjonsstillinger etc.",
        "Beskrivelser av felles driftsmodeller vektlegges",
    )
    assert asked(TROMS, *codes) == [
        ("Beskriv samarbeidsmodellen mellom primær- og spesialisthelsetjenesten", "", cooperation, MUST),
        ("Hvilke av arbeidsgruppe 5 sine modeller bygger tiltaket på?", TROMS.taxonomy("modeller").introduction, (), MAY),
        ("Hvilke felles satsinger hører tiltaket til?", "", (), MAY),
        ("Hvilke mål i Ishavserklæringen 2024–2027 støtter tiltaket?", TROMS.taxonomy("ishavserklaeringen").introduction, (), MAY),
        ("Hvordan bygger tiltaket på forslagene og målene?", "", (), MAY),
        ("Hvilke prinsipper bygger tiltaket på?", "", (), MAY),
        ("Hvilke nasjonale mål støtter tiltaket?", "Innbyggerne og helsepersonellet skal oppleve at:", (), MAY),
        ("Hvilket eksisterende samarbeid styrkes?", "For eksempel etablerte team.", (), MAY),
        ("Hvordan gir tiltaket mer og bedre faglig dialog?", "", (), MUST),
        ("Hva er spredningspotensialet til øvrige kommuner og enheter i UNN?", "", (), MUST),
        ("Hvordan involveres brukere og/eller fastleger?", "", (), MUST),
        ("Hvem er involvert?", "", (), MAY),
        ("Hvilke av UNNs lokalisasjoner tar tiltaket utgangspunkt i?", "", (), MAY),
    ]  # fmt: skip


@pytest.mark.requirement("R35", "R66", "R68", "R69", "R70", "R71", "R74", "R82", "R91", "R93", "R101", "R140")
def test_what_2024_asks_as_2025_does():
    codes = (
        "project-name", "description", "patient-groups", "municipalities", "municipality-contacts", "hospital-trusts",
        "hospital-contacts", "other-partners", "unn-aims", "action-plan", "project-plan", "milestones", "planned-start",
        "earlier-funding",
    )  # fmt: skip
    assert [(label, prompts, answering) for label, _help, prompts, answering in asked(TROMS, *codes)] == [
        ("Navn på prosjekt/pilot", (), MUST),
        ("Kort beskrivelse av prosjektet/piloten", DESCRIPTION, MUST),
        ("Hvilke pasientgrupper gjelder det?", (), MUST),
        ("Kommune(r)", (), MAY),
        ("Kontaktperson(er), kommune", (), MAY),
        ("Helseforetak", (), MAY),
        ("Kontaktperson, helseforetak", (), MAY),
        ("Andre partnere", (), MAY),
        ("Hvilke mål i «Vi fornyer UNN», område 5, støtter tiltaket?", (), MAY),
        ("Hører tiltaket til i handlingsplanen?", (), MAY),
        ("Prosjektplan, inkludert evalueringspunkter", (), MUST),
        ("Milepæler og ansvarlige", (), MAY),
        ("Planlagt driftsstart", (), MUST),
        ("Tidligere eller annen finansiering", (), MAY),
    ]


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
    assert INNLANDET.form.is_initiative
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


@pytest.mark.requirement("R12", "R31", "R43", "R49", "R50", "R65", "R88", "R96")
def test_the_rest_of_an_initiative():
    codes = (
        "initiative-name",
        "owners",
        "initiative-kind",
        "criteria-met",
        "criteria-reason",
        "capacity",
        "own-financing",
        "budget",
    )
    assert [(label, answering) for label, _help, _prompts, answering in asked(INNLANDET, *codes)] == [
        ("Navn på initiativet", MUST),
        ("Hvem melder inn initiativet?", MUST),
        ("Hva gjelder initiativet?", MUST),
        ("Hvilke kriterier innfrir initiativet?", MUST),
        ("Hvordan innfris kriteriene?", MUST),
        ("Hvilken kapasitet krever gjennomføringen hos partnerne?", MAY),
        ("Hvordan har partnerne dekket et vesentlig ressursbehov basert på egenfinansiering eller tilskuddsmidler?", MUST),
        ("Beløp og bruk", MUST),
    ]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.requirement("R107")
def test_the_form_is_introduced_by_the_rounds_own_dates_and_addresses(client, house):
    """Another deadline and another receiver in the file are another text on the pages."""
    data = NORD.to_data()
    data["dates"] |= {"closes": "2025-03-08 24:00", "forward_by": "2025-04-11 24:00"}
    data["stages"][0]["deadline"] = "2025-04-11 24:00"
    data["communities"][0]["receiver"] = {"role": "Nytt postmottak", "email": "nytt@example.org"}
    round_ = factories.round_of(type(NORD).model_validate(data), at=NORD.dates.announced - timedelta(days=9))
    form = client.get(f"/rounds/{round_.code}/questions/").text
    for words in (
        "Felles søknad utarbeides i samarbeid mellom kommune(r) og helseforetak",
        "8. mars 2025",
        "11. april 2025",
    ):
        assert words in form, words
    page = client.get(round_.get_absolute_url()).text
    for words in ("8. mars 2025", "11. april 2025", "Nytt postmottak", "nytt@example.org"):
        assert words in page, words
    assert ("1. mars 2025" in page, "post.unn@example.org" in page) == (False, False)
