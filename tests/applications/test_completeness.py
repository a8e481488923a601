"""What is missing or inconsistent, held against the three real rounds."""

from datetime import timedelta

import pytest

from applications import completeness
from applications.models import Application, Benefit, BudgetLine, Contact, PartnerRole
from portal.clock import local_date
from tests import factories
from tests.applications import world

pytestmark = pytest.mark.django_db

UNSIGNED = [
    "Tromsø kommune har ikke signert den teksten som står nå.",
    "Senja kommune har ikke signert den teksten som står nå.",
    "Universitetssykehuset Nord-Norge HF har ikke signert den teksten som står nå.",
]
# An empty draft with its partners: all that the round asks for, in the order of the form.
EMPTY = {
    "troms-ofoten-2024": [
        "Fyll ut «Kort beskrivelse av prosjektet/piloten».",
        "Velg et svar på «Hvilke pasientgrupper gjelder det?».",
        "Velg et svar på «Hvilken fase gjelder søknaden?».",
        "Fyll ut «Prosjekteiere».",
        "Fyll ut «Beskriv samarbeidsmodellen mellom primær- og spesialisthelsetjenesten».",
        "Fyll ut «Hvordan gir tiltaket mer og bedre faglig dialog?».",
        "Svar på «Digitale løsninger», eller kryss av for at det ikke er relevant.",
        "Fyll ut «Beskriv rekrutteringseffekten av tilskuddet».",
        "Fyll ut «Beskriv samhandlingseffekten av tilskuddet».",
        "Fyll ut «Hva er spredningspotensialet til øvrige kommuner og enheter i UNN?».",
        "Fyll ut «Hvordan involveres brukere og/eller fastleger?».",
        "Fyll ut «Prosjektplan, inkludert evalueringspunkter».",
        "Fyll ut «Planlagt driftsstart».",
        "«Gevinstrealiseringsplan» må ha minst 1 rad. Dere har 0.",
        "Fyll ut «Beskriv egeninnsatsen, og hvordan samhandlingsmidler skal delfinansiere satsingen».",
        "Skriv hvor mye dere søker om, i hele kroner.",
        "Budsjettet er tomt. Legg til minst én kostnad.",
        "Velg et svar på «Går noe av pengene til private virksomheter, for eksempel fastleger?».",
        "Bekreft «Ingen pasientopplysninger».",
        *UNSIGNED,
    ],
    "helse-nord-2025": [
        "Fyll ut «Prosjekteiere».",
        "Velg et svar på «Hvilken fase gjelder søknaden?».",
        "Legg ved «Signert avtale om felles søknad», eller la alle partnerne signere i portalen.",
        "Fyll ut «Kort beskrivelse av prosjektet/piloten».",
        "Fyll ut «Hvilken nytte forventes av prosjektet/piloten?».",
        "Fyll ut «Beskriv kort hvordan tiltaket støtter opp om formålet med tilskuddsordningen?».",
        "Fyll ut «Hvor mye søkes det om og hva skal midlene benyttes til?».",
        "Fyll ut «Hvilke ressurser bidrar kommunen(e) med?».",
        "Fyll ut «Hvilke ressurser bidrar helseforetaket med?».",
        "Fyll ut «Finansieringsplan; ved oppstart og ved evt. videreføring av prosjekt/pilot».",
        "Skriv hvor mye dere søker om, i hele kroner.",
        "Budsjettet er tomt. Legg til minst én kostnad.",
        "Velg et svar på «Går noe av pengene til private virksomheter, for eksempel fastleger?».",
        (
            "Svar på «Hvem har ansvaret for pasienten(e) ved gjennomføringen av tiltaket (ved relevans)?», "
            "eller kryss av for at det ikke er relevant."
        ),
        (
            "Svar på «Hvordan kan tiltak som omhandler innovasjon og implementering av digitale løsninger for "
            "samhandling lede fram mot felles regionale løsninger på sikt (ved relevans)?», "
            "eller kryss av for at det ikke er relevant."
        ),
        "Fyll ut «Prosjektplan, inkludert evalueringspunkter».",
        "Fyll ut «Planlagt driftsstart».",
        "Fyll ut «Involvering av brukere, tillitsvalgte og vernetjenesten».",
        "Legg ved «Budsjett».",
        "Bekreft «Ingen pasientopplysninger».",
        *UNSIGNED,
    ],
    "innlandet-2024": [
        "Fyll ut «Hvem melder inn initiativet?».",
        "Velg et svar på «Hva gjelder initiativet?».",
        (
            "Initiativet innfrir ingen av de tre kriteriene for prioritering av midlene: drift, utvikling eller "
            "implementering. Minst ett må innfris. Se eksemplene for hvert kriterium, og velg det initiativet svarer "
            "på."
        ),
        "Fyll ut «Hvordan innfris kriteriene?».",
        (
            "Fyll ut «Hvordan understøtter initiativet formålet med Helsefellesskap Innlandet, Samarbeidsavtalen og "
            "Strategiplan med handlingsdel?»."
        ),
        (
            "Velg et svar på «Anmerke om initiativet treffer de nasjonale føringene om hva tilskuddet kan benyttes til "
            "jfr Prop.104S (2023-2024) eller andre behov»."
        ),
        "Fyll ut «Hvilken utfordring skal initiativet løse?».",
        "Fyll ut «Hvilket behov skal midlene dekke?».",
        (
            "Fyll ut «Hva er forventet effekt for innbygger, sykehus, kommune, i tråd med gevinstanalyse i "
            "felles modell for tjenesteutvikling?»."
        ),
        (
            "Svar på «Er felles oppstartsfase med gevinstanalyse gjennomført?», eller kryss av for at det ikke er "
            "relevant."
        ),
        "Skriv hvor mye dere søker om, i hele kroner.",
        "Budsjettet er tomt. Legg til minst én kostnad.",
        (
            "Fyll ut «Hvordan har partnerne dekket et vesentlig ressursbehov basert på egenfinansiering eller "
            "tilskuddsmidler?»."
        ),
        "Bekreft «Ingen pasientopplysninger».",
        *UNSIGNED,
    ],
}


