"""The acts on people, seats, bodies and organisations: what they change, log and refuse."""

from datetime import date

import pytest

from portal.communities.models import Affiliation, Body, BodyKind, Right, Seat, SeatRole, Side, User
from portal.communities.services import bodies, organisations, people
from portal.communities.services.bodies import BodyError, SeatError
from portal.communities.services.people import Invited, PersonError
from portal.jobs.services import run_all_due
from portal.journal.models import LogEntry
from portal.mail.models import Message
from tests import factories
from tests.world import NOW

TODAY = date(2025, 2, 10)
NEW = Invited(" Ny.Person@Example.org ", " Ny Person ")


@pytest.fixture
def done(house):
    """Who acts and when."""
    return {"by": house.secretary, "at": NOW}


def last_entry():
    entry = LogEntry.objects.order_by("-number")[0]
    return entry.act, entry.subject_id, entry.community_code, entry.data


def place(**changes):
    return {"title": "Rådgiver", "may_sign": False, "from_date": TODAY, "to_date": None, **changes}


def seat(**changes):
    fields = {"title": "", "organisation": None, "side": Side.HOSPITAL, "right": Right.VOTE, "role": SeatRole.MEMBER}
    return {**fields, "deputy_for": None, "from_date": TODAY, "to_date": None, **changes}


# --- inviting ---------------------------------------------------------------------------------------


def test_new_person_is_invited_by_mail_with_a_link_that_works(house, done, inbox, client):
    affiliation = people.add_affiliation(house.lead, NEW, place(), **done)
    user = affiliation.user
    assert (user.email, user.name, user.has_usable_password()) == ("ny.person@example.org", "Ny Person", False)
    assert run_all_due(NOW) == 3
    mail = next(mail for mail in inbox.to("ny.person@example.org") if mail["Subject"].startswith("Velkommen"))
    link = next(word for word in mail.get_body(("plain",)).get_content().split() if "/reset/key/" in word)
    answer = client.get("/" + link.split("/", 3)[3], follow=True)
    secret = {"password1": factories.PASSWORD, "password2": factories.PASSWORD}
    client.post(answer.request["PATH_INFO"], secret)
    user.refresh_from_db()
    assert user.check_password(factories.PASSWORD)


def test_invitation_is_logged_without_name_or_address(house, done):
    people.add_affiliation(house.lead, NEW, place(), **done)
    acts = list(LogEntry.objects.values_list("act", flat=True))
    assert acts == ["person.invited", "affiliation.added"]
    user = User.objects.get(email="ny.person@example.org")
    data = {"person": user.pk, "rights": ["place"]}
    assert last_entry() == ("affiliation.added", str(house.lead.pk), "troms-ofoten", data)


def test_known_person_keeps_name_and_gets_no_invitation(house, done):
    known = Invited(house.stranger.email.upper(), "Et annet navn")
    assert people.add_affiliation(house.lead, known, place(), **done).user == house.stranger
    house.stranger.refresh_from_db()
    assert house.stranger.name == "Stein Stranger"
    assert not Message.objects.filter(kind="invitation").exists()


def test_invitation_is_undone_when_the_place_is_refused(house, done):
    with pytest.raises(PersonError, match="Siste dag kan ikke være før første dag"):
        people.add_affiliation(house.lead, NEW, place(to_date=date(2025, 1, 1)), **done)
    assert not User.objects.filter(email="ny.person@example.org").exists()
    assert not Message.objects.exists()


def test_invitation_can_be_sent_again_until_a_password_is_chosen(house, done):
    person = factories.user()
    people.send_invitation(person, tenant=house.community, **done)
    assert last_entry() == ("person.invited", str(person.pk), "troms-ofoten", {})
    assert Message.objects.get().recipient == person.email
    person.set_password(factories.PASSWORD)
    with pytest.raises(PersonError, match="kan bruke «Glemt passord»"):
        people.send_invitation(person, tenant=house.community, **done)


