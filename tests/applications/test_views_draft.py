"""The pages of a draft: list, start, task list, sections, partners, benefits, budget."""

import re

import pytest
from django.urls import reverse

from applications import completeness, queries
from applications.models import Application, Contact
from applications.services import signing
from applications.services.drafts import ApplicationOwner
from applications.workflow import Status
from rounds.answering.forms.sections import digest_of
from rounds.answering.models import Answer
from tests import factories
from tests.applications import world
from tests.applications.test_permissions import ask_for_correction

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def url(name, application, *more):
    return reverse(f"applications:{name}", args=[application.code, *more])


def text_of(page):
    return page.content.decode()


PAGES = ("detail", "section", "partners", "partner_add", "partner", "benefits", "budget", "attachments")


def answers_to(client, application):
    """The status of every page of the draft."""
    more = {"section": ["description"], "partner": [application.partners.last().pk]}
    return {name: client.get(url(name, application, *more.get(name, []))).status_code for name in PAGES}


@pytest.mark.parametrize(
    ("person", "status"),
    [("applicant", 200), ("co_applicant", 200), ("fsu_leader", 200), ("stranger", 404), ("secretary", 404),
     ("nobody", 404), ("assessor", 404)],
)  # fmt: skip
def test_pages_of_a_draft_are_for_its_writers(house, draft, sign_in, person, status):
    assert answers_to(sign_in(getattr(house, person)), draft) == dict.fromkeys(PAGES, status)


def test_pages_of_a_draft_send_the_unknown_to_sign_in(draft, client):
    assert answers_to(client, draft) == dict.fromkeys(PAGES, 302)


def test_the_secretariat_is_shown_what_was_sent_and_not_the_drafts_pages(house, sent_application, sign_in):
    client = sign_in(house.secretary)
    answer = client.get(url("detail", sent_application))
    assert (answer.status_code, answer.url) == (302, url("sent", sent_application))
    assert client.get(url("section", sent_application, "description")).status_code == 403


# --- list and start -----------------------------------------------------------------------------------


def test_list_is_empty_with_a_way_to_begin(house, northern, sign_in):
    page = text_of(sign_in(house.applicant).get(reverse("applications:list")))
    assert "Dere har ingen søknader ennå" in page
    assert reverse("applications:start", args=[northern.code]) in page


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_nine_queries(house, northern, at, sign_in, django_assert_num_queries, count):
    for number in range(count):
        world.draft(house, northern, at=at, title=f"Prosjekt {number}")
    client = sign_in(house.co_applicant)
    # The keys of the page are read first, then these rows alone: sorting whole rows grew with the applications.
    with django_assert_num_queries(9):
        page = client.get(reverse("applications:list"))
    assert page.text.count('">Prosjekt ') == count


def test_list_has_fifty_a_page(house, northern, at, sign_in):
    """The 51st is on the second page; the choice above is kept from page to page."""
    for number in range(51):
        world.draft(house, northern, at=at, title=f"Prosjekt {number}")
    client = sign_in(house.co_applicant)
    pages = [text_of(client.get(reverse("applications:list"), {"page": page, "show": "editable"})) for page in (1, 2)]
    assert [page.count('">Prosjekt ') for page in pages] == [50, 1]
    assert "show=editable" in pages[0]


@pytest.mark.parametrize(("status", "announced", "shown"), [
    ("draft", False, "editable"), ("correction", False, "editable"), ("submitted", False, "sent"),
    ("rejected", False, "sent"), ("rejected", True, "ended"), ("evaluated", True, "ended"),
    ("withdrawn", False, "ended"), ("granted", True, "sent"),
])  # fmt: skip
def test_list_shows_one_kind_by_what_the_applicants_know(house, northern, at, sign_in, status, announced, shown):
    application = world.draft(house, northern, at=at, title="Prosjekt 1")
    sent = None if status == "draft" else at
    told = at if announced else None
    Application.objects.filter(pk=application.pk).update(status=status, submitted_at=sent, announced_at=told)
    client = sign_in(house.applicant)
    where = [
        kind for kind in ("editable", "sent", "ended", "", "unknown")
        if "Prosjekt 1" in text_of(client.get(reverse("applications:list"), {"show": kind}))
    ]  # fmt: skip
    assert where == [shown, "", "unknown"]


