"""Texts that several persons may write in: what is typed is saved on the way, and nobody overwrites another unseen.

A ``SharedForm`` carries the version of each text that it showed. Its act gets the typed texts with these versions
(``base``), compares them with what is stored under its lock (``merged``), and writes the texts that nobody else has
changed meanwhile. About the others the page asks: both texts are shown, and the person chooses. The page's script sends
the same form while somebody writes; then only texts are saved (``saved_by_button`` waits for the button), the log is
told once a quarter of an hour, and no other page is.

In a view::

    form = PaperForm(pending.data(request), initial=…, address=…)
    if request.method == "POST":
        write, told = partial(planning.write_paper, case), (case, planning.PAPER_WRITTEN)
        answer = save(request, form, write, _("Saksframlegget er lagret."), to=…, told=told)
        if answer is not None:
            return answer
    …draw the page with form.http_status
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django import forms
from django.contrib import messages
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import cells, clock, pending
from portal.cells import Base, Merge
from portal.errors import ConflictError, DomainError
from portal.forms import Form
from portal.journal.queries import writer_of
from portal.requests import PersonRequest

MINE, THEIRS = "mine", "theirs"
BASE_MOST = 20_000
VERSION_MOST = 36
OK, REFUSED, CONFLICT, INVALID = 200, 403, 409, 422


class Unseen(forms.CharField):
    """A hidden field that is not part of the content. A post without it is taken for one that has seen nothing."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", VERSION_MOST)
        super().__init__(required=False, **kwargs)


class SeenNumber(forms.IntegerField):
    """The number of the version that the page showed, hidden; a post without it comes from no page, and is refused."""

    widget = forms.HiddenInput
    nothing = gettext_lazy("Siden du sendte fra, mangler noe. Last den på nytt, og prøv igjen.")

    def __init__(self, *, required: bool = True) -> None:
        super().__init__(required=required, error_messages={"required": self.nothing})

    def clean(self, value: Any) -> int | None:
        """The number; None when the page carried none since there was nothing to show."""
        if value is None:
            raise forms.ValidationError(self.nothing)
        number: int | None = super().clean(value)
        return number


@dataclass(frozen=True, slots=True)
class CellConflict:
    """A cell that somebody else has changed: its label, its stored value, and what the page needs to ask."""

    name: str
    # The name with the form's prefix: the choice is posted under it.
    html_name: str
    label: str
    text: str
    version: str
    # The fields of the cell, with what they show if the person takes the stored value.
    fields: dict[str, Any]
    # Who changed it, and when, as far as that is known.
    by: str = ""
    at: datetime | None = None

    @property
    def shown(self) -> str:
        """``fields`` for the page's script."""
        return json.dumps(self.fields, cls=DjangoJSONEncoder)


def chosen(data: Mapping[str, Any], prefix: str, choice: str) -> list[str]:
    """The names of the cells about which the person has made this choice (``MINE`` or ``THEIRS``)."""
    suffix = "--choice"
    names = [name for name in data if name.startswith(prefix) and name.endswith(suffix)]
    return [name[len(prefix) : -len(suffix)] for name in names if data[name] == choice]


def merged(stored: Mapping[str, Any], typed: Mapping[str, Any], base: Base | None) -> Merge:
    """Which texts to write. Without ``base`` nobody has seen a page: what is typed is written over what is stored."""
    return cells.merge(stored, cells.versions(stored) if base is None else base, typed)


class WrittenMeanwhileError(ConflictError):
    """Others have changed what was to be written, since the page was opened: nothing is written.

    ``merge`` has what is stored; ``writers`` the names of who wrote it, by the field.
    """

    def __init__(self, merge: Merge, writers: Mapping[str, str]) -> None:
        super().__init__(_("Noen andre har endret dette mens du skrev. Velg hva som skal gjelde."))
        self.merge, self.writers = merge, writers