# --- affiliations --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "allowed"),
    [
        ((date(2024, 1, 1), None), (TODAY, None), False),
        ((date(2024, 1, 1), date(2025, 2, 9)), (TODAY, None), True),
        ((date(2024, 1, 1), TODAY), (TODAY, None), False),
        ((date(2025, 3, 1), None), (TODAY, date(2025, 2, 28)), True),
        ((date(2025, 3, 1), None), (TODAY, date(2025, 3, 1)), False),
    ],
)
def test_person_has_one_place_in_an_organisation_at_a_time(house, done, old, new, allowed):
    person = factories.user()
    factories.affiliation(person, house.lead, from_date=old[0], to_date=old[1])
    fields = place(from_date=new[0], to_date=new[1])
    invited = Invited(person.email, person.name)
    if allowed:
        assert people.add_affiliation(house.lead, invited, fields, **done).user == person
    else:
        with pytest.raises(PersonError, match="allerede tilknyttet Tromsø kommune i denne perioden"):
            people.add_affiliation(house.lead, invited, fields, **done)


def test_change_logs_the_names_of_the_fields_alone(house, done):
    affiliation = house.applicant.affiliations.get()
    people.change_affiliation(affiliation, place(may_sign=True, from_date=factories.FROM), **done)
    expected = {"person": house.applicant.pk, "fields": ["may_sign"], "rights": ["sign"]}
    assert last_entry() == ("affiliation.changed", str(house.lead.pk), "troms-ofoten", expected)
    assert Affiliation.objects.get(pk=affiliation.pk).may_sign


def test_change_that_changes_nothing_is_not_logged(house, done):
    people.change_affiliation(house.applicant.affiliations.get(), place(from_date=factories.FROM), **done)
    assert not LogEntry.objects.exists()


def test_ended_place_stays_as_history_and_is_not_ended_later(house, done):
    affiliation = people.end_affiliation(house.applicant.affiliations.get(), TODAY, **done)
    assert Affiliation.objects.get(pk=affiliation.pk).to_date == TODAY
    assert last_entry()[0] == "affiliation.ended"
    with pytest.raises(PersonError, match="allerede avsluttet"):
        people.end_affiliation(affiliation, date(2025, 3, 1), **done)


def test_profile_is_the_persons_own(house):
    people.change_profile(house.applicant, {"name": "Ny", "phone": "99", "language": "nn"}, at=NOW)
    house.applicant.refresh_from_db()
    assert (house.applicant.name, house.applicant.phone, house.applicant.language) == ("Ny", "99", "nn")
    assert last_entry()[0] == "person.profile_changed"


# --- seats ----------------------------------------------------------------------------------------------


def test_seat_is_given_and_logged_on_the_body(house, done):
    given = bodies.add_seat(house.ssu, NEW, seat(organisation=house.trust), **done)
    assert (given.body, given.user.name, given.right) == (house.ssu, "Ny Person", "vote")
    data = {"person": given.user.pk, "rights": ["place", "vote"]}
    assert last_entry() == ("seat.added", str(house.ssu.pk), "troms-ofoten", data)


def test_seat_on_a_regional_body_is_logged_on_the_region(house):
    bodies.add_seat(house.committee, NEW, seat(), by=house.regional_secretary, at=NOW)
    assert last_entry()[2] == "883658752"


def test_person_has_one_seat_on_a_body_at_a_time(house, done):
    with pytest.raises(SeatError, match="Mona Member har allerede en plass i SSU Troms og Ofoten"):
        bodies.add_seat(house.ssu, Invited(house.member.email, "x"), seat(), **done)


@pytest.mark.parametrize("role", [SeatRole.CHAIR, SeatRole.VICE_CHAIR])
def test_body_has_one_of_each_leader_at_a_time(house, done, role):
    with pytest.raises(SeatError, match=r"er (leder|nestleder) i denne perioden"):
        bodies.add_seat(house.ssu, NEW, seat(role=role), **done)
    leader = house.ssu.seats.get(role=role)
    bodies.end_seat(leader, date(2025, 2, 9), **done)
    assert bodies.add_seat(house.ssu, NEW, seat(role=role), **done).role == role


def test_deputy_stands_in_for_a_fixed_seat_of_the_same_body_side_and_right(house, done):
    member = house.ssu.seats.get(user=house.member)
    assert bodies.add_seat(house.ssu, NEW, seat(deputy_for=member), **done).is_deputy


