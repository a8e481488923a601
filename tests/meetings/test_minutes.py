"""The minutes: what they say, that they freeze, and the document."""

import io
import re
from datetime import timedelta

import pikepdf
import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import strip_tags

from evaluation.meetings.models import Ballot, Case, Meeting, Minutes, Resolution
from evaluation.meetings.queries.minutes import extract, minutes_content, shown
from evaluation.meetings.services import balloting, corrections, from_list, habilitet, live, minutes, resolving
from evaluation.meetings.services.locking import MeetingConflictError, MeetingError
from portal.communities.models import Affiliation
from portal.documents.queries import faults
from portal.jobs.services import run_all_due
from portal.snapshots import digest
from tests import factories
from tests.harness import worlds
from tests.meetings import world

pytestmark = pytest.mark.django_db

WHOLE = "1. SSU innvilger alt, 450 000 kr."
PAGE = {"points_template": "meetings/_points.html", "rules_template": "meetings/_rules.html"}
DOCUMENT = {"points_template": "letters/_points.html", "rules_template": "letters/_rules.html"}


@worlds.world
def held(house):
    """A meeting on two applications and the allocation, with a fall, a compromise and an inhabil member; its time."""
    meeting, cases, at = world.list_meeting(house, stage={"decision_rule": "double_majority"})
    meeting = world.opened(house, meeting, at, *world.everybody(house))
    live.apologise(world.line(meeting, house.user_member), by=house.chair, at=at)
    fallen = world.ballot_on(house, cases[0], at, proposal=WHOLE, outcome="granted", amount=450_000)
    world.vote(fallen, at, of=house, chair="for", recused_member="for", vice_chair="against", member="abstain")
    balloting.close_ballot(fallen, by=house.chair, at=at)
    text = "1. SSU innvilger 300 000 kr."
    carried = world.ballot_on(house, cases[0], at, proposal=text, outcome="partly_granted", amount=300_000)
    world.vote(carried, at, of=house, chair="for", recused_member="for", vice_chair="for", member="for")
    balloting.close_ballot(carried, by=house.chair, at=at)
    resolving.adopt_ballot(Ballot.objects.get(pk=carried.pk), reason="Det første året.", by=house.chair, at=at)
    live.go_to(meeting, cases[1], by=house.chair, at=at)
    question = habilitet.raise_question(
        cases[1],
        world.line(meeting, house.recused_member),
        ground="represents",
        explanation="Jeg har signert.",
        by=house.recused_member,
        at=at,
    )
    habilitet.decide_question(cases[1], question, is_recused=True, reason="Jf. fvl. § 6.", by=house.chair, at=at)
    live.arrive(world.line(meeting, house.deputy), by=house.chair, at=at + timedelta(minutes=30))
    live.leave(world.line(meeting, house.member), by=house.chair, at=at + timedelta(minutes=30))
    ballot = world.ballot_on(house, cases[1], at, proposal=cases[1].paper.proposal, outcome="granted", amount=450_000)
    world.vote(ballot, at, of=house, chair="for", deputy="for")
    balloting.close_ballot(ballot, by=house.chair, at=at)
    resolving.adopt_as_proposed(cases[1], by=house.chair, at=at)
    live.go_to(meeting, cases[2], by=house.chair, at=at)
    from_list.rewrite_allocation(cases[2], by=house.chair, at=at)
    resolving.adopt_as_proposed(Case.objects.get(pk=cases[2].pk), by=house.chair, at=at)
    record = live.close_meeting(meeting, by=house.chair, at=at + timedelta(hours=2))
    return record, at + timedelta(hours=3)


def content_of(record):
    return minutes_content(Meeting.objects.select_related("body__community").get(pk=record.meeting_id), "")