class ComparedForm(forms.Form):
    """A form that carries the versions of what it showed. ``initial`` is what is stored now."""

    is_shared = True
    saved_by_button: frozenset[str] = frozenset()
    # The act was refused since others had been there first.
    is_late = False

    version = Unseen(max_length=BASE_MOST)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conflicts: list[CellConflict] = []
        stored = {name: self.initial.get(name) for name in self.content}
        self.initial = {**self.initial, "version": cells.written(cells.versions(stored))}

    @property
    def content(self) -> list[str]:
        """The names of the fields that are content."""
        return [name for name in self.fields if name != "version"]

    @property
    def base(self) -> dict[str, str]:
        """The versions that the page carried; of a text that was chosen about, the version of the other text."""
        versions = cells.read(self.data.get("version", "")[:BASE_MOST])
        for name in chosen(self.data, "", MINE) + chosen(self.data, "", THEIRS):
            versions[name] = self.data.get(f"{name}--theirs", "")[:VERSION_MOST]
        return versions

    def typed(self, *, by_button: bool) -> dict[str, Any]:
        """What could be read, without the texts that the person gave up for what is stored."""
        left_out = set(chosen(self.data, "", THEIRS)) | (set() if by_button else self.saved_by_button)
        return {name: self.cleaned_data[name] for name in self.content if name in self.cleaned_data.keys() - left_out}

    def take_over(self, merge: Merge, *, by_button: bool, writers: Mapping[str, str] | None = None) -> None:
        """Carry the versions after the save, and ask about each text that somebody else had changed first.

        ``writers`` are the names of who changed them, by the field, where they are known.
        """
        base = cells.base_after(self.base, self.typed(by_button=by_button), merge)
        data: Any = self.data
        self.data = data.copy()
        self.data["version"] = cells.written(base)  # type: ignore[index]
        for name, value in merge.conflicts.items():
            field = self.fields[name]
            label = str(field.label)
            shown = "" if value is None else field.prepare_value(value)
            text = as_text(field, value) or _("(tomt)")
            by = (writers or {}).get(name, "")
            item = CellConflict(name, name, label, text, cells.version(value), {name: shown}, by)
            self.conflicts.append(item)
            words = {"label": label, "name": by or _("Noen andre")}
            self.add_error(name, _("%(name)s har endret «%(label)s» mens du skrev. Velg hva som skal gjelde.") % words)
            self[name].conflict = item  # type: ignore[attr-defined]

    def refuse(self, refusal: DomainError) -> None:
        """Show why the act was refused, at the field that the refusal names; ask about what others have written."""
        if isinstance(refusal, WrittenMeanwhileError):
            self.take_over(refusal.merge, by_button=True, writers=refusal.writers)
            return
        self.is_late = isinstance(refusal, ConflictError)
        self.add_error(getattr(refusal, "field", "") or None, str(refusal))

    @property
    def http_status(self) -> int:
        """409 when somebody else was first, 422 when something could not be read, else 200."""
        status: int = super().http_status  # type: ignore[misc]
        return CONFLICT if self.conflicts or self.is_late else status


