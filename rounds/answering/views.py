"""What the views of a form have in common: saving a page of it, and saving one answer for a script.

The view of a room finds the owner, and asks whether the person may read it. The rest is the same for every form.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal import cells, pending
from portal.errors import ConflictError
from portal.permissions import Refused, Verdict
from portal.requests import PersonRequest, Request
from portal.writing import CONFLICT, INVALID, OK, REFUSED, boxes, said, saved_at
from rounds.answering import answers
from rounds.answering.forms.rows import RowForm, take_over
from rounds.answering.forms.sections import SectionForm, digest_of
from rounds.answering.forms.tables import TableForms, table_form
from rounds.answering.forms.text import KeepsLongText
from rounds.answering.models import Answer
from rounds.answering.owner import Owner
from rounds.answering.services.answers import save_answers
from rounds.answering.services.rows import RELEVANCE, Rows, SavedRow, TablePart, save_rows
from rounds.definition import Question, Section, TableQuestion

Saver = Callable[..., HttpResponse]


# --- a page of the form --------------------------------------------------------------------------


def save_section(request: PersonRequest, owner: Owner, form: SectionForm) -> int:
    """Store what can be stored of a posted page. Gives the HTTP status of the answer."""
    is_valid = form.is_valid()
    try:
        saved = save_answers(owner, form.changes(), by=request.user, at=request.now)
        stale_tables = [_save_table(request, owner, table) for table in form.tables.values()]
    except ConflictError as error:
        form.add_error(None, str(error))
        return CONFLICT
    form.take_over(saved.versions)
    for question, theirs in saved.stale.items():
        form.add_conflict(question, theirs)
    if saved.stale or any(stale_tables):
        return CONFLICT
    return OK if is_valid else INVALID


def _save_table(request: PersonRequest, owner: Owner, table: TableForms) -> bool:
    """Store the changed rows of a table question. Gives whether somebody else had changed any of them first."""
    part = TablePart(owner, table.question, by=request.user, at=request.now)
    saved = save_rows(owner, part, table.changes(), by=request.user, at=request.now)
    take_over(table.by_key(), saved)
    return any(row.is_stale for row in saved.values())


# --- one answer, sent by a script ------------------------------------------------------------------


def autosave(view: Saver) -> Saver:
    """For a view that a script posts to: a person who is not signed in gets an answer that the script understands."""

    @require_POST
    @wraps(view)
    def answer(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return said("signed_out", _("Dere er logget ut. Teksten er tatt vare på her i nettleseren."), 401)
        # The script keeps in the browser what it could not save, and it is newer.
        pending.forget(request, pending.page_of(request).partition("?")[0])
        return view(request, *args, **kwargs)

    return answer


def save_one_answer(request: PersonRequest, owner: Owner, code: str) -> HttpResponse:
    """Save the answer that the script sent. The rest of the form is not checked."""
    question, section = _asked(owner, code)
    allowed = owner.may_write(request.user, section.code, now=request.now)
    if not allowed:
        return said_refused(allowed)
    if question.type == "table":
        return _save_one_table_row(request, owner, question)
    form = SectionForm(owner, [question], {}, request.POST, now=request.now)
    if not form.is_savable:
        return said_invalid(form)
    try:
        saved = save_answers(owner, form.changes(), by=request.user, at=request.now)
    except ConflictError as error:
        return said("refused", str(error), REFUSED)
    if saved.stale:
        return _said_conflict(request, owner, question, saved.stale[code])
    form.take_over(saved.versions)
    group = form.groups()[0]
    more = {"notices": notices} if (notices := form.notices()) else {}
    return said_saved(request, owner, form, version=group.version, was=group.was, **more)


def _save_one_table_row(request: PersonRequest, owner: Owner, question: TableQuestion) -> HttpResponse:
    """Save the row of a table question that the script sent, or its «ikke relevant»."""
    form = table_form(question, request.POST)
    if form is None:
        raise Http404
    form.kept_sentence = owner.too_long
    form.full_clean()
    key = form.row_key if form.makes_keys else RELEVANCE
    part = TablePart(owner, question, by=request.user, at=request.now)
    return save_one_row(request, owner, part, form, key)


# --- one row, sent by a script ---------------------------------------------------------------------


def save_one_row(request: PersonRequest, owner: Owner, part: Rows, form: RowForm, key: str) -> HttpResponse:
    """Save the cells of the row that could be read, and answer with their new versions."""
    # What was posted is read here, unless the caller has read it already.
    form.is_valid()
    change = form.change(key)
    if change is None:
        if form.errors and not form.is_savable:
            return said_invalid(form)
        if not form.is_stored:
            return said("empty", "", OK)
        return said_saved(request, owner, form, version=cells.written(form.base))
    try:
        saved = save_rows(owner, part, [change], by=request.user, at=request.now)[key]
    except ConflictError as error:
        return said("refused", str(error), REFUSED)
    if saved.is_stale:
        return _said_row_conflict(request, owner, form, saved)
    if not form.is_savable:
        return said_invalid(form, version=cells.written(saved.base), **owner.consequences())
    return said_saved(request, owner, form, version=cells.written(saved.base))


def _said_row_conflict(request: PersonRequest, owner: Owner, form: RowForm, saved: SavedRow) -> HttpResponse:
    """Tell what somebody else has stored in each cell, with a choice. The other cells are saved."""
    form.take_over(saved)
    if form.is_gone and not form.makes_rows:
        return said("gone", " ".join(map(str, form.non_field_errors())), CONFLICT, **owner.consequences())
    box = render_to_string("answering/_row_gone.html", {"form": form}, request) if form.is_gone else ""
    told = boxes(request, {form[form.fields_of(item.name)[-1]].html_name: item for item in form.conflicts})
    words = _("Raden er endret i mellomtiden. Velg hva som skal gjelde.")
    more = {"box": box, "base": cells.written(saved.base), **told, **owner.consequences()}
    return said("conflict", words, CONFLICT, **more)


def _asked(owner: Owner, code: str) -> tuple[Question, Section]:
    question, section = owner.form.question(code), owner.form.section_of(code)
    if question is None or section is None or question.type in answers.STANDARD_PARTS:
        raise Http404
    return question, section


def _said_conflict(request: PersonRequest, owner: Owner, question: Question, theirs: Answer) -> HttpResponse:
    """Both texts, with a choice. ``fields`` is what the page shows when the person takes the stored text."""
    form = SectionForm(owner, [question], {question.code: theirs}, request.POST, now=request.now)
    form.is_valid()
    form.add_conflict(question.code, theirs)
    group = form.groups()[0]
    box = render_to_string("answering/_conflict.html", {"group": group}, request)
    was = digest_of(theirs.value)
    fields = form.shown(question.code)
    words = _("Svaret er endret i mellomtiden. Velg hva som skal gjelde.")
    return said("conflict", words, CONFLICT, box=box, version=theirs.version, was=was, fields=fields)


def said_saved(request: PersonRequest, owner: Owner, form: KeepsLongText, **more: Any) -> JsonResponse:
    """«Lagret kl. 14.02», the texts that are too long, and what else the save did (signatures that it voided)."""
    text = saved_at(request)
    more |= owner.consequences()
    if form.errors:
        return said("too_long", text, 200, errors=_sentences(form), **more)
    return said("saved", text, 200, **more)


def said_invalid(form: KeepsLongText, **more: Any) -> JsonResponse:
    """Why nothing, or not everything, was stored."""
    return said("invalid", _("Ikke lagret ennå"), INVALID, errors=_sentences(form), **more)


def _sentences(form: KeepsLongText) -> list[str]:
    return [str(text) for texts in form.errors.values() for text in texts]


def said_refused(verdict: Verdict) -> JsonResponse:
    """Why the person may not write."""
    reason = verdict.reason if isinstance(verdict, Refused) else ""
    return said("refused", reason, REFUSED)
