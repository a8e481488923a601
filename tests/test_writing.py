"""Long texts: each form either saves while two persons write, or is named here with why one alone writes in it.

What one writes in a form that is sent once is kept in the browser (static/js/keeping.js), whichever form it is.
"""

import importlib
import pkgutil

import pytest
from django import forms

import applications
import evaluation
import portal
import rounds
from portal.writing import ComparedForm, SharedForm, merged
from rounds.answering.forms.rows import RowForm
from rounds.answering.forms.sections import SectionForm

pytestmark = pytest.mark.sqlite

ROOMS = (portal, rounds, applications, evaluation)
# Forms that are compared with what is stored before they are written.
COMPARED = (ComparedForm, RowForm, SectionForm)

ONCE = "it is an act that is done once; the act refuses the second"
CHAIR = "the chair alone leads the case, and the act refuses what another has ended"
OWN = "it is the person's own"
TOLD = "each sentence is a row of its own, and is refused when another was told since the page was shown"
# By module and name: why nobody else writes the same text at the same time.
ONE_WRITER = {
    "evaluation.actions.forms.AddForm": "it makes a new item",
    "evaluation.actions.forms.ProposalForm": ONCE,
    "evaluation.actions.forms.ReportForm": TOLD,
    "evaluation.actions.forms.SettleForm": TOLD,
    "evaluation.actions.forms.ToldForm": TOLD,
    "evaluation.plans.forms.NewAreaForm": "it makes a new area",
    "evaluation.plans.forms.NewMeasureForm": "it makes a new measure",
    "evaluation.plans.forms.NewsForm": TOLD,
    "evaluation.plans.forms._AreaFields": "it is drawn as one of the two below alone",
    "evaluation.plans.forms._MeasureFields": "it is drawn as one of the two below alone",
    "evaluation.comments.forms.AskForm": ONCE,
    "evaluation.comments.forms.CommentForm": TOLD,
    "evaluation.raised.forms.AnswerForm": ONCE,
    "evaluation.reporting.forms.OpenAgainForm": ONCE,
    "evaluation.raised.forms.RaiseForm": "it makes a new raised case",
    "evaluation.raised.forms.SendOnForm": ONCE,
    "applications.forms.sending.CancelForm": ONCE,
    "applications.forms.sending.CorrectionForm": ONCE,
    "applications.forms.sending.DeclineForm": ONCE,
    "applications.forms.sending.ExtensionForm": ONCE,
    "applications.forms.sending.ExtensionByCodeForm": ONCE,
    "evaluation.assessment.check_forms.AdmissionForm": ONCE,
    "evaluation.assessment.check_forms.ClosingForm": ONCE,
    "evaluation.assessment.forms.DeclarationForm": OWN,
    "evaluation.assessment.forms.QuestionForm": ONCE,
    "evaluation.assessment.forms.RecusalForm": ONCE,
    "evaluation.assessment.forms.ScoreForm": OWN,
    "evaluation.assessment.forms.TakenBackForm": ONCE,
    "evaluation.followup.forms.AcceptanceForm": ONCE,
    "evaluation.followup.forms.DeclineForm": ONCE,
    "evaluation.meetings.forms.CancelForm": ONCE,
    "evaluation.meetings.forms.HabilitetForm": ONCE,
    "evaluation.meetings.remark_forms.MemberRemarkForm": OWN,
    "evaluation.meetings.hands_forms.HandsForm": CHAIR,
    "evaluation.meetings.forms.NoteForm": CHAIR,
    "evaluation.meetings.forms.ProposalForm": CHAIR,
    "evaluation.meetings.forms.ReasonForm": CHAIR,
    "evaluation.meetings.forms.TakeOffForm": ONCE,
    "evaluation.meetings.forms.ResolutionForm": CHAIR,
    "evaluation.meetings.forms._WordingForm": "it is drawn as one of the two above alone",
    "portal.views.gallery.Everything": "nothing is stored",
}


REFUSED = "the post comes from no page, and is refused"
EMPTY = "the post is one of a page that showed nothing, and is asked about what is stored"
OTHER = "the post is one of another page than the one as it is now, and is refused"
NEW = "the row is a new one"
PICKED = "it is what the person chose, and no version"
# What pages carry hidden, beside the ``version`` of every ComparedForm: what becomes of a post that does not carry it.
HIDDEN = {
    "ContactForm BenefitForm LineForm MeasuredForm RelevanceForm RowForm SpentForm TableRowForm": {
        "key": NEW,
        "version": EMPTY,
    },
    "PaperAgreementForm SignForm": {"seen": REFUSED},
    "AdmissionForm": {"version": REFUSED},
    "ScoreForm": {"version": REFUSED, "seen": EMPTY},
    "AmountForm": {"version": "the page did not have the row, which is left alone"},
    "CommentForm NewsForm ReportForm ResolutionForm SettleForm ToldForm": {"seen": OTHER},
    "AcceptanceForm AnswerForm DeclineForm": {"award": OTHER},
    "AdoptForm ApproveForm RescheduleForm": {"shown": OTHER},
    "AdoptForm RescheduleForm": {"shown": OTHER},
    "HandsForm": {"after": OTHER},
    "HeldOnForm": {"on_day": REFUSED},
    "FirstSeatForm PersonFields": {"is_person": PICKED},
}


