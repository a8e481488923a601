"""What somebody tries twice, or after leaving the office."""

from datetime import timedelta

import pytest
from django.urls import reverse

from applications.models import Application
from applications.services import submitting
from applications.workflow import Status
from evaluation.assessment.models import Admission
from evaluation.assessment.services import declaring
from evaluation.decisions.models import Decision, Letter, LetterBatch, LetterStatus
from evaluation.decisions.services import letters
from evaluation.decisions.services.deciding import decide, decide_from_minutes
from portal.clock import local_date
from portal.mail.models import Message
from rounds.questions import frame_state
from tests import factories
from tests.decisions.world import adopted, application, approve
from tests.habilitet import decide_about
from tests.harness import worlds
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


@worlds.world
def round_(house):
    return factories.round_of(factories.definition("troms-ofoten-2024"), at=NOW)


def test_decision_without_a_meeting_is_made_once(house, round_, sign_in):
    refused = application(house, round_, status=Status.NOT_ADMITTED)
    words = {"submission": refused.submissions.get(), "reason": "Ikke et samarbeid.", "decided_by": house.secretary}
    Admission.objects.create(application=refused, stage=round_.first_stage, admitted=False, decided_at=NOW, **words)
    client = sign_in(house.secretary)
    for _press in range(2):
        client.post(reverse("decisions:decide_application", args=[refused.code]))
    assert [decision.replaced_at for decision in Decision.objects.all()] == [None]


def test_packed_letters_stay_in_the_office(house, round_, sign_in):
    batch = LetterBatch.objects.create(round=round_, started_by=house.secretary, started_at=NOW)
    client = sign_in(house.secretary)
    assert client.get(batch.get_absolute_url()).status_code == 200
    house.secretary.seats.update(to_date=local_date(NOW) - timedelta(days=1))
    assert client.get(batch.get_absolute_url()).status_code == 404


# --- letters that tell what no longer holds ---------------------------------------------------------------


@worlds.world
def replaced(house):
    """An approved letter of a postponement, and the award that has replaced it since."""
    (postponed,) = decide_from_minutes(adopted(house, [("postponed", None)]).meeting, by=house.secretary, at=NOW)
    letter = letters.prepare(postponed, by=house.secretary, at=NOW)
    approve(letter, by=house.hospital_secretary)
    granted = {"outcome": "granted", "amount": 1_000_000, "reason": "Nye opplysninger.", "body": house.ssu}
    decide(Application.objects.get(), **granted, by=house.secretary, at=NOW)
    return letter


def test_letter_of_a_replaced_decision_is_not_sent(house, replaced, sign_in):
    answer = sign_in(house.secretary).post(reverse("decisions:send", args=[replaced.number]))
    assert (answer.status_code, Letter.objects.get().status) == (403, "approved")
    with pytest.raises(letters.LetterStateError, match="erstattet av et nyere"):
        letters.send(replaced, by=house.secretary, at=NOW)
    application = Application.objects.get()
    assert (application.announced_at, Message.objects.count()) == (None, 0)


@pytest.mark.fault("B13")
@pytest.mark.parametrize("status", LetterStatus.values)
@pytest.mark.parametrize("since", ["in force", "replaced", "withdrawn"])
def test_every_page_of_a_letter_answers_whatever_became_of_its_decision(house, replaced, since, status, sign_in):
    if since == "in force":
        Decision.objects.exclude(pk=replaced.decision_id).delete()
        Decision.objects.update(replaced_at=None)
    elif since == "withdrawn":
        Application.objects.update(status=Status.WITHDRAWN)
    Letter.objects.update(status=status)
    client = sign_in(house.secretary)
    for name in ("letter", "preview", "letter_pdf"):
        page = client.get(reverse(f"decisions:{name}", args=[replaced.number]), follow=True)
        assert (name, page.status_code) == (name, 200)
    for name in ("approve", "send"):
        assert client.post(reverse(f"decisions:{name}", args=[replaced.number])).status_code in {302, 403}


@pytest.mark.fault("B13")
def test_the_page_of_a_replaced_letter_says_why_it_goes_no_further(house, replaced, sign_in):
    page = sign_in(house.secretary).get(replaced.get_absolute_url()).content.decode()
    assert "Vedtaket er erstattet av et nyere. Brevet skal ikke sendes." in page


@pytest.mark.parametrize("act", [letters.approve, letters.send])
def test_letter_read_before_its_decision_was_replaced_goes_no_further(act, house):
    """The one who pressed had the old decision in hand: what stands in the database counts."""
    (postponed,) = decide_from_minutes(adopted(house, [("postponed", None)]).meeting, by=house.secretary, at=NOW)
    letter = letters.prepare(postponed, by=house.secretary, at=NOW)
    letters.look(letter, by=house.hospital_secretary, at=NOW)
    if act is letters.send:
        letters.approve(letter, by=house.hospital_secretary, at=NOW)
    seen = Letter.objects.select_related("decision__application").get()
    decide(Application.objects.get(), outcome="rejected", amount=None, reason="Nei.", by=house.secretary, at=NOW)
    with pytest.raises(letters.LetterStateError, match="erstattet av et nyere"):
        act(seen, by=house.hospital_secretary, at=NOW)
    assert Application.objects.get().announced_at is None