def sentences(application, at, **options):
    read = Application.objects.get(pk=application.pk)
    return [problem.sentence for problem in completeness.check(read, at=at, **options).problems]


def warnings(application, at):
    return [item.sentence for item in completeness.check(Application.objects.get(pk=application.pk), at=at).warnings]


@pytest.mark.requirement(
    "R46", "R47", "R74", "R75", "R76", "R77", "R80", "R81", "R82", "R83", "R84", "R85", "R87", "R88"
)
@pytest.mark.parametrize("code", world.ROUNDS)
def test_empty_draft_lacks_all_that_the_round_asks_for(house, code):
    round_ = world.real_round(code)
    at = world.open_moment(round_)
    assert sentences(world.draft(house, round_, at=at), at) == EMPTY[code]


@pytest.mark.parametrize("code", world.ROUNDS)
def test_whole_application_lacks_only_signatures_and_then_nothing(house, code):
    round_ = world.real_round(code)
    at = world.open_moment(round_)
    application = world.whole(house, round_, at=at, signed=False)
    assert sentences(application, at) == UNSIGNED
    world.sign_all(house, application, at)
    assert sentences(application, at) == []


def test_problems_lead_to_their_place(house, northern, at):
    problems = completeness.missing(world.draft(house, northern, at=at), at=at)
    places = {(item.page, item.section, item.anchor) for item in problems if item.page != "section"}
    partners = Application.objects.get().partners.all()
    assert places == {
        ("attachments", "agreement", "id_agreement-file"),
        ("budget", "budget", "id_budget"),
        ("attachments", "attachments", "id_attachments"),
        *(("signatures", "", f"partner-{partner.pk}") for partner in partners),
    }


