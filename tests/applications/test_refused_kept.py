"""Without a script: what a page could not read is there, as it was typed, when the person leaves it and returns."""

import pytest

from applications.models import BudgetLine
from tests.applications.test_views_draft import post_section, text_of, url
from tests.applications.test_views_parts import formset, line

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
SAID = "Noe her er ikke lagret ennå. Det står i feltene slik du skrev det sist."


@pytest.fixture
def refused(house, draft, sign_in):
    """A budget with an amount and a line that could not be read, and one line that was saved."""
    client = sign_in(house.applicant)
    data = formset("budget", line(), line(amount="tolv"), requested_amount="ca 300 000", requested_base="")
    assert client.post(url("budget", draft), data).status_code == 422
    return client


def shown(answer):
    """The fields of the budget's page, and whether it says that something is not saved."""
    page = answer.context
    lines = [form["amount"].value() for form in page["formset"].forms]
    return page["form"]["requested_amount"].value(), lines, SAID in text_of(answer)


@pytest.mark.fault("C8")
def test_a_budget_that_could_not_be_read_is_there_on_return_each_time(draft, refused):
    refused.get(url("detail", draft))
    for _visit in range(2):
        answer = refused.get(url("budget", draft))
        assert (answer.status_code, shown(answer)) == (200, ("ca 300 000", ["1000", "tolv"], True))
        assert "Dette må rettes" in text_of(answer)


@pytest.mark.fault("C8")
def test_it_is_put_right_on_return_without_asking_about_ones_own_line(draft, refused):
    page = refused.get(url("budget", draft)).context
    rows = [{name: form[name].value() or "" for name in form.fields} for form in page["formset"].forms]
    rows[0]["amount"], rows[1]["amount"] = "2000", "12"
    data = formset("budget", *rows, requested_amount="300000", requested_base=page["form"]["requested_base"].value())
    assert refused.post(url("budget", draft), data).status_code == 302
    assert list(BudgetLine.objects.values_list("amount", flat=True)) == [2000, 12]
    answer = refused.get(url("budget", draft))
    assert shown(answer)[2] is False


@pytest.mark.fault("C8")
def test_an_amount_that_was_saved_with_a_refused_line_can_be_changed(house, draft, sign_in):
    client = sign_in(house.applicant)
    data = formset("budget", line(amount="tolv"), requested_amount="400000", requested_base="")
    page = client.post(url("budget", draft), data).context
    for shown_page in (page, client.get(url("budget", draft)).context):
        assert shown_page["form"]["requested_base"].value() == "400000"
    data = formset("budget", line(amount="12"), requested_amount="450000", requested_base="400000")
    assert client.post(url("budget", draft), data).status_code == 302
    draft.refresh_from_db()
    assert draft.requested_amount == 450_000


@pytest.mark.fault("C8")
def test_a_date_that_could_not_be_read_is_there_on_return(house, draft, sign_in):
    client = sign_in(house.applicant)
    assert post_section(client, draft, "agreement", **{"agreement-date": "i fjor høst"}).status_code == 422
    answer = client.get(url("section", draft, "agreement"))
    assert ("i fjor høst" in text_of(answer), SAID in text_of(answer)) == (True, True)
    assert post_section(client, draft, "agreement", **{"agreement-date": "01.12.2024"}).status_code == 302
    assert SAID not in text_of(client.get(url("section", draft, "agreement")))


@pytest.mark.fault("C8")
def test_it_is_nobody_elses(house, draft, refused):
    refused.force_login(house.co_applicant)
    assert shown(refused.get(url("budget", draft)))[2] is False


@pytest.mark.fault("C8")
def test_what_the_script_sends_from_the_page_is_newer(draft, refused):
    page = f"http://testserver{url('budget', draft)}"
    data = formset("budget", line(amount="12"))
    refused.post(url("budget_row", draft), data, headers={"referer": page})
    assert shown(refused.get(url("budget", draft)))[2] is False


@pytest.mark.fault("C8")
def test_a_contact_too(house, draft, sign_in):
    client, partner = sign_in(house.applicant), draft.partners.last()
    client.post(url("partner", draft, partner.pk), formset("contacts", {"name": "", "email": "uten@navn"}))
    answer = client.get(url("partner", draft, partner.pk))
    assert ("uten@navn" in text_of(answer), SAID in text_of(answer)) == (True, True)
