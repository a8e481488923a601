"""Forms for signing, saying no, asking for a correction and giving a later deadline."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from portal.forms import DateField, DateTimeField, Form, ShortTextField, TextField
from rounds.definition import RoundDefinition

# The digest of a text.
SEEN_MOST = 64


class SignForm(Form):
    """The signatory's title; and where an agreement is attached, its date: else it is made by the signature itself.

    ``seen`` is the SHA-256 of the text that was shown.
    """

    seen = forms.CharField(widget=forms.HiddenInput, max_length=SEEN_MOST)
    title = ShortTextField(label=_("Stillingen din"), max_length=120)
    agreement_date = DateField(
        label=_("Dato for signert avtale"),
        help_text=_("Datoen som står i avtalen dere har lagt ved, eller datoen i dag."),
    )

    def __init__(self, *args: Any, partner_name: str, asks_date: bool, **kwargs: Any) -> None:
        self.submit_label = _("Signer for %(name)s") % {"name": partner_name}
        super().__init__(*args, **kwargs)
        if not asks_date:
            del self.fields["agreement_date"]


class PaperAgreementForm(Form):
    """A signed agreement on paper: the file, who signed it for the partner, and its date."""

    submit_label = _("Lagre den signerte avtalen")
    seen = forms.CharField(widget=forms.HiddenInput, max_length=SEEN_MOST)
    document = forms.FileField(label=_("Signert avtale (PDF)"))
    name = ShortTextField(label=_("Navn på den som har signert"), max_length=120)
    title = ShortTextField(label=_("Stillingen til den som har signert"), max_length=120)
    agreement_date = DateField(label=_("Dato for signert avtale"), help_text=_("Datoen som står i avtalen."))


class DeclineForm(Form):
    """Why a partner does not sign."""

    submit_label = _("Si nei til å signere")
    reason = TextField(
        label=_("Hvorfor vil dere ikke signere?"),
        help_text=_("Alle partnerne får se begrunnelsen. Skriv gjerne hva som må endres."),
        rows=5,
        max_length=2000,
    )


class CancelForm(Form):
    """Why a round is cancelled."""

    submit_label = _("Trekk utlysningen")
    reason = TextField(
        label=_("Hvorfor trekkes utlysningen?"),
        help_text=_("Alle kan lese begrunnelsen på siden om utlysningen, og søkerne får den på e-post."),
        rows=5,
        max_length=2000,
    )


class CorrectionForm(Form):
    """The mangelbrev: which sections, what, and by when."""

    submit_label = _("Send til søkerne")
    sections = forms.MultipleChoiceField(label=_("Hva skal åpnes for retting?"), widget=forms.CheckboxSelectMultiple)
    reason = TextField(
        label=_("Hva må rettes?"),
        help_text=_("Søkerne får teksten på e-post. Skriv konkret hva som mangler, og hvorfor."),
        rows=6,
        max_length=5000,
    )
    due_at = DateTimeField(label=_("Frist"))

    def __init__(self, *args: Any, spec: RoundDefinition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["sections"]
        choices.choices = [(section.code, section.title) for section in spec.sections]


class ExtensionForm(Form):
    """A later deadline for one application."""

    submit_label = _("Gi utsatt frist")
    until = DateTimeField(label=_("Ny frist"))
    reason = TextField(
        label=_("Begrunnelse"), help_text=_("Søkerne får begrunnelsen på e-post."), rows=4, max_length=2000
    )


class ExtensionByCodeForm(ExtensionForm):
    """A later deadline for a draft, which the secretariat cannot read: the applicants give its code."""

    code = ShortTextField(
        label=_("Søknadens kode"),
        max_length=8,
        help_text=_("Åtte tegn. Den som skriver søknaden, finner koden under tittelen, etter «Søknadskode»."),
    )
    field_order = ("code", "until", "reason")

    def __init__(self, *args: Any, draft_with: Callable[[str], Application | None], **kwargs: Any) -> None:
        self.draft_with = draft_with
        super().__init__(*args, **kwargs)

    def clean_code(self) -> Application:
        """The draft of that code, if it will be sent to the person's secretariat."""
        draft = self.draft_with(self.cleaned_data["code"].strip().upper())
        if draft is None:
            raise forms.ValidationError(_("Vi finner ingen usendt søknad til dere med denne koden."))
        return draft
