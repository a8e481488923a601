"""The forms of the room: they check what a field can hold; the rules are in the services."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from applications.workflow import Status
from evaluation.assessment.habilitet import Ground
from evaluation.assessment.queries.outstanding import Outstanding
from evaluation.assessment.services.assessing import ABSTAIN, Given, cells_of
from evaluation.assessment.services.prioritising import Choice
from evaluation.assessment.turn import Turn
from portal import cells
from portal.communities.models import User
from portal.communities.queries import user_with_email
from portal.forms import DateField, EmailField, Form, FormHelper, MoneyField, ShortTextField, TextField
from portal.twins import twin_lazy
from portal.writing import BASE_MOST, SeenNumber, SharedForm, Unseen, as_text
from rounds.definition import Criterion, Scale
from rounds.outcomes import AWARDS, Outcome

LONG = 4000


class FilterForm(Form):
    """The filter of the secretariat's list; sent by GET."""

    text = ShortTextField(label=_("Søk"), required=False, max_length=100)
    status = forms.ChoiceField(label=_("Status"), required=False)
    assessor = forms.ChoiceField(label=_("Vurderes av"), required=False)
    municipality = forms.ChoiceField(label=_("Kommune"), required=False)

    def __init__(
        self, *args: Any, assessors: Sequence[tuple[int, str]], municipalities: Sequence[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        sent = [(status.value, status.label) for status in Status if status != Status.DRAFT]
        for name, choices in (("status", sent), ("assessor", assessors), ("municipality", municipalities)):
            self.fields[name].choices = [("", _("Alle")), *choices]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> dict[str, Any]:
        """The choices that were made; an unknown choice is left out."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


# --- habilitet --------------------------------------------------------------------------------------------


class DeclarationForm(Form):
    """The answer of a person about the person's habilitet in one application."""

    submit_label = _("Lagre svaret")
    has_tie = forms.TypedChoiceField(
        label=_("Har du en tilknytning som kan gjøre deg inhabil?"),
        choices=[("no", _("Nei, jeg er habil")), ("yes", _("Ja, eller jeg er i tvil"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    ground = forms.ChoiceField(label=_("Type tilknytning"), required=False, choices=[("", _("Velg")), *Ground.choices])
    explanation = TextField(
        label=_("Forklar tilknytningen"),
        help_text=_("Frivillig når du svarer nei."),
        required=False,
        max_length=LONG,
        rows=4,
    )

    def __init__(self, *args: Any, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.cancel_url = cancel_url


class QuestionForm(Form):
    """The question of somebody else's habilitet."""

    submit_label = _("Reis spørsmålet")
    ground = forms.ChoiceField(label=_("Type tilknytning"), choices=Ground.choices, widget=forms.RadioSelect)
    explanation = TextField(label=_("Hva vet du, og hvorfor kan det ha betydning?"), max_length=LONG, rows=4)

    def __init__(self, *args: Any, cancel_url: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.cancel_url = cancel_url


class RecusalForm(Form):
    """The decision on somebody else's habilitet."""

    submit_label = _("Lagre avgjørelsen")
    is_recused = forms.TypedChoiceField(
        label=_("Avgjørelse"),
        choices=[("no", _("Habil")), ("yes", _("Inhabil"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    ground = forms.ChoiceField(label=_("Type tilknytning"), required=False, choices=[("", _("Velg")), *Ground.choices])
    reason = TextField(label=_("Begrunnelse"), max_length=LONG, rows=4)

    def __init__(self, *args: Any, cancel_url: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.cancel_url = cancel_url


# --- assigning --------------------------------------------------------------------------------------------


class AssignForm(Form):
    """The choice of one assessor: a member of the bodies, or anyone in the portal by e-mail address."""

    submit_label = _("Fordel")
    assessor = forms.ModelChoiceField(
        label=_("Hvem"), queryset=User.objects.none(), required=False, empty_label=None, widget=forms.RadioSelect
    )
    email = EmailField(
        label=_("Eller e-postadressen til en annen"),
        required=False,
        help_text=_("Personen må ha tilgang til portalen."),
    )
    due_date = DateField(label=_("Frist"))

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assessor"].queryset = people  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Put the person of the e-mail address in ``assessor``; whoever gives both is asked which of them."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        email = cleaned.get("email")
        if cleaned.get("assessor") and email:
            raise ValidationError({"email": _("Velg en person, eller skriv en e-postadresse, ikke begge.")})
        if cleaned.get("assessor"):
            return cleaned
        if not email:
            raise ValidationError({"assessor": _("Velg en person, eller skriv en e-postadresse.")})
        person = user_with_email(email)
        if person is None or not person.is_active:
            raise ValidationError({"email": _("Ingen i portalen har denne adressen.")})
        return {**cleaned, "assessor": person}


class DistributeForm(Form):
    """The assessors among whom all applications under assessment are shared evenly."""

    submit_label = twin_lazy("Fordel søknadene")
    assessors = forms.ModelMultipleChoiceField(
        label=_("Fordel mellom"),
        queryset=User.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Velg minst én som skal vurdere.")},
    )
    each = forms.IntegerField(label=twin_lazy("Vurderinger av hver søknad"), min_value=1, max_value=20)
    due_date = DateField(label=_("Frist"))

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assessors"].queryset = people  # type: ignore[attr-defined]


# --- scoring ----------------------------------------------------------------------------------------------


class ScoreForm(Form):
    """Points and a reason for every criterion; a draft may lack both, and the service says what delivery needs."""

    comment = TextField(label=_("Samlet vurdering"), required=False, max_length=LONG, rows=3)
    # The version on the assessor's screen: the assessment is of that version, also when a newer one has been sent.
    version = SeenNumber(required=False)
    # The versions of what the page showed: the same person may have it open twice.
    seen = Unseen(max_length=BASE_MOST)

    def __init__(self, *args: Any, turn: Turn, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.turn = turn
        of_criteria: dict[str, forms.Field] = {}
        for item in turn.judged:
            scale = turn.round.spec.scale(item.scale)
            if scale:
                of_criteria[f"points-{item.code}"] = points_field(item, scale)
            of_criteria[f"reason-{item.code}"] = TextField(
                label=_("Begrunnelse"), required=False, max_length=LONG, rows=3
            )
        self.fields = {**of_criteria, **self.fields}
        self.initial.setdefault("seen", cells.written({}))
        for field in self.fields.values():
            field.shows_optional = field is self.fields["comment"]  # type: ignore[attr-defined]

    @property
    def blocks(self) -> list[tuple[Criterion, Any, Any]]:
        """Each criterion with its field for points (None when it has none) and its field for the reason."""
        return [
            (item, self[f"points-{item.code}"] if item.kind == "scored" else None, self[f"reason-{item.code}"])
            for item in self.turn.judged
        ]

    @property
    def is_proposed(self) -> bool:
        """Whether every criterion is a proposal: it is said once, and not of each."""
        return all(item.basis == "proposed" for item in self.turn.judged)

    @property
    def given(self) -> dict[str, Given]:
        """What the assessor has given for each criterion; a field with an invalid value counts as empty."""
        self.is_valid()
        return {item.code: self._given(item) for item in self.turn.judged}

    def _given(self, item: Criterion) -> Given:
        points = self.cleaned_data.get(f"points-{item.code}") or ""
        reason = self.cleaned_data.get(f"reason-{item.code}") or ""
        if points == ABSTAIN:
            return Given(abstained=True, reason=reason)
        return Given(Decimal(points) if points else None, reason=reason)

    @property
    def version_read(self) -> int | None:
        """The number of the version on the screen; None when the field is empty or invalid."""
        self.is_valid()
        version: int | None = self.cleaned_data.get("version")
        return version

    @property
    def nothing_carried(self) -> str:
        """What is said when the page did not carry the version that it showed; empty when it did."""
        return str(self.errors["version"][0]) if "version" in self.errors else ""

    def typed(self, name: str) -> str:
        """The text of the field; empty when it is invalid."""
        self.is_valid()
        return str(self.cleaned_data.get(name) or "")

    def add_lacks(self, lacks: Mapping[str, str]) -> None:
        """Put an error on the field that each criterion of ``lacks`` needs before delivery."""
        for item in self.turn.judged:
            if item.code in lacks:
                marks = self.given[item.code]
                lacks_points = item.kind == "scored" and marks.points is None and not marks.abstained
                self.add_error(f"{'points' if lacks_points else 'reason'}-{item.code}", lacks[item.code])

    @property
    def base(self) -> dict[str, str]:
        """The versions of what the page showed; of a post that carried none, as if all had been empty."""
        return cells.read(self.data.get("seen", "")[:BASE_MOST])

    def carry(self) -> None:
        """Carry the versions of what was saved, when the page is drawn again."""
        self._carry(self._after())

    def _carry(self, base: Mapping[str, str]) -> None:
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        data["seen"] = cells.written({name: version for name, version in base.items() if version})
        self.data = data

    @property
    def seen_now(self) -> str:
        """The versions that the page carries after a save."""
        return cells.written(self._after())

    def _after(self) -> dict[str, str]:
        return cells.base_after(self.base, self.typed_cells, cells.Merge())

    @property
    def typed_cells(self) -> dict[str, str]:
        """What the fields hold."""
        return cells_of(self.given, self.typed("comment"))

    def show_stored(self, stored: Mapping[str, str]) -> None:
        """Show at each field what another page has stored, and take the fields as they are at the next press."""
        self._carry({**self.base, **{name: cells.version(text) for name, text in stored.items()}})
        for name, text in stored.items():
            shown = as_text(self.fields[name], text) or _("(tomt)")
            self.add_error(name, _("Lagret fra den andre siden: %(text)s") % {"text": shown})

    @staticmethod
    def initial_of(marks: Mapping[str, Given], comment: str) -> dict[str, Any]:
        """The initial values of the form for a saved draft."""
        shown = cells_of(marks, comment)
        return {**shown, "seen": cells.written(cells.versions(shown))}


def points_field(item: Criterion, scale: Scale) -> forms.Field:
    """The field for the points of a scale with their labels: buttons for a short scale, a list for a long one."""
    labels = {anchor.value: anchor.label for anchor in scale.anchors}
    choices = [
        (f"{value.normalize():f}", f"{value.normalize():f}" + (f" – {labels[value]}" if value in labels else ""))
        for value in scale.values
    ]
    choices.append((ABSTAIN, str(_("Avstår"))))
    if len(choices) > 12:  # noqa: PLR2004 - as many buttons as a narrow column holds
        return forms.ChoiceField(label=_("Poeng"), required=False, choices=[("", _("Velg")), *choices])
    return forms.ChoiceField(label=_("Poeng"), required=False, choices=choices, widget=forms.RadioSelect)


# --- prioritising -----------------------------------------------------------------------------------------


class RecommendationForm(SharedForm):
    """Outcome, amount, reason and conditions for one application."""

    outcome = forms.ChoiceField(label=_("Innstilling"), widget=forms.RadioSelect)
    amount = MoneyField(
        label=_("Beløp"), required=False, help_text=_("Kan stå tomt når hele søknadsbeløpet innstilles.")
    )
    reason = TextField(label=_("Begrunnelse"), required=False, max_length=LONG, rows=5)
    conditions = TextField(label=_("Vilkår"), required=False, max_length=LONG, rows=3)
    order_reason = TextField(label=_("Hvorfor plassen avviker fra poengene"), required=False, max_length=LONG, rows=2)

    threshold_reason = TextField(
        label=twin_lazy("Hvorfor søknaden innstilles selv om den er under en terskel"),
        required=False,
        max_length=LONG,
        rows=2,
    )

    needed_later = frozenset({"reason", "threshold_reason"})
    saved_by_button = frozenset({"outcome", "amount"})

    def __init__(self, *args: Any, outcomes: Mapping[Outcome, str], is_below: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = list(outcomes.items())  # type: ignore[attr-defined]
        if not AWARDS & set(outcomes):
            del self.fields["amount"]
        if not is_below:
            del self.fields["threshold_reason"]


class AmountForm(Form):
    """The outcome and the amount of one row of the board, written in the table.

    An outcome that is not chosen follows from the amount. ``version`` is of the two as the page showed them.
    """

    outcome = forms.ChoiceField(label=_("Innstilling"), required=False)
    amount = MoneyField(label=_("Beløp"), required=False)
    version = Unseen(max_length=BASE_MOST)

    def __init__(self, *args: Any, outcomes: Mapping[Outcome, str], title: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # How the summary of errors tells the row from the others.
        self.row_label = f"{title}: "
        stored = {name: self.initial[name] for name in ("outcome", "amount")}
        self.initial["version"] = cells.written(cells.versions(stored))
        self.fields["outcome"].choices = [  # type: ignore[attr-defined]
            *([] if stored["outcome"] else [("", _("Ikke innstilt"))]),
            *outcomes.items(),
        ]
        if not AWARDS & set(outcomes):
            del self.fields["amount"]

    @property
    def is_posted(self) -> bool:
        """Whether the page that was sent had this row."""
        return self.add_prefix("version") in self.data

    @property
    def choice(self) -> Choice:
        """What was chosen, on the versions that the page carried."""
        base = cells.read(self.data[self.add_prefix("version")])
        return Choice(self.cleaned_data["outcome"], self.cleaned_data.get("amount"), base)


# More than any round has applications, and a number that both databases can compare.
LAST_RANK = 100_000


class MoveForm(Form):
    """The new rank of an application on the list, and the reason."""

    place = forms.IntegerField(
        label=_("Til plass"),
        min_value=1,
        max_value=LAST_RANK,
        error_messages={
            "required": _("Skriv plassen som et tall."),
            "invalid": _("Skriv plassen som et tall."),
            "min_value": _("Skriv et tall fra 1."),
        },
    )
    reason = ShortTextField(label=_("Hvorfor plassen avviker fra poengene"), required=False, max_length=500)


class ConsiderationsForm(SharedForm):
    """The judgement of the list as a whole."""

    submit_label = _("Lagre vurderingen")
    is_quiet = True
    considerations = TextField(
        label=_("Hvorfor er listen riktig som helhet?"), required=False, max_length=LONG * 2, rows=5
    )


class TakenBackForm(Form):
    """Why a locked list is opened again, or what was done is taken back; ``kept`` says where, if not in the log."""

    reason = TextField(
        label=_("Hvorfor?"), rows=3, max_length=1000, help_text=_("Begrunnelsen kommer i loggen, med navnet ditt.")
    )

    def __init__(self, *args: Any, submit: Any, cancel_url: str, kept: Any = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(submit=submit, cancel_url=cancel_url, danger=True)
        if kept:
            self.fields["reason"].help_text = kept


class FreezeForm(Form):
    """A box for each thing that is left out of the list; whoever locks the list must tick every box."""

    def __init__(self, *args: Any, waiting: Sequence[Outstanding], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for item in waiting:
            said = _("%(why)s Lås listen uten dem.") % {"why": item.sentence}
            error = _("Kryss av for at listen låses uten dette: %(why)s") % {"why": item.sentence}
            self.fields[f"without-{item.key}"] = forms.BooleanField(label=said, error_messages={"required": error})
            self.fields[f"without-{item.key}"].shows_optional = False  # type: ignore[attr-defined]
        self.keys = [item.key for item in waiting]

    @property
    def left_out(self) -> list[str]:
        """The keys of the boxes that are ticked."""
        return [key for key in self.keys if self.cleaned_data.get(f"without-{key}")]


class TaskForm(Form):
    """Who has done a task of the stage, and when."""

    note = ShortTextField(
        label=_("Hvem har gjort det, og når?"),
        max_length=300,
        help_text=_("For eksempel: SSU i møte 10.03.2025, eller arbeidsutvalget etter fullmakt."),
    )
