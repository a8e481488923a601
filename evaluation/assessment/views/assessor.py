"""The assessor's pages: the desk, habilitet, and the scoring page."""

from collections.abc import Sequence
from functools import partial
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from applications.models import Application, Submission
from evaluation.assessment import permissions
from evaluation.assessment.forms import DeclarationForm, ScoreForm, TakenBackForm
from evaluation.assessment.habilitet import State
from evaluation.assessment.models import Assessment
from evaluation.assessment.queries import desk as desks
from evaluation.assessment.queries import detail as details
from evaluation.assessment.queries import ties, turns
from evaluation.assessment.queries.access import Access
from evaluation.assessment.queries.habilitet import row_of
from evaluation.assessment.scoring import running_total
from evaluation.assessment.services import assessing, declaring
from evaluation.assessment.services.assessing import Given
from evaluation.assessment.turn import Turn, desk_url, detail_url, score_address, score_url
from evaluation.assessment.views.reading import CONFLICT, INVALID, OK, context_of, find, must_declare, turn_of_stage
from portal import clock, formats, pending
from portal.acts import attempt
from portal.communities.queries import standing_at
from portal.errors import ConflictError, DomainError
from portal.permissions import require
from portal.requests import PersonRequest, Request
from portal.twins import twin_lazy, twin_of
from portal.ui import NextStep


@login_required
@require_GET
def desk(request: PersonRequest) -> HttpResponse:
    """«Mine vurderinger»."""
    standing = standing_at(request.user, request.now)
    progress = desks.progress(standing)
    page = Paginator(range(progress.shown), desks.PER_PAGE).get_page(request.GET.get("page"))
    positions = range(max(page.start_index() - 1, 0), page.end_index())
    rows = desks.rows(standing, positions)
    context = {
        "page_obj": page,
        "rows": rows,
        "progress": progress,
        "today": clock.local_date(request.now),
        "step": _first_to_assess(rows),
    }
    return render(request, "assessment/desk.html", context)


def _first_to_assess(rows: Sequence[desks.Row]) -> NextStep | None:
    """What the assessor does next: the first on the page that is open to the person and not delivered."""
    row = next((row for row in rows if row.is_open and row.url), None)
    if row is None:
        return None
    act = _("Fortsett vurderingen") if row.is_begun else _("Begynn vurderingen")
    if row.state == State.UNDECLARED:
        act = _("Svar på habilitet")
    return NextStep(row.title, text=row.round_title, act=act, url=row.url, due_at=clock.end_of_day(row.due_date))


# --- habilitet ------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def habilitet(request: PersonRequest, code: str) -> HttpResponse:
    """The person's answer about habilitet, before the application is open to the person."""
    application, access = find(request, code)
    require(permissions.can_declare(access))
    title, url = _before_declaring(application, access)
    form = DeclarationForm(pending.data(request), initial=_declared(request, application), cancel_url=url)
    status = OK
    if request.method == "POST":
        status = _declare(request, application, form) if form.is_valid() else INVALID
        if status == OK:
            return redirect(_after_declaring(request, application))
    seen = ties.ties_of(request.user, application, clock.local_date(request.now))
    named = ties.named_in(application)
    context = context_of(application, form=form, ties=seen, named=named, back_title=title, back_url=url)
    return render(request, "assessment/application_habilitet.html", context, status=status)


def _before_declaring(application: Application, access: Access) -> tuple[str, str]:
    """What the page leads back to, and its address: the case when it is open, else the list of the secretariat.

    An assessor who has no secretariat has a desk.
    """
    if permissions.can_open(access):
        return application.title, detail_url(application)
    if access.is_office:
        return application.round.title, reverse("assessment:round", args=[application.round.code])
    return _("Mine vurderinger"), desk_url()


def _declared(request: PersonRequest, application: Application) -> dict[str, Any]:
    declared = row_of(request.user.pk, application)
    if declared is None or declared.declared_at is None:
        return {}
    return {
        "has_tie": "yes" if declared.has_tie else "no",
        "ground": declared.answer_ground,
        "explanation": declared.answer_explanation,
    }


