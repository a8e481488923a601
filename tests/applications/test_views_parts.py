"""The pages of the standard parts: partners with contacts, the benefit table, the budget."""

import pytest
from django.contrib.messages import get_messages

from applications import snapshot
from applications.completeness import missing
from applications.models import Benefit, BudgetLine, Contact
from applications.services.rows import save_rows, versions_of
from portal.cells import written
from rounds.answering.models import Answer
from rounds.answering.services.rows import RowChange
from tests import factories
from tests.applications import world
from tests.applications.test_views_draft import text_of, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
KEY = "0123456789abcdef0123456789abcdef"
NOT_STORED = "Rad 2 er tom eller fjernet. Skriv noe i raden først, eller oppgi en annen rad."


def formset(prefix, *forms, **more):
    """What the page posts for these rows."""
    data = {f"{prefix}-TOTAL_FORMS": str(len(forms)), f"{prefix}-INITIAL_FORMS": "0", **more}
    for index, form in enumerate(forms):
        data |= {f"{prefix}-{index}-{name}": value for name, value in {"key": f"{KEY[:-1]}{index}", **form}.items()}
    return data


# --- partners -----------------------------------------------------------------------------------------


@pytest.mark.requirement("R68")
def test_several_partners_are_added_at_once(house, draft, sign_in):
    names = ("Bardu", "Dyrøy", "Lavangen", "Målselv", "Salangen", "Sørreisa")
    new = [factories.organisation(name=f"{name} kommune", community=house.community) for name in names]
    answer = sign_in(house.applicant).post(
        url("partner_add", draft), {"role": "partner", "own": [item.pk for item in new], "other": "", "other_name": ""}
    )
    assert (answer.status_code, answer.url) == (302, url("partners", draft))
    assert draft.partners.count() == 9


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "Velg minst én organisasjon, eller skriv navnet på den."),
        ({"other_name": "NAV"}, "En organisasjon som ikke står i registeret, kan bare støtte søknaden."),
        ({"own": ["999999"]}, "Organisasjonen er allerede med, eller finnes ikke i registeret."),
    ],
)
def test_partners_that_cannot_be_added_are_refused_with_a_sentence(house, draft, sign_in, data, sentence):
    answer = sign_in(house.applicant).post(url("partner_add", draft), {"role": "partner", **data})
    assert answer.status_code == 422
    assert sentence in text_of(answer)


@pytest.mark.requirement("R69")
def test_contacts_are_saved_and_removed(house, draft, sign_in):
    partner = draft.partners.get(organisation=house.partner)
    held = partner.contacts.get()
    kept = {"key": held.key, "version": written(versions_of(held)), "name": held.name, "title": "Kommunalsjef",
            "email": held.email, "phone": held.phone}  # fmt: skip
    client = sign_in(house.co_applicant)
    data = formset(
        "contacts", kept, {"name": "Ny", "email": "ny@example.org"}, **{f"partner-{partner.pk}-unit": "Helse"}
    )
    assert client.post(url("partner", draft, partner.pk), data).status_code == 302
    assert sorted(partner.contacts.values_list("name", "title")) == [("Kontakt Partner", "Kommunalsjef"), ("Ny", "")]
    gone = formset(
        "contacts", {**kept, "version": written(versions_of(partner.contacts.get(name=held.name))), "DELETE": "on"}
    )
    client.post(url("partner", draft, partner.pk), gone)
    assert [person.name for person in partner.contacts.all()] == ["Ny"]


def test_a_contact_without_a_name_is_refused_and_kept_on_the_page(house, draft, sign_in):
    partner = draft.partners.last()
    answer = sign_in(house.applicant).post(
        url("partner", draft, partner.pk), formset("contacts", {"name": "", "email": "uten@navn"})
    )
    assert answer.status_code == 422
    assert "Fyll ut «Navn»." in text_of(answer)
    assert "Skriv en e-postadresse, for eksempel navn@example.org." in text_of(answer)
    assert "uten@navn" in text_of(answer)


@pytest.mark.requirement("R72")
def test_one_person_for_both_sides_is_told_of_and_taken(house, draft, sign_in):
    for partner in draft.partners.all():
        Contact.objects.create(partner=partner, name="Samme Person", email="samme@example.org")
    assert "Samme Person står som kontaktperson både for kommune og helseforetak." in text_of(
        sign_in(house.applicant).get(url("partners", draft))
    )


