"""The pages: who gets which answer, what they show, and the files."""

import io
import re
import zipfile
from datetime import date

import pytest
from defusedxml import ElementTree
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from evaluation.plans.models import MeasureState, Plan
from evaluation.plans.plan_file import read_file
from evaluation.plans.services import loading, plan_text
from portal import charts
from tests.plans import world
from tests.plans.test_content import FILE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]

ROLES = ("secretary", "chair", "partner_signatory", "far_secretary", "nobody", None)


def address(name, *args):
    return reverse(f"plans:{name}", args=args)


def answers(house, client, ask):
    statuses = []
    for role in ROLES:
        client.logout()
        if role:
            client.force_login(getattr(house, role))
        statuses.append(ask(client).status_code)
    return statuses


def text_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text.partition("<main")[2]))


def test_each_role_gets_its_answer(house, public, client):
    code, measure = public.code, world.measures(public)[0]
    area, aim = measure.aim.area, measure.aim
    get = {
        address("list"): [200] * 6,
        address("plan", code): [200] * 6,
        address("pdf", code): [200] * 6,
        address("sheet", code): [200] * 6,
        address("measure", code, measure.pk): [200] * 6,
        address("measure", code, 999_999): [404] * 6,
        address("tell", code, measure.pk): [405] * 5 + [302],
        address("begin", house.community.code): [200, 403, 403, 404, 403, 302],
        address("text", code): [200, 403, 403, 403, 403, 302],
        address("head", code): [200, 403, 403, 403, 403, 302],
        address("part", code, "area", area.pk): [200, 403, 403, 403, 403, 302],
        address("part", code, "measure", measure.pk): [200, 403, 403, 403, 403, 302],
        address("part", code, "nothing", 1): [404, 403, 403, 403, 403, 302],
        address("add", code, "area", 0): [200, 403, 403, 403, 403, 302],
        address("add", code, "measure", aim.pk): [200, 403, 403, 403, 403, 302],
        address("add", code, "nothing", 1): [404, 403, 403, 403, 403, 302],
        address("move", code, "aim", aim.pk, "up"): [405] * 5 + [302],
        address("remove", code, "aim", aim.pk): [405] * 5 + [302],
        address("adopt", code): [405] * 5 + [302],
        address("plan", "ingen"): [404] * 6,
    }
    assert {url: answers(house, client, lambda c, url=url: c.get(url)) for url in get} == get


def test_each_role_gets_its_answer_to_a_press(house, public, client):
    code, (measure, second) = public.code, world.measures(public)
    aim = measure.aim
    post = {
        # The partner has the responsibility for the first measure; the chair leads the body that has the second.
        address("tell", code, measure.pk): [422, 403, 422, 403, 403, 302],
        address("tell", code, second.pk): [422, 422, 403, 403, 403, 302],
        address("move", code, "aim", aim.pk, "up"): [302, 403, 403, 403, 403, 302],
        address("move", code, "aim", aim.pk, "aside"): [404, 403, 403, 403, 403, 302],
        address("remove", code, "aim", aim.pk): [302, 403, 403, 403, 403, 302],
        address("adopt", code): [422, 403, 403, 403, 403, 302],
    }
    assert {url: answers(house, client, lambda c, url=url: c.post(url)) for url in post} == post


def test_a_plan_that_nobody_has_adopted_is_read_by_those_of_the_helsefellesskap_alone(house, plan, client):
    for name in ("plan", "pdf", "sheet"):
        url = address(name, plan.code)
        assert answers(house, client, lambda c, url=url: c.get(url)) == [200, 200, 404, 404, 404, 404]
    client.force_login(house.nobody)
    assert plan.title not in client.get(address("list")).text


@pytest.mark.requirement("R135", "R136")
def test_the_plan_shows_what_was_adopted_and_what_was_told_since(house, public, now, client):
    first, second = world.measures(public)
    world.told(house, first, now)
    world.told(house, second, now, MeasureState.ACHIEVED, "Fagdagen er holdt.")
    plan_text.write(public, second, texts={"text": "Skrevet om etterpå"}, by=house.secretary, at=now)
    page = text_of(client.get(address("plan", public.code)))
    for words in (
        "Ett av 2 tiltak er forsinket",
        "Vedtatt av",
        "a) Opprette et nettverk",
        "To kommuner mangler.",
        "b) Ha en fagdag",
        "Fagdagen er holdt.",
        "Gode tilbud",
    ):
        assert words in page, words
    assert "Skrevet om etterpå" not in page
    assert "To kommuner mangler." in text_of(client.get(first.get_absolute_url()))


def test_the_list_says_how_far_each_plan_has_come(house, public, now, client, django_assert_num_queries):
    """Of what was adopted; a draft is said to be one. Two plans ask as often as one."""
    world.told(house, world.measures(public)[0], now)
    client.force_login(house.secretary)
    client.get(address("list"))
    with CaptureQueriesContext(connection) as asked:
        page = text_of(client.get(address("list")))
    assert "Ett av 2 tiltak er forsinket" in page
    assert "Utkast" not in page
    world.begun(house, now, title="Handlingsplan 2027", first_day=date(2027, 1, 1), last_day=date(2027, 12, 31))
    with django_assert_num_queries(len(asked)):
        page = text_of(client.get(address("list")))
    assert "01.01.2027–31.12.2027 Utkast. Planen er ikke lagt fram." in page


