"""The public pages: what they show, to whom, in how many queries, and what they answer to hostile input."""

import io
import re
from datetime import timedelta

import icalendar
import pytest
from django.urls import reverse
from django.utils import translation
from pypdf import PdfReader

from rounds import queries
from rounds.models import Round
from rounds.views import call_page
from rounds.views.way_in import way_in
from rounds.workflow import Phase
from tests import factories
from tests.harness import worlds
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]
PAGES = ("", "questions/", "questions.pdf", "calendar.ics")
NORD = factories.definition("helse-nord-2025")


@worlds.world
def nord(house):
    return factories.round_of(NORD)


def unannounced(spec, code):
    later = {"announced": "2026-01-01 08:00", "opens": "2026-01-02 08:00", "closes": "2026-02-01 24:00"}
    data = factories.changed(spec, dates={**later, "forward_by": None}).to_data()
    return type(spec).model_validate({**data, "code": code})


@pytest.mark.parametrize("page", PAGES)
def test_an_announced_round_is_open_to_everyone(client, nord, page):
    response = client.get(f"/rounds/{nord.code}/{page}")
    assert response.status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_an_unknown_or_unannounced_round_is_not_there(client, house, page):
    factories.round_of(unannounced(factories.definition("troms-ofoten-2024"), "hemmelig"))
    assert client.get(f"/rounds/hemmelig/{page}").status_code == 404
    assert client.get(f"/rounds/ukjent/{page}").status_code == 404
    assert b"hemmelig" not in client.get("/rounds/").content


@pytest.mark.parametrize("role", ["secretary", "hospital_secretary", "regional_secretary"])
def test_its_secretariat_sees_a_round_before_it_is_announced(client, house, role):
    round_ = factories.round_of(unannounced(factories.definition("troms-ofoten-2024"), "hemmelig"))
    client.force_login(getattr(house, role))
    response = client.get(f"/rounds/{round_.code}/")
    assert (response.status_code, "Ikke utlyst" in response.text) == (200, True)
    assert "Ikke utlyst" in client.get("/rounds/").text


@pytest.mark.parametrize("role", ["far_secretary", "applicant", "member", "nobody"])
def test_others_do_not_see_a_round_before_it_is_announced(client, house, role):
    factories.round_of(unannounced(factories.definition("troms-ofoten-2024"), "hemmelig"))
    client.force_login(getattr(house, role))
    assert client.get("/rounds/hemmelig/").status_code == 404


@pytest.mark.parametrize("page", ["/rounds/", *(f"/rounds/helse-nord-2025/{page}" for page in PAGES)])
def test_pages_are_only_read(client, nord, page):
    assert client.post(page).status_code == 405
    assert client.head(page).status_code == 200


def test_a_round_is_not_there_the_second_before_it_is_announced(client, nord, frozen_clock):
    frozen_clock.move_to(nord.announced_at - timedelta(seconds=1))
    assert client.get("/rounds/helse-nord-2025/").status_code == 404


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        (NORD.dates.opens, True),
        (NORD.dates.closes - timedelta(seconds=1), True),
        (NORD.dates.closes, False),
        (NORD.dates.closes + timedelta(seconds=1), False),
    ],
)
def test_the_way_in_opens_and_closes_at_the_second(client, nord, frozen_clock, moment, is_open):
    frozen_clock.move_to(moment)
    page = client.get("/rounds/helse-nord-2025/").text
    start = f'<a class="ds-button" href="{reverse("applications:start", args=(nord.code,))}">Start søknad<span'
    assert (start in page, "Runden tar ikke imot flere søknader" in page) == (is_open, not is_open)


def test_an_announced_round_says_when_it_opens(client, house, frozen_clock):
    factories.round_of(factories.changed(NORD, dates={"opens": "2025-02-20 08:00"}))
    response = client.get("/rounds/helse-nord-2025/")
    assert "Åpner torsdag 20. februar kl.\u00a008.00" in response.text
    assert f'<a class="ds-button" href="{reverse("rounds:questions", args=("helse-nord-2025",))}">' in response.text
    (listed,) = client.get("/rounds/").context["current"]
    assert (listed.state.label, listed.state.tone) == ("Åpner torsdag 20. februar", "neutral")


