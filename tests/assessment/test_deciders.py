"""A question of habilitet is raised by one officer and decided by another; where none can, by those above."""

from datetime import timedelta

import pytest
from django.urls import reverse

from applications.models import Application
from evaluation.assessment.habilitet import State, first_able
from evaluation.assessment.models import Habilitet
from evaluation.assessment.queries.deciders import deciders, to_decide
from evaluation.assessment.queries.habilitet import state_of
from evaluation.assessment.services import declaring, forwarding
from evaluation.assessment.services.declaring import AlreadyRaisedError, HabilitetError
from portal.clock import local_date
from portal.communities.queries import standing_at
from portal.formats import datetime_no
from portal.journal.models import LogEntry
from portal.mail.models import Message
from tests import factories
from tests.assessment import world
from tests.harness import worlds

pytestmark = [pytest.mark.django_db, pytest.mark.fault("A1")]

WORDS = {"ground": "other", "explanation": "Er nabo med prosjektlederen."}
NO = {"is_recused": False, "reason": "Bare nabo."}


@pytest.mark.parametrize(
    ("levels", "unable", "expected"),
    [
        ([{1, 2}, {3}], set(), {1, 2}),
        ([{1, 2}, {3}], {1}, {2}),
        ([{1}, {3}], {1}, {3}),
        ([{1}, {1, 3}, {4}], {1, 3}, {4}),
        ([{1}, set(), {4}], {1, None}, {4}),
        ([{1}], {1}, set()),
        ([], set(), set()),
    ],
)
def test_the_nearest_level_with_somebody_who_can_decides(levels, unable, expected):
    assert first_able(levels, unable) == expected


@worlds.world
def new(house, northern, at):
    """An application that waits for the check of its office, which has two officers."""
    return world.sent(house, northern, at, status="submitted")


def able(question, at):
    return deciders([question], local_date(at))[question.pk]


def tasks(person, at):
    return [row.person for row in to_decide(standing_at(person, at), local_date(at), 10)]


def ask(application, person, by, at):
    return declaring.raise_about(application, person, **WORDS, by=by, at=at)


def test_the_case_is_closed_to_the_person_until_another_has_decided(house, new, at):
    question = ask(new, house.member, house.secretary, at)
    assert state_of(house.member.pk, new) == State.PENDING
    assert able(question, at) == [house.hospital_secretary]
    assert (tasks(house.secretary, at), tasks(house.hospital_secretary, at)) == ([], [house.member])
    assert tasks(house.regional_secretary, at) == tasks(house.chair, at) == []
    with pytest.raises(HabilitetError, match="Du har reist spørsmålet"):
        declaring.decide(new, house.member, **NO, by=house.secretary, at=at)
    declaring.decide(new, house.member, **NO, by=house.hospital_secretary, at=at)
    assert state_of(house.member.pk, new) == State.CLEAR
    assert tasks(house.hospital_secretary, at) == []


def test_nobody_is_ruled_inhabil_whom_nobody_has_asked_about(house, new, at):
    declaring.declare(new, has_tie=False, by=house.member, at=at)
    with pytest.raises(HabilitetError, match="Ingen har reist spørsmål om habiliteten til"):
        declaring.decide(new, house.member, is_recused=True, ground="other", reason="Nabo.", by=house.secretary, at=at)
    assert state_of(house.member.pk, new) == State.CLEAR


def test_the_person_is_told_who_asks_and_on_what_ground(house, new, at):
    ask(new, house.member, house.secretary, at)
    message = Message.objects.get(kind="habilitet_raised")
    assert (message.recipient, "nabo" in message.body_text) == (house.member.email, False)
    assert "Sara Secretary har reist spørsmål om du er habil i «" in message.body_text
    assert "Grunn: Andre særegne forhold." in message.body_text
    entry = LogEntry.objects.get(act="habilitet.raised")
    assert entry.data == {"person": house.member.pk, "ground": "other"}


def test_nobody_raises_the_question_about_oneself(house, new, at):
    with pytest.raises(HabilitetError, match="Svar selv"):
        ask(new, house.secretary, house.secretary, at)
    assert not Habilitet.objects.exists()


@pytest.mark.parametrize("words", [{"ground": "", "explanation": "Nabo."}, {"ground": "other", "explanation": " "}])
def test_a_question_has_a_ground_and_a_reason(words, house, new, at):
    with pytest.raises(HabilitetError, match="Velg grunn"):
        declaring.raise_about(new, house.member, **words, by=house.secretary, at=at)
    assert not Habilitet.objects.exists()