def test_the_chart_says_the_states_in_the_colours_of_their_shapes(house, public, now, client):
    """Green is done and red is late, as in the table beside it; «Falt bort» is there when something has."""
    first, second = world.measures(public)
    world.told(house, first, now)
    world.told(house, second, now, MeasureState.ACHIEVED, "Fagdagen er holdt.")
    page = client.get(address("plan", public.code)).text
    legend = re.findall(r'<rect [^>]*fill="(#\w+)"[^>]*/></svg> ([^<]+)</li>', page)
    assert legend == [
        (charts.DONE, "Ferdig"),
        (charts.UNDER_WAY, "I rute"),
        (charts.LATE, "Forsinket"),
        (charts.NOT_BEGUN, "Ikke startet"),
    ]
    world.told(house, first, now, MeasureState.FALLEN, "Ikke lenger aktuelt.", seen=first.news.latest("pk").pk)
    assert (charts.FALLEN, "Falt bort") in re.findall(
        r'<rect [^>]*fill="(#\w+)"[^>]*/></svg> ([^<]+)</li>', client.get(address("plan", public.code)).text
    )


def test_what_is_written_after_the_version_is_read_by_those_of_the_helsefellesskap_alone(house, public, now, client):
    """The list, the page of a measure and its address say what the plan's page says: what was adopted."""
    how = {"by": house.secretary, "at": now}
    first, _second = world.measures(public)
    plan_text.write(public, first, texts={"text": "Skrevet om etterpå", "responsible": "Ingen"}, **how)
    plan_text.write(public, first.aim, texts={"title": "Et annet mål"}, **how)
    title = {"title": "Ikke vedtatt tittel", "first_day": date(2025, 1, 1)}
    plan_text.write(public, Plan.objects.get(pk=public.pk), texts=title, **how)
    new = plan_text.add(public, "measure", first.aim, texts={"text": "Et utkast", "owners": ["secretariat"]}, **how)
    for role in (None, "nobody", "chair", "secretary"):
        if role:
            client.force_login(getattr(house, role))
        pages = [text_of(client.get(url)) for url in (address("list"), first.get_absolute_url())]
        for words in ("Skrevet om etterpå", "Et annet mål", "Ikke vedtatt tittel", "2025"):
            assert not [page for page in pages if words in page], words
        assert "Opprette et nettverk" in pages[1]
        page = client.get(new.get_absolute_url())
        assert page.status_code == (200 if role in {"chair", "secretary"} else 404)
    assert "Tiltaket er et utkast" in page.text
    assert "Tiltaket er et utkast" not in client.get(first.get_absolute_url()).text


def test_whoever_has_no_part_in_a_measure_is_shown_no_form(house, public, client):
    """Somebody who has not signed in is no person, and owns nothing of what has no person as its owner."""
    url = world.measures(public)[0].get_absolute_url()
    assert "Meld fra" not in client.get(url).text
    for person, has_form in ((house.nobody, False), (house.chair, False), (house.partner_signatory, True)):
        client.force_login(person)
        assert ("Meld fra" in client.get(url).text) is has_form


def test_who_told_is_named_to_those_who_sign_in_alone(house, public, now, client):
    measure = world.measures(public)[0]
    world.told(house, measure, now)
    url = measure.get_absolute_url()
    assert house.secretary.name not in client.get(url).text
    client.force_login(house.chair)
    assert house.secretary.name in text_of(client.get(url))


def test_a_person_who_tells_of_a_measure_is_named_to_those_who_sign_in_alone(house, public, now, client):
    measure = world.measures(public)[0]
    texts = {"owners": [f"person:{house.member.pk}", "secretariat"]}
    plan_text.write(public, measure, texts=texts, by=house.secretary, at=now)
    assert house.member.name not in client.get(measure.get_absolute_url()).text
    client.force_login(house.nobody)
    assert house.member.name in client.get(measure.get_absolute_url()).text


def test_a_measure_that_nobody_is_to_tell_of_is_shown(house, public, now, client):
    client.force_login(house.secretary)
    assert "Ingen er satt til å melde" not in client.get(address("plan", public.code)).text
    plan_text.write(public, world.measures(public)[0], texts={"owners": []}, by=house.secretary, at=now)
    assert "Ingen er satt til å melde" in client.get(address("plan", public.code)).text