def test_the_list_has_open_rounds_by_deadline_and_then_the_past_newest_first(client, nord):
    factories.innlandet()
    for name in ("troms-ofoten-2024", "innlandet-2024"):
        factories.round_of(factories.definition(name))
    response = client.get("/rounds/")
    current, past = response.context["current"], response.context["past"]
    assert [(item.round.code, item.state.label) for item in current] == [("helse-nord-2025", "Åpen")]
    assert [(item.round.code, item.state.label) for item in past] == [
        ("innlandet-2024", "Fristen er ute"),
        ("troms-ofoten-2024", "Fristen er ute"),
    ]
    assert [item.amount for item in past] == [10_700_000, 18_000_000]
    assert '<details class="fold" open>' in response.text, "a few are seen at once"
    assert "Tidligere utlysninger (2)" in response.text


def test_many_past_rounds_are_folded_while_one_is_open(client, nord):
    factories.innlandet()
    for number in range(6):
        factories.round_of(factories.definition("innlandet-2024").model_copy(update={"code": f"gammel-{number}"}))
    assert '<details class="fold">' in client.get("/rounds/").text


def test_what_is_past_stands_open_when_there_is_nothing_else(client, nord, frozen_clock):
    frozen_clock.move_to("2025-12-01T12:00:00Z")
    page = client.get("/rounds/").text
    assert '<details class="fold" open>' in page
    assert '<span class="state" data-tone="ended">Fristen er ute</span>' in page


@pytest.mark.parametrize(
    ("count", "heading"),
    [(0, "Ingen utlysninger er åpne nå"), (1, "Én utlysning er åpen nå"), (2, "To utlysninger er åpne nå")],
)
def test_the_heading_of_the_list_says_how_many_are_open(client, house, count, heading):
    for number in range(count):
        factories.round_of(type(NORD).model_validate({**NORD.to_data(), "code": f"nord-{number}"}))
    page = client.get("/rounds/").text
    assert f"{heading}</h1>" in page
    assert ("Den neste står her" in page) == (not count)


# --- the one next step ---------------------------------------------------------------------------------------


def test_a_visitor_is_told_to_sign_in_first_and_a_person_is_not(client, nord, house):
    visitor = client.get("/rounds/helse-nord-2025/").context["way_in"]
    client.force_login(house.applicant)
    person = client.get("/rounds/helse-nord-2025/").context["way_in"]
    assert ["Dere logger inn først." in one.text for one in (visitor, person)] == [True, False]
    assert (person.act, person.due_at, person.is_close) == ("Start søknad", NORD.dates.closes, False)


def test_the_office_that_owns_the_round_has_nothing_to_start(client, nord, house):
    client.force_login(house.regional_secretary)
    page = client.get("/rounds/helse-nord-2025/")
    step = page.context["way_in"]
    assert (step.title, step.act, step.due_at) == ("Utlysningen er åpen", "", NORD.dates.closes)
    assert reverse("applications:start", args=(nord.code,)) not in page.text
    assert reverse("rounds:frame", args=(nord.code,)) in page.text


@pytest.mark.parametrize(
    ("person", "act"),
    [
        ("applicant", "Start søknad"),
        ("trust_signatory", "Start søknad"),
        ("secretary", "Se alle spørsmålene"),
        ("nobody", "Se alle spørsmålene"),
    ],
)
def test_the_button_leads_those_who_cannot_apply_to_the_questions(client, nord, house, person, act):
    client.force_login(getattr(house, person))
    page = client.get("/rounds/helse-nord-2025/")
    start = reverse("applications:start", args=(nord.code,))
    assert (page.context["way_in"].act, f'href="{start}"' in page.text) == (act, act == "Start søknad")
    assert client.get(start).status_code == (200 if act == "Start søknad" else 403)


