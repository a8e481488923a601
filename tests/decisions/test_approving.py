"""A letter is approved by a colleague of the one who wrote it, where there is one or where it is asked for."""

import html
import re
from datetime import timedelta

import pytest
from django.urls import reverse

from applications.models import Application
from applications.workflow import Status
from evaluation.assessment.models import Habilitet
from evaluation.decisions import permissions
from evaluation.decisions.models import Decision, Letter, LetterStatus
from evaluation.decisions.queries import for_colleague
from evaluation.decisions.services import letters
from evaluation.decisions.services.deciding import decide, decide_from_minutes
from portal.clock import local_date
from portal.communities.letter_approval import LetterApproval
from portal.communities.services import bodies
from portal.journal.models import LogEntry
from portal.journal.sentences import sentence
from tests import factories
from tests.decisions.world import adopted, application, approve
from tests.harness import worlds
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock"), pytest.mark.fault("A7")]

OWN = "Du skrev dette brevet. En kollega må lese og godkjenne det."
TODAY = local_date(NOW)


@worlds.world
def letter(house):
    (decision,) = decide_from_minutes(adopted(house).meeting, by=house.secretary, at=NOW)
    return letters.prepare(decision, by=house.secretary, at=NOW)


def written(house, **letters_part):
    """A letter that the secretary has written, in a round whose file says this of its letters."""
    parts = {"letters": letters_part} if letters_part else {}
    (decision,) = decide_from_minutes(adopted(house, parts=parts).meeting, by=house.secretary, at=NOW)
    return letters.prepare(decision, by=house.secretary, at=NOW)


def leave(house, colleague):
    """What becomes of the colleague in the secretariat."""
    if colleague == "gone":
        house.hospital_secretary.seats.filter(body=house.secretariat).delete()
    elif colleague == "cannot sign in":
        house.hospital_secretary.is_active = False
        house.hospital_secretary.save()
    elif colleague == "out of the case":
        words = {
            "is_recused": True,
            "decided_ground": "party",
            "reason": "Bror.",
            "decided_by": house.regional_secretary,
        }
        about = {"application": Application.objects.get(), "person": house.hospital_secretary, "decided_at": NOW}
        Habilitet.objects.create(**about, **words)


@pytest.mark.parametrize("colleague", ["there", "gone", "cannot sign in", "out of the case"])
@pytest.mark.parametrize("body", ["", *LetterApproval.values])
@pytest.mark.parametrize("round_file", [None, *LetterApproval.values])
def test_the_writer_approves_only_where_one_is_enough(house, colleague, body, round_file):
    house.ssu.letter_approval = body
    house.ssu.save()
    letter = written(house, **({"approval": round_file} if round_file else {}))
    leave(house, colleague)
    letters.look(letter, by=house.secretary, at=NOW)
    said = round_file or body
    needs_two = said == "two" if said else colleague == "there"
    assert bool(permissions.can_approve(house.secretary, letter, now=NOW)) is not needs_two
    if needs_two:
        with pytest.raises(letters.ColleagueNeededError, match=OWN):
            letters.approve(letter, by=house.secretary, at=NOW)
    else:
        letters.approve(letter, by=house.secretary, at=NOW)
    letter.refresh_from_db()
    assert letter.status == (LetterStatus.DRAFT if needs_two else LetterStatus.APPROVED)


def test_a_colleague_approves_and_either_sends(house, letter):
    approve(letter, by=house.hospital_secretary)
    letters.send(letter, by=house.secretary, at=NOW)
    letter.refresh_from_db()
    assert (letter.status, letter.approved_by, letter.written_by_id) == (
        LetterStatus.SENT,
        house.hospital_secretary,
        house.secretary.pk,
    )


def test_the_writer_is_whoever_wrote_it_as_it_is_now(house, letter):
    letters.prepare(letter.decision, by=house.hospital_secretary, at=NOW)
    letter.refresh_from_db()
    assert letter.written_by_id == house.secretary.pk
    Decision.objects.filter(pk=letter.decision_id).update(reason="En annen begrunnelse.")
    again = letters.prepare(Decision.objects.get(), by=house.hospital_secretary, at=NOW)
    assert again.written_by_id == house.hospital_secretary.pk
    with pytest.raises(letters.ColleagueNeededError):
        approve(again, by=house.hospital_secretary)
    approve(again, by=house.secretary)


def test_the_letter_of_a_decision_without_meeting_follows_the_body_of_its_stage(house):
    round_ = factories.round_of(factories.definition("troms-ofoten-2024"), at=NOW)
    refused = application(house, round_, status=Status.NOT_ADMITTED)
    words = {"outcome": "not_admitted", "amount": None, "reason": "Ikke et samarbeid."}
    letter = letters.prepare(decide(refused, **words, by=house.secretary, at=NOW), by=house.secretary, at=NOW)
    assert for_colleague([letter], round_, house.secretary.pk, TODAY) == {letter.pk}
    assert for_colleague([letter], round_, house.hospital_secretary.pk, TODAY) == set()
    bodies.change_body(house.ssu, {"letter_approval": "one"}, by=house.hospital_secretary, at=NOW)
    assert for_colleague([letter], round_, house.secretary.pk, TODAY) == set()


