"""No letter is approved unseen, and nobody handles a letter of a case they are shut out of."""

import html
import re

import pytest
from django.urls import reverse

from applications.models import Application
from applications.workflow import Status
from evaluation.assessment.models import Assignment, Habilitet
from evaluation.decisions.models import Decision, Letter, LetterLook, LetterStatus
from evaluation.decisions.queries import letters_of
from evaluation.decisions.queries.letter_work import round_lines
from evaluation.decisions.services import letters
from evaluation.decisions.services.deciding import decide_from_minutes
from portal.communities.queries import standing_at
from portal.journal.models import LogEntry
from tests.decisions.world import adopted, approve
from tests.harness import worlds
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

CLOSED = "Saken er stengt for deg: Du er inhabil i den, eller habiliteten din er ikke avgjort."


@worlds.world
def world(house):
    return adopted(house, [("granted", 10), ("rejected", None), ("granted", 20)])


@worlds.world
def drafts(house, world):
    made = decide_from_minutes(world.meeting, by=house.secretary, at=NOW)
    return [letters.prepare(decision, by=house.hospital_secretary, at=NOW) for decision in made]


def url(name, letter):
    return reverse(f"decisions:{name}", args=[letter.number])


def bulk(client, world, act, *chosen):
    page = client.post(
        reverse(f"decisions:{act}_letters", args=[world.round.code]),
        {
            "letters": [letter.number for letter in chosen],
            "shown": [f"{letter.number} {letter.sha256}" for letter in chosen],
        },
        follow=True,
    ).content.decode()
    said = page.split('class="messages"')[1].split("</div>\n  </div>")[0]
    shown = re.findall(r'data-color="(\w+)">\s*<p class="ds-paragraph">(.*?)</p>', said, re.DOTALL)
    return [(colour, html.unescape(re.sub("<[^>]+>", "", text))) for colour, text in shown]


def recuse(house, application):
    words = {
        "is_recused": True,
        "decided_ground": "party",
        "reason": "Bror av søker.",
        "decided_by": house.hospital_secretary,
    }
    Habilitet.objects.create(application=application, person=house.secretary, decided_at=NOW, **words)


def test_a_letter_that_nobody_has_opened_cannot_be_approved(house, drafts):
    with pytest.raises(letters.LetterUnseenError, match="Se gjennom brevet slik det er nå"):
        letters.approve(drafts[0], by=house.secretary, at=NOW)
    assert Letter.objects.get(pk=drafts[0].pk).status == LetterStatus.DRAFT


def test_another_persons_look_does_not_count(house, drafts):
    letters.look(drafts[0], by=house.hospital_secretary, at=NOW)
    with pytest.raises(letters.LetterUnseenError):
        letters.approve(drafts[0], by=house.secretary, at=NOW)


def test_a_changed_letter_must_be_looked_at_again(house, drafts):
    letters.look(drafts[0], by=house.secretary, at=NOW)
    Decision.objects.filter(pk=drafts[0].decision_id).update(reason="En annen begrunnelse.")
    seen_before = drafts[0]
    again = letters.prepare(Decision.objects.get(pk=seen_before.decision_id), by=house.hospital_secretary, at=NOW)
    with pytest.raises(letters.LetterUnseenError):
        letters.approve(again, by=house.secretary, at=NOW)
    with pytest.raises(letters.LetterStateError):
        letters.approve(seen_before, by=house.secretary, at=NOW)
    approve(again, by=house.secretary)


def test_the_preview_keeps_who_looked_when_and_at_what_once(house, drafts, sign_in):
    client = sign_in(house.secretary)
    for _time in range(2):
        answer = client.get(url("preview", drafts[0]))
    assert (answer.headers["Content-Type"], answer.headers["X-Frame-Options"]) == ("application/pdf", "SAMEORIGIN")
    assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
    look = LetterLook.objects.get()
    assert (look.document, look.person, look.looked_at) == (
        drafts[0].document,
        house.secretary,
        NOW,
    )
    assert [entry.data["sha256"] for entry in LogEntry.objects.filter(act="letter.looked_at")] == [drafts[0].sha256]


