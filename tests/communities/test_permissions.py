"""Who gets which page: every address of the room against every kind of person, and another tenant's rows."""

import pytest
from django.urls import reverse

from portal.communities.urls import urlpatterns
from tests import factories

PERSONS = ("anonymous", "applicant", "member", "secretary", "far_secretary", "regional_secretary")
SIGN_IN = 302

# What each person gets for rows of «Troms og Ofoten»: anonymous is always sent to sign-in.
PAGES = {
    #                      applicant member secretary far regional
    "my_page": (200, 200, 200, 200, 200),
    "profile": (200, 200, 200, 200, 200),
    # who has a password is asked for it; a link that proves nothing is no page: tests/communities/test_new_address.py
    "new_address": (200, 200, 200, 200, 200),
    "confirm_address": (404, 404, 404, 404, 404),
    "organisation_list": (403, 403, 200, 200, 200),
    "organisation_add": (403, 403, 200, 200, 200),
    "organisation": (200, 404, 200, 404, 404),
    "organisation_edit": (403, 404, 200, 404, 404),
    "organisation_end": (403, 404, 200, 404, 404),
    # POST alone: a GET is refused before anything is looked up
    "organisation_take_back_end": (405, 405, 405, 405, 405),
    "affiliation_add": (403, 404, 200, 404, 404),
    "affiliation_edit": (404, 404, 200, 404, 404),
    "affiliation_end": (404, 404, 200, 404, 404),
    "addresses": (404, 404, 200, 404, 404),
    "body_list": (200, 200, 200, 200, 200),
    "body_add": (403, 403, 200, 200, 200),
    "body": (404, 200, 200, 404, 404),
    "body_edit": (404, 403, 200, 404, 404),
    "body_end": (404, 403, 200, 404, 404),
    "body_take_back_end": (405, 405, 405, 405, 405),
    "seat_add": (404, 403, 200, 404, 404),
    # a secretariat that has nobody: tests/communities/test_first_install.py
    "seat_first": (404, 404, 404, 404, 404),
    "seat_edit": (404, 404, 200, 404, 404),
    "seat_end": (404, 404, 200, 404, 404),
    # nothing to confirm: tests/decisions/test_second_person.py
    "seat_confirm": (404, 404, 403, 404, 404),
    "person_list": (403, 403, 200, 200, 200),
    "person": (404, 404, 200, 404, 404),
    "invite_again": (405, 405, 405, 405, 405),
    "log": (403, 403, 200, 200, 200),
}


def address(name, house):
    """The page's address for rows of the first helsefellesskap; the applicant belongs to its lead municipality."""
    arguments = {
        "confirm_address": ["no-token"],
        "organisation": [house.lead.pk],
        "organisation_edit": [house.lead.pk],
        "organisation_end": [house.lead.pk],
        "organisation_take_back_end": [house.lead.pk],
        "affiliation_add": [house.lead.pk],
        "affiliation_edit": [house.signatory.affiliations.get().pk],
        "affiliation_end": [house.signatory.affiliations.get().pk],
        "addresses": [house.community.code],
        "body": [house.ssu.code],
        "body_edit": [house.ssu.code],
        "body_end": [house.ssu.code],
        "body_take_back_end": [house.ssu.code],
        "seat_add": [house.ssu.code],
        "seat_first": [house.far_secretariat.code],
        "seat_edit": [house.ssu.seats.get(user=house.chair).pk],
        "seat_confirm": [house.ssu.seats.get(user=house.chair).pk],
        "seat_end": [house.ssu.seats.get(user=house.chair).pk],
        "person": [house.applicant.pk],
        "invite_again": [house.applicant.pk],
    }
    return reverse(f"portal:{name}", args=arguments.get(name))


def test_matrix_has_every_address_of_the_room():
    assert {pattern.name for pattern in urlpatterns} == set(PAGES)


@pytest.mark.parametrize("name", PAGES)
def test_page_answers_each_person_as_the_matrix_says(name, house, client):
    got = {}
    for person in PERSONS:
        client.logout()
        if person != "anonymous":
            client.force_login(getattr(house, person))
        got[person] = client.get(address(name, house)).status_code
    assert got == dict(zip(PERSONS, (SIGN_IN, *PAGES[name]), strict=True))


@pytest.mark.parametrize("person", ["applicant", "member", "far_secretary", "regional_secretary"])
def test_invitation_is_not_sent_for_somebody_outside_the_secretariat(person, house, sign_in):
    answer = sign_in(getattr(house, person)).post(address("invite_again", house))
    assert answer.status_code == 404


def test_refusal_says_why(house, sign_in):
    answer = sign_in(house.applicant).get(address("organisation_edit", house))
    assert answer.status_code == 403
    assert "Bare helsefellesskapets sekretariat kan endre organisasjonen" in answer.content.decode()


def test_seat_that_has_ended_gives_nothing(house, sign_in):
    house.secretariat.seats.filter(user=house.secretary).update(to_date=factories.FROM)
    assert sign_in(house.secretary).get(reverse("portal:person_list")).status_code == 403


def test_secretary_sees_no_word_of_the_neighbour(house, sign_in):
    client = sign_in(house.far_secretary)
    pages = [client.get(reverse(f"portal:{name}")) for name in ("organisation_list", "body_list", "person_list", "log")]
    text = " ".join(page.content.decode() for page in pages)
    for word in ("Tromsø", "Senja", "Nord-Norge", "SSU Troms", "Signatory", "anne.applicant"):
        assert word not in text
    assert "Rana kommune" in text
    assert "Stein Stranger" in text


def test_person_page_shows_only_the_places_that_the_own_secretariat_gave(house, sign_in):
    factories.affiliation(house.applicant, house.far_municipality)
    page = sign_in(house.far_secretary).get(reverse("portal:person", args=[house.applicant.pk])).content.decode()
    assert "Rana kommune" in page
    assert "Tromsø kommune" not in page
