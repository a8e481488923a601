"""The case on one page, the way through the list from case to case, and acts on those that are chosen in the list."""

import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.urls import reverse

from applications.models import Application
from applications.services import correcting, submitting
from applications.services.submitting import submit
from evaluation.assessment.models import Admission, Assignment
from evaluation.assessment.queries.lists import NOT_TO_DISTRIBUTE
from evaluation.assessment.services import assigning, prioritising
from evaluation.assessment.services.assigning import AssigningError
from evaluation.assessment.turn import turn_url
from portal.clock import local_date
from tests.applications import world as applications_world
from tests.assessment import world
from tests.habilitet import decide_about
from tests.harness.pages import open_page

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def office(client, house, at, frozen_clock):
    frozen_clock.move_to(at)
    client.force_login(house.secretary)
    return client


def case_url(application, filter_of_list=""):
    query = f"?from={quote(filter_of_list)}" if filter_of_list else ""
    return f"/assessment/application/{application.code}/{query}"


def test_a_case_that_waits_for_a_correction_says_what_is_to_be_corrected(office, house, northern, at):
    application = world.sent(house, northern, at, status="submitted")
    due = at + timedelta(days=7)
    correcting.request_correction(application, ["plan"], "Planen mangler.", due, by=house.secretary, at=at)
    step = office.get(case_url(application)).context["next_step"]
    assert (step.title, step.text, step.due_at) == ("Venter på retting fra søkerne", "Planen mangler.", due)


def titled(house, northern, at, *titles, **fields):
    """Applications with these titles; the first came last, so that it is first in the list."""
    moments = (at - timedelta(minutes=number) for number in range(len(titles)))
    return [
        world.sent(house, northern, moment, title=title, **fields)
        for title, moment in zip(titles, moments, strict=True)
    ]


# --- the way through the list ----------------------------------------------------------------------


def way(office, url):
    """What the page says of the list: its name, how many, where one is, and the titles before and after."""
    shown = office.get(url).context
    rows = shown.get("neighbours")
    if rows is None:
        return (shown["list_title"],)
    before, after = (row.title if row else "" for row in (rows.previous, rows.following))
    return (shown["list_title"], rows.total, rows.number, before, after)


@pytest.mark.parametrize(
    ("filter_of_list", "expected"),
    [
        ("nr=2", ("Listen", 4, 2, "Alfa", "Gamma")),
        ("sort=-title&nr=3", ("Listen", 4, 3, "Delta", "Alfa")),
        ("status=admitted&nr=2", ("Listen: Til vurdering", 3, 2, "Alfa", "Gamma")),
        ("status=admitted&text=a&nr=2", ("Listen: utvalg", 3, 2, "Alfa", "Gamma")),
        # The list has changed since: the page finds the case near where it was.
        ("nr=4", ("Listen", 4, 2, "Alfa", "Gamma")),
        # No longer in the list: its neighbours are those that it had there.
        ("status=submitted&nr=1", ("Listen: Sendt", 1, None, "", "Delta")),
        ("status=submitted&nr=2", ("Listen: Sendt", 1, None, "Delta", "")),
        ("status=admitted&text=finnes ikke&nr=1", ("Listen: utvalg",)),
        # What does not fit is left out; without a number there is no list.
        ("status=tull&sort=tull&stage=tull&nr=2", ("Listen", 4, 2, "Alfa", "Gamma")),
        ("assessor=x&municipality=-1&nr=2", ("Listen", 4, 2, "Alfa", "Gamma")),
        ("text=a%00b&nr=2", ("Listen: utvalg",)),
        ("nr=0", ("Listen",)),
        ("nr=x", ("Listen",)),
        ("nr=9999999999", ("Listen",)),
        ("", ("Listen",)),
    ],
)
def test_a_case_knows_its_neighbours_in_the_list_it_was_opened_from(
    office, house, northern, at, filter_of_list, expected
):
    _alfa, beta, _gamma = titled(house, northern, at, "Alfa", "Beta", "Gamma")
    world.sent(house, northern, at - timedelta(days=1), title="Delta", status="submitted")
    assert way(office, case_url(beta, filter_of_list)) == expected