@pytest.mark.parametrize(("hours", "is_close"), [(73, False), (72, False), (71, True)])
def test_the_box_warns_in_the_last_three_days(nord, hours, is_close):
    until = queries.deadline_for(nord, None, NOW)
    step = way_in(nord, Phase.OPEN, until, NORD.dates.closes - timedelta(hours=hours))
    assert step.is_close == is_close


def test_a_round_that_opens_at_midnight_opens_on_that_day(client, house):
    factories.round_of(factories.changed(NORD, dates={"opens": "2025-02-20 00:00"}))
    assert client.get("/rounds/helse-nord-2025/").context["way_in"].title == "Åpner torsdag 20. februar"


@pytest.mark.parametrize("phase", [Phase.PLANNED, Phase.CANCELLED])
def test_nothing_is_pressed_before_a_round_is_announced_or_after_it_is_cancelled(nord, phase):
    assert way_in(nord, phase, queries.deadline_for(nord, None, NOW), NOW) is None


def test_nobody_starts_in_a_round_that_is_taken_away(nord):
    nord.withdrawn_at = NOW
    assert way_in(nord, Phase.OPEN, queries.deadline_for(nord, None, NOW), NOW) is None


def test_when_the_deadline_is_out_there_is_nothing_to_press(client, nord, frozen_clock):
    frozen_clock.move_to(NORD.dates.closes)
    page = client.get("/rounds/helse-nord-2025/")
    assert (page.context["way_in"].act, 'class="ds-button" href' in page.text.split("<main", 1)[1]) == ("", False)


@pytest.mark.parametrize(
    ("limits", "told"),
    [
        ({"min_amount": 100_000, "max_amount": 2_000_000}, ["100\u00a0000\u00a0kr til 2\u00a0000\u00a0000\u00a0kr"]),
        ({"min_amount": 100_000}, ["Minst 100\u00a0000\u00a0kr"]),
        ({"max_amount": 2_000_000}, ["Inntil 2\u00a0000\u00a0000\u00a0kr"]),
        ({}, []),
    ],
)
def test_what_comes_first_is_who_how_much_and_who_decides(client, house, limits, told):
    data = NORD.to_data()
    data["budget"] |= limits
    page = client.get(factories.round_of(type(NORD).model_validate(data)).get_absolute_url()).context["page"]
    assert page.facts == (
        ("Hvem kan søke", "Minst 1 kommune og 1 helseforetak sammen"),
        ("Ramme", "Ikke fastsatt"),
        *(("Dere kan søke om", words) for words in told),
        ("Avgjøres av", NORD.decision.decided_by),
    )


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        ({"joint": "urged", "min_hospital_trusts": 0}, "Minst 1 kommune"),
        ({"joint": "free", "min_municipalities": 0, "min_hospital_trusts": 0}, "Kommuner og helseforetak"),
    ],
)
def test_who_may_apply_is_said_in_short(client, house, rules, told):
    data = NORD.to_data()
    data["applicants"] |= rules
    page = client.get(factories.round_of(type(NORD).model_validate(data)).get_absolute_url()).context["page"]
    assert page.facts[0] == ("Hvem kan søke", told)


def test_every_question_stands_folded_by_part(client, nord):
    page = client.get("/rounds/helse-nord-2025/").text
    form = page[page.index('id="form"') : page.index('id="criteria"')]
    assert form.count("<summary>") == len(NORD.sections)
    assert [question.label for question in NORD.questions if question.label not in form] == []


@pytest.mark.requirement("R28")
@pytest.mark.parametrize("name", ["troms-ofoten-2024", "helse-nord-2025", "innlandet-2024"])
def test_the_page_says_everything_the_call_says(client, house, name):
    factories.innlandet()
    round_ = factories.round_of(factories.definition(name))
    page = client.get(round_.get_absolute_url()).text
    spec = round_.spec
    words = [item.title for item in spec.criteria] + [item.name for item in spec.communities]
    words += [item.receiver.email for item in spec.communities] + [item.copy_to.email for item in spec.communities]
    words += [item.title for item in spec.documents] + [entry.meaning for entry in spec.glossary]
    words += [stage.name for stage in spec.stages] + [spec.decision.decided_by, spec.decision.paid_by]
    assert [word for word in words if word.replace("'", "&#x27;") not in page] == []
    assert "{" not in page.split("<main", 1)[1].split("</main", 1)[0]