class SharedForm(ComparedForm, Form):
    """A form for texts that several persons may have open at once, saved by the script while somebody writes.

    ``address`` is where it is posted, by the button and by the script.
    """

    def __init__(self, *args: Any, address: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.address = address
        self.fields["version"].widget.attrs["data-autosave-version"] = ""
        self.helper.form_class = "form draft-form"
        self.helper.form_action = address
        self.helper.attrs |= {"data-autosave-url": address, "data-autosave-key": "text"}


def as_text(field: forms.Field, value: Any) -> str:
    """A stored value in words: of a choice its label."""
    if value in ("", None, []):
        return ""
    if isinstance(field, forms.BooleanField):
        return str(_("Ja") if value else _("Nei"))
    if isinstance(field, forms.ChoiceField):
        values = value if isinstance(value, list) else [value]
        picked = {str(field.prepare_value(item)) for item in values}
        return ", ".join(str(label) for code, label in _flat(field.choices) if str(code) in picked)
    return str(field.prepare_value(value))


def _flat(choices: Any) -> Iterator[tuple[Any, Any]]:
    for code, label in choices:
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield code, label


# --- the view's part ---------------------------------------------------------------------------------


class Write(Protocol):
    """An act that writes the typed texts: what became of each is its answer."""

    def __call__(self, *, texts: dict[str, Any], base: Base, quietly: bool, by: Any, at: Any) -> Merge: ...


def require_unchanged(
    stored: Mapping[str, Any], typed: Mapping[str, Any], base: Base | None, *, told: tuple[Model, str], by: Any
) -> dict[str, Any]:
    """What the person has changed, for an act that writes all or nothing; without ``base`` what differs.

    Raises WrittenMeanwhileError when others have changed something of it since the page was opened. ``told`` are the
    row and the act by which the log tells who. The row is held.
    """
    merge = merged(stored, typed, base)
    if merge.conflicts:
        raise WrittenMeanwhileError(merge, _writers(told, merge, by))
    return merge.changes


def _writers(told: tuple[Model | None, str], merge: Merge, by: Any) -> dict[str, str]:
    subject, act = told
    return {name: writer_of(subject, act, but=by.pk, field=name) for name in merge.conflicts} if subject else {}


def save(
    request: PersonRequest,
    form: SharedForm,
    write: Write,
    done: str,
    *,
    to: str,
    told: tuple[Model | None, str],
) -> HttpResponse | None:
    """Write what was posted. The answer is the script's, or a redirect ``to`` the next page; None: draw the form again.

    ``told`` are the row and the act by which the log tells who else has written, and in which ``fields``; the row is
    None before the first save makes it.

    By the button everything must be readable before anything is written; the script saves what can be read.
    """
    by_script = is_by_script(request)
    answer = None
    if form.is_valid() or by_script:
        answer = _save(request, form, write, done, to=to, told=told, by_script=by_script)
    pending.after_save(request, OK if answer else form.http_status, [form])
    return answer


def _save(
    request: PersonRequest,
    form: SharedForm,
    write: Write,
    done: str,
    *,
    to: str,
    told: tuple[Model | None, str],
    by_script: bool,
) -> HttpResponse | None:
    texts = form.typed(by_button=not by_script)
    try:
        merge = write(texts=texts, base=form.base, quietly=by_script, by=request.user, at=request.now)
    except DomainError as refusal:
        if by_script:
            return said("refused", str(refusal), REFUSED)
        form.refuse(refusal)
        return None
    form.take_over(merge, by_button=not by_script, writers=_writers(told, merge, request.user))
    if by_script:
        return _said(request, form)
    if form.errors:
        return None
    messages.success(request, done)
    return redirect(to)


def is_by_script(request: HttpRequest) -> bool:
    """Whether the page's script sends the form, while somebody writes in it."""
    return request.headers.get("Accept") == "application/json"


def said(state: str, text: str, status: int, **more: Any) -> JsonResponse:
    """The answer to the script: a word for the state, and a sentence for the person."""
    return JsonResponse({"state": state, "said": text, **more}, status=status)


def saved_at(request: PersonRequest) -> str:
    """«Lagret kl. 14.02»."""
    return _("Lagret kl. %(time)s") % {"time": f"{clock.local(request.now):%H.%M}"}


def boxes(request: HttpRequest, conflicts: Mapping[str, CellConflict]) -> dict[str, Any]:
    """What the script draws and puts in place about texts that somebody else has changed, by the name of the field."""
    drawn = {
        name: render_to_string("components/cell_conflict.html", {"item": item}, request)
        for name, item in conflicts.items()
    }
    return {
        "boxes": drawn,
        "fields": {name: value for item in conflicts.values() for name, value in item.fields.items()},
    }


def _said(request: PersonRequest, form: SharedForm) -> HttpResponse:
    version = form.data["version"]
    if form.conflicts:
        told = boxes(request, {item.html_name: item for item in form.conflicts})
        words = _("Teksten er endret i mellomtiden. Velg hva som skal gjelde.")
        return said("conflict", words, CONFLICT, base=version, **told)
    if form.errors:
        sentences = [str(text) for texts in form.errors.values() for text in texts]
        return said("invalid", _("Ikke lagret ennå"), INVALID, errors=sentences, version=version)
    return said("saved", saved_at(request), OK, version=version)
