"""Between the decision and its letter an applicant sees nothing of the outcome, on any page."""

import io
import re
from datetime import timedelta
from functools import cache

import pytest
from django.apps import apps
from django.urls import reverse
from pypdf import PdfReader

from applications.models import Application
from applications.services import correcting, submitting
from applications.services.status import TransitionError, advance, announce
from applications.workflow import Status
from evaluation.assessment.services import admission
from evaluation.decisions.models import Letter
from evaluation.decisions.services import letters
from evaluation.decisions.services.deciding import decide_from_minutes
from portal.communities.queries import standing_at
from portal.journal.models import LogEntry
from tests.decisions.world import adopted, application, approve
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

AMOUNT = 734_000
OUTCOMES = [("granted", AMOUNT), ("partly_granted", AMOUNT), ("rejected", None), ("postponed", None)]
PEOPLE = ("applicant", "co_applicant", "signatory", "applicant")
SECRETS = ("734 000", "734000", "SSU vedtar punkt", "Utvalgets begrunnelse", "Innstillingens begrunnelse")


def guessed(world):
    """Every address that somebody who knows the portal might try, with what stands in it."""
    application, meeting = world.applications[0], world.meeting
    case = meeting.cases.get(application=application)
    of_code = [
        "applications:detail", "applications:sent", "applications:receipt",
        "applications:check", "applications:partners", "applications:benefits", "applications:budget",
        "applications:attachments", "applications:signatures", "applications:withdraw", "followup:project",
        "followup:accept", "followup:start", "followup:evaluation", "assessment:detail",
    ]  # fmt: skip
    of_meeting = ["room", "screen", "agenda", "minutes", "minutes_pdf", "projector"]
    of_case = ["case", "paper_pdf", "extract_pdf"]
    return [
        reverse("portal:home"),
        *(reverse(name) for name in ("applications:list", "followup:overview", "meetings:list", "decisions:rounds")),
        *(reverse(name) for name in ("meetings:cases", "portal:log", "assessment:desk", "portal:my_page")),
        *(reverse(name, args=[application.code]) for name in of_code),
        reverse("applications:version", args=[application.code, 1]),
        *(reverse(f"meetings:{name}", args=[meeting.pk]) for name in of_meeting),
        *(reverse(f"meetings:{name}", args=[case.pk]) for name in of_case),
        reverse("decisions:overview", args=[world.round.code]),
        reverse("assessment:round", args=[world.round.code]),
        reverse("rounds:detail", args=[world.round.code]),
        *(reverse(f"decisions:{name}", args=[f"{application.code}-1"]) for name in ("letter", "letter_pdf")),
    ]


def plain(text):
    """The text without what differs each time it is asked for."""
    return re.sub(r"\b(\w{64}|\w{32})\b", "", text)


@cache
def text_of(pdf):
    """What the document says; to read it takes as long as many pages, and most are the same after the decision."""
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def crawled(client, first):
    """What the person reads from the addresses and from every link on the pages they lead to."""
    seen, waiting = {}, list(first)
    while waiting:
        url = waiting.pop()
        if url in seen:
            continue
        answer = client.get(url)
        body = b"".join(answer) if answer.streaming else answer.content
        text = text_of(body) if answer.headers["Content-Type"] == "application/pdf" else body.decode()
        seen[url] = (answer.status_code, plain(text))
        links = (
            re.findall(r'href="(/(?:applications|assessment|meetings|decisions|follow-up)/[^"#]*)', text)
            if answer.status_code == 200
            else []
        )
        waiting += links
    return seen


@pytest.mark.parametrize(
    ("role", "outcome", "amount"),
    [
        pytest.param(role, *award, marks=pytest.mark.release if number else [])
        for number, (role, award) in enumerate(zip(PEOPLE, OUTCOMES, strict=True))
    ],
)
def test_nothing_an_applicant_may_open_changes_with_the_decision(role, outcome, amount, house, sign_in):
    world = adopted(house, [(outcome, amount)])
    client, addresses = sign_in(getattr(house, role)), guessed(world)
    before = crawled(client, addresses)
    later = NOW + timedelta(days=1)
    (decision,) = decide_from_minutes(world.meeting, by=house.secretary, at=later)
    letters.prepare(decision, by=house.secretary, at=later)
    after = crawled(client, addresses)
    assert [url for url in after if after[url] != before.get(url)] == []
    assert [(url, word) for url, (_code, text) in after.items() for word in SECRETS if word in text] == []


