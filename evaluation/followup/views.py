"""The pages of the room, in the order of the process."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from applications.models import Application
from evaluation.actions.queries.lines import follow_up_lists
from evaluation.decisions.models import Decision
from evaluation.decisions.queries import letter_of
from evaluation.followup import permissions, queries
from evaluation.followup.forms import (
    AcceptanceForm,
    DeclineForm,
    EvaluationForms,
    MeasuredForm,
    ProjectCorrectionForm,
    SpentForm,
    StartForm,
)
from evaluation.followup.models import EvaluationReport
from evaluation.followup.next_step import Call, Rights, next_step
from evaluation.followup.progress import Group, Progress, Step, grouped, heading, progress_of, way
from evaluation.followup.reminders import Coming, coming, next_coming
from evaluation.followup.services import accepting, agenda, correcting, reminding, reporting
from evaluation.followup.services.reporting import EvaluationOwner
from portal import pending
from portal.acts import attempt
from portal.clock import end_of_day, local_date
from portal.communities.queries import standing_at
from portal.communities.standing import Standing
from portal.errors import ChangedError, DomainError
from portal.files.services import response
from portal.files.serving import made_or_back
from portal.formats import datetime_no, in_words
from portal.permissions import require
from portal.requests import PersonRequest
from portal.snapshots import digest
from portal.ui import FileRow, NextStep
from portal.writing import CONFLICT, INVALID, OK
from rounds.answering.forms.files import FileForm
from rounds.answering.forms.rows import take_over
from rounds.answering.models import AnswerFile
from rounds.answering.queries import files_of
from rounds.answering.services import files
from rounds.answering.services.rows import save_rows
from rounds.answering.views import autosave, said_refused, save_one_answer, save_one_row, save_section
from rounds.definition import Attachments


def _standing(request: PersonRequest) -> Standing:
    return standing_at(request.user, request.now)


def _award(request: PersonRequest, code: str) -> Decision:
    """The award of an application that the person may see; its writers once the letter has told them."""
    application = get_object_or_404(Application.objects.visible_to(_standing(request)), code=code)
    award = queries.visible_award_of(application, _standing(request))
    if award is None:
        raise Http404
    require(permissions.can_follow(request.user, application, now=request.now))
    return award


def _report(request: PersonRequest, code: str) -> EvaluationReport:
    reports = queries.reports_in_force(_standing(request))
    report = get_object_or_404(reports, acceptance__decision__application__code=code)
    require(permissions.can_follow(request.user, report.acceptance.decision.application, now=request.now))
    return report


@dataclass(frozen=True, slots=True)
class Line:
    """A project in the list, with the next reminder of it."""

    award: Decision
    progress: Progress
    reminder: Coming | None


@login_required
@require_GET
def overview(request: PersonRequest) -> HttpResponse:
    """The secretariat's projects: what is late first, then what comes next. Applicants follow their own elsewhere."""
    standing, today = _standing(request), local_date(request.now)
    if standing.organisation_ids and not standing.is_officer:
        return redirect("applications:list")
    awards = queries.follow_up_rows(standing)
    reminders = next_coming(awards, today)
    lines = [
        Line(award, progress_of(award, queries.told_by(award), today), reminders.get(award.pk)) for award in awards
    ]
    progress, groups = [line.progress for line in lines], grouped(lines)
    context = {
        "groups": groups,
        "step": _first_of(groups[0][1][0]) if groups else None,
        "heading": heading(progress),
        "lead": _lead(progress),
        "follow_up": follow_up_lists(request.user, request.now),
    }
    return render(request, "followup/overview.html", context)


def _first_of(line: Line) -> NextStep | None:
    """The project that is late the longest, else the first that waits for the secretariat; None when neither is so."""
    progress, application = line.progress, line.award.application
    if progress.group not in {Group.LATE, Group.OFFICE}:
        return None
    url, due_at = (
        reverse("followup:project", args=[application.code]),
        end_of_day(progress.due) if progress.due else None,
    )
    is_close = progress.is_late
    return NextStep(
        application.title, text=progress.label, act=_("Se prosjektet"), url=url, due_at=due_at, is_close=is_close
    )


