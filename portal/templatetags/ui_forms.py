"""How the form pack draws a field: which kind it is, its attributes, and the links of the error summary."""

from collections.abc import Iterable, Mapping
from typing import Any

from crispy_forms.templatetags.crispy_forms_filters import optgroups
from django import forms, template
from django.forms import BaseForm, BaseFormSet, BoundField
from django.template import Context, Engine
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal import formats

register = template.Library()

KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxSelectMultiple, "options"),
    (forms.RadioSelect, "options"),
    (forms.CheckboxInput, "checkbox"),
    (forms.MultiWidget, "multi"),
    (forms.FileInput, "file"),
    (forms.Widget, "input"),
)
# The template of each kind.
MARKUP = {
    "options": "designsystemet/_options.html",
    "multi": "designsystemet/_multi.html",
    "checkbox": "designsystemet/_checkbox.html",
    "file": "designsystemet/_input.html",
    "input": "designsystemet/_input.html",
}


def _kind(field: BoundField) -> str:
    return next(kind for widget, kind in KINDS if isinstance(field.field.widget, widget))


@register.simple_tag(takes_context=True)
def design_field(context: Context, field: BoundField, optional: bool = True, bare: bool | str = False) -> SafeString:  # noqa: FBT001, FBT002 - template flags
    """A field with its label, help, counter and error, in the markup of its kind of widget.

    ``bare`` hides the label from sight, for table cells; ``"always"`` also where the cells become a card.
    """
    widget = field.field.widget
    counter = widget.attrs.get("data-max-length")
    values = {
        "field": field,
        "label_class": "ds-sr-only" if bare == "always" else "cell-label" if bare else "",
        "optional": optional and getattr(field.field, "shows_optional", not field.field.required),
        "suffix": getattr(widget, "suffix", ""),
        "counter": counter,
        "counter_text": _("Høyst %(max)s tegn") % {"max": formats.grouped(counter)} if counter else "",
    }
    return Engine.get_default().get_template(MARKUP[_kind(field)]).render(context.new(values))


@register.simple_tag
def design_widget(field: BoundField, suffix: str = "") -> SafeString:
    """The field's own control with Designsystemet's class and everything that describes it."""
    attrs: dict[str, str | bool] = {"class": f"ds-input {field.field.widget.attrs.get('class', '')}".strip()}
    described = [field.aria_describedby] if field.aria_describedby else []
    if "data-max-length" in field.field.widget.attrs:
        described.append(f"{field.auto_id}_counter")
    if suffix:
        described.append(f"{field.auto_id}_suffix")
    if any(kind.__module__.startswith("allauth") for kind in type(field.form).__mro__):
        attrs["placeholder"] = ""  # allauth's placeholder only repeats the label
    if described and not field.use_fieldset:
        attrs["aria-describedby"] = " ".join(described)
    return field.as_widget(attrs=attrs)


@register.filter
def attributes(attrs: Mapping[str, Any]) -> SafeString:
    """The attributes of a control: one that is True has no value, one that is False is left out.

    Drawn in Python, since a page with a form has hundreds of them.
    """
    drawn = (
        f" {name}" if value is True else f' {name}="{conditional_escape(value)}"'
        for name, value in attrs.items()
        if value is not False
    )
    return SafeString("".join(drawn))


@register.filter
def input_tag(widget: Mapping[str, Any]) -> SafeString:
    """An ``input``, from what Django's widgets give their templates."""
    value = "" if widget["value"] is None else f' value="{conditional_escape(widget["value"])}"'
    name = conditional_escape(widget["name"])
    return SafeString(f'<input type="{widget["type"]}" name="{name}"{value}{attributes(widget["attrs"])}>')


@register.filter
def select_options(groups: Iterable[tuple[str | None, list[dict[str, Any]], int]]) -> SafeString:
    """The options of a select, by their groups."""
    return SafeString("".join(_option_group(name, options) for name, options, _index in groups))


def _option_group(name: str | None, options: list[dict[str, Any]]) -> str:
    drawn = "".join(
        f'<option value="{conditional_escape(option["value"])}"{attributes(option["attrs"])}>'
        f"{conditional_escape(option['label'])}</option>\n"
        for option in options
    )
    return f'<optgroup label="{conditional_escape(name)}">\n{drawn}</optgroup>\n' if name else drawn


@register.filter
def choices(field: BoundField) -> SafeString:
    """The boxes or the radio buttons of a field, by their groups; those as long as ``folds_from`` are folded."""
    folds = getattr(field.field, "folds_from", None)
    return SafeString("".join(_choice_group(name, options, folds) for name, options, _index in optgroups(field)))