@pytest.mark.requirement("R82", "R94")
def test_blank_project_plan_is_caught(application, at):
    """R94."""
    world.set_answer(application, "project-plan", "  \n")
    assert sentences(application, at)[0] == "Fyll ut «Prosjektplan, inkludert evalueringspunkter»."


@pytest.mark.requirement("R96")
def test_amount_is_asked_for(application, at):
    """R96: document 003 states no amount."""
    Application.objects.update(requested_amount=None)
    assert sentences(application, at)[0] == "Skriv hvor mye dere søker om, i hele kroner."


@pytest.mark.requirement("R108")
@pytest.mark.parametrize(("days", "is_refused"), [(-1, False), (0, False), (1, True)])
def test_agreement_date_must_not_be_in_the_future(house, application, at, days, is_refused):
    world.set_answer(application, "agreement-date", f"{local_date(at) + timedelta(days=days)}")
    world.sign_all(house, application, at)
    texts = ["«Dato for signert avtale om felles søknad (legges ved)» er 23.02.2025. Datoen kan ikke være fram i tid."]
    assert sentences(application, at) == (texts if is_refused else [])


@pytest.mark.requirement("R108")
@pytest.mark.parametrize(("day", "is_refused"), [("2025-03-01", False), ("2025-03-02", True), ("2025-12-26", True)])
def test_agreement_date_must_not_be_after_the_deadline(house, unsigned, northern, day, is_refused):
    """R108: document 001 is dated 26.12.25, after the deadline of 1 March."""
    late = northern.closes_at + timedelta(days=400)
    world.set_answer(unsigned, "agreement-date", day)
    written = ".".join(reversed(day.split("-")))
    text = (
        f"«Dato for signert avtale om felles søknad (legges ved)» er {written}, men fristen er 01.03.2025. "
        "Datoen kan ikke være etter fristen."
    )
    assert [item for item in sentences(unsigned, late) if "Dato" in item] == ([text] if is_refused else [])


@pytest.mark.parametrize(("day", "is_refused"), [("2025-02-28", True), ("2025-03-01", False)])
def test_what_is_planned_cannot_begin_before_the_call_closes(unsigned, at, day, is_refused):
    """It was saved, signed and sent with a start three months past."""
    world.set_answer(unsigned, "planned-start", day)
    text = "«Planlagt driftsstart» er 28.02.2025, men fristen er 01.03.2025. Datoen kan ikke være før fristen."
    assert [item for item in sentences(unsigned, at) if "Planlagt" in item] == ([text] if is_refused else [])


