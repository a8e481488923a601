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
from portal.writing import ComparedForm, SharedForm
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
    "evaluation.meetings.forms.HabilitetForm": ONCE,
    "evaluation.meetings.forms.NoteForm": CHAIR,
    "evaluation.meetings.forms.ProposalForm": CHAIR,
    "evaluation.meetings.forms.ReasonForm": CHAIR,
    "evaluation.meetings.forms.TakeOffForm": ONCE,
    "evaluation.meetings.forms.ResolutionForm": CHAIR,
    "evaluation.meetings.forms._WordingForm": "it is drawn as one of the two above alone",
    "portal.views.gallery.Everything": "nothing is stored",
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
        "ConsiderationsForm",
        "HeadForm",
        "MeasureForm",
        "PaperForm",
        "RecommendationForm",
        "RemarksForm",
        "StatementsForm",
    ]


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