@pytest.mark.parametrize(
    ("stands_in_for", "changes", "reason"),
    [
        ("fsu_leader", {}, "fast plass i samme organ"),
        ("deputy", {}, "fast plass i samme organ"),
        ("chair", {}, "samme side og samme rettighet"),
        ("member", {"right": Right.SPEAK}, "samme side og samme rettighet"),
        ("member", {"role": SeatRole.CHAIR}, "En vara kan ikke være leder"),
    ],
)
def test_deputy_of_anything_else_is_refused(house, done, stands_in_for, changes, reason):
    fixed = Seat.objects.get(user=getattr(house, stands_in_for))
    with pytest.raises(SeatError, match=reason):
        bodies.add_seat(house.ssu, NEW, seat(deputy_for=fixed, **changes), **done)


def test_changed_seat_is_checked_like_a_new_one(house, done):
    member_seat = house.ssu.seats.get(user=house.member)
    with pytest.raises(SeatError, match="Viggo Vicechair er nestleder"):
        bodies.change_seat(member_seat, {"role": SeatRole.VICE_CHAIR}, **done)
    member_seat = house.ssu.seats.get(user=house.member)
    assert bodies.change_seat(member_seat, {"title": "Klinikksjef"}, **done).title == "Klinikksjef"
    assert last_entry()[3] == {"person": house.member.pk, "fields": ["title"]}
    bodies.change_seat(member_seat, {"title": "Klinikksjef"}, **done)
    assert LogEntry.objects.count() == 1


def test_secretariat_is_never_left_without_people(house, done):
    first, second = house.secretariat.seats.all()
    bodies.end_seat(first, TODAY, **done)
    with pytest.raises(SeatError, match="Sekretariatet kan ikke stå uten folk"):
        bodies.end_seat(second, TODAY, **done)
    assert Seat.objects.get(pk=second.pk).to_date is None
    with pytest.raises(SeatError, match="Sekretariatet kan ikke stå uten folk"):
        bodies.change_seat(Seat.objects.get(pk=second.pk), {"to_date": TODAY}, **done)


# --- bodies and organisations -----------------------------------------------------------------------------


def body_fields(**changes):
    return {"kind": BodyKind.FSU, "abbreviation": "FSU DIG", "name": "FSU digital", **changes}


def test_new_body_gets_a_code_of_its_own(house, done):
    made = bodies.add_body(house.community, body_fields(), **done)
    assert (made.code, made.tenant) == ("fsu-dig-troms-ofoten", house.community)
    assert last_entry() == ("body.added", str(made.pk), "troms-ofoten", {})
    with pytest.raises(BodyError, match="allerede et organ med forkortelsen FSU DIG"):
        bodies.add_body(house.community, body_fields(), **done)
    assert bodies.add_body(house.elsewhere, body_fields(), **done).code == "fsu-dig-helgeland"
    assert bodies.add_body(house.region, body_fields(), **done).tenant == house.region


def test_changed_body_logs_what_was_changed_and_not_to_what(house, done):
    bodies.change_body(house.ssu, {"mandate": "Nytt", "name": house.ssu.name}, **done)
    assert Body.objects.get(pk=house.ssu.pk).mandate == "Nytt"
    assert last_entry() == ("body.changed", str(house.ssu.pk), "troms-ofoten", {"fields": ["mandate"]})
    bodies.change_body(house.ssu, {"mandate": "Nytt"}, **done)
    assert LogEntry.objects.count() == 1


def test_organisation_is_added_changed_and_logged(house, done):
    made = organisations.add_organisation(house.community, {"kind": "other", "name": "NAV Troms"}, **done)
    assert (last_entry()[0], made.is_legal_entity) == ("organisation.added", False)
    organisations.change_organisation(made, {"orgnr": "889640782"}, **done)
    assert last_entry()[3] == {"fields": ["orgnr"]}
    assert made.is_legal_entity
    organisations.change_organisation(made, {"orgnr": "889640782"}, **done)
    assert LogEntry.objects.count() == 2


def test_addresses_are_data(house, done):
    organisations.change_addresses(house.community, {"post_address": "ny@example.org"}, **done)
    house.community.refresh_from_db()
    assert house.community.post_address == "ny@example.org"
    assert last_entry() == (
        "community.addresses_changed", str(house.community.pk), "troms-ofoten", {"fields": ["post_address"]},
    )  # fmt: skip
    organisations.change_addresses(house.community, {"post_address": "ny@example.org"}, **done)
    assert LogEntry.objects.count() == 1
