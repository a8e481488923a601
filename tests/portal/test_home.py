"""The portal's own pages: home with its tasks, statements, health, language, and the demo's mailbox."""

import re
from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.urls import reverse

from evaluation.assessment.queries import desk
from portal import rooms
from portal.communities.questions import given_to_assess
from portal.mail.mailbox import MailboxBackend
from portal.rooms import HomePart, Room, TaskList, WaitingTask
from tests import factories
from tests.world import NOW

# Asked with the person's places, for the menu.
ANSWERS = {given_to_assess: desk.given_to_assess}


@pytest.fixture
def task_lists(monkeypatch):
    """Rooms that tell nothing but the lists of tasks that the test gives."""
    lists = []
    monkeypatch.setattr(rooms, "all_rooms", lambda: (Room(tasks=tuple(lists), answers=ANSWERS),))
    return lambda *more: lists.extend(more)


def tasks_for_all(key, order, *tasks):
    """A list that has these tasks for everybody."""
    return TaskList(key, order, lambda *_asked: tasks)


# --- home ------------------------------------------------------------------------------------------------


def test_visitor_is_led_to_the_rounds_and_to_sign_in(client, db):
    page = client.get("/").content.decode()
    assert reverse("rounds:list") in page
    assert reverse("account_login") in page


def test_visitor_sees_the_parts_that_are_open_to_all_and_no_others(client, db, monkeypatch):
    calls = {"calls": [], "more": 0}
    parts = (
        HomePart(10, "rounds/_home_calls.html", lambda *_asked: calls, beside=True, visible=rooms.everyone),
        HomePart(20, "applications/_home_news.html", lambda *_asked: pytest.fail("asked about a visitor"), beside=True),
    )
    monkeypatch.setattr(rooms, "all_rooms", lambda: (Room(home=parts, answers=ANSWERS),))
    assert client.get("/").content.decode().count("Åpent nå") == 1


def test_home_says_what_to_do_to_somebody_without_a_place(sign_in, nobody, task_lists):
    assert "Du har ikke fått noen plass ennå" in sign_in(nobody).get("/").content.decode()


def test_first_task_is_the_next_step_and_the_others_are_lines(sign_in, nobody, task_lists, frozen_clock):
    signing = WaitingTask("Signer «Bedre i lag»", "/x/", "Harstad kommune", NOW + timedelta(days=2), "Les og signer")
    task_lists(
        tasks_for_all("later", 20, signing),
        tasks_for_all("first", 10, WaitingTask("Skriv ferdig", "/y/", due_at=NOW + timedelta(days=40))),
        tasks_for_all("empty", 5),
    )
    page = sign_in(nobody).get("/").content.decode()
    assert "To ting venter på deg</h1>" in page
    step, others = page.split("</section>", 1)
    assert '<section class="next-step" data-color="warning"' in step
    for text in (
        "Signer «Bedre i lag»",
        "Harstad kommune",
        "2 dager igjen",
        '<a class="ds-button" href="/x/">Les og signer<span',
    ):
        assert text in step
    assert '<a class="ds-link" href="/y/">Skriv ferdig</a>' in others
    assert page.count('<a class="ds-button" href') == 1


def test_many_tasks_are_folded_after_the_first_eight(sign_in, nobody, task_lists):
    task_lists(tasks_for_all("some", 10, *(WaitingTask(f"Oppgave {n}", f"/{n}/") for n in range(40))))
    page = sign_in(nobody).get("/").content.decode()
    shown, folded = page.split("<summary>32 oppgaver til</summary>")
    assert ("Oppgave 7<" in shown, "Oppgave 8<" in shown, folded.count(">Oppgave ")) == (True, False, 32)


@pytest.mark.parametrize(
    ("count", "heading"),
    [
        (0, "Ingenting venter på deg nå"),
        (1, "Én ting venter på deg"),
        (12, "Tolv ting venter på deg"),
        (13, "13 ting venter på deg"),
    ],
)
def test_heading_says_how_much_waits(sign_in, nobody, task_lists, count, heading):
    task_lists(tasks_for_all("some", 10, *(WaitingTask(f"Oppgave {n}", "/") for n in range(count))))
    assert f"{heading}</h1>" in sign_in(nobody).get("/").content.decode()


def test_part_of_a_room_is_shown_in_order_or_not_at_all(sign_in, nobody, monkeypatch):
    calls = {"calls": [], "more": 0}
    parts = (
        HomePart(20, "rounds/_home_calls.html", lambda *_asked: calls, beside=True),
        HomePart(10, "rounds/_home_calls.html", lambda *_asked: None),
    )
    monkeypatch.setattr(rooms, "all_rooms", lambda: (Room(home=parts, answers=ANSWERS),))
    assert sign_in(nobody).get("/").content.decode().count("Åpent nå") == 1
    assert rooms.home_parts(nobody, NOW) == [(parts[0], calls)]


def test_builder_gets_the_person_and_the_requests_time(sign_in, nobody, task_lists, frozen_clock):
    asked = []
    task_lists(TaskList("asked", 10, lambda user, now: asked.append((user, now)) or []))
    sign_in(nobody).get("/")
    assert asked == [(nobody, NOW)]


# --- statements, health and language -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "heading"),
    [("accessibility", "Tilgjengelighetserklæring"), ("privacy", "Personvern"), ("contact", "Kontakt oss")],
)
def test_statement_is_open_to_all(client, house, name, heading):
    answer = client.get(reverse(f"portal:{name}"))
    assert answer.status_code == 200
    assert f">{heading}</h1>" in answer.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_contact_page_costs_two_queries_however_many_there_are(client, db, django_assert_num_queries, count):
    for _ in range(count):
        factories.community()
    with django_assert_num_queries(2):  # those who answer, and their open calls
        client.get(reverse("portal:contact"))


