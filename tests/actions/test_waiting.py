"""What waits on the front page, what the pages of a meeting say, and whom the reminders reach."""

from datetime import timedelta

import pytest
from django.urls import reverse

from evaluation.actions import reminders, services, waiting
from evaluation.actions.models import CaseReview, OwnerKind, State
from evaluation.actions.queries import visible_items
from evaluation.actions.queries.owners import Owner
from portal.clock import local_date
from portal.communities.queries import standing_on
from portal.mail.models import Message
from portal.reminders import services as engine
from tests.actions import world
from tests.actions.test_services import recuse

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


def titles(build, person, now):
    return [task.title for task in build(person, now)]


def test_the_secretariat_goes_through_the_minutes_once(house, now, meeting, case, sign_in):
    (task,) = waiting.minutes(house.secretary, now)
    assert task.url == reverse("actions:go_through", args=[meeting.pk])
    assert waiting.minutes(house.chair, now) == []
    assert waiting.minutes(house.far_secretary, now) == []
    page = sign_in(house.secretary).get(reverse("meetings:minutes", args=[meeting.pk])).text
    assert "Gå gjennom punktene" in page
    assert "Gå gjennom punktene" not in sign_in(house.chair).get(reverse("meetings:minutes", args=[meeting.pk])).text
    services.go_through(meeting, [case.pk], [], by=house.secretary, at=now)
    assert waiting.minutes(house.secretary, now) == []
    assert "Gå gjennom punktene" not in sign_in(house.secretary).get(task.url).text


def test_minutes_of_long_ago_wait_no_more(house, now, meeting):
    assert meeting.pk
    assert waiting.minutes(house.secretary, now + timedelta(days=179))
    assert waiting.minutes(house.secretary, now + timedelta(days=181)) == []


@pytest.mark.requirement("R133")
def test_an_item_waits_for_its_owner_when_it_is_soon_due_or_late(house, now, case):
    owners = {
        "secretary": Owner(OwnerKind.SECRETARIAT),
        "partner_signatory": world.own(OwnerKind.ORGANISATION, house.partner),
        "fsu_leader": world.own(OwnerKind.BODY, house.fsu),
        "member": world.own(OwnerKind.PERSON, house.member),
    }
    for owner in owners.values():
        world.item(house, case, now, owner, 31, text="Senere.")
        world.item(house, case, now, owner, None, text="Uten frist.")
        done = world.item(house, case, now, owner, 1, text="Ferdig.")
        services.settle(done, State.DONE, "Gjort.", seen=None, by=house.secretary, at=now)
        world.item(house, case, now, owner, 30, text="Snart.")
        world.item(house, case, now, owner, -1, text="Sen.")
    for role in owners:
        said = titles(waiting.items, getattr(house, role), now)
        assert said == ["Følg opp sak 1/25: Sen.", "Følg opp sak 1/25: Snart."], role
    for role in ("chair", "far_secretary", "nobody", "stranger"):
        assert titles(waiting.items, getattr(house, role), now) == [], role
    recuse(house.member, case, now)
    assert titles(waiting.items, house.member, now) == []


@pytest.mark.parametrize(("count", "queries"), [(0, 2), (1, 4), (3, 4)])
def test_what_waits_costs_as_much_whatever_there_is(house, now, case, count, queries, django_assert_num_queries):
    if not count:
        CaseReview.objects.create(case=case, reviewed_by=house.secretary, reviewed_at=now)
    for _number in range(count):
        world.item(house, case, now, days=3)
    with django_assert_num_queries(queries):
        waiting.items(house.secretary, now)
        waiting.minutes(house.secretary, now)


def test_the_agenda_says_how_much_is_open_and_late(house, now, meeting, case, sign_in):
    agenda = reverse("meetings:agenda", args=[meeting.pk])
    assert "Oppfølging av vedtak: ingen åpne" in sign_in(house.member).get(agenda).text
    for days in (-1, 5, None):
        world.item(house, case, now, days=days)
    page = sign_in(house.member).get(agenda).text
    assert "Oppfølging av vedtak: 3 åpne, 1 over fristen" in page
    assert reverse("actions:list", args=[house.ssu.code]) in page
    recuse(house.member, case, now)
    assert "Oppfølging av vedtak: ingen åpne" in sign_in(house.member).get(agenda).text