def _lead(progress: list[Progress]) -> str:
    followed = sum(each.step != Step.DONE for each in progress)
    if not followed:
        return ""
    text = ngettext("%(n)s prosjekt følges opp.", "%(n)s prosjekter følges opp.", followed)
    return text % {"n": in_words(followed)}


@login_required
@require_GET
def project(request: PersonRequest, code: str) -> HttpResponse:
    """One awarded project: what comes next, how far it has come, and what was sent about it."""
    award, today = _award(request, code), local_date(request.now)
    letter, acceptance = letter_of(award.application), getattr(award, "acceptance", None)
    report = acceptance.evaluation if acceptance else None
    progress = progress_of(award, letter, today)
    rights, mail = _rights(request, award, report), queries.project_mail(award.application)
    context: dict[str, Any] = {
        "award": award,
        "application": award.application,
        "acceptance": acceptance,
        "declined": getattr(award, "declined", None),
        "letter": letter,
        "report": report,
        "progress": progress,
        "step": _step(award, progress, rights, mail),
        "way": way(award, progress, letter),
        "can_correct_start": rights.can_start and progress.step == Step.EVALUATION,
        "mail": mail,
        "looks_after": queries.looks_after(_standing(request), award.application),
        "coming": coming(award.application, today),
        "can_correct": permissions.can_correct(request.user, award.application, now=request.now),
    }
    return render(request, "followup/project_detail.html", context)


def _step(award: Decision, progress: Progress, rights: Rights, mail: queries.ProjectMail) -> NextStep:
    call = None
    if progress.is_late and rights.can_remind:
        call = Call(queries.whom_to_ring(award.application, progress.today), mail.was_reminded(progress.today))
    return next_step(award, progress, rights, queries.acceptors(award.application, progress.today), call)


def _rights(request: PersonRequest, award: Decision, report: EvaluationReport | None) -> Rights:
    user, now = request.user, request.now
    return Rights(
        can_accept=permissions.can_accept(user, award.application, now=now),
        can_start=permissions.can_record_start(user, award.application, now=now),
        can_report=permissions.can_report(user, report, now=now) if report else None,
        can_put_up_case=permissions.can_put_up_case(user, report, now=now) if report else None,
        can_remind=permissions.can_remind(user, award.application, now=now),
    )


@login_required
def accept(request: PersonRequest, code: str) -> HttpResponse:
    """Accept the award."""
    award = _award(request, code)
    require(permissions.can_accept(request.user, award.application, now=request.now))
    form = AcceptanceForm(pending.data(request), award=award, needs_adjustment=accepting.needs_adjustment(award))
    form.helper.cancel_url = reverse("followup:project", args=[code])
    if request.method == "POST" and form.is_valid():
        values = {name: value for name, value in form.cleaned_data.items() if name != "accepts_terms"}
        try:
            accepting.accept(award, **values, by=request.user, at=request.now)
        except accepting.LateStartError as error:
            form.add_error("planned_start_date", str(error))
            form.ask_about_start()
        except accepting.StartDateError as error:
            form.add_error("planned_start_date", str(error))
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Takk! Tilskuddet er akseptert, og sekretariatet har fått beskjed."))
            return redirect("followup:project", code)
    letter = letter_of(award.application)
    answer_by = end_of_day(letter.accept_by) if letter else None
    shown = {"award": award, "application": award.application, "letter": letter, "answer_by": answer_by}
    context = {"form": form, **shown}
    return render(request, "followup/acceptance_form.html", context, status=form.http_status)