def test_minutes_tell_who_was_there_when_and_for_whom(held):
    content = content_of(held[0])
    assert [(person["name"], person["note"]) for person in content["present"]] == [
        ("Kari Chair", "leder"),
        ("Viggo Vicechair", "nestleder"),
        ("Mona Member", "til kl. 00.30"),
        ("Rita Recused", ""),
        ("Dag Deputy", "vara for Mona Member, fra kl. 00.30"),
    ]
    assert [(person["name"], person["note"]) for person in content["absent"]] == [("Ulla Usermember", "meldt forfall")]


def test_minutes_tell_each_vote_by_side_and_the_resolution_word_for_word(held):
    case = content_of(held[0])["cases"][0]
    assert [ballot["sentence"] for ballot in case["ballots"]] == [
        (
            "Forslaget falt. Det fikk 2 mot 1 stemme, men ikke flertall på begge sider. "
            "Kommunesiden: 2 for, 0 mot. Helseforetakssiden: 0 for, 1 mot, 1 avsto."
        ),
        "Enstemmig vedtatt med 4 stemmer. Kommunesiden: 2 for, 0 mot. Helseforetakssiden: 2 for, 0 mot.",
    ]
    assert case["ballots"][0]["votes"]["mot"] == ["Viggo Vicechair"]
    assert (case["resolution"], case["outcome"], case["amount"]) == (
        "1. SSU innvilger 300 000 kr.",
        "partly_granted",
        300_000,
    )


def test_minutes_tell_who_was_inhabil_why_and_what_the_body_decided(held):
    case = content_of(held[0])["cases"][1]
    assert [question["sentence"] for question in case["habilitet"]] == [
        (
            "Rita Recused: Signerer for, eier eller leder prosjektet («Jeg har signert.»). "
            "Rita Recused er inhabil og deltok ikke i behandlingen av saken. Begrunnelse: Jf. fvl. § 6."
        )
    ]
    assert case["ballots"][0]["deputies"] == ["Dag Deputy for Mona Member"]


def test_allocation_is_what_the_meeting_granted(held):
    case = content_of(held[0])["cases"][2]
    assert case["resolution"].splitlines()[:3] == [
        "1. SSU Troms og Ofoten fordeler til sammen 750\u00a0000\u00a0kr slik:",
        "   a) Prosjekt 1: 300\u00a0000\u00a0kr",
        "   b) Prosjekt 2: 450\u00a0000\u00a0kr",
    ]


@pytest.mark.parametrize("sees_votes", [True, False])
def test_closing_a_ballot_and_the_minutes_agree_on_who_did_not_answer(sees_votes, house, now, sign_in):
    meeting, case = world.in_session(house, now, "consensus", members_see_votes=sees_votes)
    ballot = world.ballot_on(house, case, now)
    world.vote(ballot, now, of=house, chair="for", member="for")
    asked = sign_in(house.chair).get(reverse("meetings:close_ballot", args=[ballot.pk])).content.decode()
    assert ("Det kommer i protokollen, med navnene." in asked, "uten navn" in asked) == (sees_votes, not sees_votes)
    balloting.close_ballot(ballot, by=house.chair, at=now)
    told = shown(minutes_content(Meeting.objects.get(pk=meeting.pk), ""))["cases"][0]
    page = " ".join(render_to_string("meetings/_minutes_case.html", {"case": told, **PAGE}).split())
    assert ("Svarte ikke: Viggo Vicechair, Rita Recused." in page) is sees_votes
    # The case is not decided yet.
    assert ("Slik avgjøres saken" in page, "Slik ble saken avgjort" in page) == (True, False)


def test_minutes_are_read_in_as_many_queries_whatever_the_cases(held, django_assert_num_queries):
    meeting = Meeting.objects.select_related("body__community").get(pk=held[0].meeting_id)
    # One of them asks whether the meeting was opened again after it was closed.
    with django_assert_num_queries(9):
        minutes_content(meeting, "")


# --- adopting ---------------------------------------------------------------------------------------


