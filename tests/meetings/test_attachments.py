"""What is attached to a case: its number and name, who may read it, and until when it can be taken out (R137)."""

from pathlib import Path
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from evaluation.assessment.services import declaring
from evaluation.meetings.documents import drawn
from evaluation.meetings.models import Case, CaseAttachment, Meeting
from evaluation.meetings.queries.minutes import minutes_content
from evaluation.meetings.services import attachments, from_list, live, planning, resolving, taking_off
from evaluation.meetings.services.locking import MeetingConflictError, MeetingError
from portal.files.models import StoredFile
from portal.files.services import UploadError, store_bytes
from portal.journal.models import LogEntry
from portal.mail.models import Message
from tests.assessment import world as assessments
from tests.harness import worlds
from tests.harness.servers import EICAR
from tests.meetings import world
from tests.portal import made_files
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]
PDF = made_files.pdf(title="Eksempler")
NAME = "Vedlegg 1 til sak 1/25 – Eksempler på initiativ"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


def on_disk():
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def pdf(name="eksempler.pdf", data=PDF):
    return SimpleUploadedFile(name, data, content_type="application/pdf")


def kept():
    """The files that are kept, but for those of the portal's own calendar."""
    return StoredFile.objects.exclude(content_type="text/calendar")


def attach(house, case, title="Eksempler på initiativ", name="eksempler.pdf", at=NOW):
    return attachments.upload(case, pdf(name), title=title, by=house.secretary, at=at)


def url(name, *args):
    return reverse(f"meetings:{name}", args=args)


@worlds.world
def planned_case(house, now):
    """A case of its own in a meeting to which nobody is called yet."""
    meeting = world.planned(house, now)
    return meeting, world.own_case(house, meeting, now)


@pytest.mark.requirement("R137")
def test_an_attachment_is_named_after_its_case_everywhere(house, planned_case, sign_in, monkeypatch):
    meeting, case = planned_case
    client = sign_in(house.secretary)
    answer = client.post(
        url("add_attachment", case.pk), {"title": "Eksempler på initiativ", "file": pdf()}, follow=True
    )
    assert f"{NAME} er lagt ved." in answer.text
    planning.call(meeting, by=house.secretary, at=NOW)
    mails = Message.objects.filter(recipient=house.member.email)
    assert [f"    {NAME}" in message.body_text for message in mails] == [True]

    reader = sign_in(house.member)
    page = reader.get(url("case", case.pk)).text
    assert (NAME in page, "Fjern<" in page, url("add_attachment", case.pk) in page) == (True, False, False)
    drawn_paper = []
    monkeypatch.setattr("portal.pdf.render", lambda _template, context, **_: drawn_paper.append(context) or b"")
    reader.get(url("paper_pdf", case.pk))
    assert [file.name for file in drawn_paper[0]["files"]] == [NAME]
    file = reader.get(url("case_attachment", case.pk, 1))
    assert b"".join(file.streaming_content) == PDF
    assert unquote(file["Content-Disposition"]).endswith("Vedlegg 1 til sak 1-25 – Eksempler på initiativ.pdf")

    content = minutes_content(Meeting.objects.get(pk=meeting.pk), "")
    assert content["cases"][0]["attachments"] == [NAME]
    assert drawn(content)["minutes"]["cases"][0]["attachments"] == [NAME]
    assert LogEntry.objects.get(act="case.attachment_added").data["number"] == 1


def test_a_number_is_not_given_again_and_the_file_goes_with_the_attachment(house, planned_case, sign_in):
    _meeting, case = planned_case
    for title in ("A", "", "C"):
        attach(house, case, title, name="fil b.pdf")
    client = sign_in(house.secretary)
    asked = client.get(url("remove_attachment", case.pk, 3)).text
    assert "Vedlegg 3 til sak 1/25 – C blir slettet." in asked
    client.post(url("remove_attachment", case.pk, 3))
    attach(house, case, "D")
    assert list(case.attachments.values_list("number", "title")) == [(1, "A"), (2, "fil b"), (4, "D")]
    assert (kept().count(), client.get(url("case_attachment", case.pk, 3)).status_code) == (3, 404)
    page = client.get(url("case", case.pk)).text
    assert page.index("1/25 – A") < page.index("1/25 – fil b") < page.index("1/25 – D")
    assert page.count("/remove/") == 3


