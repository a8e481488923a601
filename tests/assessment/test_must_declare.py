"""An officer who takes part in an application answers about habilitet before handling it."""

import re

import pytest
from django.db.models import Q
from django.urls import reverse

from applications.models import Application, Contact
from evaluation.assessment.models import Habilitet, Recommendation, Task
from evaluation.assessment.queries import ties
from evaluation.assessment.queries.closed import closed_ids
from evaluation.assessment.queries.must_answer import people_who_must_answer, titles_to_answer
from evaluation.assessment.queries.ties import has_strong_tie, takes_part, ties_of
from evaluation.assessment.services import declaring, forwarding, freezing, prioritising
from evaluation.assessment.turn import turn_url
from portal.clock import local_date
from portal.communities.models import FormerAddress, User
from portal.communities.queries import standing_on
from portal.rooms import tasks_of
from tests import factories
from tests.assessment import world
from tests.habilitet import decide_about

pytestmark = [pytest.mark.django_db, pytest.mark.fault("A1", "A3")]


@pytest.fixture
def client_of_officer(house, at, frozen_clock, sign_in):
    frozen_clock.move_to(at)
    return sign_in(house.secretary)


def test_an_officer_who_writes_the_application_is_asked_first(house, application, local, at, client_of_officer):
    prioritising.set_up(local, by=house.hospital_secretary, at=at)
    assert client_of_officer.get(reverse("assessment:detail", args=[application.code])).status_code == 200
    factories.affiliation(house.secretary, house.lead)
    asks = reverse("assessment:habilitet", args=[application.code])
    assert client_of_officer.get(reverse("assessment:detail", args=[application.code]))["Location"] == asks
    for name in ("assessors", "admission"):
        assert client_of_officer.get(reverse(f"assessment:{name}", args=[application.code])).status_code == 403
    words = {"outcome": "granted", "reason": "Ja."}
    board = turn_url(local, "recommend", application.code)
    assert client_of_officer.post(board, words).status_code == 403
    assert Recommendation.objects.get().outcome == ""
    assert client_of_officer.post(asks, {"has_tie": "no"}).status_code == 302
    assert client_of_officer.get(reverse("assessment:detail", args=[application.code])).status_code == 200
    assert client_of_officer.get(board).status_code == 200


def test_the_question_leads_back_to_where_the_person_came_from(
    house, application, local, at, client_of_officer, sign_in
):
    factories.affiliation(house.secretary, house.lead)
    world.assign(application, local, house.assessor, house.hospital_secretary, at)
    asks = reverse("assessment:habilitet", args=[application.code])
    detail, desk = reverse("assessment:detail", args=[application.code]), reverse("assessment:desk")
    of_round = reverse("assessment:round", args=[application.round.code])

    def cancels(client):
        return re.search(r'href="([^"]+)"[^>]*>\s*Avbryt', client.get(asks).text)[1]

    assert cancels(client_of_officer) == of_round
    client_of_officer.post(asks, {"has_tie": "no"})
    assert cancels(client_of_officer) == detail
    assert cancels(sign_in(house.assessor)) == detail
    Habilitet.objects.all().delete()
    assert cancels(sign_in(house.assessor)) == desk


def test_a_strong_tie_is_decided_by_others(house, northern, at, client_of_officer):
    written = world.sent(house, northern, at, created_by=house.secretary)
    asks = reverse("assessment:habilitet", args=[written.code])
    assert client_of_officer.get(reverse("assessment:detail", args=[written.code]))["Location"] == asks
    client_of_officer.post(asks, {"has_tie": "no"})
    assert client_of_officer.get(reverse("assessment:detail", args=[written.code])).status_code == 403
    words = {"is_recused": False, "reason": "Bare opprettet den."}
    decide_about(written, house.secretary, **words, by=house.hospital_secretary, at=at)
    assert client_of_officer.get(reverse("assessment:detail", args=[written.code])).status_code == 200


ASKED = "Du er med på «{}» og har ikke svart på om du er habil. Åpne søknaden og svar først."


def test_the_whole_list_waits_for_the_answer(house, application, local, at, client_of_officer):
    colleague = house.hospital_secretary
    factories.affiliation(house.secretary, house.lead)
    asked = ASKED.format(application.title)

    def refused(name, task="", **words):
        page = client_of_officer.post(turn_url(local, name, *filter(None, [task])), words)
        return page.status_code == 403 and asked in page.content.decode()

    assert refused("board")
    prioritising.set_up(local, by=colleague, at=at)
    assert refused("considerations", considerations="Ja.")
    for task in set(local.tasks) - {Task.PRIORITISE}:
        assert refused("record_task", task=task)
    assert refused("freeze")
    world.recommend(local, application, colleague, at)
    world.do_tasks(local, colleague, at)
    freezing.freeze(local, by=colleague, at=at)
    assert refused("unlock", reason="Feil.")
    assert refused("forward")
    forwarding.forward(local, by=colleague, at=at)
    assert refused("call_back", reason="Feil.")
    client_of_officer.post(reverse("assessment:habilitet", args=[application.code]), {"has_tie": "no"})
    assert client_of_officer.post(turn_url(local, "call_back"), {"reason": "Feil."}).status_code == 302


