"""A change of the text voids signatures: said before it happens, when it happens, and afterwards."""

import pytest

from applications import queries
from applications.models import Application, Signature
from applications.services import drafts, signing, submitting
from portal.acts import act
from portal.clock import now
from portal.communities.queries import standing_at
from portal.jobs.services import run_all_due
from portal.journal.models import LogEntry
from portal.mail.models import Message
from tests.applications import world
from tests.applications.test_views_draft import post_section, text_of, url

note_change = act(signing.note_change)
note_touch = act(drafts.touch)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

BEFORE = (
    "Tromsø kommune, Senja kommune, Universitetssykehuset Nord-Norge HF. "
    "Endrer dere noe, må de som har signert, signere på nytt."
)
FELL = (
    "Teksten er en annen enn den som er signert, så 3 signaturer gjelder ikke. Endrer dere den tilbake, gjelder "
    "signaturene igjen. Når teksten har stått i ro en halv time, får de som signerte, e-post om å signere på nytt."
)
AGAIN = "Signerte 22.02.2025, men teksten er endret etterpå – må signere på nytt"
PAGES = ("section", "partners", "partner_add", "partner", "benefits", "budget", "attachments")


def page_url(name, application):
    more = {"section": ["description"], "partner": [application.partners.last().pk]}
    return url(name, application, *more.get(name, []))


def pages_that_warn(client, application):
    return [name for name in PAGES if BEFORE in text_of(client.get(page_url(name, application)))]


def held(application):
    return {"description--version": application.answers.get(question="description").version}


def test_every_page_where_the_text_is_written_tells_who_has_signed(house, application, sign_in):
    assert pages_that_warn(sign_in(house.applicant), application) == list(PAGES)


def test_nothing_is_said_where_nobody_has_signed(house, unsigned, sign_in):
    assert pages_that_warn(sign_in(house.applicant), unsigned) == []


def test_nothing_is_said_to_one_who_cannot_write(house, application, sign_in, northern, clock):
    clock.move_to(northern.closes_at)
    assert pages_that_warn(sign_in(house.applicant), application) == []


def test_saving_another_text_tells_how_many_signatures_fell(house, application, sign_in):
    client = sign_in(house.applicant)
    answer = post_section(client, application, description="En annen tekst", **held(application))
    page = text_of(client.get(answer["Location"]))
    assert f'{FELL} <a class="ds-link" href="{url("signatures", application)}">Se signaturene</a>' in page
    assert queries.signed_by(application) == []


def test_saving_the_same_text_voids_nothing_and_says_nothing(house, application, sign_in):
    client = sign_in(house.applicant)
    same = application.answers.get(question="description").value
    answer = post_section(client, application, description=same, **held(application))
    assert "signaturene igjen" not in text_of(client.get(answer["Location"]))
    assert Signature.objects.filter(voided_at=None).count() == 3


@pytest.mark.parametrize("act", ["partner_lead", "partner_remove", "attachment_remove"])
def test_acts_on_partners_and_attachments_tell_it_too(house, application, sign_in, act):
    world.add_attachment(application, "other", 9, application.created_at)
    for partner in application.partners.all():
        world.sign(house, partner, application.created_at)
    Application.objects.update(signing_locked_at=None)
    number = 9 if act == "attachment_remove" else application.partners.get(organisation=house.partner).pk
    page = text_of(sign_in(house.applicant).post(url(act, application, number), follow=True))
    fallen = {"partner_remove": 2}.get(act, 3)
    assert FELL.replace("3", str(fallen), 1) in page


def test_autosave_tells_it_once_with_the_way_to_the_signatures(house, application, sign_in):
    client = sign_in(house.applicant)
    data = {"description": "En annen tekst", **held(application)}
    first = client.post(url("answer", application, "description"), data).json()
    assert first["voided"] == {"said": FELL, "url": url("signatures", application), "link": "Se signaturene"}
    again = {"description": "En tredje tekst", "description--version": first["version"]}
    assert "voided" not in client.post(url("answer", application, "description"), again).json()


def test_the_signatures_page_and_the_task_list_remember_who_signed(house, application, sign_in):
    world.set_answer(application, "description", "En annen tekst")
    note_change(application, at=application.created_at)
    world.sign(house, application.partners.get(role="lead"), application.created_at)
    client = sign_in(house.applicant)
    roster, tasks = (text_of(client.get(url(name, application))) for name in ("signatures", "detail"))
    assert [page.count(AGAIN) for page in (roster, tasks)] == [2, 2]
    assert [page.count("Har ikke signert") for page in (roster, tasks)] == [0, 0]
    states = [part.state for part in client.get(url("detail", application)).context["page"].partners]
    assert states == ["Har signert", AGAIN, AGAIN]


def test_a_no_after_a_signature_is_shown_as_a_no(house, application, sign_in):
    partner = application.partners.get(organisation=house.trust)
    signing.decline(partner, by=house.trust_signatory, reason="Egeninnsatsen er for høy.", at=application.created_at)
    page = text_of(sign_in(house.applicant).get(url("signatures", application)))
    assert ("Har takket nei" in page, AGAIN in page) == (True, False)


def test_an_application_counts_what_was_changed_through_it(application):
    world.set_answer(application, "description", "En annen tekst")
    note_change(application, at=application.created_at)
    assert application.voided_signatures == 3
    assert Application.objects.get(pk=application.pk).voided_signatures == 0


# --- locked while the partners sign -------------------------------------------------------------------


