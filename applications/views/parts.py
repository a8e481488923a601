"""The benefit table and the budget: the button saves the page, the script saves row by row."""

from functools import cache
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications import covering, permissions, queries
from applications.forms.benefits import ORDER_MOST, BenefitForm, BenefitFormSet, written_rows
from applications.forms.budgets import AmountForm, LineForm, LineFormSet
from applications.forms.rows import BaseRowFormSet, posted_prefix, posted_rows
from applications.models import Application, Benefit, BudgetLine, Partner
from applications.services import rows
from applications.services.drafts import ApplicationOwner
from applications.views import benefit_page, budget_page, section_page
from applications.views.reading import find, frame, part_is_asked, read, row_saved, tell_voided
from portal import pending
from portal.cells import is_key
from portal.errors import DomainError
from portal.forms import FormsTogether
from portal.permissions import Verdict
from portal.requests import PersonRequest
from portal.writing import CONFLICT, INVALID, OK, REFUSED, said
from rounds.answering.services.answers import save_answers
from rounds.answering.views import autosave, said_invalid, said_refused, said_saved


def _frame(application: Application, part: str, allowed: Verdict) -> dict[str, Any]:
    """What the pages of the parts have in common."""
    section = application.round.spec.section_with(part)
    return {**frame(application, allowed), "section": section}


# --- the benefit table --------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def benefits(request: PersonRequest, code: str) -> HttpResponse:
    """The benefit table in its two bands."""
    application = read(request, code)
    part_is_asked(application, "benefits")
    allowed = permissions.can_edit_part(request.user, application, "benefits", now=request.now)
    formset = _benefit_formset(request, application, pending.data(request))
    status = OK
    if request.method == "POST":
        status = _save_rows(request, application, Benefit, formset) if allowed else REFUSED
        pending.after_save(request, status, formset.forms)
        _tell_uncovered(request, application, formset)
        tell_voided(request, application)
        if status == OK and not formset.asks_for_row:
            return _opened(request, application, "benefits") or _saved_table(request, application)
    context = {**_frame(application, "benefits", allowed), "formset": formset, "rules": application.round.spec.benefits}
    if allowed and section_page.is_table(context["section"]):
        context |= {"is_part": True, **section_page.way(application, context["section"])}
    context |= benefit_page.context(application, formset, is_table=request.GET.get("view") == "table")
    return render(request, "applications/application_benefits.html", context, status=status)


def _opened(request: PersonRequest, application: Application, part: str) -> HttpResponse | None:
    """After a save: the way to the row that was asked for, which is then open; None when none was.

    Without a hash: browsers do not give the row the focus (``autofocus``) when the address has one.
    """
    key = request.POST.get("open", "")
    if not is_key(key):
        return None
    back = "&return=check" if request.GET.get("return") == "check" else ""
    return redirect(f"{reverse(f'applications:{part}', args=[application.code])}?row={key}{back}")


def _saved_table(request: PersonRequest, application: Application) -> HttpResponse:
    messages.success(request, _("Tabellen er lagret."))
    section = application.round.spec.section_with("benefits")
    if section and "next" in request.POST:
        return redirect(section_page.after_save(request, application, section))
    return redirect("applications:benefits", application.code)


def _benefit_formset(request: PersonRequest, application: Application, data: Any) -> BaseRowFormSet:
    stored = queries.benefits_of(application)
    stored_keys = [row.key for row in stored]
    kwargs = {
        "spec": application.round.spec,
        "partners": list(queries.payers_of(application)),
        "keys": list(posted_rows(data, "benefits")) if data else stored_keys,
        "stored": cache(lambda: {*stored_keys, *written_rows(data)}),
    }
    extra = int("add_row" in request.POST) if data else 1
    opened = request.GET.get("row", "")
    return BenefitFormSet(data, rows=stored, extra=extra, opened=opened, prefix="benefits", form_kwargs=kwargs)


def _tell_uncovered(request: PersonRequest, application: Application, formset: BaseRowFormSet) -> None:
    """Say which rows named a row that this save has removed."""
    before: list[Any] = list(formset.rows)
    if not any(form.cleaned_data.get("DELETE") for form in formset.forms if form.is_bound and form.is_valid()):
        return
    kept = queries.benefit_keys(application)
    for number, gone in enumerate(before, start=1):
        pointing = [row.key for row in before if gone.key in row.covers and row.key in kept]
        if gone.key not in kept and pointing:
            words = {"number": number, "rows": covering.numbers_text(pointing, kept, _("og"))}
            text = _(
                "Rad %(number)s er fjernet, og er tatt bort fra «Gjelder også rad nr.» i det som nå er rad %(rows)s."
            )
            messages.info(request, text % words)


def _save_rows(request: PersonRequest, application: Application, model: Any, formset: Any) -> int:
    """Store the rows that can be stored, and give the status of the answer."""
    is_valid = formset.is_valid()
    try:
        saved = rows.save_rows(application, model, formset.changes(), by=request.user, at=request.now)
    except DomainError as error:
        messages.error(request, str(error))
        return CONFLICT
    formset.take_over(saved)
    if any(row.is_stale for row in saved.values()):
        return CONFLICT
    return OK if is_valid else INVALID