def test_lead_and_removal_go_by_their_own_acts(house, draft, sign_in):
    client = sign_in(house.applicant)
    partner, lead = draft.partners.get(organisation=house.partner), draft.partners.get(role="lead")
    assert client.get(url("partner_remove", draft, lead.pk)).status_code == 403
    assert client.get(url("partner_lead", draft, partner.pk)).status_code == 200
    client.post(url("partner_lead", draft, partner.pk))
    assert client.get(url("partner_remove", draft, lead.pk)).status_code == 200
    client.post(url("partner_remove", draft, lead.pk))
    assert [(item.organisation, item.role) for item in draft.partners.all()] == [
        (house.partner, "lead"),
        (house.trust, "partner"),
    ]


def test_removal_counts_the_budget_lines_that_the_partner_pays(house, draft, sign_in):
    partner, other = draft.partners.get(organisation=house.partner), draft.partners.get(organisation=house.trust)
    for payer in (partner, partner, other, None):
        BudgetLine.objects.create(application=draft, source="own" if payer else "grant", payer=payer)
    client = sign_in(house.applicant)
    told = "linjer med egeninnsats i budsjettet forsvinner også"
    assert f"Kontaktpersonene deres og 2 {told}" in text_of(client.get(url("partner_remove", draft, partner.pk)))
    BudgetLine.objects.filter(payer=partner).delete()
    assert "egeninnsats" not in text_of(client.get(url("partner_remove", draft, partner.pk)))


def test_a_partner_of_another_application_is_404(house, draft, northern, at, sign_in):
    other = world.draft(house, northern, at=at)
    foreign = other.partners.last()
    client = sign_in(house.applicant)
    names = ("partner", "partner_remove", "partner_lead", "contact_row")
    statuses = [client.post(url(name, draft, foreign.pk), {"prefix": "contacts-0"}).status_code for name in names]
    assert statuses == [404, 404, 404, 404]


# --- the benefit table ------------------------------------------------------------------------------------


@pytest.mark.requirement("R113", "R124", "R125")
def test_benefit_page_has_the_project_on_top_and_explains_each_column_of_its_two_bands(house, draft, sign_in):
    answer = sign_in(house.applicant).get(url("benefits", draft))
    page, rules = text_of(answer), draft.round.spec.benefits
    assert f'<a href="{draft.get_absolute_url()}">{draft.title}</a>' in " ".join(page.split())
    assert [column.label for column in rules.columns if not column.help or column.help not in page] == []
    assert "Tabellen er inspirert av Innomeds gevinstplan for løsning/prosjekt" in page
    (form, *_more) = answer.context["formset"].forms
    assert [[cell["column"].label for cell in band] for band in form.bands] == [
        [
            "Forventet nytte", "Hvem får nytte av prosjektet/piloten?", "Ansvarlig for gjennomføring",
            "Eventuell måling av nytte", "Før tiltaket", "Mål",
        ],
        [
            "Hvordan måle og rapportere?", "Forutsetninger og aktuelle tiltak for at nytte kan oppnås",
            "Ved eventuell frigjøring av ressurser", "Tidshorisont",
        ],
    ]  # fmt: skip


@pytest.mark.requirement("R119")
def test_benefit_rows_are_saved_and_changed(house, draft, sign_in):
    client = sign_in(house.applicant)
    data = formset(
        "benefits",
        {"benefit": "Redusert reisevirksomhet", "benefit_kinds": ["travel"], "baseline": "12,5", "horizon": "short"},
        {"measurement": "Reisetid før og etter", "covers": "1"},
        {"benefit": ""},
    )
    assert client.post(url("benefits", draft), data).status_code == 302
    rows = list(draft.benefits.values_list("benefit", "benefit_kinds", "baseline", "covers"))
    keys = list(draft.benefits.values_list("key", flat=True))
    assert rows == [("Redusert reisevirksomhet", ["travel"], 12.5, []), ("", [], None, keys[:1])]
    shown = [client.get(url("benefits", draft), {"row": key}).context["formset"].forms for key in keys]
    assert [[form["benefit"].value() for form in forms] for forms in shown] == [["Redusert reisevirksomhet"], [""]]
    assert [[form["covers"].value() for form in forms] for forms in shown] == [[""], ["1"]]


# --- «gjelder også rad» -----------------------------------------------------------------------------------


def three_benefits(draft):
    return [world.add_benefit(draft, benefit=f"Nytte {number}") for number in (1, 2, 3)]