def test_a_question_that_waits_is_not_raised_again_and_a_body_has_the_last_word(house, new, at):
    ask(new, house.member, house.secretary, at)
    with pytest.raises(AlreadyRaisedError):
        ask(new, house.member, house.hospital_secretary, at)
    declaring.decide(new, house.member, **NO, by=house.chair, at=at, body=house.ssu)
    with pytest.raises(HabilitetError, match="har avgjort dette i møte"):
        ask(new, house.member, house.secretary, at)
    assert state_of(house.member.pk, new) == State.CLEAR


def test_of_an_office_of_one_the_region_decides(house, new, at):
    house.secretariat.seats.filter(user=house.hospital_secretary).delete()
    question = ask(new, house.member, house.secretary, at)
    assert able(question, at) == [house.regional_secretary]
    assert tasks(house.regional_secretary, at) == [house.member]


def test_when_the_whole_office_waits_the_region_decides(house, new, at):
    """Both officers are contacts, and belong to a partner: neither can decide for the other."""
    for officer in (house.secretary, house.hospital_secretary):
        factories.affiliation(officer, house.lead, may_sign=True)
    # One with a strong tie who has not been asked cannot decide either.
    question = declaring.declare(new, has_tie=False, by=house.secretary, at=at)
    assert able(question, at) == [house.regional_secretary]
    other = declaring.declare(new, has_tie=False, by=house.hospital_secretary, at=at)
    assert able(question, at) == able(other, at) == [house.regional_secretary]


def test_where_no_officer_can_those_who_lead_the_body_decide(house, new, at):
    house.secretariat.seats.filter(user=house.hospital_secretary).delete()
    house.regional_secretariat.seats.all().delete()
    question = ask(new, house.member, house.secretary, at)
    leaders = sorted((house.chair, house.vice_chair), key=lambda user: user.name)
    assert able(question, at) == leaders
    assert tasks(house.chair, at) == [house.member]
    declaring.declare(new, has_tie=True, **WORDS, by=house.chair, at=at)
    assert able(question, at) == [house.vice_chair]


@pytest.mark.parametrize("count", [1, 3])
def test_deciders_take_as_many_queries_whatever_the_questions(count, house, northern, at, django_assert_num_queries):
    for _number in range(count):
        application = world.sent(house, northern, at, status="submitted")
        for person in (house.member, house.user_member)[: 1 + (count > 1)]:
            ask(application, person, house.secretary, at)
    questions = list(Habilitet.objects.select_related("application__community"))
    with django_assert_num_queries(10):
        answer = deciders(questions, local_date(at))
    assert {tuple(users) for users in answer.values()} == {(house.hospital_secretary,)}


@pytest.mark.parametrize("count", [1, 3])
def test_the_tasks_are_three_queries_when_anything_waits(count, house, northern, at, django_assert_num_queries):
    for _number in range(count):
        ask(world.sent(house, northern, at, status="submitted"), house.member, house.secretary, at)
    for person in (house.hospital_secretary, house.regional_secretary, house.chair):
        standing = standing_at(person, at)
        with django_assert_num_queries(3):
            rows = to_decide(standing, local_date(at), 10)
            seen = [(row.application.title, row.application.community.name, row.person.name) for row in rows]
        assert len(seen) == (count if person == house.hospital_secretary else 0)
    Habilitet.objects.update(is_pending=False)
    with django_assert_num_queries(1):
        assert to_decide(standing_at(house.hospital_secretary, at), local_date(at), 10) == []
    standing = standing_at(house.nobody, at)
    with django_assert_num_queries(0):
        assert to_decide(standing, local_date(at), 10) == []


def test_questions_that_fall_to_others_hide_none(house, new, northern, at):
    """The office can decide all of these, which are older than the one that falls to the region."""
    others = [factories.user() for _number in range(101)]
    raised = {"application": new, "ground": "other", "raised_by": house.secretary, "raised_at": at, "is_pending": True}
    Habilitet.objects.bulk_create(Habilitet(person=person, **raised) for person in others)
    closed = world.sent(house, northern, at, status="submitted")
    declaring.declare(closed, has_tie=True, **WORDS, by=house.hospital_secretary, at=at + timedelta(hours=1))
    ask(closed, house.member, house.secretary, at + timedelta(hours=1))
    assert tasks(house.regional_secretary, at) == [house.member]
    assert tasks(house.hospital_secretary, at) == others[:10]


@pytest.mark.parametrize("forwarded", [False, True])
def test_the_question_is_a_task_also_when_the_list_is_locked_or_forwarded(forwarded, house, northern, local, at):
    application = world.sent(house, northern, at)
    world.frozen(local, house.secretary, at)
    if forwarded:
        forwarding.forward(local, by=house.secretary, at=at)
    question = ask(application, house.member, house.secretary, at)
    office = [house.hospital_secretary, *([house.regional_secretary] if forwarded else [])]
    assert able(question, at) == office
    assert [tasks(officer, at) for officer in office] == [[house.member]] * len(office)


