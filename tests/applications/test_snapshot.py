"""What is signed: canonical, the same however it is read, and changed by everything that is signed."""

import copy
from types import SimpleNamespace

import pytest
from django.utils import translation

from applications import snapshot
from applications.models import Application, Benefit, BudgetLine, Contact, Partner, PartnerRole
from applications.submissions import benefit_tables, differences
from portal.snapshots import canonical, frozen
from tests import factories
from tests.applications import world

pytestmark = pytest.mark.django_db


def sha(application):
    return snapshot.content_sha(Application.objects.get(pk=application.pk))


def question(content, code):
    return next(item for part in content["sections"] for item in part["questions"] if item["code"] == code)


@pytest.mark.parametrize("code", world.ROUNDS)
def test_content_is_plain_data_and_reads_the_same_twice(house, code):
    application = world.whole(house, world.real_round(code), signed=False)
    first = snapshot.content(application)
    second = snapshot.content(Application.objects.get(pk=application.pk))
    assert first == second == frozen(first)


def test_content_has_every_question_in_the_order_of_the_form(unsigned):
    content = snapshot.content(unsigned)
    spec = unsigned.round.spec
    assert [part["code"] for part in content["sections"]] == [section.code for section in spec.sections]
    assert [item["code"] for part in content["sections"] for item in part["questions"]] == [
        item.code for item in spec.questions
    ]


def test_content_says_answers_in_words(unsigned):
    content = snapshot.content(unsigned)
    texts = {item["code"]: item["text"] for part in content["sections"] for item in part["questions"]}
    assert texts["project-name"] == "Hvor er samhandlingsrommet?"
    assert texts["municipalities"] == "Tromsø kommune\nSenja kommune"
    assert texts["hospital-contacts"] == (
        "Kontakt Sykehus, Rådgiver (Universitetssykehuset Nord-Norge HF), kontakt.sykehus@example.org"
    )
    assert texts["phase"] == "Forprosjekt"
    assert texts["private-recipients"] == "Nei"
    assert texts["agreement-date"] == "22.02.2025"
    assert texts["milestones"] == "Etablere styringslinjer – 22.02.2025 – Etablere styringslinjer"
    assert texts["no-patient-data"].startswith("Bekreftet: Søknaden og vedleggene inneholder ikke")
    assert (texts["budget"], texts["benefit-table"]) == ("", "")


@pytest.mark.requirement("R95", "R101", "R102", "R109", "R145", "R150")
@pytest.mark.parametrize("code", world.ROUNDS)
def test_every_answer_is_frozen_in_words(house, code):
    """What is written under a question is read under that question by those who assess."""
    application = world.whole(house, world.real_round(code), signed=False)
    asked = {question.code for question in application.round.spec.questions if question.type not in world.STANDARD}
    questions = [item for part in snapshot.content(application)["sections"] for item in part["questions"]]
    assert {item["code"] for item in questions if item["code"] in asked and not item["text"]} == set()
    marked = {
        "communication": "Plan for å fortelle",
        "consequences": "Andre avdelinger",
        "working-groups": "To grupper",
    }
    for question in set(marked) & asked:
        world.set_answer(application, question, marked[question])
    frozen = {
        item["code"]: item["text"] for part in snapshot.content(application)["sections"] for item in part["questions"]
    }
    assert {question: frozen[question] for question in set(marked) & asked} == {
        question: marked[question] for question in set(marked) & asked
    }