def test_start_says_who_owns_the_project_when_there_is_nobody_else(house, northern, sign_in):
    page = text_of(sign_in(house.applicant).get(reverse("applications:start", args=[northern.code])))
    assert "Tromsø kommune eier prosjektet og er ansvarlig søker." in page
    assert 'type="radio"' not in page
    both = text_of(sign_in(house.fsu_leader).get(reverse("applications:start", args=[northern.code])))
    assert ("eier prosjektet." in both, both.count('name="owner"')) == (False, 2)


def start(client, round_, **data):
    fields = {"community": "troms-ofoten", "title": "Bedre i lag", "owner": "", "lead": "", **data}
    return client.post(reverse("applications:start", args=[round_.code]), fields)


def test_start_by_an_organisation_makes_a_draft(house, northern, sign_in):
    answer = start(sign_in(house.applicant), northern, owner=f"organisation-{house.lead.pk}")
    made = Application.objects.get()
    assert (answer.status_code, answer.url) == (302, made.get_absolute_url())
    assert (made.community, made.partners.get().organisation, made.owner_body) == (house.community, house.lead, None)


def test_start_by_an_fsu_asks_for_a_legal_lead(house, northern, sign_in):
    client = sign_in(house.fsu_leader)
    refused = start(client, northern, owner=f"body-{house.fsu.code}")
    assert refused.status_code == 422
    assert "Velg en organisasjon som ansvarlig søker. Et utvalg har ikke organisasjonsnummer." in text_of(refused)
    start(client, northern, owner=f"body-{house.fsu.code}", lead=house.partner.pk)
    made = Application.objects.get()
    assert (made.owner_body, made.partners.get().organisation) == (house.fsu, house.partner)


@pytest.mark.parametrize(
    "data",
    [
        {"title": ""},
        {"title": "x" * 201},
        {"owner": "organisation-0"},
        {"owner": "body-ssu"},
        {"community": "finnmark"},
    ],
)
def test_start_refuses_and_keeps_what_was_typed(house, northern, sign_in, data):
    answer = start(sign_in(house.applicant), northern, **{"owner": f"organisation-{house.lead.pk}", **data})
    assert (answer.status_code, Application.objects.count()) == (422, 0)
    assert answer.context["form"]["title"].value() == data.get("title", "Bedre i lag")


def test_start_is_closed_when_the_round_is(house, northern, sign_in, clock):
    clock.move_to(northern.closes_at)
    answer = start(sign_in(house.applicant), northern, owner=f"organisation-{house.lead.pk}")
    assert (answer.status_code, Application.objects.count()) == (403, 0)
    assert "Søknadsfristen gikk ut 01.03.2025" in text_of(answer)


def test_start_is_for_those_who_belong_to_the_round(house, sign_in, at):
    innlandet = world.real_round("innlandet-2024")
    answer = sign_in(house.applicant).get(reverse("applications:start", args=[innlandet.code]))
    assert answer.status_code == 403


# --- the task list ----------------------------------------------------------------------------------------


def tasks(client, application):
    page = client.get(url("detail", application)).context["page"]
    return {task.title: (task.label, task.hint) for group in page.groups for task in group.tasks}