def test_the_walk_goes_from_letter_to_letter_and_approves_on_the_way(house, world, drafts, sign_in):
    client = sign_in(house.secretary)
    refused = client.post(url("approve", drafts[1]), follow=True)
    assert "Se gjennom brevet slik det er nå, før du godkjenner det." in refused.content.decode()
    # The page that the refusal leads to shows the letter, which is a look at it.
    page = refused.content.decode()
    assert "Brev 2 av 3" in page
    assert [f'href="{url("letter", draft)}"' in page for draft in drafts] == [True, False, True]
    for draft, following in zip(drafts, [*drafts[1:], drafts[-1]], strict=True):
        client.get(url("letter", draft))
        answer = client.post(f"{url('approve', draft)}?shown={draft.sha256}")
        assert answer.url == url("letter", following)
    done = client.get(reverse("decisions:review_letters", args=[world.round.code]), follow=True)
    assert "Ingen brev venter på å bli godkjent av deg." in done.content.decode()


def test_bulk_approval_takes_the_seen_and_names_the_others(house, world, drafts, sign_in):
    client = sign_in(house.secretary)
    for draft in drafts[:2]:
        client.get(url("preview", draft))
    assert bulk(client, world, "approve", *drafts) == [
        ("danger", f"{drafts[2].number}: Se gjennom brevet slik det er nå, før du godkjenner det."),
        ("success", "2 brev er godkjent."),
    ]
    assert bulk(client, world, "send", *drafts) == [("success", "2 brev er sendt.")]
    assert bulk(client, world, "send", *drafts) == [
        ("info", "Ingen av de valgte brevene er godkjent og venter på å bli sendt.")
    ]


def test_no_letter_is_sent_but_the_one_that_the_page_showed(house, world, drafts, sign_in):
    """A colleague takes an approval back, and the letter is written again and approved: it is another letter."""
    reader = sign_in(house.secretary)
    for draft in drafts:
        letters.look(draft, by=house.secretary, at=NOW)
        letters.approve(draft, by=house.secretary, at=NOW)
    before, other, third = drafts
    shown = re.search(r'action="([^"]+/send/\?shown=[0-9a-f]{64})"', reader.get(url("letter", before)).text)[1]
    asked = reader.get(reverse("decisions:confirm_letters", args=[world.round.code])).text
    for letter in (before, other):
        letters.take_back(letter, reason="Feil grunn.", by=house.secretary, at=NOW)
        type(letter.decision).objects.filter(pk=letter.decision_id).update(reason="En annen begrunnelse.")
        letters.prepare(type(letter.decision).objects.get(pk=letter.decision_id), by=house.secretary, at=NOW)
        letter.refresh_from_db()
        letters.look(letter, by=house.hospital_secretary, at=NOW)
        letters.approve(letter, by=house.hospital_secretary, at=NOW)
    written_again = "Brevet er skrevet på nytt etter at du leste det. Les det slik det er nå."
    for address, why in ((shown, written_again), (url("send", before), "Se gjennom brevet slik det er nå")):
        page = reader.post(address, follow=True)
        assert (why in page.text, "En annen begrunnelse." in page.text) == (True, True)
    numbers = re.findall(r'name="letters" value="([^"]+)"', asked)
    sums = re.findall(r'name="shown" value="([^"]+)"', asked)
    page = reader.post(
        reverse("decisions:send_letters", args=[world.round.code]), {"letters": numbers, "shown": sums}, follow=True
    )
    assert (written_again in page.text, "1 brev er sendt." in page.text) == (True, True)
    assert {letter.number: type(letter).objects.get(pk=letter.pk).status for letter in drafts} == {
        before.number: "approved",
        other.number: "approved",
        third.number: "sent",
    }


def test_an_inhabil_officer_is_shut_out_of_the_letter_with_the_reason(house, world, drafts, sign_in):
    recuse(house, drafts[0].decision.application)
    client = sign_in(house.secretary)
    for name in ("letter", "preview", "letter_pdf"):
        answer = client.get(url(name, drafts[0]))
        assert (name, answer.status_code) == (name, 403)
        assert CLOSED in html.unescape(answer.content.decode())
    for name in ("approve", "send"):
        assert client.post(url(name, drafts[0])).status_code == 403
    assert client.post(reverse("decisions:prepare", args=[drafts[0].decision_id])).status_code == 403
    page = client.get(reverse("decisions:overview", args=[world.round.code])).content.decode()
    assert drafts[0].number not in page
    assert page.count("En annen i sekretariatet tar seg av brevet.") == 1
    assert bulk(client, world, "approve", drafts[0])[0][0] == "danger"
    assert not LetterLook.objects.exists()