def test_after_the_call_attachments_are_added_only_and_marked(house, planned_case, sign_in, frozen_clock):
    meeting, case = planned_case
    first = attach(house, case, "Før")
    planning.call(meeting, by=house.secretary, at=NOW)
    frozen_clock.move_to(meeting.starts_at)
    client = sign_in(house.secretary)
    said = client.post(url("add_attachment", case.pk), {"title": "Etter", "file": pdf()}, follow=True).text
    assert "Kall inn på nytt, så medlemmene får vite det." in said
    page = client.get(url("case", case.pk)).text
    assert (page.count("Lagt ved etter innkallingen"), "/remove/" in page) == (1, False)
    assert client.get(url("remove_attachment", case.pk, 1)).status_code == 403
    refused = client.post(url("remove_attachment", case.pk, 1), follow=True)
    assert "Da kan ikke vedlegg fjernes, bare legges til." in refused.text
    with pytest.raises(MeetingError, match="Innkallingen er sendt"):
        attachments.remove(first, by=house.secretary, at=NOW)
    # The new call tells of it.
    planning.call(meeting, by=house.secretary, at=meeting.starts_at)
    assert "Lagt ved etter innkallingen" not in client.get(url("case", case.pk)).text


def test_who_may_read_the_case_reads_it_and_the_secretariat_alone_attaches(house, planned_case, client):
    meeting, case = planned_case
    attach(house, case)
    roles = ("secretary", "chair", "member", "far_secretary", "applicant")

    def statuses(name, *args):
        got = []
        for role in roles:
            client.force_login(getattr(house, role))
            answer = client.get(url(name, case.pk, *args))
            got.append(answer.status_code)
            answer.close()
        return got

    assert statuses("case_attachment", 1) == [200, 200, 404, 404, 404]
    assert statuses("remove_attachment", 1) == [200, 403, 404, 404, 404]
    planning.call(meeting, by=house.secretary, at=NOW)
    assert statuses("case_attachment", 1) == [200, 200, 200, 404, 404]
    assert statuses("add_attachment") == [200, 403, 403, 404, 404]
    client.force_login(house.member)
    assert client.post(url("add_attachment", case.pk), {"file": pdf()}).status_code == 403
    assert client.post(url("remove_attachment", case.pk, 1)).status_code == 403
    assert case.attachments.count() == 1


def test_what_cannot_be_taken_is_said_at_the_file_and_nothing_is_kept(house, planned_case, sign_in, monkeypatch):
    _meeting, case = planned_case
    client = sign_in(house.secretary)
    answer = client.post(url("add_attachment", case.pk), {"title": "Tittelen", "file": pdf("a.pdf", b"bare tekst")})
    assert (answer.status_code, "Tittelen" in answer.text) == (422, True)
    assert client.post(url("add_attachment", case.pk), {"title": "Uten"}).status_code == 422
    with pytest.raises(UploadError, match="skadelig"):
        attachments.upload(case, pdf("virus.pdf", PDF + EICAR), title="", by=house.secretary, at=NOW)
    monkeypatch.setattr(attachments, "MOST", 0)
    with pytest.raises(MeetingError, match="høyst 0 vedlegg"):
        attach(house, case)
    assert (case.attachments.count(), kept().count()) == (0, 0)


def test_a_settled_case_and_a_meeting_that_is_over_take_nothing(house, meeting_and_case, sign_in):
    meeting, case = meeting_and_case
    attach(house, case)
    resolving.adopt_as_proposed(case, by=house.chair, at=NOW)
    page = sign_in(house.secretary).get(url("case", case.pk)).text
    assert (NAME in page, url("add_attachment", case.pk) in page) == (True, False)
    with pytest.raises(MeetingError, match="er avgjort"):
        attach(house, case)
    live.close_meeting(meeting, by=house.chair, at=NOW)
    with pytest.raises(MeetingError, match="er hevet"):
        attach(house, case)
    assert kept().count() == 1


def test_an_attachment_that_two_remove_is_removed_once(house, planned_case):
    _meeting, case = planned_case
    attachment = attach(house, case)
    attachments.remove(CaseAttachment.objects.get(pk=attachment.pk), by=house.secretary, at=NOW)
    with pytest.raises(MeetingConflictError, match="allerede fjernet"):
        attachments.remove(attachment, by=house.secretary, at=NOW)