@login_required
def decline(request: PersonRequest, code: str) -> HttpResponse:
    """Turn the award down, with a reason."""
    award = _award(request, code)
    require(permissions.can_decline(request.user, award.application, now=request.now))
    form = DeclineForm(pending.data(request), award=award, cancel_url=reverse("followup:accept", args=[code]))
    if request.method == "POST" and form.is_valid():
        act = partial(accepting.decline, award, **form.cleaned_data, by=request.user, at=request.now)
        said = _("Dere har takket nei til tilskuddet, og sekretariatet har fått beskjed.")
        if attempt(request, act, said, form=form):
            return redirect("followup:project", code)
    context = {"form": form, "award": award, "application": award.application}
    return render(request, "followup/decline_form.html", context, status=form.http_status)


@login_required
def start(request: PersonRequest, code: str) -> HttpResponse:
    """Tell, or correct, when operation started."""
    award = _award(request, code)
    require(permissions.can_record_start(request.user, award.application, now=request.now))
    months, told = award.application.round.spec.follow_up.evaluation_months, award.acceptance.operation_started_date
    form = StartForm(pending.data(request), told=told, months=months)
    form.helper.cancel_url = reverse("followup:project", args=[code])
    if request.method == "POST" and form.is_valid():
        act = partial(accepting.record_start, award.acceptance, **form.cleaned_data, by=request.user, at=request.now)
        usual = _("Driftsstart er meldt, og fristen for evalueringen er satt.")
        corrected = _("Driftsstart er rettet, og fristen for evalueringen er regnet på nytt.") if told else usual
        stands, due = (
            _("Driftsstart er rettet. Fristen for evalueringen står som før."),
            award.acceptance.evaluation.due_date,
        )

        def said(report: EvaluationReport) -> str:
            return stands if told and report.due_date == due else corrected

        if attempt(request, act, said, form=form, field="started"):
            return redirect("followup:project", code)
    context = {"form": form, "award": award, "application": award.application}
    return render(request, "followup/start_form.html", context, status=form.http_status)


@login_required
@require_POST
def remind(request: PersonRequest, code: str) -> HttpResponse:
    """Remind a project that is late."""
    award = _award(request, code)
    require(permissions.can_remind(request.user, award.application, now=request.now))
    act = partial(reminding.remind_now, award, by=request.user, at=request.now)
    attempt(request, act, _("Purringen er sendt."))
    return redirect("followup:project", code)


@login_required
def correct(request: PersonRequest, code: str) -> HttpResponse:
    """Put right what the recipient has told about the project, with a reason."""
    award = _award(request, code)
    require(permissions.can_correct(request.user, award.application, now=request.now))
    acceptance = award.acceptance
    form = ProjectCorrectionForm(
        pending.data(request),
        has_started=bool(acceptance.operation_started_date),
        cancel_url=reverse("followup:project", args=[code]),
        initial=correcting.as_told(acceptance),
    )
    if request.method == "POST" and form.is_valid():
        told = {name: form.initial[name] for name in form.content if name in form.fields}
        told |= form.typed(by_button=True)
        more = {name: form.cleaned_data[name] for name in ("reason", "confirms_start") if name in form.fields}
        act = partial(correcting.correct, acceptance, **told, **more, base=form.base, by=request.user, at=request.now)
        if attempt(request, act, _("Opplysningene er rettet."), form=form):
            return redirect("followup:project", code)
    context = {"form": form, "award": award, "application": award.application}
    return render(request, "followup/correction_form.html", context, status=form.http_status)


@login_required
def evaluation(request: PersonRequest, code: str) -> HttpResponse:
    """Write the evaluation; «save» keeps a draft, «send» also submits it."""
    report = _report(request, code)
    if report.submitted_at:
        return _sent(request, report)
    require(permissions.can_report(request.user, report, now=request.now))
    forms, status = EvaluationForms(EvaluationOwner(report), pending.data(request), now=request.now), OK
    if request.method == "POST":
        status = _save(request, forms)
        section = forms.section
        pending.after_save(request, status, [*section.error_parts, *forms.rows, forms.spent], section.carried())
        if status == OK and "add_row" not in request.POST:
            if "send" not in request.POST or _send(request, report, forms):
                return redirect("followup:evaluation", code)
            status, forms = INVALID, forms.shown_next(now=request.now)
    context = {
        "report": report,
        "application": report.acceptance.decision.application,
        "due_at": end_of_day(report.due_date),
        "is_late": end_of_day(report.due_date) <= request.now,
        "forms": forms,
        "written": forms.written(),
        "can_edit": True,
    }
    return render(request, "followup/evaluation_form.html", context, status=status)


