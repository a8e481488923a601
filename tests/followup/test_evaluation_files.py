"""Files in the evaluation: taken like the application's attachments, read by permission, frozen with it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from evaluation.followup.models import EvaluationReport
from evaluation.followup.services import reporting
from evaluation.followup.services.reporting import EvaluationOwner, ReportSentError
from portal.files.models import StoredFile
from portal.journal.models import LogEntry
from rounds.answering.models import AnswerFile
from rounds.answering.services import files
from rounds.definition import form as types
from tests.applications.test_attachments import PDF
from tests.followup.asking import ask_in_evaluation
from tests.followup.world import written
from tests.harness import worlds
from tests.harness.servers import EICAR
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]
ASKED = types.Attachments(type="attachments", code="accounts", label="Regnskap", answer="required")
WRITERS = ("applicant", "signatory", "hospital_applicant")
OFFICE = ("secretary", "hospital_secretary")
OUTSIDERS = ("co_applicant", "stranger", "far_secretary", "regional_secretary", "assessor", "member", "chair", "nobody")


@worlds.world
def whole(house):
    return written(house)


@pytest.fixture
def report(whole, monkeypatch):
    """A whole evaluation of a round that also asks for the accounts."""
    ask_in_evaluation(monkeypatch, whole.acceptance.decision.application.round, ASKED)
    return EvaluationReport.objects.get(pk=whole.pk)


def address(report, path=""):
    return f"/follow-up/{report.acceptance.decision.application.code}/evaluation/{path}"


def pdf(name="regnskap.pdf", content=PDF):
    return SimpleUploadedFile(name, content, "application/pdf")


def add(report, by, uploaded=None, title="Regnskap 2025"):
    owner = EvaluationOwner(report)
    return files.add(owner, ASKED, uploaded or pdf(), kind="", title=title, by=by, at=NOW)


def test_a_file_is_uploaded_listed_downloaded_and_taken_away(house, report, sign_in):
    client = sign_in(house.applicant)
    page = address(report, "files/accounts/")
    assert client.post(page, {"title": "", "file": pdf()}).status_code == 302
    held = AnswerFile.objects.get()
    assert (held.title, held.question, held.uploaded_by) == ("regnskap", "accounts", house.applicant)
    link = address(report, f"file/{held.pk}/")
    shown = client.get(page).content.decode()
    assert link in shown
    assert "Ikke viruskontrollert" in shown
    form = client.get(address(report)).content.decode()
    assert ("regnskap.pdf" in form, page in form) == (True, True)
    sent = client.get(link)
    assert (b"".join(sent.streaming_content), sent["Content-Disposition"]) == (
        PDF,
        'attachment; filename="regnskap.pdf"',
    )
    assert sent["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert client.get(f"{link}remove/").status_code == 200
    assert client.post(f"{link}remove/").status_code == 302
    assert (AnswerFile.objects.count(), StoredFile.objects.filter(name="regnskap.pdf").count()) == (0, 0)
    acts = list(LogEntry.objects.filter(act__startswith="evaluation.file").values_list("act", flat=True))
    assert acts == ["evaluation.file_added", "evaluation.file_removed"]


@pytest.mark.parametrize(
    ("uploaded", "sentence"),
    [
        (("virus.pdf", PDF + EICAR), "skadelig programvare"),
        (("regnskap.pdf", b"MZ\x90\x00 not a document"), "innholdet er ikke en PDF-fil"),
        (("bilde.png", PDF), "er egentlig av typen PDF"),
        (("tom.pdf", b""), "Filen er tom."),
    ],
)
def test_a_hostile_file_is_refused_as_in_the_application(house, report, sign_in, uploaded, sentence):
    answer = sign_in(house.applicant).post(address(report, "files/accounts/"), {"title": "x", "file": pdf(*uploaded)})
    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
    assert AnswerFile.objects.count() == 0


def test_the_rounds_own_limit_of_size_holds(house, report, monkeypatch):
    monkeypatch.setattr("rounds.answering.services.files.MB", 1)
    with pytest.raises(files.UploadError, match="I denne runden kan den være på høyst"):
        add(report, house.applicant, pdf(content=PDF + b"x" * 1000))


def test_there_is_room_for_so_many_files_of_a_kind(house, report, monkeypatch):
    monkeypatch.setattr("rounds.answering.services.files.MOST_FILES", 1)
    add(report, house.applicant)
    with pytest.raises(files.FileAnswerError, match="høyst 1 av typen «Regnskap»"):
        add(report, house.applicant)
    with pytest.raises(files.FileAnswerError, match="Velg en av typene"):
        files.add(EvaluationOwner(report), ASKED, pdf(), kind="x", title="", by=house.applicant, at=NOW)


@pytest.mark.parametrize("role", [*WRITERS, *OFFICE, *OUTSIDERS])
def test_who_may_read_and_who_may_change_the_files(role, house, report, sign_in):
    held = add(report, house.applicant)
    client = sign_in(getattr(house, role))
    may_write = role in WRITERS
    writes = 200 if may_write else 404 if role in OUTSIDERS else 403
    # A draft's files are as closed as its answers.
    answer = client.get(address(report, f"file/{held.pk}/"))
    answer.close()
    assert answer.status_code == writes
    for path in ("files/accounts/", f"file/{held.pk}/remove/"):
        assert client.get(address(report, path)).status_code == writes
    client.post(address(report, f"file/{held.pk}/remove/"))
    assert AnswerFile.objects.exists() != may_write


@pytest.mark.parametrize("role", [*WRITERS, *OFFICE, *OUTSIDERS])
def test_files_of_a_sent_evaluation_are_read_by_those_who_follow_the_project(role, house, report, sign_in):
    held = add(report, house.applicant)
    reporting.submit(report, by=house.applicant, at=NOW)
    answer = sign_in(getattr(house, role)).get(address(report, f"file/{held.pk}/"))
    answer.close()
    assert answer.status_code == (404 if role in OUTSIDERS else 200)


def test_a_file_of_another_evaluation_is_not_there(house, report, sign_in):
    held = add(report, house.applicant)
    AnswerFile.objects.update(response=report.acceptance.decision.application.response)
    assert sign_in(house.applicant).get(address(report, f"file/{held.pk}/")).status_code == 404


@pytest.mark.parametrize("question", ["effects", "nothing"])
def test_only_a_question_of_files_takes_files(house, report, sign_in, question):
    assert sign_in(house.applicant).get(address(report, f"files/{question}/")).status_code == 404


def test_a_required_file_is_missed_and_then_frozen_printed_and_kept(house, report, sign_in):
    assert reporting.missing(report, at=NOW) == ["Legg ved minst én fil under «Regnskap»."]
    held = add(report, house.applicant)
    reporting.submit(report, by=house.applicant, at=NOW)
    report.refresh_from_db()
    frozen = next(answer for answer in report.snapshot["answers"] if answer["code"] == "accounts")
    assert frozen["value"] == [
        {"title": "Regnskap 2025", "kind": "", "name": "regnskap.pdf", "size": len(PDF), "sha256": held.file.sha256}
    ]
    assert frozen["text"] == "Regnskap 2025: regnskap.pdf (1\u00a0kB)"
    with pytest.raises(ReportSentError):
        files.remove(EvaluationOwner(report), held, by=house.applicant, at=NOW)
    with pytest.raises(ReportSentError):
        add(report, house.applicant)
    page = sign_in(house.secretary).get(address(report)).content.decode()
    assert (address(report, f"file/{held.pk}/") in page, "remove" in page) == (True, False)
    assert "Regnskap 2025: regnskap.pdf" in page
