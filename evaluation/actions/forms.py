"""The room's forms: they read and return plain values; the acts decide."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.actions.asks import Due, month_of
from evaluation.actions.models import FollowUpItem, OwnerKind, State
from evaluation.actions.queries.asked import Proposal
from evaluation.actions.queries.owners import Owner, Owners
from evaluation.actions.services import NewItem
from evaluation.meetings.models import Case
from portal.formats import date_no, month_in_words
from portal.forms import Form, ShortTextField, TextField, read
from portal.readers import NotRead, read_date, read_month
from portal.writing import ComparedForm, Unseen

TEXT_MOST, SENTENCE_MOST = 4_000, 2_000
_CODE = re.compile(r"\d{4}-\d\d(-\d\d)?")


class DueField(ShortTextField):
    """A date or a month, as its code (``asks.Due.code``); empty without one."""

    default_error_messages = {
        "invalid": gettext_lazy("Skriv fristen som en dato, for eksempel 01.03.2027, eller en måned: februar 2027."),
        "no_year": gettext_lazy("Skriv årstallet også i fristen, for eksempel februar 2027."),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"label": gettext_lazy("Frist"), "required": False, "max_length": 40, **kwargs})
        self.widget.attrs |= {"size": "20", "autocomplete": "off"}

    def prepare_value(self, value: Any) -> Any:
        """The code in words; what was typed as it was typed."""
        if not (isinstance(value, str) and _CODE.fullmatch(value)):
            return value
        due = Due.of(value)
        return month_in_words(due.last_day) if due.is_month else date_no(due.last_day)

    def to_python(self, value: Any) -> str:
        """The code of the date or the month."""
        typed = super().to_python(value)
        return read(self, _read_due, typed).code if typed else ""


def _read_due(typed: str) -> Due:
    try:
        first = read_month(typed)
    except NotRead as no_month:
        if no_month.code != "words":
            raise
        return Due(read_date(typed))
    return month_of(first.year, first.month)


class OwnedForm(Form):
    """Who has the responsibility, and by when."""

    owner = forms.ChoiceField(label=gettext_lazy("Ansvarlig"))
    owner_role = ShortTextField(
        label=gettext_lazy("Hvilken rolle"),
        help_text=gettext_lazy("Bare når du har valgt «En annen rolle». Sekretariatet blir minnet om fristen."),
        max_length=120,
        required=False,
    )
    due = DueField(help_text=gettext_lazy("En dato eller en måned. La feltet stå tomt når det ikke er noen frist."))

    def __init__(self, *args: Any, owners: Owners, kept: FollowUpItem | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = owners.choices
        if kept and not _is_among(choices, kept_code := Owner.of_item(kept).code):
            choices.append((kept_code, str(kept.owner)))
        self.fields["owner"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Another role is said in words; of other owners there are none."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("owner") != OwnerKind.ROLE:
            data["owner_role"] = ""
        elif not data.get("owner_role"):
            self.add_error("owner_role", _("Skriv hvilken rolle som har ansvaret."))
        return data

    @property
    def new_owner(self) -> Owner:
        """The owner that was chosen."""
        return Owner.of(self.cleaned_data["owner"], self.cleaned_data["owner_role"])

    @property
    def new_due(self) -> Due | None:
        """The date or the month that was written."""
        code = self.cleaned_data["due"]
        return Due.of(code) if code else None


def _is_among(choices: Iterable[Any], code: str) -> bool:
    flat = [inner for key, label in choices for inner in ([key] if not isinstance(label, list) else dict(label))]
    return code in flat


def _text_field() -> TextField:
    return TextField(
        label=gettext_lazy("Det som skal gjøres"),
        help_text=gettext_lazy("Slik det ble vedtatt. Gjør det kortere bare når meningen er den samme."),
        rows=3,
        max_length=TEXT_MOST,
    )


class ProposalForm(OwnedForm):
    """One point of a resolution that asks for something: it is confirmed, mended, or left."""

    is_taken = forms.BooleanField(label=gettext_lazy("Før punktet opp på oppfølgingslisten"), required=False)
    text = _text_field()

    field_order = ("is_taken", "text", "owner", "owner_role", "due")

    def __init__(self, *args: Any, proposal: Proposal, owners: Owners, **kwargs: Any) -> None:
        owner, due = proposal.owner, proposal.due
        kwargs["initial"] = {
            "is_taken": True,
            "text": proposal.ask.text,
            "owner": owner.code if owner else "",
            "owner_role": owner.role if owner else "",
            "due": due.code if due else "",
        }
        super().__init__(*args, owners=owners, **kwargs)
        self.proposal = proposal
        self.helper.form_tag = False

    def clean(self) -> dict[str, Any]:
        """What is left is not read."""
        data = super().clean()
        if not data.get("is_taken"):
            self.errors.clear()
        return data

    @property
    def new_item(self) -> NewItem:
        """What becomes an item."""
        case, ask = self.proposal.case, self.proposal.ask
        return NewItem(case.pk, ask.reference, self.cleaned_data["text"], self.new_owner, self.new_due)


class AddForm(OwnedForm):
    """An item by hand: the case that it follows, and what is to be done."""

    submit_label = gettext_lazy("Før opp punktet")

    case = forms.ModelChoiceField(
        queryset=Case.objects.none(), label=gettext_lazy("Sak"), empty_label=gettext_lazy("Velg saken")
    )
    reference = ShortTextField(
        label=gettext_lazy("Punkt i vedtaket"),
        help_text=gettext_lazy("For eksempel 4, eller 3 b)."),
        max_length=12,
        required=False,
    )
    text = _text_field()

    field_order = ("case", "reference", "text", "owner", "owner_role", "due")

    def __init__(self, *args: Any, cases: Any, owners: Owners, **kwargs: Any) -> None:
        super().__init__(*args, owners=owners, **kwargs)
        self.fields["case"].queryset = cases  # type: ignore[attr-defined]

    @property
    def new_item(self) -> NewItem:
        """What becomes an item."""
        data = self.cleaned_data
        return NewItem(data["case"].pk, data["reference"], data["text"], self.new_owner, self.new_due)


class MendForm(ComparedForm, OwnedForm):
    """What can be mended in an item, compared with what others have written since the page was opened."""

    submit_label = gettext_lazy("Lagre endringene")

    text = _text_field()
    returns_in = forms.ModelChoiceField(
        queryset=Case.objects.none(),
        label=gettext_lazy("Kommer tilbake i sak"),
        help_text=gettext_lazy("Saken i et senere møte der dette legges fram."),
        empty_label=gettext_lazy("Ingen sak ennå"),
        required=False,
    )

    field_order = ("text", "owner", "owner_role", "due", "returns_in", "version")

    def __init__(self, *args: Any, cases: Any, owners: Owners, kept: FollowUpItem, **kwargs: Any) -> None:
        super().__init__(*args, owners=owners, kept=kept, **kwargs)
        self.fields["returns_in"].queryset = cases  # type: ignore[attr-defined]


class ToldForm(Form):
    """A sentence about something; ``seen`` is the last (id) that was told of it when the page was shown."""

    sentence = TextField(label=gettext_lazy("Hva er gjort?"), rows=3, max_length=SENTENCE_MOST)
    seen = Unseen()

    def __init__(self, *args: Any, last: int | None, initial: dict[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, initial={**(initial or {}), "seen": last or ""}, **kwargs)

    def see(self, last: int | None) -> None:
        """Carry what the page shows now: the next press has seen it."""
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.data[self.add_prefix("seen")] = str(last or "")  # type: ignore[index]

    @property
    def seen_id(self) -> int | None:
        """The id of the last that the page showed."""
        seen = self.cleaned_data["seen"]
        return int(seen) if seen.isdecimal() else None


class ReportForm(ToldForm):
    """The owner tells how far it has come."""

    submit_label = gettext_lazy("Meld fra")

    is_done = forms.BooleanField(label=gettext_lazy("Punktet er utført"), required=False)

    field_order = ("sentence", "is_done", "seen")


class SettleForm(ToldForm):
    """The secretariat closes the item, or opens it again."""

    submit_label = gettext_lazy("Lagre status")
    is_quiet = True

    state = forms.ChoiceField(label=gettext_lazy("Status"), widget=forms.RadioSelect)

    field_order = ("state", "sentence", "seen")

    def __init__(self, *args: Any, item: FollowUpItem, last: int | None, **kwargs: Any) -> None:
        super().__init__(*args, last=last, **kwargs)
        states = (State.DONE, State.DROPPED) if item.is_open else (State.OPEN,)
        labels = {State.OPEN: _("Åpnes igjen")}
        self.fields["state"].choices = [(state, labels.get(state, state.label)) for state in states]  # type: ignore[attr-defined]
        self.fields["sentence"].label = _("Hva er gjort, eller hvorfor?")


class GoThrough:
    """A form for each point that asks for something; the errors of all of them are told together."""

    def __init__(self, data: Any, proposals: Sequence[Proposal], owners: Owners) -> None:
        self.forms = [
            ProposalForm(data, prefix=f"punkt-{number}", proposal=proposal, owners=owners)
            for number, proposal in enumerate(proposals, start=1)
        ]
        self.error_parts = tuple(self.forms)
        self.cases = sorted({proposal.case.pk for proposal in proposals})

    def is_valid(self) -> bool:
        """Whether every point that is taken can be read."""
        answers = [form.is_valid() for form in self.forms]
        return all(answers)

    @property
    def new_items(self) -> list[NewItem]:
        """Those that were confirmed."""
        return [form.new_item for form in self.forms if form.cleaned_data["is_taken"]]

    @property
    def http_status(self) -> int:
        """422 when something could not be read, else 200."""
        return 422 if any(form.errors for form in self.forms) else 200