def posted_row(row, **more):
    return {
        "key": row.key,
        "version": written(versions_of(Benefit.objects.get(pk=row.pk))),
        "benefit": row.benefit,
        **more,
    }


def test_a_pointer_keeps_its_row_when_another_is_removed_before_it(house, draft, sign_in):
    first, second, third = three_benefits(draft)
    Benefit.objects.filter(pk=second.pk).update(covers=[third.key])
    client = sign_in(house.applicant)
    assert client.post(url("benefits", draft), formset("benefits", posted_row(first, DELETE="on"))).status_code == 302
    shown = client.get(url("benefits", draft), {"row": second.key}).context["formset"].forms[0]
    assert (shown["benefit"].value(), shown["covers"].value()) == ("Nytte 2", "2")
    assert snapshot.content(draft)["benefits"][0]["covers"] == "2"


def test_a_removed_row_disappears_from_those_that_pointed_to_it_with_a_sentence(house, draft, sign_in):
    first, second, third = three_benefits(draft)
    Benefit.objects.filter(pk=second.pk).update(covers=[first.key, third.key])
    Benefit.objects.filter(pk=third.pk).update(covers=[first.key])
    answer = sign_in(house.applicant).post(url("benefits", draft), formset("benefits", posted_row(first, DELETE="on")))
    assert [str(message) for message in get_messages(answer.wsgi_request)] == [
        "Rad 1 er fjernet, og er tatt bort fra «Gjelder også rad nr.» i det som nå er rad 1 og 2.",
        "Tabellen er lagret.",
    ]
    assert list(draft.benefits.values_list("covers", flat=True)) == [[third.key], []]


def test_a_number_means_the_row_that_the_page_numbered_so(house, draft, sign_in):
    """Somebody else has removed the first row since this page was opened."""
    first, second, third = three_benefits(draft)
    order = f"{first.key} {second.key} {third.key}"
    data = {"prefix": "benefits-1", "keys": order, **{
        f"benefits-1-{name}": value for name, value in posted_row(second, covers="3", order=order).items()
    }}  # fmt: skip
    first.delete()
    answer = sign_in(house.applicant).post(url("benefit_row", draft), data)
    assert (answer.status_code, Benefit.objects.get(pk=second.pk).covers) == (200, [third.key])


def covering(row, numbers, *, order, keys):
    """What the script sends when these numbers are written in a row of the page."""
    posted = posted_row(row, covers=numbers, order=order)
    return {"prefix": "benefits-0", "keys": keys, **{f"benefits-0-{name}": value for name, value in posted.items()}}


def test_a_row_that_came_to_the_page_by_the_script_can_be_pointed_to(house, draft, sign_in):
    first, second, _third = three_benefits(draft)
    data = covering(first, "2", order=first.key, keys=f"{first.key} {second.key}")
    answer = sign_in(house.applicant).post(url("benefit_row", draft), data)
    assert (answer.status_code, Benefit.objects.get(pk=first.pk).covers) == (200, [second.key])


@pytest.mark.parametrize("foreign", ["f" * 32, "<script>", "another application"])
def test_a_row_that_is_not_stored_cannot_be_pointed_to(house, draft, northern, at, sign_in, foreign):
    first = world.add_benefit(draft)
    if foreign == "another application":
        foreign = world.add_benefit(world.draft(house, northern, at=at)).key
    data = covering(first, "2", order=f"{first.key} {foreign}", keys=first.key)
    answer = sign_in(house.applicant).post(url("benefit_row", draft), {**data, "benefits-0-responsible": "Vi"})
    assert (answer.status_code, answer.json()["errors"]) == (422, [NOT_STORED])
    first.refresh_from_db()
    assert (first.covers, first.responsible) == ([], "Vi")


def test_an_empty_row_of_the_page_cannot_be_pointed_to(house, draft, sign_in):
    first = world.add_benefit(draft)
    data = formset("benefits", posted_row(first, covers="2 og 3"), {"benefit": "Ny nytte"}, {"benefit": " "})
    answer = sign_in(house.applicant).post(url("benefits", draft), data)
    assert answer.status_code == 422
    assert NOT_STORED.replace("2", "3", 1) in text_of(answer)
    assert list(draft.benefits.values_list("benefit", "covers")) == [(first.benefit, []), ("Ny nytte", [])]


def test_a_row_taken_away_in_the_same_save_is_not_pointed_to(house, draft, sign_in):
    first, second, third = three_benefits(draft)
    data = formset("benefits", posted_row(first, DELETE="on"), posted_row(second, covers="1 og 3"), posted_row(third))
    assert sign_in(house.applicant).post(url("benefits", draft), data).status_code == 302
    assert list(draft.benefits.values_list("key", "covers")) == [(second.key, [third.key]), (third.key, [])]