def test_task_list_tells_how_far_each_section_is(house, unsigned, sign_in):
    Answer.objects.filter(question__in=["project-plan", "patient-responsibility", "digital"]).delete()
    listed = tasks(sign_in(house.applicant), unsigned)
    assert listed["Beskrivelse"] == ("Utfylt", "")
    assert listed["Plan og involvering"] == ("Påbegynt", "Ett svar mangler")
    assert listed["Ansvar og digitale løsninger"] == ("Ikke påbegynt", "To svar mangler")
    assert listed["Signaturer"][0] == "Ikke påbegynt"
    assert listed["Signaturer"][1] == "Ingen har signert ennå"
    # The count is said once, and leads to the list of what is missing.
    assert listed["Kontroller svarene og send"][1] == "Tre svar og tre signaturer mangler først"
    assert text_of(sign_in(house.applicant).get(url("detail", unsigned))).count("mangler først") == 1
    page = sign_in(house.applicant).get(url("check", unsigned))
    assert "Tre svar og tre signaturer mangler før dere kan sende" in text_of(page)
    unsigned.benefits.all().delete()
    assert tasks(sign_in(house.applicant), unsigned)["Forventet nytte – tabell"] == ("Ikke påbegynt", "Valgfritt")


def test_task_list_of_a_correction_names_what_must_be_put_right(house, sent_application, at, sign_in):
    Application.objects.filter(pk=sent_application.pk).update(status=Status.CORRECTION)
    ask_for_correction(sent_application, at)
    client = sign_in(house.applicant)
    assert tasks(client, sent_application)["Beskrivelse"] == ("Må rettes", "Sekretariatet har bedt om retting")
    assert tasks(client, sent_application)["Plan og involvering"] == ("Utfylt", "")
    page = client.get(url("detail", sent_application))
    assert "Beskriv målgruppen" in text_of(page)
    # What was signed is the text that is to be corrected.
    assert tasks(client, sent_application)["Signaturer"] == ("Ikke fullført", "Rettes teksten, må alle signere på nytt")
    states = {part.state for part in page.context["page"].partners}
    assert states == {"Signerte før rettelsen"}


@pytest.mark.parametrize("count", [1, 3])
def test_task_list_takes_eleven_queries_however_much_is_written(
    house, unsigned, sign_in, django_assert_num_queries, count
):
    for _number in range(count):
        world.add_benefit(unsigned)
        world.add_attachment(unsigned, "other", 10 + _number, unsigned.created_at)
    client = sign_in(house.co_applicant)
    with django_assert_num_queries(11):
        client.get(url("detail", unsigned))


# --- a section -----------------------------------------------------------------------------------------------


def post_section(client, application, section="description", **data):
    return client.post(url("section", application, section), data)


def test_section_saves_and_goes_on(house, draft, sign_in):
    client = sign_in(house.applicant)
    answer = post_section(client, draft, description="Vi vil finne en modell", next="1")
    assert (answer.status_code, answer.url) == (302, url("section", draft, "benefits"))
    assert Answer.objects.get(question="description").value == "Vi vil finne en modell"
    assert post_section(client, draft, description="Ny", **{"description--version": "1"}).url == url("detail", draft)


def test_section_shows_both_texts_and_lets_the_person_choose(house, draft, at, sign_in):
    world.save_answer(
        ApplicationOwner(draft), "description", "Carls tekst", base_version=0, by=house.co_applicant, at=at
    )
    client = sign_in(house.applicant)
    conflict = post_section(client, draft, description="Annes tekst", **{"description--version": "0"})
    assert conflict.status_code == 409
    assert "Carl Coapplicant endret dette svaret" in text_of(conflict)
    assert "Carls tekst" in text_of(conflict)
    assert "Annes tekst" in text_of(conflict)
    choice = {"description--version": "0", "description--theirs": "1"}
    post_section(client, draft, description="Annes tekst", **choice, **{"description--choice": "theirs"})
    assert Answer.objects.get().value == "Carls tekst"
    post_section(client, draft, description="Annes tekst", **choice, **{"description--choice": "mine"})
    assert (Answer.objects.get().value, Answer.objects.get().version) == ("Annes tekst", 2)