@pytest.mark.requirement("R15")
def test_the_timeline_names_every_date_by_the_day_people_know_it(client, nord):
    moments = client.get("/rounds/helse-nord-2025/").context["moments"]
    assert [(moment.when, moment.label, moment.is_past) for moment in moments] == [
        ("06.01.2025", "Åpner for søknader", True),
        ("01.03.2025 kl.\u00a024.00", "Søknadsfrist", False),
        ("01.04.2025 kl.\u00a024.00", "Prioriterte søknader oversendes innen", False),
    ]


def test_the_timeline_says_of_a_deadline_that_it_is_over(client, house):
    data = NORD.to_data()
    data["communities"][1]["closes"] = "2025-01-08 24:00"
    page = client.get(factories.round_of(type(NORD).model_validate(data)).get_absolute_url()).text
    assert "Søknadsfrist, Helsefellesskap Helgeland · fristen er ute" in page
    assert page.count("· fristen er ute") == 1, "and of no other day"


def test_the_timeline_has_milestones_and_own_deadlines(client, house):
    data = factories.changed(NORD, dates={"announced": "2025-01-03 09:30", "decision_by": "2025-05-02 12:00"}).to_data()
    data["communities"][2]["closes"] = "2025-03-08 24:00"
    data["dates"]["milestones"] = [{"code": "info", "label": "Informasjonsmøte", "at": "2025-01-20 24:00"}]
    data["stages"][0]["deadline"] = "2025-03-31 24:00"
    round_ = factories.round_of(type(NORD).model_validate(data))
    response = client.get(round_.get_absolute_url())
    assert [(moment.when, moment.label) for moment in response.context["moments"]] == [
        ("03.01.2025 kl.\u00a009.30", "Utlyst"),
        ("06.01.2025", "Åpner for søknader"),
        ("20.01.2025", "Informasjonsmøte"),
        ("01.03.2025 kl.\u00a024.00", "Søknadsfrist"),
        ("08.03.2025 kl.\u00a024.00", "Søknadsfrist, Helsefellesskap Finnmark"),
        ("31.03.2025 kl.\u00a024.00", "Godkjenning, vurdering og prioritering i helsefellesskapet"),
        ("01.04.2025 kl.\u00a024.00", "Prioriterte søknader oversendes innen"),
        ("02.05.2025 kl.\u00a012.00", "Beslutning innen"),
    ]
    assert [(step.label, step.state) for step in response.context["stages"]][:2] == [
        ("Utlyst", "done"),
        ("Søknadsfrist", "current"),
    ]


@pytest.mark.requirement("R24")
@pytest.mark.parametrize(
    ("announced", "warns"),
    [(None, "bare 17 dager fra utlysning til frist"), ("2024-05-01 08:00", "")],
    ids=["as it was", "a month earlier"],
)
def test_the_secretariat_is_warned_of_a_short_notice(client, house, announced, warns):
    spec = factories.definition("troms-ofoten-2024")
    earlier = {"dated": announced[:10], "announced": announced} if announced else {}
    round_ = factories.round_of(factories.changed(spec, dates=earlier))
    client.force_login(house.secretary)
    page = client.get(round_.get_absolute_url()).text
    assert ("fra utlysning til frist" in page, warns in page) == (bool(warns), True)


@pytest.mark.requirement("R24")
def test_only_the_owners_secretariat_sees_what_to_mend(client, house, nord):
    warning = "rammen er ikke fastsatt"
    seen = {}
    for role in ("regional_secretary", "secretary", "applicant"):
        client.force_login(getattr(house, role))
        seen[role] = warning in client.get("/rounds/helse-nord-2025/").text
    assert seen == {"regional_secretary": True, "secretary": False, "applicant": False}


