"""Meeting, projector and minutes tell nothing of a case to one with a strong tie to it who has not answered."""

import pytest
from django.urls import reverse

from evaluation.assessment.models import Habilitet
from evaluation.meetings.models import Case, Meeting
from evaluation.meetings.services import habilitet, live, minutes, resolving
from portal.communities.models import User
from tests import factories
from tests.harness import worlds
from tests.meetings import world

pytestmark = [pytest.mark.django_db, pytest.mark.fault("A2", "A3")]

SECRETS = ("450 000", "900 000", "KVERNSTEIN")


@worlds.world
def tied(house):
    """A meeting on two applications; a member signs for the lead of both, and has not been asked about them."""
    meeting, cases, at = world.list_meeting(house, 2)
    Habilitet.objects.all().delete()
    house.recused_member.affiliations.update(may_sign=False)
    meeting = world.opened(house, meeting, at, *world.everybody(house))
    return meeting, [Case.objects.get(pk=case.pk) for case in cases], at


@pytest.fixture
def told(sign_in):
    """Which of the secrets a page of the meetings tells the person."""
    return lambda person, name, pk: _told(sign_in(person), name, pk)


def _told(client, name, pk):
    page = client.get(reverse(f"meetings:{name}", args=[pk])).content.decode().replace("\N{NO-BREAK SPACE}", " ")
    return [secret for secret in SECRETS if secret in page]


@pytest.fixture
def in_hand(house, tied, frozen_clock):
    """The first case is on the screens when the member gets the right to sign."""
    meeting, cases, at = tied
    frozen_clock.move_to(at)
    house.recused_member.affiliations.update(may_sign=True)
    return Meeting.objects.get(pk=meeting.pk), cases, at


def test_the_room_and_the_wall_show_no_proposal_before_the_answer(house, in_hand, sign_in, told):
    meeting, cases, at = in_hand
    for name in ("room", "projector", "screen"):
        assert told(house.member, name, meeting.pk) == ["450 000"], name
        assert told(house.recused_member, name, meeting.pk) == [], name
    page = sign_in(house.recused_member).get(reverse("meetings:room", args=[meeting.pk])).content.decode()
    assert "Svar på om du er habil i denne saken" in page
    assert reverse("meetings:raise_habilitet", args=[cases[0].pk]) in page
    question = habilitet.answer_habil(cases[0], by=house.recused_member, at=at)
    assert told(house.recused_member, "room", meeting.pk) == []
    words = {"is_recused": False, "reason": "Ikke denne."}
    habilitet.decide_question(cases[0], question, **words, by=house.chair, at=at)
    assert told(house.recused_member, "room", meeting.pk) == ["450 000"]


def test_the_allocation_on_the_screens_is_without_the_closed_lines(house, in_hand, told):
    meeting, cases, at = in_hand
    house.recused_member.affiliations.update(may_sign=False)
    for case in cases[:2]:
        live.go_to(meeting, case, by=house.chair, at=at)
        resolving.adopt_as_proposed(Case.objects.get(pk=case.pk), by=house.chair, at=at)
    live.go_to(meeting, cases[2], by=house.chair, at=at)
    house.recused_member.affiliations.update(may_sign=True)
    for name in ("room", "projector"):
        assert told(house.member, name, meeting.pk) == ["450 000", "900 000"], name
        assert told(house.recused_member, name, meeting.pk) == [], name


def test_minutes_and_their_files_are_closed_until_the_letter(house, in_hand, sign_in, told):
    meeting, cases, at = in_hand
    house.recused_member.affiliations.update(may_sign=False)
    for case in cases:
        live.go_to(meeting, case, by=house.chair, at=at)
        resolving.adopt_as_proposed(Case.objects.get(pk=case.pk), by=house.chair, at=at)
    live.close_meeting(Meeting.objects.get(pk=meeting.pk), by=house.chair, at=at)
    record = Meeting.objects.get(pk=meeting.pk).minutes
    minutes.write_remarks(record, texts={"remarks": "Om KVERNSTEIN."}, by=house.secretary, at=at)
    house.recused_member.affiliations.update(may_sign=True)
    assert told(house.member, "minutes", meeting.pk) == list(SECRETS)
    assert told(house.recused_member, "minutes", meeting.pk) == []
    minutes.adopt(record, by=house.secretary, at=at)
    files = [reverse("meetings:minutes_pdf", args=[meeting.pk])]
    files += [reverse("meetings:extract_pdf", args=[case.pk]) for case in cases]
    assert [sign_in(house.recused_member).get(file).status_code for file in files] == [403] * 4
    assert told(house.recused_member, "minutes", meeting.pk) == []
    assert [sign_in(house.member).get(file).status_code for file in files] == [302, 200, 200, 200]


def test_an_officer_with_any_tie_leads_and_writes_nothing_before_the_answer(house, in_hand, sign_in, told):
    meeting, cases, at = in_hand
    house.recused_member.affiliations.update(may_sign=False)
    factories.affiliation(house.secretary, house.lead)
    client = sign_in(house.secretary)
    page = client.get(reverse("meetings:room", args=[meeting.pk])).content.decode()
    assert "leder saken til du har svart på om du er habil" in page
    assert told(house.secretary, "room", meeting.pk) == []
    agenda = client.get(reverse("meetings:agenda", args=[meeting.pk]))
    assert agenda.context["closed"] == {case.pk for case in cases[:2]}
    by = User.objects.get(pk=house.secretary.pk)
    left = resolving.postpone_rest(meeting, reason="Tid.", by=by, at=at)
    assert (left.done, [case.pk for case in left.left]) == (0, [case.pk for case in cases])