def test_a_draft_that_is_wrong_says_where_each_fault_is_mended(house, letter, sign_in):
    client = sign_in(house.hospital_secretary)
    faults = client.get(letter.get_absolute_url()).text.split('id="faults"')[1].split("</details>")[0]
    round_, case = letter.decision.application.round, letter.decision.resolution.case
    links = (case.get_absolute_url(), reverse("portal:organisation_list"), reverse("rounds:detail", args=[round_.code]))
    assert [f'href="{link}"' in faults for link in links] == [True, True, True]
    assert "Skriv på nytt fra vedtaket" in faults
    review = client.get(reverse("decisions:review_letters", args=[round_.code])).text
    assert f'href="{letter.get_absolute_url()}#faults"' in review
    approve(letter, by=house.hospital_secretary)
    assert 'id="faults"' not in client.get(letter.get_absolute_url()).text


def test_the_pages_say_that_a_colleague_must(house, letter, sign_in):
    client = sign_in(house.secretary)
    page = client.get(letter.get_absolute_url()).content.decode()
    assert (OWN in page, "Godkjenn brevet" in page, "Skriv på nytt fra vedtaket" in page) == (True, False, True)
    code = letter.decision.application.round.code
    assert "venter på en kollega" in client.get(reverse("decisions:overview", args=[code])).content.decode()
    client.get(reverse("decisions:preview", args=[letter.number]))
    answer = client.post(reverse("decisions:approve", args=[letter.number]))
    assert (answer.status_code, OWN in answer.content.decode()) == (403, True)
    page = sign_in(house.hospital_secretary).get(letter.get_absolute_url()).content.decode()
    assert (OWN in page, "Godkjenn brevet" in page) == (False, True)


def boxes_on(client, letter, query):
    """The boxes on the round's page («» or « checked»), and what its link chooses."""
    page = client.get(reverse("decisions:overview", args=[letter.decision.application.round.code]) + query)
    said = page.content.decode()
    boxes = re.findall(r'<input class="ds-input" type="checkbox" name="letters" value="[^"]+"( checked)?', said)
    return boxes, "".join(re.findall("Velg (?:alle som venter|alle|ingen)", said))


def test_the_letters_that_wait_are_chosen_by_one_press(house, letter, sign_in):
    """One letter alone has its own box, and the next step."""
    client = sign_in(house.hospital_secretary)
    assert boxes_on(client, letter, "") == ([""], "")
    assert boxes_on(client, letter, "?choose=all") == ([" checked"], "")
    assert boxes_on(client, letter, "?status=sent&choose=all") == ([], "")
    # Whoever wrote it can do nothing with it before a colleague has read it.
    assert boxes_on(sign_in(house.secretary), letter, "") == ([], "")


def test_what_is_sent_is_chosen_only_where_nothing_waits(house, sign_in):
    decisions = decide_from_minutes(
        adopted(house, [("granted", 10), ("rejected", None)]).meeting, by=house.secretary, at=NOW
    )
    first, second = (letters.prepare(decision, by=house.secretary, at=NOW) for decision in decisions)
    client = sign_in(house.hospital_secretary)
    assert boxes_on(client, first, "") == (["", ""], "Velg alle som venter")
    assert boxes_on(client, first, "?choose=all") == ([" checked", " checked"], "Velg ingen")
    approve(first, by=house.hospital_secretary)
    letters.send(first, by=house.hospital_secretary, at=NOW)
    assert sorted(boxes_on(client, first, "?choose=all")[0]) == ["", " checked"]
    assert boxes_on(client, first, "?status=sent&choose=all") == ([" checked"], "")
    approve(second, by=house.hospital_secretary)
    letters.send(second, by=house.hospital_secretary, at=NOW)
    assert boxes_on(client, first, "") == (["", ""], "Velg alle")