@autosave
def benefit_row(request: PersonRequest, code: str) -> HttpResponse:
    """One row of the benefit table, saved while somebody types."""
    application = find(request, code)
    allowed = permissions.can_edit_part(request.user, application, "benefits", now=request.now)
    prefix = posted_prefix(request.POST, "benefits")
    if prefix is None:
        raise Http404
    if not allowed:
        return said_refused(allowed)
    rules = application.round.spec.benefits
    partners = list(queries.payers_of(application)) if rules.per_applicant else []
    keys = request.POST.get("keys", "")[:ORDER_MOST].split()
    kwargs: dict[str, Any] = {"partners": partners, "keys": keys, "stored": lambda: queries.benefit_keys(application)}
    form = BenefitForm(request.POST, spec=application.round.spec, prefix=prefix, **kwargs)
    return row_saved(request, ApplicationOwner(application), application, Benefit, form)


# --- the budget ------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
def budget(request: PersonRequest, code: str) -> HttpResponse:
    """The amount applied for, the lines, their sums and pictures."""
    application = read(request, code)
    part_is_asked(application, "budget")
    allowed = permissions.can_edit_part(request.user, application, "budget", now=request.now)
    partners = list(queries.payers_of(application))
    form, formset = _budget_forms(request, application, pending.data(request), partners)
    status = OK
    if request.method == "POST":
        status = _save_budget(request, application, form, formset) if allowed else REFUSED
        pending.after_save(request, status, [form, *formset.forms], form.carried())
        tell_voided(request, application)
        if status == OK and not formset.asks_for_row:
            return _opened(request, application, "budget") or _saved_budget(request, application)
    frame = _frame(application, "budget", allowed)
    drawn = {"form": form, "formset": formset, "both": FormsTogether(form, formset)}
    rows = budget_page.rows(application, formset, partners)
    context = {**frame, **budget_page.context(application, partners), **drawn, **rows}
    return render(request, "applications/application_budget.html", context, status=status)


def _saved_budget(request: PersonRequest, application: Application) -> HttpResponse:
    """The page anew; it says that the budget is saved, and what does not add up yet."""
    messages.success(request, _("Budsjettet er lagret."))
    for sentence in budget_page.sums(application)["problems"]:
        messages.warning(request, sentence)
    return redirect("applications:budget", application.code)


def _budget_forms(
    request: PersonRequest, application: Application, data: Any, partners: list[Partner]
) -> tuple[AmountForm, BaseRowFormSet]:
    spec = application.round.spec
    shift = queries.answers_of(application, [queries.COST_SHIFT]).get(queries.COST_SHIFT)
    form = AmountForm(data, spec=spec, amount=application.requested_amount, shift=shift)
    kwargs = {"spec": spec, "partners": partners}
    extra = int("add_row" in request.POST) if data else 1
    stored = queries.budget_lines_of(application)
    opened = request.GET.get("row", "")
    return form, LineFormSet(data, rows=stored, extra=extra, opened=opened, prefix="budget", form_kwargs=kwargs)


def _save_budget(request: PersonRequest, application: Application, form: AmountForm, formset: Any) -> int:
    status = _save_amount(request, application, form)
    return max(status, _save_rows(request, application, BudgetLine, formset), key=(OK, INVALID, CONFLICT).index)


def _save_amount(request: PersonRequest, application: Application, form: AmountForm) -> int:
    """Store the amount and the cost shift, and give the status of the answer."""
    is_valid = form.is_valid()
    try:
        if form.has_new_amount:
            rows.save_amount(application, form.amount, base=form.amount_base, by=request.user, at=request.now)
        shift = form.shift_change()
        saved = save_answers(ApplicationOwner(application), shift, by=request.user, at=request.now)
    except DomainError as error:
        form.add_error("requested_amount" if isinstance(error, rows.StaleAmountError) else None, str(error))
        return CONFLICT
    form.take_over(saved.versions, shift)
    for theirs in saved.stale.values():
        form.add_stale_shift(theirs)
    return CONFLICT if saved.stale else OK if is_valid else INVALID


@autosave
def budget_row(request: PersonRequest, code: str) -> HttpResponse:
    """One line of the budget, saved while somebody types."""
    application = find(request, code)
    allowed = permissions.can_edit_part(request.user, application, "budget", now=request.now)
    prefix = posted_prefix(request.POST, "budget")
    if prefix is None:
        raise Http404
    if not allowed:
        return said_refused(allowed)
    partners = list(queries.payers_of(application))
    # The table has the amount of a line alone: the rest is not posted, and not changed.
    kwargs: dict[str, Any] = {"partners": partners, "is_amount_alone": f"{prefix}-funding" not in request.POST}
    form = LineForm(request.POST, spec=application.round.spec, prefix=prefix, **kwargs)
    return row_saved(request, budget_page.BudgetOwner(application), application, BudgetLine, form)


@autosave
def amount(request: PersonRequest, code: str) -> HttpResponse:
    """The amount applied for and the cost shift, saved while somebody types."""
    application = find(request, code)
    allowed = permissions.can_edit_part(request.user, application, "budget", now=request.now)
    if not allowed:
        return said_refused(allowed)
    form = AmountForm(request.POST, spec=application.round.spec, amount=None, shift=None)
    status = _save_amount(request, application, form)
    if status == CONFLICT:
        errors = [str(text) for texts in form.errors.values() for text in texts]
        return said("stale", _("Ikke lagret ennå"), status, errors=errors)
    if not form.is_savable:
        return said_invalid(form)
    owner = budget_page.BudgetOwner(application, form.written_shift)
    return said_saved(request, owner, form, hidden=form.hidden_values(application))
