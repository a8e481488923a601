"""Two who write in one text of a meeting: neither overwrites the other, and nothing that was typed is lost."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from evaluation.meetings.models import Case, CasePaper, CaseStatus
from evaluation.meetings.services import live, minutes, planning, resolving
from portal import clock
from portal.journal.models import LogEntry
from tests import factories
from tests.harness import worlds
from tests.harness.browser import axe_violations
from tests.meetings import world
from tests.world import house as make_house

pytestmark = pytest.mark.django_db
SCRIPT = {"accept": "application/json"}
PAPER = {"title": "Retningslinjer", "background": "", "facts": "", "considerations": "", "proposal": ""}


@worlds.world
def paper(house, now):
    """A case with a paper, the address where it is written, and a colleague of the secretary."""
    case = world.own_case(house, world.planned(house, now), now, title="Retningslinjer")
    colleague = factories.seat(house.secretariat).user
    planning.write_paper(case, texts={"facts": "Som før."}, by=house.secretary, at=now)
    return case, colleague


def address(case):
    return reverse("meetings:edit_paper", args=[case.pk])


def ended(house, meeting, now):
    """The minutes of the meeting, with its case postponed."""
    resolving.postpone_rest(meeting, reason="Tida.", by=house.chair, at=now)
    return live.close_meeting(meeting, by=house.chair, at=now)


def version(client, url):
    return client.get(url).context["form"]["version"].value()


def written(case):
    held = CasePaper.objects.get(case=case)
    return held.background, held.facts, held.considerations


@pytest.mark.fault("C12")
@pytest.mark.usefixtures("frozen_clock")
def test_two_secretaries_write_in_one_paper_and_choose_about_one_text(house, paper, sign_in):
    case, colleague = paper
    client, url = sign_in(house.secretary), address(case)
    seen = version(client, url)
    client.force_login(colleague)
    assert client.post(url, {**PAPER, "facts": "Karis fakta.", "version": version(client, url)}).status_code == 302
    client.force_login(house.secretary)
    sent = {**PAPER, "facts": "Mine fakta.", "considerations": "Mine vurderinger.", "version": seen}
    answer = client.post(url, sent)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert f"{colleague} har endret «Fakta» mens du skrev. Velg hva som skal gjelde." in page
    assert ("Karis fakta." in page, "Mine fakta." in page) == (True, True)
    # The text that nobody else had changed is kept.
    assert written(case) == ("", "Karis fakta.", "Mine vurderinger.")
    form = answer.context["form"]
    choice = {"facts--choice": "mine", "facts--theirs": form["facts"].conflict.version}
    assert client.post(url, {**sent, "version": form["version"].value(), **choice})["Location"] == reverse(
        "meetings:case", args=[case.pk]
    )
    assert written(case) == ("", "Mine fakta.", "Mine vurderinger.")


@pytest.mark.fault("C12")
@pytest.mark.usefixtures("frozen_clock")
def test_what_is_stored_can_be_taken_instead(house, paper, sign_in, now):
    case, colleague = paper
    client, url = sign_in(house.secretary), address(case)
    seen = version(client, url)
    planning.write_paper(case, texts={"facts": "Karis fakta."}, by=colleague, at=now)
    sent = {**PAPER, "facts": "Mine fakta.", "version": seen}
    form = client.post(url, sent).context["form"]
    taken = {"facts--choice": "theirs", "facts--theirs": form["facts"].conflict.version}
    assert client.post(url, {**sent, "version": form["version"].value(), **taken}).status_code == 302
    assert written(case) == ("", "Karis fakta.", "")


@pytest.mark.fault("C11")
def test_the_script_saves_what_can_be_read_and_tells_the_log_once_a_quarter(house, paper, sign_in, frozen_clock):
    case, _colleague = paper
    client, url = sign_in(house.secretary), address(case)
    LogEntry.objects.all().delete()
    revision = case.meeting.revision
    seen = version(client, url)
    said = []
    for minute in (1, 2, 20):
        frozen_clock.shift(60 * minute)
        data = {**PAPER, "title": "" if minute == 2 else "Nytt", "background": f"Etter {minute}.", "version": seen}
        answer = client.post(url, data, headers=SCRIPT)
        seen = answer.json()["version"]
        said.append((answer.status_code, answer.json()["state"]))
    assert said == [(200, "saved"), (422, "invalid"), (200, "saved")]
    assert written(case)[0] == "Etter 20."
    assert LogEntry.objects.filter(act="case.paper_written").count() == 2
    case.meeting.refresh_from_db()
    assert case.meeting.revision == revision


@pytest.mark.fault("C12")
@pytest.mark.usefixtures("frozen_clock")
def test_the_script_is_given_both_texts(house, paper, sign_in, now):
    case, colleague = paper
    client, url = sign_in(house.secretary), address(case)
    seen = version(client, url)
    planning.write_paper(case, texts={"facts": "Karis fakta."}, by=colleague, at=now)
    answer = client.post(url, {**PAPER, "facts": "Mine.", "version": seen}, headers=SCRIPT)
    told = answer.json()
    assert (answer.status_code, told["state"], told["fields"]) == (409, "conflict", {"facts": "Karis fakta."})
    assert "Karis fakta." in told["boxes"]["facts"]
    Case.objects.update(status=CaseStatus.DECIDED)
    answer = client.post(url, {**PAPER, "version": seen}, headers=SCRIPT)
    assert (answer.status_code, answer.json()["state"]) == (403, "refused")
    assert written(case) == ("", "Karis fakta.", "")


@pytest.mark.fault("C11")
@pytest.mark.usefixtures("frozen_clock")
def test_remarks_that_come_too_late_stay_on_the_page(house, meeting, sign_in, now):
    record = ended(house, meeting, now)
    client = sign_in(house.secretary)
    url = reverse("meetings:write_remarks", args=[meeting.pk])
    minutes.adopt(record, by=house.chair, at=now)
    answer = client.post(url, {"remarks": "Skrevet lenge."})
    page = answer.content.decode()
    assert answer.status_code in {409, 422}
    assert ("Protokollen er godkjent og kan ikke endres." in page, "Skrevet lenge." in page) == (True, True)


@pytest.mark.fault("C11")
@pytest.mark.usefixtures("frozen_clock")
def test_remarks_kept_over_a_sign_in_are_shown_on_the_page_of_the_minutes(house, meeting, client, now):
    ended(house, meeting, now)
    client.post(reverse("meetings:write_remarks", args=[meeting.pk]), {"remarks": "Skrevet lenge."})
    client.force_login(house.secretary)
    page = client.get(reverse("meetings:minutes", args=[meeting.pk]))
    assert page.context["form"]["remarks"].value() == "Skrevet lenge."


@pytest.mark.browser
@pytest.mark.fault("C11", "C12")
@pytest.mark.django_db(transaction=True)
def test_a_paper_in_the_browser_survives_the_menu_another_language_and_another_writer(transactional_db, open_as):
    home, now = make_house(), clock.now()
    case = world.own_case(home, world.planned(home, now), now, title="Retningslinjer")
    colleague = factories.seat(home.secretariat).user
    anne, carl = open_as(home.secretary), open_as(colleague)
    for page in (anne, carl):
        page.goto(address(case))
    anne.fill("#id_background", "Skrevet før menyen")
    anne.get_by_role("navigation").get_by_role("link", name="Møter").first.click()
    anne.wait_for_url("**/meetings/")
    anne.goto(address(case))
    expect(anne.locator("#id_background")).to_have_value("Skrevet før menyen")
    anne.fill("#id_facts", "Mine fakta")
    anne.get_by_role("button", name="English").click()
    expect(anne.locator("#id_facts")).to_have_value("Mine fakta")
    carl.fill("#id_facts", "Karis fakta")
    carl.fill("#id_considerations", "Karis vurderinger")
    box = carl.locator("[data-conflict-at=facts] [data-conflict]")
    expect(box).to_contain_text("Mine fakta")
    assert axe_violations(carl) == []
    box.locator("label", has_text="Det som er lagret").click()
    expect(carl.locator("[data-autosave-state]")).to_contain_text("Lagret kl.")
    expect(carl.locator("#id_facts")).to_have_value("Mine fakta")
    assert written(case) == ("Skrevet før menyen", "Mine fakta", "Karis vurderinger")


@pytest.mark.browser
@pytest.mark.fault("C11")
@pytest.mark.django_db(transaction=True)
def test_what_is_typed_in_a_form_that_is_sent_once_comes_back_to_its_page(transactional_db, open_as):
    home, now = make_house(), clock.now()
    meeting, case = world.in_session(home, now)
    page = open_as(home.chair)
    url = reverse("meetings:postpone", args=[case.pk])
    page.goto(url)
    page.fill("#id_reason", "Vi mangler tall.")
    page.get_by_role("navigation").get_by_role("link", name="Møter").first.click()
    page.wait_for_url("**/meetings/")
    page.goto(url)
    expect(page.locator("#id_reason")).to_have_value("Vi mangler tall.")
    page.get_by_role("button", name="English").click()
    expect(page.locator("[data-kept]")).to_contain_text("has been brought back")
    expect(page.locator("#id_reason")).to_have_value("Vi mangler tall.")
    assert axe_violations(page) == []
    page.get_by_role("button", name="Discard it").click()
    expect(page.locator("#id_reason")).to_have_value("")
    page.fill("#id_reason", "Vi mangler mange tall.")
    page.locator(".form [type=submit]").click()
    page.wait_for_url(f"**{meeting.get_absolute_url()}")
    expect(page.locator(".messages")).to_be_visible()
    assert page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('kept:'))") == []
