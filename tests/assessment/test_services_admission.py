"""The completeness check, and giving applications to assessors."""

from dataclasses import replace
from datetime import timedelta

import pytest

from applications import submissions
from applications.models import Application
from applications.services.status import TransitionError
from applications.services.submitting import submit
from evaluation.assessment import checklist
from evaluation.assessment.models import Admission, Assessment, Assignment
from evaluation.assessment.queries import detail
from evaluation.assessment.services import admission, assessing, assigning, declaring
from portal.clock import local_date
from portal.mail.models import Message
from tests import factories
from tests.applications import world as applications_world
from tests.assessment import world
from tests.habilitet import decide_about
from tests.harness import worlds

pytestmark = pytest.mark.django_db
NOTHING = {"items": [], "gates": {}}


@worlds.world
def new(house, northern, at):
    """An application that has just come."""
    return world.sent(house, northern, at, status="submitted")


# --- outcome ----------------------------------------------------------------------------------------


def test_admitted_with_its_checklist(new, secretary, at):
    answers = {"items": [{"code": "complete", "label": "Alt", "answer": True}], "gates": {}}
    admitted = admission.admit(new, checklist=answers, by=secretary, at=at)
    new.refresh_from_db()
    assert (new.status, admitted.admitted, admitted.submission.version) == ("admitted", True, 1)
    assert Admission.objects.get().checklist == answers


@pytest.mark.parametrize(("reason", "is_taken"), [("", False), (" ", False), ("Portalen var nede.", True)])
def test_unmet_check_needs_a_reason(new, secretary, at, reason, is_taken):
    item = {"code": "in-time", "label": "I tide", "answer": False, "reason": reason}
    answers = {"items": [item], "gates": {}}
    if is_taken:
        assert admission.admit(new, checklist=answers, by=secretary, at=at).unmet == [item]
        return
    with pytest.raises(admission.UnmetError, match="«I tide»") as error:
        admission.admit(new, checklist=answers, by=secretary, at=at)
    assert error.value.codes == ("in-time",)


def test_not_admitted_needs_a_reason(new, secretary, at):
    with pytest.raises(admission.AdmissionError):
        admission.refuse(new, checklist=NOTHING, reason=" ", by=secretary, at=at)
    admission.refuse(new, checklist=NOTHING, reason="Ikke felles søknad.", by=secretary, at=at)
    new.refresh_from_db()
    assert (new.status, new.admissions.get().reason) == ("not_admitted", "Ikke felles søknad.")


def test_second_check_is_a_named_error(new, secretary, at):
    stale = Application.objects.get(pk=new.pk)
    admission.admit(new, checklist=NOTHING, by=secretary, at=at)
    with pytest.raises(TransitionError):
        admission.refuse(stale, checklist=NOTHING, reason="For sent.", by=secretary, at=at)
    assert Admission.objects.get().admitted


@pytest.mark.requirement("R43")
@pytest.mark.parametrize(
    ("met", "is_admitted"),
    [
        ([], False),
        (["operation"], True),
        (["development"], True),
        (["implementation"], True),
        (["operation", "development", "implementation"], True),
    ],
)
def test_initiative_is_admitted_when_it_meets_one_criterion_of_three(house, at, met, is_admitted):
    home = factories.innlandet()
    of_round = applications_world.real_round("innlandet-2024")
    new = world.sent(house, of_round, at, status="submitted", community=home)
    checked = {"items": [], "gates": {"one-of-three": met}}
    if is_admitted:
        assert admission.admit(new, checklist=checked, by=house.secretary, at=at).admitted
        return
    with pytest.raises(admission.GateNotMetError, match="ingen av de tre kriteriene"):
        admission.admit(new, checklist=checked, by=house.secretary, at=at)
    new.refresh_from_db()
    assert new.status == "submitted"


@pytest.mark.requirement("R13", "R49")
def test_innlandet_is_judged_in_words(house, at):
    home = factories.innlandet()
    of_round = applications_world.real_round("innlandet-2024")
    turn = world.turn(of_round, community=home)
    new = world.sent(house, of_round, at, community=home)
    assert ([item.code for item in turn.judged], turn.measures) == (
        ["future-needs", "todays-challenges", "own-resources"],
        (),
    )
    done = world.deliver(new, turn, house.assessor, at, by=house.secretary)
    assert (done.total, new.results.get().total, new.results.get().delivered) == (None, None, 1)
    world.assign(new, turn, house.chair, house.secretary, at)
    draft = assessing.begin(new, turn, by=house.chair, at=at)
    with pytest.raises(assessing.UnfinishedError):
        assessing.deliver(draft, turn, {}, comment="", by=house.chair, at=at)


