"""Sentences with a twin: what one says of a søknad, the other says of an initiativ, under a gettext context."""

from typing import Any

from django.forms import BaseForm
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy, ngettext, npgettext, override, pgettext

# A lazy sentence about a søknad, for ``twin_of``. ``scripts/messages`` puts its twin into the catalogues.
twin_lazy = gettext_lazy


def twin_of(sentence: Any, context: str) -> str:
    """The lazy sentence in the language of the page; its twin under the ``context`` (``Round.noun_context``), if any.

    A sentence that has no twin is said of both.
    """
    if not context:
        return str(sentence)
    with override(None):
        in_code = str(sentence)
    said = pgettext(context, in_code)
    return str(sentence) if said == in_code else said


def said_of(sentence: Any, thing: Any) -> str:
    """``twin_of`` for a thing with a ``noun_context``, which is asked when the sentence is shown: few refusals are."""
    return _said_of(sentence, thing)


def twin_n(context: str, singular: str, plural: str, n: int) -> str:
    """The same for a sentence about ``n`` of them; the sentences are written where it is called."""
    return npgettext(context, singular, plural, n) if context else ngettext(singular, plural, n)


def tell_form(form: BaseForm, context: str) -> None:
    """Say the button, and the labels and the helping texts of the form's fields, under the context."""
    if context and (button := getattr(form, "submit_label", "")):
        form.submit_label = twin_of(button, context)  # type: ignore[attr-defined]
    for field in form.fields.values() if context else ():
        field.label, field.help_text = twin_of(field.label, context), twin_of(field.help_text, context)


def _say(sentence: Any, thing: Any) -> str:
    return twin_of(sentence, thing.noun_context)


_said_of = lazy(_say, str)