INCONSISTENT = {
    "text too long": (
        lambda app: world.set_answer(app, "project-plan", "x" * 8_012),
        "«Prosjektplan, inkludert evalueringspunkter» kan ha høyst 8\u00a0000 tegn. Teksten er 12 tegn for lang.",
    ),
    "not relevant where it always is": (
        lambda app: world.set_answer(app, "project-plan", {"not_relevant": True}),
        "«Prosjektplan, inkludert evalueringspunkter» må besvares.",
    ),
    "explanation missing": (
        lambda app: world.set_answer(app, "private-recipients", {"value": True, "text": " "}),
        (
            "Svar også på «Hvem, og hvor mye?» under «Går noe av pengene til private virksomheter, for eksempel "
            "fastleger?»."
        ),
    ),
    "unknown choice": (
        lambda app: world.set_answer(app, "phase", {"value": "no-such", "other": ""}),
        "Velg et svar på «Hvilken fase gjelder søknaden?».",
    ),
    "other without words": (
        lambda app: world.set_answer(app, "involved", {"values": ["other"], "other": ""}),
        "Skriv hva «Andre» er, under «Hvem er involvert?».",
    ),
    "row without its required column": (
        lambda app: world.set_answer(app, "milestones", [{"milestone": "", "when": "", "responsible": "Senja"}]),
        "Fyll ut «Milepæl» i rad 1 under «Tidsplan og milepæler».",
    ),
    "declaration taken back": (
        lambda app: world.set_answer(app, "no-patient-data", value=False),
        "Bekreft «Ingen pasientopplysninger».",
    ),
    "grant below": (
        lambda _app: BudgetLine.objects.filter(source="grant").update(amount=400_000),
        (
            "Budsjettet bruker 400\u00a0000\u00a0kr av tilskuddet, men dere søker om 450\u00a0000\u00a0kr. "
            "Det mangler 50\u00a0000\u00a0kr."
        ),
    ),
    "grant above": (
        lambda _app: BudgetLine.objects.filter(source="grant").update(amount=450_001),
        (
            "Budsjettet bruker 450\u00a0001\u00a0kr av tilskuddet, men dere søker om 450\u00a0000\u00a0kr. "
            "Det er 1\u00a0kr for mye."
        ),
    ),
    "year outside": (
        lambda _app: BudgetLine.objects.filter(source="own").update(year=2031),
        "Linje 2: Året er ikke et av årene som runden gjelder.",
    ),
    "no lead": (
        lambda app: app.partners.update(role=PartnerRole.PARTNER),
        "Velg hvilken organisasjon som er ansvarlig søker og mottar pengene.",
    ),
    "lead without number": (
        lambda app: app.partners.get(role="lead").organisation.__class__.objects.update(orgnr=None),
        "Tromsø kommune kan ikke være ansvarlig søker uten organisasjonsnummer.",
    ),
    "no contact": (
        lambda _app: Contact.objects.filter(name="Kontakt Sykehus").delete(),
        "Legg til minst én kontaktperson under «Kontaktperson».",
    ),
    "contact without a name": (
        lambda _app: Contact.objects.filter(name="Kontakt Sykehus").update(name=" "),
        "Skriv navnet på kontaktpersonen for Universitetssykehuset Nord-Norge HF under «Kontaktperson».",
    ),
    "cost shift without words": (
        lambda app: world.set_answer(app, "budget-cost-shift", {"value": True, "text": ""}),
        "Beskriv hvem som får økte kostnader, og hvem som får innsparinger.",
    ),
    "budget file missing": (
        lambda app: app.attachments.filter(kind="budget").delete(),
        "Legg ved «Budsjett».",
    ),
    "too many of one kind": (
        lambda app: [world.add_attachment(app, "budget", 10 + number, app.updated_at) for number in range(3)],
        "Dere kan legge ved høyst 3 av typen «Budsjett».",
    ),
}


@pytest.mark.requirement("R71", "R78")
@pytest.mark.parametrize("name", INCONSISTENT)
def test_inconsistency_has_its_sentence(unsigned, at, name):
    change, text = INCONSISTENT[name]
    change(unsigned)
    assert [item for item in sentences(unsigned, at) if item not in UNSIGNED] == [text]


@pytest.mark.requirement("R70")
def test_hospital_trust_and_municipality_are_asked_for(house, unsigned, at):
    unsigned.partners.filter(organisation=house.trust).delete()
    assert [item for item in sentences(unsigned, at) if item not in UNSIGNED] == [
        "Legg til minst én under «Helseforetak».",
        "Dere må ha med minst ett helseforetak.",
    ]


@pytest.mark.requirement("R118")
def test_second_band_of_the_benefit_table_may_cover_several_rows(house):
    """R118: seven benefits and one horizon cell are a whole table."""
    round_ = world.real_round("troms-ofoten-2024")
    at = world.open_moment(round_)
    application = world.whole(house, round_, at=at, signed=False)
    world.add_benefit(application, horizon="")
    assert sentences(application, at) == UNSIGNED
    Benefit.objects.update(horizon="", responsible="")
    assert sentences(application, at) == [
        "Fyll ut «Ansvarlig for gjennomføring» i rad 1 i «Gevinstrealiseringsplan».",
        "Fyll ut «Ansvarlig for gjennomføring» i rad 2 i «Gevinstrealiseringsplan».",
        "Fyll ut «Tidshorisont» for minst én rad i «Gevinstrealiseringsplan».",
        *UNSIGNED,
    ]


