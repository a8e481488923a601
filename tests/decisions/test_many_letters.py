"""Many letters at once: read on one page, approved as they were shown, and sent after one question."""

import html
import re

import pytest
from django.urls import reverse

from applications.models import Application
from applications.workflow import Status
from evaluation.decisions.letter_content import marked
from evaluation.decisions.models import Decision, Letter, LetterLook
from evaluation.decisions.services import letters
from evaluation.decisions.services.deciding import decide_from_minutes
from portal.jobs.services import run_all_due
from portal.journal.models import LogEntry
from tests.decisions.test_reviewing import recuse
from tests.decisions.world import adopted
from tests.harness import worlds
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

TWENTY = [("granted", 1_000), ("rejected", None)] * 10


@worlds.world
def world(house):
    """Twenty drafts of one officer, whose colleague is to read them."""
    made = adopted(house, TWENTY)
    for decision in decide_from_minutes(made.meeting, by=house.secretary, at=NOW):
        letters.prepare(decision, by=house.secretary, at=NOW)
    return made


@worlds.world
def three(house):
    made = adopted(house, [("granted", 10), ("rejected", None), ("granted", 20)])
    for decision in decide_from_minutes(made.meeting, by=house.secretary, at=NOW):
        letters.prepare(decision, by=house.secretary, at=NOW)
    return made


def address(world, name="overview"):
    return reverse(f"decisions:{name}", args=[world.round.code])


def text_of(answer):
    return re.sub(r"\s+", " ", html.unescape(re.sub("<[^>]+>", " ", answer.content.decode()))).replace("\xa0", " ")


def heading(answer):
    return re.search(r"<h1[^>]*>(.*?)</h1>", answer.content.decode(), re.DOTALL)[1].strip()


def form_of(answer, action):
    """What the browser sends of the form with the action: its hidden fields and ticked boxes."""
    form = answer.content.decode().split(f'action="{action}"')[1].split("</form>")[0]
    sent = {}
    for tag in re.findall(r"<input[^>]+>", form):
        if 'type="hidden"' in tag or " checked" in tag:
            name, value = (re.search(rf'{key}="([^"]*)"', tag)[1] for key in ("name", "value"))
            sent.setdefault(name, []).append(value)
    return sent


class Presses:
    """A person who presses links and buttons of the page that is open, and types nothing."""

    def __init__(self, client, url):
        self.client, self.count = client, 0
        self.page = client.get(url)

    def link(self, words):
        """Press the link with these words."""
        link = re.search(rf'<a class="ds-button" href="([^"]+)">{words}\b', self.page.content.decode())
        self._count(self.client.get(html.unescape(link[1])))

    def small_link(self, words):
        """Press the link with these words that is no button."""
        link = re.search(rf'<a class="ds-link" href="([^"#]+)[^"]*">{words}<', self.page.content.decode())
        self._count(self.client.get(self.page.request["PATH_INFO"] + html.unescape(link[1])))

    def button(self, action):
        """Press the button of the form that is sent to the address, with all that the form holds."""
        self._count(self.client.post(action, form_of(self.page, action), follow=True))

    def _count(self, page):
        assert page.status_code == 200
        self.page, self.count = page, self.count + 1


def test_acts_on_several_letters_stand_where_there_are_several(house, three, sign_in):
    words = "Les og godkjenn valgte", "Velg alle som venter"
    page = sign_in(house.hospital_secretary).get(address(three)).text
    assert [said in page for said in words] == [True, True]


def test_one_letter_is_read_by_the_next_step_alone(house, sign_in):
    made = adopted(house, [("granted", 10)])
    (decision,) = decide_from_minutes(made.meeting, by=house.secretary, at=NOW)
    letters.prepare(decision, by=house.secretary, at=NOW)
    page = sign_in(house.hospital_secretary).get(address(made)).text
    assert ("Les brevet" in page, "Les og godkjenn valgte" in page, "Velg alle" in page) == (True, False, False)


