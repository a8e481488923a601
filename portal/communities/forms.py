"""Forms of the register: people, affiliations, seats, organisations, bodies, addresses, one's own profile."""

from collections.abc import Iterable
from copy import copy
from typing import Any

from crispy_forms.layout import Div, Fieldset, Layout
from django import forms as django_forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal import forms
from portal.communities import queries
from portal.communities.letter_approval import USUAL_APPROVAL, LetterApproval
from portal.communities.models import (
    Affiliation,
    Body,
    BodyKind,
    HealthCommunity,
    Organisation,
    OrganisationKind,
    Seat,
    Side,
    User,
)
from portal.communities.queries.succession import possible_bodies_after, possible_successors
from portal.communities.services.people import Invited
from portal.communities.standing import NOBODY, Standing
from portal.formats import date_no
from portal.writing import ComparedForm

# --- people, affiliations and seats --------------------------------------------------------------------


class PersonFields(django_forms.Form):
    """The person who gets an affiliation or a seat, found by the address; the name is for a new person."""

    email = forms.EmailField(
        label=_("E-post"), help_text=_("Adressen er det personen logger inn med. Er den ny, sender vi en invitasjon.")
    )
    name = forms.ShortTextField(label=_("Navn"), max_length=120)
    # Asked when somebody of another name has the address; the value is the id of that person.
    is_person = django_forms.BooleanField(
        label=_("Ja, plassen er til den som har adressen"), required=False, widget=django_forms.HiddenInput
    )

    def __init__(self, *args: Any, standing: Standing = NOBODY, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.standing = standing

    def clean(self) -> dict[str, Any]:
        """Ask whether it is the right person when the address belongs to somebody of another name."""
        data = super().clean() or self.cleaned_data
        known = queries.known_by_another_name(data.get("email", ""), data.get("name", ""), self.standing)
        if known and self.data.get(self.add_prefix("is_person")) != str(known.pk):
            self._ask(known, data["name"])
        return data

    def _ask(self, known: queries.Known, name: str) -> None:
        box = self.fields["is_person"]
        box.widget = django_forms.CheckboxInput(attrs={"value": known.pk})
        box.shows_optional = False  # type: ignore[attr-defined]
        if known.name:
            self["is_person"].label = gettext("Ja, plassen er til %(known)s") % {"known": known.name}
            sentence = gettext("Adressen tilhører %(known)s, ikke «%(name)s». Rett adressen, eller kryss av nedenfor.")
        else:
            self["is_person"].label = gettext("Ja, plassen er til den som har adressen")
            sentence = gettext("Adressen tilhører en annen enn «%(name)s». Rett adressen, eller kryss av nedenfor.")
        self.add_error("email", sentence % {"known": known.name, "name": name})

    def invited(self) -> Invited:
        """The person as the services take it."""
        return Invited(self.cleaned_data["email"], self.cleaned_data["name"])


class RowForm(ComparedForm, forms.ModelForm):
    """Fields of a row, checked against the model and passed to a service that compares and saves."""

    def __init__(self, *args: Any, instance: Any = None, **kwargs: Any) -> None:
        # A copy: the service must see what the row was before.
        super().__init__(*args, instance=copy(instance), **kwargs)
        if instance is None:
            del self.fields["version"]

    @property
    def content(self) -> list[str]:
        """The names of the row's fields."""
        return list(self._meta.fields or ())

    def values(self) -> dict[str, Any]:
        """The values of the row's fields by name."""
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}


class TermForm(RowForm):
    """An affiliation or a seat, with its term."""

    class Meta(forms.ModelForm.Meta):
        field_classes = {"from_date": forms.DateField, "to_date": forms.DateField}
        widgets = {"from_date": forms.DateInput, "to_date": forms.DateInput}
        help_texts = {"to_date": _("Siste dag. La stå tom når plassen gjelder inntil videre.")}


class AffiliationForm(TermForm):
    """A person's affiliation to an organisation."""

    submit_label = _("Lagre tilknytningen")

    class Meta(TermForm.Meta):
        model = Affiliation
        fields = ("title", "may_sign", "from_date", "to_date")
        help_texts = {
            **TermForm.Meta.help_texts,
            "may_sign": _("Har fullmakt til å binde organisasjonen, og kan signere søknader for den."),
        }


