"""What somebody tries who has not been told, or only supports the project."""

import pytest
from django.urls import reverse

from applications.models import PartnerRole
from applications.workflow import Status
from evaluation.followup import queries
from evaluation.followup.services import reporting
from portal.clock import local_date
from portal.communities.services import people
from portal.communities.services.people import Invited
from tests.followup.world import accepted, awarded, started, told, written
from tests.habilitet import decide_about
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


def url(name, decision):
    return reverse(f"followup:{name}", args=[decision.application.code])


def test_award_is_neither_seen_nor_accepted_before_the_letter(house, sign_in):
    client = sign_in(house.signatory)
    decision = awarded(house)
    assert {client.get(url(name, decision)).status_code for name in ("project", "accept")} == {404}
    assert client.post(url("accept", decision)).status_code == 404
    decision.application.refresh_from_db()
    assert decision.application.status == Status.GRANTED


def test_award_is_seen_by_the_secretariat_before_the_letter(house, sign_in):
    assert sign_in(house.secretary).get(url("project", awarded(house))).status_code == 200


def test_officer_who_is_inhabil_is_not_told_of_the_evaluation(house, sign_in):
    report = written(house)
    reporting.submit(report, by=house.applicant, at=NOW)
    words = {"is_recused": True, "ground": "other", "reason": "Gift med leder.", "by": house.hospital_secretary}
    decide_about(report.acceptance.decision.application, house.secretary, **words, at=NOW)
    homes = [sign_in(person).get("/").content.decode() for person in (house.secretary, house.hospital_secretary)]
    assert ["Les evalueringen" in home for home in homes] == [False, True]


def test_supporter_does_not_report_for_the_project(house, sign_in):
    decision = started(house).decision
    partners = decision.application.partners
    partners.create(organisation=house.far_municipality, role=PartnerRole.SUPPORTER, position=9)
    client = sign_in(house.stranger)
    assert client.get(url("project", decision)).status_code == 200
    assert {client.post(url(name, decision)).status_code for name in ("start", "evaluation")} == {403}


def test_nobody_accepts_for_another_partner_or_with_nonsense(house, sign_in):
    decision = told(house)
    assert sign_in(house.trust_signatory).post(url("accept", decision)).status_code == 403
    words = {"account_number": "1" * 11, "accepts_terms": "on", "planned_start_date": f"{NOW:%d.%m.%Y}"}
    assert sign_in(house.signatory).post(url("accept", decision), words).status_code == 422


def test_officer_who_is_inhabil_follows_nothing_of_the_project(house, sign_in):
    decision = accepted(house).decision
    words = {"is_recused": True, "ground": "other", "reason": "Gift med leder.", "by": house.hospital_secretary}
    decide_about(decision.application, house.secretary, **words, at=NOW)
    names = ("project", "evaluation", "evaluation_pdf")
    inhabil = sign_in(house.secretary)
    assert {inhabil.get(url(name, decision)).status_code for name in names} == {403}
    assert inhabil.post(url("put_up_case", decision)).status_code == 403
    assert inhabil.get(reverse("followup:overview")).context["groups"] == []
    habil = sign_in(house.hospital_secretary)
    assert habil.get(url("project", decision)).status_code == 200
    ((_label, (line,)),) = habil.get(reverse("followup:overview")).context["groups"]
    assert line.award == decision


@pytest.mark.parametrize("code", ["%00", "A%00B", "%FF", "..%2F..", "%E2%80%AE"])
def test_strange_address_is_not_found(house, sign_in, code):
    client = sign_in(house.secretary)
    pages = [f"/follow-up/{code}/", f"/follow-up/{code}/evaluation.pdf", f"/decisions/letter/{code}/"]
    assert {client.get(page).status_code for page in pages} == {404}
    assert client.post(f"/decisions/application/{code}/decide/").status_code == 404


@pytest.mark.fault("A1")
def test_a1_a_later_place_does_not_bind_the_project_that_is_closed(house, sign_in):
    """An inhabil officer is given the right to sign for the organisation that receives the money."""
    decision, person = told(house), house.secretary
    words = {"is_recused": True, "ground": "other", "reason": "Gift med leder.", "by": house.hospital_secretary}
    decide_about(decision.application, person, **words, at=NOW)
    client, names = sign_in(person), ("project", "accept", "decline", "start", "evaluation", "evaluation_pdf")
    before = [
        (client.get(url(name, decision)).status_code, client.post(url(name, decision)).status_code) for name in names
    ]
    fields = {"title": "Rådgiver", "may_sign": True, "from_date": local_date(NOW), "to_date": None}
    by = {"by": house.hospital_secretary, "at": NOW}
    people.add_affiliation(house.lead, Invited(person.email, ""), fields, **by)
    after = [
        (client.get(url(name, decision)).status_code, client.post(url(name, decision)).status_code) for name in names
    ]
    assert after == before
    assert {status for pair in after for status in pair} <= {403, 404, 405}
    assert person.name not in queries.acceptors(decision.application, local_date(NOW))
    assert "Prosjekt" not in client.get("/").content.decode()
