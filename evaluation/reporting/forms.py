"""The room's forms: a new report, the text of a chapter, the approval, and why a sent report is opened."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from evaluation.reporting.chapters import Chapter
from evaluation.reporting.models import ReportKind
from evaluation.reporting.queries import code_of
from evaluation.reporting.queries.period_figures import Tenant
from portal.forms import DateField, Form, TextField
from portal.writing import SharedForm, Unseen

TEXT_MOST, WHY_MOST, SUM_MOST = 20_000, 1_000, 64


class BeginForm(Form):
    """What a report begins with."""

    submit_label = _("Lag rapporten")

    sender = forms.ChoiceField(label=_("Rapport fra"))
    kind = forms.ChoiceField(label=_("Rapport"), choices=ReportKind.choices)
    first_day = DateField(label=_("Fra og med"))
    last_day = DateField(label=_("Til og med"))
    due_date = DateField(label=_("Frist"), help_text=_("Datoen regionen har satt."), required=False)

    def __init__(self, *args: Any, senders: Sequence[Tenant], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.senders = {code_of(sender): sender for sender in senders}
        choices = [(code, sender.name) for code, sender in self.senders.items()]
        self.fields["sender"].choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            self.fields["sender"].widget = forms.HiddenInput()
            self.initial.setdefault("sender", choices[0][0])

    @property
    def chosen_sender(self) -> Tenant:
        """The helsefellesskap or the region that was chosen."""
        return self.senders[self.cleaned_data["sender"]]


class ChapterForm(SharedForm):
    """The secretariat's own text in a chapter."""

    needed_later = frozenset({"text"})

    text = TextField(label=_("Deres vurdering"), rows=9, max_length=TEXT_MOST, required=False)

    def __init__(self, *args: Any, chapter: Chapter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].help_text = chapter.help


class ApproveForm(Form):
    """The press that approves the report; ``shown`` is the sum of what the page showed."""

    submit_label = _("Godkjenn og send")

    shown = Unseen(max_length=SUM_MOST)


class OpenAgainForm(Form):
    """Why a sent report is opened."""

    submit_label = _("Åpne rapporten")
    is_quiet = True

    why = TextField(label=_("Hva som må rettes"), rows=3, max_length=WHY_MOST)
