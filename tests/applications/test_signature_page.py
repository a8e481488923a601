"""The page of signatures: the heading tells the news, one next step, those who are left above those who have signed."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from applications import waiting
from applications.models import Application, Signature
from applications.services import correcting, signing, submitting
from applications.snapshot import content_sha
from applications.views import signature_page
from portal.communities.models import Affiliation
from tests.applications import world
from tests.applications.test_views_draft import text_of

pytestmark = [pytest.mark.sqlite, pytest.mark.usefixtures("clock")]
WAITS = "Når alle har signert, kan dere sende søknaden."


def page_of(client, application):
    return client.get(reverse("applications:signatures", args=[application.code]))


def named(page):
    """The groups of the page with the names in each."""
    return [(label, [line.row.partner.name for line in lines]) for label, lines in page.context["page"].groups]


def test_nobody_has_signed(unsigned, applicant, sign_in):
    page = page_of(sign_in(applicant), unsigned)
    told = page.context["page"]
    assert told.heading == "Ingen har signert ennå"
    assert told.lead == f"Tromsø kommune, Senja kommune og Universitetssykehuset Nord-Norge HF gjenstår. {WAITS}"
    assert (told.step.title, told.step.is_post) == ("Be partnerne om å signere", False)
    assert [label for label, _names in named(page)] == ["Gjenstår: 3"]
    text = text_of(page)
    assert "Ingen har signert ennå, så dere kan endre fritt." in text
    assert len(re.findall(r'class="ds-button"(?![^>]*data-variant)', page.content.decode())) == 1


def test_one_who_has_signed_is_done_and_may_still_remind_the_others(house, unsigned, sign_in, at):
    lead = unsigned.partners.get(role="lead")
    world.sign(house, lead, at)
    page = page_of(sign_in(world.signers(house)[lead.organisation_id]), unsigned)
    step = page.context["page"].step
    assert (step.title, step.text, step.url) == (f"Du har signert for {lead.name}", "Du trenger ikke gjøre mer.", "")
    text = page.content.decode()
    assert not re.findall(r'class="ds-button"(?![^>]*data-variant)', text)
    assert "Send påminnelse" in text


def test_one_who_has_signed_an_unfinished_text_is_not_told_to_open_it(house, unsigned, sign_in, at):
    lead = unsigned.partners.get(role="lead")
    unsigned.benefits.update(benefit="")
    Application.objects.filter(pk=unsigned.pk).update(signing_locked_at=at, signing_asked_at=at)
    world.sign(house, Application.objects.get().partners.get(pk=lead.pk), at)
    signatory = sign_in(world.signers(house)[lead.organisation_id])
    home = signatory.get(unsigned.get_absolute_url()).context["page"]
    page = page_of(signatory, unsigned)
    for step in (home.next_step, page.context["page"].step):
        assert (step.title, step.url) == (f"Du har signert for {lead.name}", "")
    opening = reverse("applications:signatures_open", args=[unsigned.code])
    assert re.findall(rf'<a class="([^"]+)"[^>]*href="{opening}"', page.text) == ["ds-link"]


def test_those_who_are_left_stand_first_and_the_step_reminds_them(house, unsigned, applicant, sign_in, at):
    names = [partner.name for partner in unsigned.partners.all()]
    world.sign(house, unsigned.partners.get(role="lead"), at)
    page = page_of(sign_in(applicant), unsigned)
    told = page.context["page"]
    assert told.heading == "Én av tre har signert"
    assert named(page) == [("Gjenstår: 2", names[1:]), ("Har signert: 1", names[:1])]
    assert told.lead == f"{names[1]} og {names[2]} gjenstår. {WAITS}"
    assert (told.step.title, told.step.act) == ("Påminn de to som gjenstår", "Send påminnelse")
    assert f"Endres teksten, gjelder ikke signaturene fra {names[0]} lenger." in text_of(page)


def test_what_the_person_can_sign_stands_first(house, unsigned, sign_in):
    (_label, names), *_signed = named(page_of(sign_in(house.trust_signatory), unsigned))
    assert names[0] == unsigned.partners.get(organisation=house.trust).name


def test_one_who_may_sign_is_led_to_it_first(unsigned, signatory, sign_in):
    page = page_of(sign_in(signatory), unsigned)
    lead = unsigned.partners.get(role="lead")
    step = page.context["page"].step
    assert (step.title, step.is_post) == (f"Signer for {lead.name}", False)
    assert step.url == reverse("applications:sign", args=[unsigned.code, lead.pk])
    # The others can still be asked, and saying no is one press away.
    assert "Be partnerne om å signere" in text_of(page)
    assert reverse("applications:sign_decline", args=[unsigned.code, lead.pk]) in page.content.decode()


def test_when_all_have_signed_the_step_is_to_send(application, applicant, sign_in):
    page = page_of(sign_in(applicant), application)
    told = page.context["page"]
    assert (told.heading, told.lead) == ("Alle tre har signert", "Søknaden kan sendes.")
    assert (told.step.act, told.can_ask) == ("Kontroller og send", False)
    assert [label for label, _names in named(page)] == ["Har signert: 3"]


def test_a_no_is_told_with_its_reason_and_the_step_is_to_answer_it(house, unsigned, applicant, sign_in, at):
    trust = unsigned.partners.get(organisation=house.trust)
    for partner in unsigned.partners.exclude(pk=trust.pk):
        world.sign(house, partner, at)
    signing.decline(trust, by=house.trust_signatory, reason="Vi er ikke enige.", at=at)
    page = page_of(sign_in(applicant), unsigned)
    told, step = page.context["page"], page.context["page"].step
    assert (told.heading, told.lead) == (f"{trust.name} vil ikke signere", f"To av tre har signert. {WAITS}")
    assert (step.title, step.act) == (f"Svar på at {trust.name} sier nei", "Åpne teksten")
    assert "Vi er ikke enige." in text_of(page)
    Application.objects.filter(pk=unsigned.pk).update(signing_locked_at=None)
    assert page_of(sign_in(applicant), unsigned).context["page"].step.act == "Endre søknaden"


def test_a_no_is_told_at_home_and_is_not_answered_by_the_one_who_said_it(house, unsigned, applicant, sign_in, at):
    trust = unsigned.partners.get(organisation=house.trust)
    signing.remind(unsigned, by=applicant, at=at)
    signing.decline(trust, by=house.trust_signatory, reason="Vi er ikke enige.", at=at)
    step = sign_in(applicant).get(unsigned.get_absolute_url()).context["page"].next_step
    assert (step.title, step.text, step.act) == (
        f"{trust.name} vil ikke signere",
        "«Vi er ikke enige.»",
        "Se begrunnelsen",
    )
    assert step.url.endswith(f"#partner-{trust.pk}")
    assert only_task(applicant, at)[:2] == (
        f"Svar på at {trust.name} ikke vil signere «{unsigned.title}»",
        "Se begrunnelsen",
    )
    refuser = sign_in(house.trust_signatory)
    home = refuser.get(unsigned.get_absolute_url()).context["page"].next_step
    for step in (home, page_of(refuser, unsigned).context["page"].step):
        assert (step.title, step.url) == (f"Du har takket nei for {trust.name}", "")
    assert waiting.open_drafts(house.trust_signatory, at) == []


def test_what_can_no_longer_be_signed_has_no_step(application, applicant, sign_in, clock, northern):
    clock.move_to(northern.closes_at)
    told = page_of(sign_in(applicant), application).context["page"]
    assert (told.heading, told.step, told.by_paper, told.by_refusal) == ("Alle tre har signert", None, [], [])
    assert told.stages == []


def test_the_page_one_signs_on_opens_the_description_and_leaves_out_empty_options(house, unsigned, sign_in):
    world.set_answer(unsigned, "working-groups", "")
    trust = unsigned.partners.get(organisation=house.trust)
    page = sign_in(house.trust_signatory).get(reverse("applications:sign", args=[unsigned.code, trust.pk]))
    shown = {part.code for section in page.context["view"].sections for part in section.parts}
    assert page.context["opened"] == ["description"]
    assert ("obligations" in shown, "working-groups" in shown) == (True, False)
    assert page.context["corrected"] == ""


# --- how far it has come, and who was asked when ------------------------------------------------------


def stages_of(page):
    return [(stage.label, stage.state) for stage in page.context["page"].stages]


def test_the_way_from_the_text_to_the_sending_is_shown(house, unsigned, applicant, sign_in, at):
    client = sign_in(applicant)
    assert stages_of(page_of(client, unsigned)) == [
        ("Alle deler er ferdige", "done"),
        ("Be om signaturer", "current"),
        ("Alle signerer: 0 av 3", "later"),
        ("Send søknaden", "later"),
    ]
    world.set_answer(unsigned, "project-plan", "")
    assert stages_of(page_of(client, unsigned))[0] == ("Gjør alle deler ferdige", "current")


def test_when_all_have_signed_what_is_left_of_the_way_is_to_send(application, applicant, sign_in):
    assert [state for _label, state in stages_of(page_of(sign_in(applicant), application))] == [
        "done",
        "done",
        "done",
        "current",
    ]


def test_a_partner_that_was_asked_waits_with_the_time_of_the_mail(house, unsigned, applicant, sign_in, at):
    signing.remind(unsigned, by=house.applicant, at=at)
    page = page_of(sign_in(applicant), unsigned)
    told = {line.row.partner.name: (line.state, line.tone, line.note) for line in page.context["page"].lines}
    assert told["Tromsø kommune"] == ("Venter på signatur", "warning", "E-post om å signere: 22.02.2025 kl.\u00a019.00")


def test_nobody_is_reminded_on_the_day_of_the_mail(house, unsigned, applicant, sign_in, at, clock):
    signing.remind(unsigned, by=house.applicant, at=at)
    page = page_of(sign_in(applicant), unsigned)
    step = page.context["page"].step
    assert (step.title, step.url) == ("Tre skal signere", "")
    assert step.text == "Alle fikk e-post i dag. I morgen kan dere sende en påminnelse."
    assert "Send påminnelse" not in page.text
    assert "Teksten er låst. Åpne den hvis noe må endres; ingen har signert ennå." in text_of(page)
    Affiliation.objects.filter(organisation=house.trust).update(may_sign=False)
    step = page_of(sign_in(applicant), unsigned).context["page"].step
    assert step.text.startswith("De som har bruker i portalen, fikk e-post i dag.")
    clock.move_to(at + timedelta(days=1))
    assert page_of(sign_in(applicant), unsigned).context["page"].step.act == "Send påminnelse"


def test_the_date_of_the_agreement_is_said_when_it_is_not_the_day_of_the_signature(
    house, unsigned, applicant, sign_in, at
):
    lead, other, _trust = unsigned.partners.all()
    world.sign(house, lead, at)
    world.sign(house, other, at)
    other.signatures.update(agreement_date="2025-02-01")
    page = page_of(sign_in(applicant), unsigned)
    notes = {line.row.partner.pk: line.note for line in page.context["page"].lines}
    assert (notes[lead.pk], notes[other.pk]) == ("I portalen.", "I portalen. Avtalens dato: 01.02.2025.")
    assert "Søknaden er ikke sendt før noen trykker «Send søknaden»." in text_of(page)


# --- asking the partners, and a text that is locked --------------------------------------------------


def ask_page(client, application):
    return client.get(reverse("applications:signatures_remind", args=[application.code]))


def test_before_the_partners_are_asked_the_page_says_who_gets_mail_and_that_the_text_is_locked(
    unsigned, applicant, sign_in
):
    asking = ask_page(sign_in(applicant), unsigned).context["asking"]
    assert asking.title == "Be partnerne om å signere?"
    mail, locks = asking.points
    assert mail.startswith("E-post går til:")
    assert "Siri Signatory (Tromsø kommune)" in mail
    assert locks == "Teksten låses for alle til noen åpner den igjen."
    assert Application.objects.get(pk=unsigned.pk).signing_locked_at is None


def test_many_who_get_mail_stand_below_each_other():
    few, many = (signature_page._mail_to([f"Signatar {number}" for number in range(count)]) for count in (3, 4))
    assert few == "E-post går til Signatar 0, Signatar 1 og Signatar 2."
    assert many.count("<li>") == 4


def test_what_is_missing_is_said_before_the_partners_are_asked(unsigned, applicant, sign_in):
    world.set_answer(unsigned, "project-plan", "")
    page = ask_page(sign_in(applicant), unsigned)
    assert page.context["asking"].title == "Søknaden er ikke ferdig. Be om signaturer likevel?"
    assert "Ett svar mangler. Når dere fyller ut resten, må de som har signert, signere på nytt." in text_of(page)
    assert reverse("applications:check", args=[unsigned.code]) in page.content.decode()


def test_it_is_said_when_nobody_can_be_asked(house, unsigned, applicant, sign_in):
    Affiliation.objects.filter(may_sign=True).update(may_sign=False)
    points = ask_page(sign_in(applicant), unsigned).context["asking"].points
    assert points[0] == "Ingen får e-post: de som kan signere, har ikke bruker i portalen."


def test_a_locked_text_that_is_not_finished_is_to_be_opened_on_every_page(house, unsigned, signatory, sign_in, at):
    world.set_answer(unsigned, "project-plan", "")
    signing.remind(Application.objects.get(pk=unsigned.pk), by=house.applicant, at=at)
    client = sign_in(house.applicant)
    home = client.get(unsigned.get_absolute_url()).context["page"].next_step
    assert home == page_of(client, unsigned).context["page"].step
    assert (home.act, home.url) == ("Åpne teksten", reverse("applications:signatures_open", args=[unsigned.code]))
    assert home.text == "Ett svar mangler, og teksten er låst mens partnerne signerer."
    # The front page leads to the signatures, and one who may sign is led to the text with what it lacks.
    assert [task.title for task in waiting.open_drafts(house.applicant, at)] == [
        f"Samle signaturene til «{unsigned.title}»"
    ]
    client = sign_in(signatory)
    home = client.get(unsigned.get_absolute_url()).context["page"].next_step
    assert home == page_of(client, unsigned).context["page"].step
    assert home.text.startswith("Ett svar mangler i teksten. Du har fullmakt.")


def test_a_locked_text_that_is_finished_waits_for_the_signatures(house, unsigned, sign_in, at):
    signing.remind(unsigned, by=house.applicant, at=at)
    home = sign_in(house.applicant).get(unsigned.get_absolute_url()).context["page"].next_step
    assert (home.title, home.act) == ("Neste steg: alle partnerne signerer", "Gå til signaturene")


def only_task(person, at):
    (task,) = waiting.open_drafts(person, at)
    return task.title, task.act, task.url


def test_front_page_leads_to_the_signatures_until_the_last_and_then_to_the_sending(house, unsigned, at):
    world.sign(house, unsigned.partners.get(role="lead"), at)
    title = unsigned.title
    assert only_task(house.applicant, at)[:2] == (f"Samle signaturene til «{title}»", "Se signaturene")
    world.sign_all(house, unsigned, at)
    url = reverse("applications:check", args=[unsigned.code])
    assert only_task(house.applicant, at) == (f"Send «{title}»", "Send søknaden", url)
    unsigned.attachments.all().delete()
    unsigned.answers.filter(question="project-plan").delete()
    Signature.objects.all().update(text_sha256=content_sha(unsigned))
    Application.objects.update(text_sha256=content_sha(unsigned))
    assert only_task(house.applicant, at) == (f"Gjør ferdig «{title}»", "Se hva som mangler", url)


def test_front_page_leads_to_a_correction_that_all_have_signed(house, unsigned, at):
    world.sign_all(house, unsigned, at)
    submitting.submit(Application.objects.get(pk=unsigned.pk), by=house.applicant, at=at)
    due = at + timedelta(days=14)
    sent = Application.objects.get(pk=unsigned.pk)
    correcting.request_correction(sent, ["plan"], "Mangler.", due, by=house.secretary, at=at)
    world.set_answer(Application.objects.get(pk=unsigned.pk), "project-plan", "Ny plan", at=at)
    world.sign_all(house, Application.objects.get(pk=unsigned.pk), at)
    assert only_task(house.applicant, at)[:2] == (f"Send rettelsen av «{unsigned.title}»", "Send rettelsen")


def test_one_who_only_signs_has_nothing_to_write(house, unsigned, signatory, at):
    assert waiting.open_drafts(signatory, at) == []
    assert len(waiting.open_drafts(house.applicant, at)) == 1
    unsigned.partners.get(role="lead").contacts.create(name="Siri", email=signatory.email.upper())
    assert len(waiting.open_drafts(signatory, at)) == 1


def test_a_partner_that_has_signed_a_locked_text_has_nothing_left_and_the_lead_sends(house, unsigned, at):
    for partner in unsigned.partners.all():
        world.sign(house, partner, at)
    assert waiting.open_drafts(house.co_applicant, at) == []
    assert len(waiting.open_drafts(house.applicant, at)) == 1
    Application.objects.update(signing_locked_at=None)
    assert len(waiting.open_drafts(house.co_applicant, at)) == 1