def test_approving_several_names_those_that_are_left_for_a_colleague(house, sign_in):
    world = adopted(house, [("granted", 10), ("rejected", None), ("granted", 20)])
    first, second, third = decide_from_minutes(world.meeting, by=house.secretary, at=NOW)
    drafts = [letters.prepare(decision, by=house.secretary, at=NOW) for decision in (first, third)]
    other = letters.prepare(second, by=house.hospital_secretary, at=NOW)
    client = sign_in(house.secretary)
    for letter in (*drafts, other):
        client.get(reverse("decisions:preview", args=[letter.number]))
    chosen = {
        "letters": [letter.number for letter in (*drafts, other)],
        "shown": [f"{letter.number} {letter.sha256}" for letter in (*drafts, other)],
    }
    page = client.post(reverse("decisions:approve_letters", args=[world.round.code]), chosen, follow=True)
    said = html.unescape(re.sub("<[^>]+>", "", page.content.decode()))
    assert "1 brev er godkjent." in said
    assert f"En kollega må lese og godkjenne dem: {drafts[0].number}, {drafts[1].number}" in said
    other.refresh_from_db()
    assert other.status == LetterStatus.APPROVED


def test_approving_none_stays_by_the_letters_that_were_read(house, sign_in):
    world = adopted(house, [("granted", 10), ("granted", 20)])
    resolved = decide_from_minutes(world.meeting, by=house.secretary, at=NOW)
    drafts = [letters.prepare(decision, by=house.secretary, at=NOW) for decision in resolved]
    shown = [f"{letter.number} {letter.sha256}" for letter in drafts]
    client, url = sign_in(house.hospital_secretary), reverse("decisions:approve_letters", args=[world.round.code])
    page = client.post(url, {"shown": shown}, follow=True)
    assert [letter.number for letter, _content in page.context["letters"]] == [letter.number for letter in drafts]
    assert "Kryss av for brevene som stemmer, før du godkjenner dem." in page.text


@pytest.mark.parametrize("count", [1, 3])
def test_asking_who_must_approve_costs_the_same_for_more_letters(count, house, django_assert_num_queries):
    world = adopted(house, [("granted", 10)] * count)
    made = decide_from_minutes(world.meeting, by=house.secretary, at=NOW)
    drafts = [letters.prepare(decision, by=house.secretary, at=NOW) for decision in made]
    assert world.round.spec.letters.approval is None
    with django_assert_num_queries(4):
        assert len(for_colleague(drafts, world.round, house.secretary.pk, TODAY)) == count
    with django_assert_num_queries(1):
        assert for_colleague(drafts, world.round, house.hospital_secretary.pk, TODAY) == set()


def test_the_log_says_how_many_approve_a_letter_from_now_on(house):
    bodies.change_body(house.ssu, {"letter_approval": "one"}, by=house.secretary, at=NOW)
    entry = LogEntry.objects.get(act="body.changed")
    assert sentence(entry).endswith("Skrive og godkjenne brev: Én: den som skrev brevet, kan godkjenne det.")


EARLIER, LATER = NOW - timedelta(days=1), NOW + timedelta(days=1)


@pytest.mark.parametrize(
    ("changes", "writes_alone"),
    [
        ([("hospital_secretary", "one", EARLIER)], True),
        # Whoever eases it gains nothing by it, nor does what was written before.
        ([("secretary", "one", EARLIER)], False),
        ([("hospital_secretary", "one", LATER)], False),
        ([("hospital_secretary", "two", EARLIER), ("secretary", "", EARLIER), ("secretary", "one", EARLIER)], False),
        ([("secretary", "two", EARLIER), ("hospital_secretary", "one", EARLIER)], True),
    ],
)
def test_nobody_lets_oneself_write_and_approve_alone(changes, writes_alone, house):
    letter = written(house)
    for role, said, at in changes:
        bodies.change_body(house.ssu, {"letter_approval": said}, by=getattr(house, role), at=at)
    letter = Letter.objects.get(pk=letter.pk)
    letters.look(letter, by=house.secretary, at=LATER)
    assert bool(permissions.can_approve(house.secretary, letter, now=LATER)) is writes_alone
    if not writes_alone:
        with pytest.raises(letters.ColleagueNeededError, match=OWN):
            letters.approve(letter, by=house.secretary, at=LATER)


@pytest.mark.parametrize(("demanded", "alone"), [("", True), ("two", False)])
def test_who_is_alone_eases_nothing_that_was_demanded(demanded, alone, house):
    bodies.change_body(house.ssu, {"letter_approval": demanded}, by=house.hospital_secretary, at=EARLIER)
    leave(house, "gone")
    bodies.change_body(house.ssu, {"letter_approval": "one"}, by=house.secretary, at=EARLIER)
    letter = Letter.objects.get(pk=written(house).pk)
    assert bool(permissions.can_approve(house.secretary, letter, now=NOW)) is alone


def test_a_body_that_is_set_up_with_one_asks_its_maker_for_a_colleague(house):
    fields = {"name": "Utvalg", "abbreviation": "UTV", "kind": "ssu", "letter_approval": "one"}
    body = bodies.add_body(house.community, fields, by=house.secretary, at=EARLIER)
    said = [body.letter_approval_for({getattr(house, role).pk}, NOW) for role in ("secretary", "hospital_secretary")]
    assert said == ["", "one"]