@pytest.mark.parametrize("status", ["not_admitted", "not_prioritised"])
def test_what_is_told_without_a_meeting_waits_for_its_letter_too(status, house, sign_in):
    world = adopted(house)
    refused = application(house, world.round, status=status)
    page = sign_in(house.applicant).get(reverse("applications:sent", args=[refused.code])).content.decode()
    known = {"not_admitted": "Sendt", "not_prioritised": "Til vurdering"}[status]
    assert re.findall(r'<span class="state"[^>]*>([^<]+)', page) == [known]


@pytest.mark.parametrize(("role", "shown"), [("applicant", "Til vurdering"), ("secretary", "Innvilget")])
def test_those_who_handle_it_see_the_real_status(role, shown, house, sign_in):
    world = adopted(house)
    (decision,) = decide_from_minutes(world.meeting, by=house.secretary, at=NOW)
    application = decision.application
    page = sign_in(getattr(house, role)).get(reverse("applications:sent", args=[application.code])).content.decode()
    assert re.findall(r'<span class="state"[^>]*>([^<]+)', page) == [shown]
    assert application.status_for(standing_at(getattr(house, role), NOW)).label == shown


def test_the_letter_tells_the_outcome_at_last(house, sign_in):
    (decision,) = decide_from_minutes(adopted(house).meeting, by=house.secretary, at=NOW)
    letter = letters.prepare(decision, by=house.secretary, at=NOW)
    approve(letter, by=house.hospital_secretary)
    later = NOW + timedelta(hours=1)
    letters.send(letter, by=house.secretary, at=later)
    application = Application.objects.get()
    assert (application.announced_at, application.known_status) == (later, Status.GRANTED)
    page = sign_in(house.applicant).get(reverse("applications:sent", args=[application.code])).content.decode()
    assert "Vedtaket ble sendt til søkerne." in page
    assert re.findall(r'<span class="state"[^>]*>([^<]+)', page) == ["Innvilget"]


def test_the_first_telling_stands(house):
    (decision,) = decide_from_minutes(adopted(house).meeting, by=house.secretary, at=NOW)
    announce(decision.application, by=house.secretary, at=NOW)
    announce(Application.objects.get(), by=house.secretary, at=NOW + timedelta(days=1))
    assert Application.objects.get().announced_at == NOW
    assert LogEntry.objects.filter(act="application.announced").count() == 1


def test_a_new_outcome_after_a_told_postponement_waits_for_its_own_letter(house):
    (decision,) = decide_from_minutes(adopted(house, [("postponed", None)]).meeting, by=house.secretary, at=NOW)
    announce(decision.application, by=house.secretary, at=NOW)
    application = advance(Application.objects.get(), "grant", by=house.secretary, at=NOW)
    assert (application.announced_at, application.known_status) == (None, Status.POSTPONED)
    assert Application.objects.get().known_status == Status.POSTPONED


def test_an_award_that_nobody_has_told_cannot_be_accepted(house):
    (decision,) = decide_from_minutes(adopted(house).meeting, by=house.secretary, at=NOW)
    with pytest.raises(TransitionError, match="Til vurdering"):
        advance(decision.application, "accept", by=house.signatory, at=NOW)


@pytest.mark.parametrize(("outcome", "amount"), OUTCOMES)
def test_who_does_not_know_the_outcome_may_still_withdraw(outcome, amount, house):
    (decision,) = decide_from_minutes(adopted(house, [(outcome, amount)]).meeting, by=house.secretary, at=NOW)
    assert advance(decision.application, "withdraw", by=house.applicant, at=NOW).status == Status.WITHDRAWN


def test_a_told_rejection_cannot_be_withdrawn(house):
    (decision,) = decide_from_minutes(adopted(house, [("rejected", None)]).meeting, by=house.secretary, at=NOW)
    seen = Application.objects.get()
    announce(decision.application, by=house.secretary, at=NOW)
    for told in (seen, Application.objects.get()):
        with pytest.raises(TransitionError, match="Avslag"):
            advance(told, "withdraw", by=house.applicant, at=NOW)


def test_the_migration_tells_what_sent_letters_have_told_and_nothing_else(house):
    world = adopted(house, [("granted", 10), ("rejected", None)])
    told, untold = decide_from_minutes(world.meeting, by=house.secretary, at=NOW)
    letter = letters.prepare(told, by=house.secretary, at=NOW)
    Letter.objects.filter(pk=letter.pk).update(status="sent", sent_at=NOW + timedelta(days=2))
    letters.prepare(untold, by=house.secretary, at=NOW)
    carry = __import__("evaluation.decisions.migrations.0002_announce_sent_letters", fromlist=["x"])
    carry.announce_sent_letters(apps, None)
    announced = dict(Application.objects.values_list("pk", "announced_at"))
    assert [announced[item.application_id] for item in (told, untold)] == [NOW + timedelta(days=2), None]


