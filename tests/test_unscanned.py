"""Everybody who can open a file that somebody uploaded sees that no scanner has looked at it."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from applications.models import Application, Attachment, Signature
from applications.services import submitting
from evaluation.meetings.models import Case
from portal.files.models import Scan, StoredFile
from tests.applications import world
from tests.harness import worlds
from tests.harness.pure_modules import ROOMS, ROOT
from tests.meetings import world as meetings

pytestmark = [pytest.mark.django_db, pytest.mark.fault("A10")]
NOTE = "Ikke viruskontrollert"
# The views that hand out a file that somebody uploaded, and the page with the link to it.
OPENED = {
    "applications/views/attachments.py download": "attachments, check, sign",
    "applications/views/sent.py sent_file": "sent, version",
    "applications/views/signatures.py agreement": "signatures",
    "evaluation/assessment/views/application.py attachment": "papers, score",
    "evaluation/meetings/views/attachments.py of_application": "case",
    "evaluation/meetings/views/attachments.py of_case": "tests/meetings/test_attachments.py",
    "evaluation/followup/views.py evaluation_file": "tests/followup/test_evaluation_files.py",
}
# Those that hand out what the portal has made itself.
OWN = {
    "evaluation/decisions/views/many_letters.py batch_zip",
    "evaluation/decisions/views/letter_page.py letter_pdf",
    "portal/files/serving.py made_or_back",
    "evaluation/reporting/views/report_page.py _pdf",
}


@worlds.world
def application(house):
    """An application in a round with attachments, signed by all, one of them on paper; no file is scanned."""
    round_ = world.real_round("helse-nord-2025")
    made = world.whole(house, round_, at=world.open_moment(round_))
    paper = made.attachments.first().file
    Signature.objects.filter(partner__role="lead").update(document=paper, method="uploaded", signed_by=house.applicant)
    StoredFile.objects.update(scan=Scan.UNSCANNED)
    return Application.objects.get(pk=made.pk)


@pytest.fixture
def at(application):
    return world.open_moment(application.round)


def noted(client, name, *args):
    """How many files of the page have the note."""
    return client.get(reverse(name, args=args)).content.decode().count(NOTE)


def test_those_who_write_and_sign_see_it(house, application, at, sign_in, frozen_clock):
    frozen_clock.move_to(at)
    code, files = application.code, application.attachments.count()
    client = sign_in(house.applicant)
    pages = ("attachments", "check", "signatures")
    assert files
    assert [noted(client, f"applications:{page}", code) for page in pages] == [files, files, 1]
    Signature.objects.update(voided_at=at)
    lead = application.partners.get(role="lead")
    assert noted(sign_in(house.signatory), "applications:sign", code, lead.pk) == files


def test_those_who_handle_the_application_see_it_until_it_is_scanned(house, application, at, sign_in, frozen_clock):
    files, code = application.attachments.count(), application.code
    submitting.submit(application, by=house.applicant, at=at)
    frozen_clock.move_to(at)
    meeting = meetings.planned(house, at + timedelta(days=9))
    case = meetings.own_case(house, meeting, at)
    Case.objects.filter(pk=case.pk).update(application=application)
    client = sign_in(house.secretary)
    pages = [
        ("applications:sent", code),
        ("applications:version", code, 1),
        ("assessment:papers", code),
        ("meetings:case", case.pk),
    ]
    assert [noted(client, *page) for page in pages] == [files] * len(pages)
    held = Attachment.objects.first().file
    # Somebody uploads the same bytes where a scanner is set up.
    StoredFile.objects.create(
        name="x", content_type="", size=1, sha256=held.sha256, scan=Scan.CLEAN, stored_at=at, content="x"
    )
    assert [noted(client, *page) for page in pages] == [files - 1] * len(pages)


def test_every_view_that_opens_a_file_is_named_here():
    opening = set()
    for path in (path for room in ROOMS for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts):
        parts = re.split(r"^(?:async )?def (\w+)", path.read_text(), flags=re.MULTILINE)
        for name, body in zip(parts[1::2], parts[2::2], strict=True):
            if re.search(r"\breturn (?:files\.)?response\(", body):
                opening.add(f"{path.relative_to(ROOT)} {name}")
    assert opening == set(OPENED) | OWN