def test_a_case_taken_up_again_has_the_attachments_it_had(house, meeting_and_case):
    _meeting, case = meeting_and_case
    for title in ("A", "B"):
        attach(house, case, title)
    resolving.postpone(case, reason="Mer tid.", by=house.chair, at=NOW)
    later = world.planned(house, NOW)
    again = planning.take_up_again(Case.objects.get(pk=case.pk), later, by=house.secretary, at=NOW)
    names = [one.display_name for one in again.attachments.all()]
    assert names == ["Vedlegg 1 til sak 2/25 – A", "Vedlegg 2 til sak 2/25 – B"]
    assert attach(house, again, "C").number == 3
    # The file is that of the first case, too.
    attachments.remove(again.attachments.get(number=1), by=house.secretary, at=NOW)
    assert (kept().count(), case.attachments.count()) == (3, 2)
    taking_off.take_off(again, reason="Feil.", by=house.secretary, at=NOW)
    assert sorted(kept().values_list("name", flat=True)) == ["eksempler.pdf"] * 2
    assert case.attachments.count() == 2


def test_a_file_that_another_row_has_is_kept(house, planned_case):
    _meeting, case = planned_case
    stored = store_bytes(PDF, name="fra en annen.pdf", content_type="application/pdf", at=NOW)
    handed = attachments.add(case, stored, by=house.secretary, at=NOW)
    assert handed.display_name == "Vedlegg 1 til sak 1/25 – fra en annen"
    other = world.own_case(house, case.meeting, NOW, title="En annen sak")
    attachments.add(other, stored, title="Også her", by=house.secretary, at=NOW)
    attachments.remove(handed, by=house.secretary, at=NOW)
    assert StoredFile.objects.filter(pk=stored.pk).exists()
    taking_off.take_off(other, reason="Feil.", by=house.secretary, at=NOW)
    assert not StoredFile.objects.filter(pk=stored.pk).exists()


def test_a_list_put_up_again_carries_the_attachments_of_its_cases(house):
    meeting, cases, at = world.list_meeting(house, 1)
    attach(house, cases[0], "Til søknaden", at=at)
    attach(house, cases[-1], "Til fordelingen", at=at)
    world.opened(house, meeting, at, *world.everybody(house))
    resolving.postpone_rest(meeting, reason="Tiden var ute.", by=house.chair, at=at)
    live.close_meeting(Meeting.objects.get(pk=meeting.pk), by=house.chair, at=at)
    again = from_list.add_cases(world.planned(house, at), cases[0].priority_list, by=house.secretary, at=at)
    named = [one.display_name for case in again for one in case.attachments.all()]
    assert [name.partition(" – ")[2] for name in named] == ["Til søknaden", "Til fordelingen"]
    assert all(f"til sak {case.reference} –" in name for case, name in zip(again, named, strict=True))


@pytest.mark.requirement("R137")
def test_an_attachment_of_an_application_keeps_its_number_and_names_the_application(house, sign_in, monkeypatch):
    meeting, cases, at = world.list_meeting(house, 1)
    planning.call(meeting, by=house.secretary, at=at)
    case, code = cases[0], cases[0].application.code
    stored = store_bytes(PDF, name="budsjett.pdf", content_type="application/pdf", at=at)
    kind, words = case.application.round.spec.attachments.kinds[0].code, {"uploaded_by": house.applicant}
    case.application.attachments.create(number=3, kind=kind, title="Budsjett", file=stored, **words, uploaded_at=at)
    assessments.freeze(case.application, at)
    reader = sign_in(house.secretary)
    name = f"Vedlegg 3 til søknad {code} – Budsjett"
    assert name in reader.get(url("case", case.pk)).text
    file = reader.get(url("attachment", case.pk, 3))
    assert unquote(file["Content-Disposition"]).endswith(f"{name}.pdf")
    file.close()
    assert reader.get(url("attachment", case.pk, 4)).status_code == 404


def test_who_may_not_read_the_whole_allocation_reads_none_of_its_attachments(house, sign_in):
    meeting, cases, at = world.list_meeting(house)
    whole = cases[-1]
    attach(house, whole, "Oversikt", at=at)
    planning.call(meeting, by=house.secretary, at=at)
    assert not Message.objects.filter(body_text__contains="Oversikt").exists()
    reader = sign_in(house.chair)
    assert "Oversikt" in reader.get(url("case", whole.pk)).text
    tie = {"has_tie": True, "ground": "other", "explanation": "Søsken leder prosjektet."}
    declaring.declare(cases[0].application, **tie, by=house.chair, at=at)
    page = reader.get(url("case", whole.pk))
    assert (page.status_code, "Oversikt" in page.text) == (200, False)
    assert reader.get(url("case_attachment", whole.pk, 1)).status_code == 404
