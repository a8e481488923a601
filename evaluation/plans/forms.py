"""The room's forms: the text of a plan, its adoption, and what is told of a measure."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from evaluation.actions.forms import ToldForm
from evaluation.actions.models import OwnerKind
from evaluation.actions.queries.owners import Owners
from evaluation.meetings.models import Resolution
from evaluation.plans.models import Measure, MeasureState, Plan
from evaluation.plans.services.plan_text import texts_of
from portal.forms import DateField, Form, NumberField, ShortTextField, TextField
from portal.writing import SharedForm, Unseen

TITLE_MOST, TEXT_MOST, MEASURE_MOST, SENTENCE_MOST = 200, 20_000, 2_000, 600
# So many choices of one kind are folded.
LONG_GROUP = 12
ROLES = ("Felles", "kommunene", "samhandlingssjefene", "utvalgsrepresentantene")


class ResolutionField(forms.ModelChoiceField):
    """A resolution, named by its case and meeting."""

    def label_from_instance(self, resolution: Any) -> str:
        """«SSU sak 4/27: Handlingsplan 2027»."""
        case = resolution.case
        words = {"body": case.body.abbreviation or case.body.name, "case": case.reference, "title": case.title}
        return gettext("%(body)s, sak %(case)s: %(title)s") % words


class NewPlanForm(Form):
    """What a plan begins with."""

    submit_label = _("Lag planen")

    title = ShortTextField(label=_("Tittel"), max_length=TITLE_MOST)
    first_day = DateField(label=_("Gjelder fra"))
    last_day = DateField(label=_("Gjelder til"))
    like = forms.ModelChoiceField(
        queryset=Plan.objects.none(),
        label=_("Begynn med teksten fra"),
        help_text=_("Tiltak som er ferdige eller har falt bort, blir ikke med."),
        empty_label=_("En tom plan"),
        required=False,
    )
    declaration = ResolutionField(
        queryset=Resolution.objects.none(),
        label=_("Partnerskapserklæringen planen følger opp"),
        empty_label=_("Ingen er vedtatt her"),
        required=False,
    )

    def __init__(self, *args: Any, plans: QuerySet[Plan], declarations: QuerySet[Resolution], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["like"].queryset = plans  # type: ignore[attr-defined]
        self.fields["like"].label_from_instance = lambda plan: plan.title  # type: ignore[attr-defined]
        self.fields["declaration"].queryset = declarations  # type: ignore[attr-defined]


# --- the text of a plan -----------------------------------------------------------------------------------


class HeadForm(SharedForm):
    """The title, the period and the texts around the areas."""

    title = ShortTextField(label=_("Tittel"), max_length=TITLE_MOST)
    first_day = DateField(label=_("Gjelder fra"))
    last_day = DateField(label=_("Gjelder til"))
    vision = TextField(label=_("Visjon"), rows=2, max_length=TEXT_MOST, required=False)
    introduction = TextField(label=_("Innledning"), rows=10, max_length=TEXT_MOST, required=False)
    about_areas = TextField(label=_("Om innsatsområdene"), rows=5, max_length=TEXT_MOST, required=False)
    ahead = TextField(label=_("Veien videre"), rows=6, max_length=TEXT_MOST, required=False)


class _AreaFields(Form):
    title = ShortTextField(label=_("Innsatsområde"), max_length=TITLE_MOST)
    meaning = TextField(
        label=_("Dette betyr"),
        help_text=_("Begynn en linje med «- » for et punkt i en liste. Sett ** rundt det som skal stå med fet skrift."),
        rows=12,
        max_length=TEXT_MOST,
        required=False,
    )


class AreaForm(_AreaFields, SharedForm):
    """An area that is written on."""


class NewAreaForm(_AreaFields):
    """A new area."""

    submit_label = _("Legg til innsatsområdet")


class _AimFields(Form):
    title = ShortTextField(label=_("Hva vil vi?"), max_length=TITLE_MOST)


class AimForm(_AimFields, SharedForm):
    """An aim that is written on."""


class NewAimForm(_AimFields):
    """A new aim."""

    submit_label = _("Legg til målet")


class _MeasureFields(Form):
    letter = ShortTextField(
        label=_("Bokstav"),
        help_text=_("Slik planen kaller tiltaket. Rekkefølgen bestemmer du på siden for hele planen."),
        max_length=3,
        required=False,
    )
    text = TextField(label=_("Hvordan få det til?"), rows=3, max_length=MEASURE_MOST)
    responsible = ShortTextField(
        label=_("Ansvarlig, slik planen skriver det"),
        help_text=_("For eksempel «SEKR, UNN, kommunene». La feltet stå tomt for å skrive navnene på dem du velger."),
        max_length=200,
        required=False,
    )
    year = NumberField(label=_("År"), min_value=2000, max_value=2100, required=False)
    owners = forms.MultipleChoiceField(
        label=_("De som melder om tiltaket"),
        help_text=_("Lederen av et organ, og alle i en organisasjon, kan melde hvor langt tiltaket er kommet."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, owners: Owners, kept: Measure | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owners"].choices = owner_choices(owners, kept)  # type: ignore[attr-defined]
        # Everybody of a helsefellesskap is a long list; the few whom a measure has are seen in it.
        self.fields["owners"].folds_from = LONG_GROUP  # type: ignore[attr-defined]


class MeasureForm(_MeasureFields, SharedForm):
    """A measure that is written on."""


class NewMeasureForm(_MeasureFields):
    """A new measure."""

    submit_label = _("Legg til tiltaket")


def owner_choices(owners: Owners, kept: Measure | None) -> list[Any]:
    """All who can have the responsibility, in groups, and those who have it already."""
    choices = [choice for choice in owners.choices if choice[0] not in {"", OwnerKind.ROLE}]
    codes = [f"{OwnerKind.ROLE}:{role}" for role in ROLES]
    shown = {code for _group, inner in choices if isinstance(inner, list) for code, _label in inner}
    shown |= {OwnerKind.SECRETARIAT.value}
    for code in texts_of(kept)["owners"] if kept else ():
        if code not in shown and code not in codes:
            codes.append(code)
    return [*choices, (_("Andre"), [(code, code.partition(":")[2]) for code in codes])]


class AdoptForm(Form):
    """By which resolution the text was adopted; ``shown`` is the digest of the text that the page showed."""

    submit_label = _("Legg fram som vedtatt plan")

    resolution = ResolutionField(
        queryset=Resolution.objects.none(),
        label=_("Vedtaket"),
        help_text=_(
            "Fra en godkjent protokoll. Vedtaket står på den offentlige siden og i PDF-en. "
            "Legger dere fram en annen tekst etter samme vedtak, står det at sekretariatet har rettet den."
        ),
        empty_label=_("Velg vedtaket"),
    )
    shown = Unseen()

    def __init__(self, *args: Any, resolutions: QuerySet[Resolution], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["resolution"].queryset = resolutions  # type: ignore[attr-defined]


# --- what is told -----------------------------------------------------------------------------------------


class NewsForm(ToldForm):
    """How far a measure has come."""

    submit_label = _("Meld fra")

    state = forms.ChoiceField(label=_("Status"), choices=MeasureState, widget=forms.RadioSelect)
    sentence = TextField(
        label=_("Hvor langt er tiltaket kommet?"),
        help_text=_("Én eller to setninger. De står på planens offentlige side, så skriv ingen navn på personer."),
        rows=3,
        max_length=SENTENCE_MOST,
    )

    field_order = ("state", "sentence", "seen")