def test_decisions_of_an_inhabil_officer_are_left_for_another(house, world, sign_in):
    recuse(house, world.applications[0])
    assert len(decide_from_minutes(world.meeting, by=house.secretary, at=NOW)) == 2
    address = reverse("decisions:decide_meeting", args=[world.round.code, world.meeting.pk])
    said = sign_in(house.secretary).post(address, follow=True).content.decode()
    assert "Du er inhabil i sakene som gjenstår." in said
    assert len(decide_from_minutes(world.meeting, by=house.hospital_secretary, at=NOW)) == 1


def test_a_letter_that_cannot_be_written_stops_no_other_and_is_named(house, world, sign_in):
    made = decide_from_minutes(world.meeting, by=house.secretary, at=NOW)
    # The round has no text for this outcome.
    Decision.objects.filter(pk=made[0].pk).update(outcome="not_prioritised", amount=None)
    address = reverse("decisions:prepare_all", args=[world.round.code])
    said = html.unescape(sign_in(house.secretary).post(address, follow=True).content.decode())
    assert "2 brev er skrevet." in said
    assert "Prosjekt 1: Runden mangler brevtekst" in said
    assert set(Letter.objects.values_list("decision", flat=True)) == {decision.pk for decision in made[1:]}


def lines_of(person):
    return round_lines(standing_at(person, NOW), NOW.date())


def test_no_letter_waits_for_a_withdrawn_application(house, world, sign_in):
    made = decide_from_minutes(world.meeting, by=house.secretary, at=NOW)
    Application.objects.filter(pk=made[0].application_id).update(status=Status.WITHDRAWN)
    address = reverse("decisions:prepare_all", args=[world.round.code])
    said = sign_in(house.secretary).post(address, follow=True).content.decode()
    assert ("2 brev er skrevet." in said, "er trukket" in said) == (True, False)
    assert [line.letters.unsent for line in lines_of(house.secretary)] == [2]


def test_who_owes_an_assessment_does_in_bulk_what_is_done_alone(house, world, drafts, sign_in):
    owed = drafts[0].decision.application
    words = {"stage": world.round.first_stage, "due_date": NOW.date(), "assigned_by": house.chair, "assigned_at": NOW}
    Assignment.objects.create(application=owed, assessor=house.secretary, **words)
    client = sign_in(house.secretary)
    for draft in drafts[:2]:
        assert client.get(url("preview", draft)).status_code == 200
    assert bulk(client, world, "approve", *drafts[:2]) == [("success", "2 brev er godkjent.")]
    # The front page and the overview count the same letters.
    standing = standing_at(house.secretary, NOW)
    assert len(letters_of(world.round, standing)) == sum(line.letters.unsent for line in lines_of(house.secretary)) == 3


def test_the_letter_of_a_withdrawn_application_is_not_sent(house, drafts, sign_in):
    approve(drafts[0], by=house.secretary)
    Application.objects.filter(pk=drafts[0].decision.application_id).update(status=Status.WITHDRAWN)
    answer = sign_in(house.secretary).post(url("send", drafts[0]))
    assert (answer.status_code, Letter.objects.get(pk=drafts[0].pk).status) == (403, LetterStatus.APPROVED)


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_of_the_walk_costs_the_same_with_more_letters(count, house, sign_in, django_assert_num_queries):
    world = adopted(house, [("granted", 10)] * count)
    made = decide_from_minutes(world.meeting, by=house.secretary, at=NOW)
    first, *_others = [letters.prepare(decision, by=house.secretary, at=NOW) for decision in made]
    client = sign_in(house.secretary)
    client.get(url("letter", first))
    # What the page asks about the person and the case is read once, not by each question. Three keep the look.
    with django_assert_num_queries(14):
        client.get(url("letter", first))