def _sent(request: PersonRequest, report: EvaluationReport) -> HttpResponse:
    """The evaluation as it was sent; said to a second press, and to a page from before a colleague sent it."""
    if request.method != "POST":
        return render(request, "followup/evaluation_detail.html", _sent_context(request, report))
    words = {"name": report.submitted_by, "when": datetime_no(report.submitted_at) if report.submitted_at else ""}
    said = _("Evalueringen ble sendt av %(name)s %(when)s. Det som er skrevet etter det, er ikke med.") % words
    messages.info(request, said)
    return redirect("followup:evaluation", report.acceptance.decision.application.code)


def _sent_context(request: PersonRequest, report: EvaluationReport) -> dict[str, Any]:
    return {
        "report": report,
        "meeting": agenda.next_meeting(report, request.now),
        "evaluation": report.snapshot,
        "application": report.acceptance.decision.application,
        "can_put_up_case": permissions.can_put_up_case(request.user, report, now=request.now),
        "files": _file_rows(report, files_of(EvaluationOwner(report))),
    }


def _save(request: PersonRequest, forms: EvaluationForms) -> int:
    """Save what can be saved of the page. Returns the HTTP status of the answer."""
    status = save_section(request, forms.owner, forms.section)
    is_valid = forms.is_valid()
    try:
        for part, form, change in forms.changes():
            saved = save_rows(forms.owner, part, [change], by=request.user, at=request.now)
            take_over({change.key: form}, saved)
            status = CONFLICT if saved[change.key].is_stale else status
    except DomainError as error:
        forms.section.add_error(None, str(error))
        return CONFLICT
    if status == OK and is_valid and "send" not in request.POST and "add_row" not in request.POST:
        messages.success(request, _("Utkastet er lagret."))
    return status if is_valid or status == CONFLICT else INVALID


def _send(request: PersonRequest, report: EvaluationReport, forms: EvaluationForms) -> bool:
    """Send the evaluation as the page showed it, or say at the fields why it is only saved."""
    report.refresh_from_db()
    shown = digest(reporting.content(report, at=request.now))
    if forms.is_behind():
        messages.error(request, _(reporting.WRITTEN_MEANWHILE))
        return False
    gaps = reporting.gaps_of(report, at=request.now)
    if gaps:
        forms.tell(gaps)
        messages.info(request, _("Utkastet er lagret, men ikke sendt."))
        return False
    try:
        reporting.submit(report, by=request.user, at=request.now, shown=shown)
    except ChangedError as error:
        messages.error(request, str(error))
        forms.was_behind = True
        return False
    except DomainError as error:
        forms.section.add_error(None, str(error))
        return False
    messages.success(request, _("Takk! Evalueringen er sendt til helsefellesskapet."))
    return True


@autosave
def evaluation_answer(request: PersonRequest, code: str, question: str) -> HttpResponse:
    """One answer of the evaluation, saved while somebody types."""
    return save_one_answer(request, EvaluationOwner(_report(request, code)), question)


@autosave
def evaluation_row(request: PersonRequest, code: str) -> HttpResponse:
    """What was measured for one benefit, or the money used, saved while somebody types."""
    report = _report(request, code)
    allowed = permissions.can_report(request.user, report, now=request.now)
    if not allowed:
        return said_refused(allowed)
    owner = EvaluationOwner(report)
    prefix = request.POST.get("prefix", "")
    if prefix == "spent":
        form = SpentForm(request.POST, prefix="spent")
        return save_one_row(request, owner, owner.money, form, str(report.pk))
    planned = reporting.planned_benefits(report.acceptance.decision.application)
    row = next((item for item in planned if prefix == f"row-{item['position']}"), None)
    if row is None:
        raise Http404
    return save_one_row(request, owner, owner.results, MeasuredForm(row, request.POST), str(row["position"]))


