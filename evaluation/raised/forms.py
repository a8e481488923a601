"""The room's forms: a case that is raised, and what the secretariat does with it."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from evaluation.actions.queries.owners import Owner
from evaluation.meetings.models import CaseKind, Meeting
from portal.communities.models import Body
from portal.formats import datetime_no
from portal.forms import Form, ShortTextField, TextField

# The kinds of cases in words for those who raise one.
KINDS = (
    (CaseKind.DECISION, _("Ta en beslutning")),
    (CaseKind.DISCUSSION, _("Drøfte saken")),
    (CaseKind.INFORMATION, _("Bli orientert")),
)
TITLE_MOST, TEXT_MOST, WISH_MOST, ANSWER_MOST = 200, 20_000, 4_000, 4_000


class RaiseForm(Form):
    """A case that somebody asks a body to take up."""

    submit_label = _("Meld inn saken")

    body = forms.ModelChoiceField(
        queryset=Body.objects.none(), label=_("Hvilket organ skal ta opp saken?"), empty_label=_("Velg organet")
    )
    sender = forms.ChoiceField(label=_("Hvem melder dere inn saken for?"))
    kind = forms.ChoiceField(label=_("Hva skal organet gjøre?"), choices=KINDS, widget=forms.RadioSelect)
    title = ShortTextField(label=_("Tittel"), max_length=TITLE_MOST)
    background = TextField(
        label=_("Hva gjelder saken?"),
        help_text=_("Hva som er problemet eller muligheten, hvem den gjelder, og hva som er gjort til nå."),
        rows=8,
        max_length=TEXT_MOST,
    )
    wish = TextField(
        label=_("Hva vil dere at organet skal gjøre?"),
        help_text=_("Gjerne som et forslag til vedtak."),
        rows=4,
        max_length=WISH_MOST,
    )

    def __init__(self, *args: Any, bodies: QuerySet[Body], senders: Iterable[tuple[Owner, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(sender.code, name) for sender, name in senders]
        self.fields["body"].queryset = bodies  # type: ignore[attr-defined]
        self.fields["sender"].choices = choices if len(choices) == 1 else [("", _("Velg hvem")), *choices]  # type: ignore[attr-defined]

    @property
    def chosen_sender(self) -> Owner:
        """Whom it is raised for."""
        return Owner.of(self.cleaned_data["sender"])


class MeetingField(forms.ModelChoiceField):
    """A planned meeting, named by when it is."""

    def label_from_instance(self, meeting: Any) -> str:
        """«12. januar 2027 kl. 10.00, Teams»."""
        when = datetime_no(meeting.starts_at)
        return f"{when}, {meeting.location}" if meeting.location else when


class PutUpForm(Form):
    """The meeting in which the case comes up."""

    submit_label = _("Sett opp saken")

    meeting = MeetingField(queryset=Meeting.objects.none(), label=_("Møte"), empty_label=None)

    def __init__(self, *args: Any, meetings: QuerySet[Meeting], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["meeting"].queryset = meetings  # type: ignore[attr-defined]


class SendOnForm(Form):
    """The body that the case is sent on to, and why."""

    submit_label = _("Send saken videre")
    is_quiet = True

    body = forms.ModelChoiceField(queryset=Body.objects.none(), label=_("Organ"), empty_label=_("Velg organet"))
    why = TextField(
        label=_("Hvorfor sendes den videre?"),
        help_text=_("De som meldte inn saken, får lese dette."),
        rows=3,
        max_length=ANSWER_MOST,
    )

    def __init__(self, *args: Any, bodies: QuerySet[Body], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].queryset = bodies  # type: ignore[attr-defined]


class AnswerForm(Form):
    """The answer to a case that is not taken up."""

    submit_label = _("Send svaret")
    is_quiet = True

    answer = TextField(
        label=_("Svar"),
        help_text=_("De som meldte inn saken, får svaret på e-post. Saken er da ferdig."),
        rows=5,
        max_length=ANSWER_MOST,
    )
