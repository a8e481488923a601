"""The pages: who gets which answer, what the screens ask, and how many queries it takes."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evaluation.assessment.models import Habilitet
from evaluation.meetings.models import Attendance, Ballot, Case, Meeting, Resolution
from evaluation.meetings.services import balloting, habilitet, live, planning, resolving
from evaluation.meetings.services.locking import MeetingError
from portal.clock import at_local, local_date
from portal.jobs.services import run_all_due
from tests.habilitet import decide_about
from tests.harness import worlds
from tests.meetings import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

ROLES = ("secretary", "chair", "member", "deputy", "recused_member", "user_member", "far_secretary", "applicant")


def address(name, *args):
    return reverse(f"meetings:{name}", args=args)


def answers(house, client, url, method="get"):
    """The status each role gets."""
    statuses = []
    for role in ROLES:
        client.force_login(getattr(house, role))
        statuses.append(getattr(client, method)(url).status_code)
    return statuses


@worlds.world
def session(house, now):
    """A meeting going on with one case, and a member that the body has found inhabil in it."""
    meeting, case = world.in_session(house, now)
    question = habilitet.raise_question(
        case, world.line(meeting, house.recused_member), ground="other", explanation="Nær.", by=house.chair, at=now
    )
    habilitet.decide_question(case, question, is_recused=True, reason="Tett samarbeid.", by=house.chair, at=now)
    return Meeting.objects.get(pk=meeting.pk), case


def test_each_role_gets_its_answer(house, session, client):
    meeting, case = session
    get = {
        address("list"): [200] * 8,
        address("room", meeting.pk): [200] * 6 + [404, 404],
        address("projector", meeting.pk): [200] * 6 + [404, 404],
        address("screen", meeting.pk): [200] * 6 + [404, 404],
        address("agenda", meeting.pk): [200] * 6 + [404, 404],
        address("case", case.pk): [200, 200, 200, 200, 403, 200, 404, 404],
        address("paper_pdf", case.pk): [200, 200, 200, 200, 403, 200, 404, 404],
        address("edit_paper", case.pk): [200, 403, 403, 403, 403, 403, 404, 404],
        address("add_attachment", case.pk): [200, 403, 403, 403, 403, 403, 404, 404],
        address("case_attachment", case.pk, 1): [404, 404, 404, 404, 403, 404, 404, 404],
        address("remove_attachment", case.pk, 1): [404, 404, 404, 404, 403, 404, 404, 404],
        address("open_ballot", case.pk): [200, 200, 403, 403, 403, 403, 404, 404],
        address("resolve", case.pk): [200, 200, 403, 403, 403, 403, 404, 404],
        address("postpone", case.pk): [200, 200, 403, 403, 403, 403, 404, 404],
        address("note", case.pk): [200, 200, 403, 403, 403, 403, 404, 404],
        address("reopen", case.pk): [200, 200, 403, 403, 403, 403, 404, 404],
        address("raise_habilitet", case.pk): [200] * 6 + [404, 404],
        address("decide_habilitet", case.pk, Habilitet.objects.get().pk): [200, 200, 403, 403, 403, 403, 404, 404],
        # It is decided, so those who lead are led back.
        address("withdraw_habilitet", case.pk, Habilitet.objects.get().pk): [302, 302, 403, 403, 403, 403, 404, 404],
        address("reschedule", meeting.pk): [200, 403, 403, 403, 403, 403, 404, 404],
        address("add_case", meeting.pk): [200, 403, 403, 403, 403, 403, 404, 404],
        address("call", meeting.pk): [200, 403, 403, 403, 403, 403, 404, 404],
        address("close", meeting.pk): [200, 200, 403, 403, 403, 403, 404, 404],
        address("reopen_meeting", meeting.pk): [200, 200, 403, 403, 403, 403, 404, 404],
        address("minutes", meeting.pk): [404] * 8,
        address("extract_pdf", case.pk): [404] * 8,
    }
    assert {url: answers(house, client, url) for url in get} == get


def test_acts_are_for_those_who_lead(house, session, client):
    meeting, case = session
    names = ("open", "close", "reopen_meeting", "postpone_rest")
    urls = [address(name, meeting.pk) for name in names]
    urls += [address(name, case.pk) for name in ("ballot_as_proposed", "resolve_as_proposed")]
    urls.append(address("withdraw_habilitet", case.pk, Habilitet.objects.get().pk))
    for url in urls:
        client.force_login(house.member)
        assert client.post(url).status_code == 403, url
        client.force_login(house.far_secretary)
        assert client.post(url).status_code == 404, url
        asks = url.endswith("/withdraw/") or url in {address(name, meeting.pk) for name in ("close", "reopen_meeting")}
        assert client.get(url).status_code == (404 if asks else 405), url


def test_visitor_is_sent_to_sign_in(session, client):
    meeting, _case = session
    assert client.get(address("room", meeting.pk)).url.startswith("/account/login/")


def test_members_see_a_meeting_when_they_are_called(house, now, client):
    meeting = world.planned(house, now)
    case = world.own_case(house, meeting, now)
    assert answers(house, client, address("agenda", meeting.pk)) == [200, 200, 404, 404, 404, 404, 404, 404]
    assert answers(house, client, address("case", case.pk)) == [200, 200, 404, 404, 404, 404, 404, 404]
    client.force_login(house.secretary)
    assert client.get(address("room", meeting.pk)).url == address("agenda", meeting.pk)


@pytest.mark.parametrize(
    ("minutes", "words"), [(0, "Møtet begynner"), (4, "Møtet begynner"), (6, "Møtet skulle ha begynt")]
)
def test_a_meeting_that_is_not_set_says_whether_its_time_has_passed(minutes, words, house, now, frozen_clock, sign_in):
    meeting = world.planned(house, now + timedelta(days=1))
    world.own_case(house, meeting, now)
    planning.call(meeting, by=house.secretary, at=now)
    frozen_clock.move_to(meeting.starts_at + timedelta(minutes=minutes))
    page = sign_in(house.chair).get(address("room", meeting.pk)).content.decode()
    told = [sentence for sentence in ("Møtet begynner", "Møtet skulle ha begynt") if f"{sentence} " in page]
    assert told == [words]


def test_to_be_there_is_said_on_the_day_and_while_the_meeting_goes_on(house, now, frozen_clock, sign_in):
    meeting = world.planned(house, now + timedelta(days=1))
    world.own_case(house, meeting, now)
    planning.call(meeting, by=house.secretary, at=now)
    room = address("room", meeting.pk)

    def offered(at):
        frozen_clock.move_to(at)
        page = sign_in(house.member).get(room).content.decode()
        return ("Jeg er til stede" in page, "Meld forfall" in page)

    midnight = at_local(local_date(meeting.starts_at))
    assert offered(midnight - timedelta(minutes=1)) == (False, True)
    assert offered(midnight) == offered(meeting.starts_at) == (True, True)
    later = meeting.starts_at + timedelta(days=1)
    live.open_meeting(meeting, on_day=local_date(later), by=house.chair, at=later)
    assert offered(later) == (True, True)


def test_inhabil_member_is_told_why_the_papers_are_closed(house, session, sign_in):
    meeting, case = session
    page = sign_in(house.recused_member).get(address("case", case.pk))
    said = page.content.decode()
    assert "Du er inhabil i sak 1/25 og kan ikke lese sakspapirene." in said
    assert f'href="{address("agenda", meeting.pk)}">Tilbake til sakslisten' in said
    assert (page.status_code, "Dere" in said, "SSU godkjenner" in said) == (403, False, False)


def test_member_is_inhabil_first_when_the_body_has_decided_it(house, session, now, sign_in):
    meeting, case = session
    question = habilitet.raise_question(
        case, world.line(meeting, house.member), ground="other", explanation="Nær.", by=house.member, at=now
    )
    client = sign_in(house.member)

    def told():
        pages = [client.get(url).content.decode() for url in (address("case", case.pk), address("room", meeting.pk))]
        sentences = (
            "Det er ikke avgjort om du er inhabil i sak 1/25. Før det er avgjort, kan du ikke lese sakspapirene.",
            "Du er inhabil i sak 1/25 og kan ikke lese sakspapirene.",
            "Det er ikke avgjort om du er inhabil</h2>",
            "Du er inhabil i denne saken</h2>",
        )
        return [any(sentence in page for page in pages) for sentence in sentences]

    assert told() == [True, False, True, False]
    habilitet.decide_question(case, question, is_recused=True, reason="Nær.", by=house.chair, at=now)
    assert told() == [False, True, False, True]


def test_inhabil_member_sees_neither_proposal_nor_votes_until_the_case_is_decided(house, session, now, sign_in):
    meeting, case = session
    ballot = world.ballot_on(house, case, now, proposal="1. Et hemmelig forslag.")
    client = sign_in(house.recused_member)
    pages = [client.get(address(name, meeting.pk)).content.decode() for name in ("room", "projector", "screen")]
    assert ["hemmelig" in page for page in pages] == [False] * 3
    world.vote(ballot, now, of=house, chair="for")
    balloting.close_ballot(ballot, by=house.chair, at=now)
    assert "konsensus" not in client.get(address("screen", meeting.pk)).content.decode()
    resolving.adopt_as_proposed(case, by=house.chair, at=now)
    assert "hemmelig" in client.get(address("room", meeting.pk)).content.decode()


def test_members_see_what_the_proposal_means_for_the_application(house, sign_in):
    meeting, cases, at = world.list_meeting(house, 1)
    world.opened(house, meeting, at, *world.everybody(house))
    world.ballot_on(house, cases[0], at, outcome="rejected", proposal="1. SSU avslår søknaden.")
    page = sign_in(house.member).get(address("screen", meeting.pk)).content.decode()
    assert "Utfall for søknaden: Avslås" in page


# --- the screen -----------------------------------------------------------------------------------------


def test_screen_answers_nothing_while_nothing_has_changed(house, session, now, sign_in):
    meeting, case = session
    client, url = sign_in(house.member), address("screen", meeting.pk)
    assert client.get(url, {"revision": meeting.revision}).status_code == 204
    world.ballot_on(house, case, now)
    changed = client.get(url, {"revision": meeting.revision})
    assert (changed.status_code, f'data-revision="{meeting.revision + 1}"' in changed.content.decode()) == (200, True)
    assert "no-store" in changed["Cache-Control"]


def test_screen_costs_three_queries_while_nothing_has_changed(house, session, sign_in, django_assert_num_queries):
    meeting, _case = session
    client = sign_in(house.member)
    with django_assert_num_queries(3):
        client.get(address("screen", meeting.pk), {"revision": meeting.revision})


def polled(client, meeting, page):
    """What a screen that shows the page asks next."""
    shown = dict(re.findall(r'data-(revision|votes)="(\d+)"', page))
    return client.get(address("screen", meeting.pk), shown)


@pytest.mark.parametrize(
    ("person", "status", "queries"), [("member", 204, 3), ("chair", 200, 11), ("secretary", 200, 11)]
)
def test_a_vote_moves_the_screens_of_those_who_lead_and_no_other(
    person, status, queries, house, session, now, sign_in, django_assert_num_queries
):
    meeting, case = session
    ballot = world.ballot_on(house, case, now)
    client = sign_in(getattr(house, person))
    page = client.get(address("screen", meeting.pk)).content.decode()
    assert polled(client, meeting, page).status_code == 204
    world.vote(ballot, now, of=house, vice_chair="for")
    with django_assert_num_queries(queries):
        answer = polled(client, meeting, page)
    assert (answer.status_code, "1 av 3 har stemt." in answer.content.decode()) == (status, status == 200)


@pytest.mark.fault("A3")
@pytest.mark.parametrize(("person", "told"), [("member", {204}), ("chair", {200, 204})])
def test_a3_the_number_of_votes_is_not_found_by_asking_with_each(person, told, house, session, now, sign_in):
    meeting, case = session
    world.vote(world.ballot_on(house, case, now), now, of=house, vice_chair="for")
    meeting.refresh_from_db()
    client = sign_in(getattr(house, person))
    asked = [{"revision": meeting.revision, "votes": number} for number in range(3)]
    assert {client.get(address("screen", meeting.pk), shown).status_code for shown in asked} == told


@pytest.mark.parametrize("person", ["member", "chair", "secretary"])
def test_every_screen_shows_the_result_at_its_next_question(person, house, session, now, sign_in):
    meeting, case = session
    ballot = world.ballot_on(house, case, now)
    client = sign_in(getattr(house, person))
    page = client.get(address("screen", meeting.pk)).content.decode()
    world.vote(ballot, now, of=house, chair="for")
    balloting.close_ballot(ballot, by=house.chair, at=now)
    answer = polled(client, meeting, page)
    assert (answer.status_code, "Vedtatt ved konsensus." in answer.content.decode()) == (200, True)
    assert "data-votes" not in answer.content.decode()


def test_the_one_who_votes_gets_a_receipt_in_the_words_of_the_rule(house, session, now, sign_in):
    meeting, case = session
    ballot = world.ballot_on(house, case, now)
    client = sign_in(house.member)
    assert post(client, "vote", ballot.pk, choice="against") == ["Stemmen din er registrert."]
    page = client.get(address("room", meeting.pk)).content.decode()
    assert "Du har stemt: Har innvendinger" in page
    assert "Endre stemmen" in page
    assert "Du kan endre stemmen til voteringen lukkes." in page
    assert post(client, "vote", ballot.pk, choice="for") == ["Stemmen din er registrert."]
    assert "Du har stemt: Støtter forslaget" in client.get(address("room", meeting.pk)).content.decode()
    balloting.close_ballot(ballot, by=house.chair, at=now)
    heads = re.findall(
        r'<th scope="col" class="number">([^<]+)', client.get(address("room", meeting.pk)).content.decode()
    )
    assert heads == ["Støtter forslaget", "Har innvendinger", "Avstår", "Ikke stemt"]


@pytest.mark.parametrize("cases", [1, 3])
def test_room_takes_ten_queries(house, now, cases, sign_in, django_assert_num_queries):
    meeting, case = world.in_session(house, now)
    for _ in range(cases - 1):
        world.own_case(house, meeting, now)
    ballot = world.ballot_on(house, case, now)
    world.vote(ballot, now, of=house, chair="for")
    client = sign_in(house.member)
    with django_assert_num_queries(10):
        client.get(address("room", meeting.pk))


@pytest.mark.parametrize("count", [1, 3])
def test_room_on_an_application_and_on_the_allocation_stays_within_thirteen(
    house, count, client, django_assert_num_queries
):
    meeting, cases, at = world.list_meeting(house, count)
    meeting = world.opened(house, meeting, at, *world.everybody(house))
    client.force_login(house.member)
    with django_assert_num_queries(10):
        client.get(address("screen", meeting.pk))
    live.go_to(meeting, cases[-1], by=house.chair, at=at)
    with django_assert_num_queries(13):
        client.get(address("screen", meeting.pk))


def test_a_member_says_it_from_the_paper_and_sees_on_the_agenda_what_is_closed(house, client, frozen_clock):
    meeting, cases, at = world.list_meeting(house, 1)
    frozen_clock.move_to(at)
    meeting = world.opened(house, meeting, at, house.member)
    client.force_login(house.member)
    way = f'href="{address("raise_habilitet", cases[0].pk)}"'
    assert (way in client.get(address("case", cases[0].pk)).text) == (not cases[0].is_settled)
    assert "Stengt for deg" not in client.get(address("agenda", meeting.pk)).text
    words = {"is_recused": True, "ground": "party", "reason": "Part."}
    decide_about(cases[0].application, house.member, **words, by=house.secretary, at=at)
    page = client.get(address("agenda", meeting.pk)).text
    assert page.count("Stengt for deg") >= 1
    client.force_login(house.secretary)
    assert (way in client.get(address("case", cases[0].pk)).text) is False


@pytest.mark.parametrize("count", [1, 3])
def test_lists_and_papers_take_as_many_queries_whatever_their_length(house, count, client):
    meeting, cases, at = world.list_meeting(house, count)
    world.opened(house, meeting, at)
    client.force_login(house.secretary)
    counted = {
        address("list"): 7,
        address("cases"): 6,
        address("agenda", meeting.pk): 12,
        address("case", cases[0].pk): 12,
        address("case", cases[-1].pk): 14,  # and whether a case under the frame of its round is closed
    }
    query_counts = {}
    for url in counted:
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        query_counts[url] = len(queries)
    assert query_counts == counted


# --- a meeting by plain forms --------------------------------------------------------------------------------


def post(client, name, *args, **data):
    answer = client.post(address(name, *args), data, follow=True)
    assert answer.status_code == 200
    return [str(message) for message in answer.context["messages"]]


def test_call_to_a_meeting_without_cases_leads_to_setting_them_up(house, now, sign_in):
    client = sign_in(house.secretary)
    post(client, "plan", body=house.ssu.pk, location="Teams", starts_at_0="2025-02-20", starts_at_1="09:00")
    page = client.get(reverse("meetings:call", args=[Meeting.objects.get().pk])).content.decode()
    assert (">Møtet har ingen saker ennå</h1>" in page, ">Sett opp sakene<span" in page) == (True, True)
    assert 'type="submit" data-variant="secondary"' in page


def test_secretariat_plans_and_calls_by_plain_forms(house, now, sign_in):
    client = sign_in(house.secretary)
    starts = {"starts_at_0": "2025-02-20", "starts_at_1": "09:00"}
    post(client, "plan", body=house.ssu.pk, location="Teams", **starts)
    meeting = Meeting.objects.get()
    post(client, "add_case", meeting.pk, kind="decision", title="Retningslinjer")
    case = Case.objects.get()
    assert post(client, "edit_paper", case.pk, title="Retningslinjer", proposal="1. Ja.") == [
        "Saksframlegget er lagret."
    ]
    shown = planning.time_and_place(meeting)
    moved = post(client, "reschedule", meeting.pk, location="Rådhuset", shown=shown, **starts)
    assert moved[0].startswith("Tid og sted er endret.")
    post(client, "move", case.pk, to="1")
    assert post(client, "call", meeting.pk) == ["Innkallingen er sendt, og medlemmene kan lese sakspapirene."]
    assert "Send innkallingen på nytt" in client.get(reverse("meetings:call", args=[meeting.pk])).text


@pytest.mark.fault("D10")
def test_a_meeting_is_neither_planned_nor_moved_to_a_day_that_has_passed(house, meeting, now, sign_in):
    client, yesterday = sign_in(house.secretary), local_date(now) - timedelta(days=1)
    form = {"body": house.ssu.pk, "location": "Teams", "starts_at_0": f"{yesterday}", "starts_at_1": "23:30"}
    for url in (address("plan"), address("reschedule", meeting.pk)):
        errors = client.post(url, form).context["form"].errors
        assert errors == {"starts_at": ["Tiden er passert. Velg et tidspunkt fram i tid."]}


def test_the_wall_asks_for_its_fonts_as_other_pages_do(house, meeting, sign_in):
    """They are optional: one that comes late is not shown on a page that nobody loads anew."""
    wall, room = (
        sign_in(house.chair).get(reverse(f"meetings:{name}", args=[meeting.pk])).text for name in ("projector", "room")
    )
    assert [wall.count('rel="preload"'), wall.count("inter-latin")] == [
        room.count('rel="preload"'),
        room.count("inter-latin"),
    ]


def test_meeting_goes_from_first_to_last_press_by_plain_forms(house, now, client):
    meeting = world.planned(house, now)
    case = world.own_case(house, meeting, now)
    client.force_login(house.secretary)
    post(client, "call", meeting.pk)
    assert post(client, "open", meeting.pk, on_day=local_date(now).isoformat()) == ["Møtet er satt."]
    for person in world.everybody(house):
        client.force_login(person)
        post(client, "attend", meeting.pk, world.line(meeting, person).pk, act="arrive")
    client.force_login(house.chair)
    assert post(client, "ballot_as_proposed", case.pk, **world.as_shown(case)) == []
    ballot = Ballot.objects.get()
    assert post(client, "vote", ballot.pk, choice="for") == ["Stemmen din er registrert."]
    assert post(client, "close", meeting.pk) == ["Lukk voteringen i sak 1/25 først."]
    assert post(client, "close_ballot", ballot.pk) == ["Voteringen er ferdig."]
    assert post(client, "close_ballot", ballot.pk) == ["Voteringen er allerede lukket."]
    assert post(client, "resolve", case.pk, seen=ballot.pk) == ["Vedtaket er registrert."]
    assert post(client, "close", meeting.pk) == ["Møtet er hevet. Her er protokollen."]
    assert post(client, "write_remarks", meeting.pk, remarks="Ingen.") == ["Merknadene er lagret."]
    assert post(client, "write_statements", case.pk, statements="Mot.") == ["Protokollen er oppdatert."]
    asked = client.get(address("adopt_minutes", meeting.pk)).context["url"]
    adopted = client.post(asked, follow=True).context["messages"]
    assert [str(message) for message in adopted] == ["Protokollen er godkjent og låst. PDF-en lages nå."]
    assert client.get(address("minutes_pdf", meeting.pk)).url == address("minutes", meeting.pk)
    assert "PDF-en lages." in client.get(address("minutes", meeting.pk)).content.decode()
    run_all_due(now)
    assert b"".join(client.get(address("minutes_pdf", meeting.pk)).streaming_content)[:5] == b"%PDF-"
    assert client.get(address("extract_pdf", case.pk))["Content-Type"] == "application/pdf"
    assert Resolution.objects.get().text == ballot.proposal


def test_refusals_stand_over_the_form_with_what_was_typed(house, session, sign_in):
    meeting, case = session
    live.leave(world.line(meeting, house.member), by=house.chair, at=meeting.opened_at + timedelta(hours=1))
    live.leave(world.line(meeting, house.vice_chair), by=house.chair, at=meeting.opened_at + timedelta(hours=1))
    client = sign_in(house.chair)
    for name, data in (("open_ballot", {"proposal": "Mitt forslag"}), ("resolve", {"text": "Mitt vedtak"})):
        page = client.post(address(name, case.pk), data)
        assert page.context["form"].non_field_errors()[0].startswith("Ikke vedtaksført")
        assert next(iter(data.values())) in page.content.decode()


def test_nonsense_is_not_found(house, session, now, sign_in):
    meeting, case = session
    ballot = world.ballot_on(house, case, now)
    client = sign_in(house.chair)
    line = world.line(meeting, house.chair)
    statuses = [
        client.post(address("attend", meeting.pk, line.pk), {"act": "dance"}).status_code,
        client.post(address("vote", ballot.pk), {"choice": "perhaps"}).status_code,
        client.post(address("go_to", meeting.pk), {"case": "999"}).status_code,
        client.get(address("attachment", case.pk, 1)).status_code,
        client.get(address("write_statements", case.pk)).status_code,
    ]
    assert statuses == [404] * 5


def test_one_press_reports_in_all_who_are_called_and_not_heard_of(house, session, now, sign_in):
    meeting, _case = session
    Attendance.objects.filter(meeting=meeting).update(arrived_at=None, left_at=None)
    live.apologise(world.line(meeting, house.vice_chair), by=house.chair, at=now)
    left = world.line(meeting, house.recused_member)
    live.arrive(left, by=house.chair, at=now)
    live.leave(left, by=house.chair, at=now + timedelta(minutes=1))
    client = sign_in(house.chair)
    assert "Alle innkalte er til stede" in client.get(address("room", meeting.pk)).content.decode()
    post(client, "attend_all", meeting.pk)
    there = {line.seat.user for line in Attendance.objects.filter(meeting=meeting) if line.is_present}
    absent = {line.seat.user for line in Attendance.objects.filter(meeting=meeting) if not line.is_present}
    assert absent == {house.vice_chair, house.recused_member, house.deputy}
    assert house.member in there
    assert "Alle innkalte er til stede" not in client.get(address("room", meeting.pk)).content.decode()


def test_reporting_in_all_is_for_those_who_lead_and_are_in_the_case(house, session, now, sign_in):
    meeting, case = session
    attend_all = address("attend_all", meeting.pk)
    assert sign_in(house.member).post(attend_all).status_code == 403
    question = habilitet.raise_question(
        case, world.line(meeting, house.chair), ground="other", explanation="Nær venn.", by=house.chair, at=now
    )
    assert question.is_pending
    assert sign_in(house.chair).post(attend_all).status_code == 403
    with pytest.raises(MeetingError):
        live.arrive_all(meeting, by=house.chair, at=now)


def test_member_reports_only_himself(house, session, sign_in):
    meeting, _case = session
    other = world.line(meeting, house.chair)
    assert sign_in(house.member).post(address("attend", meeting.pk, other.pk), {"act": "leave"}).status_code == 403
