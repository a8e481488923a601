"""Attachments: what is taken, under which number, who may fetch it, and what happens to the file."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from applications import queries
from applications.models import Application, Attachment
from applications.services import attachments
from applications.workflow import Status
from portal.files.models import StoredFile
from portal.files.services import UploadError
from rounds.models import _parsed
from tests.applications.test_views_draft import text_of, url
from tests.harness.servers import EICAR
from tests.portal import made_files

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
PDF = made_files.pdf(title="Budsjett")


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


def files():
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def pdf(name="budsjett.pdf", data=PDF):
    return SimpleUploadedFile(name, data, content_type="application/pdf")


def upload(client, application, file=None, **data):
    fields = {"kind": "budget", "title": "Budsjett Troms 2025", "file": file or pdf(), **data}
    return client.post(url("attachments", application), fields)


def test_a_round_without_kinds_takes_no_attachment_and_says_so(house, draft, sign_in, monkeypatch):
    spec = draft.round.spec
    without_kinds = spec.model_copy(update={"attachments": spec.attachments.model_copy(update={"kinds": ()})})
    monkeypatch.setitem(_parsed, draft.round.definition_sha256, without_kinds)
    answer = sign_in(house.applicant).post(url("attachments", draft), {"title": "", "file": pdf()})
    assert (answer.status_code, "Velg en av typene som runden tar imot." in text_of(answer)) == (422, True)
    assert (draft.attachments.count(), files()) == (0, [])


@pytest.mark.requirement("R89")
def test_attachments_are_numbered_and_keep_their_numbers(house, draft, at):
    for name in ("a.pdf", "b.pdf", "c.pdf"):
        attachments.add(draft, pdf(name), kind="other", title="", by=house.applicant, at=at)
    attachments.remove(draft.attachments.get(number=2), by=house.applicant, at=at)
    attachments.add(draft, pdf("d.pdf"), kind="other", title="D", by=house.applicant, at=at)
    assert [(item.number, item.title) for item in draft.attachments.all()] == [(1, "a"), (3, "c"), (4, "D")]


def test_the_heading_says_how_many_are_missing_and_then_how_many_there_are(house, draft, sign_in, at):
    """The first that is missing is what the form is set to; of the agreement the signatures can take the place."""
    client, page = sign_in(house.applicant), url("attachments", draft)
    first = client.get(page).context["first_missing"]
    assert (first.code, f'value="{first.code}" selected' in client.get(page).text) == ("budget", True)
    assert f"Begynn med «{first.label}»" in client.get(page).text
    asked = [kind.code for kind in draft.round.spec.attachments.kinds if kind.required]
    assert sorted(asked) == ["agreement", "budget"]
    assert client.get(page).context["heading"] == "Ett vedlegg mangler"
    for kind, said in (("budget", "Ett vedlegg er lagt ved"), ("agreement", "To vedlegg er lagt ved")):
        attachments.add(draft, pdf(), kind=kind, title="", by=house.applicant, at=at)
        assert client.get(page).context["heading"] == said


@pytest.mark.fault("C15")
def test_the_number_of_a_removed_attachment_is_not_given_to_another(house, draft, at):
    for name in ("a.pdf", "b.pdf"):
        attachments.add(draft, pdf(name), kind="other", title="", by=house.applicant, at=at)
    for number in (2, 1):
        attachments.remove(draft.attachments.get(number=number), by=house.applicant, at=at)
    attachments.add(draft, pdf("c.pdf"), kind="other", title="", by=house.applicant, at=at)
    assert [(item.number, item.title) for item in draft.attachments.all()] == [(3, "c")]


def test_the_way_back_is_the_section_that_one_came_from(house, draft, sign_in):
    client = sign_in(house.applicant)
    sections = [item for item in draft.round.spec.sections if item.has("attachments")]
    for section in sections:
        page = client.get(url("section", draft, section.code)).content.decode()
        assert f'href="{url("attachments", draft)}?from={section.code}"' in page
        page = text_of(client.get(f"{url('attachments', draft)}?from={section.code}"))
        assert f"Tilbake til «{section.title}»" in page
    unknown = text_of(client.get(f"{url('attachments', draft)}?from=nothing"))
    back = "Tilbake til oversikten" if len(sections) > 1 else f"Tilbake til «{sections[0].title}»"
    assert back in unknown


@pytest.mark.requirement("R89")
def test_an_upload_is_shown_and_fetched_as_a_download(house, draft, sign_in):
    client = sign_in(house.applicant)
    assert upload(client, draft).status_code == 302
    page = text_of(client.get(url("attachments", draft)))
    assert "Vedlegg 1: Budsjett Troms 2025" in page
    assert "«Budsjett» er lagt ved" in page
    assert "Legg ved «Signert avtale om felles søknad», eller la alle partnerne signere i portalen." in page
    answer = client.get(url("attachment", draft, 1))
    assert b"".join(answer.streaming_content) == PDF
    assert (answer["Content-Disposition"], answer["X-Content-Type-Options"]) == (
        'attachment; filename="budsjett.pdf"',
        "nosniff",
    )


@pytest.mark.parametrize(
    ("file", "data", "sentence"),
    [
        (pdf("budsjett.svg", b"<svg>"), {}, "Vi kan ikke ta imot denne filtypen."),
        (pdf("budsjett.pdf", b"<html><script>"), {}, "Filen heter «budsjett.pdf», men innholdet er ikke en PDF-fil"),
        (pdf("budsjett.docx"), {}, "Filen «budsjett.docx» er egentlig av typen PDF."),
        (pdf("budsjett.pdf", b""), {}, "Filen er tom."),
        (pdf("makro.xlsx", b"PK\x03\x04tull"), {}, "Filen er skadet eller ikke hel"),
        (pdf(), {"kind": "yacht"}, "Velg en av typene som står på siden."),
        (pdf(), {"kind": ""}, "Velg et svar på «Type vedlegg»."),
        ("", {}, "Legg ved en fil under «Fil»."),
    ],
)
def test_an_upload_that_will_not_do_is_refused_with_a_sentence(house, draft, sign_in, file, data, sentence):
    answer = sign_in(house.applicant).post(
        url("attachments", draft), {"kind": "budget", "title": "Tittelen står", "file": file, **data}
    )
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert "Tittelen står" in text_of(answer)
    assert (Attachment.objects.count(), files()) == (0, [])


def test_an_upload_over_the_rounds_limit_is_refused(house, draft, at):
    large = pdf(data=PDF)
    large.size = 20 * 1024 * 1024 + 1
    with pytest.raises(UploadError, match="kan den være på høyst 20 MB"):
        attachments.add(draft, large, kind="other", title="", by=house.applicant, at=at)


def test_malware_is_refused(house, draft, sign_in, scanner):
    answer = upload(sign_in(house.applicant), draft, pdf(data=PDF + EICAR))
    assert answer.status_code == 422
    assert "Filen inneholder skadelig programvare og er ikke lagret." in text_of(answer)


def test_a_kind_is_full_when_the_round_says_so(house, draft, at):
    for _number in range(3):
        attachments.add(draft, pdf(), kind="budget", title="", by=house.applicant, at=at)
    with pytest.raises(attachments.AttachmentError, match="Dere kan legge ved høyst 3 av typen «Budsjett»"):
        attachments.add(draft, pdf(), kind="budget", title="", by=house.applicant, at=at)
    # The upload that was refused is not kept.
    assert StoredFile.objects.count() == 3


def test_a_file_is_replaced_under_its_number(house, draft, sign_in, django_capture_on_commit_callbacks):
    client = sign_in(house.applicant)
    upload(client, draft)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(url("attachment_replace", draft, 1), {"file": pdf("nytt.pdf", PDF + b" 2")})
    held = Attachment.objects.get()
    assert (answer.status_code, held.number, held.title, held.file.name) == (302, 1, "Budsjett Troms 2025", "nytt.pdf")
    assert (StoredFile.objects.count(), len(files())) == (1, 1)
    refused = client.post(url("attachment_replace", draft, 1), {"file": pdf("x.pdf", b"tull")})
    assert (refused.status_code, Attachment.objects.get().file.name) == (422, "nytt.pdf")


def test_a_draft_forgets_a_removed_file_and_a_sent_application_keeps_it(
    house, draft, at, django_capture_on_commit_callbacks
):
    first = attachments.add(draft, pdf(), kind="other", title="", by=house.applicant, at=at)
    second = attachments.add(draft, pdf(), kind="other", title="", by=house.applicant, at=at)
    with django_capture_on_commit_callbacks(execute=True):
        attachments.remove(first, by=house.applicant, at=at)
    assert (StoredFile.objects.count(), len(files())) == (1, 1)
    Application.objects.filter(pk=draft.pk).update(status=Status.CORRECTION, submitted_at=at)
    second = Attachment.objects.get(pk=second.pk)
    with django_capture_on_commit_callbacks(execute=True):
        attachments.remove(second, by=house.applicant, at=at)
    assert (Attachment.objects.count(), StoredFile.objects.count(), len(files())) == (0, 1, 1)


def test_an_attachment_voids_the_signatures(house, application, at):
    attachments.add(application, pdf(), kind="other", title="", by=house.applicant, at=at)
    assert queries.signed_by(application) == []


@pytest.mark.parametrize(
    ("person", "status"), [("co_applicant", 200), ("stranger", 404), ("secretary", 404), ("nobody", 404)]
)
def test_files_are_for_the_writers(house, draft, at, sign_in, person, status):
    attachments.add(draft, pdf(), kind="other", title="", by=house.applicant, at=at)
    client = sign_in(getattr(house, person))
    answer = client.get(url("attachment", draft, 1))
    # Read to its end, so that the file is closed.
    assert (answer.status_code, b"".join(answer).startswith(b"%PDF")) == (status, status == 200)
    assert client.get(url("attachment_remove", draft, 1)).status_code == status


def test_a_number_that_is_not_there_is_404(house, draft, sign_in):
    client = sign_in(house.applicant)
    names = ("attachment", "attachment_replace", "attachment_remove")
    assert [client.get(url(name, draft, 7)).status_code for name in names] == [404, 404, 404]


def test_removal_asks_first(house, draft, at, sign_in):
    attachments.add(draft, pdf(), kind="other", title="", by=house.applicant, at=at)
    client = sign_in(house.applicant)
    assert "Vil dere fjerne vedlegg 1?" in text_of(client.get(url("attachment_remove", draft, 1)))
    assert Attachment.objects.count() == 1
    client.post(url("attachment_remove", draft, 1))
    assert Attachment.objects.count() == 0


def test_nothing_is_uploaded_after_the_deadline(house, draft, northern, sign_in, clock):
    clock.move_to(northern.closes_at)
    client = sign_in(house.applicant)
    assert (upload(client, draft).status_code, Attachment.objects.count()) == (403, 0)