def test_a_row_that_another_took_away_meanwhile_is_not_pointed_to(draft, at):
    """The form was read while the row was still there."""
    first, gone = (Benefit.objects.get(pk=world.add_benefit(draft).pk) for _number in range(2))
    change = RowChange(first.key, versions_of(first), {"covers": [gone.key]}, is_stored=True)
    gone.delete()
    save_rows(draft, Benefit, [change], by=draft.created_by, at=at)
    assert Benefit.objects.get().covers == []


def test_a_benefit_row_changed_by_another_is_shown_beside_and_chosen(house, draft, sign_in):
    client = sign_in(house.applicant)
    row = Benefit.objects.get(pk=world.add_benefit(draft).pk)
    seen = {"key": row.key, "version": written(versions_of(row))}
    Benefit.objects.filter(pk=row.pk).update(responsible="Styringsgruppen")
    answer = client.post(url("benefits", draft), formset("benefits", {**seen, "benefit": "Min nytte"}))
    assert answer.status_code == 409
    assert "Styringsgruppen" in text_of(answer)
    assert "Min nytte" in text_of(answer)
    assert Benefit.objects.get().benefit == "Min nytte"
    theirs = versions_of(Benefit.objects.get())["responsible"]
    chosen = {**seen, "benefit": "Min nytte", "responsible--choice": "mine", "responsible--theirs": theirs}
    assert client.post(url("benefits", draft), formset("benefits", {**chosen, "responsible": "Vi"})).status_code == 302
    assert Benefit.objects.get().responsible == "Vi"
    taken = {**seen, "benefit": "Min nytte", "responsible": "Oss", "responsible--choice": "theirs"}
    client.post(url("benefits", draft), formset("benefits", taken))
    assert Benefit.objects.get().responsible == "Vi"


@pytest.mark.parametrize("count", [1, 3])
def test_benefit_page_takes_eight_queries(house, draft, sign_in, django_assert_num_queries, count):
    for _number in range(count):
        world.add_benefit(draft)
    client = sign_in(house.co_applicant)
    with django_assert_num_queries(8):
        client.get(url("benefits", draft))


def test_two_hundred_benefit_rows_are_shown_and_saved(house, draft, sign_in):
    rows = [{"key": f"{number:032x}", "benefit": f"Nytte {number}"} for number in range(200)]
    client = sign_in(house.applicant)
    assert client.post(url("benefits", draft), formset("benefits", *rows)).status_code == 302
    assert draft.benefits.count() == 200
    page = client.get(url("benefits", draft))
    # The fields of one row, for the script that adds a row; no stored row is drawn as fields.
    assert (page.status_code, page.content.count(b"<textarea"), len(page.content) < 300_000) == (200, 8, True)


def test_of_a_long_table_only_the_row_that_is_opened_is_drawn_and_saved(
    house, draft, sign_in, django_assert_num_queries
):
    for _number in range(9):
        world.add_benefit(draft)
    client, opened = sign_in(house.applicant), draft.benefits.all()[4]
    with django_assert_num_queries(8):
        page = client.get(url("benefits", draft), {"row": opened.key})
    (form,) = page.context["formset"].forms
    assert (form.prefix, form["key"].value()) == ("benefits-4", opened.key)
    base = form["version"].value()
    data = {"benefits-TOTAL_FORMS": "9", "benefits-INITIAL_FORMS": "0", "benefits-4-key": opened.key,
            "benefits-4-version": base, "benefits-4-benefit": "Endret", "benefits-9-key": KEY,
            "benefits-9-benefit": "Ny"}  # fmt: skip
    assert client.post(url("benefits", draft), {**data, "benefits-TOTAL_FORMS": "10"}).status_code == 302
    changed = [row.benefit for row in draft.benefits.all()]
    assert (len(changed), changed[4], changed[9]) == (10, "Endret", "Ny")
    assert [form.prefix for form in client.get(url("benefits", draft), {"row": "../x"}).context["formset"].forms] == []


# --- the budget -------------------------------------------------------------------------------------------------


def line(**data):
    return {"year": "2025", "cost_type": "travel", "funding": "grant", "form": "cash", "amount": "1000", **data}


