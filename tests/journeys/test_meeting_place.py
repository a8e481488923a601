"""«Hvor er samhandlingsrommet?»: seven municipalities and UNN, from an empty form to an evaluation."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from applications.covering import numbers_text
from applications.models import Application
from evaluation.followup.tasks import put_up_waiting
from portal import clock
from portal.formats import date_in_words
from portal.reminders.tasks import remind
from tests.journeys.journey import text_of, words_of
from tests.journeys.steps import applying, assessing, deciding, following, meeting, signing
from tests.journeys.steps.assessing import Turn

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

WORDS = words_of("samhandlingsrommet")
ROUND = "Rekrutterings- og samhandlingstilskudd i Helse Nord 2025"
UNN = "Universitetssykehuset Nord-Norge HF"
WRITER = "Prosjektleder Senja"
SECRETARY = "Samhandlingsleder kommunene"
REGION = "Regional rådgiver"
COMMITTEE = (
    "Leder Tildelingsutvalget",
    "Nestleder Tildelingsutvalget",
    "Tildelingsutvalg Finnmark",
    "Tildelingsutvalg Finnmarkssykehuset",
    "Tildelingsutvalg Helgelandssykehuset",
)
SIGNATORIES = {
    **{f"{name} kommune": f"Kommunedirektør {name}" for name in WORDS["municipalities"]},
    UNN: "Direktør UNN",
}
IN_KIND = "Arbeidstid og annet"
# The document states no amount (R96); this budget is the journey's own.
COSTS = [
    ("Frikjøp av ansatte, kommune", "Prosjektleder i seks måneder", "Tilskuddet", "350 000", None),
    ("Frikjøp av ansatte, helseforetak", "Spesialister i arbeidsgruppene", "Tilskuddet", "200 000", None),
    ("Fasilitering og prosjektledelse", "Samlinger", "Tilskuddet", "40 000", None),
    ("Annet", "Fagpersonell til arbeidsgrupper", "Senja kommune", "150 000", IN_KIND),
    ("Annet", "Dataanalyse av pasientforløp", UNN, "100 000", IN_KIND),
]


@pytest.mark.requirement("R15", "R16", "R17", "R96", "R118", "R140")
def test_meeting_place(journey):
    round_ = journey.open_round("helse-nord-2025")
    page = journey.sign_in(WRITER)
    code = the_words_are_typed_in(journey, page, round_.spec)
    the_portal_asks_for_the_amount(journey, page, code)
    all_partners_sign_and_sign_again(journey, page, code)
    it_is_sent(journey, page, code)
    journey.until_closed(round_)
    home = Turn(round_, "community", "troms-ofoten")
    the_secretariat_checks_it(journey, code)
    two_assessors_score_it(journey, code, home, SECRETARY, {"Vurderer kommunene": "2", "Vurderer UNN": "3"})
    it_is_prioritised_and_forwarded(journey, code, home)
    region = Turn(round_, "region", "region")
    two_assessors_score_it(journey, code, region, REGION, {"Regional samhandlingssjef": "3"})
    the_region_recommends_it(journey, code, region)
    number = the_committee_votes(journey)
    the_letter_is_sent(journey, number)
    the_project_starts(journey, code)
    the_evaluation_comes_before_the_ssu(journey, code)
    assert Application.objects.get().status == "evaluated"


def the_words_are_typed_in(journey, page, spec):
    """The form as the document fills it in, section by section."""
    code = applying.start(page, ROUND, WORDS["title"])
    journey.look(page, "task-list")
    applying.add_partners(page, code, [partner for partner in SIGNATORIES if partner != WORDS["lead"]])
    for partner, title in ((WORDS["lead"], "Prosjektleder"), (UNN, "Samhandlingsrådgiver")):
        email = f"{title.lower().replace('å', 'a')}@example.org"
        applying.add_contact(page, code, partner, name=f"Kontakt {title.lower()}", title=title, email=email)
    journey.look(page, "partners")
    applying.open_section(page, code, "project")
    journey.look(page, "section")
    applying.write_form(page, code, spec, WORDS["answers"] | our_own(journey))
    write_the_benefit_table(journey, page, code)
    return code


def our_own(journey):
    """What the document leaves open, and the form asks for."""
    return {
        "owners": "\n".join(WORDS["owners"]),
        "phase": "preliminary",
        "agreement-date": f"{journey.now:%d.%m.%Y}",
        "patient-groups": ["skropelige-eldre", "kroniske-sykdommer"],
        "financing-plan": "Forprosjektet betales av tilskuddet. Partene dekker drift etterpå.",
        "private-recipients": "no",
        "digital--not-relevant": True,
        "digital--reason": "Prosjektet innfører ingen nye digitale løsninger.",
        "milestones": [{"milestone": text} for text in WORDS["milestones"]],
        "planned-start": journey.planned_start,
        "involved": ["user-committee", "disability-council", "safety"],
        "no-patient-data": True,
    }


def write_the_benefit_table(journey, page, code):
    """Seven benefits, and three rows of measurement that cover several of them (R118)."""
    columns = ("measurement", "preconditions", "freed_resources", "horizon_text")
    rows = [{column: row[column] for column in columns} for row in WORDS["measurements"]]
    measured = dict(zip((2, 5, 4), rows, strict=True))
    measured[2] |= {"covers": "1 og 3", "horizon": "short"}
    measured[4] |= {"covers": "6 og 7"}
    applying.write_benefits(page, code, WORDS["benefits"], measured)
    journey.look(page, "benefits")
    held = list(Application.objects.get().benefits.order_by("position"))
    assert [row.benefit for row in held] == [row["benefit"] for row in WORDS["benefits"]]
    keys = [row.key for row in held]
    assert [(row.measurement, numbers_text(row.covers, keys, "og")) for row in held if row.measurement] == [
        (rows[0]["measurement"], "1 og 3"),
        (rows[2]["measurement"], "6 og 7"),
        (rows[1]["measurement"], ""),
    ]


def the_portal_asks_for_the_amount(journey, page, code):
    """R96: the document states none. Then a budget that does not add up, and one that does."""
    assert "Skriv hvor mye dere søker om, i hele kroner." in signing.missing(page, code)
    applying.write_budget(page, code, "600 000", COSTS)
    wrong = "Budsjettet bruker 590 000 kr av tilskuddet, men dere søker om 600 000 kr. Det mangler 10 000 kr."
    expect(page.get_by_text(wrong).first).to_be_visible()
    journey.look(page, "budget")
    page.get_by_role("button", name="Samlinger").click()
    page.locator('[name="budget-2-amount"]').fill("50 000")
    applying.save_budget(page)
    expect(page.get_by_text(wrong)).to_have_count(0)
    expect(page.get_by_text("Tilskuddet i budsjettet er likt søknadsbeløpet.")).to_be_visible()


def all_partners_sign_and_sign_again(journey, page, code):
    """The agreement and the budget are uploaded; a signature locks the text, and does not count on another one."""
    applying.attach(page, code, "Signert avtale om felles søknad", "Intensjonsavtale")
    applying.attach(page, code, "Budsjett", "Budsjett for forprosjektet")
    journey.look(page, "attachments")
    assert [text.startswith("Ikke signert: ") for text in signing.missing(page, code)] == [True]
    director = journey.page_of("Kommunedirektør Bardu")
    signing.open_signing(director, code, "Bardu kommune")
    journey.look(director, "sign")
    signing.sign(director, code, "Bardu kommune")
    signing.is_signed(director, "Bardu kommune")
    journey.look(director, "signatures")
    signing.open_text(page, code)
    plan = WORDS["answers"]["project-plan"] + " Rapporten legges fram for SSU."
    applying.write_section(page, code, "plan", {"project-plan": plan})
    journey.work()
    assert "Bardu kommune" in signing.unsigned(page, code)
    # The mail waits until nobody has changed the text for half an hour.
    assert journey.inbox.to("kommunedirektor.bardu@example.org") == []
    signing.all_sign(journey, code, SIGNATORIES)


def it_is_sent(journey, page, code):
    """Checked, sent, and a receipt by mail with the frozen text as PDF."""
    signing.missing(page, code)
    journey.look(page, "check")
    receipt = signing.submit(page, code)
    journey.look(page, "receipt")
    journey.work()
    page.reload()
    sent = text_of(journey.download(page, "Last ned", "soknad.pdf"))
    for words in (receipt, WORDS["title"], "600 000 kr", WORDS["benefits"][6]["benefit"], "Kommunedirektør Bardu"):
        assert words in sent, words
    assert len(journey.inbox.to("post.unn@example.org")) == 1


# --- the helsefellesskap -----------------------------------------------------------------------------


def the_secretariat_checks_it(journey, code):
    page = journey.visit(SECRETARY, "assessment:round", "helse-nord-2025")
    expect(page.get_by_role("link", name=WORDS["title"])).to_be_visible()
    journey.look(page, "secretariat-list")
    assessing.check_and_admit(journey, page, code)


def two_assessors_score_it(journey, code, turn, secretary, points):
    """Set up, declared habil, scored on every criterion with reasons."""
    for person in points:
        assessing.assign(journey, journey.page_of(secretary), code, person)
    for person, given in points.items():
        page = journey.visit(person, "assessment:desk")
        journey.look(page, "desk")
        assessing.declare(journey, page, code)
        assessing.score(journey, page, code, turn, given)


def it_is_prioritised_and_forwarded(journey, code, turn):
    page = journey.page_of(SECRETARY)
    reason = "Favner hele Midt-Troms, med konkrete nytterader og forankring hos alle partene."
    assessing.recommend(journey, page, turn, code, outcome="Prioriteres", reason=reason)
    assert assessing.record_tasks(journey, page, turn, "SSU i møte, og arbeidsutvalget etter fullmakt.") == [
        "Registrer godkjenning",
        "Registrer vurdering",
    ]
    assessing.freeze(journey, page, turn)
    assessing.forward(journey, page, turn)
    journey.work()


# --- the region ----------------------------------------------------------------------------------------


def the_region_recommends_it(journey, code, turn):
    """The forwarded list is seen beside the others, and a list of its own is made for the meeting."""
    page = journey.visit(REGION, "assessment:lists", "helse-nord-2025")
    expect(page.get_by_role("link", name=WORDS["title"])).to_be_visible()
    journey.look(page, "lists")
    reason = "Høyest poeng, og med verdi for hele regionen."
    assessing.recommend(journey, page, turn, code, outcome="Innvilges", reason=reason)
    assert assessing.record_tasks(journey, page, turn, "Sekretariatet i møte.") == ["Registrer vurdering"]
    assessing.freeze(journey, page, turn)


def the_committee_votes(journey):
    """Five members vote on their own screens; the result stands on all of them within two seconds."""
    page = journey.page_of(REGION)
    number = meeting.plan(journey, page, "Tildelingsutvalg")
    first, allocation = meeting.add_list(journey, page, number, ROUND)
    meeting.call(journey, page, number)
    journey.work()
    assert len(journey.inbox.to("nestleder.tildelingsutvalget@example.org")) == 1
    journey.pass_time(days=2)
    room = meeting.Room(journey, REGION, number)
    room.enter(*COMMITTEE)
    meeting.open_meeting(room)
    against = {"Tildelingsutvalg Finnmark": "Avstår"}
    assert meeting.decide_by_vote(room, others=against) < 2
    meeting.go_on(room, allocation)
    meeting.decide_by_agreement(room)
    meeting.close_meeting(room)
    minutes = text_of(meeting.adopt_minutes(journey, room.leader, number, "Innkallingen ble godkjent."))
    for words in (f"Sak {first}", WORDS["title"], "600 000", "Innkallingen ble godkjent."):
        assert words in minutes, words
    return first


def the_letter_is_sent(journey, case):
    """The decision, the letter previewed, approved and sent, with the PDF in a real mail."""
    page = journey.page_of(REGION)
    deciding.make_decisions(journey, page, "helse-nord-2025")
    shown = deciding.write_letter(journey, page, "helse-nord-2025", WORDS["title"])
    assert case in shown
    letter = deciding.approve_and_send(journey, page, "Regional samhandlingssjef")
    for words in (WORDS["title"], "600 000", case, "Vedtaket kan ikke påklages."):
        assert words in text_of(letter), words
    mail = journey.inbox.to("prosjektleder@example.org")[-1]
    assert mail["Subject"].strip().startswith("«Hvor er samhandlingsrommet?»: vedtaket er klart")
    assert [part.get_content() for part in mail.iter_attachments()] == [letter]


# --- after the award ------------------------------------------------------------------------------------


def the_project_starts(journey, code):
    """Accepted by somebody who may bind Senja; started, and the evaluation due nine calendar months later."""
    planned = clock.local_date(journey.now) + timedelta(days=10)
    following.accept(journey, journey.page_of("Kommunedirektør Senja"), code, start=f"{planned:%d.%m.%Y}")
    journey.pass_time(days=14)
    started = clock.local_date(journey.now) - timedelta(days=2)
    due = following.report_start(journey, journey.page_of(WRITER), code, f"{started:%d.%m.%Y}")
    assert due == date_in_words(clock.add_months(started, 9))
    journey.pass_time(days=(clock.add_months(started, 9) - clock.local_date(journey.now)).days - 7)
    remind()
    journey.work()
    subject = journey.inbox.to("prosjektleder@example.org")[-1]["Subject"].strip()
    assert subject == f"«{WORDS['title']}»: skriv evalueringen"


def the_evaluation_comes_before_the_ssu(journey, code):
    """The benefit rows planned against actual; SSU gets it as a case in its next meeting."""
    answers = {
        "what-was-done": "Behovene er kartlagt, og tre modeller er beskrevet.",
        "effects": "Partene har én felles oversikt over innleggelser og reinnleggelser.",
        "spread": "Lagt fram på regional samhandlingsarena.",
    }
    planned = following.evaluate(journey, journey.page_of(WRITER), code, answers, spent="590 000")
    assert planned == [row["benefit"] for row in WORDS["benefits"]]
    page = journey.page_of(SECRETARY)
    number = meeting.plan(journey, page, "Strategisk samarbeidsutvalg")
    put_up_waiting()
    page.goto(f"/meetings/{number}/agenda/")
    expect(page.get_by_role("link", name=f"Evaluering: {WORDS['title']}")).to_be_visible()
    journey.visit(SECRETARY, "followup:overview")
    journey.look(page, "followup-overview")
