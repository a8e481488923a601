"""A change of the text voids signatures: said before it happens, when it happens, and afterwards."""

import pytest

from applications.models import Application, Signature
from applications.services import signing
from portal.acts import act
from tests.applications import world
from tests.applications.test_views_draft import post_section, text_of, url

void_stale = act(signing.void_stale)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

BEFORE = (
    "Tromsø kommune, Senja kommune, Universitetssykehuset Nord-Norge HF har signert søknaden slik den står nå. "
    "Endrer dere noe, gjelder ikke signaturen lenger, og de må signere på nytt."
)
FELL = "Teksten er endret. 3 signaturer gjelder ikke lenger: De som signerte, får e-post og må signere på nytt."
AGAIN = "Signerte 22.02.2025, men teksten er endret etterpå – må signere på nytt"
PAGES = ("section", "partners", "partner_add", "partner", "benefits", "budget", "attachments")


def pages_that_warn(client, application):
    more = {"section": ["description"], "partner": [application.partners.last().pk]}
    return [name for name in PAGES if BEFORE in text_of(client.get(url(name, application, *more.get(name, []))))]


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
    assert Signature.objects.filter(voided_at=None).count() == 0


def test_saving_the_same_text_voids_nothing_and_says_nothing(house, application, sign_in):
    client = sign_in(house.applicant)
    same = application.answers.get(question="description").value
    answer = post_section(client, application, description=same, **held(application))
    assert "gjelder ikke lenger" not in text_of(client.get(answer["Location"]))
    assert Signature.objects.filter(voided_at=None).count() == 3


@pytest.mark.parametrize("act", ["partner_lead", "partner_remove", "attachment_remove"])
def test_acts_on_partners_and_attachments_tell_it_too(house, application, sign_in, act):
    world.add_attachment(application, "other", 9, application.created_at)
    for partner in application.partners.all():
        world.sign(house, partner, application.created_at)
    number = 9 if act == "attachment_remove" else application.partners.get(organisation=house.partner).pk
    page = text_of(sign_in(house.applicant).post(url(act, application, number), follow=True))
    fallen = {"partner_remove": 2}.get(act, 3)
    assert FELL.replace("3", str(fallen)) in page


def test_autosave_tells_it_once_with_the_way_to_the_signatures(house, application, sign_in):
    client = sign_in(house.applicant)
    data = {"description": "En annen tekst", **held(application)}
    first = client.post(url("answer", application, "description"), data).json()
    assert first["voided"] == {"said": FELL, "url": url("signatures", application), "link": "Se signaturene"}
    again = {"description": "En tredje tekst", "description--version": first["version"]}
    assert "voided" not in client.post(url("answer", application, "description"), again).json()


def test_the_signatures_page_and_the_task_list_remember_who_signed(house, application, sign_in):
    world.set_answer(application, "description", "En annen tekst")
    void_stale(application, at=application.created_at)
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
    void_stale(application, at=application.created_at)
    assert application.voided_signatures == 3
    assert Application.objects.get(pk=application.pk).voided_signatures == 0
