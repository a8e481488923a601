"""Many things to one person within minutes are one mail."""

from datetime import timedelta

import pytest

from portal.jobs.services import run_all_due
from portal.mail.models import Message
from portal.mail.services import LEASE, queue_together
from tests import factories
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.fault("C16")]
MINUTE = timedelta(minutes=1)


def tell(about, *titles, at=NOW, together="assigned:1:1", recipient="aase@example.org"):
    items = [{"title": title, "code": title, "due": "14.03.2025"} for title in titles]
    return queue_together(
        "assessment_assigned",
        recipient=recipient,
        about=about,
        context={"assessor": factories.User(name="Åse"), "round": "Runden"},
        items=items,
        at=at,
        together=together,
    )


@pytest.fixture
def body(house):
    return house.ssu


def test_c16_twelve_within_minutes_are_one_mail_that_names_them_all(body, inbox):
    for number in range(12):
        tell(body, f"Søknad {number}", at=NOW + number * MINUTE / 4)
    assert run_all_due(NOW + 4 * MINUTE) == 0
    assert run_all_due(NOW + 5 * MINUTE) == 1
    (mail,) = inbox.messages
    text = mail.get_body(("plain",)).get_content()
    assert mail["Subject"] == "Du har fått 12 søknader å vurdere"
    assert "Du er satt opp til å vurdere 12 søknader i «Runden»." in text
    assert [f"- Søknad {number}, frist 14.03.2025" in text for number in range(12)] == [True] * 12


def test_c16_what_comes_while_it_is_being_sent_is_a_mail_of_its_own_and_nothing_is_lost(body, inbox):
    first = tell(body, "En")
    Message.objects.filter(pk=first.pk).update(leased_until=NOW + LEASE)
    second = tell(body, "To", at=NOW + MINUTE)
    assert second.pk != first.pk
    Message.objects.filter(pk=first.pk).update(leased_until=None)
    run_all_due(NOW + 6 * MINUTE)
    texts = "".join(mail.get_body(("plain",)).get_content() for mail in inbox.messages)
    assert [text in texts for text in ("- En,", "- To,")] == [True, True]


@pytest.mark.parametrize(
    "changes", [{"together": "assigned:1:2"}, {"recipient": "b@example.org"}, {"at": NOW + 5 * MINUTE}]
)
def test_c16_what_belongs_elsewhere_or_comes_later_is_another_mail(changes, body):
    tell(body, "En")
    tell(body, "To", **changes)
    assert [message.items[0]["title"] for message in Message.objects.order_by("pk")] == ["En", "To"]


def test_c16_the_same_twice_is_named_once(body):
    tell(body, "En")
    assert tell(body, "En", "To").pk == Message.objects.get().pk
    assert [item["title"] for item in Message.objects.get().items] == ["En", "To"]


def test_c16_one_alone_is_told_as_one(body):
    message = tell(body, "En")
    assert message.title == "Du har fått en søknad å vurdere"
    assert "Du er satt opp til å vurdere en søknad i «Runden»." in message.body_text
