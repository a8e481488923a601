"""The heading of a round's decisions and the box below it say one thing, and so do the front page and the list."""

from datetime import timedelta

import pytest
from django.urls import reverse

from applications.models import Application
from applications.workflow import Status
from evaluation.decisions import waiting
from evaluation.decisions.models import Letter, LetterStatus
from evaluation.decisions.queries import letters_of
from evaluation.decisions.queries.letter_work import round_lines
from evaluation.decisions.queries.registering import meetings_to_decide, told_without_meeting, undecided_minutes
from evaluation.decisions.services import letters
from evaluation.decisions.services.deciding import decide_from_minutes
from evaluation.meetings.models import Meeting, MeetingStatus
from portal.communities.queries import standing_at
from portal.formats import deadline_no
from tests import factories
from tests.decisions.test_many_letters import heading, text_of
from tests.decisions.world import adopted, application, approve
from tests.habilitet import decide_about
from tests.harness import worlds
from tests.world import NOW

TODAY = NOW.date()
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


@worlds.world
def two(house):
    """Two decisions without letters, and two applications that no meeting decides."""
    made = adopted(house, [("granted", 10), ("rejected", None)])
    decide_from_minutes(made.meeting, by=house.secretary, at=NOW)
    for title in ("Utenfor", "Avvist"):
        application(house, made.round, title=title, status=Status.NOT_ADMITTED)
    return made


def test_what_no_meeting_decides_comes_before_the_letters_in_heading_and_box(house, two, sign_in):
    first, second = Application.objects.filter(status=Status.NOT_ADMITTED).order_by("pk")
    page = sign_in(house.secretary).get(reverse("decisions:overview", args=[two.round.code]))
    said, text = page.content.decode(), text_of(page)
    assert heading(page) == "To søknader mangler vedtak"
    box = said.index(
        f'action="{reverse("decisions:decide_application", args=[page.context["step"].url.split("/")[-3]])}"'
    )
    assert "Registrer vedtaket om «" in text
    # The one in the box is not on the list below it, and the other is.
    for each in (first, second):
        assert said.count(reverse("decisions:decide_application", args=[each.code])) == 1
    assert (box < said.index("register-heading"), "Skriv 2 brev" in text) == (True, False)


def test_a_colleague_is_waited_for_in_the_singular(house, sign_in):
    made = adopted(house)
    (decision,) = decide_from_minutes(made.meeting, by=house.secretary, at=NOW)
    letters.prepare(decision, by=house.secretary, at=NOW)
    page = text_of(sign_in(house.secretary).get(reverse("decisions:overview", args=[made.round.code])))
    assert "Du kan ikke godkjenne dette brevet En kollega i sekretariatet leser og godkjenner det." in page


@pytest.mark.parametrize(("must_answer", "letters_open", "untold"), [(False, 2, 1), (True, 0, 0)])
def test_front_page_list_and_round_count_the_same(must_answer, letters_open, untold, house):
    """Also for one who takes part in the applications, and must say whether that is a tie before anything else."""
    made = adopted(house, [("granted", 10), ("rejected", None)])
    for decision in decide_from_minutes(made.meeting, by=house.secretary, at=NOW):
        letters.prepare(decision, by=house.secretary, at=NOW)
    application(house, made.round, title="Utenfor", status=Status.NOT_ADMITTED)
    if must_answer:
        factories.affiliation(house.secretary, house.lead)
        del house.secretary._standing
    standing = standing_at(house.secretary, NOW)
    assert sum(line.letters.unsent for line in round_lines(standing, TODAY)) == letters_open
    assert len(letters_of(made.round, standing)) == letters_open
    assert len(told_without_meeting(made.round, standing)) == untold