def test_twenty_letters_are_read_approved_and_sent_in_five_presses(house, world, sign_in):
    presses = Presses(sign_in(house.hospital_secretary), address(world))
    assert heading(presses.page) == "20 brev skal leses og godkjennes"
    presses.link("Les 20 brev")
    # Nothing is ticked before it is read.
    assert "letters" not in form_of(presses.page, address(world, "approve_letters"))
    presses.small_link("Velg alle")
    presses.button(address(world, "approve_letters"))
    assert heading(presses.page) == "20 godkjente brev er ikke sendt"
    presses.link("Send 20 brev")
    assert Letter.objects.filter(status="approved").count() == 20
    presses.button(address(world, "send_letters"))
    # Three were made while one waited; the rest has a second each.
    assert heading(presses.page) == "17 brev sendes nå"
    assert "17 brev sendes så snart PDF-ene er laget." in text_of(presses.page)
    run_all_due(NOW)
    assert heading(presses.client.get(address(world))) == "Alle 20 brev er sendt"
    assert Letter.objects.filter(status="sent", approved_by=house.hospital_secretary).count() == 20
    # What the customer allows: eight.
    assert presses.count == 5
    assert [LogEntry.objects.filter(act=f"letter.{act}").count() for act in ("looked_at", "approved", "sent")] == [
        20
    ] * 3


def test_one_letter_is_told_as_one(house, sign_in):
    (decision,) = decide_from_minutes(adopted(house).meeting, by=house.secretary, at=NOW)
    round_ = decision.application.round
    overview, approve_url = (
        reverse(f"decisions:{name}", args=[round_.code]) for name in ("overview", "approve_letters")
    )
    unwritten = sign_in(house.secretary).get(overview)
    assert heading(unwritten) == "Ett vedtak mangler brev"
    assert "Skriv ett brev" in text_of(unwritten)
    letters.prepare(decision, by=house.secretary, at=NOW)
    presses = Presses(sign_in(house.hospital_secretary), overview)
    presses.link("Les brevet")
    assert "checkbox" not in presses.page.content.decode()
    presses.button(approve_url)
    assert heading(presses.page) == "Ett godkjent brev er ikke sendt"
    presses.link("Send brevet")


def test_each_letter_stands_beside_what_is_decided(house, world, sign_in):
    page = sign_in(house.hospital_secretary).get(address(world, "review_letters"))
    articles = page.content.decode().split("<article")[1:]
    assert len(articles) == 20
    said = re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", articles[0])).replace("\xa0", " ")
    expected = ("Brev 1 av 20", "SSU vedtar punkt 1.", "Søkt 1 000 000 kr", "Innstilt 1 000 kr", "Vedtatt 1 000 kr")
    expected += ("Sak 1/25", "i dag", "Rapporter hvert halvår.", f"Skrevet av {house.secretary.name}")
    assert [words for words in expected if words not in said] == []
    assert "Avviker fra innstillingen" not in said
    assert LetterLook.objects.filter(person=house.hospital_secretary).count() == 20


def test_a_decision_that_departs_from_the_recommendation_is_told(house, three, sign_in):
    Decision.objects.filter(amount=20).update(amount=30)
    page = sign_in(house.hospital_secretary).get(address(three, "review_letters"))
    assert text_of(page).count("Avviker fra innstillingen") == 1


def test_paragraphs_that_a_letter_above_says_word_for_word_are_folded(house, world, sign_in):
    articles = (
        sign_in(house.hospital_secretary).get(address(world, "review_letters")).content.decode().split("<article")
    )
    folded = ["samme tekst som i et brev over" in article for article in articles[1:]]
    # The first award and the first refusal say everything.
    assert (folded[0], all(folded[2:])) == (False, True)


def test_only_what_is_the_same_word_for_word_is_marked():
    def letter(text, complaint):
        return {"sections": [{"heading": "Formål", "text": text}], "complaint": complaint, "number": "1"}

    shown = list(marked([letter("A", "K"), letter("A", "L"), letter("B", "K")]))
    assert [content["sections"][0]["is_told"] for content in shown] == [False, True, False]
    assert [content["is_complaint_told"] for content in shown] == [False, False, True]
    assert [content["number"] for content in shown] == ["1"] * 3


