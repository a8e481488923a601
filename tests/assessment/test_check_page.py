"""«Kontroller søknaden»: what is ticked, what is explained, and what is refused at the point itself."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from applications import snapshot
from applications.models import Application
from applications.services import correcting
from applications.services.submitting import submit
from applications.workflow import Status
from evaluation.assessment.models import Admission
from portal.clock import local_date
from portal.journal.models import LogEntry
from tests import documents
from tests.applications import world as applications_world
from tests.harness import worlds
from tests.world import house

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client, secretary):
    client.force_login(secretary)
    return client


@worlds.world
def arrived(house, northern):
    """A whole application, really submitted."""
    whole = applications_world.whole(house, northern)
    submit(whole, by=house.applicant, at=applications_world.open_moment(northern))
    return Application.objects.get(pk=whole.pk)


def test_check_admits_with_the_boxes_as_ticked(office, arrived):
    url = f"/assessment/application/{arrived.code}/admission/"
    assert office.get(url).status_code == 200
    assert office.post(url, {"act": "admit", **all_checks(arrived)}).status_code == 302
    answers = [(item["answer"], item["reason"]) for item in Admission.objects.get().checklist["items"]]
    assert set(answers) == {(True, "")}


@pytest.mark.parametrize("act", ["admit", "refuse"])
def test_what_was_sent_since_the_page_was_opened_is_read_first(office, house, arrived, secretary, act):
    """A colleague asked for a correction meanwhile, and it came: the ticks were of the version before."""
    url, at = f"/assessment/application/{arrived.code}/admission/", arrived.submitted_at + timedelta(hours=1)
    before = office.get(url).context["form"]["version"].value()
    correcting.request_correction(arrived, ["plan"], "Planen mangler.", at + timedelta(days=7), by=secretary, at=at)
    documents.submission(arrived, snapshot.content(arrived), version=2, at=at)
    Application.objects.filter(pk=arrived.pk).update(status="submitted")
    posted = {"act": act, "reason": "Feil.", **all_checks(arrived)}
    answer = office.post(url, {**posted, "version": before})
    assert (answer.status_code, "Det ble sendt en ny versjon" in answer.text) == (409, True)
    assert not Admission.objects.exists()
    again = {**posted, "version": answer.context["form"]["version"].value()}
    assert office.post(url, again).status_code == 302
    assert Admission.objects.get().submission.version == 2


def test_the_filled_button_ticks_what_is_left_and_then_admits(office, arrived):
    url = f"/assessment/application/{arrived.code}/admission/"

    def filled(page):
        return re.findall(r'<button class="ds-button" type="submit" name="act" value="(\w+)"', page)

    def heading(page):
        return re.search(r"<h1[^>]*>([^<]+)</h1>", page)[1]

    left, none = office.get(url).text, office.post(url, {"act": "tick", **all_checks(arrived)}).text
    assert (filled(left), heading(left)) == (["tick"], "Fire punkter å kontrollere")
    assert (filled(none), heading(none)) == (["admit"], "Alle punktene er kontrollert")
    almost = office.post(url, {"act": "admit", **all_checks(arrived, but=asked_of(arrived)[:1])}).text
    assert heading(almost) == "Ett punkt å kontrollere"


def all_checks(application, *, but=()):
    """Every box of the checklist ticked, save some."""
    fixed = ("in-time", "complete", "signed", "municipality", "hospital_trust", "amount")
    ticked = {f"check-{code}": "on" for code in (*fixed, *asked_of(application)) if code not in but}
    return {**ticked, "version": "1"}


def asked_of(application):
    """The points of the checklist that only a person can judge."""
    return [item.code for item in application.round.spec.criteria if item.kind == "checklist"]


@pytest.mark.parametrize("version", [None, "", "en", "2"])
def test_a_post_that_does_not_carry_the_version_that_was_sent_decides_nothing(office, arrived, version):
    """It was taken, and compared with nothing: a correction that came meanwhile was admitted unread."""
    url = f"/assessment/application/{arrived.code}/admission/"
    data = {"act": "admit", **all_checks(arrived), "version": version}
    answer = office.post(url, {name: value for name, value in data.items() if value is not None})
    assert answer.status_code == (409 if version == "2" else 422)
    assert Application.objects.get().status == Status.SUBMITTED
    if version is None:
        assert "Siden du sendte fra, mangler noe." in answer.text


def test_unticked_check_is_named_at_the_box_and_in_the_summary(office, arrived):
    url = f"/assessment/application/{arrived.code}/admission/"
    answer = office.post(url, {"act": "admit", **all_checks(arrived, but=["signed"]), "why-signed": " "})
    # In the summary with the label; at the box it stands below the label.
    sentence = "Kryss av, eller skriv hvorfor søknaden likevel tas til vurdering."
    page = answer.content.decode()
    assert (answer.status_code, page.count(sentence)) == (422, 2)
    assert page.count(f"Alle som skal signere, har signert: {sentence}") == 1
    arrived.refresh_from_db()
    assert (arrived.status, Admission.objects.count()) == ("submitted", 0)


def test_what_the_portal_has_ticked_is_folded_until_it_is_unticked(office, arrived):
    url = f"/assessment/application/{arrived.code}/admission/"

    def rows(answer):
        checks = answer.context["checks"]
        return {name: [item.code for item, _box, _why in checks[name] if item] for name in checks}

    seen = rows(office.get(url))
    assert set(asked_of(arrived)) <= set(seen["to_judge"])
    assert "amount" in seen["agreed"]
    answer = office.post(url, {"act": "admit", **all_checks(arrived, but=["amount"])})
    assert answer.status_code == 422
    assert ("amount" in rows(answer)["to_judge"], "amount" in rows(answer)["agreed"]) == (True, False)


def test_check_passed_by_with_a_reason_stands_on_the_page(office, arrived):
    url = f"/assessment/application/{arrived.code}/admission/"
    data = {"act": "admit", **all_checks(arrived, but=["in-time"]), "why-in-time": "Portalen var nede."}
    page = office.post(url, data, follow=True).content.decode()
    assert ("Tatt til vurdering selv om dette ikke er oppfylt" in page, "Portalen var nede." in page) == (True, True)
    assert LogEntry.objects.get(act="admission.decided").data["unmet"] == ["in-time"]


def test_tick_for_the_rest_leaves_a_point_with_a_reason_alone(office, arrived):
    url = f"/assessment/application/{arrived.code}/admission/"
    code, *others = asked_of(arrived)
    why = "Planen kom på papir."
    page = office.post(url, {"act": "tick", "version": "1", f"why-{code}": why})
    form = page.context["form"]
    ticked = {other: bool(form[f"check-{other}"].value()) for other in (code, *others)}
    assert ticked == {code: False, **dict.fromkeys(others, True)}
    assert (form[f"why-{code}"].value(), form.is_unticked, form.errors) == (why, False, {})
    opened = rf'<details class="fold" open>(?:(?!</details>).)*name="why-{code}"'
    assert re.search(opened, page.content.decode(), re.DOTALL)
    sent = {"act": "admit", **all_checks(arrived, but=[code]), f"why-{code}": why}
    assert why in office.post(url, sent, follow=True).content.decode()


def test_tick_together_with_a_reason_is_refused_at_the_point_and_nothing_is_lost(office, arrived):
    url = f"/assessment/application/{arrived.code}/admission/"
    for code in (asked_of(arrived)[0], "amount"):
        answer = office.post(url, {"act": "admit", **all_checks(arrived), f"why-{code}": "Kom på papir."})
        form = answer.context["form"]
        assert (answer.status_code, list(form.errors)) == (422, [f"check-{code}"])
        assert (form[f"check-{code}"].value(), form[f"why-{code}"].value()) == (True, "Kom på papir.")
        assert answer.content.decode().count("eller skriv hvorfor det tas inn likevel, ikke begge.") == 2
        assert code in [item.code for item, _box, _why in answer.context["checks"]["to_judge"] if item]
    assert Admission.objects.count() == 0


def test_refusal_without_reason_stays_on_the_page(office, arrived):
    url = f"/assessment/application/{arrived.code}/admission/"
    answer = office.post(url, {"act": "refuse", "reason": "", "version": "1"})
    assert (answer.status_code, "Skriv hvorfor søknaden avvises" in answer.content.decode()) == (422, True)
    assert office.post(url, {"act": "refuse", "reason": "Ikke felles.", "version": "1"}).status_code == 302


def test_check_leads_to_the_one_page_that_asks_for_a_correction(office, arrived, frozen_clock, at):
    frozen_clock.move_to(at)
    url = f"/applications/{arrived.code}/request-correction/"
    assert f'href="{url}"' in office.get(f"/assessment/application/{arrived.code}/admission/").content.decode()
    later = local_date(at) + timedelta(days=7)
    data = {"sections": [arrived.round.spec.sections[0].code], "reason": "Budsjettet mangler."}
    answer = office.post(url, {**data, "due_at_0": later.isoformat(), "due_at_1": "12:00"})
    arrived.refresh_from_db()
    assert (answer.status_code, arrived.status) == (302, "correction")


def test_case_that_is_checked_is_a_state_with_a_way_on_and_not_a_lack_of_access(office, arrived):
    url = f"/assessment/application/{arrived.code}/admission/"
    office.post(url, {"act": "admit", **all_checks(arrived)})
    answer = office.get(url)
    page = answer.content.decode()
    assert (answer.status_code, "Saken er allerede kontrollert." in page) == (403, True)
    assert "Dette kan ikke gjøres lenger" in page
    assert "Du har ikke tilgang til dette" not in page
    assert f'class="ds-button" href="/assessment/application/{arrived.code}/"' in page


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_reason_that_is_brought_back_is_seen(transactional_db, open_as):
    home = house()
    round_ = applications_world.real_round("helse-nord-2025")
    whole = applications_world.whole(home, round_)
    submit(whole, by=home.applicant, at=applications_world.open_moment(round_))
    page = open_as(home.secretary)
    url = f"/assessment/application/{whole.code}/admission/"
    page.goto(url)
    # A point that the portal has ticked: its reason is in two folds.
    why = page.locator("[name=why-amount]")
    page.locator("details", has=why).first.locator("summary").first.click()
    page.locator("details", has=why).last.locator("summary").click()
    why.fill("Avtalt med fylket.")
    page.goto("/")
    page.goto(url)
    expect(why).to_have_value("Avtalt med fylket.")
    expect(why).to_be_visible()
