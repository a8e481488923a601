"""The forms of the completeness check: the checklist with its outcome, and the end of an unanswered correction."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from evaluation.assessment.checklist import GateItem, Item
from evaluation.assessment.forms import LONG
from portal.forms import Form, TextField
from portal.twins import twin_lazy, twin_of
from portal.writing import SeenNumber


class AdmissionForm(Form):
    """The checklist and the outcome; boxes that the data answer are ticked beforehand."""

    reason = TextField(
        label=twin_lazy("Begrunnelse når søknaden avvises"),
        help_text=_("Kommer i brevet til søkerne."),
        required=False,
        max_length=LONG,
        rows=4,
    )

    # The version on the page: what is checked is that one, also when a newer one has been sent.
    version = SeenNumber()

    def __init__(self, *args: Any, items: Sequence[Item], gates: Sequence[GateItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items, self.gates = items, gates
        checks: dict[str, forms.Field] = {
            f"check-{item.code}": forms.BooleanField(
                label=item.label, help_text=item.note, required=False, initial=bool(item.answer)
            )
            for item in items
        }
        reasons: dict[str, forms.Field] = {
            f"why-{item.code}": TextField(
                label=twin_lazy("Hvorfor søknaden likevel tas til vurdering"), required=False, max_length=LONG, rows=2
            )
            for item in items
        }
        choices: dict[str, forms.Field] = {
            f"gate-{gate.code}": forms.MultipleChoiceField(
                label=gate.title,
                help_text=twin_lazy("Kryss av for det søknaden innfrir. Svarene fra søkerne er krysset av på forhånd."),
                required=False,
                choices=gate.options,
                initial=list(gate.claimed),
                widget=forms.CheckboxSelectMultiple,
            )
            for gate in gates
        }
        self.fields = {**checks, **reasons, **choices, **self.fields}
        for field in (*checks.values(), *reasons.values(), *choices.values()):
            field.shows_optional = False  # type: ignore[attr-defined]

    @property
    def is_unticked(self) -> bool:
        """Whether «Kryss av for resten» has something to tick."""
        return any(not self[f"check-{code}"].value() for code in self.rest)

    @property
    def rest(self) -> list[str]:
        """The codes of a person's points that are answered, save where a reason is written: such a point is not met.

        Where an answer lacks the portal can confirm nothing, and the box is ticked by hand.
        """
        return [
            item.code
            for item in self.items
            if item.answer is None and item.is_answered and not (self[f"why-{item.code}"].value() or "").strip()
        ]

    def clean(self) -> dict[str, Any]:
        """Refuse a tick together with a reason: only one of them can be true, and only one would be stored."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for item in self.items:
            if cleaned.get(f"check-{item.code}") and cleaned.get(f"why-{item.code}"):
                sentence = _("Kryss av, eller skriv hvorfor det tas inn likevel, ikke begge.")
                self.add_error(f"check-{item.code}", sentence)
        return cleaned

    @property
    def told_with_label(self) -> set[str]:
        """The fields whose errors are told with their label in the summary: of all checks they are the same."""
        return {f"check-{item.code}" for item in self.items}

    @property
    def checklist(self) -> dict[str, Any]:
        """The checklist as it is stored."""
        return {
            "items": [
                {
                    "code": item.code,
                    "label": str(item.label),
                    "answer": self.cleaned_data[f"check-{item.code}"],
                    "data": item.answer,
                    "reason": self.cleaned_data[f"why-{item.code}"],
                }
                for item in self.items
            ],
            "gates": {gate.code: self.cleaned_data[f"gate-{gate.code}"] for gate in self.gates},
        }

    def show_version(self, version: int) -> None:
        """Carry this version, when the page is drawn again with what is sent now."""
        posted: Any = self.data
        self.data = posted.copy()
        self.data["version"] = str(version)  # type: ignore[index]

    def add_unmet(self, codes: Sequence[str], context: str) -> None:
        """Put an error on each box of ``codes``: the check is neither ticked nor explained.

        ``context`` is the ``Round.noun_context`` of what is checked.
        """
        for item in self.items:
            if item.code in codes:
                sentence = twin_lazy("Kryss av, eller skriv hvorfor søknaden likevel tas til vurdering.")
                self.add_error(f"check-{item.code}", twin_of(sentence, context))


class ClosingForm(Form):
    """The reason why an application that was not corrected is not admitted."""

    submit_label = twin_lazy("Avvis søknaden")
    reason = TextField(
        label=twin_lazy("Begrunnelse når søknaden avvises"),
        help_text=_("Kommer i brevet til søkerne."),
        max_length=LONG,
        rows=4,
    )