def test_a_letter_that_was_written_again_after_it_was_shown_is_left_with_a_sentence(house, three, sign_in):
    presses = Presses(sign_in(house.hospital_secretary), f"{address(three, 'review_letters')}?choose=all")
    changed = Letter.objects.order_by("pk").first()
    Decision.objects.filter(pk=changed.decision_id).update(reason="En annen begrunnelse.")
    changed = letters.prepare(Decision.objects.get(pk=changed.decision_id), by=house.secretary, at=NOW)
    # Also one who has seen the new text elsewhere approves what this page showed.
    letters.look(changed, by=house.hospital_secretary, at=NOW)
    presses.button(address(three, "approve_letters"))
    said = text_of(presses.page)
    assert f"{changed.number} : Brevet er skrevet på nytt etter at du leste det." in said
    assert "2 brev er godkjent." in said
    assert list(Letter.objects.filter(status="draft")) == [changed]
    assert heading(presses.page) == "Ett brev skal leses og godkjennes"


def test_those_that_a_colleague_was_before_with_or_that_are_decided_anew_are_told(house, three, sign_in):
    presses = Presses(sign_in(house.hospital_secretary), f"{address(three, 'review_letters')}?choose=all")
    first, second, third = Letter.objects.order_by("pk")
    letters.look(first, by=house.hospital_secretary, at=NOW)
    letters.approve(first, by=house.hospital_secretary, at=NOW)
    Decision.objects.filter(pk=second.decision_id).update(replaced_at=NOW)
    presses.button(address(three, "approve_letters"))
    said = text_of(presses.page)
    assert f"Dette var godkjent fra før: {first.number}" in said
    assert "Ett av brevene kan du ikke behandle: Vedtaket er endret, eller saken er stengt for deg." in said
    third.refresh_from_db()
    assert ("1 brev er godkjent." in said, third.status) == (True, "approved")


def test_what_the_page_carries_is_no_look(house, three, sign_in):
    """A sum that somebody posts without having opened the page approves nothing."""
    draft = Letter.objects.order_by("pk").first()
    chosen = {"letters": [draft.number], "shown": [f"{draft.number} {draft.sha256}", "uten mening"]}
    page = sign_in(house.hospital_secretary).post(address(three, "approve_letters"), chosen, follow=True)
    assert "Se gjennom brevet slik det er nå, før du godkjenner det." in text_of(page)
    assert Letter.objects.filter(status="draft").count() == 3


def test_a_look_without_what_the_page_carries_approves_nothing(house, three, sign_in):
    client, draft = sign_in(house.hospital_secretary), Letter.objects.order_by("pk").first()
    client.get(address(three, "review_letters"))
    page = client.post(address(three, "approve_letters"), {"letters": [draft.number]}, follow=True)
    assert "Se gjennom brevet slik det er nå, før du godkjenner det." in text_of(page)
    assert Letter.objects.filter(status="draft").count() == 3


def test_a_box_that_is_not_ticked_leaves_the_letter_a_draft(house, three, sign_in):
    client = sign_in(house.hospital_secretary)
    action = address(three, "approve_letters")
    sent = form_of(client.get(f"{address(three, 'review_letters')}?choose=all"), action)
    client.post(action, {**sent, "letters": sent["letters"][1:]})
    assert list(Letter.objects.filter(status="draft").values_list("number", flat=True)) == sent["letters"][:1]


def test_one_s_own_letters_are_told_and_left_for_a_colleague(house, three, sign_in):
    last = Letter.objects.order_by("pk").last()
    Decision.objects.filter(pk=last.decision_id).update(reason="En annen begrunnelse.")
    letters.prepare(Decision.objects.get(pk=last.decision_id), by=house.hospital_secretary, at=NOW)
    client = sign_in(house.hospital_secretary)
    assert "Ett brev kan du ikke godkjenne selv. Det gjør en kollega." in text_of(client.get(address(three)))
    page = client.get(address(three, "review_letters"))
    assert page.content.decode().count("<article") == 2
    assert "Ett av brevene kan du ikke godkjenne selv." in text_of(page)
    writer = sign_in(house.secretary).get(address(three))
    assert heading(writer) == "Ett brev skal leses og godkjennes"


def test_the_writer_reads_that_a_colleague_is_waited_for(house, three, sign_in):
    client = sign_in(house.secretary)
    page = client.get(address(three))
    assert heading(page) == "Tre brev venter på en kollega"
    assert "Du kan ikke godkjenne disse brevene En kollega i sekretariatet leser og godkjenner dem." in text_of(page)
    answer = client.get(address(three, "review_letters"), follow=True)
    assert "Ingen brev venter på å bli godkjent av deg." in text_of(answer)
    assert not LetterLook.objects.exists()