def test_front_page_leads_to_what_no_meeting_decides(house, two):
    """Nobody else tells those applicants: without the task they would read «Til vurdering» for ever."""
    overview = reverse("decisions:overview", args=[two.round.code])

    def told(person):
        return [(task.title, task.url, task.act) for task in waiting.minutes(person, NOW)]

    assert told(house.secretary) == [("Registrer 2 vedtak", overview, "Registrer vedtakene")]
    first, second = Application.objects.filter(status=Status.NOT_ADMITTED).order_by("pk")
    Application.objects.filter(pk=first.pk).update(status=Status.WITHDRAWN)
    assert told(house.secretary) == [("Registrer ett vedtak", overview, "Registrer vedtaket")]
    assert told(house.far_secretary) == told(house.chair) == []
    words = {"is_recused": True, "ground": "other", "reason": "Gift.", "by": house.hospital_secretary}
    decide_about(second, house.secretary, **words, at=NOW)
    assert told(house.secretary) == []


def test_front_page_names_a_round_once_when_its_meeting_is_to_be_registered_too(house):
    made = adopted(house)
    application(house, made.round, title="Utenfor", status=Status.NOT_ADMITTED)
    (task,) = waiting.minutes(house.secretary, NOW)
    assert task.title.startswith("Registrer vedtakene fra møtet")


def list_of_rounds(client):
    return client.get(reverse("decisions:rounds"))


def test_list_of_rounds_says_that_decisions_are_to_be_registered_and_leads_there(house, sign_in):
    made = adopted(house, [("granted", 10), ("rejected", None)])
    application(house, made.round, title="Utenfor", status=Status.NOT_ADMITTED)
    client = sign_in(house.secretary)
    page = list_of_rounds(client)
    assert heading(page) == "Tre vedtak skal registreres"
    step = page.context["step"]
    assert (step.title, step.act) == (f"Registrer vedtakene: {made.round.title}", "Registrer vedtakene")
    assert step.url == reverse("decisions:overview", args=[made.round.code])
    assert "Skal registreres 3" in text_of(page)
    # The round's own page has the step alone, and does not say that there is nothing.
    assert "Ingen vedtak ennå" not in text_of(client.get(step.url))


def test_what_the_meeting_decided_stands_below_the_button_that_registers_it(house, sign_in):
    made = adopted(house, [("granted", 1_000_000), ("granted", 250_000), ("rejected", None)])
    page = sign_in(house.secretary).get(reverse("decisions:overview", args=[made.round.code]))
    assert heading(page) == "Tre vedtak skal registreres"
    said = text_of(page)
    assert "Protokollen fra SSU" in page.context["step"].title
    for each in made.applications:
        assert each.title in said
    assert "I møtet 1 250 000 kr" in said.replace("\xa0", " ").replace("\u202f", " ")
    factories.affiliation(house.secretary, house.lead)
    page = text_of(sign_in(house.secretary).get(reverse("decisions:overview", args=[made.round.code])))
    assert made.applications[0].title not in page


def told_of_letters(person, client, of_round):
    """What the front page, the list of rounds and the round's own page tell the person about the letters."""
    tasks = [(task.title, task.act, task.url) for task in waiting.letters(person, NOW)]
    page, overview = list_of_rounds(client), client.get(reverse("decisions:overview", args=[of_round.code]))
    step = page.context["step"]
    assert heading(page) == heading(overview)
    return heading(page), step and (step.act, step.url), tasks