# --- reminders --------------------------------------------------------------------------------------------


def reached(today):
    return sorted(address for item in reminders.items(today) for address in item.recipients)


def test_whom_each_owner_reaches(house, now, case):
    today = local_date(now)
    reaches = (
        (Owner(OwnerKind.SECRETARIAT), (house.secretary, house.hospital_secretary)),
        (Owner(OwnerKind.ROLE, role="Lederne"), (house.secretary, house.hospital_secretary)),
        (world.own(OwnerKind.PERSON, house.member), (house.member,)),
        (world.own(OwnerKind.BODY, house.fsu), (house.fsu_leader,)),
        (world.own(OwnerKind.ORGANISATION, house.partner), (house.co_applicant, house.partner_signatory)),
    )
    for owner, people in reaches:
        item = world.item(house, case, now, owner, 14)
        assert reached(today) == sorted(person.email for person in people), owner
        services.settle(item, State.DONE, "Gjort.", seen=None, by=house.secretary, at=now)
        assert reached(today) == []


@pytest.mark.parametrize("kind", [OwnerKind.PERSON, OwnerKind.BODY, OwnerKind.ORGANISATION])
def test_the_secretariat_is_reminded_of_what_nobody_is_left_to_do(kind, house, now, case):
    owner = {OwnerKind.PERSON: house.member, OwnerKind.BODY: house.fsu, OwnerKind.ORGANISATION: house.partner}[kind]
    item = world.item(house, case, now, world.own(kind, owner), 14)
    today = local_date(now)
    for terms in (house.member.seats, house.fsu.seats, house.partner.affiliations):
        terms.update(to_date=today)
    assert house.secretary.email not in reached(today)
    for terms in (house.member.seats, house.fsu.seats, house.partner.affiliations):
        terms.update(to_date=today - timedelta(days=1))
    assert reached(today) == sorted([house.secretary.email, house.hospital_secretary.email])
    assert not visible_items(standing_on(house.member, today)).filter(pk=item.pk).exists()
    assert titles(waiting.items, house.member, now) == []


def test_nobody_is_reminded_of_what_is_closed_to_them(house, now, case):
    world.item(house, case, now, days=14)
    recuse(house.secretary, case, now)
    assert reached(local_date(now)) == [house.hospital_secretary.email]


@pytest.mark.parametrize(("days", "count"), [(15, 0), (14, 1), (3, 1), (0, 1), (-1, 1), (-40, 0)])
def test_two_weeks_before_and_the_day_after(days, count, house, now, case):
    world.item(house, case, now, world.own(OwnerKind.PERSON, house.member), days)
    assert engine.remind(now) == count
    assert engine.remind(now) == 0


def test_the_mail_says_what_was_asked_for_and_where_to_answer(house, now, case, sign_in):
    owner = world.own(OwnerKind.PERSON, house.member)
    item = world.item(house, case, now, owner, 14, text="SSU ber Mona legge frem en sak.")
    engine.remind(now)
    mail = Message.objects.get(kind="reminder_follow_up")
    assert mail.recipient == house.member.email
    assert "Oppfølging av sak 1/25" in mail.title
    assert "SSU ber Mona legge frem en sak." in mail.body_text
    assert "Fristen er 24.02.2025" in mail.body_text
    assert item.get_absolute_url() in mail.body_text
    engine.remind(now + timedelta(days=15))
    late = Message.objects.filter(kind="reminder_follow_up").latest("pk")
    assert "Over fristen" in late.title
    assert "Fristen var 24.02.2025" in late.body_text
    world.item(house, case, now, owner, 14)
    world.item(house, case, now, owner, 14)
    engine.remind(now)
    assert Message.objects.filter(kind="reminder_follow_up").latest("pk").title.startswith("2 vedtak å følge opp")
