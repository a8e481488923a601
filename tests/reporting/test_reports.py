"""A report is begun, written, approved, sent and put right; its figures are those of the rooms (R136, R141, R142)."""

from datetime import date, timedelta
from io import BytesIO
from zipfile import ZipFile

import docx
import pytest
from django.urls import reverse
from pypdf import PdfReader

from applications.models import Application
from evaluation.assessment.models import Habilitet
from evaluation.followup.services import accepting
from evaluation.reporting import queries, services, waiting
from evaluation.reporting.models import ChapterText, PeriodReport, ReportKind
from evaluation.reporting.services import ReportConflictError, ReportError
from portal.communities.queries import standing_at
from portal.documents.models import Document
from portal.errors import ChangedError
from portal.jobs.services import run_all_due
from portal.mail.models import Message
from tests.followup import world as projects
from tests.plans import world as plans
from tests.reporting import world
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


def content(report, person):
    return queries.content_of(report, standing_at(person, NOW), NOW)


def rows(report, person, table):
    shown = content(report, person).table(table)
    return shown.rows if shown else ()


def url_of(name, report, *args):
    return reverse(f"reporting:{name}", args=[report.pk, *args])


def closed_to(person, application, house):
    words = {"is_recused": True, "decided_by": house.secretary, "decided_at": NOW, "decided_ground": "other"}
    Habilitet.objects.create(application=application, person=person, reason="Nær.", **words)


# --- figures ----------------------------------------------------------------------------------------------


@pytest.mark.requirement("R136", "R141", "R142")
def test_the_figures_are_those_of_the_awards_and_the_evaluations(house, project, report):
    title = project.title
    ((_call, applied, granted, _frame, amount, declined),) = rows(report, house.secretary, "calls")
    assert (applied, granted, amount, declined) == (1, 1, 1_000_000, 0)
    ((name, lead, amount, spent, started, state),) = rows(report, house.secretary, "projects")
    assert (name, lead, amount, spent, started) == (title, house.lead.name, 1_000_000, 900_000, "2025-02-10")
    assert state == "Evaluering mottatt, blir sak for SSU"
    assert (house.lead.name, 1, 1, 1_000_000) in rows(report, house.secretary, "parties")
    assert (title, "Kortere reisetid") in [row[:2] for row in rows(report, house.secretary, "benefits")]
    assert (title, "Kortere reisetid", "En bil manglet.") in rows(report, house.secretary, "deviations")
    assert rows(report, house.secretary, "spread") == ((title, "Delt på dagskonferanse."),)


def test_an_award_counts_once_its_applicants_know_of_it(house):
    decision = projects.awarded(house)
    report = world.begun(house)
    assert rows(report, house.secretary, "projects") == ()
    projects.tell(house, decision)
    assert [row[2] for row in rows(report, house.secretary, "projects")] == [1_000_000]
    accepting.decline(decision, reason="Ingen kan lede det.", by=house.applicant, at=NOW)
    ((*_call, amount, declined),) = rows(report, house.secretary, "calls")
    assert (amount, declined) == (0, 1_000_000)


def test_an_award_of_another_year_is_followed_until_it_is_evaluated_and_not_counted_again(house):
    projects.accepted(house)
    report = world.begun(house, first_day=date(2026, 1, 1), last_day=date(2026, 12, 31))
    assert rows(report, house.secretary, "parties") == ()
    assert [row[2] for row in rows(report, house.secretary, "projects")] == [1_000_000]


def test_an_award_that_was_evaluated_before_the_period_is_in_no_figure(house, project):
    report = world.begun(house, first_day=date(2026, 1, 1), last_day=date(2026, 12, 31))
    assert list(content(report, house.secretary).tables) == []


def test_another_helsefellesskap_has_none_of_it(house, project):
    report = world.begun(house, tenant=house.elsewhere, by=house.far_secretary)
    assert list(content(report, house.far_secretary).tables) == []


def test_the_plan_of_the_helsefellesskap_stands_with_its_status(house):
    plan = plans.begun(house, NOW, first_day=date(2025, 1, 1), last_day=date(2025, 12, 31))
    plans.adopted(house, plan, NOW)
    plans.told(house, plans.measures(plan)[0], NOW)
    report = world.begun(house)
    assert rows(report, house.secretary, f"plan-{plan.pk}") == (("Forebygging", 1, 0, 1, 0, 0),)
    assert rows(report, house.secretary, f"late-{plan.pk}") == (("Opprette et nettverk", "A", "To kommuner mangler."),)