@pytest.mark.parametrize("name", ["refuse_admission", "prioritise", "leave_out"])
def test_list_of_the_applicants_shows_no_trace_of_when_an_outcome_came(name, house, sign_in):
    """Of two applications the one that goes on would else rise to the top, with the time of it beside."""
    world = adopted(house)
    source = {"refuse_admission": Status.SUBMITTED}.get(name, Status.ADMITTED)
    first, _other = (application(house, world.round, title=title, status=source) for title in ("A", "B"))
    client = sign_in(house.applicant)
    pages = [reverse("applications:list"), reverse("portal:home"), reverse("applications:sent", args=[first.code])]
    before = [plain(client.get(page).content.decode()) for page in pages]
    advance(first, name, by=house.secretary, at=NOW + timedelta(days=1))
    assert [plain(client.get(page).content.decode()) for page in pages] == before
    announce(first, by=house.secretary, at=NOW + timedelta(days=2))
    assert Application.objects.get(pk=first.pk).updated_at == NOW + timedelta(days=2)


def test_closing_an_unanswered_correction_waits_for_its_letter(house, sign_in):
    corrected = application(house, adopted(house).round, status=Status.SUBMITTED)
    wanted = [corrected.round.spec.sections[0].code]
    due_at = NOW - timedelta(hours=1)
    correcting.request_correction(
        corrected, wanted, "Rett budsjettet.", due_at, by=house.secretary, at=NOW - timedelta(days=9)
    )
    client = sign_in(house.applicant)
    names = ("detail", "sent", "receipt", "check", "signatures", "budget")
    pages = [reverse("portal:home"), *(reverse(f"applications:{name}", args=[corrected.code]) for name in names)]

    def seen():
        answers = [client.get(page, follow=True) for page in pages]
        return [(answer.status_code, plain(answer.content.decode())) for answer in answers]

    before = seen()
    admission.close_unanswered(corrected, reason="Rettelsen kom ikke.", by=house.secretary, at=NOW)
    assert seen() == before
    assert (Application.objects.get(pk=corrected.pk).known_status, corrected.status) == (
        Status.CORRECTION,
        Status.NOT_ADMITTED,
    )
    for act in (submitting.resubmit, submitting.submit):
        with pytest.raises((submitting.LateError, TransitionError)):
            act(Application.objects.get(pk=corrected.pk), by=house.applicant, at=NOW)
    office = sign_in(house.secretary).get(pages[2]).content.decode()
    assert ("Avvist" in office, "Rett budsjettet." in office) == (True, True)


def test_a_call_is_decided_when_everybody_who_applied_has_been_told(client, house):
    world = adopted(house, [("granted", AMOUNT), ("rejected", None)])
    Application.objects.filter(pk=application(house, world.round, "Trukket", Status.WITHDRAWN).pk).update(receipt="")

    def said():
        (call,) = client.get(reverse("rounds:list")).context["past"]
        return call.state.label, "Avgjort" in client.get(world.round.get_absolute_url()).text

    decide_from_minutes(world.meeting, by=house.secretary, at=NOW)
    assert said() == ("Fristen er ute", False)
    for number, made in enumerate(world.applications, start=1):
        made.refresh_from_db()
        announce(made, by=house.secretary, at=NOW)
        assert said() == (("Avgjort", True) if number == len(world.applications) else ("Fristen er ute", False))


def test_a_refusal_is_said_once_with_the_letter_and_ends_the_process(house, sign_in):
    (decision,) = decide_from_minutes(adopted(house, [("rejected", None)]).meeting, by=house.secretary, at=NOW)
    letter = letters.prepare(decision, by=house.secretary, at=NOW)
    approve(letter, by=house.hospital_secretary)
    letters.send(letter, by=house.secretary, at=NOW)
    page = sign_in(house.applicant).get(reverse("applications:sent", args=[decision.application.code]))
    assert [step.state for step in page.context["stages"]] == ["done"] * 4
    assert "Brevet ble sendt i dag, og forteller hvorfor." in page.text
    assert page.text.count(f'href="{letter.get_absolute_url()}"') == 1
