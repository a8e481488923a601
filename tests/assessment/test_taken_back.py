"""A check is done again until something has come of it, and an assessment is taken back until the list is locked."""

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from applications.models import Application
from applications.services.correcting import request_correction
from evaluation.assessment.models import Assessment, Assignment, Result
from evaluation.assessment.services import admission, assessing, assigning, freezing, prioritising
from evaluation.decisions.services.deciding import decide_without_meeting
from portal.journal import services as journal
from portal.journal.models import LogEntry
from tests.assessment import world
from tests.habilitet import decide_about
from tests.harness import worlds
from tests.harness.interleaving import MOMENTS, interleave

pytestmark = [pytest.mark.django_db, pytest.mark.fault("B6")]
WHY = "Feil søknad."


def state(application):
    fresh = Application.objects.get(pk=application.pk)
    return fresh.status, fresh.known_status, fresh.stage_entry.state, fresh.stage_entry.left_at


@worlds.world
def new(house, northern, at):
    return world.sent(house, northern, at, status="submitted")


# --- the check --------------------------------------------------------------------------------------


def test_a_refusal_is_taken_back_before_it_is_decided(new, secretary, at, sign_in):
    before = Application.objects.get(pk=new.pk)
    admission.refuse(new, checklist={"items": []}, reason="Søkeren er ikke med.", by=secretary, at=at)
    client = sign_in(secretary)
    assert "Gjør kontrollen om" in client.get(reverse("assessment:detail", args=[new.code])).content.decode()
    url = reverse("assessment:check_again", args=[new.code])
    assert client.post(url, {"reason": ""}).status_code == 422
    answer = client.post(url, {"reason": WHY}, follow=True)
    assert "Søknaden venter på kontroll igjen." in answer.content.decode()
    assert state(new) == ("submitted", "submitted", "received", None)
    fresh = Application.objects.get(pk=new.pk)
    assert (fresh.updated_at, fresh.announced_at) == (before.updated_at, None), "the applicants see nothing"
    entry = LogEntry.objects.get(act="admission.taken_back")
    assert entry.data | {"stage": ""} == {
        "stage": "",
        "reason": WHY,
        "admitted": False,
        "checklist": {"items": []},
        "told": "Søkeren er ikke med.",
    }
    admission.admit(fresh, checklist={"items": []}, by=secretary, at=at)
    assert state(new)[0] == "admitted"


def test_an_admission_is_taken_back_until_somebody_is_to_assess_it(new, local, house, secretary, at):
    admission.admit(new, checklist={"items": []}, by=secretary, at=at)
    words = {"due_date": local.due_date(at), "by": secretary, "at": at}
    assigned = assigning.assign(new, local, house.assessor, **words)
    with pytest.raises(admission.AdmissionError, match="Ta av dem som skal vurdere den"):
        admission.take_back(new, reason=WHY, by=secretary, at=at)
    assigning.unassign(assigned, by=secretary, at=at)
    with pytest.raises(admission.AdmissionError, match="Skriv hvorfor"):
        admission.take_back(new, reason=" ", by=secretary, at=at)
    admission.take_back(new, reason=WHY, by=secretary, at=at)
    assert state(new) == ("submitted", "submitted", "received", None)
    with pytest.raises(admission.AdmissionError, match="ikke kontrollert"):
        admission.take_back(new, reason=WHY, by=secretary, at=at)


def test_what_is_on_the_list_or_decided_is_not_checked_again(new, local, house, northern, secretary, at):
    admission.admit(new, checklist={"items": []}, by=secretary, at=at)
    prioritising.set_up(local, by=secretary, at=at)
    with pytest.raises(admission.AdmissionError, match="satt opp på listen"):
        admission.take_back(new, reason=WHY, by=secretary, at=at)
    other = world.sent(house, northern, at, status="submitted", title="Avvist")
    admission.refuse(other, checklist={"items": []}, reason="For sent.", by=secretary, at=at)
    decide_without_meeting(other, by=secretary, at=at)
    with pytest.raises(admission.AdmissionError, match="Vedtaket er registrert"):
        admission.take_back(other, reason=WHY, by=secretary, at=at)
    assert state(other)[0] == "not_admitted"


def test_a_refusal_for_want_of_a_correction_waits_for_it_again(new, house, secretary, at):
    section = new.round.spec.sections[0].code
    asked = request_correction(new, [section], "Mangler.", at + timedelta(days=5), by=secretary, at=at)
    admission.close_unanswered(new, reason="Ingen rettelse.", by=secretary, at=asked.due_at)
    assert state(new)[0] == "not_admitted"
    admission.take_back(new, reason=WHY, by=secretary, at=asked.due_at)
    assert state(new) == ("correction", "correction", "received", None)