def test_all_questions_stand_on_one_page(client, nord):
    response = client.get("/rounds/helse-nord-2025/questions/")
    sections = response.context["sections"]
    assert [question.code for section in sections for question in section.questions] == [q.code for q in NORD.questions]
    relevant = next(q for section in sections for q in section.questions if q.code == "digital")
    assert (relevant.answering, len(relevant.prompts)) == ("Ved relevans", 3)
    assert relevant.facts == ("Inntil 5\u00a0000 tegn", "Gjelder tiltak med digitale løsninger for samhandling.")
    table = next(q for section in sections for q in section.questions if q.code == "benefit-table")
    assert len(table.columns) == 10


def test_the_rules_of_another_kind_of_call_are_said_in_words(client, house):
    data = NORD.to_data()
    data["applicants"] = {
        "joint": "free",
        "min_municipalities": 2,
        "agreement": "off",
        "signing": "lead",
        "own_contribution": "off",
        "owner_may_be_body": False,
        "lead_is_legal_entity": False,
    }
    data["budget"] |= {
        "requested_amount": "optional",
        "cost_shift": False,
        "min_amount": 100_000,
        "max_amount": 2_000_000,
    }
    data["budget"]["years"] = [2025]
    data["benefits"] |= {"setting": "required", "min_rows": 1}
    round_ = factories.round_of(type(NORD).model_validate(data))
    page = client.get(round_.get_absolute_url()).context["page"]
    assert page.rules == (
        "Dere kan søke alene eller sammen.",
        "Minst 2 kommuner må være med.",
        "Minst 1 helseforetak må være med.",
        "Forventet nytte – tabell for beskrivelse av effekt/nytteverdi er obligatorisk.",
    )
    assert page.money == (
        ("Ordning", "Rekrutterings- og samhandlingstilskudd, varig ordning"),
        ("Rammeår", "2025"),
        ("Ramme", "Ikke fastsatt"),
        ("Minste beløp", "100\u00a0000\u00a0kr"),
        ("Største beløp", "2\u00a0000\u00a0000\u00a0kr"),
        ("År i budsjettet", "2025"),
    )


def test_the_words_of_a_page_are_made_once_and_the_oldest_are_let_go(nord, monkeypatch):
    monkeypatch.setattr(call_page, "_MOST_PAGES", 1)
    call_page._pages.clear()
    first = call_page.call_page(nord)
    assert call_page.call_page(nord) is first
    with translation.override("nn"):
        call_page.call_page(nord)
    assert list(call_page._pages) == [(nord.definition_sha256, "nn", None, True)]


# --- whom to write to ------------------------------------------------------------------------------


def test_the_page_of_contacts_leads_to_the_open_calls_of_each(client, nord, frozen_clock, django_assert_num_queries):
    link = f'<a class="ds-link" href="{nord.get_absolute_url()}">{nord.title}</a>'
    with django_assert_num_queries(2):
        page = client.get("/contact/").text
    rows = re.findall(r"<tr>.*?</tr>", page.partition("<tbody>")[2], re.DOTALL)
    assert [(link in row, "mailto:" in row, nord.owner.name in row) for row in rows] == [(True, True, True)] * len(rows)
    frozen_clock.move_to("2025-12-01T12:00:00Z")
    after = client.get("/contact/").text
    assert (link in after, after.count("Ingen utlysning er åpen nå")) == (False, len(rows))


# --- queries ---------------------------------------------------------------------------------------


# The round's own page also reads the stages and the bodies: how they decide is not in the definition alone.
@pytest.mark.parametrize(("page", "queries"), list(zip(PAGES, (3, 1, 1, 1), strict=True)))
def test_pages_of_a_round_take_so_many_queries(client, nord, page, queries, django_assert_num_queries):
    with django_assert_num_queries(queries):
        client.get(f"/rounds/{nord.code}/{page}")


# One for the rounds, and one for whether those that are past are decided.
def test_the_list_takes_two_queries_whatever_its_length(client, nord, django_assert_num_queries):
    with django_assert_num_queries(1):
        client.get("/rounds/")
    factories.innlandet()
    for name in ("troms-ofoten-2024", "innlandet-2024"):
        factories.round_of(factories.definition(name))
        with django_assert_num_queries(2):
            client.get("/rounds/")