def _declare(request: PersonRequest, application: Application, form: DeclarationForm) -> int:
    try:
        declaring.declare(application, **form.cleaned_data, by=request.user, at=request.now)
    except DomainError as error:
        form.add_error("explanation" if isinstance(error, declaring.HabilitetError) else None, str(error))
        return CONFLICT if isinstance(error, ConflictError) else INVALID
    return OK


def _after_declaring(request: PersonRequest, application: Application) -> Any:
    # Read again: the answer has changed the person's access.
    application, access = find(request, application.code)
    if access.is_out_of_case:
        messages.info(
            request,
            twin_of(
                twin_lazy("Takk. Sekretariatet avgjør habiliteten din. Søknaden er stengt for deg til da."),
                application.noun_context,
            ),
        )
        return "assessment:desk"
    messages.success(request, twin_of(twin_lazy("Takk. Søknaden er åpen for deg."), application.noun_context))
    given = [stage for stage in turns.stages(application.round) if stage.pk in access.to_deliver]
    if given:
        return score_url(application, given[0])
    return detail_url(application)


# --- scoring --------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def score(request: PersonRequest, code: str, stage: str) -> HttpResponse:
    """The application and the criteria side by side; the draft is saved, or the assessment is delivered."""
    application, access = find(request, code)
    turn = turn_of_stage(application, stage)
    declare = must_declare(application, access)
    if declare:
        return declare
    require(permissions.can_score(access, turn.stage))
    assessment = details.assessment_of(application, turn, request.user.pk)
    if assessment and assessment.delivered_at and request.method == "GET":
        return redirect("assessment:detail", application.code)
    newest = details.newest(application)
    form = ScoreForm(pending.data(request), turn=turn, initial=_saved(assessment, newest))
    status = OK
    if request.method == "POST":
        status = _act(request, application, turn, form)
        if status == OK:
            return redirect(_next(request, application, turn))
    context = _page(request, application, turn, form, assessment, newest)
    return render(request, "assessment/application_score.html", context, status=status)


def _saved(assessment: Assessment | None, newest: Submission | None) -> dict[str, Any]:
    version = {"version": newest.version if newest else None}
    return ScoreForm.initial_of(_given(assessment), assessment.comment if assessment else "") | version


def _given(assessment: Assessment | None) -> dict[str, Given]:
    return assessing.given_in(assessment.scores.all() if assessment else ())


def _act(request: PersonRequest, application: Application, turn: Turn, form: ScoreForm) -> int:
    """Save or deliver, and return the HTTP status; what could not be saved stays in the fields."""
    if not form.is_valid():
        return INVALID
    act = assessing.deliver if request.POST.get("act") == "deliver" else assessing.save
    assessment = assessing.begin(application, turn, by=request.user, at=request.now, version=form.version_read)
    comment, base = form.cleaned_data["comment"], form.base
    try:
        act(assessment, turn, form.given, comment=comment, base=base, by=request.user, at=request.now)
    except assessing.UnfinishedError as error:
        form.add_lacks(error.fields)
        form.carry()
        return INVALID
    except assessing.WrittenElsewhereError as error:
        form.show_stored(error.stored)
        form.add_error(None, str(error))
        return CONFLICT
    except DomainError as error:
        form.add_error(None, str(error))
        return CONFLICT if isinstance(error, ConflictError) else INVALID
    delivered = act is assessing.deliver
    messages.success(request, _("Vurderingen er levert.") if delivered else _("Utkastet er lagret."))
    return OK


def _next(request: PersonRequest, application: Application, turn: Turn) -> str:
    """The address to go to: the same page after «lagre», else the next application to assess, or the desk."""
    act = request.POST.get("act")
    if act == "save":
        return score_url(application, turn.stage)
    following = desks.next_waiting(standing_at(request.user, request.now), application)
    return score_address(*following) if following else desk_url()