def test_section_does_not_quarrel_over_what_the_person_left_alone(house, draft, at, sign_in):
    world.save_answer(ApplicationOwner(draft), "description", "Først", base_version=0, by=house.applicant, at=at)
    world.save_answer(ApplicationOwner(draft), "description", "Carls nye", base_version=1, by=house.co_applicant, at=at)
    seen = {"description--version": "1", "description--was": digest_of("Først")}
    answer = post_section(sign_in(house.applicant), draft, description="Først", **seen)
    assert (answer.status_code, Answer.objects.get().value) == (302, "Carls nye")


def test_section_posted_a_second_too_late_keeps_the_text_on_the_page(house, draft, northern, sign_in, clock):
    clock.move_to(northern.closes_at)
    client = sign_in(house.applicant)
    answer = post_section(client, draft, description="Den siste setningen")
    assert (answer.status_code, Answer.objects.count()) == (403, 0)
    assert "Fristen gikk ut 01.03.2025" in text_of(answer)
    assert "Den siste setningen" in text_of(answer)


def test_section_that_is_not_reopened_is_shown_but_not_saved(house, sent_application, at, sign_in):
    Application.objects.filter(pk=sent_application.pk).update(status=Status.CORRECTION)
    ask_for_correction(sent_application, at)
    client = sign_in(house.applicant)
    plan, description = Answer.objects.get(question="project-plan"), Answer.objects.get(question="description")
    late = post_section(
        client, sent_application, "plan", **{"project-plan": "Ny", "project-plan--version": plan.version}
    )
    assert (late.status_code, Answer.objects.get(question="project-plan").value) == (403, plan.value)
    good = {"description": "Rettet", "description--version": description.version}
    post_section(client, sent_application, **good)
    assert Answer.objects.get(question="description").value == "Rettet"


def test_section_adds_a_table_row_without_a_script(house, draft, sign_in):
    data = {"milestones--rows": "1", "milestones--0--milestone": "Oppstart", "add_row": "milestones"}
    answer = post_section(sign_in(house.applicant), draft, "plan", **data)
    group = next(item for item in answer.context["blocks"] if item.question.code == "milestones")
    assert (answer.status_code, len(group.table.rows)) == (200, 2)
    assert Answer.objects.get().value[0]["milestone"] == "Oppstart"


def test_section_with_a_table_saves_its_rows_and_voids_signatures(house, draft, at, sign_in):
    world.sign(house, draft.partners.get(organisation=house.partner), at)
    signing.open_text(draft, by=house.applicant, at=at)
    assert queries.signed_by(draft) == [house.partner.name]
    data = {"project-plan": "Vi starter i mai", "milestones--rows": "1", "milestones--0--milestone": "Oppstart"}
    answer = post_section(sign_in(house.applicant), draft, "plan", **data)
    assert (answer.status_code, answer.url) == (302, url("detail", draft))
    values = {answer.question: answer.value for answer in Answer.objects.all()}
    assert values["project-plan"] == "Vi starter i mai"
    assert [row["milestone"] for row in values["milestones"]] == ["Oppstart"]
    assert queries.signed_by(draft) == []


def test_section_that_the_form_does_not_have_is_404(house, draft, sign_in):
    assert sign_in(house.applicant).get(url("section", draft, "nothing")).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_section_takes_as_many_queries_however_many_rows(house, draft, at, sign_in, django_assert_num_queries, count):
    for partner in list(draft.partners.all())[:count]:
        for _number in range(count):
            Contact.objects.create(partner=partner, name="Flere")
    client = sign_in(house.co_applicant)
    with django_assert_num_queries(14):
        client.get(url("section", draft, "project"))
    with django_assert_num_queries(11):
        client.get(url("section", draft, "description"))