def test_a_list_by_assessor_and_municipality_is_kept(office, house, northern, local, at):
    alfa, beta, gamma = titled(house, northern, at, "Alfa", "Beta", "Gamma")
    for application in (alfa, gamma):
        world.assign(application, local, house.chair, house.secretary, at)
    chosen = f"assessor={house.chair.pk}&municipality={house.lead.pk}"
    assert way(office, case_url(gamma, f"{chosen}&nr=2")) == ("Listen: utvalg", 2, 2, "Alfa", "")
    assert way(office, case_url(beta, f"{chosen}&nr=2")) == ("Listen: utvalg", 2, None, "Alfa", "Gamma")


def test_the_links_of_the_list_lead_through_it_and_back(office, house, northern, local, at):
    titled(house, northern, at, "Alfa", "Beta", "Gamma")
    url = f"{turn_url(local, 'turn')}?status=admitted&sort=-title"
    shown = []
    following = next(link for link in open_page(office, url).links if "/assessment/application/" in link)
    while following:
        page = office.get(following)
        shown.append(page.context["application"].title)
        assert page.context["list_url"] == url
        following = page.context["following_url"]
    assert shown == ["Gamma", "Beta", "Alfa"]


def test_closed_cases_are_counted_and_passed_over_as_in_the_list(office, house, northern, at):
    alfa, beta, _gamma = titled(house, northern, at, "Alfa", "Beta", "Gamma")
    words = {"is_recused": True, "ground": "party", "reason": "Part."}
    decide_about(beta, house.secretary, **words, by=house.hospital_secretary, at=at)
    url = case_url(alfa, "nr=1")
    assert way(office, url) == ("Listen", 3, 1, "", "Gamma")
    assert "Beta" not in office.get(url).content.decode()


def test_an_assessor_has_no_list_to_go_through(client, house, northern, local, application, at, frozen_clock):
    frozen_clock.move_to(at)
    titled(house, northern, at, "Alfa", "Beta")
    world.assign(application, local, house.assessor, house.secretary, at)
    client.force_login(house.assessor)
    page = client.get(case_url(application, "nr=1"))
    assert (page.status_code, "neighbours" in page.context) == (200, False)
    assert not {"Alfa", "Beta"} & set(re.findall(r"\w+", page.content.decode()))


# --- the next step ---------------------------------------------------------------------------------


def step(client, application, filter_of_list=""):
    shown = client.get(case_url(application, filter_of_list)).context["next_step"]
    return (shown.title, shown.act) if shown else None


def test_the_next_step_follows_the_case(office, house, northern, local, at):
    new = world.sent(house, northern, at, title="Ny", status="submitted")
    assert step(office, new) == ("Kontroller søknaden", "Kontroller")
    one = world.sent(house, northern, at, title="En")
    assert step(office, one) == ("Kontroller neste: Ny", "Kontroller neste")
    Application.objects.filter(pk=new.pk).update(status="withdrawn")
    new.stage_entries.update(status="withdrawn", state="closed", left_at=at)
    assert step(office, one) == ("Fordel søknaden til vurdering", "Fordel")
    world.assign(one, local, house.assessor, house.secretary, at)
    assert step(office, one) == (f"Venter på {house.assessor.name}", "")
    world.deliver(one, local, house.chair, at, by=house.secretary)
    assessment = world.assessing.begin(one, local, by=house.assessor, at=at)
    world.assessing.deliver(assessment, local, world.given(local), comment="", by=house.assessor, at=at)
    assert step(office, one) == ("Skriv innstillingen", "Til innstillingen")
    prioritising.set_up(local, by=house.secretary, at=at)
    world.recommend(local, one, house.secretary, at)
    assert step(office, one) == ("Venter på at listen låses", "Til innstillingen")