def test_a_region_reads_what_its_helsefellesskap_have_sent(house, sent):
    region = world.begun(house, tenant=house.region, by=house.regional_secretary)
    day = NOW.date().isoformat()
    assert rows(region, house.regional_secretary, "received") == (
        (house.community.name, "Status til oppfølgingsmøtet i november 2025", day, 1_000_000),
    )
    # With the sum of the others it would tell of the case that is closed.
    closed_to(house.regional_secretary, Application.objects.get(), house)
    assert [row[3] for row in rows(region, house.regional_secretary, "received")] == [None]


# --- written ----------------------------------------------------------------------------------------------


@pytest.mark.requirement("R141")
def test_a_report_goes_from_the_form_to_the_region(house, project, client):
    world.with_post(house)
    client.force_login(house.secretary)
    days = {"first_day": "01.01.2025", "last_day": "31.12.2025", "due_date": "15.03.2025"}
    sender = queries.code_of(house.community)
    answer = client.post(reverse("reporting:begin"), {"sender": sender, "kind": "november", **days})
    report = PeriodReport.objects.get()
    assert answer.url == report.get_absolute_url()
    assert "Sju deler mangler tekst" in client.get(answer.url).text
    assert [task.title for task in waiting.reports(house.secretary, NOW)] == [f"Skriv {report.title}"]
    for part in queries.parts_of(report):
        page = client.get(url_of("chapter", report, part.chapter.code)).text
        version = page.split('name="version" value="')[1].split('"')[0].replace("&quot;", '"')
        posted = client.post(
            url_of("chapter", report, part.chapter.code), {"text": "Det går godt.", "version": version}
        )
        assert posted.status_code == 302
    page = client.get(report.get_absolute_url()).text
    assert "Alle delene er skrevet" in page
    shown = page.split('name="shown" value="')[1].split('"')[0]
    client.post(url_of("approve", report), {"shown": shown})
    report = world.fresh(report)
    assert (report.is_sent, report.approved_by) == (True, house.secretary)
    message = Message.objects.get(kind="period_report_sent")
    assert message.recipient == house.region.email
    assert report.title in message.title
    assert waiting.reports(house.secretary, NOW) == []
    run_all_due(NOW)
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(world.fresh(report).pdf.read())).pages)
    assert all(words in text for words in ("Det går godt.", "Tilskudd etter part", project.title, report.sha256))


def test_the_texts_of_the_last_report_are_gone_through_before_the_new_one_is_sent(house, sent, client):
    later = world.begun(house, first_day=date(2026, 1, 1), last_day=date(2026, 12, 31))
    parts = {part.chapter.code: part for part in queries.parts_of(later)}
    assert (parts["money"].text, parts["money"].is_carried, parts["money"].is_done) == ("Om money.", True, False)
    with pytest.raises(ReportError, match="Skriv først noe i: Sammendrag, Tilskudd"):
        services.approve(later, shown=world.shown(later, house.secretary), by=house.secretary, at=NOW)
    # The script saves nothing that has not changed; the button says that somebody has read it.
    services.write(later, "money", texts={"text": "Om money."}, quietly=True, by=house.secretary, at=NOW)
    assert ChapterText.objects.get(report=later, chapter="money").is_carried
    services.write(later, "money", texts={"text": "Om money."}, by=house.secretary, at=NOW)
    assert not ChapterText.objects.get(report=later, chapter="money").is_carried


def test_what_was_written_meanwhile_is_asked_about_and_not_lost(house, report, client):
    client.force_login(house.secretary)
    page = client.get(url_of("chapter", report, "money")).text
    version = page.split('name="version" value="')[1].split('"')[0].replace("&quot;", '"')
    services.write(report, "money", texts={"text": "Den andres tekst."}, by=house.hospital_secretary, at=NOW)
    answer = client.post(url_of("chapter", report, "money"), {"text": "Min tekst.", "version": version})
    assert answer.status_code == 409
    assert all(text in answer.text for text in ("Min tekst.", "Den andres tekst."))
    assert ChapterText.objects.get(report=report, chapter="money").text == "Den andres tekst."