def test_no_letter_is_written_of_a_replaced_decision(house, replaced):
    with pytest.raises(letters.LetterStateError, match="erstattet av et nyere"):
        letters.prepare(replaced.decision, by=house.secretary, at=NOW)


def test_letter_is_not_sent_to_those_who_withdrew_meanwhile(house):
    (decision,) = decide_from_minutes(adopted(house).meeting, by=house.secretary, at=NOW)
    letter = letters.prepare(decision, by=house.secretary, at=NOW)
    approve(letter, by=house.hospital_secretary)
    submitting.withdraw(Application.objects.get(), by=house.applicant, at=NOW)
    with pytest.raises(letters.LetterStateError, match="trukket"):
        letters.send(letter, by=house.secretary, at=NOW)


def test_what_was_granted_leaves_out_those_who_withdrew(house):
    world = adopted(house, [("granted", 600_000), ("granted", 500_000)])
    decide_from_minutes(world.meeting, by=house.secretary, at=NOW)
    submitting.withdraw(Application.objects.first(), by=house.applicant, at=NOW)
    left = {decision.application_id: decision.amount for decision in Decision.objects.all()}
    left.pop(Application.objects.get(status=Status.WITHDRAWN).pk)
    assert frame_state(world.round).granted_here == sum(left.values())


def test_log_tells_the_inhabil_nothing_of_the_case(house, sign_in):
    """Entries that follow each other would tell which outcome goes with which case number."""
    decide_from_minutes(adopted(house).meeting, by=house.secretary, at=NOW)
    words = {"is_recused": True, "ground": "other", "reason": "Gift med leder.", "by": house.hospital_secretary}
    decide_about(Application.objects.get(), house.secretary, **words, at=NOW)
    habil, inhabil = (
        sign_in(person).get(reverse("portal:log")).content.decode()
        for person in (house.hospital_secretary, house.secretary)
    )
    acts = ("Søknaden ble innvilget.", "Vedtaket ble registrert.")
    assert [(act in habil, act in inhabil) for act in acts] == [(True, False)] * 2


@pytest.mark.fault("A1", "A3")
def test_the_letter_waits_until_an_officer_who_takes_part_has_answered(house, sign_in):
    meeting = adopted(house, [("granted", 1_000_000), ("granted", 1_000_000)]).meeting
    first, second = Application.objects.order_by("pk")
    factories.affiliation(house.secretary, house.lead)
    declaring.declare(second, has_tie=False, by=house.secretary, at=NOW)
    client = sign_in(house.secretary)
    client.post(reverse("decisions:decide_meeting", args=[first.round.code, meeting.pk]))
    assert [decision.application for decision in Decision.objects.all()] == [second]
    page = client.post(reverse("decisions:decide_meeting", args=[first.round.code, meeting.pk]), follow=True)
    asked = f"Du er med på «{first.title}» og har ikke svart på om du er habil. Åpne søknaden og svar først."
    assert asked in page.content.decode()
    (decision,) = decide_from_minutes(meeting, by=house.hospital_secretary, at=NOW)
    refused = client.post(reverse("decisions:prepare", args=[decision.pk]))
    assert (refused.status_code, asked in refused.content.decode()) == (403, True)
    client.post(reverse("decisions:prepare_all", args=[first.round.code]))
    assert [letter.decision.application for letter in Letter.objects.all()] == [second]
    letter = letters.prepare(decision, by=house.hospital_secretary, at=NOW)
    overview = client.get(reverse("decisions:overview", args=[first.round.code])).content.decode()
    assert reverse("assessment:habilitet", args=[first.code]) in overview
    for name in ("approve", "preview", "letter", "send"):
        address = reverse(f"decisions:{name}", args=[letter.number])
        ask = client.get if name in {"preview", "letter"} else client.post
        assert ask(address).status_code == 403, name
    client.post(reverse("decisions:approve_letters", args=[first.round.code]), {"letters": [letter.number]})
    letter.refresh_from_db()
    assert letter.status == LetterStatus.DRAFT
    client.post(reverse("assessment:habilitet", args=[first.code]), {"has_tie": "no"})
    assert client.get(letter.get_absolute_url()).status_code == 200


def test_no_decision_without_a_meeting_before_the_answer(house, round_, sign_in):
    refused = application(house, round_, status=Status.NOT_ADMITTED)
    factories.affiliation(house.secretary, house.lead)
    page = sign_in(house.secretary).post(reverse("decisions:decide_application", args=[refused.code]))
    assert (page.status_code, Decision.objects.count()) == (403, 0)