@pytest.mark.requirement("R103")
def test_budget_is_saved_and_its_sums_agree_with_the_lines(house, draft, sign_in):
    client = sign_in(house.applicant)
    partner = draft.partners.get(organisation=house.partner)
    contribution = line(funding=f"own-{partner.pk}", form="in_kind", amount="250 000", description="Fagpersonell")
    data = formset("budget", line(amount="450.000"), contribution, requested_amount="450 000 kr", requested_base="")
    assert client.post(url("budget", draft), data).status_code == 302
    page = client.get(url("budget", draft))
    totals = page.context["totals"]
    assert (totals.all.grant, totals.all.own_in_kind, totals.all.total) == (450_000, 250_000, 700_000)
    assert page.context["problems"] == []
    assert "Tilskuddet i budsjettet er likt søknadsbeløpet." in text_of(page)
    assert "Egeninnsats fra hver partner" in text_of(page)
    assert "Senja kommune: Egne penger 0\u00a0kr, Egen arbeidstid mv. 250\u00a0000\u00a0kr" in text_of(page)


def test_a_budget_that_does_not_add_up_is_saved_and_told_of(house, draft, sign_in):
    client = sign_in(house.applicant)
    data = formset("budget", line(amount="300000"), requested_amount="450000", requested_base="")
    answer = client.post(url("budget", draft), data)
    assert answer.status_code == 302
    sentence = (
        "Budsjettet bruker 300\u00a0000\u00a0kr av tilskuddet, men dere søker om 450\u00a0000\u00a0kr. "
        "Det mangler 150\u00a0000\u00a0kr."
    )
    assert [str(message) for message in get_messages(answer.wsgi_request)] == ["Budsjettet er lagret.", sentence]
    assert sentence in text_of(client.get(url("budget", draft)))


@pytest.mark.requirement("R96")
def test_a_wrong_amount_is_refused_and_the_good_lines_are_saved(house, draft, sign_in):
    data = formset("budget", line(), line(amount="1.250.000,50"), requested_amount="mye", requested_base="")
    answer = sign_in(house.applicant).post(url("budget", draft), data)
    assert answer.status_code == 422
    assert "1.250.000,50" in text_of(answer)
    assert "mye" in text_of(answer)
    assert text_of(answer).count("Dette må rettes før du kan gå videre") == 1
    assert [row.amount for row in BudgetLine.objects.all()] == [1000, None]
    assert answer.context["formset"].forms[0]["version"].value() == written(versions_of(BudgetLine.objects.first()))


def test_an_untouched_line_is_no_line_and_a_half_one_is_kept_and_told_of(house, draft, sign_in):
    untouched = line(cost_type="", funding="", form="", amount="")
    half = line(cost_type="", funding="")
    client = sign_in(house.applicant)
    assert client.post(url("budget", draft), formset("budget", untouched)).status_code == 302
    answer = client.post(url("budget", draft), formset("budget", untouched, half))
    assert (answer.status_code, BudgetLine.objects.get().amount) == (302, 1000)
    sentence = "Fyll ut «Kostnadstype», «Hvem betaler» i kostnad 1 i budsjettet."
    page = client.get(url("budget", draft))
    assert (sentence in text_of(page), page.context["totals"].all.total) == (True, 0)
    assert sentence in {problem.sentence for problem in missing(draft, at=draft.updated_at)}


def test_an_amount_that_another_changed_is_not_overwritten(house, draft, sign_in):
    draft.requested_amount = 500_000
    draft.save()
    data = formset("budget", requested_amount="450000", requested_base="")
    answer = sign_in(house.applicant).post(url("budget", draft), data)
    draft.refresh_from_db()
    assert (answer.status_code, draft.requested_amount) == (409, 500_000)
    assert "Noen andre har endret søknadsbeløpet mens dere skrev." in text_of(answer)


@pytest.mark.requirement("R79")
def test_who_gets_the_cost_and_who_the_saving_is_kept(house, draft, sign_in):
    client = sign_in(house.applicant)
    data = formset("budget", cost_shift="yes", cost_shift_text="Kommunene får kostnadene", cost_shift_version="0")
    client.post(url("budget", draft), data)
    assert Answer.objects.get(question="budget-cost-shift").value == {"value": True, "text": "Kommunene får kostnadene"}
    stale = client.post(url("budget", draft), {**data, "cost_shift": "no"})
    assert stale.status_code == 409
    assert "Der står det nå: «Ja – Kommunene får kostnadene»" in text_of(stale)