def test_the_spreadsheet_has_a_row_for_each_measure_and_no_formula(house, public, now, client):
    first, _second = world.measures(public)
    world.told(house, first, now, sentence="=HYPERLINK(1)")
    answer = client.get(address("sheet", public.code))
    assert answer["Content-Disposition"] == f'attachment; filename="{public.code}.xlsx"'
    rows = cells(answer.content)
    assert [row[:5] for row in rows[1:]] == [
        ["Forebygging", "Gode tilbud", "a", "Opprette et nettverk", "A"],
        ["Forebygging", "Gode tilbud", "b", "Ha en fagdag", "B"],
    ]
    assert [row[5:7] for row in rows[1:]] == [["Forsinket", "=HYPERLINK(1)"], ["Ikke startet", ""]]
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(answer.content)).read("xl/worksheets/sheet1.xml")


def cells(content):
    """The texts of the first sheet, row by row; numbers and dates as they are stored."""
    archive = zipfile.ZipFile(io.BytesIO(content))
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    strings = ["".join(item.itertext()) for item in ElementTree.fromstring(archive.read("xl/sharedStrings.xml"))]
    sheet = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
    return [
        [strings[int(cell[0].text)] if cell.get("t") == "s" else cell[0].text for cell in row if len(cell)]
        for row in sheet.iter(f"{space}row")
    ]


def test_the_pdf_says_who_adopted_the_plan_and_every_measure(public, client):
    answer = client.get(address("pdf", public.code))
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    for words in ("Handlingsplan 2026", "Vedtatt av", "Opprette et nettverk", "Ha en fagdag", "mestring"):
        assert words in text


def test_the_queries_of_a_plan_do_not_grow_with_its_measures(house, public, now, client, django_assert_num_queries):
    url = address("plan", public.code)
    with django_assert_num_queries(PLAN_QUERIES):
        client.get(url)
    aim = world.measures(public)[0].aim
    for letter in "cde":
        texts = {"letter": letter, "text": "Noe mer", "owners": ["secretariat"]}
        plan_text.add(public, "measure", aim, texts=texts, by=house.secretary, at=now)
    for measure in world.measures(public):
        world.told(house, measure, now)
    with django_assert_num_queries(PLAN_QUERIES):
        client.get(url)


PLAN_QUERIES = 3


@pytest.mark.requirement("R63", "R139")
def test_the_document_of_2023_is_loaded_once_with_all_who_have_the_responsibility(house, now, tmp_path, capsys):
    text = FILE.read_text(encoding="utf-8").replace("community: troms-ofoten", f"community: {house.community.code}")
    text = text.replace('{UNN: "983974899"}', f'{{UNN: "{house.partner.orgnr}"}}')
    path = tmp_path / "plan.yaml"
    path.write_text(text, encoding="utf-8")
    call_command("load_plan", str(path), "--dry-run")
    assert not Plan.objects.exists()
    call_command("load_plan", str(path))
    call_command("load_plan", str(path))
    assert capsys.readouterr().out.splitlines()[1:] == [
        "troms-ofoten-2023: 25 tiltak.",
        "troms-ofoten-2023: er lagt inn før, og er ikke endret.",
    ]
    plan = Plan.objects.get()
    version = plan.versions.get()
    assert (version.resolution, version.snapshot["adopted"]) == (None, "Ingen vedtak er knyttet til planen.")
    sixth = world.measures(plan)[5]
    named = [str(owner.owner) for owner in sixth.owners.all()]
    assert (sixth.responsible, named) == ("SEKR, UNN, kommunene", ["Sekretariatet", house.partner.name, "kommunene"])
    file = read_file(path)
    with pytest.raises(plan_text.PlanError, match="«nord» er ikke i registeret"):
        loading.load(file.model_copy(update={"code": "x-1", "community": "nord"}), by=None, at=now)
    with pytest.raises(plan_text.PlanError, match="«999999999» er ikke i registeret"):
        loading.load(file.model_copy(update={"code": "x-2", "organisations": {"A": "999999999"}}), by=None, at=now)


def test_who_has_the_responsibility_sees_first_what_to_tell_of(house, public, now, client):
    first = world.measures(public)[0]
    texts = {"owners": [f"body:{house.ssu.pk}"]}
    plan_text.write(public, first, texts=texts, by=house.secretary, at=now)
    client.force_login(house.chair)
    assert first.pk in [line.measure.key for line in client.get(address("plan", public.code)).context["theirs"]]
    world.told(house, first, now, MeasureState.ACHIEVED, "Ferdig.")
    assert first.pk not in [line.measure.key for line in client.get(address("plan", public.code)).context["theirs"]]
    client.logout()
    page = client.get(address("plan", public.code))
    assert (page.context["theirs"], "Dette melder du om" in page.text) == ([], False)


def test_a_form_of_a_part_is_headed_by_its_title_and_has_the_parts_around_it_beside(house, public, client):
    client.force_login(house.secretary)
    measure = world.measures(public)[0]
    page = client.get(reverse("plans:part", args=[public.code, "measure", measure.pk]))
    assert f'<h1 class="ds-heading">{measure.text}</h1>' in page.text
    heading, beside = page.context["beside"]
    assert heading == measure.aim.title
    assert [is_here for _name, _url, is_here in beside].count(True) == 1
