"""The package that goes to the region: complete, frozen, once; and the region's own list."""

import json
from datetime import timedelta

import pikepdf
import pytest
from django.urls import reverse

from applications.models import Application
from applications.services import submitting
from evaluation.assessment.models import Forwarding, PriorityList
from evaluation.assessment.queries import packages
from evaluation.assessment.queries.outstanding import lists_to_come, outstanding
from evaluation.assessment.services import forwarding, freezing, prioritising
from evaluation.assessment.turn import turn_url
from portal.clock import local_date
from portal.communities.queries import standing_on
from portal.jobs.services import run_all_due
from portal.mail.models import Message
from portal.snapshots import digest
from rounds.models import Round
from rounds.outcomes import Outcome
from tests import documents
from tests.assessment import world
from tests.habilitet import decide_about
from tests.harness import worlds

pytestmark = pytest.mark.django_db


@worlds.world
def frozen(house, northern, local, application, secretary, at):
    """A frozen list with one that goes on and one that does not."""
    left = world.sent(house, northern, at, title="Blir hjemme")
    decide_about(application, house.chair, is_recused=True, ground="party", reason="Familie.", by=secretary, at=at)
    prioritising.set_up(local, by=secretary, at=at)
    world.recommend(local, application, secretary, at, conditions="Årlig møte.")
    world.recommend(local, left, secretary, at, Outcome.NOT_PRIORITISED)
    world.do_tasks(local, secretary, at)
    return freezing.freeze(local, by=secretary, at=at)


@pytest.mark.requirement("R17")
def test_package_holds_list_habilitet_and_dossiers(frozen, local, application, secretary, at):
    extract = {"title": "Sak 12/25", "text": "Enstemmig."}
    forwarded = forwarding.forward(local, by=secretary, at=at, extract=extract)
    package = forwarded.snapshot
    submission = application.submissions.get()
    assert [(row["code"], row["rank"], row["sha256"]) for row in package["dossiers"]] == [
        (application.code, 1, submission.sha256)
    ]
    assert [row["title"] for row in package["list"]["rows"]] == [application.title, "Blir hjemme"]
    assert package["minutes"] == extract
    assert [item["person"] for item in package["list"]["habilitet"]] == ["Kari Chair"]
    assert (package["list_sha256"], forwarded.sha256) == (frozen.sha256, digest(package))
    document = Forwarding.objects.get().document
    assert (document.kind, document.subject) == ("package", f"{local.round.code}/{local.stage.code}/troms-ofoten")
    assert (document.is_intact, document.community) == (True, local.community)


@pytest.mark.requirement("R17")
def test_forwarded_applications_reach_the_region(frozen, house, local, application, secretary, at):
    forwarding.forward(local, by=secretary, at=at)
    application.refresh_from_db()
    assert application.status == "forwarded"
    entries = application.stage_entries.values_list("stage__code", "community__code", "state", "entered_at", "left_at")
    assert list(entries) == [
        ("community", "troms-ofoten", "forwarded", application.submitted_at, at),
        ("region", None, "in_work", at, None),
    ]
    assert Application.objects.get(title="Blir hjemme").status == "not_prioritised"
    assert list(Message.objects.values_list("recipient", "title")) == [
        (house.regional_secretary.email, "Prioritert liste fra Helsefellesskapet Troms og Ofoten"),
        (house.chair.email, f"«{application.title}»: habiliteten din er avgjort"),
    ]


def test_an_extract_is_promised_only_when_there_is_one(frozen, local, secretary, at, sign_in):
    promised, client = "Utdrag av protokollen", sign_in(secretary)
    assert promised in local.spec.forwards.contents
    assert promised not in client.get(turn_url(local, "forward")).text
    forwarded = forwarding.forward(local, by=secretary, at=at)
    assert promised not in forwarded.snapshot["contents"]
    assert promised in forwarding.contents(local, has_extract=True)