@pytest.mark.parametrize("count", [1, 3])
def test_budget_page_takes_ten_queries(house, draft, sign_in, django_assert_num_queries, count):
    for _number in range(count):
        world.BudgetLine.objects.create(application=draft, year=2025, cost_type="travel", source="grant", amount=1)
    client = sign_in(house.co_applicant)
    with django_assert_num_queries(10):
        client.get(url("budget", draft))


@pytest.mark.parametrize("amount", [None, 450_000])
def test_beside_a_half_filled_line_the_budget_is_not_said_to_be_empty(house, draft, at, sign_in, amount):
    draft.requested_amount = amount
    draft.save()
    world.BudgetLine.objects.create(application=draft, year=2025, cost_type="travel", source="grant")
    told = [problem.sentence for problem in missing(draft, at=at) if problem.page == "budget"]
    empty = ["Skriv hvor mye dere søker om, i hele kroner."] if amount is None else []
    assert told == ["Fyll ut «Beløp» i kostnad 1 i budsjettet.", *empty]
    assert "Budsjettet er tomt" not in text_of(sign_in(house.applicant).get(url("budget", draft)))


def test_a_wrong_line_is_told_of_by_its_number_on_the_page(house, draft, at):
    """Half-filled lines are counted, too."""
    world.BudgetLine.objects.create(application=draft, year=2025, cost_type="travel", source="grant")
    world.BudgetLine.objects.create(application=draft, year=2031, cost_type="travel", source="grant", amount=1)
    told = {problem.sentence for problem in missing(draft, at=at) if problem.page == "budget"}
    assert "Linje 2: Året er ikke et av årene som runden gjelder." in told


def test_of_a_long_budget_only_the_line_that_is_opened_is_drawn_and_saved(
    house, draft, sign_in, django_assert_num_queries
):
    for number in range(200):
        world.BudgetLine.objects.create(
            application=draft,
            year=2025,
            cost_type="travel",
            source="grant",
            amount=number,
            description=f"Reise {number}",
            position=number,
        )
    client, opened = sign_in(house.applicant), draft.budget_lines.all()[4]
    page = client.get(url("budget", draft))
    assert (page.status_code, text_of(page).count("Reise 199"), len(page.content) < 450_000) == (200, 1, True)
    # Of each line its key, its version and its amount.
    assert page.content.count(b"<input") < 200 * 3 + 30
    with django_assert_num_queries(10):
        page = client.get(url("budget", draft), {"row": opened.key})
    html = page.content.decode()
    assert (f'<tr id="row-{opened.key}"' in html, html.count("data-formset-row ")) == (True, 2)
    (whole,) = [form for form in page.context["formset"].forms if not form.is_amount_alone]
    assert whole["description"].value() == "Reise 4"
    posted = {f"budget-4-{name}": value for name, value in line(amount="900", description="Ny", key=opened.key,
              version=whole["version"].value()).items()}  # fmt: skip
    counts = {"budget-TOTAL_FORMS": "200", "budget-INITIAL_FORMS": "0"}
    assert client.post(url("budget", draft), {**counts, **posted}).status_code == 302
    opened.refresh_from_db()
    assert (opened.amount, opened.description, draft.budget_lines.count()) == (900, "Ny", 200)


def test_an_opened_line_that_is_nobodys_is_not_drawn(house, draft, sign_in):
    for number in range(9):
        world.BudgetLine.objects.create(
            application=draft, year=2025, cost_type="travel", source="grant", amount=1, position=number
        )
    page = sign_in(house.applicant).get(url("budget", draft), {"row": "x"})
    assert (page.status_code, {form.is_amount_alone for form in page.context["formset"].forms}) == (200, {True})


def test_a_row_is_added_without_a_script(house, draft, sign_in):
    client = sign_in(house.applicant)
    for name, prefix in (("budget", "budget"), ("benefits", "benefits")):
        answer = client.post(url(name, draft), formset(prefix, {}, add_row=prefix))
        assert (answer.status_code, len(answer.context["formset"].forms)) == (200, 2)
        # The counter on the page follows, or what is typed in the new row would be lost.
        assert f'name="{prefix}-TOTAL_FORMS" value="2"' in answer.content.decode()
        assert answer.context["formset"].forms[1]["key"].value()


def test_parts_are_read_only_after_sending(house, sent_application, sign_in):
    client = sign_in(house.applicant)
    for name in ("benefits", "budget"):
        assert client.get(url(name, sent_application)).status_code == 200
        assert client.post(url(name, sent_application), formset(name, {})).status_code == 403
