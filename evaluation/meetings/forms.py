"""The forms in which the secretariat, the chair and the members type."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from evaluation.assessment.habilitet import Ground
from evaluation.meetings.models import Attendance, Ballot, Case, CaseKind, CaseStatus, Resolution
from evaluation.meetings.queries.proposed import last_result, objectors, outcomes_of, voted_text
from evaluation.meetings.voting import LastBallot
from portal.clock import local_date
from portal.communities.models import Body, User
from portal.files.archive import MB
from portal.formats import date_no
from portal.forms import DateTimeField, Form, MoneyField, ShortTextField, TextField
from portal.twins import twin_lazy
from portal.writing import ComparedForm, SharedForm, Unseen
from rounds.answering.forms.files import upload_field
from rounds.models import Round


def _offer_outcomes(form: Form, case: Case) -> None:
    """Offer the outcomes of the application's round; a case without an application has neither outcome nor amount."""
    if case.application_id:
        form.fields["outcome"].choices = [("", _("Velg")), *outcomes_of(case).items()]  # type: ignore[attr-defined]
    else:
        del form.fields["outcome"], form.fields["amount"]


class ScheduleForm(Form):
    """The time and the location of a meeting."""

    submit_label = _("Lagre tid og sted")

    starts_at = DateTimeField(label=_("Tid"))
    location = ShortTextField(label=_("Sted"), max_length=160, help_text=_("Møterom, eller «Teams» med lenke."))

    def __init__(self, *args: Any, now: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now

    def clean_starts_at(self) -> Any:
        """Refuse a day that has passed; earlier the same day is taken, for a meeting that is planned as it begins."""
        starts_at = self.cleaned_data["starts_at"]
        if starts_at and local_date(starts_at) < local_date(self.now):
            raise ValidationError(_("Tiden er passert. Velg et tidspunkt fram i tid."))
        return starts_at


class RescheduleForm(ScheduleForm):
    """Another time or location; ``shown`` is the sum of those that the page showed."""

    shown = Unseen()

    def show_now(self, shown: str) -> None:
        """Carry the sum of what is there now, when the page is drawn again and has told of it."""
        posted: Any = self.data
        self.data = posted.copy()
        self.data["shown"] = shown  # type: ignore[index]


class MeetingForm(ScheduleForm):
    """A new meeting of one of the bodies that the secretariat serves."""

    submit_label = _("Opprett møtet")

    body = forms.ModelChoiceField(label=_("Utvalg"), queryset=Body.objects.none(), empty_label=_("Velg utvalg"))
    field_order = ["body", "starts_at", "location"]

    def __init__(self, *args: Any, bodies: QuerySet[Body], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].queryset = bodies  # type: ignore[attr-defined]


class HeldOnForm(Form):
    """That the meeting is held on this day, and not on the one it was planned for."""

    on_day = forms.DateField(widget=forms.HiddenInput)


class CaseForm(Form):
    """A single case, which is not from a priority list."""

    submit_label = _("Sett opp saken")

    kind = forms.ChoiceField(label=_("Type sak"), choices=CaseKind.choices, widget=forms.RadioSelect)
    title = ShortTextField(label=_("Tittel"), max_length=200)
    requested_by = ShortTextField(
        label=_("Hvem har bedt om saken?"),
        max_length=160,
        required=False,
        help_text=_("For eksempel «SSU, sak 23/24» eller «Meldt av et medlem»."),
    )
    about_round = forms.ModelChoiceField(
        label=_("Gjelder saken hvordan en søknadsrunde skal være?"),
        queryset=Round.objects.none(),
        required=False,
        empty_label=_("Nei"),
        help_text=_("Da får saksframlegget overskriftene og utkastet til vedtak fra runden."),
    )

    def __init__(self, *args: Any, rounds: QuerySet[Round] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if rounds is None:
            del self.fields["about_round"]
        else:
            self.fields["about_round"].queryset = rounds  # type: ignore[attr-defined]


class PaperForm(SharedForm):
    """The case paper under its headings (R128)."""

    submit_label = _("Lagre saksframlegget")

    title = ShortTextField(label=_("Tittel"), max_length=200)
    requested_by = ShortTextField(label=_("Hvem har bedt om saken?"), max_length=160, required=False)
    background = TextField(label=_("Bakgrunn"), required=False, rows=4)
    facts = TextField(label=_("Fakta"), required=False, rows=6)
    guidelines = TextField(
        label=_("Forslag til retningslinjer"),
        required=False,
        rows=8,
        help_text=_(
            "Bare når saken har et slikt forslag. Hver del får en overskrift på egen linje: «## Kriterier». "
            "Punkter skrives «- …» eller «1. …» etter en tom linje."
        ),
    )
    considerations = TextField(label=_("Vurderinger"), required=False, rows=8)
    proposal = TextField(
        label=_("Forslag til vedtak"),
        required=False,
        rows=6,
        help_text=_("Ett punkt på hver linje: «1. …», underpunkter «a) …»."),
    )

    def __init__(self, *args: Any, without: Collection[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in without:
            # ``initial`` has none either: the version of a short text tells whether one has guessed it.
            del self.fields[name]


class AttachmentForm(Form):
    """One more file attached to a case."""

    submit_label = _("Legg ved filen")

    title = ShortTextField(
        label=_("Tittel"), max_length=160, required=False, help_text=_("Står feltet tomt, bruker vi filens navn.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"] = upload_field(gettext("Fil"), settings.UPLOAD_MAX_BYTES // MB)


class MoveForm(Form):
    """Another position on the agenda."""

    to = forms.IntegerField(label=_("Flytt til plass"), min_value=1)


class PickCaseForm(Form):
    """One case of a meeting."""

    case = forms.ModelChoiceField(label=_("Sak"), queryset=Case.objects.none())

    def __init__(self, *args: Any, cases: QuerySet[Case], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["case"].queryset = cases  # type: ignore[attr-defined]


class ProposalForm(Form):
    """A proposal put to the vote; for an application also what it means."""

    submit_label = _("Åpne voteringen")

    proposal = TextField(label=_("Forslag til vedtak"), rows=6)
    outcome = forms.ChoiceField(label=twin_lazy("Utfall for søknaden"))
    amount = MoneyField(
        label=_("Beløp"),
        required=False,
        help_text=_("Hele eller deler av det det søkes om. La feltet stå tomt når utfallet ikke gir penger."),
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_outcomes(self, case)


def _reason_of(form: Form, case: Case) -> None:
    """Without an application there is no letter that needs the reason, and no help text about it."""
    form.fields["reason"].required = bool(case.application_id)
    if not case.application_id:
        form.fields["reason"].help_text = ""


def ask_frame_again(form: Form, over: int) -> None:
    """On a page that is shown again: ask why the frame is passed only when what was typed passes it (``over``, kr)."""
    if not over:
        form.fields.pop("over_frame_reason", None)


def _ask_who_withdrew(form: Form, latest: Ballot | None) -> None:
    """Ask it after a ballot in which somebody objected: among those who did, when the body keeps their names."""
    if last_result(latest) is not LastBallot.OBJECTED or not (latest and latest.is_consensus):
        del form.fields["withdrawn_by"]
    elif names := objectors(latest):
        asked = form.fields["withdrawn_by"]
        form.fields["withdrawn_by"] = forms.MultipleChoiceField(
            label=asked.label,
            help_text=asked.help_text,
            choices=[(name, name) for name in names],
            widget=forms.CheckboxSelectMultiple,
        )


class _WordingForm(Form):
    """What a resolution says: its words, the outcome and amount, and the reasons for them."""

    text = TextField(label=_("Vedtak"), rows=6, help_text=_("Slik det skal stå i protokollen, ord for ord."))
    outcome = forms.ChoiceField(label=twin_lazy("Utfall for søknaden"))
    amount = MoneyField(label=_("Beløp"), required=False)
    reason = TextField(label=_("Begrunnelse"), required=False, rows=4, help_text=_("Blir med i brevet til søkerne."))
    difference = TextField(
        label=twin_lazy("Hva skiller søknaden fra den med like mange poeng og motsatt utfall?"),
        required=False,
        rows=3,
        help_text=_("Bare når den ene får tilskudd og den andre avslag. Svaret blir med i brevet til søkerne."),
    )
    conditions = TextField(
        label=_("Vilkår"), required=False, rows=3, help_text=_("Ett på hver linje, når utfallet gir penger.")
    )
    over_frame_reason = TextField(
        label=_("Hvorfor går utvalget over rammen?"),
        required=False,
        rows=2,
        help_text=_("Bare når vedtaket gir mer enn det som er igjen. Det kommer i protokollen."),
    )


class ResolutionForm(_WordingForm):
    """The wording of a resolution, its reason, and what somebody wants entered in the minutes."""

    submit_label = _("Registrer vedtaket")

    statements = TextField(label=_("Protokolltilførsel"), required=False, rows=3)
    withdrawn_by = ShortTextField(
        label=_("Hvem har trukket innvendingen?"), max_length=300, help_text=_("Navnet kommer i protokollen.")
    )
    # The last ballot when the page was opened: the form is refused when another one has been held since.
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        case: Case,
        latest: Ballot | None,
        asks_frame: bool,
        asks_difference: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if not asks_difference:
            del self.fields["difference"]
        self.latest_id = latest.pk if latest else None
        self.initial["seen"] = self.latest_id
        _reason_of(self, case)
        if not case.application_id or (latest and latest.amount is None):
            del self.fields["conditions"]
        if not asks_frame:
            del self.fields["over_frame_reason"]
        if latest:
            # What was voted on is adopted as it is; another text, outcome or amount is voted on again.
            del self.fields["text"], self.fields["outcome"], self.fields["amount"]
        else:
            _offer_outcomes(self, case)
        _ask_who_withdrew(self, latest)

    def clean_withdrawn_by(self) -> list[str]:
        """The names, whether they were chosen or written."""
        names = self.cleaned_data["withdrawn_by"]
        return [names.strip()] if isinstance(names, str) else names

    def clean(self) -> dict[str, Any]:
        """Refuse a page that was opened before the last ballot."""
        data = super().clean() or self.cleaned_data
        if data.pop("seen", None) != self.latest_id:
            raise ValidationError(
                _("Det er holdt en ny votering etter at du åpnet siden. Gå tilbake til møtet og se resultatet.")
            )
        return data


class CorrectionForm(ComparedForm, _WordingForm):
    """What a resolution should have said, and what was wrong."""

    submit_label = _("Rett vedtaket")

    content = ["text", "outcome", "amount", "reason", "difference", "conditions", "over_frame_reason"]

    why = ShortTextField(
        label=_("Hva var feil?"),
        max_length=300,
        help_text=_("Det gamle blir stående i protokollen og i loggen, med dette og navnet ditt."),
    )

    def __init__(
        self,
        *args: Any,
        case: Case,
        resolution: Resolution,
        asks_frame: bool,
        asks_difference: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if not asks_difference:
            del self.fields["difference"]
        elif resolution.difference is None:
            self.fields["difference"].help_text = _(
                "Er det svart på dette før, står svaret sist i begrunnelsen. Skal det endres, så flytt det hit."
            )
        _reason_of(self, case)
        if not case.application_id or (resolution.ballot_id and resolution.amount is None):
            del self.fields["conditions"]
        if not asks_frame:
            del self.fields["over_frame_reason"]
        if voted_text(resolution):
            del self.fields["text"]
        if resolution.ballot_id or case.status != CaseStatus.DECIDED:
            del self.fields["outcome"], self.fields["amount"]
        else:
            _offer_outcomes(self, case)


class NoteForm(Form):
    """How a discussion or information case ended."""

    submit_label = _("Avslutt saken")

    text = TextField(label=_("Oppsummering til protokollen"), rows=4)
    statements = TextField(label=_("Protokolltilførsel"), required=False, rows=3)


class ReasonForm(Form):
    """Why a case is postponed."""

    submit_label = _("Utsett")

    reason = TextField(label=_("Begrunnelse"), rows=3)


class SecretaryForm(Form):
    """Who is secretary of the meeting."""

    submit_label = _("Lagre")

    person = forms.ModelChoiceField(
        label=_("Hvem er sekretær i møtet?"),
        queryset=User.objects.none(),
        empty_label=_("Velg person"),
        help_text=_("Navnet kommer i protokollen."),
    )

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["person"]
        field.queryset = people


class TakeOffForm(Form):
    """Why a case is taken off the agenda."""

    submit_label = _("Ta av sakslisten")

    reason = TextField(
        label=_("Hvorfor?"), rows=3, max_length=1000, help_text=_("Begrunnelsen kommer i loggen, med navnet ditt.")
    )


class CancelForm(Form):
    """Why a meeting is cancelled."""

    submit_label = _("Avlys møtet")

    reason = TextField(
        label=_("Hvorfor?"),
        rows=3,
        max_length=1000,
        help_text=_("Begrunnelsen kommer i e-posten til dem som er kalt inn, på sakslisten og i loggen."),
    )


class ReopenForm(Form):
    """Why a case is opened again."""

    submit_label = _("Åpne saken igjen")

    why = ShortTextField(
        label=_("Hvorfor åpnes saken igjen?"),
        max_length=300,
        help_text=_("Det som var bestemt, og dette, blir stående i protokollen og i loggen."),
    )


class ReopenMeetingForm(Form):
    """Why a meeting that was closed by mistake is opened again."""

    submit_label = _("Åpne møtet igjen")

    why = ShortTextField(
        label=_("Hvorfor åpnes møtet igjen?"),
        max_length=300,
        help_text=_("Det kommer i protokollen, i loggen og i e-posten til utvalget, med navnet ditt."),
    )
    is_today = forms.BooleanField(label="", required=False)

    def __init__(self, *args: Any, today: date | None, **options: Any) -> None:
        """``today`` when the meeting was closed on another day: then the form asks whether it goes on today."""
        super().__init__(*args, **options)
        if today is None:
            del self.fields["is_today"]
        else:
            self.fields["is_today"].label = _("Møtet går videre i dag, %(today)s.") % {"today": date_no(today)}


class HabilitetForm(Form):
    """Somebody may be inhabil in the case."""

    submit_label = _("Meld fra")

    attendance = forms.ModelChoiceField(
        label=_("Hvem gjelder det?"), queryset=Attendance.objects.none(), empty_label=_("Velg person")
    )
    ground = forms.ChoiceField(label=_("Type tilknytning"), choices=Ground.choices, widget=forms.RadioSelect)
    explanation = TextField(label=_("Forklaring"), rows=3)

    def __init__(self, *args: Any, lines: QuerySet[Attendance], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["attendance"]
        field.queryset = lines
        field.label_from_instance = lambda line: str(line.seat.user)


class _YesNoField(forms.TypedChoiceField):
    """A choice between «yes» and «no» that is stored as true and false."""

    def prepare_value(self, value: Any) -> Any:
        """The choice of a stored value."""
        return {True: "yes", False: "no"}.get(value, value)


class HabilitetDecisionForm(ComparedForm, Form):
    """What the body decided, and why. Several lead a meeting, and each may have the page open."""

    submit_label = _("Registrer avgjørelsen")
    content = ["is_recused", "reason"]

    is_recused = _YesNoField(
        label=_("Hva avgjorde utvalget?"),
        choices=[("yes", _("Inhabil – deltar ikke i saken")), ("no", _("Habil – deltar i saken"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    reason = TextField(label=_("Begrunnelse"), rows=3)


class StatementsForm(SharedForm):
    """The protokolltilførsel, entered after the resolution."""

    submit_label = _("Lagre")

    statements = TextField(label=_("Protokolltilførsel"), required=False, rows=4)


class RemarksForm(SharedForm):
    """Remarks that are added to the minutes."""

    submit_label = _("Lagre merknadene")
    is_quiet = True

    remarks = TextField(
        label=_("Merknader"),
        required=False,
        rows=5,
        help_text=_("For eksempel godkjenning av innkalling, eventuelt og neste møte."),
    )
