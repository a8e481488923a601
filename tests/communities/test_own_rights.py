"""Nobody gives himself or herself a right: a colleague does, and those it concerns are told."""

from datetime import date

import pytest
from django.urls import reverse

from portal.communities.models import Affiliation, Right, Seat, SeatRole, Side, User
from portal.communities.queries import standing_on
from portal.communities.services import bodies, people
from portal.communities.services.people import Invited
from portal.communities.services.places import OwnRightError
from portal.journal.models import LogEntry
from portal.journal.sentences import sentence
from portal.mail.models import Message
from tests import factories
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.fault("A1"), pytest.mark.usefixtures("frozen_clock")]

TODAY = date(2025, 2, 10)
SENTENCE = "Du kan ikke gi deg selv en plass, en stemme eller rett til å signere"
AFFILIATION = {"title": "Rådgiver", "may_sign": True, "from_date": TODAY, "to_date": None}
SEAT = {
    "title": "",
    "organisation": None,
    "side": Side.HOSPITAL,
    "right": Right.VOTE,
    "role": SeatRole.MEMBER,
    "deputy_for": None,
    "from_date": TODAY,
    "to_date": None,
}


def rows():
    """The places, the persons, the mail and the log."""
    return [list(table.objects.order_by("pk").values()) for table in (Affiliation, Seat, User, Message, LogEntry)]


def posted(fields):
    """The fields as a browser posts them."""
    values = {name: value.strftime("%d.%m.%Y") if isinstance(value, date) else value for name, value in fields.items()}
    return {name: value for name, value in values.items() if value not in (None, False)}


# --- one's own place -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "helge.secretary@example.org",
        " Helge.Secretary@EXAMPLE.org ",
        "\N{FULLWIDTH LATIN SMALL LETTER H}elge.secretary@example.org",
        "helge.secretary@\N{FULLWIDTH LATIN SMALL LETTER E}xample.org",
    ],
)
def test_a1_nobody_gives_oneself_a_place(house, address):
    person, before = house.hospital_secretary, rows()
    invited = Invited(address, "Et annet navn")
    with pytest.raises(OwnRightError, match=SENTENCE):
        people.add_affiliation(house.lead, invited, AFFILIATION, by=person, at=NOW)
    with pytest.raises(OwnRightError, match=SENTENCE):
        bodies.add_seat(house.ssu, invited, SEAT, by=person, at=NOW)
    assert rows() == before


def test_a1_the_page_says_who_can(house, sign_in):
    person = house.hospital_secretary
    client, before = sign_in(person), rows()
    receiver = {"email": person.email.upper(), "name": person.name}
    for address, fields in (
        (reverse("portal:affiliation_add", args=[house.lead.pk]), AFFILIATION),
        (reverse("portal:seat_add", args=[house.ssu.code]), SEAT),
    ):
        answer = client.post(address, {**receiver, **posted(fields)})
        assert (answer.status_code, SENTENCE in answer.content.decode()) == (422, True)
    assert rows() == before


@pytest.mark.parametrize(
    "fields",
    [
        {"may_sign": True},
        {"to_date": None},
        {"to_date": date(2026, 1, 1)},
        {"from_date": date(2019, 1, 1)},
        {"may_sign": True, "to_date": TODAY},
    ],
)
def test_a1_nobody_widens_the_own_affiliation(house, fields):
    person = house.hospital_secretary
    affiliation = factories.affiliation(person, house.trust, to_date=date(2025, 12, 31))
    before = rows()
    with pytest.raises(OwnRightError, match=SENTENCE):
        people.change_affiliation(affiliation, fields, by=person, at=NOW)
    assert rows() == before


@pytest.mark.parametrize(
    "fields",
    [
        {"right": Right.VOTE},
        {"role": SeatRole.VICE_CHAIR},
        {"side": Side.MUNICIPALITY},
        {"deputy_for": None},
        {"to_date": None},
    ],
)
def test_a1_nobody_widens_the_own_seat(house, fields):
    person, stands_in_for = house.hospital_secretary, None
    if "deputy_for" in fields:
        stands_in_for = factories.seat(house.far_ssu, factories.user(), Side.HOSPITAL, right=Right.SPEAK)
    seat = factories.seat(
        house.far_ssu, person, Side.HOSPITAL, right=Right.SPEAK, deputy_for=stands_in_for, to_date=date(2025, 12, 31)
    )
    before = rows()
    with pytest.raises(OwnRightError, match=SENTENCE):
        bodies.change_seat(seat, fields, by=person, at=NOW)
    assert rows() == before


