"""What the applicants meet when the application is sent, in correction, decided or taken back."""

from datetime import timedelta

import pytest
from django.template.loader import render_to_string

from applications import completeness, workflow
from applications.models import Application
from applications.services import correcting, signing, submitting
from applications.views import signature_page
from applications.workflow import Status
from portal.mail.models import Message
from portal.ui import Event
from tests import factories
from tests.applications import world
from tests.applications.test_views_draft import text_of, url
from tests.harness import worlds

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

OVER = {Status.GRANTED, Status.PARTLY_GRANTED, Status.REJECTED, Status.NOT_ADMITTED, Status.NOT_PRIORITISED,
        Status.ACCEPTED, Status.IN_OPERATION, Status.EVALUATED, Status.WITHDRAWN}  # fmt: skip


# Where the bar of steps has one that is not done; what ended otherwise has none.
SHOWN_ON_THE_WAY = set(Status) - {Status.WITHDRAWN, Status.REJECTED, Status.EVALUATED}


def test_nothing_decided_for_good_can_be_taken_back():
    assert workflow.WITHDRAWABLE.isdisjoint(OVER)
    assert set(Status) == workflow.WITHDRAWABLE | OVER


@pytest.mark.parametrize("status", set(Status) - {Status.DRAFT, Status.CORRECTION})
def test_a_sent_application_is_its_own_page(house, sent_application, sign_in, at, status):
    Application.objects.update(status=status, announced_at=at)
    client = sign_in(house.applicant)
    answer = client.get(url("detail", sent_application))
    assert (answer.status_code, answer["Location"]) == (302, url("sent", sent_application))
    page = text_of(client.get(answer["Location"]))
    assert ("Trekk søknaden" in page) == (status in workflow.WITHDRAWABLE)
    # The next step of a refused application is told once, with the letter.
    assert ("Hva skjer nå?" in page) == (status != Status.REJECTED)
    assert "Alle tre har signert." in page
    assert ('aria-current="step"' in client.get(answer["Location"]).text) == (status in SHOWN_ON_THE_WAY)
    assert url("receipt", sent_application) in page
    assert "Kontroller svarene og send" not in page


def test_the_bar_of_steps_says_how_far_a_sent_application_has_come(house, sent_application, sign_in, at):
    def told():
        page = sign_in(house.applicant).get(url("sent", sent_application))
        return [(step.label, step.state) for step in page.context["stages"]]

    labels = ["Skriv", "Send", "Vurdering", "Vedtak", "Gjennomføring", "Evaluering"]
    assert told() == list(zip(labels, ["done", "done", "current", "later", "later", "later"], strict=True))
    Application.objects.update(status=Status.EVALUATED, announced_at=at)
    assert told() == [(label, "done") for label in labels]
    assert sign_in(house.secretary).get(url("sent", sent_application)).context["stages"] == []


@pytest.mark.parametrize(("count", "folded"), [(5, 0), (6, 1), (9, 4)])
def test_the_newest_five_events_are_seen_and_the_rest_folded(at, count, folded):
    page = render_to_string("components/events.html", {"events": [Event(at, f"Nummer {n}") for n in range(count)]})
    shown, _fold, rest = page.partition("</summary>")
    assert (shown.count("Nummer"), rest.count("Nummer"), "til</summary>" in page) == (5, folded, folded > 0)


def test_the_sent_page_says_what_the_applicants_can_expect(house, sent_application, sign_in):
    told = sign_in(house.applicant).get(url("sent", sent_application)).context["what_now"]
    assert told == [
        "Kvitteringen er sendt på e-post. På kvitteringssiden ser dere til hvem.",
        (
            "Helsefellesskapet Troms og Ofoten kontrollerer søknaden. Mangler noe, ber sekretariatet dere rette det, "
            "med en frist."
        ),
        "Deretter blir søknaden vurdert. Dere får beskjed når det er fattet vedtak.",
    ]
    assert sign_in(house.secretary).get(url("sent", sent_application)).context["what_now"] == []


def test_what_others_have_not_told_is_not_told_here(house, sent_application, sign_in):
    Application.objects.update(status=Status.REJECTED)
    page = text_of(sign_in(house.applicant).get(url("sent", sent_application)))
    assert ("har fått avslag" in page, "blir vurdert" in page) == (False, True)


def test_a_draft_that_was_taken_back_can_be_read_and_not_sent(house, application, sign_in, at):
    submitting.withdraw(application, by=house.applicant, at=at)
    page = sign_in(house.applicant).get(url("detail", application))
    assert [group.title for group in page.context["page"].groups] == ["Søknaden"]
    assert ("Trekk søknaden" in text_of(page), "Kontroller svarene" in text_of(page)) == (False, False)