def test_the_page_of_the_locked_list_has_its_next_step_in_one_card(frozen, local, secretary, at, sign_in):
    client, url = sign_in(secretary), turn_url(local, "list")
    page = client.get(url)
    assert (page.context["heading"], page.context["step"].act) == ("Listen er låst", "Se over og oversend")
    assert (page.text.count("next-step-title"), "ds-alert" in page.text) == (2, False)
    forwarding.forward(local, by=secretary, at=at)
    page = client.get(url)
    assert (page.context["heading"], page.context["step"].act) == ("Listen er oversendt", "Se oversendelsen")
    assert "Kall tilbake oversendelsen" in page.text


def test_changed_package_is_seen(frozen, local, secretary, at):
    forwarded = forwarding.forward(local, by=secretary, at=at)
    forwarded.snapshot["dossiers"][0]["rank"] = 9
    assert not forwarded.document.is_intact


def test_list_that_is_not_frozen_is_not_forwarded(local, application, secretary, at):
    prioritising.set_up(local, by=secretary, at=at)
    with pytest.raises(forwarding.ForwardingError, match="Lås prioriteringen"):
        forwarding.forward(local, by=secretary, at=at)


def test_second_forwarding_is_a_named_error(frozen, local, secretary, at):
    forwarding.forward(local, by=secretary, at=at)
    with pytest.raises(forwarding.AlreadyForwardedError):
        forwarding.forward(local, by=secretary, at=at)
    assert Forwarding.objects.count() == 1


def test_nothing_prioritised_is_nothing_to_forward(frozen, local, application, secretary, at):
    application.refresh_from_db()
    submitting.withdraw(application, by=application.created_by, at=at)
    with pytest.raises(forwarding.ForwardingError, match="ingenting å oversende"):
        forwarding.forward(local, by=secretary, at=at)


def test_pdf_is_made_once_and_carries_the_data(frozen, local, application, secretary, at):
    forwarded = forwarding.forward(local, by=secretary, at=at)
    run_all_due(at)
    forwarded.refresh_from_db()
    made = forwarded.pdf_id
    assert documents.make_pdf(forwarded, at).pdf_id == made
    with forwarded.pdf.content.open("rb") as stored, pikepdf.open(stored) as document:
        data = document.attachments["oversendelse.json"].get_file().read_bytes()
    assert digest(json.loads(data)) == forwarded.sha256


def test_lists_stand_side_by_side_with_own_ranks(frozen, house, northern, local, regional, application, secretary, at):
    far = world.sent(house, northern, at, community=house.elsewhere, title="Fra Helgeland")
    other = world.turn(northern, "community", house.elsewhere)
    forwarding.forward(local, by=secretary, at=at)
    world.frozen(other, house.far_secretary, at)
    forwarding.forward(other, by=house.far_secretary, at=at)
    far.refresh_from_db()
    world.deliver(far, regional, house.committee_member, at, 3, by=house.regional_secretary)
    standing = standing_on(house.regional_secretary, local_date(at))
    received = packages.side_by_side(northern.code, standing)
    assert [(item.name, [(row.rank, row.title, row.total) for row in item.rows]) for item in received] == [
        ("Helsefellesskap Helgeland", [(1, "Fra Helgeland", 100)]),
        ("Helsefellesskapet Troms og Ofoten", [(1, application.title, None)]),
    ]


def test_the_page_of_the_lists_has_their_sums_and_what_to_do_next(
    frozen, house, northern, local, application, secretary, at, sign_in
):
    forwarding.forward(local, by=secretary, at=at)
    client, url = sign_in(house.regional_secretary), reverse("assessment:lists", args=[northern.code])
    page = client.get(url)
    amount = packages.side_by_side(northern.code, standing_on(house.regional_secretary, local_date(at)))[0].recommended
    assert page.context["sums"]["recommended"] == amount
    assert page.context["step"].title == "Fordel 1 oversendt søknad til vurdering"
    words = {"is_recused": True, "ground": "party", "reason": "Part."}
    decide_about(application, house.regional_secretary, **words, by=house.committee_chair, at=at)
    page = client.get(url)
    assert (page.context["sums"], "Summene er ikke vist" in page.text) == ({}, True)