def test_adopting_freezes_and_makes_the_document(house, held):
    record, at = held
    minutes.write_remarks(record, texts={"remarks": "Neste møte er 10. mars."}, by=house.secretary, at=at)
    record = minutes.adopt(record, by=house.chair, at=at)
    assert record.sha256 == digest(record.snapshot)
    assert record.snapshot["remarks"] == "Neste møte er 10. mars."
    assert Meeting.objects.get().status == "adopted"
    run_all_due(at)
    record = Minutes.objects.get()
    assert (record.document.title, record.document.community) == ("Protokoll SSU 19.06.2024", house.community)
    document = pikepdf.open(io.BytesIO(record.pdf.read()))
    assert record.pdf.name == "Protokoll SSU 19.06.2024.pdf"
    assert (document.Root.Lang, list(document.attachments)) == ("nb", ["protokoll.json"])
    assert [fault.reason for fault in faults()] == []


def test_adopted_minutes_do_not_change(house, held):
    record, at = held
    minutes.adopt(record, by=house.chair, at=at)
    resolution = Case.objects.first().resolution
    with pytest.raises(MeetingConflictError, match="allerede godkjent"):
        minutes.adopt(record, by=house.vice_chair, at=at)
    with pytest.raises(MeetingError, match="godkjent og kan ikke endres"):
        minutes.write_remarks(record, texts={"remarks": "x"}, by=house.chair, at=at)
    with pytest.raises(MeetingError, match="godkjent og kan ikke endres"):
        resolving.write_statements(resolution, texts={"statements": "x"}, by=house.chair, at=at)


def test_minutes_of_a_meeting_that_goes_on_are_not_adopted(house, now, meeting):
    record = Minutes.objects.create(meeting=meeting)
    with pytest.raises(MeetingError, match="Hev møtet før"):
        minutes.adopt(record, by=house.chair, at=now)
    record = Minutes.objects.get()
    assert (record.document, record.snapshot, record.sha256, record.pdf, record.pdf_id) == (None, None, "", None, None)


def test_statement_is_entered_until_the_minutes_are_adopted(house, held):
    record, at = held
    resolution = Case.objects.get(number=1).resolution
    resolving.write_statements(
        resolution, texts={"statements": "Helseforetaket ønsket mer."}, by=house.secretary, at=at
    )
    assert content_of(record)["cases"][0]["statements"] == "Helseforetaket ønsket mer."
    assert resolution.reason == "Det første året."


@pytest.mark.fault("B6")
def test_the_reason_is_changed_by_a_correction_alone(house, held, frozen_clock, sign_in):
    """One door, which asks why and keeps what was there; also for somebody whose page is older than the correction."""
    _record, at = held
    frozen_clock.move_to(at)
    case = Case.objects.get(number=1)
    resolution, seen = case.resolution, Resolution.objects.get(case=case)
    words = {"text": resolution.text, "outcome": resolution.outcome, "amount": resolution.amount}
    corrections.correct(resolution, **words, reason="Bare det første året.", why="Upresist.", by=house.chair, at=at)
    texts = {"statements": "Mot.", "reason": "En helt annen."}
    resolving.write_statements(seen, texts={"statements": ""}, by=house.chair, at=at)
    address = reverse("meetings:write_statements", args=[case.pk])
    client = sign_in(house.chair)
    assert 'name="reason"' not in client.get(address).content.decode()
    assert client.post(address, texts | {"statements": "Mot dette."}).status_code == 302
    fresh = Resolution.objects.get(case=case)
    assert (fresh.reason, fresh.statements) == ("Bare det første året.", "Mot dette.")
    assert [(version.why, version.content["reason"]) for version in fresh.versions.all()] == [
        ("Upresist.", "Det første året.")
    ]


def test_extract_has_one_case_and_no_remarks(held):
    content = {**content_of(held[0]), "remarks": "Om alt annet."}
    part = extract(content, "2/24")
    assert ([case["reference"] for case in part["cases"]], part["remarks"]) == (["2/24"], "")
    assert extract(content, "99/24") is None