def test_a1_one_gives_up_what_one_has(house):
    person = house.hospital_secretary
    affiliation = factories.affiliation(person, house.trust, may_sign=True)
    people.change_affiliation(affiliation, {"may_sign": False, "title": "Lege"}, by=person, at=NOW)
    people.end_affiliation(affiliation, TODAY, by=person, at=NOW)
    seat = factories.seat(house.far_ssu, person, Side.HOSPITAL)
    bodies.change_seat(seat, {"right": Right.SPEAK}, by=person, at=NOW)
    bodies.end_seat(seat, TODAY, by=person, at=NOW)
    assert (affiliation.may_sign, affiliation.to_date, seat.right, seat.to_date) == (False, TODAY, "speak", TODAY)


def test_a1_a_deputy_does_not_take_the_members_vote(house):
    """Dag is deputy for Mona, and is given a seat in the secretariat."""
    factories.seat(house.secretariat, house.deputy, Side.OTHER, right=Right.SPEAK)
    seat, before = house.ssu.seats.get(user=house.member), rows()
    for act in (
        lambda: bodies.end_seat(seat, TODAY, by=house.deputy, at=NOW),
        lambda: bodies.change_seat(house.ssu.seats.get(pk=seat.pk), {"right": "speak"}, by=house.deputy, at=NOW),
        lambda: bodies.change_seat(house.ssu.seats.get(pk=seat.pk), {"to_date": TODAY}, by=house.deputy, at=NOW),
    ):
        with pytest.raises(OwnRightError, match="Du er vara for Mona Member"):
            act()
    assert rows() == before
    bodies.change_seat(house.ssu.seats.get(pk=seat.pk), {"title": "Klinikksjef"}, by=house.deputy, at=NOW)
    bodies.end_seat(house.ssu.seats.get(pk=seat.pk), TODAY, by=house.secretary, at=NOW)


def test_a1_a_voter_takes_no_other_persons_vote(house):
    """Helge is an officer, and votes in the SSU."""
    factories.seat(house.ssu, house.hospital_secretary, Side.HOSPITAL)
    seat, before = house.ssu.seats.get(user=house.chair), rows()
    for act in (
        lambda: bodies.end_seat(seat, TODAY, by=house.hospital_secretary, at=NOW),
        lambda: bodies.change_seat(again(seat), {"right": "speak"}, by=house.hospital_secretary, at=NOW),
        lambda: bodies.change_seat(again(seat), {"side": Side.USER}, by=house.hospital_secretary, at=NOW),
        lambda: bodies.change_seat(again(seat), {"to_date": TODAY}, by=house.hospital_secretary, at=NOW),
    ):
        with pytest.raises(OwnRightError, match="Du stemmer i SSU Troms og Ofoten"):
            act()
    assert rows() == before
    bodies.change_seat(again(seat), {"title": "Klinikksjef"}, by=house.hospital_secretary, at=NOW)
    bodies.end_seat(again(seat), TODAY, by=house.secretary, at=NOW)
    assert again(seat).to_date == TODAY


def again(seat):
    return seat.body.seats.get(pk=seat.pk)


def test_a1_a_voter_does_not_set_how_the_body_decides(house):
    factories.seat(house.ssu, house.hospital_secretary, Side.HOSPITAL)
    with pytest.raises(OwnRightError, match="Du stemmer i SSU Troms og Ofoten"):
        bodies.change_body(house.ssu, {"quorum_percent": 10}, by=house.hospital_secretary, at=NOW)
    bodies.change_body(house.ssu, {"mandate": "Nytt."}, by=house.hospital_secretary, at=NOW)
    bodies.change_body(house.ssu, {"quorum_percent": 10}, by=house.secretary, at=NOW)


# --- who is told ---------------------------------------------------------------------------------------