class NewAffiliationForm(PersonFields, AffiliationForm):
    """A new affiliation to an organisation."""

    submit_label = _("Legg til person")
    field_order = ("email", "name", "is_person", "title", "may_sign", "from_date", "to_date")


class SeatForm(TermForm):
    """A person's seat on a body."""

    submit_label = _("Lagre plassen")

    class Meta(TermForm.Meta):
        model = Seat
        fields = ("title", "organisation", "side", "right", "role", "deputy_for", "from_date", "to_date")
        labels = {"organisation": _("Organisasjon"), "deputy_for": _("Vara for")}
        help_texts = {
            **TermForm.Meta.help_texts,
            "deputy_for": _("La stå tom for en fast plass."),
            "side": _("Hvilken part plassen hører til. Avgjør flertall på begge sider."),
        }

    def __init__(self, *args: Any, body: Body, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = queries.organisations_for_seats(body)  # type: ignore[attr-defined]
        self.fields["organisation"].empty_label = _("Ingen")  # type: ignore[attr-defined]
        self.fields["deputy_for"].empty_label = _("Ingen")  # type: ignore[attr-defined]
        self.fields["side"].choices = [("", _("Velg")), *Side.choices]  # type: ignore[attr-defined]
        self.fields["deputy_for"].queryset = queries.permanent_seats(body, but=self.instance)  # type: ignore[attr-defined]
        self.fields["deputy_for"].label_from_instance = lambda seat: seat.user.name  # type: ignore[attr-defined]


class NewSeatForm(PersonFields, SeatForm):
    """A new seat on a body."""

    submit_label = _("Gi plass")
    field_order = ("email", "name", "is_person", *SeatForm.Meta.fields)


class FirstSeatForm(PersonFields, forms.Form):
    """The first person of a secretariat."""

    submit_label = _("Sett inn")
    title = forms.ShortTextField(label=_("Stilling"), required=False, max_length=120)


class EndForm(forms.Form):
    """The last day of an affiliation or a seat."""

    submit_label = _("Avslutt")
    last_day = forms.DateField(label=_("Siste dag"))


# --- organisations and addresses --------------------------------------------------------------------------


class OrganisationForm(RowForm):
    """The facts about an organisation that the secretariat may change."""

    submit_label = _("Lagre organisasjonen")
    orgnr = forms.ShortTextField(
        label=_("Organisasjonsnummer"),
        required=False,
        max_length=20,
        help_text=_("Ni sifre. Uten det kan organisasjonen ikke være ansvarlig søker eller få utbetalt tilskudd."),
    )

    class Meta(forms.ModelForm.Meta):
        model = Organisation
        fields: tuple[str, ...] = (
            "name",
            "parallel_name",
            "orgnr",
            "email",
            "county",
            "hospital_area",
            "sami_area",
            "membership_is_inferred",
        )
        help_texts = {"parallel_name": _("Samisk eller kvensk navn.")}

    def clean_orgnr(self) -> str | None:
        """The digits alone; None when empty, since the number is unique."""
        return "".join(self.cleaned_data["orgnr"].split()) or None


class NewOrganisationForm(OrganisationForm):
    """A new organisation in a helsefellesskap; regional authorities come with the register."""

    submit_label = _("Registrer organisasjonen")
    community = django_forms.ModelChoiceField(
        label=_("Helsefellesskap"), queryset=HealthCommunity.objects.none(), empty_label=_("Velg")
    )
    field_order = ("community", "kind")

    class Meta(OrganisationForm.Meta):
        fields = ("kind", "name", "parallel_name", "orgnr", "email", "county")

    def __init__(self, *args: Any, communities: QuerySet[HealthCommunity], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["community"].queryset = communities  # type: ignore[attr-defined]
        kinds = [choice for choice in OrganisationKind.choices if choice[0] != OrganisationKind.REGIONAL_AUTHORITY]
        self.fields["kind"].choices = [("", _("Velg")), *kinds]  # type: ignore[attr-defined]


class SuccessorField(django_forms.ModelChoiceField):
    """One of the organisations or bodies that may go on with what one that ends had; those that have ended say so."""

    def label_from_instance(self, obj: Any) -> str:
        """The name, with the last day of one that has ended or will."""
        if obj.last_day is None:
            return str(obj)
        return gettext("%(name)s (siste dag %(day)s)") % {"name": obj, "day": date_no(obj.last_day)}


def _successor_field(label: Any, empty_label: Any) -> SuccessorField:
    return SuccessorField(label=label, required=False, queryset=Organisation.objects.none(), empty_label=empty_label)


class EndOrganisationForm(forms.Form):
    """The last day of an organisation, and who goes on with what it had: one, or more when it is split."""

    submit_label = _("Avslutt organisasjonen")
    last_day = forms.DateField(
        label=_("Siste dag"), help_text=_("Fra dagen etter overtar etterfølgeren søknadene og prosjektene.")
    )
    first = _successor_field(_("Føres videre av"), _("Ingen"))
    second = _successor_field(_("Føres også videre av, når den deles"), _("Ingen flere"))
    third = _successor_field(_("Føres også videre av"), _("Ingen flere"))
    moves_people = django_forms.BooleanField(
        label=_("Flytt personene"),
        required=False,
        help_text=_("De får plass i den nye organisasjonen, uten rett til å signere. Den gir dere på nytt."),
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("first", "second", "third"):
            self.fields[name].queryset = possible_successors(organisation)  # type: ignore[attr-defined]

    def successors(self) -> list[Organisation]:
        """The chosen organisations, each once, in order."""
        chosen = (self.cleaned_data[name] for name in ("first", "second", "third"))
        return list(dict.fromkeys(organisation for organisation in chosen if organisation))


class AddressesForm(RowForm):
    """Where applications arrive: the hospital trust's post, with a copy to the municipal side (R14, R32)."""

    submit_label = _("Lagre adressene")

    class Meta(forms.ModelForm.Meta):
        model = HealthCommunity
        fields = ("post_receiver", "post_address", "copy_receiver", "copy_address")


# --- bodies ------------------------------------------------------------------------------------------------


class BodyForm(RowForm):
    """A body's name, mandate and authority, and how it decides."""

    submit_label = _("Lagre organet")

    class Meta(forms.ModelForm.Meta):
        model = Body
        fields: tuple[str, ...] = (
            "name",
            "appointed_by",
            "mandate",
            "authority",
            "decision_rule",
            "quorum_percent",
            "quorum_needs_both_sides",
            "chair_breaks_ties",
            "members_see_votes",
            "letter_approval",
        )
        labels = {
            "appointed_by": _("Oppnevnt av"),
            "letter_approval": _("Hvor mange skal til for å skrive og godkjenne et brev om vedtak?"),
            "quorum_percent": _("Vedtaksført når så mange prosent av de stemmeberettigede er til stede"),
            "quorum_needs_both_sides": _("Begge sider må være til stede"),
            "chair_breaks_ties": _("Møteleders stemme avgjør ved stemmelikhet"),
            "members_see_votes": _("Medlemmene ser hvordan hver enkelt stemte"),
        }
        help_texts = {
            "decision_rule": _("Gjelder når utlysningen ikke sier noe annet."),
            "quorum_percent": _("Er færre til stede, kan sakene bare utsettes."),
            "quorum_needs_both_sides": _("Er bare den ene siden til stede, kan sakene bare utsettes."),
            "chair_breaks_ties": _("Gjelder bare ved alminnelig flertall. Ellers faller forslaget."),
            "members_see_votes": _("Ellers ser de bare hvor mange som stemte hva."),
            "letter_approval": _(
                "Gjelder når utlysningen ikke sier noe annet, og for brev som skrives etter endringen. Den som endrer "
                "til at én er nok, må fortsatt ha en kollega til sine egne brev."
            ),
        }

    def __init__(self, *args: Any, owners: Iterable[HealthCommunity | Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        appointers = queries.possible_appointers(owners, but=self.instance)
        self.fields["appointed_by"].queryset = appointers  # type: ignore[attr-defined]
        self.fields["appointed_by"].empty_label = _("Ingen")  # type: ignore[attr-defined]
        self.fields["letter_approval"].choices = [("", USUAL_APPROVAL), *LetterApproval.choices]  # type: ignore[attr-defined]


class NewBodyForm(BodyForm):
    """A new body of a helsefellesskap or region (R26)."""

    submit_label = _("Opprett organet")
    owner = django_forms.ChoiceField(label=_("Hører til"))
    field_order = ("owner", "kind", "abbreviation")

    class Meta(BodyForm.Meta):
        fields = ("kind", "abbreviation", *BodyForm.Meta.fields)

    def __init__(self, *args: Any, owners: list[HealthCommunity | Organisation], **kwargs: Any) -> None:
        super().__init__(*args, owners=owners, **kwargs)
        self.owners = {owner.code: owner for owner in owners}
        self.fields["owner"].choices = [(code, owner.name) for code, owner in self.owners.items()]  # type: ignore[attr-defined]
        self.fields["kind"].choices = [("", _("Velg")), *BodyKind.choices]  # type: ignore[attr-defined]
        at = list(self.fields).index("decision_rule")
        about = Fieldset(_("Om organet"), *list(self.fields)[:at])
        self.helper.layout = Layout(
            Div(about, Fieldset(_("Slik avgjør organet"), *list(self.fields)[at:]), css_class="columns")
        )
        self.helper.form_class = "form form--wide"

    def chosen_owner(self) -> HealthCommunity | Organisation:
        """The chosen owner."""
        return self.owners[self.cleaned_data["owner"]]


class EndBodyForm(forms.Form):
    """The last day of a body, and which body goes on with its work."""

    submit_label = _("Avslutt organet")
    last_day = forms.DateField(label=_("Siste dag"), help_text=_("En dag som er passert."))
    successor = SuccessorField(
        label=_("Arbeidet føres videre av"), required=False, queryset=Body.objects.none(), empty_label=_("Ingen")
    )

    def __init__(self, *args: Any, body: Body, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["successor"].queryset = possible_bodies_after(body)  # type: ignore[attr-defined]


# --- filters and one's own profile ----------------------------------------------------------------------------


class SearchForm(django_forms.Form):
    """Search in a list by words."""

    q = forms.ShortTextField(label=_("Søk"), required=False, max_length=80)

    def words(self) -> list[str]:
        """The words to search for; all must match."""
        return self.cleaned_data["q"].split() if self.is_valid() else []


class OrganisationFilter(SearchForm):
    """Organisations by words and type."""

    kind = django_forms.ChoiceField(
        label=_("Type"), required=False, choices=[("", _("Alle")), *OrganisationKind.choices]
    )

    def kind_chosen(self) -> str:
        """The type, or nothing for all."""
        return str(self.cleaned_data.get("kind", "")) if self.is_valid() else ""


class LogFilter(django_forms.Form):
    """The log between two dates, of one person's acts or all."""

    actor = forms.ShortTextField(label=_("Hvem"), required=False, max_length=80)
    first_day = forms.DateField(label=_("Fra og med"), required=False)
    last_day = forms.DateField(label=_("Til og med"), required=False)


class NewAddressForm(forms.Form):
    """The e-mail address that a person is to have."""

    submit_label = _("Send lenken")
    email = forms.EmailField(
        label=_("Ny e-postadresse"),
        help_text=_("Kommer det ingen lenke, kan adressen være i bruk. Skriv da til sekretariatet."),
    )


class ConfirmForm(forms.Form):
    """A button alone."""

    submit_label = _("Bytt adresse")


class ConfirmSeatForm(forms.Form):
    """A button alone."""

    submit_label = _("Bekreft plassen")


class ProfileForm(forms.ModelForm):
    """A person's own name, telephone and language."""

    submit_label = _("Lagre profilen")
    language = django_forms.ChoiceField(label=_("Språk"), choices=settings.LANGUAGES)

    class Meta(forms.ModelForm.Meta):
        model = User
        fields = ("name", "phone", "language")