@pytest.mark.requirement("R43")
@pytest.mark.parametrize(
    ("met", "passes"),
    [
        ([], False),
        (["operation"], True),
        (["development"], True),
        (["implementation"], True),
        (["operation", "development", "implementation"], True),
    ],
)
def test_initiative_passes_the_gate_with_one_criterion_of_three(house, met, passes):
    """None is stopped with the round's own words."""
    round_ = world.real_round("innlandet-2024")
    at = world.open_moment(round_)
    application = world.whole(house, round_, at=at, signed=False)
    world.set_answer(application, "criteria-met", {"values": met, "other": ""})
    assert sentences(application, at) == [*([] if passes else [round_.spec.gates[0].refusal]), *UNSIGNED]


@pytest.mark.requirement("R72")
def test_same_contact_on_both_sides_is_a_warning(application, at):
    """R72."""
    Contact.objects.filter(name="Kontakt Sykehus").update(name="Kontakt Kommune", email="kontakt.kommune@example.org")
    assert warnings(application, at) == [
        "Kontakt Kommune er kontaktperson både for kommune og helseforetak. Det er i orden hvis det er meningen."
    ]


def test_contacts_without_address_are_not_taken_for_one_person(application, at):
    Contact.objects.update(email="")
    assert warnings(application, at) == []


@pytest.mark.requirement("R7", "R84")
def test_application_without_own_contribution_is_a_warning(application, at):
    BudgetLine.objects.filter(source="own").delete()
    assert warnings(application, at) == ["Dere har ikke ført noen egeninnsats i budsjettet."]


@pytest.mark.requirement("R20")
def test_owner_may_be_a_body(house, unsigned, at):
    """R20."""
    unsigned.answers.filter(question="owners").delete()
    Application.objects.update(owner_body=house.fsu)
    assert sentences(unsigned, at) == UNSIGNED


@pytest.mark.requirement("R91")
def test_supporter_need_not_sign(house, unsigned, at):
    """R91."""
    unsigned.partners.filter(organisation=house.partner).update(role=PartnerRole.SUPPORTER)
    assert sentences(unsigned, at) == [UNSIGNED[0], UNSIGNED[2]]


def test_signature_on_another_text_does_not_count(application, at):
    world.set_answer(application, "project-plan", "En annen plan")
    assert sentences(application, at) == UNSIGNED


def test_check_takes_seven_queries(application, at, django_assert_num_queries):
    read = Application.objects.select_related("round", "community", "owner_body").get(pk=application.pk)
    with django_assert_num_queries(7):
        completeness.check(read, at=at)


@pytest.mark.fault("D4")
def test_a_joint_application_that_is_required_has_both_sides(house, at):
    spec = factories.changed(factories.definition("troms-ofoten-2024"), applicants={"joint": "required"})
    draft = world.draft(house, factories.round_of(spec))
    draft.partners.exclude(organisation__kind="municipality").delete()
    sentence = "Runden krever en felles søknad. Både en kommune og et helseforetak må være søker eller partner."
    told = [problem.sentence for problem in completeness.missing(draft, at=world.open_moment(draft.round))]
    assert told.count(sentence) == 1


@pytest.mark.fault("D4")
def test_the_leads_own_signature_is_not_the_partners_agreement(house, at):
    """With ``signing: lead`` the agreement must be enclosed; with «off» nobody asks for it."""
    asks = "Legg ved «Signert avtale om felles søknad», eller la alle partnerne signere i portalen."
    told = {}
    for rules in ({"signing": "lead"}, {"agreement": "off"}):
        spec = factories.changed(factories.definition("helse-nord-2025"), code=f"r-{len(told)}", applicants=rules)
        draft = world.draft(house, factories.round_of(spec))
        problems = completeness.missing(draft, at=world.open_moment(draft.round))
        told[next(iter(rules))] = asks in [problem.sentence for problem in problems]
    assert told == {"signing": True, "agreement": False}
