"""Saving while somebody types: one answer or row, its version, and every way it can go wrong."""

from datetime import timedelta

import pytest

from applications import queries
from applications.models import Application, Benefit, BudgetLine, Contact
from applications.queries import COST_SHIFT
from applications.services import drafts, rows
from applications.services.drafts import ApplicationOwner
from applications.services.rows import versions_of
from applications.workflow import Status
from portal.cells import written
from rounds.answering.forms.sections import digest_of
from rounds.answering.models import Answer
from tests.applications import world
from tests.applications.test_views_draft import url
from tests.applications.test_views_parts import KEY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def save(client, application, value="Et mål", version=0, question="description", **more):
    data = {question: value, f"{question}--version": version, **more}
    return client.post(url("answer", application, question), data)


def said(answer):
    return answer.status_code, answer.json()["state"]


def test_an_answer_is_saved_and_says_when(house, draft, sign_in, at):
    answer = save(sign_in(house.applicant), draft)
    assert answer.json() == {
        "state": "saved",
        "said": "Lagret kl. 19.00",
        "version": 1,
        "was": digest_of("Et mål"),
    }
    assert Answer.objects.get().updated_at == at


def test_an_answer_is_saved_anew_on_its_new_version(house, draft, sign_in):
    client = sign_in(house.applicant)
    first = save(client, draft).json()
    again = save(client, draft, "Et annet", first["version"], **{"description--was": first["was"]})
    assert (again.json()["version"], Answer.objects.get().value) == (2, "Et annet")


def test_the_same_request_twice_is_one_save(house, draft, sign_in):
    client = sign_in(house.applicant)
    assert [save(client, draft).json()["version"] for _time in range(2)] == [1, 1]


def test_an_answer_that_another_changed_is_not_overwritten(house, draft, at, sign_in):
    world.save_answer(
        ApplicationOwner(draft), "description", "Carls tekst", base_version=0, by=house.co_applicant, at=at
    )
    client = sign_in(house.applicant)
    answer = save(client, draft, "Annes tekst")
    body = answer.json()
    assert said(answer) == (409, "conflict")
    assert "Carls tekst" in body["box"]
    assert (body["version"], body["fields"]) == (1, {"description": "Carls tekst"})
    assert Answer.objects.get().value == "Carls tekst"
    chosen = {"description--choice": "mine", "description--theirs": body["version"]}
    assert said(save(client, draft, "Annes tekst", **chosen)) == (200, "saved")
    assert Answer.objects.get().value == "Annes tekst"


def test_the_other_text_is_escaped(house, draft, at, sign_in):
    world.save_answer(
        ApplicationOwner(draft), "description", "<img src=x onerror=1>", base_version=0, by=house.co_applicant, at=at
    )
    box = save(sign_in(house.applicant), draft, "Min").json()["box"]
    assert "&lt;img src=x onerror=1&gt;" in box
    assert "<img" not in box


def test_two_who_write_the_same_thing_do_not_quarrel(house, draft, at, sign_in):
    world.save_answer(ApplicationOwner(draft), "description", "Enige", base_version=0, by=house.co_applicant, at=at)
    assert said(save(sign_in(house.applicant), draft, "Enige")) == (200, "saved")


def test_an_answer_that_is_too_long_is_saved_and_told(house, draft, sign_in):
    answer = save(sign_in(house.applicant), draft, "x" * 12_001)
    assert answer.json() == {
        "state": "too_long",
        "said": "Lagret kl. 19.00",
        "errors": [
            (
                "«Kort beskrivelse av prosjektet/piloten» kan ha høyst 12\u00a0000 tegn. Teksten er 1 tegn for lang. "
                "Den er lagret, men må kortes ned før dere kan sende søknaden."
            )
        ],
        "version": 1,
        "was": digest_of("x" * 12_001),
    }
    assert Answer.objects.get().value == "x" * 12_001


def test_an_answer_beyond_all_bounds_is_not_saved(house, draft, sign_in):
    answer = save(sign_in(house.applicant), draft, "x" * 100_001)
    assert said(answer) == (422, "invalid")
    assert Answer.objects.count() == 0


@pytest.mark.parametrize("question", ["nothing", "budget", "municipalities", "budget-cost-shift"])
def test_a_question_that_has_no_answer_is_404(house, draft, sign_in, question):
    assert save(sign_in(house.applicant), draft, question=question).status_code == 404