def test_three_pages_say_the_same_of_the_letters_from_the_first_to_the_last(house, sign_in):
    made = adopted(house, [("granted", 10), ("rejected", None)])
    code = made.round.code
    overview, review, confirm = (
        reverse(f"decisions:{name}", args=[code]) for name in ("overview", "review_letters", "confirm_letters")
    )
    decisions = decide_from_minutes(made.meeting, by=house.secretary, at=NOW)

    def told(person):
        return told_of_letters(person, sign_in(person), made.round)

    writer, colleague = house.secretary, house.hospital_secretary
    assert told(writer) == (
        "To vedtak mangler brev",
        ("Se vedtakene", overview),
        [("Skriv 2 brev", "Se vedtakene", overview)],
    )
    written = [letters.prepare(decision, by=writer, at=NOW) for decision in decisions]
    assert told(writer) == ("To brev venter på en kollega", None, [])
    said = told(colleague)
    assert said == (
        "To brev skal leses og godkjennes",
        ("Les 2 brev", review),
        [("Les og godkjenn 2 brev", "Les 2 brev", review)],
    )
    for letter in written:
        approve(letter, by=colleague)
    assert told(writer) == (
        "To godkjente brev er ikke sendt",
        ("Send 2 brev", confirm),
        [("Send 2 brev", "Send 2 brev", confirm)],
    )
    Letter.objects.update(status=LetterStatus.SENT, sent_at=NOW)
    assert (heading(list_of_rounds(sign_in(writer))), waiting.letters(writer, NOW)) == ("Ingen brev venter", [])


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_rounds_reads_four_times(house, count, django_assert_num_queries):
    adopted(house, [("granted", 10)] * count)
    standing = standing_at(house.secretary, NOW)
    with django_assert_num_queries(4):
        assert [line.unregistered for line in round_lines(standing, TODAY)] == [count]


@pytest.mark.parametrize(("tie", "count"), [("out", 0), ("must answer", 1)])
def test_the_only_case_left_is_not_counted_for_one_who_is_out_of_it_and_is_until_the_answer(house, tie, count):
    """The list, the front page and the round's own page count the same."""
    made = adopted(house, [("granted", 10)])
    if tie == "out":
        words = {"is_recused": True, "ground": "other", "reason": "Gift.", "by": house.hospital_secretary}
        decide_about(made.applications[0], house.secretary, **words, at=NOW)
    else:
        factories.affiliation(house.secretary, house.lead)
    standing = standing_at(house.secretary, NOW)
    assert [line.unregistered for line in round_lines(standing, TODAY)] == [count]
    assert (len(undecided_minutes(standing)), len(meetings_to_decide(made.round, standing))) == (count, count)


def test_list_of_rounds_speaks_of_one_decision_in_the_singular(house, sign_in):
    made = adopted(house)
    page = list_of_rounds(sign_in(house.secretary))
    step = page.context["step"]
    assert (heading(page), step.title, step.act) == (
        "Ett vedtak skal registreres",
        f"Registrer vedtaket: {made.round.title}",
        "Registrer vedtaket",
    )


def test_before_the_minutes_are_adopted_the_decisions_wait_for_them(house, sign_in):
    made = adopted(house, [("granted", 10)], status=MeetingStatus.CLOSED)
    page = sign_in(house.secretary).get(reverse("decisions:overview", args=[made.round.code]))
    assert heading(page) == "Vedtakene venter på at protokollen blir godkjent"


@pytest.mark.parametrize(
    ("status", "news", "act"),
    [
        (MeetingStatus.PLANNED, "Ingen vedtak før møtet i morgen", "Se møtet"),
        (MeetingStatus.CLOSED, "Vedtakene venter på at protokollen blir godkjent", "Se protokollen"),
    ],
)
def test_before_the_first_decision_the_list_and_the_round_name_the_meeting_it_comes_from(
    status, news, act, house, sign_in
):
    made = adopted(house)
    Meeting.objects.filter(pk=made.meeting.pk).update(status=status, starts_at=NOW + timedelta(days=1))
    client = sign_in(house.secretary)
    for page in (list_of_rounds(client), client.get(reverse("decisions:overview", args=[made.round.code]))):
        assert (heading(page), page.context["step"].act) == (news, act)
        assert made.meeting.body.name in page.context["step"].title


def test_before_the_first_decision_without_a_meeting_the_rounds_stand_with_their_deadlines(house, sign_in):
    made = adopted(house)
    Application.objects.all().update(status=Status.WITHDRAWN)
    page = list_of_rounds(sign_in(house.secretary))
    assert (heading(page), page.context["step"]) == ("Ingen vedtak ennå", None)
    assert "Når utvalget har avgjort sakene" in text_of(page)
    assert " ".join(deadline_no(made.round.closes_at).split()) in text_of(page)