def counting(application):
    """How many partners have signed the text as it is, and how many mails have gone about it."""
    return len(queries.signed_by(application)), Message.objects.filter(kind="signature_voided").count()


@pytest.mark.fault("C4")
def test_a_keystroke_that_is_undone_voids_nothing_and_sends_nothing(house, application, sign_in, clock):
    client = sign_in(house.applicant)
    signed = application.answers.get(question="description").value
    post_section(client, application, description=f"{signed}.", **held(application))
    assert counting(application) == (0, 0)
    post_section(client, application, description=signed, **held(application))
    assert counting(application) == (3, 0)
    clock.shift(31 * 60)
    run_all_due(now())
    assert (counting(application), Signature.objects.filter(voided_at=None).count()) == ((3, 0), 3)


@pytest.mark.fault("C4")
def test_mails_go_once_when_the_text_has_stood_still_for_half_an_hour(house, application, sign_in, clock):
    client = sign_in(house.applicant)
    for text in ("En", "En annen", "En annen tekst"):
        post_section(client, application, description=text, **held(application))
        clock.shift(20 * 60)
        run_all_due(now())
    assert counting(application) == (0, 0)
    clock.shift(11 * 60)
    run_all_due(now())
    assert (counting(application), Signature.objects.filter(voided_at=None).count()) == ((0, 3), 0)


def test_a_text_that_nobody_has_signed_is_said_to_be_free_and_its_pages_lead_to_the_signatures(
    house, unsigned, sign_in
):
    signing.remind(unsigned, by=house.applicant, at=unsigned.created_at)
    client = sign_in(house.applicant)
    asks = text_of(client.get(url("signatures_open", unsigned)))
    assert ("Ingen har signert ennå, så dere kan endre fritt." in asks, "0 partnere" in asks) == (True, False)
    notice = text_of(client.get(url("section", unsigned, "description"))).split("siden «Signaturer».")[1]
    assert f'href="{url("signatures", unsigned)}"' in notice.split("</div>")[0]


@pytest.mark.fault("C4")
def test_the_first_signature_locks_the_text_until_somebody_opens_it(house, unsigned, sign_in):
    world.sign(house, unsigned.partners.get(role="lead"), unsigned.created_at)
    client = sign_in(house.applicant)
    locked = "Teksten er låst mens partnerne signerer. Må dere endre noe, åpner dere den igjen på siden «Signaturer»."
    assert [name for name in PAGES if locked in text_of(client.get(page_url(name, unsigned)))] == list(PAGES)
    before = unsigned.answers.get(question="description").value
    assert post_section(client, unsigned, description="Nytt", **held(unsigned)).status_code == 403
    assert unsigned.answers.get(question="description").value == before
    told = client.post(url("answer", unsigned, "description"), {"description": "Nytt", **held(unsigned)})
    assert (told.status_code, told.json()["said"]) == (403, locked)
    asks = text_of(client.get(url("signatures_open", unsigned)))
    assert "1 partner har signert. Åpner dere teksten og endrer den, må den signere på nytt." in asks
    assert client.post(url("signatures_open", unsigned)).status_code == 302
    assert client.post(url("signatures_open", unsigned)).status_code == 403
    assert counting(unsigned) == (1, 0)
    assert post_section(client, unsigned, description="Nytt", **held(unsigned)).status_code == 302
    assert counting(unsigned) == (0, 0)
    assert LogEntry.objects.filter(act="application.text_opened").count() == 1


@pytest.mark.fault("C4")
@pytest.mark.parametrize("role", ["nobody", "secretary", "far_secretary"])
def test_others_do_not_open_the_text(house, unsigned, sign_in, role):
    signing.remind(unsigned, by=house.applicant, at=unsigned.created_at)
    assert Application.objects.get(pk=unsigned.pk).signing_locked_at == unsigned.created_at
    assert sign_in(getattr(house, role)).post(url("signatures_open", unsigned)).status_code in {403, 404}


@pytest.mark.fault("C4")
def test_those_who_must_sign_again_are_asked_before_the_mail(house, application):
    world.set_answer(application, "description", "En annen tekst")
    note_change(application, at=application.created_at)
    waiting = queries.waiting_for(standing_at(house.signatory, application.created_at))
    assert [partner.application_id for partner in waiting] == [application.pk]


def test_a_save_that_was_on_its_way_when_the_text_was_locked_is_refused(house, unsigned, at):
    """The page was let in before the partner signed; the text that is signed stays as it was."""
    seen = Application.objects.get(pk=unsigned.pk)
    Application.objects.filter(pk=unsigned.pk).update(signing_locked_at=at)
    with pytest.raises(drafts.LockedTextError, match="låst for signering mens du skrev"):
        note_touch(seen, at=at)
    Application.objects.filter(pk=unsigned.pk).update(signing_locked_at=None)
    note_touch(seen, at=at)
    assert Application.objects.get(pk=unsigned.pk).updated_at == at


def test_nobody_is_asked_to_sign_what_was_sent_meanwhile(house, application, at, sign_in):
    seen = Application.objects.get(pk=application.pk)
    submitting.submit(application, by=house.applicant, at=at)
    mails = Message.objects.count()
    with pytest.raises(signing.SigningError, match="Noen andre har sendt eller trukket"):
        signing.remind(seen, by=house.co_applicant, at=at)
    assert (Message.objects.count(), Application.objects.get(pk=seen.pk).signing_asked_at) == (mails, None)