# --- the correction asked for --------------------------------------------------------------------------


@worlds.world
def in_correction(house, sent_application, at):
    """Two sections reopened for five days."""
    due = at + timedelta(days=5)
    sections = ["description", "plan"]
    correcting.request_correction(sent_application, sections, "Målgruppen mangler.", due, by=house.secretary, at=at)
    return Application.objects.get()


@pytest.mark.parametrize("name", ["detail", "sent", "receipt"])
def test_the_applicants_see_until_when_and_what_they_can_put_right(house, in_correction, sign_in, name):
    page = text_of(sign_in(house.applicant).get(url(name, in_correction)))
    assert "Målgruppen mangler." in page
    assert "Frist: torsdag 27. februar kl.\u00a019.00." in page
    for code, title in (("description", "Beskrivelse"), ("plan", "Plan og involvering")):
        assert f'<a class="ds-link" href="{url("section", in_correction, code)}">{title}</a>' in page


def test_a_part_tells_what_is_asked_for_and_leads_to_the_next_to_correct(house, in_correction, sign_in):
    client = sign_in(house.applicant)
    asked, locked, last = (
        " ".join(text_of(client.get(url("section", in_correction, code))).split())
        for code in ("description", "agreement", "plan")
    )
    for page in (asked, locked, last):
        assert "Målgruppen mangler." in page
        assert "torsdag 27. februar kl. 19.00" in page
        assert "signaturen lenger" not in page
    assert "Alle signerer på nytt når rettelsen er klar." in asked
    assert "Lagre og gå til «Plan og involvering»" in asked
    assert "Rett «Beskrivelse»" in locked
    assert "Lagre og gå til «" not in last
    posted = client.post(url("section", in_correction, "description"), {"next": "1"})
    assert posted.url == url("section", in_correction, "plan")


def test_one_who_signs_again_is_told_what_is_corrected(house, in_correction, sign_in, at):
    lead = in_correction.partners.get(role="lead")
    signatory = world.signers(house)[lead.organisation_id]
    world.set_answer(in_correction, "project-plan", "En annen plan.")
    signing.remind(Application.objects.get(), by=house.applicant, at=at + timedelta(minutes=2))
    mail = Message.objects.get(kind="signature_reminder", recipient=signatory.email)
    assert "Dere signerte 22.02.2025. Søknaden er rettet etterpå." in mail.body_text
    page = sign_in(signatory).get(url("sign", in_correction, lead.pk))
    assert page.context["corrected"] == "Endret siden du signerte 22.02.2025: «Plan og involvering»."
    assert page.context["opened"] == ["plan"]
    other = factories.user()
    since = signature_page.corrected_since(completeness.check(Application.objects.get(), at=at), lead)
    assert signature_page.says_corrected(since, lead, other.pk).startswith(f"Endret siden {lead.name} signerte")


@pytest.mark.parametrize(("is_sent", "heading"), [
    (False, "Fristen er ute, søknaden ble ikke sendt"), (True, "Fristen er ute, rettelsen ble ikke sendt"),
])  # fmt: skip
def test_what_was_not_sent_in_time_says_so_and_whom_to_ask(house, application, sign_in, clock, at, is_sent, heading):
    clock.move_to(application.round.closes_at)
    if is_sent:
        clock.move_to(at)
        submitting.submit(application, by=house.applicant, at=at)
        due = at + timedelta(days=5)
        application = Application.objects.get()
        correcting.request_correction(application, ["plan"], "Mangler.", due, by=house.secretary, at=at)
        clock.move_to(due)
    client = sign_in(house.applicant)
    home, check = client.get(url("detail", application)), client.get(url("check", application))
    address = application.round.receiver_for(application.community).address
    for page in (home, check):
        assert heading in text_of(page)
        assert "Ta kontakt med sekretariatet hvis dere skulle hatt utsatt frist:" in text_of(page)
        assert f'href="mailto:{address}"' in page.text
    if is_sent:
        sent = client.get(url("sent", application)).text
        assert (heading in sent, "Sekretariatet ber dere rette" in sent) == (True, False)
    told = home.context["page"]
    assert (told.stages, len(told.groups), told.next_step) == ([], 1, None)
    assert "klar til å sendes" not in check.text
    # Nobody can put right what is missing, or correct anything.
    assert ("Dette mangler" in check.text, "Sekretariatet ber dere rette" in home.text) == (False, False)
    if is_sent:
        _says_what_is_true_after_the_deadline(house, sign_in, application, heading)


