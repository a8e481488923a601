"""All papers of a meeting as one document, as each reader may read them."""

import io

import pytest
from django.urls import reverse
from pypdf import PdfReader

from evaluation.assessment.habilitet import Ground
from evaluation.meetings.services import habilitet, live, minutes, planning, resolving
from tests.meetings import world

pytestmark = pytest.mark.django_db


def papers(client, meeting):
    answer = client.get(reverse("meetings:papers_pdf", args=[meeting.pk]))
    assert answer["Content-Type"] == "application/pdf"
    return PdfReader(io.BytesIO(answer.content))


def text_of(document):
    return " ".join(" ".join(page.extract_text().split()) for page in document.pages)


def bookmarks(outline):
    return [item.title for item in outline if not isinstance(item, list)]


@pytest.fixture
def meeting(house, now):
    """A meeting that is called, with two cases of its own."""
    meeting = world.planned(house, now)
    for number in (1, 2):
        world.own_case(house, meeting, now, f"Sak om {number}", proposal=f"1. SSU godkjenner punkt {number}.")
    planning.call(meeting, by=house.secretary, at=now)
    return meeting


def test_every_paper_has_a_bookmark_and_the_pages_one_row_of_numbers(house, now, meeting, sign_in, frozen_clock):
    frozen_clock.move_to(now)
    document = papers(sign_in(house.member), meeting)
    titles = bookmarks(document.outline)
    assert titles[0].startswith("Møtepapirer: ")
    assert titles[1:] == ["Sak 1/25 Sak om 1", "Sak 2/25 Sak om 2"]
    assert [document.get_destination_page_number(item) for item in document.outline if hasattr(item, "title")] == [
        0,
        1,
        2,
    ]
    text = text_of(document)
    for number in (1, 2):
        assert f"SSU godkjenner punkt {number}." in text
    assert [f"Side {number} av 3" in page.extract_text() for number, page in enumerate(document.pages, 1)] == [True] * 3


def test_what_is_closed_to_the_reader_is_named_and_not_there(house, now, meeting, sign_in, frozen_clock):
    frozen_clock.move_to(now)
    case = meeting.cases.get(number=1)
    recused = world.line(meeting, house.recused_member)
    habilitet.raise_question(case, recused, ground=Ground.OTHER, explanation="Slekt.", by=house.secretary, at=now)
    text = text_of(papers(sign_in(house.recused_member), meeting))
    assert ("Stengt for deg" in text, "godkjenner punkt 1." in text, "godkjenner punkt 2." in text) == (
        True,
        False,
        True,
    )
    assert "godkjenner punkt 1." in text_of(papers(sign_in(house.member), meeting))


def test_the_applications_follow_their_cases(house, sign_in, frozen_clock):
    meeting, cases, at = world.list_meeting(house, 1)
    frozen_clock.move_to(at)
    document = papers(sign_in(house.secretary), meeting)
    assert f"Til sak {cases[0].reference}: Prosjekt 1" in bookmarks(document.outline)
    assert bookmarks(document.outline)[-1].startswith(f"Sak {cases[-1].reference} Samlet fordeling")


def test_nobody_else_gets_it_and_members_not_before_they_are_called(house, now, sign_in, frozen_clock):
    frozen_clock.move_to(now)
    meeting = world.planned(house, now)
    world.own_case(house, meeting, now)
    address = reverse("meetings:papers_pdf", args=[meeting.pk])
    assert [sign_in(person).get(address).status_code for person in (house.member, house.stranger)] == [404, 404]
    assert (
        "Alle papirene i ett dokument"
        in sign_in(house.secretary).get(reverse("meetings:agenda", args=[meeting.pk])).text
    )


def test_the_page_of_a_case_leads_to_its_extract_when_the_minutes_are_adopted(house, now, sign_in, frozen_clock):
    frozen_clock.move_to(now)
    meeting, case = world.in_session(house, now)
    resolving.adopt_as_proposed(case, by=house.chair, at=now)
    record = live.close_meeting(meeting, by=house.chair, at=now)
    client, page = sign_in(house.member), reverse("meetings:case", args=[case.pk])
    extract = reverse("meetings:extract_pdf", args=[case.pk])
    assert extract not in client.get(page).text
    minutes.adopt(record, by=house.chair, at=now)
    assert extract in client.get(page).text
    text = text_of(PdfReader(io.BytesIO(client.get(extract).content)))
    assert ("Særutskrift av protokoll" in text, f"Sak {case.reference}" in text) == (True, True)
