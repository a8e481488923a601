"""The case paper, and what the chair does with a case."""

from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from applications import submissions
from evaluation.meetings.forms import PaperForm
from evaluation.meetings.models import Case, Meeting
from evaluation.meetings.permissions import can_lead_case, can_plan, can_read_papers, can_write_paper, is_not_over
from evaluation.meetings.queries import papers
from evaluation.meetings.queries.attachments import files_of
from evaluation.meetings.queries.habilitet import has_been_asked, line_of
from evaluation.meetings.queries.related import related_to
from evaluation.meetings.questions import asked_for_in, comments_in, follow_up_in
from evaluation.meetings.services import planning
from portal import pdf, pending
from portal.communities.queries import standing_at
from portal.paging import page_of
from portal.permissions import require, require_to_open
from portal.requests import PersonRequest
from portal.writing import save


def visible_case(request: PersonRequest, pk: int) -> Case:
    """The case of a meeting that the person may see, else 404."""
    return get_object_or_404(papers.visible_cases(request.user, now=request.now), pk=pk)


def readable_case(request: PersonRequest, pk: int) -> Case:
    """The case if its papers are open to the person, else 404 or 403 with the reason."""
    case = visible_case(request, pk)
    require(can_read_papers(request.user, case, now=request.now))
    return case


def led_case(request: PersonRequest, pk: int) -> Case:
    """The case if the person may lead it, else 404 or 403 with the reason."""
    case = visible_case(request, pk)
    require(can_lead_case(request.user, case, now=request.now))
    require_to_open(request, is_not_over(case.meeting))
    return case


@login_required
@require_safe
def paper(request: PersonRequest, pk: int) -> HttpResponse:
    """The case paper with the application as it was sent; why it is closed to those who are inhabil, or may be."""
    case = visible_case(request, pk)
    answer = can_read_papers(request.user, case, now=request.now)
    if not answer:
        may_answer = case.meeting.is_called and case.application_id and not has_been_asked(request.user, case)
        context = {"case": case, "meeting": case.meeting, "reason": answer.reason, "may_answer": may_answer}
        return render(request, "meetings/case_closed.html", context, status=403)
    page = papers.paper_page(case, standing_at(request.user, request.now))
    is_fixed = case.is_settled or case.meeting.is_ended or page.closed
    edits = can_plan(request.user, case.body, now=request.now) and not is_fixed
    may_take_out = bool(edits and not case.meeting.is_called)
    files = files_of(page, may_take_out=may_take_out)
    sent = submissions.folded(submissions.view_of(page.submission.snapshot)) if page.submission else None
    context = {"case": case, "meeting": case.meeting, "page": page, "sent": sent, "files": files, "edits": edits}
    # It can be said before the meeting too, so that a deputy can be called in.
    waits = not case.is_settled and not case.meeting.is_ended
    context |= {"names_earlier": edits and not case.priority_list_id, **_around(request, case)}
    if case.is_settled:
        context["follow_up"] = follow_up_in(case, request.user, request.now)
    context["declares"] = waits and line_of(case.meeting, request.user) is not None
    if case.is_allocation:
        rows = page_of(request, papers.list_rows(case, page.closed))
        context |= {"rows": rows, "shown": papers.shown_without(page.closed, case, list(rows))}
    return render(request, "meetings/case_paper.html", context)


def _around(request: PersonRequest, case: Case) -> dict[str, Any]:
    """The cases that it builds on and that build on it, the resolutions that asked for it, and the comments on it."""
    return {
        "related": related_to(case, standing_at(request.user, request.now)),
        "asked_for": asked_for_in(case, request.user, request.now),
        "comments": comments_in(case, request.user, request.now),
    }


def paper_document(request: PersonRequest, case: Case) -> dict[str, Any]:
    """What a document draws of a paper that the person may read."""
    page = papers.paper_page(case, standing_at(request.user, request.now))
    return {"case": case, "page": page, "files": files_of(page), **_around(request, case)}


def sender_of(meeting: Meeting) -> dict[str, str]:
    """Who the papers of the meeting are from."""
    body = meeting.body
    return {"name": body.name, "address": body.community.name if body.community else str(body.region)}


@login_required
@require_safe
def paper_pdf(request: PersonRequest, pk: int) -> HttpResponse:
    """The case paper as a document."""
    case = readable_case(request, pk)
    title = _("Saksframlegg %(case)s") % {"case": case.reference}
    context = {**paper_document(request, case), "sender": sender_of(case.meeting)}
    document = pdf.render("letters/case_paper.html", context, title=f"{title} {case.title}")
    name = title.replace("/", "-")
    return HttpResponse(
        document, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}.pdf"'}
    )


@login_required
@require_http_methods(["GET", "POST"])
def edit_paper(request: PersonRequest, pk: int) -> HttpResponse:
    """Write the case paper."""
    case = readable_case(request, pk)
    require(can_write_paper(request.user, case, now=request.now))
    require_to_open(request, is_not_over(case.meeting))
    hides_facts = papers.facts_tell_of_closed(case, standing_at(request.user, request.now))
    # Each case of a list has the guidelines of its round.
    without = [*(["facts"] if hides_facts else []), *(["guidelines"] if case.priority_list_id else [])]
    texts = [name for name in case.paper.TEXTS if name not in without]
    initial = {"title": case.title, **{name: getattr(case.paper, name) for name in texts}}
    form = PaperForm(pending.data(request), initial=initial, address=request.path, without=without)
    form.helper.cancel_url = reverse("meetings:case", args=[pk])
    if request.method == "POST":
        write, to = partial(planning.write_paper, case), reverse("meetings:case", args=[pk])
        if answer := save(
            request, form, write, _("Saksframlegget er lagret."), to=to, told=(case, planning.PAPER_WRITTEN)
        ):
            return answer
    context = {"case": case, "meeting": case.meeting, "form": form, "hides_facts": hides_facts}
    return render(request, "meetings/case_edit.html", context, status=form.http_status)
