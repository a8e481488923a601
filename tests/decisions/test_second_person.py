"""Where two persons are asked for, nobody makes the other one: a new seat in a secretariat waits for a colleague."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from evaluation.assessment.services import declaring
from evaluation.assessment.services.declaring import HabilitetError
from evaluation.decisions import permissions
from evaluation.decisions.services import letters
from evaluation.decisions.services.deciding import decide_from_minutes
from portal.clock import local_date
from portal.communities.models import BodyKind, Seat, User
from portal.communities.permissions import can_confirm_seat
from portal.communities.services import bodies, people
from portal.communities.services.bodies import SeatError, VouchedError
from portal.communities.services.people import Invited
from portal.communities.services.places import OwnRightError
from portal.communities.waiting import unconfirmed_seats
from portal.journal.models import LogEntry
from portal.journal.sentences import sentence
from tests import factories
from tests.decisions.world import adopted, approve
from tests.harness import worlds
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

TODAY = local_date(NOW)
SEAT = {"title": "", "side": "other", "right": "speak", "from_date": TODAY}
SAID = "En av dere ga den andre plass i sekretariatet"


def seated(house, name, by, body=None):
    invited = Invited(f"{name}@example.org", name)
    return bodies.add_seat(body or house.secretariat, invited, SEAT, by=by, at=NOW).user


def written(house, by, **letters_part):
    parts = {"letters": letters_part} if letters_part else {}
    (decision,) = decide_from_minutes(adopted(house, parts=parts).meeting, by=house.secretary, at=NOW)
    return letters.prepare(decision, by=by, at=NOW)


@worlds.world
def puppet(house):
    """One whom the secretary has given a seat in the secretariat."""
    return seated(house, "dukke", house.secretary)


@pytest.mark.parametrize("writes", ["secretary", "puppet"])
def test_neither_approves_the_letter_of_the_other(writes, house, puppet, sign_in):
    writer, other = (house.secretary, puppet) if writes == "secretary" else (puppet, house.secretary)
    letter = written(house, writer)
    assert permissions.can_approve(other, letter, now=NOW).reason.startswith(SAID)
    with pytest.raises(letters.ColleagueNeededError, match=SAID):
        approve(letter, by=other)
    client = sign_in(other)
    assert SAID in client.get(letter.get_absolute_url()).content.decode()
    code = letter.decision.application.round.code
    page = client.post(reverse("decisions:approve_letters", args=[code]), {"letters": [letter.number]}, follow=True)
    assert SAID in page.content.decode()
    letter.refresh_from_db()
    assert letter.status == "draft"
    approve(letter, by=house.hospital_secretary)


def test_whom_the_new_one_brings_in_is_the_same_too(house, puppet):
    second = seated(house, "dukke2", puppet)
    letter = written(house, house.secretary)
    assert not permissions.can_approve(second, letter, now=NOW)
    Seat.objects.filter(user=puppet).update(to_date=TODAY - timedelta(days=1), from_date=TODAY - timedelta(days=2))
    assert not permissions.can_approve(second, letter, now=NOW)


@pytest.mark.parametrize(("said", "may"), [(None, True), ("one", True), ("two", False)])
def test_where_there_is_no_third_the_round_says_whether_two_are_asked_for(said, may, house, puppet):
    Seat.objects.filter(user=house.hospital_secretary).delete()
    letter = written(house, house.secretary, **({"approval": said} if said else {}))
    assert bool(permissions.can_approve(puppet, letter, now=NOW)) is may
    # The writer still does not do it alone when another can.
    assert bool(permissions.can_approve(house.secretary, letter, now=NOW)) is (said == "one")


def test_the_new_one_lets_nobody_write_and_approve_alone(house, puppet):
    bodies.change_body(house.ssu, {"letter_approval": "two"}, by=house.hospital_secretary, at=NOW)
    bodies.change_body(house.ssu, {"letter_approval": "one"}, by=house.secretary, at=NOW)
    bodies.change_body(house.ssu, {"letter_approval": "one", "name": "SSU"}, by=puppet, at=NOW)
    bodies.change_body(house.ssu, {"letter_approval": ""}, by=puppet, at=NOW)
    bodies.change_body(house.ssu, {"letter_approval": "one"}, by=puppet, at=NOW)
    letter = written(house, house.secretary)
    assert not permissions.can_approve(house.secretary, letter, now=NOW)


def test_a_colleague_confirms_the_seat_on_its_page(house, puppet, sign_in):
    seat = Seat.objects.get(user=puppet)
    address = reverse("portal:seat_confirm", args=[seat.pk])
    client = sign_in(house.hospital_secretary)
    body = client.get(house.secretariat.get_absolute_url()).content.decode()
    assert (address in body, "Ikke bekreftet" in body) == (True, True)
    assert "dukke@example.org" in client.get(address).content.decode()
    assert "Plassen til dukke er bekreftet." in client.post(address, follow=True).content.decode()
    assert "Ikke bekreftet" not in client.get(house.secretariat.get_absolute_url()).content.decode()
    assert client.get(address).status_code == 403
    entry = LogEntry.objects.get(act="seat.confirmed")
    assert (entry.actor, sentence(entry)) == (
        house.hospital_secretary,
        "En kollega bekreftet en plass i sekretariatet.",
    )
    approve(written(house, house.secretary), by=puppet)


def test_the_seat_waits_on_the_front_page_of_those_who_can_confirm_it(house, puppet, sign_in):
    seat = Seat.objects.get(user=puppet)
    task = ("Bekreft plassen til dukke", reverse("portal:seat_confirm", args=[seat.pk]))

    def waits(person):
        return task in [(item.title, item.url) for item in unconfirmed_seats(person, NOW)]

    assert waits(house.hospital_secretary)
    assert not any(map(waits, (house.secretary, puppet, house.regional_secretary, house.chair, house.nobody)))
    page = sign_in(house.hospital_secretary).get("/").content.decode()
    assert (task[0] in page, task[1] in page) == (True, True)
    bodies.confirm_seat(seat, by=house.hospital_secretary, at=NOW)
    assert not unconfirmed_seats(User.objects.get(pk=house.hospital_secretary.pk), NOW)


def test_the_seat_is_confirmed_by_neither_of_the_two(house, puppet, sign_in):
    seat = Seat.objects.get(user=puppet)
    second = seated(house, "dukke2", puppet)
    for person in (house.secretary, puppet, second):
        assert not can_confirm_seat(person, seat)
        assert sign_in(person).get(reverse("portal:seat_confirm", args=[seat.pk])).status_code == 403
        with pytest.raises(VouchedError, match="Du har selv fått eller gitt denne plassen"):
            bodies.confirm_seat(seat, by=person, at=NOW)
    bodies.confirm_seat(seat, by=house.hospital_secretary, at=NOW)
    with pytest.raises(SeatError, match="bekreftet fra før"):
        bodies.confirm_seat(seat, by=house.hospital_secretary, at=NOW)


def test_the_operator_confirms_where_there_is_no_third(house, puppet, capsys):
    call_command("appoint", puppet.email, house.secretariat.code, confirm=True)
    assert "Plassen til dukke i" in capsys.readouterr().out
    assert can_confirm_seat(house.hospital_secretary, Seat.objects.get(user=puppet)).reason == "Plassen er bekreftet."
    with pytest.raises(CommandError, match="Ingen plass i"):
        call_command("appoint", puppet.email, house.secretariat.code, confirm=True)


def test_who_is_given_a_seat_by_two_or_had_one_before_needs_no_more(house, puppet):
    Seat.objects.filter(user=puppet).update(from_date=factories.FROM, to_date=factories.FROM)
    seated(house, "dukke", house.hospital_secretary)
    assert not Seat.objects.exclude(given_alone_by=None).exists()
    seated(house, house.far_secretary.email.partition("@")[0], house.secretary)
    assert not Seat.objects.exclude(given_alone_by=None).exists()


def test_a_seat_in_another_body_needs_nobody(house):
    seated(house, "ny", house.secretary, body=house.fsu)
    assert house.fsu.kind != BodyKind.SECRETARIAT
    assert not Seat.objects.exclude(given_alone_by=None).exists()


def test_nobody_gets_a_right_or_is_found_habil_by_one_whom_one_brought_in(house, puppet):
    post = {"title": "Rådgiver", "may_sign": True, "from_date": TODAY, "to_date": None}
    invited = Invited(house.secretary.email, "Sara")
    with pytest.raises(OwnRightError, match="har gitt deg plass i sekretariatet"):
        people.add_affiliation(house.lead, invited, post, by=puppet, at=NOW)
    # The other way it is an officer who gives a new colleague something.
    people.add_affiliation(house.lead, Invited(puppet.email, "x"), post, by=house.secretary, at=NOW)
    application = adopted(house).applications[0]
    about = {"ground": "party", "explanation": "Bror."}
    decided = {"is_recused": False, "reason": "Nei.", "at": NOW}
    declaring.raise_about(application, house.hospital_secretary, by=house.secretary, at=NOW, **about)
    with pytest.raises(HabilitetError, match="ikke bekreftet av en kollega"):
        declaring.decide(application, house.hospital_secretary, by=puppet, **decided)
    third = seated(house, "tredje", house.hospital_secretary)
    declaring.raise_about(application, house.secretary, by=third, at=NOW, **about)
    with pytest.raises(HabilitetError, match="ikke bekreftet av en kollega"):
        declaring.decide(application, house.secretary, by=puppet, **decided)