@pytest.mark.requirement("R57", "R120")
def test_effects_for_each_party_and_drivers_are_shown_in_words(house):
    """They are stored and signed with the row; the version that is sent has their words, and its page a table."""
    application = world.whole(house, world.real_round("innlandet-2024"), signed=False)
    world.add_benefit(
        application, effects={"citizen": "Kortere vei", "hospital": "<b>Færre døgn</b>"}, drivers=["beon"]
    )
    content = snapshot.content(application)
    words = {"effects": {"citizen": "Innbygger", "hospital": "Sykehus"}, "drivers": {"beon": "Rett nivå"}}
    *_bands, table = benefit_tables({**content, "header": {"benefit_words": words}})
    assert [column.label for column in table.columns] == [
        "Rad", "Effekt for innbygger", "Effekt for sykehus", "Drivere",
    ]  # fmt: skip
    assert table.rows == [[str(len(content["benefits"])), "Kortere vei", "&lt;b&gt;Færre døgn&lt;/b&gt;", "Rett nivå"]]
    # A version without words, sent before: the codes; and none of that is a difference.
    *_bands, before = benefit_tables(content)
    assert [column.label for column in before.columns][1:3] == ["Effekt for citizen", "Effekt for hospital"]
    sent = {**content, "sent": {}, "header": {"benefit_words": words}}
    assert differences(content, sent) == []
    changed = copy.deepcopy(content)
    changed["benefits"][-1]["effects"]["citizen"] = "Lengre vei"
    (change,) = differences(changed, sent)
    assert "Innbygger: Lengre vei" in change.before
    assert "Innbygger: Kortere vei" in change.after


@pytest.mark.requirement("R57", "R120")
@pytest.mark.parametrize(("code", "effects", "drivers"), [("innlandet-2024", 3, 0), ("helse-nord-2025", 0, 8)])
def test_the_words_of_effects_and_drivers_are_those_of_the_round(code, effects, drivers):
    words = snapshot.benefit_words(factories.definition(code))
    assert (len(words["effects"]), len(words["drivers"])) == (effects, drivers)


def test_what_is_signed_has_no_more_text_than_before(unsigned):
    """The words of effects and drivers are kept beside it: they must not void what partners have signed."""
    assert "header" not in snapshot.content(unsigned)


@pytest.mark.requirement("R92", "R113", "R114", "R115", "R116", "R117", "R119")
def test_benefit_is_frozen_with_the_choices_and_the_words_of_each_column(unsigned):
    unsigned.benefits.all().delete()
    world.add_benefit(
        unsigned,
        benefit_kinds=["health", "travel"],
        beneficiaries=["patients", "society"],
        measure_kinds=["readmissions"],
        unit="prosent",
        baseline="44",
        target="12.5",
    )
    (row,) = snapshot.content(unsigned)["benefits"]
    assert row["cells"] == {
        "benefit": (
            "Redusert unødvendige sykehusinnleggelser gjennom bedre oppfølging i kommunen.\n"
            "Helsegevinst, Redusert reisevirksomhet"
        ),
        "beneficiaries": "Pasient/pårørende, Samfunnet\nPasienter, pårørende, sykehus.",
        "responsible": "Kommunehelsetjenesten, DMS Senja.",
        "measure": "Reinnleggelser\nMåling av reduksjon i sykehusinnleggelser og reinnleggelser.",
        "baseline": "44 prosent",
        "target": "12,5 prosent",
        "reporting": "Frigjort kapasitet, måles gjennom innleggelse og reinnleggelse.",
        "preconditions": "Oppgaveoverføring må være godt organisert og tilstrekkelig bemannet i kommunene.",
        "freed_resources": "Mer helse pr krone, ivaretagelse av flere pasienter.",
        "horizon": "Kort sikt (0–6 mnd)",
    }


def test_not_relevant_is_an_answer(unsigned):
    world.set_answer(unsigned, "digital", {"not_relevant": True})
    assert question(snapshot.content(unsigned), "digital")["text"] == "Ikke relevant"


@pytest.mark.requirement("R90")
def test_budget_adds_up_in_the_content(unsigned):
    totals = snapshot.content(unsigned)["budget"]["totals"]
    sums = {"grant": 450_000, "own_cash": 0, "own_in_kind": 150_000, "other": 0, "total": 600_000}
    assert {key: totals[key] for key in sums} == sums
    assert totals["by_year"][0] == {"year": 2025, **sums}
    assert totals["by_payer"] == [
        {"payer": "Tromsø kommune", **sums, "grant": 0, "total": 150_000},
    ]


def test_content_knows_sides_and_numbers_of_the_partners(unsigned):
    partners = snapshot.content(unsigned)["partners"]
    assert [(item["name"], item["orgnr"], item["side"], item["role"]) for item in partners] == [
        ("Tromsø kommune", "940101808", "municipality", "lead"),
        ("Senja kommune", partners[1]["orgnr"], "municipality", "partner"),
        ("Universitetssykehuset Nord-Norge HF", "983974899", "hospital", "partner"),
    ]


