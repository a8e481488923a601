"""The pages: who gets which answer, what they show, and what they refuse."""

import csv

import pytest
from django.urls import reverse

from evaluation.actions import services
from evaluation.actions.models import FollowUpItem, OwnerKind, State
from portal.clock import local_date
from portal.communities.models import Body, BodySuccession
from tests import factories
from tests.actions import world
from tests.actions.test_services import recuse

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

ROLES = ("secretary", "chair", "member", "partner_signatory", "far_secretary", "nobody")


def address(name, *args):
    return reverse(f"actions:{name}", args=args)


def answers(house, client, url):
    statuses = []
    for role in ROLES:
        client.force_login(getattr(house, role))
        statuses.append(client.get(url).status_code)
    return statuses


@pytest.fixture
def item(house, now, case):
    """An item that Senja kommune owns, ten days late."""
    return world.item(house, case, now, world.own(OwnerKind.ORGANISATION, house.partner), -10)


def test_each_role_gets_its_answer(house, meeting, item, client):
    code = house.ssu.code
    get = {
        address("list", code): [200, 200, 200, 404, 404, 404],
        address("csv", code): [200, 200, 200, 404, 404, 404],
        address("add", code): [200, 403, 403, 404, 404, 404],
        address("go_through", meeting.pk): [200, 403, 403, 404, 404, 404],
        address("item", item.pk): [200, 200, 200, 200, 404, 404],
        address("mend", item.pk): [200, 403, 403, 403, 404, 404],
        address("report", item.pk): [405] * 6,
        address("settle", item.pk): [405] * 6,
        address("item", 999_999): [404] * 6,
        address("list", house.secretariat.code): [404] * 6,
    }
    assert {url: answers(house, client, url) for url in get} == get
    posted = {address("report", item.pk): [403, 403, 403, 302, 404, 404], address("settle", item.pk): [422]}
    posted[address("settle", item.pk)] += [403, 403, 403, 404, 404]
    for url, expected in posted.items():
        statuses = []
        for role in ROLES:
            client.force_login(getattr(house, role))
            statuses.append(client.post(url, {"sentence": "Vi er i gang."}).status_code)
        assert statuses == expected, url


def test_visitor_is_sent_to_sign_in(item, client):
    assert client.get(item.get_absolute_url()).url.startswith("/account/login/")


# --- what the minutes ask for -----------------------------------------------------------------------------


def typed_rows(page):
    """What the form shows, as a browser would post it."""
    data = {"case": page.context["form"].cases}
    for form in page.context["form"].forms:
        for name in form.fields:
            value = form[name].value()
            if value not in (None, False, ""):
                data[form.add_prefix(name)] = value
    return data


@pytest.mark.requirement("R130")
def test_the_secretariat_confirms_point_by_point(house, meeting, sign_in):
    client, url = sign_in(house.secretary), address("go_through", meeting.pk)
    page = client.get(url)
    assert "punkt 2" in page.text
    assert page.context["form"].forms[1]["due"].value() == "mars 2025"
    assert 'value="mars 2025"' in page.text
    data = typed_rows(page)
    del data["punkt-1-is_taken"]
    data["punkt-2-due"] = "1.4.2025"
    page = client.post(url, data, follow=True)
    assert "1 punkt er ført opp." in page.text
    made = FollowUpItem.objects.get()
    assert (made.owner, made.due.code) == (house.partner, "2025-04-01")
    again = client.get(url).text
    assert "Ingenting å gå gjennom" in again


def test_what_cannot_be_read_is_said_and_nothing_is_lost(house, meeting, sign_in):
    client, url = sign_in(house.secretary), address("go_through", meeting.pk)
    data = typed_rows(client.get(url))
    data |= {"punkt-1-due": "snart", "punkt-1-text": "Skriv om prosedyren.", "punkt-2-owner": "role"}
    page = client.post(url, data)
    assert page.status_code == 422
    assert "Skriv fristen som en dato" in page.text
    assert "Skriv hvilken rolle" in page.text
    assert "Skriv om prosedyren." in page.text
    assert not FollowUpItem.objects.exists()
    # What is left out is not read.
    del data["punkt-1-is_taken"], data["punkt-2-is_taken"]
    assert client.post(url, data).status_code == 302


