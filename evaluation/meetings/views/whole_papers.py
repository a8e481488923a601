"""All papers of a meeting as one document: those that the reader may read, and no others."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from applications import submissions
from evaluation.meetings.models import Case
from evaluation.meetings.permissions import can_read_papers
from evaluation.meetings.queries.papers import papers_of
from evaluation.meetings.views.cases import paper_document, sender_of
from evaluation.meetings.views.planning import visible_meeting
from portal import pdf
from portal.clock import local_date
from portal.formats import date_no
from portal.requests import PersonRequest


@login_required
@never_cache
@require_safe
def papers_pdf(request: PersonRequest, pk: int) -> HttpResponse:
    """The agenda and every paper that the person may read, with bookmarks and one row of page numbers.

    It is made when it is asked for, and kept nowhere: what is closed to the person may be another thing tomorrow.
    """
    meeting = visible_meeting(request, pk)
    papers = [_paper(request, case) for case in papers_of(meeting)]
    day = date_no(local_date(meeting.held_at))
    title = _("Møtepapirer %(body)s %(day)s") % {"body": meeting.body.abbreviation or meeting.body.name, "day": day}
    context = {"meeting": meeting, "papers": papers, "sender": sender_of(meeting)}
    document = pdf.render("letters/meeting_papers.html", context, title=title)
    headers = {"Content-Disposition": f'inline; filename="{title}.pdf"'}
    return HttpResponse(document, content_type="application/pdf", headers=headers)


def _paper(request: PersonRequest, case: Case) -> dict[str, Any]:
    """What is drawn of the case: its number and title alone when its papers are closed to the person."""
    if not can_read_papers(request.user, case, now=request.now):
        return {"case": case}
    drawn = paper_document(request, case)
    submission = drawn["page"].submission
    sent = submissions.view_of(submission.snapshot) if submission else None
    return {**drawn, "anchor": f"sak-{case.pk}", "sent": sent}