def test_the_front_page_counts_what_can_be_written_now_and_says_apart_what_is_to_be_answered_first(
    house, northern, application, local, at, client_of_officer
):
    def seen():
        waits = tasks_of(User.objects.get(pk=house.secretary.pk), at)
        return [(task.title, task.url) for panel, tasks in waits if panel.key == "assessment" for task in tasks]

    world.sent(house, northern, at, title="Uten deltakere").partners.all().delete()
    prioritising.set_up(local, by=house.hospital_secretary, at=at)
    shared, board = ("Fordel 2 søknader til vurdering", turn_url(local, "distribute")), turn_url(local, "board")
    assert seen() == [shared, ("Skriv innstilling for 2 søknader", board)]
    factories.affiliation(house.secretary, house.lead)
    asks = reverse("assessment:habilitet", args=[application.code])
    one = ("Skriv innstilling for 1 søknad", board)
    assert seen() == [shared, one, ("Svar på om du er habil i 1 søknad", asks)]
    client_of_officer.post(asks, {"has_tie": "no"})
    assert seen() == [shared, ("Skriv innstilling for 2 søknader", board)]
    # Whoever is to assess it writes nothing of it before the assessment is delivered, which is a task of its own.
    world.assign(application, local, house.secretary, house.hospital_secretary, at)
    assert one in seen()


def test_a_correction_waits_for_the_answer(house, northern, at, client_of_officer):
    new = world.sent(house, northern, at, status="submitted", title="Nytt prosjekt")
    factories.affiliation(house.secretary, house.lead)
    asks = reverse("applications:request_correction", args=[new.code])
    page = client_of_officer.get(asks)
    assert (page.status_code, ASKED.format("Nytt prosjekt") in page.content.decode()) == (403, True)
    client_of_officer.post(reverse("assessment:habilitet", args=[new.code]), {"has_tie": "no"})
    assert client_of_officer.get(asks).status_code == 200


def named(house, application):
    """The applicants name the member as contact."""
    return Contact.objects.create(partner=application.partners.first(), name="Mona", email=house.member.email.upper())


def named_before(house, application):
    """The applicants know the member by an address that the member has left."""
    FormerAddress.objects.create(user=house.member, email="mona@before.example.org", until=application.created_at)
    Contact.objects.create(partner=application.partners.first(), name="Mona", email="Mona@before.example.org")


TIES = {
    "created": lambda house, application: setattr(application, "created_by", house.member),
    "signs": lambda house, _application: factories.affiliation(house.member, house.lead, may_sign=True),
    "works": lambda house, _application: factories.affiliation(house.member, house.lead),
    "sits for": lambda house, _application: house.member.seats.update(organisation=house.lead),
    "contact": named,
    "contact before": named_before,
    "contact at work": lambda house, application: (
        named(house, application),
        factories.affiliation(house.member, house.lead),
    ),
    "owner": lambda house, application: setattr(application, "owner_body", house.ssu),
    "none": lambda _house, _application: None,
}


@pytest.mark.parametrize("tie", TIES)
def test_the_ways_to_read_a_tie_agree(tie, house, application, at):
    """The sentences (``ties_of``), the conditions on applications and on people, and what is read are of one rule."""
    house.member.seats.update(organisation=None)
    TIES[tie](house, application)
    application.save()
    day, one = local_date(at), Q(pk=application.pk)
    seen = ties_of(house.member, application, day)
    is_strong = any(item.is_strong for item in seen)
    standing = standing_on(house.member, day)
    assert Application.objects.filter(takes_part(standing), one).exists() is bool(seen) is (tie != "none")
    assert Application.objects.filter(has_strong_tie(standing), one).exists() is is_strong
    assert is_strong is (tie not in {"works", "sits for", "contact", "contact before", "none"})
    people = list(people_who_must_answer(application, [house.member.pk, house.chair.pk], day))
    is_asked = tie not in {"works", "sits for", "none"}
    assert bool(titles_to_answer(standing, one)) is (house.member in people) is is_asked
    assert closed_ids(standing, one) == ({application.pk} if is_asked else set())
    declaring.declare(application, has_tie=False, by=house.member, at=at)
    assert titles_to_answer(standing, one) == []
    assert house.member not in people_who_must_answer(application, [house.member.pk], day)


def test_the_page_that_asks_names_whom_the_case_is_about(house, application, sign_in, django_assert_num_queries):
    """Nobody can answer about habilitet who does not know the parties, their contacts, the signers and the writer."""
    page = sign_in(house.secretary).get(reverse("assessment:habilitet", args=[application.code])).content.decode()
    for party in application.partners.all():
        assert party.name in page
        assert all(contact.name in page for contact in party.contacts.all())
        assert all(signature.signatory_name in page for signature in party.signatures.filter(voided_at=None))
    assert application.created_by.name in page
    names = [party.name for party in application.partners.all()]
    with django_assert_num_queries(3):
        assert [party.name for party in ties.named_in(application)] == names
