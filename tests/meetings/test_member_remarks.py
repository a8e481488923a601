"""The draft of the minutes is sent to be read, and members say what is wrong in it, until the date."""

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from evaluation.assessment.habilitet import Ground
from evaluation.meetings.models import MemberRemark, Minutes
from evaluation.meetings.services import habilitet, live, member_remarks, minutes, resolving
from evaluation.meetings.services.locking import MeetingError
from portal.clock import local_date
from portal.journal import services as journal
from portal.journal.models import LogEntry
from portal.mail.models import Message
from tests import world as base
from tests.harness import images
from tests.harness.interleaving import MOMENTS, interleave
from tests.meetings import world
from tests.world import NOW

pytestmark = pytest.mark.django_db
on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")


def held(home, at):
    """A meeting that is closed, with one case resolved; its minutes."""
    meeting, case = world.in_session(home, at)
    resolving.adopt_as_proposed(case, by=home.chair, at=at)
    return live.close_meeting(meeting, by=home.chair, at=at)


def send(record, home, at, days=7):
    until = local_date(at) + timedelta(days=days)
    return member_remarks.send_for_remarks(record, until=until, by=home.secretary, at=at)


def refused(act, *args, **kwargs):
    with pytest.raises(MeetingError) as refusal:
        act(*args, **kwargs)
    return str(refusal.value)


@pytest.fixture
def record(house, now):
    return held(house, now)


def test_everybody_on_the_roll_is_told_and_no_case_is_named(house, now, record):
    send(record, house, now)
    mails = Message.objects.filter(kind="minutes_sent")
    assert {mail.recipient for mail in mails} >= {person.email for person in world.everybody(house)}
    mail = mails.first()
    assert reverse("meetings:minutes", args=[record.meeting_id]) in mail.body_text
    assert "retningslinje" not in mail.body_text.lower()
    assert LogEntry.objects.filter(act="minutes.sent").count() == 1
    send(record, house, now + timedelta(hours=1), days=9)
    assert Minutes.objects.get().remarks_until == local_date(now) + timedelta(days=9)


def test_it_is_not_sent_before_the_meeting_is_closed_nor_with_a_date_that_has_passed(house, now):
    meeting, case = world.in_session(house, now)
    record = Minutes.objects.create(meeting=meeting)
    assert "Møtet må heves" in refused(send, record, house, now)
    resolving.adopt_as_proposed(case, by=house.chair, at=now)
    live.close_meeting(meeting, by=house.chair, at=now)
    assert "Fristen må være i dag" in refused(send, record, house, now, days=-1)
    minutes.adopt(record, by=house.chair, at=now)
    assert "Protokollen er godkjent" in refused(send, record, house, now)


def test_a_member_says_what_is_wrong_until_the_end_of_the_date(house, now, record):
    words = {"text": "Jeg kom kl. 10.15.", "by": house.member}
    assert "ikke sendt til gjennomlesing" in refused(member_remarks.tell_remark, record, **words, at=now)
    send(record, house, now)
    for _press in (1, 2):
        member_remarks.tell_remark(record, **words, at=now + timedelta(days=7))
    assert MemberRemark.objects.count() == 1
    late = refused(member_remarks.tell_remark, record, **words, at=now + timedelta(days=8))
    assert late.startswith("Fristen for merknader gikk ut")
    outside = {"text": "Hei.", "by": house.secretary}
    assert "Bare de som har plass i utvalget" in refused(member_remarks.tell_remark, record, **outside, at=now)
    minutes.adopt(record, by=house.chair, at=now)
    assert "Protokollen er godkjent" in refused(member_remarks.tell_remark, record, **words, at=now)
    # What members say is no part of what is adopted.
    assert "10.15" not in str(Minutes.objects.get().snapshot)


def test_the_pages_send_it_take_a_remark_and_show_it_to_who_adopts(house, now, record, sign_in, frozen_clock):
    frozen_clock.move_to(now)
    key = [record.meeting_id]
    page, sends, tells = (reverse(f"meetings:{name}", args=key) for name in ("minutes", "send_minutes", "tell_remark"))
    secretary = sign_in(house.secretary)
    assert "Protokollen er ikke sendt til gjennomlesing." in secretary.get(page).text
    assert secretary.get(tells).status_code == 403
    until = secretary.get(sends).context["form"]["until"].value()
    secretary.post(sends, {"until": f"{until:%d.%m.%Y}"})
    member = sign_in(house.member)
    assert ('id="tell-remark"' in member.get(page).text, member.get(sends).status_code) == (True, 403)
    assert member.post(tells, {"text": ""}).status_code == 422
    told = member.post(tells, {"text": "Navnet mitt er feil."}, follow=True).text
    assert "Merknaden er sendt til dem som godkjenner protokollen." in told
    people = (house.secretary, house.chair, house.vice_chair, house.member, house.recused_member)
    shown = ["Navnet mitt er feil." in sign_in(person).get(page).text for person in people]
    assert shown == [True, True, True, True, False]


def test_who_a_case_is_closed_to_reads_only_the_own_remarks(house, sign_in, frozen_clock):
    meeting, cases, at = world.list_meeting(house, 1)
    frozen_clock.move_to(at)
    meeting = world.opened(house, meeting, at, *world.everybody(house))
    chair = world.line(meeting, house.chair)
    habilitet.raise_question(cases[0], chair, ground=Ground.OTHER, explanation="Slekt.", by=house.chair, at=at)
    resolving.postpone_rest(meeting, reason="Tiden var ute.", by=house.secretary, at=at)
    record = live.close_meeting(meeting, by=house.secretary, at=at)
    send(record, house, at)
    member_remarks.tell_remark(record, text="Beløpet i saken er feil.", by=house.member, at=at)
    page = reverse("meetings:minutes", args=[meeting.pk])
    shown = ["Beløpet i saken er feil." in sign_in(person).get(page).text for person in (house.chair, house.secretary)]
    assert shown == [False, True]


class Sent:
    """Minutes that are sent to be read, with what can be done at one time."""

    def __init__(self):
        self.house = base.house()
        self.record = held(self.house, NOW)
        send(self.record, self.house, NOW)

    def tell(self):
        member_remarks.tell_remark(self.record, text="Feil navn.", by=self.house.member, at=NOW)

    def adopt(self):
        minutes.adopt(self.record, by=self.house.chair, at=NOW)


@pytest.mark.slow
@on_postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_remark_comes_before_the_adoption_or_is_told_that_it_is_too_late(moment):
    setting = images.world("minutes that are sent", Sent)
    assert interleave(setting.adopt, setting.tell, moment) == ("done", "MeetingError")
    assert (MemberRemark.objects.count(), journal.verify()) == (0, None)