def _says_what_is_true_after_the_deadline(house, sign_in, application, heading):
    """The receipt asked for a correction, the signatures said that it could be sent, and the secretariat waited."""
    client = sign_in(house.applicant)
    pages = {name: text_of(client.get(url(name, application))) for name in ("receipt", "signatures", "detail")}
    assert all(heading in page for page in pages.values())
    assert "Søknaden står slik dere sendte den." in pages["receipt"]
    part = text_of(client.get(url("section", application, "plan")))
    assert ("Rettelsen kom ikke innen fristen" in part, "ber dere rette" in part) == (True, False)
    asked = ("ber dere rette", "sender rettelsen", "kan sendes", "før noen trykker", "kan dere sende")
    assert [words for words in asked for page in pages.values() if words in page] == []
    told = text_of(sign_in(house.secretary).get(url("sent", application)))
    assert ("Rettelsen kom ikke innen fristen" in told, "Venter på retting" in told) == (True, False)


def test_the_signatures_of_a_correction_lead_to_the_sending_of_the_correction(house, in_correction, sign_in):
    for question in ("project-plan", "target-group"):
        world.set_answer(in_correction, question, "En ny tekst.")
    page = text_of(sign_in(house.applicant).get(url("signatures", in_correction)))
    assert "Rettelsen er ikke sendt før noen trykker «Send rettelsen»." in page
    assert "Send søknaden" not in page
    assert "sende søknaden" not in page


def test_the_secretariat_sees_the_sections_without_the_way_into_the_draft(house, in_correction, sign_in):
    page = text_of(sign_in(house.secretary).get(url("sent", in_correction)))
    assert "<li>Beskrivelse</li> <li>Plan og involvering</li>" in " ".join(page.split())
    assert url("section", in_correction, "plan") not in page


def steps(client, application):
    """The next step on the application's page, on that of the signatures and on that of the check."""
    home = client.get(url("detail", application)).context["page"].next_step
    signing = client.get(url("signatures", application)).context["page"].step
    return [home, signing, client.get(url("check", application)).context["step"]]


def test_every_page_leads_to_what_is_not_corrected(house, in_correction, sign_in):
    client = sign_in(house.applicant)
    first = steps(client, in_correction)[0]
    assert (first.title, first.act) == ("To deler er ikke rettet ennå", "Rett «Beskrivelse»")
    assert first.text == "Sekretariatet ba dere rette «Beskrivelse» og «Plan og involvering»."
    assert steps(client, in_correction) == [first] * 3
    pages = {name: text_of(client.get(url(name, in_correction))) for name in ("detail", "signatures", "check")}
    assert not any("kan sendes" in page or "klar til å sendes" in page for page in pages.values())
    assert [page.count('<a class="ds-button" href') for page in pages.values()] == [1, 1, 1]
    assert '<h1 class="ds-heading">Rettelsen er ikke sendt ennå</h1>' in pages["check"]
    # That nothing need be changed is an answer, too.
    assert "Send rettelsen slik den er" in pages["check"]
    view = client.get(url("check", in_correction)).context["view"]
    states = {section.title: section.state for section in view.sections}
    assert (states["Beskrivelse"], states["Budsjett for gjennomføring av prosjekt/pilot"]) == (
        "Ikke rettet ennå",
        "Ingenting mangler",
    )


def test_the_signatures_before_a_correction_are_of_the_text_that_was_sent(house, in_correction, sign_in):
    told = sign_in(house.applicant).get(url("signatures", in_correction)).context["page"]
    assert told.heading == "Signaturene gjelder teksten før rettelsen"
    assert [(label, {line.tone for line in lines}) for label, lines in told.groups] == [
        ("Signerte før rettelsen: 3", {"info"})
    ]
    assert [(step.label, step.state) for step in told.stages] == [
        ("Rett to deler", "current"),
        ("Be om signaturer", "later"),
        ("Alle signerer: 0 av 3", "later"),
        ("Send rettelsen", "later"),
    ]


def test_a_part_that_is_changed_back_is_not_corrected(house, in_correction, sign_in):
    client = sign_in(house.applicant)
    sent = in_correction.answers.get(question="project-plan").value
    world.set_answer(in_correction, "project-plan", "En annen plan.")
    assert [step.title for step in steps(client, in_correction)] == ["Én del er ikke rettet ennå"] * 3
    world.set_answer(in_correction, "project-plan", sent)
    assert [step.title for step in steps(client, in_correction)] == ["To deler er ikke rettet ennå"] * 3


def test_when_all_is_corrected_the_partners_sign(house, in_correction, sign_in):
    client = sign_in(house.applicant)
    world.set_answer(in_correction, "project-plan", "En annen plan.")
    Application.objects.get().correction_requests.update(sections=["plan"])
    home, _signing, check = steps(client, in_correction)
    assert (home.title, check) == ("Neste steg: alle partnerne signerer", home)
    world.set_answer(in_correction, "project-plan", "")
    assert steps(client, in_correction)[0].title == "Neste steg: kontroller og send"