def test_who_comes_second_is_told_who_was_first(house, meeting, now, case, sign_in):
    client, url = sign_in(house.secretary), address("go_through", meeting.pk)
    data = typed_rows(client.get(url))
    services.go_through(meeting, [case.pk], [], by=house.hospital_secretary, at=now)
    page = client.post(url, data)
    assert f"{house.hospital_secretary.name} gikk gjennom sak" in page.text
    assert "Samarbeidsprosedyre 5" in page.text
    assert not FollowUpItem.objects.exists()


def test_an_item_by_hand(house, case, sign_in):
    client, url = sign_in(house.secretary), address("add", house.ssu.code)
    data = {"case": case.pk, "text": "UNN følger opp.", "owner": f"organisation:{house.trust.pk}", "due": ""}
    assert client.post(url, {**data, "owner": "organisation:999"}).status_code == 422
    assert client.post(url, data).status_code == 302
    assert FollowUpItem.objects.get().due is None


# --- the list ---------------------------------------------------------------------------------------------


@pytest.mark.requirement("R133")
def test_the_list_has_the_late_first_and_those_without_a_date_last(house, now, case, sign_in):
    for days, text in ((None, "Uten."), (5, "Snart."), (-3, "Sen."), (None, "Ferdig.")):
        world.item(house, case, now, days=days, text=text)
    done = FollowUpItem.objects.get(text="Ferdig.")
    services.settle(done, State.DONE, "Sendt til alle.", seen=None, by=house.secretary, at=now)
    page = sign_in(house.member).get(address("list", house.ssu.code))
    assert [row.item.text for row in page.context["open"]] == ["Sen.", "Snart.", "Uten."]
    text = page.text
    assert "Tre vedtak å følge opp, ett er over fristen" in text
    assert "3 dager over fristen" in text
    assert "5 dager igjen" in text
    assert "uten frist" in text
    assert "Utført: 1" in text
    assert "Sendt til alle." in text
    assert "Før opp et punkt" not in text
    lines = list(csv.reader(sign_in(house.member).get(address("csv", house.ssu.code)).text.splitlines(), delimiter=";"))
    assert [line[2] for line in lines] == ["Det som ble vedtatt", "Sen.", "Snart.", "Uten.", "Ferdig."]
    assert lines[-1][5:8] == ["Utført", "Sendt til alle.", "10.02.2025"]


def test_the_empty_list_says_what_will_come(house, sign_in):
    page = sign_in(house.chair).get(address("list", house.ssu.code)).text
    assert "Ingen vedtak å følge opp nå" in page
    assert "Når et vedtak ber noen om noe" in page


def test_a_text_that_looks_like_a_formula_is_no_formula(house, now, case, sign_in):
    world.item(house, case, now, text="=1+1")
    assert ";'=1+1;" in sign_in(house.chair).get(address("csv", house.ssu.code)).text


def test_the_list_costs_as_much_whatever_is_on_it(house, now, case, sign_in, django_assert_num_queries):
    client, url = sign_in(house.secretary), address("list", house.ssu.code)
    world.item(house, case, now, days=3)
    client.get(url)
    with django_assert_num_queries(6):
        client.get(url)
    for owner in (house.partner, house.lead, house.trust):
        world.item(house, case, now, world.own(OwnerKind.ORGANISATION, owner), 3)
    with django_assert_num_queries(6):
        client.get(url)


def test_a_body_that_ended_leads_to_the_list_of_the_one_that_goes_on(house, now, item, sign_in):
    after = factories.body(house.community, code="ssu-ny", name="Nytt SSU", kind="ssu")
    factories.seat(after, house.chair, "municipality", role="chair")
    BodySuccession.objects.create(predecessor=house.ssu, successor=after, from_date=local_date(now), given_at=now)
    Body.objects.filter(pk=house.ssu.pk).update(last_day=local_date(now))
    client = sign_in(house.chair)
    assert client.get(address("list", house.ssu.code)).url == address("list", after.code)
    assert [row.item for row in client.get(address("list", after.code)).context["open"]] == [item]