@pytest.mark.parametrize(
    ("person", "status"), [("stranger", 404), ("secretary", 404), ("nobody", 404), ("co_applicant", 200)]
)
def test_autosave_is_for_the_writers(house, draft, sign_in, person, status):
    assert save(sign_in(getattr(house, person)), draft).status_code == status


def test_the_secretariat_of_a_sent_application_is_refused(house, sent_application, sign_in):
    answer = save(sign_in(house.secretary), sent_application)
    assert answer.json() == {"state": "refused", "said": "Bare søkeren og partnerne kan endre søknaden."}


def test_a_session_that_ended_is_an_answer_and_not_a_page(draft, client):
    answer = save(client, draft)
    assert said(answer) == (401, "signed_out")
    assert "pending_forms" not in client.session


def test_autosave_refuses_to_be_read(house, draft, sign_in):
    assert sign_in(house.applicant).get(url("answer", draft, "description")).status_code == 405


@pytest.mark.parametrize(("seconds", "status"), [(-1, 200), (0, 403), (1, 403)])
def test_autosave_stops_at_the_deadline(house, draft, northern, sign_in, clock, seconds, status):
    clock.move_to(northern.closes_at + timedelta(seconds=seconds))
    answer = save(sign_in(house.applicant), draft)
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["said"].startswith("Fristen gikk ut 01.03.2025 kl.\u00a024.00.")


def test_sending_between_reading_and_writing_wins(house, draft, at, sign_in, monkeypatch):
    """The draft is sent by another while this request is on its way: the save is told, and changes nothing."""
    touch = drafts.touch

    def sent_first(application, *, at):
        Application.objects.filter(pk=draft.pk).update(status=Status.SUBMITTED, submitted_at=at)
        touch(application, at=at)

    monkeypatch.setattr(drafts, "touch", sent_first)
    answer = save(sign_in(house.applicant), draft)
    assert said(answer) == (403, "refused")
    assert "Noen andre har sendt eller trukket søknaden." in answer.json()["said"]
    assert Answer.objects.count() == 0


def test_a_change_voids_the_signatures_at_once(house, application, sign_in):
    held = application.answers.get(question="description")
    save(sign_in(house.applicant), application, "Endret etter signering", held.version)
    assert queries.signed_by(application) == []


@pytest.mark.parametrize("count", [1, 3])
def test_autosave_takes_eight_queries_and_a_savepoint(house, draft, at, sign_in, django_assert_num_queries, count):
    """Session, person, standing (2), application, lock, answer, signatures; the test's own savepoint is two more."""
    for number in range(count):
        world.set_answer(draft, f"other-{number}", "tekst", at=at)
        world.add_benefit(draft)
    world.set_answer(draft, "description", "Før", at=at)
    client = sign_in(house.co_applicant)
    with django_assert_num_queries(10):
        answer = save(client, draft, "Etter", 1)
    assert answer.json()["version"] == 2


@pytest.mark.parametrize(
    ("question", "data", "stored"),
    [
        ("phase", {"phase": "pilot"}, {"value": "pilot", "other": ""}),
        ("patient-groups", {"patient-groups--other": "KOLS"}, {"values": [], "other": "KOLS"}),
        ("digital", {"digital--not-relevant": "on"}, {"not_relevant": True}),
        ("owners", {"owners": "Senja kommune\nUNN", "owners--body": "fsu-phr-troms-ofoten"},
         [{"name": "FSU PHR", "body": "fsu-phr-troms-ofoten"}, {"name": "Senja kommune", "body": ""},
          {"name": "UNN", "body": ""}]),
        ("milestones", {"prefix": "milestones--0", "milestones--0-key": KEY, "milestones--0--milestone": "Oppstart"},
         [{"_key": KEY, "milestone": "Oppstart", "when": "", "responsible": ""}]),
        ("no-patient-data", {"no-patient-data": "on"}, True),
    ],
)  # fmt: skip
def test_every_kind_of_answer_is_saved_as_it_is_sent(house, draft, sign_in, question, data, stored):
    answer = sign_in(house.applicant).post(url("answer", draft, question), {f"{question}--version": "0", **data})
    assert said(answer) == (200, "saved")
    assert Answer.objects.get(question=question).value == stored