def test_text_survives_a_session_that_ended(house, draft, client):
    """Signed out in the middle: the text is there after the new sign-in, and is saved only when it is sent again."""
    house.applicant.set_password(factories.PASSWORD)
    house.applicant.save()
    page = "http://testserver" + url("section", draft, "description")
    post_section(client, draft, description="Skrevet uten økt", HTTP_REFERER=page)
    client.force_login(house.applicant)
    shown = client.get(url("section", draft, "description"))
    assert "Skrevet uten økt" in text_of(shown)
    assert Answer.objects.count() == 0


# --- the language of parts --------------------------------------------------------------------------


def languages_in(page):
    """The languages that a page names beside its own, in order, each once."""
    return list(
        dict.fromkeys(re.findall(r' lang="(\w+)"', text_of(page).partition("<main")[2].partition("</main>")[0]))
    )


@pytest.mark.parametrize(("language", "named"), [("nb", []), ("en", ["nb", "en"])])
def test_a_page_in_another_language_marks_the_rounds_own_words(language, named, sign_in, draft, applicant):
    client = sign_in(applicant)
    client.cookies["django_language"] = language
    section, check = client.get(url("section", draft, "description")), client.get(url("check", draft))
    assert (languages_in(section), languages_in(check)) == (named, named)
    if named:
        assert '<fieldset class="draft-fields" lang="nb"' in text_of(section)
        assert '<p class="autosave" lang="en"' in text_of(section)


def test_the_page_of_a_part_leads_to_each_of_the_others(house, draft, sign_in):
    page = sign_in(house.applicant).get(url("section", draft, "plan"))
    parts = page.context["parts"]
    assert [part.title for part, is_here in parts if is_here] == ["Plan og involvering"]
    assert all(part.url in page.content.decode() for part, is_here in parts if not is_here)


def test_the_page_of_a_part_says_how_far_each_of_them_is(house, draft, sign_in):
    client = sign_in(house.applicant)
    hub, page = client.get(draft.get_absolute_url()), client.get(url("section", draft, "plan"))
    told = [part.label for part, _is_here in page.context["parts"]]
    assert told == [task.label for task in hub.context["page"].groups[0].tasks]
    assert [page.content.decode().count(f">{label}</span>") for label in set(told)] == [
        told.count(x) for x in set(told)
    ]


def test_the_partners_are_folded_under_how_far_they_are_and_what_is_missing_is_open(house, draft, sign_in):
    section = draft.round.spec.section_with("parties")
    client = sign_in(house.applicant)

    def panel():
        page = client.get(url("section", draft, section.code))
        assert "Se alle partnerne og kontaktpersonene" in page.text
        return next(block for block in page.context["blocks"] if block.is_panel)

    Contact.objects.filter(partner__application=draft).delete()
    names = [partner.name for partner in draft.partners.all()]
    told = panel()
    assert told.heading.endswith("tre uten kontaktperson")
    assert told.note == f"Uten kontaktperson: {', '.join(names)}"
    assert [row.lines for row in told.seen] == [[], []]
    assert {row.lines[0] for row in told.folded if row.lines} == {
        f"{draft.partners.get(organisation=one).name} ({word})"
        for one, word in ((house.lead, "ansvarlig søker"), (house.trust, "partner"))
    }
    for partner in draft.partners.all():
        Contact.objects.create(partner=partner, name="Kari")
    told = panel()
    assert (told.heading, told.note, told.seen) == ("Tre partnere", "", [])


def test_of_many_partners_the_first_are_seen_and_the_rest_are_folded_and_counted(house, draft, sign_in):
    for number in range(completeness.NAMED):
        draft.partners.create(organisation=factories.organisation(), position=10 + number)
    page = sign_in(house.applicant).get(url("detail", draft))
    more = draft.partners.count() - completeness.NAMED
    assert len(page.context["page"].more_partners) == more
    assert f"{more} partnere til" in text_of(page)
    # Their names stand in one place.
    assert text_of(page).count(draft.partners.first().name) == 1