def test_page_says_a_proposal_once(held):
    cases = shown(content_of(held[0]))["cases"]
    assert [bool(case["proposal_points"]) for case in cases] == [True, False, False]
    assert [[bool(ballot["points"]) for ballot in case["ballots"]] for case in cases] == [[True, True], [False], []]


@pytest.mark.parametrize("count", [3, 20])
def test_page_begins_with_a_list_of_its_cases_when_they_are_many(house, count, sign_in, django_assert_num_queries):
    meeting, cases, at = world.list_meeting(house, count)
    meeting = world.opened(house, meeting, at, *world.everybody(house))
    resolving.postpone_rest(meeting, reason="Utsatt.", by=house.chair, at=at)
    live.close_meeting(meeting, by=house.chair, at=at)
    client, url = sign_in(house.secretary), reverse("meetings:minutes", args=[meeting.pk])
    with django_assert_num_queries(15):
        page = client.get(url).content.decode()
    listed = re.findall(r'href="#sak-(\d+)"', page)
    assert listed == ([str(case.pk) for case in cases] if count > 3 else [])
    assert re.findall(r'id="sak-(\d+)"', page) == [str(case.pk) for case in cases]
    # Also on a phone, where one column comes after the other.
    assert page.index("Protokollen venter på godkjenning") < page.index("</aside>") < page.index('id="sak-')


def test_column_that_would_hold_dashes_alone_is_not_drawn(held):
    Affiliation.objects.update(title="")
    content = content_of(held[0])
    groups = shown(content)["people"]
    assert [(name, groups[name]["has_title"]) for name in groups] == [
        ("present", False),
        ("observers", False),
        ("absent", False),
    ]
    content["present"][0]["title"] = "Rådgiver"
    assert shown(content)["people"]["present"]["has_title"]
    html = render_to_string("letters/minutes.html", {"minutes": shown(content_of(held[0]))})
    assert "Stilling" not in html


def test_page_and_document_say_the_same_of_a_case(held):
    (case, *_others) = shown(content_of(held[0]))["cases"]
    texts = [
        " ".join(strip_tags(render_to_string("meetings/_minutes_case.html", {"case": case, **look})).split())
        for look in (PAGE, DOCUMENT)
    ]
    # The page folds the rule of a vote under these words; the document has it in full.
    assert texts[0].replace("Slik ble saken avgjort ", "") == texts[1]
    assert "Votering" in texts[0]
    assert "Vedtaksført når" in texts[1]


# --- who, what and how ------------------------------------------------------------------------------


@pytest.mark.fault("B11")
def test_ballots_are_numbered_with_their_words_and_those_who_abstained_are_named(held):
    case = shown(content_of(held[0]))["cases"][0]
    text = " ".join(strip_tags(render_to_string("meetings/_minutes_case.html", {"case": case, **PAGE})).split())
    first, second = text.split("Votering 1 av 2")[1].split("Votering 2 av 2")
    assert "SSU innvilger alt, 450 000 kr." in first
    assert "Mot: Viggo Vicechair." in first
    assert "Avsto: Mona Member." in first
    assert "SSU innvilger 300 000 kr." in second


@pytest.mark.fault("B11")
def test_who_had_left_is_named_at_the_case_and_who_never_came_is_not(held):
    content = content_of(held[0])
    assert [case["away"] for case in content["cases"]] == [[], ["Mona Member"], ["Mona Member"]]


@pytest.mark.fault("B11")
def test_the_title_is_the_seats_own_or_that_of_the_organisation_on_the_day(house, held):
    chair = house.ssu.seats.get(user=house.chair)
    factories.affiliation(house.chair, chair.organisation, title="Kommunedirektør")
    vice = house.ssu.seats.get(user=house.vice_chair)
    vice.title = "Viseadministrerende direktør"
    vice.save()
    titles = {person["name"]: person["title"] for person in content_of(held[0])["present"]}
    assert (titles["Kari Chair"], titles["Viggo Vicechair"]) == ("Kommunedirektør", "Viseadministrerende direktør")