def test_hash_is_the_same_in_every_interface_language(unsigned):
    with translation.override("nb"):
        bokmal = sha(unsigned)
    with translation.override("en"):
        assert sha(unsigned) == bokmal


def test_hash_is_of_the_canonical_text(unsigned):
    content = snapshot.content(unsigned)
    shuffled = dict(reversed(content.items()))
    assert canonical(content) == canonical(shuffled)


SIGNED_CHANGES = {
    "title": lambda w: Application.objects.filter(pk=w.app.pk).update(title="Et annet navn"),
    "amount": lambda w: Application.objects.filter(pk=w.app.pk).update(requested_amount=1),
    "owner": lambda w: Application.objects.filter(pk=w.app.pk).update(owner_body=w.home.fsu),
    "answer": lambda w: world.set_answer(w.app, "project-plan", "En annen plan"),
    "choice": lambda w: world.set_answer(w.app, "phase", {"value": "pilot", "other": ""}),
    "answer removed": lambda w: w.app.answers.filter(question="description").delete(),
    "cost shift": lambda w: world.set_answer(w.app, "budget-cost-shift", {"value": True, "text": "UNN"}),
    "partner added": lambda w: Partner.objects.create(
        application=w.app, organisation=factories.organisation(), position=9
    ),
    "partner removed": lambda w: w.app.partners.filter(organisation=w.home.partner).delete(),
    "role": lambda w: w.app.partners.filter(organisation=w.home.partner).update(role=PartnerRole.SUPPORTER),
    "contact name": lambda _w: Contact.objects.filter(name="Kontakt Kommune").update(name="En Annen"),
    "contact e-mail": lambda _w: Contact.objects.filter(name="Kontakt Kommune").update(email="ny@example.org"),
    "contact title": lambda _w: Contact.objects.filter(name="Kontakt Kommune").update(title="Leder"),
    "benefit": lambda _w: Benefit.objects.update(benefit="En annen nytte"),
    "benefit target": lambda _w: Benefit.objects.update(target="91"),
    "benefit added": lambda w: world.add_benefit(w.app),
    "line amount": lambda _w: BudgetLine.objects.filter(source="own").update(amount=1),
    "line year": lambda _w: BudgetLine.objects.filter(source="own").update(year=2026),
    "line form": lambda _w: BudgetLine.objects.filter(source="own").update(form="cash"),
    "attachment added": lambda w: world.add_attachment(w.app, "other", 9, w.app.updated_at),
    "attachment title": lambda w: w.app.attachments.filter(number=1).update(title="Noe annet"),
}


@pytest.mark.parametrize("name", SIGNED_CHANGES)
def test_hash_changes_with_everything_that_is_signed(house, unsigned, name):
    before = sha(unsigned)
    SIGNED_CHANGES[name](SimpleNamespace(app=unsigned, home=house))
    assert sha(unsigned) != before


UNSIGNED_CHANGES = {
    "contact phone": lambda _w: Contact.objects.update(phone="99 99 99 99"),
    "time of change": lambda w: Application.objects.update(updated_at=w.app.round.closes_at),
    "answer version": lambda w: w.app.answers.update(version=7),
    "extension": lambda w: Application.objects.update(extended_until=w.app.round.closes_at),
    "same number written otherwise": lambda _w: Benefit.objects.update(target="90.5"),
}


@pytest.mark.parametrize("name", UNSIGNED_CHANGES)
def test_hash_is_untouched_by_what_nobody_signs(unsigned, name):
    before = sha(unsigned)
    UNSIGNED_CHANGES[name](SimpleNamespace(app=unsigned))
    assert sha(unsigned) == before


@pytest.mark.parametrize("rows", [1, 3])
def test_content_takes_the_same_queries_however_much_there_is(unsigned, rows, django_assert_num_queries):
    for _row in range(rows - 1):
        world.add_benefit(unsigned)
        Partner.objects.create(application=unsigned, organisation=factories.organisation(), position=9)
    read = Application.objects.select_related("round", "community", "owner_body").get(pk=unsigned.pk)
    with django_assert_num_queries(6):
        snapshot.content(read)