def _choice_group(name: str | None, options: list[dict[str, Any]], folds_from: int | None) -> str:
    if name and folds_from and len(options) >= folds_from:
        return _folded_group(name, options)
    heading = f'<p class="options__group ds-label">{conditional_escape(name)}</p>\n' if name else ""
    return heading + "".join(_choice(option) for option in options)


def _folded_group(name: str, options: list[dict[str, Any]]) -> str:
    """A group behind its name and how many it has; open while one of them is chosen."""
    is_open = " open" if any(option["selected"] for option in options) else ""
    heading = f'{conditional_escape(name)} <span class="muted">{len(options)}</span>'
    return (
        f'<details class="fold options__group"{is_open}>\n<summary>{heading}</summary>\n'
        f'<div class="options">{"".join(map(_choice, options))}</div>\n</details>\n'
    )


def _choice(option: dict[str, Any]) -> str:
    name, value, label = (conditional_escape(option[key]) for key in ("name", "value", "label"))
    target = conditional_escape(option["attrs"].get("id", ""))
    return (
        '<div class="ds-field">\n'
        f'<input class="ds-input" type="{option["type"]}" name="{name}" value="{value}"{attributes(option["attrs"])}>\n'
        f'<label class="ds-label" for="{target}">{label}</label>\n'
        "</div>\n"
    )


@register.simple_tag
def multi_widgets(field: BoundField) -> list[dict[str, Any]]:
    """The controls of a field that has several, each with its label."""
    widget = field.field.widget
    labels = getattr(widget, "labels", [""] * len(widget.widgets))
    context = widget.get_context(field.html_name, field.value(), field.build_widget_attrs({"id": field.auto_id}))
    parts = []
    for label, part, control in zip(labels, context["widget"]["subwidgets"], widget.widgets, strict=True):
        attrs = {**part["attrs"], "class": "ds-input"}
        if field.errors:
            attrs["aria-invalid"] = "true"
        html = control.render(part["name"], _part_value(part), attrs=attrs)
        parts.append({"label": label, "id": part["attrs"].get("id", ""), "html": html})
    return parts


def _part_value(part: dict[str, Any]) -> Any:
    value = part["value"]
    return value[0] if isinstance(value, list) and value else value


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: Any, id: str = "error-summary-title") -> dict[str, Any]:  # noqa: A002 - the HTML word
    """All errors of a form, a formset, or an object with ``error_parts``.

    A page that was opened by a link may have errors, too; then the focus is not moved (``is_answer``). The errors of a
    form that is one row of many begin with its ``row_label``, and those of the fields that a form names in
    ``told_with_label`` with the label of the field.
    """
    parts = getattr(form, "error_parts", [form])
    links: list[tuple[str, str]] = []
    texts: list[str] = []
    for part in parts:
        if isinstance(part, BaseFormSet):
            _collect_rows(part, links, texts)
        else:
            _collect(part, links, texts, getattr(part, "row_label", ""))
    return {
        "links": links,
        "texts": texts,
        "id": id,
        "is_answer": any(part.is_bound for part in parts),
        "is_kept": all(_is_kept(part) for part in parts),
    }


def _is_kept(part: Any) -> bool:
    """Whether everything was saved: the errors only stop the sending."""
    if not part.is_bound:
        return True
    if isinstance(part, BaseFormSet):
        return all(_is_kept(form) for form in part.forms if form.errors)
    return getattr(part, "is_savable", False)


def _collect(form: BaseForm, links: list[tuple[str, str]], texts: list[str], row: str = "") -> None:
    texts.extend(row + str(text) for text in form.non_field_errors())
    with_label = getattr(form, "told_with_label", ())
    for field in form:
        named = f"{row}{field.label}: " if field.name in with_label else row
        for text in field.errors:
            if field.is_hidden:
                texts.append(named + str(text))
            else:
                links.append((anchor(field), named + str(text)))


def _collect_rows(formset: Any, links: list[tuple[str, str]], texts: list[str]) -> None:
    texts.extend(formset.non_form_errors())
    for index, form in enumerate(formset.forms, start=1):
        label = getattr(formset, "row_label", None) or _("Rad")
        _collect(form, links, texts, row=f"{label} {index}: ")


@register.filter
def anchor(field: BoundField) -> str:
    """The id that a link to the field points at; of several controls the first."""
    if _kind(field) in ("options", "multi"):
        return f"{field.auto_id}_0"
    return str(field.id_for_label or field.auto_id)
