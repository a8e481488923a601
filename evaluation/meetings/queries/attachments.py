"""What is attached to a case: its own files, those of its application, and what other rooms have for it (R137)."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from applications.models import Submission
from applications.queries import file_links, sent_file
from applications.submissions import attachment_rows
from evaluation.assessment.models import Habilitet
from evaluation.meetings.models import Case, CaseAttachment, Meeting
from evaluation.meetings.queries.papers import PaperPage, submission_of
from evaluation.meetings.questions import attached_in
from portal.files.models import StoredFile
from portal.twins import twin_lazy, twin_of
from portal.ui import FileRow

NUMBERED = twin_lazy("Vedlegg %(number)s til søknad %(code)s – %(title)s")
UNNUMBERED = twin_lazy("Vedlegg til søknad %(code)s – %(title)s")


def files_of(page: PaperPage, *, may_take_out: bool = False) -> list[FileRow]:
    """All that is attached to the case of the page, its own files first; three queries at most.

    To whom something of the case is closed, its own files are left out: they may tell of it.
    """
    has_any = page.case.attachments_numbered and not page.is_closed_in_part
    rows = [_row(one, may_take_out=may_take_out) for one in attachments_of(page.case)] if has_any else []
    return [*rows, *_files_of_application(page.case, page.submission), *attached_in(page.case)]


def attachments_of(case: Case) -> QuerySet[CaseAttachment]:
    """The files that were attached to the case itself, by number."""
    return case.attachments.select_related("file")


def _row(attachment: CaseAttachment, *, may_take_out: bool) -> FileRow:
    case, stored = attachment.case, attachment.file
    key = [case.pk, attachment.number]
    return FileRow(
        attachment.display_name,
        reverse("meetings:case_attachment", args=key),
        stored.size,
        note=" · ".join(filter(None, (stored.name, _("Lagt ved etter innkallingen") if _is_later(attachment) else ""))),
        remove_url=reverse("meetings:remove_attachment", args=key) if may_take_out else "",
        is_unscanned=stored.is_unscanned,
    )


def _is_later(attachment: CaseAttachment) -> bool:
    """Whether it was attached after the members were called: the last call has not told them of it."""
    called_at = attachment.case.meeting.called_at
    return called_at is not None and attachment.added_at > called_at


def told_of_in_call(meeting: Meeting) -> dict[int, list[str]]:
    """What the call names of what is attached to its cases, by case (id); one query.

    The call goes to everybody, so nothing of a case that is closed to somebody, or may come to be.
    """
    out = Habilitet.objects.out_of_case().filter(case_id__isnull=False).values("case_id")
    rows = CaseAttachment.objects.filter(case__meeting=meeting, case__application=None, case__priority_list=None)
    names: dict[int, list[str]] = {}
    for row in rows.exclude(case__in=out).select_related("case").order_by("case__position", "number"):
        names.setdefault(row.case_id, []).append(row.display_name)
    return names


# --- of the application -----------------------------------------------------------------------------------


def _files_of_application(case: Case, submission: Submission | None) -> Iterable[FileRow]:
    """The attachments of the version that the case is about, under their own numbers; one query when it has any."""
    if submission is None:
        return []
    data = submission.snapshot
    links = file_links(data, lambda number: reverse("meetings:attachment", args=[case.pk, number]))
    rows = zip(attachment_rows(data, links), data["attachments"], strict=True)
    return [replace(row, name=_name(case, data, item)) for row, item in rows]


def _name(case: Case, data: dict[str, Any], item: dict[str, Any]) -> str:
    """«Vedlegg 3 til søknad AB12CD – Budsjett»; without a number in a round that does not number them."""
    sentence = UNNUMBERED if data.get("attachments_are_unnumbered") else NUMBERED
    words = {"number": item["number"], "code": data["code"], "title": item["title"]}
    context = case.application.noun_context if case.application else ""
    return twin_of(sentence, context) % words


def file_of(case: Case, number: int) -> tuple[StoredFile, str] | None:
    """The attachment as it was when the application was sent, with its name; None when it was not part of it."""
    submission = submission_of(case)
    stored = sent_file(submission, number) if submission else None
    if submission is None or stored is None:
        return None
    data = submission.snapshot
    (item,) = (item for item in data["attachments"] if item["number"] == number)
    return stored, _name(case, data, item)