def told():
    """Kind, recipient and subject of the mails, in the order they were queued."""
    return list(Message.objects.order_by("pk").values_list("kind", "recipient", "title"))


def test_a1_person_and_organisation_are_told_of_a_place(house):
    house.lead.email = "postmottak@tromso.example.org"
    house.lead.save()
    invited = Invited(house.stranger.email, "")
    people.add_affiliation(house.lead, invited, AFFILIATION, by=house.secretary, at=NOW)
    assert told() == [
        ("place_changed", house.stranger.email, "Du har fått plass i Tromsø kommune"),
        ("place_changed_told", "postmottak@tromso.example.org", "Stein Stranger har fått plass i Tromsø kommune"),
    ]
    (text,) = Message.objects.filter(kind="place_changed_told").values_list("body_text", flat=True)
    office = house.community.post_address
    assert text.startswith(
        "Sara Secretary i sekretariatet for Helsefellesskapet Troms og Ofoten har gitt Stein Stranger plass i "
        "Tromsø kommune.\n\n"
        "Plassen gjelder fra og med 10.02.2025. Den gir:\n\n"
        "- Rådgiver\n"
        "- rett til å signere for organisasjonen og binde den\n\n"
        f"Er dette feil, skriv til {office}.\n"
    )
    entry = LogEntry.objects.latest("number")
    assert entry.data == {"person": house.stranger.pk, "rights": ["place", "sign"]}
    assert sentence(entry) == (
        "En person ble knyttet til organisasjonen. Personen fikk rett til å signere for organisasjonen."
    )


def test_a1_they_are_told_of_a_change_and_of_the_end_and_not_of_a_title(house):
    affiliation = house.applicant.affiliations.get()
    people.change_affiliation(affiliation, {"title": "Lege"}, by=house.secretary, at=NOW)
    assert told() == []
    people.change_affiliation(affiliation, {"may_sign": True}, by=house.secretary, at=NOW)
    people.end_affiliation(affiliation, TODAY, by=house.secretary, at=NOW.replace(minute=1))
    assert [kind for kind, _recipient, _title in told()] == ["place_changed", "place_changed_told"] * 2
    # Tromsø has no address of its own: the mail goes to the helsefellesskap.
    assert {recipient for _kind, recipient, _title in told()} == {house.applicant.email, house.community.post_address}
    last = Message.objects.filter(kind="place_changed").latest("pk")
    assert "Plassen gjelder fra og med 01.01.2020 til og med 10.02.2025." in last.body_text


def test_a1_they_are_told_of_a_seat(house):
    stands_in_for = house.ssu.seats.get(user=house.member)
    fields = {**SEAT, "deputy_for": stands_in_for}
    bodies.add_seat(house.ssu, Invited(house.stranger.email, ""), fields, by=house.secretary, at=NOW)
    assert told() == [
        ("place_changed", house.stranger.email, "Du har fått plass i SSU Troms og Ofoten"),
        (
            "place_changed_told",
            house.community.post_address,
            "Stein Stranger har fått plass i SSU Troms og Ofoten",
        ),
    ]
    text = Message.objects.get(kind="place_changed").body_text
    assert "- Medlem, helseforetak\n- Stemmerett\n- vara for Mona Member\n" in text


# --- when it was given -----------------------------------------------------------------------------------


def test_a1_it_is_kept_when_a_place_and_the_authority_were_given(house):
    later = NOW.replace(hour=12)
    affiliation = house.applicant.affiliations.get()
    people.change_affiliation(affiliation, {"may_sign": True}, by=house.secretary, at=later)
    assert (affiliation.given_at, affiliation.signing_given_at) == (None, later)
    people.end_affiliation(affiliation, date(2025, 2, 9), by=house.secretary, at=later)
    again = {**AFFILIATION, "may_sign": False}
    affiliation = people.add_affiliation(
        house.lead, Invited(house.applicant.email, ""), again, by=house.secretary, at=later
    )
    assert (affiliation.given_at, affiliation.signing_given_at) == (later, None)
    standing = standing_on(User.objects.get(pk=house.applicant.pk), TODAY)
    assert standing.organisation_ids == {house.lead.pk}
    assert standing.before(later).organisation_ids == frozenset()
    assert standing.before(later.replace(hour=13)) == standing