def test_there_is_one_report_of_a_kind_for_a_period(house, report, client):
    with pytest.raises(ReportConflictError, match="allerede begynt"):
        world.begun(house)
    assert world.begun(house, kind=ReportKind.ANNUAL).title == "Årlig melding 2025"
    with pytest.raises(ReportError, match="slutter før den begynner"):
        world.begun(house, first_day=world.LAST + timedelta(days=1))


def test_what_has_changed_since_the_page_was_opened_is_not_approved(house, report):
    written = world.written(report, house.secretary)
    shown = world.shown(written, house.secretary)
    services.write(report, "ahead", texts={"text": "Noe annet."}, by=house.hospital_secretary, at=NOW)
    with pytest.raises(ChangedError, match="endret siden du åpnet"):
        services.approve(written, shown=shown, by=house.secretary, at=NOW)
    world.approved(world.fresh(report), house.secretary)
    with pytest.raises(ReportConflictError, match="sendt og kan ikke endres"):
        services.write(report, "ahead", texts={"text": "For sent."}, by=house.secretary, at=NOW)
    with pytest.raises(ReportConflictError, match="sendt og kan ikke endres"):
        services.approve(report, shown=shown, by=house.secretary, at=NOW)


def test_a_sent_report_is_put_right_with_a_reason_and_the_old_one_is_kept(house, sent, client):
    world.with_post(house)
    client.force_login(house.secretary)
    assert client.post(url_of("open_again", sent), {"why": ""}).status_code == 422
    client.post(url_of("open_again", sent), {"why": "Feil beløp."})
    assert not world.fresh(sent).is_sent
    with pytest.raises(ReportConflictError, match="allerede åpnet"):
        services.open_again(sent, "Igjen.", by=house.secretary, at=NOW)
    services.write(sent, "money", texts={"text": "Rettet."}, by=house.secretary, at=NOW)
    world.approved(world.fresh(sent), house.secretary)
    kept = Document.objects.filter(kind="period_report").order_by("version")
    texts = [document.snapshot["chapters"][1]["text"] for document in kept]
    assert (texts, [document.version for document in kept]) == (["Om money.", "Rettet."], [1, 2])
    assert "har rettet rapporten" in Message.objects.filter(kind="period_report_sent").last().body_text


# --- who --------------------------------------------------------------------------------------------------

# What each person meets: a report that is written, one that is sent, its writing, and the figures as they are now.
WHO = {
    "secretary": (200, 200, 200, 200),
    "hospital_secretary": (200, 200, 200, 200),
    "regional_secretary": (404, 200, 404, 404),
    "far_secretary": (404, 404, 404, 404),
    "chair": (404, 200, 404, 200),
    "member": (404, 200, 404, 200),
    "applicant": (404, 404, 404, 404),
    "nobody": (404, 404, 404, 404),
}


@pytest.mark.parametrize("person", WHO)
def test_each_person_reads_and_writes_what_is_theirs(person, house, report, client):
    client.force_login(getattr(house, person))
    now = reverse("reporting:now", args=[queries.code_of(house.community)])
    draft, writes = (
        client.get(url).status_code for url in (report.get_absolute_url(), url_of("chapter", report, "money"))
    )
    world.approved(world.written(report, house.secretary), house.secretary)
    sent = client.get(report.get_absolute_url()).status_code
    assert (draft, sent, writes, client.get(now).status_code) == WHO[person]
    files = [client.get(url_of("file", report, kind)).status_code for kind in ("pdf", "docx", "xlsx")]
    assert files == [sent] * 3
    for name in ("approve", "open_again"):
        if person not in {"secretary", "hospital_secretary"}:
            assert client.post(url_of(name, report), {"why": "x"}).status_code in {403, 404}


def test_only_a_secretariat_begins_a_report(house, client):
    for person, status in (("secretary", 200), ("regional_secretary", 200), ("chair", 403), ("applicant", 403)):
        client.force_login(getattr(house, person))
        assert client.get(reverse("reporting:begin")).status_code == status
    client.force_login(house.secretary)
    sender = queries.code_of(house.elsewhere)
    days = {"first_day": "01.01.2025", "last_day": "31.12.2025"}
    answer = client.post(reverse("reporting:begin"), {"sender": sender, "kind": "november", **days})
    assert (answer.status_code, PeriodReport.objects.count()) == (422, 0)