def test_the_next_step_of_the_assessor_and_of_who_decides_habilitet(office, client, house, application, local, at):
    world.assign(application, local, house.secretary, house.hospital_secretary, at)
    assert step(office, application) == ("Vurder søknaden", "Vurder")
    world.assessing.deliver(
        world.assessing.begin(application, local, by=house.secretary, at=at),
        local,
        world.given(local),
        comment="",
        by=house.secretary,
        at=at,
    )
    world.declaring.declare(application, has_tie=True, ground="other", explanation="Nabo.", by=house.chair, at=at)
    assert step(office, application) == ("Avgjør habiliteten til Kari Chair", "Les og avgjør")


def test_a_page_has_one_filled_button_above_the_fold(office, house, northern, local, at):
    new = world.sent(house, northern, at, status="submitted")
    page = office.get(case_url(new)).content.decode()
    filled = [button for button in re.findall(r'<a class="ds-button"[^>]*>', page) if "data-variant" not in button]
    assert len(filled) == 1


# --- what the page shows to whom -------------------------------------------------------------------


def test_the_case_shows_points_with_reasons_parties_control_and_history(office, house, application, local, at):
    world.deliver(application, local, house.assessor, at, 3, by=house.secretary)
    page = office.get(case_url(application)).content.decode()
    assert page.count('class="heat" data-step="5">3</td>') == len(local.measures)
    assert page.count("Godt begrunnet.") == len(local.judged)
    assert "100,00 av 100" in page
    assert re.findall(r'<li class="party" data-side="(\w+)">', page) == ["municipality", "hospital_trust"]
    assert ("En vurdering ble levert." in page, reverse("applications:sent", args=[application.code]) in page) == (
        True,
        True,
    )


def test_the_name_of_one_assessor_stands_over_the_points_alone(office, house, application, local, at):
    def reasons():
        return re.findall(r"<li>(.*)Godt begrunnet.</li>", office.get(case_url(application)).text)

    world.deliver(application, local, house.assessor, at, 3, by=house.secretary)
    assert set(reasons()) == {""}
    world.deliver(application, local, house.chair, at, 3, by=house.secretary)
    assert set(reasons()) == {f'<span class="muted">{person.name}:</span> ' for person in (house.assessor, house.chair)}


def test_the_reasons_of_three_assessors_stand_below_the_points(office, house, application, local, at):
    for person in (house.assessor, house.chair, house.vice_chair):
        world.deliver(application, local, person, at, 3, by=house.secretary)
    page = office.get(case_url(application)).text
    assert page.count('<tr><td colspan="6"><ul') == len(local.judged)
    assert '<th scope="col">Begrunnelse</th>' not in page


def test_points_are_promised_only_while_they_may_come(office, house, northern, at):
    application = world.sent(house, northern, at)
    said = "Poengene står her med begrunnelser", "Ingen vurderinger ble levert."

    def shown():
        return [words in office.get(case_url(application)).text for words in said]

    assert shown() == [True, False]
    application.stage_entries.update(state="closed", left_at=at)
    assert shown() == [False, True]


def test_a_case_without_points_says_in_short_what_it_is_about(office, house, application, local, at):
    asked = application.round.spec.form.summary_question
    applications_world.set_answer(application, asked, "Et ambulerende team for skrøpelige eldre.", at=at)
    world.freeze(application, at)
    said = "Et ambulerende team for skrøpelige eldre."
    assert said in office.get(case_url(application)).content.decode()
    world.deliver(application, local, house.member, at, by=house.secretary)
    assert said not in office.get(case_url(application)).content.decode()


def test_the_page_of_the_assessors_is_headed_by_what_is_to_be_done(office, house, application, local, at):
    def heading():
        page = office.get(reverse("assessment:assessors", args=[application.code])).text
        return re.search(r"<h1[^>]*>\s*(.+?)\s*</h1>", page)[1], "Fordel til en til" in page

    assert heading() == ("Fordel søknaden til vurdering", False)
    world.assign(application, local, house.assessor, house.secretary, at)
    assert heading() == ("Én person vurderer søknaden", True)