# --- checklist --------------------------------------------------------------------------------------


def items(application, at, **more):
    submission = detail.newest(application)
    closes_at = more.pop("closes_at", at + timedelta(days=1))
    spec = application.round.spec
    stage = spec.stage(more.pop("stage", spec.stages[0].code))
    listed = checklist.items(spec, stage, submission.snapshot, submitted_at=at, closes_at=closes_at, **more)
    return {item.code: item.answer for item in listed}


def test_whole_application_answers_what_the_data_can_answer(house, northern):
    at = applications_world.open_moment(northern)
    whole = applications_world.whole(house, northern)
    submit(whole, by=house.applicant, at=at)
    assert items(whole, at) == {
        "in-time": True,
        "complete": True,
        "signed": True,
        "municipality": True,
        "hospital_trust": True,
        "amount": True,
        "check-joint": None,
        "check-budget": None,
        "check-plan": None,
        "check-relevance": None,
    }


@pytest.mark.requirement("R46")
def test_preconditions_of_an_initiative_are_checked_by_the_secretariat(house, at):
    """Purpose, strategic plan and agreement: the data cannot answer for them, and a no needs a reason."""
    home = factories.innlandet()
    new = world.sent(
        house, applications_world.real_round("innlandet-2024"), at, status="submitted", community=home, amount=450_000
    )
    by_code = items(new, at)
    asked = {code: by_code[code] for code in ("supports-purpose", "strategic-plan", "agreement", "documentation")}
    assert asked == dict.fromkeys(asked)
    unmet = {"code": "agreement", "label": "Understøtter Samarbeidsavtalen", "answer": False, "reason": ""}
    checked = {"items": [unmet], "gates": {"one-of-three": ["operation"]}}
    with pytest.raises(admission.UnmetError, match="«Understøtter Samarbeidsavtalen»"):
        admission.admit(new, checklist=checked, by=house.secretary, at=at)


def test_what_the_data_lack_is_answered_no(house, northern, at):
    bare = world.sent(house, northern, at, amount=None)
    bare.partners.all().delete()
    world.freeze(bare, at)
    by_code = items(bare, at, closes_at=at, problems=["Prosjektplanen mangler."])
    assert {code for code, answer in by_code.items() if answer is False} == {
        "in-time",
        "complete",
        "municipality",
        "hospital_trust",
        "amount",
    }


def test_gate_shows_what_the_applicants_claim(house, at):
    home = factories.innlandet()
    of_round = applications_world.real_round("innlandet-2024")
    new = world.sent(house, of_round, at, community=home)
    applications_world.set_answer(new, "criteria-met", {"values": ["operation"], "other": ""}, at=at)
    (gate,) = checklist.gates(of_round.spec, of_round.spec.stages[0], world.freeze(new, at).snapshot)
    assert ([code for code, _title in gate.options], gate.claimed, gate.at_least) == (
        ["operation", "development", "implementation"],
        ("operation",),
        1,
    )


# --- assigning --------------------------------------------------------------------------------------


def test_assessor_gets_one_mail(application, local, assessor, secretary, at):
    due = local_date(at) + timedelta(days=10)
    assigning.assign(application, local, assessor, due_date=due, by=secretary, at=at)
    mail = Message.objects.get()
    assert (mail.recipient, mail.title) == (assessor.email, "Du har fått en søknad å vurdere")
    assert "Hvor er samhandlingsrommet?" in mail.body_text
    assert f"{due:%d.%m.%Y}" in mail.body_text


def test_second_assignment_is_a_named_error(application, local, assessor, secretary, at):
    world.assign(application, local, assessor, secretary, at)
    with pytest.raises(assigning.AlreadyAssignedError):
        world.assign(application, local, assessor, secretary, at)
    assert Assignment.objects.count() == 1


def test_inhabil_person_is_not_assigned(application, local, assessor, secretary, at):
    decide_about(application, assessor, is_recused=True, ground="party", reason="Part.", by=secretary, at=at)
    with pytest.raises(assigning.AssigningError, match="inhabil"):
        world.assign(application, local, assessor, secretary, at)


