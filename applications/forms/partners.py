"""Partners and their contact persons (R67–R73, R91)."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.forms.rows import RowForm, row_formset
from applications.models import Contact, Partner, PartnerRole
from applications.queries import Choices
from applications.services.rows import MOST
from portal.communities.models import Organisation
from portal.forms import EmailField, Form
from rounds.answering.forms.text import LineField
from rounds.answering.services.rows import RowChange

ADDABLE = [
    (PartnerRole.PARTNER, gettext_lazy("Partner som signerer")),
    (PartnerRole.SUPPORTER, PartnerRole.SUPPORTER.label),
]


class ContactForm(RowForm):
    """One contact person."""

    model = Contact

    name = LineField(label=gettext_lazy("Navn"), max_length=120, required=True)
    title = LineField(label=gettext_lazy("Stilling"), max_length=120)
    email = EmailField(
        label=gettext_lazy("E-post"),
        required=False,
        error_messages={"invalid": gettext_lazy("Skriv en e-postadresse, for eksempel navn@example.org.")},
    )
    phone = LineField(label=gettext_lazy("Telefon"), max_length=20)

    def shown(self, row: Contact) -> dict[str, Any]:
        return {"name": row.name, "title": row.title, "email": row.email, "phone": row.phone}

    def change(self, key: str) -> RowChange | None:
        """A new contact must have a name. Of a stored contact every cell that could be read is saved."""
        return super().change(key) if self.is_stored or "name" not in self.errors else None


ContactFormSet = row_formset(
    ContactForm,
    most=MOST[Contact],
    add_label=gettext_lazy("Legg til kontaktperson"),
    row_label=gettext_lazy("Kontaktperson"),
)


class AddPartnersForm(Form):
    """Several organisations of the register at once, and one that is not in the register."""

    submit_label = gettext_lazy("Legg til")

    role = forms.ChoiceField(
        label=gettext_lazy("Hvilken rolle får de?"),
        help_text=gettext_lazy(
            "En partner skriver i utkastet og signerer. Den som bare støtter, leser utkastet og signerer ikke."
        ),
        choices=ADDABLE,
        initial=PartnerRole.PARTNER,
        widget=forms.RadioSelect,
    )
    own = forms.MultipleChoiceField(label="", required=False, widget=forms.CheckboxSelectMultiple)
    other = forms.ChoiceField(label=gettext_lazy("Andre organisasjoner i registeret"), required=False)
    other_name = LineField(label=gettext_lazy("Organisasjon som ikke står i registeret"), max_length=160)

    def __init__(self, *args: Any, choices: Choices, community: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisations = {str(item.pk): item for item in (*choices.in_community, *choices.others)}
        in_community, other = self.fields["own"], self.fields["other"]
        in_community.label = _("Organisasjoner i %(community)s") % {"community": community}
        in_community.choices = _by_kind(choices.in_community)  # type: ignore[attr-defined]
        other.choices = [("", _("Velg organisasjon")), *_by_kind(choices.others)]  # type: ignore[attr-defined]
        self.fields["other_name"].help_text = _("Den kan støtte søknaden, men ikke signere.")
        for item in self.fields.values():
            item.shows_optional = False  # type: ignore[attr-defined]
            item.error_messages["invalid_choice"] = _("Organisasjonen er allerede med, eller finnes ikke i registeret.")

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if not (data.get("own") or data.get("other") or data.get("other_name")) and not self.errors:
            raise ValidationError(_("Velg minst én organisasjon, eller skriv navnet på den."))
        if data.get("other_name") and data.get("role") == PartnerRole.PARTNER:
            sentence = _("En organisasjon som ikke står i registeret, kan bare støtte søknaden.")
            self.add_error("role", sentence)
        return data

    @property
    def chosen(self) -> list[Organisation]:
        """The organisations to add."""
        codes = [*self.cleaned_data["own"], self.cleaned_data["other"]]
        return [self.organisations[code] for code in codes if code]


def _by_kind(organisations: list[Organisation]) -> list[Any]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for item in organisations:
        groups.setdefault(item.get_kind_display(), []).append((str(item.pk), item.name))
    return list(groups.items())


class UnitForm(Form):
    """Which unit of the partner takes part."""

    unit = LineField(label=gettext_lazy("Enhet eller rolle i prosjektet"), max_length=160)

    def __init__(self, *args: Any, partner: Partner, **kwargs: Any) -> None:
        super().__init__(*args, prefix=f"partner-{partner.pk}", initial={"unit": partner.unit}, **kwargs)
