"""The room's forms: a case is sent for comments, a comment is written, the date is moved."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from evaluation.actions.forms import ToldForm
from portal.forms import DateField, Form, TextField

QUESTION_MOST, COMMENT_MOST = 4_000, 20_000
# So many choices of one kind are folded.
LONG_GROUP = 12


class AskForm(Form):
    """What is asked, until when, and of whom."""

    submit_label = _("Send til innspill")

    question = TextField(
        label=_("Hva ber dere om innspill til?"),
        help_text=_("De som blir spurt, leser saksframlegget slik det er nå."),
        rows=4,
        max_length=QUESTION_MOST,
    )
    due_date = DateField(label=_("Frist for innspill"), help_text=_("Til og med denne dagen."))
    asked = forms.MultipleChoiceField(label=_("Hvem spør dere?"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, choices: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["asked"].choices = list(choices)  # type: ignore[attr-defined]
        self.fields["asked"].folds_from = LONG_GROUP  # type: ignore[attr-defined]


class CommentForm(ToldForm):
    """The comment of one of those asked."""

    submit_label = _("Send innspillet")

    sentence = TextField(
        label=_("Innspill"),
        help_text=_("Det står i saksframlegget. Dere kan endre det til fristen er ute."),
        rows=10,
        max_length=COMMENT_MOST,
    )


class DateForm(Form):
    """Another date."""

    submit_label = _("Endre fristen")
    is_quiet = True

    due_date = DateField(label=_("Frist for innspill"))