@pytest.mark.fault("A1")
def test_a1_who_waits_for_a_decision_is_not_assigned_nor_told_of_it(application, local, assessor, secretary, at):
    declaring.declare(application, has_tie=True, ground="party", explanation="Søsken.", by=assessor, at=at)
    with pytest.raises(assigning.AssigningError, match="Det er ikke avgjort om Arne Assessor er inhabil"):
        world.assign(application, local, assessor, secretary, at)
    assert not Message.objects.filter(recipient=assessor.email).exists()


def test_past_date_and_unchecked_application_are_refused(new, application, local, assessor, secretary, at):
    with pytest.raises(assigning.AssigningError, match="passert"):
        world.assign(application, local, assessor, secretary, at, days=-1)
    with pytest.raises(assigning.AssigningError, match="til vurdering nå"):
        world.assign(new, local, assessor, secretary, at)


def test_unassigning_takes_the_draft_but_not_what_is_delivered(application, local, house, secretary, at):
    world.assign(application, local, house.assessor, secretary, at)
    assessing.begin(application, local, by=house.assessor, at=at)
    assigning.unassign(application.assignments.get(), by=secretary, at=at)
    assert (Assignment.objects.count(), Assessment.objects.count()) == (0, 0)
    world.deliver(application, local, house.chair, at, 2, by=secretary)
    with pytest.raises(assigning.DeliveredError):
        assigning.unassign(application.assignments.get(), by=secretary, at=at)


def test_even_distribution_passes_over_ties_and_tells_each_once(house, northern, local, secretary, at):
    for _number in range(4):
        world.sent(house, northern, at)
    first = Application.objects.order_by("pk").first()
    decide_about(first, house.chair, is_recused=True, ground="party", reason="Part.", by=secretary, at=at)
    people = [house.assessor, house.chair, house.user_member, house.recused_member]
    given = assigning.assign_evenly(
        local, people, each=2, due_date=local_date(at) + timedelta(days=9), by=secretary, at=at
    )
    # The recused member signs for the lead of every application; the chair is inhabil in the first.
    assert {str(person): count for person, count in given.items()} == {
        "Arne Assessor": 3,
        "Kari Chair": 3,
        "Ulla Usermember": 2,
    }
    assert not Assignment.objects.filter(application=first, assessor=house.chair).exists()
    assert sorted(Message.objects.values_list("title", flat=True)) == [
        "Du har fått 2 søknader å vurdere",
        "Du har fått 3 søknader å vurdere",
        "Du har fått 3 søknader å vurdere",
        f"«{first.title}»: habiliteten din er avgjort",
    ]
    assert assigning.assign_evenly(local, people, each=2, due_date=local_date(at), by=secretary, at=at) == {}


def test_even_distribution_needs_people_and_a_date(local, application, assessor, secretary, at):
    with pytest.raises(assigning.AssigningError, match="minst én"):
        assigning.assign_evenly(local, [], each=1, due_date=local_date(at), by=secretary, at=at)
    yesterday = local_date(at) - timedelta(days=1)
    with pytest.raises(assigning.AssigningError, match="passert"):
        assigning.assign_evenly(local, [assessor], each=1, due_date=yesterday, by=secretary, at=at)


def test_portal_says_what_it_sees_and_confirms_only_what_is_answered(house, northern):
    at = applications_world.open_moment(northern)
    whole = applications_world.whole(house, northern)
    submit(whole, by=house.applicant, at=at)
    sent = detail.newest(whole).snapshot
    parts = [part for section in submissions.view_of(sent).sections for part in section.parts]
    spec = northern.spec

    def points(read):
        listed = checklist.items(
            spec, spec.stages[0], sent, submitted_at=at, closes_at=at + timedelta(days=1), parts=read
        )
        return {item.code: item for item in listed}

    seen = points(parts)
    assert seen["check-plan"].is_answered
    assert seen["check-plan"].see[0][0] == "svar-project-plan"
    assert seen["signed"].note == f"{len(sent['signatures'])} av {len(sent['signatures'])} har signert."
    gone = points(
        [replace(part, text="", tables=(), facts=()) if part.code == "project-plan" else part for part in parts]
    )
    assert (gone["check-plan"].is_answered, gone["check-plan"].see) == (False, ())
    assert gone["check-plan"].note.endswith("Søkerne har svart på 0 av 1.")