def _page(  # noqa: PLR0917 - what the page is made of
    request: PersonRequest,
    application: Application,
    turn: Turn,
    form: ScoreForm,
    assessment: Assessment | None,
    newest: Submission | None,
) -> dict[str, Any]:
    given = form.given if form.is_bound else _given(assessment)
    total = running_total({code: put.mark for code, put in given.items()}, turn.measures)
    progress = desks.progress(standing_at(request.user, request.now))
    return context_of(
        application,
        turn=turn,
        form=form,
        total=total,
        view=details.shown(newest, application.code) if newest else None,
        is_new_version=bool(newest and assessment and newest.pk != assessment.submission_id),
        newest=newest,
        progress=progress,
        has_next=progress.waiting > 1,
    )


@require_POST
def score_draft(request: Request, code: str, stage: str) -> HttpResponse:
    """Autosave the draft; the answer is the fragment with the state and the total so far."""
    if not request.user.is_authenticated:
        return HttpResponse(_("Du er logget ut. Logg inn i en ny fane, og prøv igjen."), status=401)
    return _save_draft(cast("PersonRequest", request), code, stage)


def _save_draft(request: PersonRequest, code: str, stage: str) -> HttpResponse:
    application, access = find(request, code)
    turn = turn_of_stage(application, stage)
    require(permissions.can_score(access, turn.stage))
    form = ScoreForm(request.POST, turn=turn)
    if lacking := form.nothing_carried:
        return render(request, "assessment/_score_state.html", {"refusal": lacking})
    assessment = assessing.begin(application, turn, by=request.user, at=request.now, version=form.version_read)
    try:
        comment, base = form.typed("comment"), form.base
        total = assessing.save(
            assessment, turn, form.given, comment=comment, base=base, by=request.user, at=request.now
        )
    except DomainError as error:
        return render(request, "assessment/_score_state.html", {"refusal": str(error)})
    said = _("Lagret kl. %(time)s") % {"time": f"{clock.local(request.now):%H.%M}"}
    return render(
        request, "assessment/_score_state.html", {"said": said, "total": total, "turn": turn, "seen": form.seen_now}
    )


@login_required
@require_http_methods(["GET", "POST"])
def take_back(request: PersonRequest, code: str, stage: str) -> HttpResponse:
    """Make one's own delivered assessment a draft again, with a reason."""
    application, access = find(request, code)
    turn = turn_of_stage(application, stage)
    require(permissions.can_take_back(access, turn.stage))
    assessment = details.assessment_of(application, turn, request.user.pk)
    if assessment is None:
        raise Http404
    form = TakenBackForm(pending.data(request), submit=_("Ta vurderingen tilbake"), cancel_url=detail_url(application))
    if request.method == "POST" and form.is_valid():
        act = partial(assessing.take_back, assessment, turn, **form.cleaned_data, by=request.user, at=request.now)
        if attempt(request, act, _("Vurderingen er et utkast igjen. Lever den når den er ferdig."), form=form):
            return redirect("assessment:score", code, stage)
    context = context_of(application, turn=turn, form=form)
    return render(request, "assessment/application_take_back.html", context, status=form.http_status)


@login_required
@require_POST
def read_new_version(request: PersonRequest, code: str, stage: str) -> HttpResponse:
    """The assessor has read the version that was sent last."""
    application, access = find(request, code)
    turn = turn_of_stage(application, stage)
    require(permissions.can_score(access, turn.stage))
    assessment = assessing.begin(application, turn, by=request.user, at=request.now)
    try:
        assessment = assessing.read_new_version(assessment, by=request.user, at=request.now)
        sent_at = formats.datetime_no(assessment.submission.submitted_at)
        messages.success(request, _("Vurderingen gjelder nå versjonen som ble sendt %(when)s.") % {"when": sent_at})
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("assessment:score", code, stage)
