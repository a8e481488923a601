"""Nobody makes oneself the only one who can approve the own letter, by putting a colleague out."""

import pytest
from django.urls import reverse

from evaluation.assessment.models import Habilitet
from evaluation.assessment.services import declaring
from evaluation.decisions.models import Letter
from evaluation.decisions.services import letters
from evaluation.decisions.services.deciding import decide_from_minutes
from tests.decisions.world import adopted
from tests.habilitet import decide_about
from tests.harness import worlds
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock"), pytest.mark.fault("A1")]


@worlds.world
def written(house):
    """A draft letter of the secretary's, who has one colleague."""
    (decision,) = decide_from_minutes(adopted(house).meeting, by=house.secretary, at=NOW)
    return letters.prepare(decision, by=house.secretary, at=NOW)


def approve(client, letter):
    client.get(reverse("decisions:preview", args=[letter.number]))
    client.post(f"{reverse('decisions:approve', args=[letter.number])}?shown={letter.sha256}")
    return Letter.objects.get().status


def test_a_colleague_whose_seat_the_writer_ended_still_counts(house, written, frozen_clock, sign_in):
    frozen_clock.move_to(NOW)
    client, seat = sign_in(house.secretary), house.secretariat.seats.get(user=house.hospital_secretary)
    assert client.post(reverse("portal:seat_end", args=[seat.pk]), {"last_day": "09.02.2025"}).status_code == 302
    assert approve(client, written) == "draft"


def test_a_colleague_whom_the_writer_ruled_inhabil_still_counts(house, written, frozen_clock, sign_in):
    frozen_clock.move_to(NOW)
    application = written.decision.application
    words = {"is_recused": True, "decided_ground": "other", "reason": "Nabo.", "decided_by": house.secretary}
    Habilitet.objects.create(application=application, person=house.hospital_secretary, decided_at=NOW, **words)
    assert approve(sign_in(house.secretary), written) == "draft"


def test_one_is_enough_when_the_colleague_asked_to_be_left_out(house, written, frozen_clock, sign_in):
    frozen_clock.move_to(NOW)
    application, colleague = written.decision.application, house.hospital_secretary
    declaring.declare(application, has_tie=True, ground="other", explanation="Nabo.", by=colleague, at=NOW)
    words = {"is_recused": True, "ground": "other", "reason": "Nabo."}
    decide_about(application, colleague, **words, by=house.secretary, at=NOW)
    assert approve(sign_in(house.secretary), written) == "approved"


def test_a_letter_is_not_approved_by_a_press_that_does_not_say_what_was_read(house, written, sign_in):
    client = sign_in(house.hospital_secretary)
    client.get(reverse("decisions:preview", args=[written.number]))
    page = client.post(reverse("decisions:approve", args=[written.number]), follow=True).content.decode()
    assert ("Se gjennom brevet slik det er nå" in page, Letter.objects.get().status) == (True, "draft")
    assert approve(client, written) == "approved"
