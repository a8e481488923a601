"""Which cases a case builds on, which build on it, and the resolution that asked for it (R127)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from evaluation.actions import services as following_up
from evaluation.actions.models import OwnerKind
from evaluation.actions.queries.owners import Owner
from evaluation.meetings.models import Case, Meeting
from evaluation.meetings.queries.minutes import minutes_content
from evaluation.meetings.queries.related import cases_to_name, named_from, related_to
from evaluation.meetings.services import live, minutes, planning, relating, resolving
from evaluation.meetings.services.locking import MeetingError
from portal.communities.queries import standing_at
from portal.journal.models import LogEntry
from tests.harness import worlds
from tests.meetings import world
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]
LATER = timedelta(days=30)


def url(name, case):
    return reverse(f"meetings:{name}", args=[case.pk])


@worlds.world
def three(house, now):
    """A case of SSU, one of an FSU that SSU has appointed, and then one of SSU in a later meeting; all are called."""
    made = []
    fsu = house.ssu.appoints.first()
    for body, days, title in (
        (house.ssu, 0, "Retningslinjer"),
        (fsu, 1, "Innspill fra FSU"),
        (house.ssu, 30, "Bruk av midlene"),
    ):
        meeting = world.planned(house, now + timedelta(days=days), body)
        made.append(world.own_case(house, meeting, now, title=title))
        planning.call(meeting, by=house.secretary, at=now)
    return made


@pytest.mark.requirement("R127")
def test_a_case_is_found_by_number_or_title_and_linked_in_both_directions(house, three, sign_in, monkeypatch):
    first, of_fsu, later = three
    client = sign_in(house.secretary)
    assert url("earlier", later) in client.get(url("case", later)).text
    page = client.get(url("earlier", later)).text
    assert [title in page for title in (first.title, of_fsu.title)] == [True, True]
    by_number = client.get(url("earlier", later), {"q": first.reference.replace("/", ".")}).text
    by_title = client.get(url("earlier", later), {"q": "innspill"}).text
    assert (first.title in by_number, first.title in by_title, of_fsu.title in by_title) == (True, False, True)
    for case in (first, of_fsu):
        client.post(url("earlier", later), {"case": case.pk})
    named = f"{of_fsu.body.abbreviation} {of_fsu.reference}"
    assert named_from(later, of_fsu) == named

    # A member of SSU reads SSU's cases, and of the FSU's the number alone.
    reader = sign_in(house.member)
    page = reader.get(url("case", later)).text
    assert (f'href="{first.get_absolute_url()}"' in page, f"Sak {named}" in page) == (True, True)
    assert (of_fsu.title in page, url("earlier", later) in page) == (False, False)
    back = reader.get(url("case", first)).text
    assert ("Følges opp i" in back, f'href="{later.get_absolute_url()}"' in back) == (True, True)
    drawn = []
    monkeypatch.setattr("portal.pdf.render", lambda _template, context, **_: drawn.append(context["related"]) or b"")
    reader.get(url("paper_pdf", later))
    assert [(one.reference, bool(one.case)) for one in drawn[0].earlier] == [(first.reference, True), (named, False)]
    content = minutes_content(Meeting.objects.get(pk=later.meeting_id), "")
    assert content["cases"][0]["follows"] == f"{first.reference}, {named}"

    client = sign_in(house.secretary)
    client.post(url("leave_out_earlier", later), {"case": of_fsu.pk})
    assert list(later.earlier.all()) == [first]
    entries = LogEntry.objects.filter(act__startswith="case.earlier").order_by("pk")
    assert [entry.act for entry in entries] == ["case.earlier_named"] * 2 + ["case.earlier_left_out"]


def test_what_follows_in_a_closed_case_is_told_to_nobody_who_is_out_of_it(house, three):
    first, _of_fsu, later = three
    relating.name_earlier(later, first, by=house.secretary, at=NOW)
    standing = standing_at(house.far_secretary, NOW)
    assert related_to(first, standing).following == []
    assert [one.case for one in related_to(later, standing).earlier] == [None]


def test_only_earlier_cases_of_the_bodies_own_line_can_be_named(house, three, sign_in):
    first, of_fsu, later = three
    far = world.own_case(house, world.planned(house, NOW, house.ssu), NOW, title="I samme møte")
    other = planning.plan(house.far_ssu, starts_at=NOW, location="Der", by=house.far_secretary, at=NOW)
    elsewhere = planning.add_case(other, kind="decision", title="Et annet sted", by=house.far_secretary, at=NOW)
    names = set(cases_to_name(later, house.secretary, now=NOW).values_list("title", flat=True))
    assert names == {first.title, of_fsu.title, far.title}
    assert set(cases_to_name(first, house.secretary, now=NOW)) == set()
    for case in (elsewhere, later):
        with pytest.raises(MeetingError, match="kan ikke velges her"):
            relating.name_earlier(later, case, by=house.secretary, at=NOW)
    client = sign_in(house.secretary)
    assert client.post(url("earlier", later), {"case": elsewhere.pk}).status_code == 302
    assert client.post(url("leave_out_earlier", later), {"case": first.pk}).status_code == 302
    relating.leave_out_earlier(later, first, by=house.secretary, at=NOW)
    assert (later.earlier.count(), LogEntry.objects.filter(act__startswith="case.earlier").count()) == (0, 0)
    for name in ("earlier", "leave_out_earlier"):
        assert sign_in(house.member).post(url(name, later), {"case": first.pk}).status_code == 403


def test_a_case_taken_up_again_builds_on_the_same_cases_and_on_itself(house, three, sign_in):
    first, _of_fsu, later = three
    relating.name_earlier(later, first, by=house.secretary, at=NOW)
    meeting = world.opened(house, later.meeting, later.meeting.starts_at, *world.everybody(house))
    resolving.postpone(later, reason="Mer tid.", by=house.chair, at=meeting.opened_at)
    with pytest.raises(MeetingError, match="er avgjort"):
        relating.leave_out_earlier(later, first, by=house.secretary, at=meeting.opened_at)
    again = planning.take_up_again(
        Case.objects.get(pk=later.pk), world.planned(house, NOW + 2 * LATER), by=house.secretary, at=meeting.opened_at
    )
    page = sign_in(house.secretary).get(url("case", again)).text
    assert (f"{first.reference} {first.title}" in page, f"{later.reference} {later.title}" in page) == (True, True)
    back = sign_in(house.secretary).get(url("case", later)).text
    assert ("Følges opp i" in back, url("earlier", later) in back) == (True, False)


def test_a_new_case_can_be_put_up_with_the_cases_that_it_builds_on(house, three):
    meeting = world.planned(house, NOW + LATER)
    case = planning.add_case(meeting, kind="decision", title="Ny", earlier=three[:2], by=house.secretary, at=NOW)
    assert set(case.earlier.all()) == set(three[:2])


@pytest.mark.requirement("R127")
@pytest.mark.parametrize(("point", "said"), [("4", "sak 1/25, punkt 4"), ("", "sak 1/25")])
def test_the_resolution_that_asked_for_a_case_is_told_from_the_follow_up_list(house, point, said, sign_in, monkeypatch):
    meeting, case = world.in_session(house, NOW)
    resolving.adopt_as_proposed(case, by=house.chair, at=NOW)
    minutes.adopt(live.close_meeting(meeting, by=house.chair, at=NOW), by=house.chair, at=NOW)
    new = following_up.NewItem(case.pk, point, "Legge frem forslag.", Owner(OwnerKind.SECRETARIAT), None)
    item = following_up.add(case, new, by=house.secretary, at=NOW)
    again = world.own_case(house, world.planned(house, NOW + LATER), NOW, title="Bruk av midlene")
    client = sign_in(house.secretary)
    assert "Bestilt i" not in client.get(url("case", again)).text
    following_up.mend(item, {"returns_in": again}, by=house.secretary, at=NOW)
    page = client.get(url("case", again)).text
    assert f'Bestilt i <a class="ds-link" href="{item.get_absolute_url()}">{said}</a>.' in page
    drawn = []
    monkeypatch.setattr("portal.pdf.render", lambda _template, context, **_: drawn.append(context["asked_for"]) or b"")
    client.get(url("paper_pdf", again))
    assert [one.said for one in drawn[0]] == [said]