def every_form():
    """The form classes of the portal."""
    for room in ROOMS:
        for module in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            if "forms" in module.name or module.name.endswith(".gallery"):
                importlib.import_module(module.name)
    waiting, seen = [forms.BaseForm], set()
    while waiting:
        for kind in waiting.pop().__subclasses__():
            if kind not in seen:
                seen.add(kind)
                waiting.append(kind)
    return [kind for kind in seen if kind.__module__.split(".")[0] in {room.__name__ for room in ROOMS}]


def has_long_text(kind):
    return any(isinstance(field.widget, forms.Textarea) for field in getattr(kind, "base_fields", {}).values())


@pytest.mark.fault("C12")
def test_each_form_with_a_long_text_is_compared_before_it_is_written_or_has_one_writer():
    long = {f"{kind.__module__}.{kind.__name__}" for kind in every_form() if has_long_text(kind)}
    compared = {f"{kind.__module__}.{kind.__name__}" for kind in every_form() if issubclass(kind, COMPARED)}
    assert sorted(long - compared - ONE_WRITER.keys()) == [], "name why one alone writes in it, or make it a SharedForm"
    assert sorted(ONE_WRITER.keys() - long) == []
    assert sorted(ONE_WRITER.keys() & compared) == []
    assert sorted(kind.__name__ for kind in SharedForm.__subclasses__()) == [
        "AimForm",
        "AreaForm",
        "ChapterForm",
        "ConsiderationsForm",
        "HeadForm",
        "MeasureForm",
        "PaperForm",
        "RecommendationForm",
        "RemarksForm",
        "StatementsForm",
    ]


def hidden_in(kind):
    return {name: field for name, field in getattr(kind, "base_fields", {}).items() if field.widget.is_hidden}


@pytest.mark.fault("C12")
def test_no_post_writes_over_what_others_wrote_by_leaving_out_what_the_page_showed():
    """The check of an application compared nothing when the version was left out."""
    named = {name: fields for names, fields in HIDDEN.items() for name in names.split()}
    kinds = [kind for kind in every_form() if hidden_in(kind) and not issubclass(kind, ComparedForm)]
    assert {kind.__name__: set(hidden_in(kind)) for kind in kinds} == {
        name: set(fields) for name, fields in named.items()
    }
    for kind in kinds:
        for name, field in hidden_in(kind).items():
            assert is_refused_without(field) == (named[kind.__name__][name] == REFUSED), (kind, name)


def is_refused_without(field):
    try:
        field.clean(None)
    except forms.ValidationError:
        return True
    return False


@pytest.mark.fault("C12")
def test_a_form_that_is_compared_takes_a_post_without_versions_for_one_that_showed_nothing():
    class Register(ComparedForm):
        name = forms.CharField()

    form = Register({"name": "Ny"}, initial={"name": "Gammel"})
    assert form.is_valid()
    assert merged({"name": "Gammel"}, form.typed(by_button=True), form.base).conflicts == {"name": "Gammel"}


def test_each_page_that_changes_a_row_of_the_register_compares_it():
    """Short fields, too: an address or a right that another has just changed is not written over unseen."""
    compared = {f"{kind.__module__}.{kind.__name__}" for kind in every_form() if issubclass(kind, ComparedForm)}
    assert sorted(name for name in compared if not name.startswith("evaluation")) == [
        "portal.communities.forms.AddressesForm",
        "portal.communities.forms.AffiliationForm",
        "portal.communities.forms.BodyForm",
        "portal.communities.forms.NewAffiliationForm",
        "portal.communities.forms.NewBodyForm",
        "portal.communities.forms.NewOrganisationForm",
        "portal.communities.forms.NewSeatForm",
        "portal.communities.forms.OrganisationForm",
        "portal.communities.forms.RowForm",
        "portal.communities.forms.SeatForm",
        "portal.communities.forms.TermForm",
        "portal.writing.ComparedForm",
        "portal.writing.SharedForm",
        "rounds.forms.FrameForm",
    ]