def test_an_assessor_sees_what_was_sent_and_no_points_before_the_own_ones(client, house, application, local, at):
    world.deliver(application, local, house.chair, at, 3, by=house.secretary)
    world.assign(application, local, house.assessor, house.secretary, at)
    client.force_login(house.assessor)
    page = client.get(case_url(application)).content.decode()
    assert ('class="party"' in page, 'class="heat"' in page, "Kari Chair" in page, "Historikk" in page) == (
        True,
        False,
        False,
        False,
    )


# --- those that are chosen in the list -------------------------------------------------------------


def test_boxes_stand_at_what_can_be_given_to_assessors(office, house, northern, local, at):
    able, _other = titled(house, northern, at, "Alfa", "Beta")
    closed = world.sent(house, northern, at)
    world.sent(house, northern, at, status="submitted")
    words = {"is_recused": True, "ground": "party", "reason": "Part."}
    decide_about(closed, house.secretary, **words, by=house.hospital_secretary, at=at)
    page = office.get(turn_url(local, "turn")).content.decode()
    assert sorted(re.findall(r'name="chosen" value="(\w+)"', page)) == sorted({able.code, _other.code})


def test_the_chosen_ones_alone_are_distributed(office, house, northern, local, at):
    one, two, _three = titled(house, northern, at, "Alfa", "Beta", "Gamma")
    url = f"{turn_url(local, 'distribute')}?selected=1&chosen={one.code}&chosen={two.code}"
    assert "2 er valgt." in office.get(url).content.decode()
    due = (local_date(at) + timedelta(days=5)).isoformat()
    office.post(url, {"assessors": [house.chair.pk], "each": 1, "due_date": due})
    assert sorted(Assignment.objects.values_list("application", flat=True)) == sorted([one.pk, two.pk])


def test_when_all_are_shared_out_the_filled_button_leads_to_the_ranking(office, house, local, application, at):
    def filled():
        page = office.get(turn_url(local, "distribute")).text.split("<main")[1]
        return re.findall(r'<(?:a|button) class="ds-button"(?: type="submit"| href="([^"]+)")>', page)

    assert filled() == [""]
    world.assign(application, local, house.assessor, house.secretary, at)
    assert filled() == [turn_url(local, "board")]


def test_what_cannot_be_given_is_refused_whole(office, house, northern, local, application, at):
    closed, unchecked = world.sent(house, northern, at), world.sent(house, northern, at, status="submitted")
    words = {"is_recused": True, "ground": "party", "reason": "Part."}
    decide_about(closed, house.secretary, **words, by=house.hospital_secretary, at=at)
    foreign = world.sent(house, northern, at, community=house.far_secretariat.community)
    due = local_date(at) + timedelta(days=5)
    data = {"assessors": [house.chair.pk], "each": 1, "due_date": due.isoformat()}
    for code in (closed.code, unchecked.code, foreign.code, "FINSIKKE", "a%00b"):
        url = f"{turn_url(local, 'distribute')}?chosen={application.code}&chosen={code}"
        for answer in (office.get(url), office.post(url, data)):
            assert (code, answer.status_code, NOT_TO_DISTRIBUTE in answer.content.decode()) == (code, 403, True)
    with pytest.raises(AssigningError, match="Minst én"):
        assigning.assign_evenly(
            local, [house.chair], each=1, due_date=due, by=house.secretary, at=at, codes=[closed.code]
        )
    assert not Assignment.objects.exists()


def test_nothing_chosen_is_said_and_gives_nothing(office, local, application):
    answer = office.get(f"{turn_url(local, 'distribute')}?selected=1", follow=True)
    assert answer.redirect_chain == [(turn_url(local, "turn"), 302)]
    assert "Kryss av for dem du vil fordele" in answer.content.decode()


# --- presses, counted ------------------------------------------------------------------------------


def follow(client, page, words):
    """The page behind the one link with these words."""
    links = re.findall(r'<a [^>]*href="([^"]+)"[^>]*>\s*([^<]*)', page.content.decode())
    (url,) = {href.replace("&amp;", "&") for href, text in links if text.strip() == words}
    return client.get(url, follow=True)