# --- an assessment ----------------------------------------------------------------------------------


@worlds.world
def delivered(house, local, application, secretary, at):
    world.deliver(application, local, house.assessor, at, by=secretary)
    return Assessment.objects.get()


def test_an_assessor_takes_the_assessment_back_and_delivers_another(delivered, local, house, application, at, sign_in):
    total = delivered.total
    client = sign_in(house.assessor)
    assert (
        "Ta vurderingen min tilbake"
        in client.get(reverse("assessment:detail", args=[application.code])).content.decode()
    )
    url = reverse("assessment:take_back", args=[application.code, local.stage.code])
    assert client.post(url, {"reason": ""}).status_code == 422
    answer = client.post(url, {"reason": "Leste feil vedlegg."}, follow=True)
    assert "Vurderingen er et utkast igjen." in answer.content.decode()
    delivered.refresh_from_db()
    assert (delivered.delivered_at, delivered.total, Result.objects.count()) == (None, None, 0)
    kept = LogEntry.objects.get(act="assessment.taken_back").data
    assert (kept["reason"], kept["total"]) == ("Leste feil vedlegg.", str(total))
    assert {(points, reason) for points, _abstained, reason in kept["given"].values()} == {("3.00", "Godt begrunnet.")}
    assessing.deliver(delivered, local, world.given(local, 1), comment="", by=house.assessor, at=at)
    assert Result.objects.get().total < total
    assert client.get(url).status_code == 200


def test_nothing_is_taken_back_when_the_list_is_locked(delivered, local, house, application, secretary, at, sign_in):
    world.frozen(local, secretary, at)
    url = reverse("assessment:take_back", args=[application.code, local.stage.code])
    answer = sign_in(house.assessor).post(url, {"reason": WHY})
    assert "Prioriteringen er låst." in answer.content.decode()
    with pytest.raises(prioritising.FrozenListError):
        assessing.take_back(delivered, local, reason=WHY, by=house.assessor, at=at)
    delivered.refresh_from_db()
    assert delivered.delivered_at == at


def test_who_is_out_of_the_case_takes_no_assessment_back(delivered, local, house, application, secretary, at, sign_in):
    decide_about(application, house.assessor, is_recused=True, ground="party", reason="Part.", by=secretary, at=at)
    url = reverse("assessment:take_back", args=[application.code, local.stage.code])
    assert sign_in(house.assessor).post(url, {"reason": WHY}).status_code == 403
    assert sign_in(secretary).post(url, {"reason": WHY}).status_code == 403
    delivered.refresh_from_db()
    assert delivered.delivered_at == at


on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")


@on_postgresql
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("moment", MOMENTS)
def test_an_assessment_taken_back_beside_a_list_that_is_locked(
    delivered, local, house, application, secretary, at, moment
):
    prioritising.set_up(local, by=secretary, at=at)
    world.recommend(local, application, secretary, at)
    world.do_tasks(local, secretary, at)

    def take_back():
        assessing.take_back(delivered, local, reason=WHY, by=house.assessor, at=at)

    def freeze():
        freezing.freeze(local, by=secretary, at=at)

    assert interleave(freeze, take_back, moment) == ("done", "FrozenListError")
    freezing.unlock(local, reason=WHY, by=secretary, at=at)
    ends = interleave(take_back, freeze, moment)
    delivered.refresh_from_db()
    assert (ends[0], delivered.delivered_at) == ("done", None)
    assert ends[1] in {"done", "NotReadyError"}
    assert journal.verify() is None


@on_postgresql
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("first", ["take_back", "assign"])
@pytest.mark.parametrize("moment", ["holding its first row", "holding the log"])
def test_a_check_taken_back_beside_an_assignment_leaves_none_without_a_check(
    new, local, house, secretary, at, moment, first
):
    admission.admit(new, checklist={"items": []}, by=secretary, at=at)

    def take_back():
        admission.take_back(new, reason=WHY, by=secretary, at=at)

    def assign():
        fresh = Application.objects.get(pk=new.pk)
        assigning.assign(fresh, local, house.assessor, due_date=local.due_date(at), by=secretary, at=at)

    acts = {"take_back": take_back, "assign": assign}
    refused, done = sorted(interleave(acts.pop(first), *acts.values(), moment))
    # The assignment holds less than the check, so it may come first.
    assert (refused in {"AdmissionError", "AssigningError"}, done) == (True, "done")
    assert Assignment.objects.exists() is (state(new)[0] == "admitted")
    assert journal.verify() is None