def test_hello_answers_without_the_database(client):
    answer = client.get("/hello/")
    assert (answer.status_code, answer.content, answer["Cache-Control"]) == (200, b"OK", "no-store")


@pytest.mark.parametrize("name", ["home", "hello", "accessibility", "privacy", "contact", "mailbox"])
def test_page_that_only_shows_refuses_a_post(client, db, name):
    assert client.post(reverse(f"portal:{name}")).status_code == 405


def test_language_is_kept_in_the_browser_and_for_the_person(client, house):
    client.force_login(house.applicant)
    answer = client.post(reverse("portal:language"), {"language": "nn", "next": "/my-page/"})
    assert (answer["Location"], answer.cookies["django_language"].value) == ("/my-page/", "nn")
    house.applicant.refresh_from_db()
    assert house.applicant.language == "nn"
    assert 'lang="nn"' in client.get("/my-page/").content.decode()


def test_language_of_a_visitor_is_kept_in_the_browser_alone(client, db):
    assert client.post(reverse("portal:language"), {"language": "en"}).cookies["django_language"].value == "en"


@pytest.mark.parametrize("language", ["", "xx", "../../etc"])
def test_language_that_is_not_offered_is_not_kept(client, db, language):
    answer = client.post(reverse("portal:language"), {"language": language})
    assert (answer.status_code, "django_language" in answer.cookies) == (302, False)


@pytest.mark.parametrize("target", ["https://evil.example.org/", "//evil.example.org", "javascript:alert(1)"])
def test_choice_of_language_leads_to_no_other_site(client, db, target):
    assert client.post(reverse("portal:language"), {"language": "nn", "next": target})["Location"] == "/"


def test_choice_of_language_is_a_post(client):
    assert client.get(reverse("portal:language")).status_code == 405


# --- the demo's mailbox ---------------------------------------------------------------------------------------------


@pytest.fixture
def mailbox(settings, tmp_path, frozen_clock):
    """A demo's mailbox with two mails; the newest has an attachment."""
    settings.IS_DEMO = True
    settings.MAILBOX_DIR = tmp_path / "mailbox"
    first = EmailMessage("Første", "Hei <b>Kari</b>\nhttps://portal.example.org/x/", to=["kari@example.org"])
    second = EmailMessage("Andre", "Se vedlegg", to=["ola@example.org"])
    second.attach("brev.pdf", b"%PDF-1.7", "application/pdf")
    assert MailboxBackend().send_messages([first]) == 1
    frozen_clock.shift(timedelta(minutes=1))
    MailboxBackend().send_messages([second])
    return settings.MAILBOX_DIR


def names(folder):
    return sorted(path.stem for path in folder.glob("*.eml"))


def test_mailbox_shows_the_newest_mail_first(client, db, mailbox):
    page = client.get(reverse("portal:mailbox")).content.decode().replace("<wbr>", "")
    assert page.index("Andre") < page.index("Første")
    for text in ("ola@example.org", "10.02.2025 kl.\u00a010.01"):
        assert text in page


def test_empty_mailbox_says_so(client, db, settings, tmp_path):
    settings.IS_DEMO, settings.MAILBOX_DIR = True, tmp_path
    assert "Ingen e-post ennå" in client.get(reverse("portal:mailbox")).content.decode()


def test_mail_is_shown_as_text_with_links(client, db, mailbox):
    page = client.get(reverse("portal:mail", args=[names(mailbox)[0]])).content.decode()
    assert "Hei &lt;b&gt;Kari&lt;/b&gt;" in page
    assert '<a href="https://portal.example.org/x/"' in page


def test_mail_of_the_portal_has_its_button(client, db, settings, mailbox):
    settings.SITE_URL = "https://portal.example.org"
    page = client.get(reverse("portal:mail", args=[names(mailbox)[0]])).content.decode()
    assert re.search(r'<a class="ds-button"\s+href="https://portal.example.org/x/">Åpne portalen</a>', page)


def test_attachment_is_a_download(client, db, mailbox):
    name = names(mailbox)[1]
    assert "brev.pdf" in client.get(reverse("portal:mail", args=[name])).content.decode()
    answer = client.get(reverse("portal:mail_attachment", args=[name, 0]))
    assert (answer.content, answer["Content-Type"]) == (b"%PDF-1.7", "application/pdf")
    assert answer["Content-Disposition"] == 'attachment; filename="vedlegg-1.pdf"'


@pytest.mark.parametrize("address", ["nothing/", "nothing/0/"])
def test_mail_that_is_not_there_is_not_found(client, db, mailbox, address):
    assert client.get(f"/mailbox/{address}").status_code == 404


def test_attachment_that_is_not_there_is_not_found(client, db, mailbox):
    assert client.get(reverse("portal:mail_attachment", args=[names(mailbox)[0], 0])).status_code == 404


def test_mailbox_exists_in_the_demo_alone(client, db, mailbox, settings):
    assert 'href="/mailbox/"' in client.get("/").content.decode()
    settings.IS_DEMO = False
    assert 'href="/mailbox/"' not in client.get("/").content.decode()
    for address in (reverse("portal:mailbox"), reverse("portal:mail", args=[names(mailbox)[0]])):
        assert client.get(address).status_code == 404