@pytest.mark.parametrize(
    ("status", "waits"), [("prioritised", True), ("not_admitted", True), ("withdrawn", False), ("rejected", False)]
)
def test_a_question_in_a_case_that_is_over_is_no_task(status, waits, house, new, at):
    ask(new, house.member, house.secretary, at)
    Application.objects.filter(pk=new.pk).update(status=status)
    assert tasks(house.hospital_secretary, at) == ([house.member] if waits else [])


# --- the pages ----------------------------------------------------------------------------------------


def page_of(application, person, name="recusal"):
    return reverse(f"assessment:{name}", args=[application.code, person.pk])


@pytest.fixture
def on_the_day(frozen_clock, at):
    frozen_clock.move_to(at)


@pytest.mark.usefixtures("on_the_day")
def test_one_raises_it_on_a_page_and_the_other_decides_on_another(house, application, local, at, sign_in):
    world.assign(application, local, house.assessor, house.secretary, at)
    detail = reverse("assessment:detail", args=[application.code])
    client = sign_in(house.secretary)
    asks, decides = page_of(application, house.assessor, "raise_habilitet"), page_of(application, house.assessor)
    assert asks in client.get(detail).content.decode()
    assert client.get(decides).url == asks
    assert client.post(asks, {"ground": "other", "explanation": " "}).status_code == 422
    page = client.post(asks, WORDS, follow=True).content.decode()
    assert "Det avgjøres av Helge Secretary." in page
    assert ("Avgjøres av Helge Secretary" in page, f'"{decides}"' in page) == (True, False)
    refused = client.post(decides, {"is_recused": "no", "reason": "Nei."})
    assert (refused.status_code, "Du har reist spørsmålet" in refused.content.decode()) == (403, True)
    assert client.post(asks, WORDS).status_code == 409
    other = sign_in(house.hospital_secretary)
    assert decides in other.get(detail).content.decode()
    page = other.get(decides).content.decode()
    assert ("Reiste spørsmål om habiliteten: Andre" in page, WORDS["explanation"] in page) == (True, True)
    assert other.post(decides, {"is_recused": "yes", "ground": "other", "reason": "Nær."}).url == detail
    assert state_of(house.assessor.pk, application) == State.RECUSED


@pytest.mark.usefixtures("on_the_day")
def test_the_second_of_two_deciders_is_told_that_it_is_decided(house, new, at, sign_in):
    declaring.declare(new, has_tie=True, **WORDS, by=house.member, at=at)
    client, url = sign_in(house.hospital_secretary), page_of(new, house.member)
    assert client.get(url).status_code == 200
    declaring.decide(new, house.member, **NO, by=house.secretary, at=at)
    late = client.post(url, {"is_recused": "yes", "ground": "other", "reason": "Nær."})
    said = "Habiliteten til Mona Member er allerede avgjort."
    assert (late.status_code, said in late.content.decode()) == (409, True)
    assert state_of(house.member.pk, new) == State.CLEAR


@pytest.mark.usefixtures("on_the_day")
@pytest.mark.parametrize("is_taken_back", [False, True])
def test_the_second_who_does_not_handle_the_case_is_told_too(is_taken_back, house, new, at, sign_in):
    house.secretariat.seats.filter(user=house.hospital_secretary).delete()
    house.regional_secretariat.seats.all().delete()
    ask(new, house.member, house.secretary, at)
    client, url = sign_in(house.chair), page_of(new, house.member)
    assert WORDS["explanation"] in client.get(url).content.decode()
    if is_taken_back:
        declaring.take_back_question(new, house.member, reason="Feil person.", by=house.secretary, at=at)
    else:
        declaring.decide(new, house.member, **NO, by=house.vice_chair, at=at)
    by = "tatt tilbake av Sara Secretary" if is_taken_back else "avgjort av Viggo Vicechair"
    late = client.post(url, {"is_recused": "yes", "ground": "other", "reason": "Nær kollega."})
    followed = client.get(url)
    for answer, status in ((late, 409), (followed, 200)):
        page = answer.content.decode()
        assert (answer.status_code, f"Spørsmålet ble {by} {datetime_no(at)}." in page) == (status, True)
        assert [secret for secret in (new.title, house.member.name, *WORDS.values()) if secret in page] == []
    assert "Nær kollega." in late.content.decode()
    assert sign_in(house.member).get(url).status_code == sign_in(house.far_secretary).get(url).status_code == 404
    # Nor one who is out of the case, or of whom nothing was asked.
    assert sign_in(house.vice_chair).get(page_of(new, house.chair)).status_code == 404
    declaring.declare(new, has_tie=True, **WORDS, by=house.chair, at=at)
    assert sign_in(house.chair).get(url).status_code == 404


