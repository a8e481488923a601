"""Two who have a page of the register open: nobody overwrites another unseen, and the page names who was first."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from portal.clock import local_date
from portal.communities.models import Affiliation
from portal.journal.models import LogEntry
from tests import factories
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


def field_values(answer):
    """What the browser would post from the page."""
    form = answer.context["form"]
    shown = {name: form[name].value() for name in form.fields}
    shown = {name: f"{value:%d.%m.%Y}" if isinstance(value, date) else value for name, value in shown.items()}
    theirs = {f"{item.html_name}--theirs": item.version for item in form.conflicts}
    return {name: "" if value is None else value for name, value in (shown | theirs).items() if value is not False}


@pytest.fixture
def round_(house):
    return factories.round_of(factories.definition("troms-ofoten-2024"))


def row_of(house, name):
    """The row of each page, read anew."""
    rows = {
        "organisation": house.partner,
        "addresses": house.community,
        "body": house.ssu,
        "seat": house.ssu.seats.get(user=house.member),
        "affiliation": Affiliation.objects.get(user=house.co_applicant),
    }
    return type(rows[name]).objects.get(pk=rows[name].pk)


def page_of(house, name):
    addresses = {
        "organisation": ("organisation_edit", house.partner.pk),
        "addresses": ("addresses", house.community.code),
        "body": ("body_edit", house.ssu.code),
        "seat": ("seat_edit", row_of(house, "seat").pk),
        "affiliation": ("affiliation_edit", row_of(house, "affiliation").pk),
    }
    view, key = addresses[name]
    return reverse(f"portal:{view}", args=[key])


# Page, a field that both change, and a field that only the second changes.
PAGES = {
    "organisation": ("name", "county"),
    "addresses": ("post_receiver", "copy_receiver"),
    "body": ("mandate", "authority"),
    "seat": ("title", "from_date"),
    "affiliation": ("title", "from_date"),
}


@pytest.mark.parametrize("name", PAGES)
def test_both_texts_are_shown_and_who_was_first(house, sign_in, name):
    both, other = PAGES[name]
    page, first, second = page_of(house, name), sign_in(house.secretary), None
    opened = field_values(first.get(page))
    day = f"{local_date(NOW) - timedelta(days=90):%d.%m.%Y}"
    changed = {other: day if other == "from_date" else "Bare den andre"}
    assert first.post(page, {**opened, both: "Den første skrev dette"}).status_code == 302
    second = sign_in(house.hospital_secretary)
    answer = second.post(page, {**opened, both: "Den andre skrev dette", **changed})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert [words in text for words in ("Den første skrev dette", "Den andre skrev dette")] == [True, True]
    assert f"{house.secretary.name} har endret" in text
    assert getattr(row_of(house, name), both) == "Den første skrev dette"
    again = {**field_values(answer), f"{both}--choice": "mine"}
    assert second.post(page, again).status_code == 302
    assert getattr(row_of(house, name), both) == "Den andre skrev dette"


@pytest.mark.parametrize("name", PAGES)
def test_what_only_the_other_changed_stays(house, sign_in, name):
    both, other = PAGES[name]
    client, page = sign_in(house.secretary), page_of(house, name)
    opened = field_values(client.get(page))
    assert client.post(page, {**opened, both: "Ny tekst"}).status_code == 302
    day = f"{local_date(NOW) - timedelta(days=90):%d.%m.%Y}"
    changed = {other: day if other == "from_date" else "Annet felt"}
    assert client.post(page, {**opened, **changed}).status_code == 302
    row = row_of(house, name)
    assert getattr(row, both) == "Ny tekst"
    assert str(getattr(row, other)) in {"Annet felt", str(local_date(NOW) - timedelta(days=90))}


def test_the_stored_text_is_taken_instead_of_one_s_own(house, sign_in):
    client, page = sign_in(house.secretary), page_of(house, "body")
    opened = field_values(client.get(page))
    client.post(page, {**opened, "mandate": "Lagret først"})
    answer = client.post(page, {**opened, "mandate": "Skrevet etterpå"})
    entries = LogEntry.objects.count()
    again = {**field_values(answer), "mandate--choice": "theirs"}
    assert client.post(page, again).status_code == 302
    assert (row_of(house, "body").mandate, LogEntry.objects.count()) == ("Lagret først", entries)


def test_a_choice_is_shown_in_words(house, sign_in):
    client, page = sign_in(house.secretary), page_of(house, "seat")
    opened = field_values(client.get(page))
    one, two = [item for item in (house.lead, house.partner, house.trust) if item.pk != opened["organisation"]][:2]
    assert client.post(page, {**opened, "organisation": one.pk}).status_code == 302
    answer = client.post(page, {**opened, "organisation": two.pk})
    assert answer.status_code == 409
    assert one.name in answer.content.decode().split("data-conflict>")[1][:600]
    assert row_of(house, "seat").organisation == one


def test_the_frame_is_not_overwritten_unseen(house, round_, sign_in):
    client, page = sign_in(house.secretary), reverse("rounds:frame", args=[round_.code])
    opened = field_values(client.get(page))
    assert client.post(page, {**opened, "amount": "3 000 000"}).status_code == 302
    second = sign_in(house.hospital_secretary)
    answer = second.post(page, {**opened, "amount": "4 000 000"})
    text = answer.content.decode()
    assert (answer.status_code, f"{house.secretary.name} har endret «Hvor mye kan deles ut?»" in text) == (409, True)
    round_.frame.refresh_from_db()
    assert round_.frame.amount == 3_000_000
    again = {**field_values(answer), "amount--choice": "mine"}
    assert second.post(page, again).status_code == 302
    round_.frame.refresh_from_db()
    assert round_.frame.amount == 4_000_000