# --- rows -------------------------------------------------------------------------------------------------


def row(client, application, page, prefix, *more, **fields):
    data = {"prefix": prefix, f"{prefix}-key": KEY, **{f"{prefix}-{key}": value for key, value in fields.items()}}
    return client.post(url(page, application, *more), data)


def test_a_benefit_row_is_made_once_and_then_changed(house, draft, sign_in):
    client = sign_in(house.applicant)
    first = row(client, draft, "benefit_row", "benefits-4", benefit="Mindre reising")
    again = row(client, draft, "benefit_row", "benefits-4", benefit="Mindre reising")
    assert first.json()["version"] == again.json()["version"] == written(versions_of(Benefit.objects.get()))
    changed = row(client, draft, "benefit_row", "benefits-4", benefit="Ingen reising", version=first.json()["version"])
    assert said(changed) == (200, "saved")
    assert (Benefit.objects.get().benefit, Benefit.objects.get().position) == ("Ingen reising", 0)


def test_a_part_that_is_full_takes_no_row_more(house, draft, sign_in, monkeypatch):
    monkeypatch.setitem(rows.MOST, Benefit, 1)
    world.add_benefit(draft)
    answer = row(sign_in(house.applicant), draft, "benefit_row", "benefits-4", benefit="En til")
    assert said(answer) == (403, "refused")
    assert Benefit.objects.count() == 1


def test_a_benefit_row_that_another_changed_is_shown(house, draft, sign_in):
    held = world.add_benefit(draft)
    answer = row(
        sign_in(house.applicant),
        draft,
        "benefit_row",
        "benefits-0",
        key=held.key,
        version='{"benefit":"old"}',
        benefit="Min",
    )
    assert said(answer) == (409, "conflict")
    assert list(answer.json()["boxes"]) == ["benefits-0-benefit"]
    assert (held.benefit in answer.json()["boxes"]["benefits-0-benefit"], answer.json()["box"]) == (True, "")
    assert Benefit.objects.get().benefit == held.benefit


def test_a_half_filled_budget_line_is_kept_and_takes_its_amount_later(house, draft, sign_in):
    client = sign_in(house.applicant)
    fields = {"year": "2025", "cost_type": "travel", "funding": "grant", "form": "cash"}
    untouched = {"year": "2025", "cost_type": "", "funding": "", "form": ""}
    assert said(row(client, draft, "budget_row", "budget-0", **untouched)) == (200, "empty")
    waiting = row(client, draft, "budget_row", "budget-0", **fields, description="Reise")
    assert (said(waiting), BudgetLine.objects.get().amount) == ((200, "saved"), None)
    base = waiting.json()["version"]
    more = {**fields, "description": "Reise", "amount": "12 000", "version": base}
    assert said(row(client, draft, "budget_row", "budget-0", **more)) == (200, "saved")
    assert BudgetLine.objects.get().amount == 12_000


def test_the_answer_to_a_line_and_to_the_amount_carries_the_sums_of_the_server(house, draft, sign_in):
    client = sign_in(house.applicant)
    fields = {"year": "2025", "cost_type": "travel", "funding": "grant", "form": "cash", "amount": "12 000"}
    parts = row(client, draft, "budget_row", "budget-0", **fields).json()["parts"]
    years = draft.round.spec.budget.years
    of_years = {f"budget-sum-{code}-{year}" for code in ("grant", "all") for year in years}
    told = {"budget-heading", "budget-figures", "budget-words", "budget-state"}
    cost = f"budget-cost-{BudgetLine.objects.get().key}"
    assert set(parts) == {*told, cost, "budget-sum-grant", "budget-sum-all", *of_years}
    assert "12\u00a0000\u00a0kr" in parts["budget-figures"]
    assert "Skriv hvor mye dere søker om" in parts["budget-words"]
    amount = client.post(url("amount", draft), {"requested_amount": "12 000", "requested_base": ""}).json()
    assert "Tilskuddet i budsjettet er likt søknadsbeløpet." in amount["parts"]["budget-words"]
    # Where a line is written, too, what the budget comes to is told.
    assert " ".join(amount["parts"]["budget-state"].split()) == (
        "Tilskudd: 12 000 kr av 12 000 kr · Hele budsjettet: 12 000 kr"
    )
    page = client.get(url("budget", draft), {"row": BudgetLine.objects.get().key}).content.decode()
    assert all(html.strip() in page for html in amount["parts"].values())


