"""The form in which a show of hands is entered."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from evaluation.meetings import voting
from evaluation.meetings.forms import ProposalForm
from evaluation.meetings.models import Case, Choice
from evaluation.meetings.models.ballot import words_of
from evaluation.meetings.queries.electorate import SIDES, Roll

# Who answers so may want to be named.
NAMED = (Choice.AGAINST, Choice.ABSTAIN)


class HandsForm(ProposalForm):
    """A show of hands: the proposal, for each side how many hands, and who asked to be named."""

    submit_label = _lazy("Før inn resultatet")

    after = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, case: Case, roll: Roll, **kwargs: Any) -> None:
        super().__init__(*args, case=case, **kwargs)
        self.sides = [side for side in SIDES if roll.voters.on_side(side)]
        words = words_of(is_consensus=roll.rules.is_consensus)
        for side in self.sides:
            for choice in Choice:
                label = f"{SIDES[side]}: {words[choice].lower()}"
                self.fields[f"{side}_{choice}"] = self._number(label, choice, roll.voters.on_side(side))
        if roll.casting_seat:
            self.fields["casting"] = forms.ChoiceField(
                label=_("Hvordan stemte møteleder?"),
                help_text=_("Ved stemmelikhet avgjør møteleders stemme."),
                choices=[("", _("Velg")), *((choice, words[choice]) for choice in (Choice.FOR, *NAMED))],
                required=False,
            )
        if case.meeting.body.members_see_votes:
            voters = [line for line in roll.attendances if line.seat_id in roll.voters.sides]
            people = [(line.seat_id, str(line.seat.user)) for line in voters]
            for choice in NAMED:
                self.fields[f"named_{choice}"] = self._names(words[choice].lower(), people)

    def _number(self, label: str, choice: Choice, most: int) -> forms.IntegerField:
        is_first = choice == Choice.FOR
        help_text = _("%(n)s kan stemme.") % {"n": most} if is_first else ""
        return forms.IntegerField(label=label, help_text=help_text, min_value=0, required=is_first)

    def _names(self, choice: str, people: list[tuple[int, str]]) -> forms.TypedMultipleChoiceField:
        return forms.TypedMultipleChoiceField(
            label=_("Vil nevnes med navn: %(choice)s") % {"choice": choice},
            choices=people,
            coerce=int,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )

    @property
    def hands(self) -> dict[str, voting.Hands]:
        """The hands of each side."""
        typed = self.cleaned_data
        return {side: voting.Hands(*(typed[f"{side}_{choice}"] or 0 for choice in Choice)) for side in self.sides}

    @property
    def casting(self) -> voting.Choice | None:
        """How who leads voted, where the page asks it."""
        typed = self.cleaned_data.get("casting")
        return voting.Choice(typed) if typed else None

    @property
    def named(self) -> dict[int, voting.Choice]:
        """Who asked to be named, by seat."""
        return {
            seat: voting.Choice(choice) for choice in NAMED for seat in self.cleaned_data.get(f"named_{choice}", ())
        }

    def clean(self) -> dict[str, Any]:
        """Refuse one who is named twice."""
        data = super().clean() or self.cleaned_data
        against, abstained = (set(data.get(f"named_{choice}", ())) for choice in NAMED)
        if against & abstained:
            raise ValidationError(_("Den samme kan ikke både stemme mot og avstå."))
        return data
