"""A case that is out for comments, and its meeting is cancelled: those asked are told, and the comments go with it."""

from datetime import timedelta

import pytest

from evaluation.comments.models import Comment, CommentRound
from evaluation.meetings.services import cancelling, planning
from portal.mail.models import Message
from tests.comments import world
from tests.meetings import world as meetings

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


@pytest.fixture
def cancelled(house, now):
    of_round = world.out(house, now)
    world.written(house, of_round, now)
    Message.objects.all().delete()
    cancelling.cancel(of_round.case.meeting, reason="For få kan møte.", by=house.secretary, at=now)
    return CommentRound.objects.get()


def told(kind):
    return set(Message.objects.filter(kind=kind).values_list("recipient", flat=True))


def test_those_asked_are_told_and_the_page_says_that_it_waits(house, cancelled, sign_in):
    assert {house.co_applicant.email, house.fsu_leader.email} <= told("comments_cancelled")
    assert "For få kan møte." in Message.objects.first().body_text
    for person in (house.co_applicant, house.secretary):
        page = sign_in(person).get(cancelled.get_absolute_url()).text
        assert "venter på et nytt møte: 1 av 2 har svart" in page
        assert ("Møtet er avlyst, saken venter" in page, "Til innspill" in page) == (True, False)


def test_the_comments_go_with_the_case_and_those_asked_can_write_on(house, cancelled, now, sign_in):
    other = meetings.planned(house, now + timedelta(days=30))
    again = planning.take_up_again(cancelled.case, other, by=house.secretary, at=now)
    assert CommentRound.objects.get().case == again
    assert "Grensen på 500 000 kroner" in sign_in(house.secretary).get(again.get_absolute_url()).text
    assert told("comments_taken_up") == told("comments_cancelled")
    said = Message.objects.filter(kind="comments_taken_up").first().body_text
    assert f"er nå sak {again.reference}" in said
    world.written(house, CommentRound.objects.get(), now, text="Nå er den riktig.", seen=Comment.objects.get().pk)


def test_after_the_date_nobody_is_told_that_one_can_write(house, cancelled, now):
    other = meetings.planned(house, now + timedelta(days=30))
    planning.take_up_again(cancelled.case, other, by=house.secretary, at=now + timedelta(days=5))
    assert told("comments_taken_up") == set()


def test_a_comment_that_is_sent_twice_is_one(house, now):
    of_round = world.out(house, now)
    first = world.written(house, of_round, now)
    assert world.written(house, of_round, now) == first