def test_the_amount_saved_alone_leaves_the_answer_on_who_gets_the_cost(house, draft, sign_in):
    client = sign_in(house.applicant)
    shift = {"cost_shift": "no", "cost_shift_text": "", "cost_shift_version": "0", "cost_shift_was": ""}
    assert said(client.post(url("amount", draft), shift)) == (200, "saved")
    assert said(client.post(url("amount", draft), {"requested_amount": "7 000", "requested_base": ""})) == (
        200,
        "saved",
    )
    draft.refresh_from_db()
    assert (draft.requested_amount, Answer.objects.get(question=COST_SHIFT).value["value"]) == (7_000, False)
    # And the other way round: the answer alone leaves the amount.
    more = {**shift, "cost_shift": "yes", "cost_shift_version": "1"}
    assert said(client.post(url("amount", draft), more)) == (200, "saved")
    draft.refresh_from_db()
    assert (draft.requested_amount, Answer.objects.get(question=COST_SHIFT).value["value"]) == (7_000, True)


def test_the_sums_are_told_when_only_some_cells_of_a_line_could_be_saved(house, draft, sign_in):
    client = sign_in(house.applicant)
    fields = {"year": "2025", "cost_type": "travel", "funding": "grant", "form": "cash", "amount": "mye"}
    answer = row(client, draft, "budget_row", "budget-0", **fields)
    assert said(answer) == (422, "invalid")
    assert "Fyll ut «Beløp» i kostnad 1" in answer.json()["parts"]["budget-words"]


def test_the_amount_is_saved_and_told_what_it_now_stands_on(house, draft, sign_in):
    client = sign_in(house.applicant)
    data = {"requested_amount": "450 000", "requested_base": "", "cost_shift": "no", "cost_shift_version": "0"}
    answer = client.post(url("amount", draft), data).json()
    assert answer["hidden"] == {
        "requested_base": "450000",
        "cost_shift_version": "1",
        "cost_shift_was": digest_of({"value": False, "text": ""}),
    }
    stale = client.post(url("amount", draft), {"requested_amount": "1", "requested_base": "2"})
    assert said(stale) == (409, "stale")
    assert said(client.post(url("amount", draft), {"requested_amount": "mye"})) == (422, "invalid")


def test_a_contact_is_saved_for_its_partner(house, draft, sign_in):
    partner = draft.partners.get(organisation=house.trust)
    answer = row(sign_in(house.applicant), draft, "contact_row", "contacts-1", partner.pk, name="Ny Kontakt")
    assert said(answer) == (200, "saved")
    assert Contact.objects.get(key=KEY).partner == partner


@pytest.mark.parametrize("name", ["benefit_row", "budget_row", "amount"])
def test_rows_are_guarded_like_answers(house, draft, northern, client, sign_in, clock, name):
    assert client.post(url(name, draft), {"prefix": "benefits-0"}).status_code == 401
    assert sign_in(house.stranger).post(url(name, draft), {"prefix": "benefits-0"}).status_code == 404
    if name != "amount":
        assert sign_in(house.applicant).post(url(name, draft), {"prefix": "x"}).status_code == 404
    clock.move_to(northern.closes_at)
    prefix = f"{'budget' if name == 'budget_row' else 'benefits'}-0"
    assert said(sign_in(house.applicant).post(url(name, draft), {"prefix": prefix})) == (403, "refused")


@pytest.mark.parametrize(
    ("name", "prefix", "queries"), [("benefit_row", "benefits-0", 13), ("budget_row", "budget-0", 16)]
)
def test_a_row_takes_few_queries(house, draft, sign_in, django_assert_num_queries, name, prefix, queries):
    client = sign_in(house.co_applicant)
    fields = {
        "benefit": "Nytte",
        "year": "2025",
        "cost_type": "travel",
        "funding": "grant",
        "form": "cash",
        "amount": "1",
    }
    with django_assert_num_queries(queries):
        assert said(row(client, draft, name, prefix, **fields)) == (200, "saved")