def test_the_sums_say_how_many_of_the_lists_have_come(
    frozen, house, northern, local, application, secretary, at, sign_in
):
    world.sent(house, northern, at, community=house.elsewhere, title="Fra Helgeland")
    forwarding.forward(local, by=secretary, at=at)
    url, other = reverse("assessment:lists", args=[northern.code]), world.turn(northern, "community", house.elsewhere)
    told = "1 av 2 lister er kommet. Summene er av dem som er kommet."
    page = " ".join(sign_in(house.regional_secretary).get(url).text.split())
    assert told in page
    assert ("Én liste er ikke kommet ennå</h1>" in page, page.count(f">{house.elsewhere.name}<")) == (True, 1)
    world.frozen(other, house.far_secretary, at)
    forwarding.forward(other, by=house.far_secretary, at=at)
    assert "lister er kommet" not in sign_in(house.regional_secretary).get(url).text


def test_nothing_is_forwarded_that_was_not_on_the_page(house, northern, local, at, frozen_clock, sign_in):
    frozen_clock.move_to(at)
    office = sign_in(house.secretary)
    one, two = (world.sent(house, northern, at, title=title) for title in ("En", "To"))
    prioritising.set_up(local, by=house.secretary, at=at)
    for application in (one, two):
        world.recommend(local, application, house.secretary, at)
    world.do_tasks(local, house.secretary, at)
    freezing.freeze(local, by=house.secretary, at=at)
    url = turn_url(local, "forward")
    shown = office.get(url).context["shown"]
    two.refresh_from_db()
    submitting.withdraw(two, by=house.applicant, at=at)
    for sent, why in (
        ({"shown": shown}, "Det som går videre er endret siden du så det: «To». Se over det slik det er nå."),
        ({}, "Se over det som går videre slik det er nå, før du oversender."),
    ):
        answer = office.post(url, sent)
        page = answer.content.decode()
        assert (answer.status_code, why in page, "<tbody" in page) == (409, True, True)
        assert not Forwarding.objects.exists()
    colleague = {"by": house.hospital_secretary, "at": at}
    shown = answer.context["shown"]
    freezing.unlock(local, reason="Feil plass.", **colleague)
    assert office.post(url, {"shown": shown}).status_code == 403
    freezing.freeze(local, **colleague)
    answer = office.post(url, {"shown": shown})
    assert (answer.status_code, "listen er låst på nytt" in answer.content.decode()) == (409, True)
    assert office.post(url, {"shown": answer.context["shown"]})["Location"] == turn_url(local, "package")


def test_region_makes_its_own_list_and_locks_it(frozen, house, local, regional, application, secretary, at):
    forwarding.forward(local, by=secretary, at=at)
    priority_list = world.frozen(regional, house.regional_secretary, at)
    assert (priority_list.community, [row["code"] for row in priority_list.snapshot["rows"]]) == (
        None,
        [application.code],
    )
    assert PriorityList.objects.count() == 2
    application.refresh_from_db()
    assert application.status == "prioritised"
    assert regional.frame == regional.round.frame.amount


def test_a_sender_with_a_later_deadline_that_has_forwarded_sends_no_second_list(
    frozen, house, northern, local, regional, secretary, at, monkeypatch
):
    """It was counted as a list that has come, and as one to come."""
    forwarding.forward(local, by=secretary, at=at)
    later = {house.community.pk: at + timedelta(days=1)}
    monkeypatch.setattr(Round, "closes_for", lambda of_round, where: later.get(where.pk, of_round.closes_at))
    assert (lists_to_come(regional, at), stops(regional, at)) == ([], False)
    later[house.elsewhere.pk] = later[house.community.pk]
    assert (lists_to_come(regional, at), stops(regional, at)) == ([house.elsewhere.name], True)


def stops(turn, at):
    return "deadline" in {item.key for item in outstanding(turn, at)}