@pytest.mark.usefixtures("on_the_day")
@pytest.mark.parametrize("has_answered", [False, True])
def test_one_of_the_office_who_decides_what_is_taken_back_is_told(has_answered, house, new, at, sign_in):
    if has_answered:
        declaring.declare(new, has_tie=False, by=house.member, at=at)
    ask(new, house.member, house.secretary, at)
    client, url = sign_in(house.hospital_secretary), page_of(new, house.member)
    assert client.get(url).status_code == 200
    declaring.take_back_question(new, house.member, reason="Feil person.", by=house.secretary, at=at)
    late = client.post(url, {"is_recused": "yes", "ground": "other", "reason": "Nær kollega."})
    page = late.content.decode()
    assert (late.status_code, "Spørsmålet ble tatt tilbake av Sara Secretary" in page) == (409, True)
    assert "Nær kollega." in page
    assert client.get(url).url == page_of(new, house.member, "raise_habilitet")


def test_only_those_who_decide_the_question_do(house, new, at):
    ask(new, house.member, house.secretary, at)
    with pytest.raises(HabilitetError, match="Spørsmålet avgjøres av Helge Secretary"):
        declaring.decide(new, house.member, **NO, by=house.regional_secretary, at=at)
    declaring.declare(new, has_tie=True, **WORDS, by=house.hospital_secretary, at=at)
    with pytest.raises(HabilitetError, match="Saken er stengt for deg"):
        ask(new, house.user_member, house.hospital_secretary, at)
    assert state_of(house.member.pk, new) == State.PENDING


@pytest.mark.usefixtures("on_the_day")
def test_the_region_decides_for_an_office_that_cannot_and_sees_nothing_else(house, new, at, sign_in):
    for officer in (house.secretary, house.hospital_secretary):
        declaring.declare(new, has_tie=True, **WORDS, by=officer, at=at)
    client, url = sign_in(house.regional_secretary), page_of(new, house.secretary)
    assert client.get(reverse("assessment:detail", args=[new.code])).status_code == 404
    page = client.get(url).content.decode()
    assert "Du ser bare spørsmålet." in page
    assert f'/assessment/application/{new.code}/"' not in page
    assert "Avgjør habiliteten til Sara Secretary" in client.get("/").content.decode()
    assert client.post(url, {"is_recused": "no", "reason": "Bare nabo."}).url == "/"
    assert state_of(house.secretary.pk, new) == State.CLEAR
    # Now the office has one who can.
    assert able(Habilitet.objects.get(person=house.hospital_secretary), at) == [house.secretary]
    moved = client.get(page_of(new, house.hospital_secretary))
    assert (moved.status_code, "Spørsmålet avgjøres av Sara Secretary." in moved.content.decode()) == (200, True)
    assert [secret for secret in (new.title, "Helge", "nabo") if secret in moved.content.decode()] == []


@pytest.mark.usefixtures("on_the_day")
@pytest.mark.parametrize(
    ("role", "status"),
    [("secretary", 403), ("hospital_secretary", 200), ("member", 404), ("far_secretary", 404), ("applicant", 404)],
)
def test_who_reaches_the_question(role, status, house, new, at, sign_in):
    ask(new, house.member, house.secretary, at)
    assert sign_in(getattr(house, role)).get(page_of(new, house.member)).status_code == status
    expected = {404: 404, 403: 200, 200: 200}[status]
    assert sign_in(getattr(house, role)).get(page_of(new, house.member, "raise_habilitet")).status_code == expected


# --- an officer whose seat waits for a colleague --------------------------------------------------------


@pytest.fixture
def newcomer(house, at):
    """One whom the secretary alone has given a seat in the office."""
    person = factories.user("Nora Newcomer")
    factories.seat(house.secretariat, person, given_alone_by=house.secretary)
    return person


def test_nobody_whose_seat_waits_decides_or_is_named(house, new, at, newcomer, sign_in):
    question = ask(new, house.member, house.hospital_secretary, at)
    assert able(question, at) == [house.secretary]
    assert (tasks(newcomer, at), tasks(house.secretary, at)) == ([], [house.member])
    page = sign_in(house.hospital_secretary).get(reverse("assessment:detail", args=[new.code])).text
    assert ("Avgjøres av Sara Secretary" in page, newcomer.name in page) == (True, False)
    newcomer.seats.update(given_alone_by=None)
    assert able(question, at) == [newcomer, house.secretary]
    assert tasks(newcomer, at) == [house.member]


def test_who_gave_the_seat_does_not_decide_what_the_new_one_asks(house, new, at, newcomer):
    question = ask(new, house.member, newcomer, at)
    assert able(question, at) == [house.hospital_secretary]
    assert (tasks(house.secretary, at), tasks(house.hospital_secretary, at)) == ([], [house.member])
    house.secretariat.seats.filter(user=house.hospital_secretary).delete()
    assert able(question, at) == [house.regional_secretary]
    assert tasks(house.regional_secretary, at) == [house.member]