@login_required
@require_http_methods(["GET", "POST"])
def evaluation_files(request: PersonRequest, code: str, question: str) -> HttpResponse:
    """The files that answer a question, and a form for one more."""
    report = _report(request, code)
    require(permissions.can_report(request.user, report, now=request.now))
    owner = EvaluationOwner(report)
    asked = owner.form.question(question)
    if not isinstance(asked, Attachments):
        raise Http404
    form = FileForm(request.POST or None, request.FILES or None, spec=owner.spec, codes=asked.kinds)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        words = {"kind": data.get("kind", ""), "title": data["title"], "by": request.user, "at": request.now}
        act = partial(files.add, owner, asked, data["file"], **words)
        if attempt(request, act, _("Vedlegget er lastet opp."), form=form, field="file"):
            return redirect(request.path)
    context = {
        "form": form,
        "label": owner.spec.fill(asked.label),
        "application": report.acceptance.decision.application,
        "files": _file_rows(report, [file for file in files_of(owner) if file.question == question]),
        "project_url": reverse("followup:project", args=[code]),
        "back": reverse("followup:evaluation", args=[code]),
    }
    return render(request, "followup/evaluation_files.html", context, status=form.http_status)


def _file_rows(report: EvaluationReport, held: Iterable[AnswerFile]) -> list[FileRow]:
    """The files as the pages list them; they can be taken away until the evaluation is sent."""
    code = report.acceptance.decision.application.code
    removal = "" if report.submitted_at else "followup:evaluation_file_remove"
    return [
        FileRow(
            item.title,
            reverse("followup:evaluation_file", args=[code, item.pk]),
            item.file.size,
            note=item.file.name,
            is_unscanned=item.file.is_unscanned,
            at=item.uploaded_at,
            remove_url=reverse(removal, args=[code, item.pk]) if removal else "",
        )
        for item in held
    ]


def _answer_file(report: EvaluationReport, pk: int) -> AnswerFile:
    return get_object_or_404(files_of(EvaluationOwner(report)), pk=pk)


@login_required
@require_GET
def evaluation_file(request: PersonRequest, code: str, pk: int) -> HttpResponseBase:
    """A file of the evaluation: before it is sent to those who write it, afterwards to those who follow the project."""
    report = _report(request, code)
    if report.submitted_at is None:
        require(permissions.can_report(request.user, report, now=request.now))
    return response(_answer_file(report, pk).file)


@login_required
@require_http_methods(["GET", "POST"])
def evaluation_file_remove(request: PersonRequest, code: str, pk: int) -> HttpResponse:
    """Take a file away, after asking."""
    report = _report(request, code)
    require(permissions.can_report(request.user, report, now=request.now))
    file = _answer_file(report, pk)
    back = reverse("followup:evaluation_files", args=[code, file.question])
    if request.method == "GET":
        return render(request, "followup/evaluation_file_remove.html", {"file": file, "back": back})
    act = partial(files.remove, EvaluationOwner(report), file, by=request.user, at=request.now)
    attempt(request, act, _("Vedlegget er fjernet."))
    return redirect(back)


@login_required
@require_GET
def evaluation_pdf(request: PersonRequest, code: str) -> HttpResponseBase:
    """The sent evaluation as PDF."""
    return made_or_back(request, _report(request, code).pdf, reverse("followup:evaluation", args=[code]))


@login_required
@require_POST
def put_up_case(request: PersonRequest, code: str) -> HttpResponse:
    """Put the evaluation on the body's list of cases."""
    report = _report(request, code)
    require(permissions.can_put_up_case(request.user, report, now=request.now))
    attempt(
        request,
        lambda: agenda.put_up_case(report, by=request.user, at=request.now),
        lambda case: _("Evalueringen er ført opp som sak %(case)s.") % {"case": case.reference},
    )
    return redirect("followup:evaluation", code)