def test_a_closed_project_is_in_no_figure_and_its_reader_approves_nothing(house, project, report, client):
    closed_to(house.secretary, project, house)
    world.written(report, house.hospital_secretary)
    client.force_login(house.secretary)
    page = client.get(report.get_absolute_url()).text
    assert "1 prosjekt er lukket for deg" in page
    assert "En kollega må godkjenne den" in page
    secrets = (project.title, project.code, "1\u00a0000\u00a0000", "En bil manglet", "dagskonferanse")
    now = reverse("reporting:now", args=[queries.code_of(house.community)])
    pages = [
        page,
        client.get(now).text,
        *(client.get(url_of("chapter", report, code)).text for code in ("money", "spread")),
    ]
    files = [
        docx_text(client.get(url_of("file", report, "docx"))),
        sheet_text(client.get(url_of("file", report, "xlsx"))),
    ]
    assert [secret for secret in secrets for text in (*pages, *files) if secret in text] == []
    assert client.post(url_of("approve", report), {"shown": world.shown(report, house.secretary)}).status_code == 403
    assert client.get(url_of("row", report, "projects", 0)).status_code == 404
    # What a colleague has sent has the sums of all.
    world.approved(world.fresh(report), house.hospital_secretary)
    for url in (report.get_absolute_url(), *(url_of("file", report, kind) for kind in ("pdf", "docx", "xlsx"))):
        answer = client.get(url)
        assert answer.status_code == 403
        assert project.title not in answer.text
    assert client.get(url_of("row", report, "projects", 0)).status_code == 403


# --- files and what lies behind ---------------------------------------------------------------------------


def docx_text(answer):
    document = docx.Document(BytesIO(answer.content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def sheet_text(answer):
    with ZipFile(BytesIO(answer.content)) as archive:
        return "\n".join(archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml"))


@pytest.mark.requirement("R141")
def test_the_files_have_the_texts_and_the_figures(house, project, report, client):
    services.write(report, "money", texts={"text": "Tekst med **fet**.\n- et punkt\n=1+1"}, by=house.secretary, at=NOW)
    client.force_login(house.secretary)
    answer = client.get(url_of("file", report, "docx"))
    assert "attachment" in answer["Content-Disposition"]
    words = docx_text(answer)
    assert all(
        text in words for text in ("Tekst med fet.", "et punkt", "Tilskudd etter part", project.title, "2 Tilskudd")
    )
    sheet = sheet_text(client.get(url_of("file", report, "xlsx")))
    assert all(text in sheet for text in ("<v>1000000</v>", project.title, "Prosjektene"))
    assert "<f>" not in sheet
    assert client.get(url_of("file", report, "pdf")).content.startswith(b"%PDF")
    assert client.get(url_of("file", report, "exe")).status_code == 404


def test_an_empty_report_has_files_too(house, client):
    report = world.begun(house)
    client.force_login(house.secretary)
    for kind in ("pdf", "docx", "xlsx"):
        assert client.get(url_of("file", report, kind)).status_code == 200


def test_each_figure_leads_to_its_projects(house, project, report, client):
    client.force_login(house.secretary)
    page = client.get(report.get_absolute_url()).text
    for table in ("calls", "parties", "projects", "benefits", "deviations", "spread"):
        url = url_of("row", report, table, 0)
        assert url in page
        behind = client.get(url).text
        assert reverse("followup:project", args=[project.code]) in behind
    now = [queries.code_of(house.community), "parties", 0]
    assert project.title in client.get(reverse("reporting:now_row", args=now)).text
    for table, row in (("calls", 99), ("none", 0)):
        assert client.get(url_of("row", report, table, row)).status_code == 404
    # Who sits in the body and handles no application reads the title, and has no way to a page that is refused.
    client.force_login(house.chair)
    behind = client.get(reverse("reporting:now_row", args=now)).text
    assert project.title in behind
    assert reverse("followup:project", args=[project.code]) not in behind


def test_the_list_has_the_reports_and_says_what_comes_when_there_are_none(house, client):
    client.force_login(house.chair)
    assert "Når sekretariatet har sendt en rapport" in client.get(reverse("reporting:list")).text
    client.force_login(house.secretary)
    assert "Lag den første" in client.get(reverse("reporting:list")).text
    report = world.begun(house)
    page = client.get(reverse("reporting:list")).text
    assert all(text in page for text in (report.title, "15.03.2025", "Skrives"))
    assert (
        client.get(reverse("reporting:now", args=[queries.code_of(house.community)])).text.count("Ingen tall ennå") == 1
    )