def press(client, page, act):
    """Press a button of the check as a browser sends it, and follow; nothing is typed, and no box is ticked."""
    url, html = page.wsgi_request.get_full_path(), page.content.decode()
    ticked = [box for box in re.findall(r'<input [^>]*type="checkbox"[^>]*>', html) if " checked" in box]
    boxes = [(re.search('name="([^"]+)"', box)[1], re.search('value="([^"]*)"', box)) for box in ticked]
    data = {"version": page.context["form"]["version"].value()}
    for name, value in boxes:
        data.setdefault(name, []).append(value[1] if value else "on")
    return client.post(url, {**data, "act": act}, follow=True)


def test_the_list_leads_to_what_has_waited_longest_and_sums_what_is_asked_for(office, house, northern, local, at):
    new = world.sent(house, northern, at, title="Ny", status="submitted")
    old = world.sent(house, northern, at - timedelta(days=9), title="Gammel", status="submitted")
    page = office.get(turn_url(local, "turn"))
    assert reverse("assessment:admission", args=[old.code]) in page.context["check_url"]
    asked = sum(one.requested_amount for one in Application.objects.filter(pk__in=[new.pk, old.pk]))
    assert page.context["requested"] == {"total": asked, "count": 2, "closed": 0, "gone": 0}
    words = {"is_recused": True, "ground": "party", "reason": "Part."}
    decide_about(old, house.secretary, **words, by=house.hospital_secretary, at=at)
    page = office.get(turn_url(local, "turn"))
    assert reverse("assessment:admission", args=[new.code]) in page.context["check_url"]
    assert page.context["requested"] == {"total": new.requested_amount, "count": 2, "closed": 1, "gone": 0}
    assert "Uten det som er stengt for deg" in page.text


def test_the_sum_is_of_those_that_compete(office, house, northern, local, at):
    one, two, three = (
        world.sent(house, northern, at, title=title, status="submitted") for title in ("En", "To", "Tre")
    )
    submitting.withdraw(two, by=house.applicant, at=at)
    assert "Uten avviste og trukne" in office.get(turn_url(local, "turn")).text
    type(three).objects.filter(pk=three.pk).update(status="not_admitted")
    three.stage_entries.update(status="not_admitted")
    page = office.get(turn_url(local, "turn"))
    assert page.context["requested"] == {"total": one.requested_amount, "count": 1, "closed": 0, "gone": 2}
    assert "Sum søkt, 1 søknad" in " ".join(page.text.split())
    assert "Sum søkt" not in office.get(f"{turn_url(local, 'turn')}?status=withdrawn").text


def test_a_check_takes_three_presses_from_the_list_on(office, house, northern, local):
    """Twenty take sixty: «Kontroller neste», «Kryss av for resten», «Ta søknaden til vurdering»."""
    for _number in range(3):
        application = applications_world.whole(house, northern)
        submit(application, by=house.applicant, at=applications_world.open_moment(northern))
    page = office.get(f"{turn_url(local, 'turn')}?status=submitted")
    presses = []
    while Admission.objects.count() < 3:
        page = follow(office, page, "Kontroller neste")
        page = press(office, page, "tick")
        assert not Admission.objects.filter(application=page.context["application"]).exists()
        page = press(office, page, "admit")
        presses.append(page.resolver_match.view_name)
    assert (presses, Application.objects.filter(status="admitted").count()) == (["assessment:detail"] * 3, 3)
    assert page.context["next_step"].title == "Fordel søknaden til vurdering"


def test_three_assessors_are_given_to_each_of_twenty_in_five_presses(office, house, northern, local, at):
    for _number in range(20):
        world.sent(house, northern, at)
    page = follow(office, office.get(turn_url(local, "turn")), "Fordel alle")
    people = [house.vice_chair.pk, house.chair.pk, house.user_member.pk]
    url = page.wsgi_request.get_full_path()
    form = next(form for form in open_page(office, url).forms if "each" in form.values)
    # The date is filled in, and how many each gets; the three boxes are ticked, and the button is pressed.
    office.post(url, {**form.values, "assessors": people, "each": 3})
    presses = 1 + len(people) + 1
    assert (presses, Assignment.objects.count()) == (5, 60)