# --- files -----------------------------------------------------------------------------------------


@pytest.mark.requirement("R104")
@pytest.mark.parametrize("name", ["troms-ofoten-2024", "helse-nord-2025", "innlandet-2024"])
def test_the_pdf_has_every_question(client, house, name):
    factories.innlandet()
    round_ = factories.round_of(factories.definition(name))
    response = client.get(f"/rounds/{name}/questions.pdf")
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f'inline; filename="{name}-sporsmal.pdf"'
    reader = PdfReader(io.BytesIO(response.content))
    text = squeezed("".join(page.extract_text() for page in reader.pages))
    assert [q.label for q in round_.spec.questions if squeezed(q.label) not in text] == []
    assert reader.metadata.title == round_.spec.form.title


def squeezed(text):
    """Letters and digits alone: lines break and words divide in a PDF."""
    return "".join(character for character in text if character.isalnum())


def test_the_pdf_is_made_once_for_each_version(client, nord):
    first = client.get("/rounds/helse-nord-2025/questions.pdf")
    again = client.get("/rounds/helse-nord-2025/questions.pdf")
    assert (again.content, again["ETag"]) == (first.content, first["ETag"])
    factories.round_of(factories.changed(NORD, form={"title": "Et annet skjema"}))
    other = client.get("/rounds/helse-nord-2025/questions.pdf")
    assert PdfReader(io.BytesIO(other.content)).metadata.title == "Et annet skjema"


def test_the_calendar_has_an_entry_for_each_date(client, nord):
    response = client.get("/rounds/helse-nord-2025/calendar.ics")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    entries = icalendar.Calendar.from_ical(response.content).walk("VEVENT")
    assert [(str(entry["uid"]), entry.decoded("dtend")) for entry in entries] == [
        ("helse-nord-2025-opens@samhandlingsportalen", NORD.dates.opens + timedelta(hours=1)),
        ("helse-nord-2025-closes@samhandlingsportalen", NORD.dates.closes),
        ("helse-nord-2025-forward@samhandlingsportalen", NORD.dates.forward_by),
    ]
    assert str(entries[1]["summary"]) == f"Søknadsfrist: {NORD.title}"
    assert {str(entry["url"]) for entry in entries} == {"http://testserver/rounds/helse-nord-2025/"}


@pytest.mark.parametrize("page", ["questions.pdf", "calendar.ics"])
def test_a_file_that_has_not_changed_is_not_sent_again(client, nord, page):
    first = client.get(f"/rounds/{nord.code}/{page}")
    again = client.get(f"/rounds/{nord.code}/{page}", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert first["Cache-Control"] == "private, no-cache"
    factories.round_of(factories.changed(NORD, call={"introduction": "Ny."}))
    assert client.get(f"/rounds/{nord.code}/{page}", headers={"If-None-Match": first["ETag"]}).status_code == 200


# --- hostile texts ---------------------------------------------------------------------------------


def test_what_a_definition_smuggles_in_does_nothing_on_the_page(client, house):
    text = "Les [mer](javascript&#58;alert(1)) og ![x](https://evil.example.org/x.png) & «&lt;b&gt;»"
    round_ = factories.round_of(factories.changed(NORD, call={"introduction": text}))
    page = client.get(round_.get_absolute_url()).text
    assert "Les <a>mer</a> og  &amp; «&lt;b&gt;»" in page.replace(' rel="noopener"', "")


@pytest.mark.parametrize("code", ["../../etc/passwd", "%00", "x" * 500, "<script>", "' OR 1=1"])
def test_a_foreign_code_is_not_found(client, db, code):
    assert client.get(f"/rounds/{code}/").status_code == 404


def test_rounds_announced_are_those_the_public_sees(nord):
    assert list(Round.objects.announced(NOW)) == [nord]
    assert list(Round.objects.announced(nord.announced_at - timedelta(seconds=1))) == []