@pytest.mark.parametrize("name", ["review_letters", "confirm_letters"])
def test_those_that_are_chosen_in_the_list_are_those_that_are_shown(name, house, three, sign_in):
    client = sign_in(house.hospital_secretary)
    drafts = list(Letter.objects.order_by("pk"))
    if name == "confirm_letters":
        letters.look(*drafts, by=house.hospital_secretary, at=NOW)
        for draft in drafts:
            letters.approve(draft, by=house.hospital_secretary, at=NOW)
    nothing = client.post(address(three, name), follow=True)
    assert "Velg minst ett brev." in text_of(nothing)
    page = client.post(address(three, name), {"letters": [draft.number for draft in drafts[:2]]}, follow=True)
    action = address(three, "approve_letters" if name == "review_letters" else "send_letters")
    form, numbers = form_of(page, action), [draft.number for draft in drafts[:2]]
    listed = [pair.split()[0] for pair in form["shown"]] if name == "review_letters" else form["letters"]
    assert listed == numbers


def test_nobody_reads_or_sends_where_one_is_out_of_the_case_or_it_is_withdrawn(house, three, sign_in):
    out, withdrawn = three.applications[:2]
    recuse(house, out)
    Application.objects.filter(pk=withdrawn.pk).update(status=Status.WITHDRAWN)
    Decision.objects.update(reason="Ny.")
    # Of the colleague's letters the secretary may read the one that is not withdrawn, nor of the case she is out of.
    letters.prepare(Decision.objects.get(application=three.applications[2]), by=house.hospital_secretary, at=NOW)
    page = sign_in(house.secretary).get(address(three, "review_letters")).content.decode()
    assert [application.title in page for application in three.applications] == [False, False, True]


def test_no_letter_is_sent_before_the_question_is_answered(house, three, sign_in):
    client = sign_in(house.secretary)
    answer = client.get(address(three, "confirm_letters"), follow=True)
    assert "Ingen godkjente brev venter på å bli sendt." in text_of(answer)
    chosen = client.post(address(three, "confirm_letters"), {"letters": Letter.objects.first().number}, follow=True)
    assert "Ingen av de valgte brevene er godkjent og venter på å bli sendt." in text_of(chosen)


@pytest.mark.parametrize("name", ["review_letters", "confirm_letters"])
def test_an_address_that_nobody_was_given_chooses_no_letter(name, house, three, sign_in):
    client = sign_in(house.hospital_secretary)
    # PostgreSQL takes no null byte, and a header no new line.
    page = client.get(address(three, name), {"letters": "a\0b"}, follow=True)
    assert (page.status_code, heading(page)) == (200, "Tre brev skal leses og godkjennes")
    posted = client.post(address(three, name), {"letters": ["a\nb&x=1", "c"]})
    assert posted.url == f"{address(three, name)}?letters=a%0Ab%26x%3D1%2Cc"


def test_more_than_one_page_of_letters_are_read_in_turns(house, three, sign_in, monkeypatch):
    monkeypatch.setattr("evaluation.decisions.views.many_letters.AT_ONCE", 2)
    page = sign_in(house.hospital_secretary).get(address(three, "review_letters"))
    assert page.content.decode().count("<article") == 2
    assert "Ett brev til venter på deg." in text_of(page)
    assert LetterLook.objects.count() == 2


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("review_letters", 10), ("confirm_letters", 7)])
def test_the_pages_of_many_letters_cost_the_same_with_more(
    name, queries, count, house, sign_in, django_assert_num_queries
):
    made = adopted(house, [("granted", 10)] * count)
    for decision in decide_from_minutes(made.meeting, by=house.secretary, at=NOW):
        letter = letters.prepare(decision, by=house.secretary, at=NOW)
        if name == "confirm_letters":
            letters.look(letter, by=house.hospital_secretary, at=NOW)
            letters.approve(letter, by=house.hospital_secretary, at=NOW)
    client = sign_in(house.hospital_secretary)
    client.get(address(made, name))
    with django_assert_num_queries(queries):
        assert client.get(address(made, name)).status_code == 200