def test_a_closed_case_hides_its_items_and_their_sums(house, now, case, item, sign_in):
    recuse(house.member, case, now)
    client = sign_in(house.member)
    assert client.get(item.get_absolute_url()).status_code == 404
    assert client.post(address("report", item.pk), {"sentence": "Hei."}).status_code == 404
    page = client.get(address("list", house.ssu.code))
    assert "Ingen vedtak å følge opp nå" in page.text
    assert item.text not in page.text
    assert item.text not in client.get(address("csv", house.ssu.code)).text


# --- one item ---------------------------------------------------------------------------------------------


def test_the_owner_reports_and_the_list_tells_it(house, item, sign_in):
    client = sign_in(house.partner_signatory)
    page = client.get(item.get_absolute_url()).text
    assert "Meld hva som er gjort" in page
    assert "Lukk punktet" not in page
    assert "10 dager over fristen" in page
    assert "Endre punktet" not in page
    assert client.post(address("report", item.pk), {"sentence": ""}).status_code == 422
    client.post(address("report", item.pk), {"sentence": "Forslaget er sendt.", "is_done": "on"})
    page = client.get(item.get_absolute_url()).text
    assert "Forslaget er sendt." in page
    assert "Meld hva som er gjort" not in page
    assert "Utført" in page
    assert "Åpne punktet igjen" in sign_in(house.secretary).get(item.get_absolute_url()).text


def test_what_was_told_meanwhile_is_read_before_more_is_told(house, now, item, sign_in):
    client = sign_in(house.partner_signatory)
    services.settle(item, State.OPEN, "Fristen er flyttet.", seen=None, by=house.secretary, at=now)
    page = client.post(address("report", item.pk), {"sentence": "Vi er i gang.", "seen": ""})
    assert page.status_code == 422
    assert "Fristen er flyttet." in page.text
    assert "Vi er i gang." in page.text
    seen = page.context["report"]["seen"].value()
    assert client.post(address("report", item.pk), {"sentence": "Vi er i gang.", "seen": seen}).status_code == 302


def test_the_secretariat_mends_and_closes(house, now, item, sign_in):
    client, url = sign_in(house.secretary), address("mend", item.pk)
    form = client.get(url).context["form"]
    assert form["owner"].value() == f"organisation:{house.partner.pk}"
    data = {"text": "Kortere.", "owner": "role", "owner_role": "Lederne", "due": "april 2025", "returns_in": ""}
    data["version"] = form["version"].value()
    assert client.post(url, data).url == item.get_absolute_url()
    item.refresh_from_db()
    assert (item.text, item.owner, item.due.code) == ("Kortere.", "Lederne", "2025-04")
    again = client.post(url, {**data, "text": "Noe annet."})
    assert again.status_code == 409
    assert "Velg hva som skal gjelde." in again.text
    settle = address("settle", item.pk)
    assert client.post(settle, {"state": "to_follow_up", "sentence": "Nei."}).status_code == 422
    client.post(settle, {"state": "dropped", "sentence": "SSU trengte det ikke."})
    item.refresh_from_db()
    assert item.state == State.DROPPED


def test_an_owner_who_has_left_stays_until_another_is_chosen(house, now, case, sign_in):
    item = world.item(house, case, now, world.own(OwnerKind.BODY, house.fsu))
    Body.objects.filter(pk=house.fsu.pk).update(last_day=local_date(now))
    client, url = sign_in(house.secretary), address("mend", item.pk)
    form = client.get(url).context["form"]
    data = {"text": "Kortere.", "owner": form["owner"].value(), "version": form["version"].value()}
    assert client.post(url, data).status_code == 302
    item.refresh_from_db()
    assert (item.text, item.owner) == ("Kortere.", house.fsu)
