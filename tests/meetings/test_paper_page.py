"""What the pages of a case and of a meeting say before and after, each thing once."""

import pytest
from django.urls import reverse

from evaluation.meetings.papers import terms
from evaluation.meetings.services import live, planning, resolving
from tests.meetings import world
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]
FACTS = "Søknad: Prosjekt 1 (ABC)\nSøkt beløp: 450 000 kr\nSammendrag: Vi vil mer.\nDet står: i planen."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            FACTS,
            (
                ("Søknad", "Prosjekt 1 (ABC)"),
                ("Søkt beløp", "450 000 kr"),
                ("Sammendrag", "Vi vil mer."),
                ("Det står", "i planen."),
            ),
        ),
        ("Søkt: 1 kr\nMer om det.\nRamme: 2 kr", (("Søkt", "1 kr\nMer om det."), ("Ramme", "2 kr"))),
        ("SSU møttes i mai.\nRamme: 2 kr", ()),
        ("Vi skriver: mye.", ()),
        ("", ()),
    ],
)
def test_facts_on_lines_of_their_own_are_a_list_of_terms(text, said):
    assert terms(text) == said


def test_a_paper_lists_its_facts_by_term(house, sign_in):
    meeting, cases, at = world.list_meeting(house, 1)
    world.opened(house, meeting, at)
    page = sign_in(house.secretary).get(reverse("meetings:case", args=[cases[0].pk])).text
    assert "<dt>Ansvarlig søker</dt><dd>Tromsø kommune</dd>" in page


def test_a_case_that_ended_as_proposed_says_so_and_tells_the_text_once(house, sign_in):
    _meeting, case = world.in_session(house, NOW)
    client, url = sign_in(house.member), reverse("meetings:case", args=[case.pk])
    before = client.get(url).text
    assert ("Forslag til vedtak" in before, "I samsvar med forslaget." in before) == (True, False)
    resolving.adopt_as_proposed(case, by=house.chair, at=NOW)
    after = client.get(url).text
    assert ("Forslag til vedtak" in after, "I samsvar med forslaget." in after) == (False, True)
    assert after.count("SSU godkjenner retningslinjene.") == 1


def test_a_case_that_is_postponed_says_it_above_the_text(house, sign_in):
    _meeting, case = world.in_session(house, NOW)
    resolving.postpone(case, reason="Utsatt til mai.", by=house.chair, at=NOW)
    page = sign_in(house.member).get(reverse("meetings:case", args=[case.pk])).text
    assert ("<h2>Utsatt</h2>" in page, "Forslag til vedtak" in page) == (True, True)


def test_the_agenda_has_a_column_of_states_when_a_case_has_one(house, sign_in):
    meeting, case = world.in_session(house, NOW)
    client, url = sign_in(house.chair), reverse("meetings:agenda", args=[meeting.pk])
    assert '<th scope="col">Status</th>' not in client.get(url).text
    resolving.postpone(case, reason="Utsatt.", by=house.chair, at=NOW)
    assert '<th scope="col">Status</th>' in client.get(url).text


def test_before_its_day_the_room_counts_nobody_but_tells_who_does_not_come(house, sign_in, frozen_clock):
    meeting = world.planned(house, NOW)
    world.own_case(house, meeting, NOW)
    planning.call(meeting, by=house.secretary, at=NOW)
    live.apologise(world.line(meeting, house.member), by=house.member, at=NOW)
    client = sign_in(house.chair)
    page = client.get(meeting.get_absolute_url()).text
    assert ("edtaksført" in page, "Innkalt til møtet" in page, "1 forfall" in page) == (False, True, True)
    frozen_clock.move_to(meeting.starts_at)
    page = sign_in(house.chair).get(meeting.get_absolute_url()).text
    assert ("Ikke vedtaksført" in page, "Innkalt til møtet" in page) == (True, False)


def test_a_settled_case_names_the_next_one_to_the_chair(house, sign_in):
    meeting, case = world.in_session(house, NOW)
    world.own_case(house, meeting, NOW, title="Rutine for hospitering")
    resolving.adopt_as_proposed(case, by=house.chair, at=NOW)
    assert "Neste sak: Rutine for hospitering" in sign_in(house.chair).get(meeting.get_absolute_url()).text
