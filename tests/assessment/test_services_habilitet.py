"""Habilitet declared and decided, and what an inhabil person may not see."""

from datetime import timedelta

import pytest
from django.utils import translation

from applications.models import Application
from evaluation.assessment.habilitet import State
from evaluation.assessment.models import Habilitet
from evaluation.assessment.queries.access import access_to
from evaluation.assessment.queries.habilitet import is_recused, state_of
from evaluation.assessment.services import assessing, declaring, forwarding, freezing, prioritising
from evaluation.assessment.turn import turn_url
from portal.journal.models import LogEntry
from portal.mail.models import Message
from tests.assessment import world
from tests.habilitet import decide_about
from tests.harness import worlds

pytestmark = pytest.mark.django_db


def test_habil_person_is_clear_at_once(application, assessor, at):
    declaring.declare(application, has_tie=False, by=assessor, at=at)
    assert state_of(assessor.pk, application) == State.CLEAR


def test_tie_waits_for_a_decision(application, assessor, secretary, at):
    declaring.declare(application, has_tie=True, ground="contact", explanation="Kontakt.", by=assessor, at=at)
    assert state_of(assessor.pk, application) == State.PENDING
    decide_about(application, assessor, is_recused=False, reason="Bare nevnt.", by=secretary, at=at)
    assert state_of(assessor.pk, application) == State.CLEAR
    assert not is_recused(assessor, application)


def test_strong_tie_that_the_portal_sees_waits_whatever_is_said(application, recused_member, at):
    # What was seen is kept for others to read: in bokmål, whatever language the person's pages are in.
    with translation.override("en"):
        habilitet = declaring.declare(application, has_tie=False, by=recused_member, at=at)
    assert habilitet.is_pending
    assert habilitet.suggested == [
        {
            "ground": "leads_unit",
            "sentence": "kan binde Tromsø kommune, som er part i saken",
            "is_strong": True,
        }
    ]


@pytest.mark.requirement("R20")
def test_ssu_that_appointed_the_owner_is_flagged_and_not_stopped(house, northern, at):
    application = world.sent(house, northern, at, owner_body=house.fsu)
    habilitet = declaring.declare(application, has_tie=False, by=house.chair, at=at)
    assert [tie["ground"] for tie in habilitet.suggested] == ["owner_body"]
    assert not habilitet.is_pending
    owner = declaring.declare(application, has_tie=False, by=house.fsu_leader, at=at)
    assert owner.is_pending


@pytest.mark.parametrize(("ground", "explanation"), [("", "Fordi."), ("contact", " ")])
def test_tie_needs_ground_and_explanation(application, assessor, at, ground, explanation):
    with pytest.raises(declaring.HabilitetError):
        declaring.declare(application, has_tie=True, ground=ground, explanation=explanation, by=assessor, at=at)
    assert Habilitet.objects.count() == 0


def test_answer_may_change_until_it_is_decided(application, assessor, secretary, at):
    declaring.declare(application, has_tie=False, by=assessor, at=at)
    declaring.declare(application, has_tie=True, ground="other", explanation="Nabo.", by=assessor, at=at)
    decide_about(application, assessor, is_recused=True, ground="other", reason="Nær.", by=secretary, at=at)
    with pytest.raises(declaring.AlreadyDecidedError):
        declaring.declare(application, has_tie=False, by=assessor, at=at)


@pytest.mark.parametrize(("ground", "reason"), [("", "Fordi."), ("party", " "), ("tull", "Fordi.")])
def test_decision_needs_ground_and_reason(application, assessor, secretary, at, ground, reason):
    with pytest.raises(declaring.HabilitetError):
        decide_about(application, assessor, is_recused=True, ground=ground, reason=reason, by=secretary, at=at)


@pytest.mark.fault("A1")
@pytest.mark.parametrize(("is_recused", "said"), [(True, "er inhabil i «"), (False, "er habil i «")])
def test_a1_whoever_an_officer_decides_about_is_told(is_recused, said, application, house, assessor, secretary, at):
    ground = "other" if is_recused else ""
    given = {"is_recused": is_recused, "ground": ground, "reason": "Hemmelig."}
    declaring.declare(application, has_tie=True, ground="other", explanation="Nabo.", by=assessor, at=at)
    declaring.decide(application, assessor, **given, by=secretary, at=at)
    message = Message.objects.get(kind="habilitet_decided")
    assert message.recipient == assessor.email
    assert (said in message.body_text, secretary.name in message.body_text) == (True, True)
    assert ("Andre særegne forhold" in message.body_text, "Hemmelig" in message.body_text) == (is_recused, False)
    declaring.decide(
        application, assessor, is_recused=False, reason="Nei.", by=secretary, at=at + timedelta(hours=1), body=house.ssu
    )
    assert Message.objects.filter(kind="habilitet_decided").count() == 1


def test_nobody_decides_their_own(application, secretary, at):
    with pytest.raises(declaring.HabilitetError):
        declaring.decide(application, secretary, is_recused=False, reason="Jeg er habil.", by=secretary, at=at)


def test_body_decides_in_its_meeting_and_the_journal_names_it(application, house, at):
    declaring.decide(
        application,
        house.member,
        is_recused=True,
        ground="party",
        reason="Part.",
        by=house.chair,
        at=at,
        body=house.ssu,
    )
    assert Habilitet.objects.get().body == house.ssu
    assert LogEntry.objects.get(act="habilitet.decided").data["body"] == house.ssu.code


def test_journal_keeps_no_words(application, assessor, at):
    words = "Søsteren min leder prosjektet."
    declaring.declare(application, has_tie=True, ground="party", explanation=words, by=assessor, at=at)
    assert words not in str(LogEntry.objects.get(act="habilitet.declared").data)


# --- leaks ------------------------------------------------------------------------------------------

SECRETS = ("HEMMELIG-BEGRUNNELSE", "HEMMELIG-INNSTILLING", "HEMMELIG-GRUNN", "66,67")


@worlds.world
def secrets(house, northern, local, application, at):
    """An application with words and points that must not reach an inhabil secretary, beside an open one."""
    boss, other = house.hospital_secretary, world.sent(house, northern, at, title="Åpen søknad")
    for app in (application, other):
        given = world.given(local, 2, reason="HEMMELIG-BEGRUNNELSE" if app == application else "Åpen.")
        world.assign(app, local, house.assessor, boss, at)
        draft = assessing.begin(app, local, by=house.assessor, at=at)
        assessing.deliver(draft, local, given, comment="", by=house.assessor, at=at)
    prioritising.set_up(local, by=boss, at=at)
    world.recommend(local, application, boss, at, reason="HEMMELIG-INNSTILLING", order_reason="HEMMELIG-GRUNN")
    world.recommend(local, other, boss, at)
    decide_about(application, house.secretary, is_recused=True, ground="party", reason="HEMMELIG-GRUNN", by=boss, at=at)
    return application


def pages(local, application):
    yield from (turn_url(local, page) for page in ("turn", "board", "export"))
    yield from (f"/assessment/application/{application.code}/{page}" for page in ("", "papers/", "habilitet/"))
    yield turn_url(local, "recommend", application.code)


def read(answer):
    return (b"".join(answer) if answer.streaming else answer.content).decode()


def test_secrets_are_there_to_leak(secrets, local, house, client):
    client.force_login(house.hospital_secretary)
    seen = "".join(read(client.get(url)) for url in pages(local, secrets))
    assert [secret for secret in SECRETS if secret not in seen] == []


def test_inhabil_secretary_sees_none_of_it(secrets, local, house, client, at):
    # The open application has the same total: only the secret one may be counted.
    other = Application.objects.get(title="Åpen søknad")
    decide_about(other, house.assessor, is_recused=True, ground="party", reason="Part.", by=house.chair, at=at)
    client.force_login(house.secretary)
    for url in pages(local, secrets):
        seen = read(client.get(url))
        assert [(url, secret) for secret in SECRETS if secret in seen] == []


def test_frozen_list_and_package_hide_it_too(secrets, local, house, client, at):
    world.do_tasks(local, house.hospital_secretary, at)
    freezing.freeze(local, by=house.hospital_secretary, at=at)
    package = forwarding.forward(local, by=house.hospital_secretary, at=at)
    client.force_login(house.secretary)
    base = f"/assessment/round/{local.round.code}"
    for url in (turn_url(local, "list"), f"{base}/packages/{package.pk}/"):
        answer = client.get(url)
        assert answer.status_code == 200
        assert [secret for secret in SECRETS[:3] if secret in read(answer)] == []
    assert client.get(f"{base}/packages/{package.pk}/pdf/").status_code == 403


def test_assessor_does_not_see_others_before_delivering(secrets, local, house, client, at):
    world.assign(secrets, local, house.chair, house.hospital_secretary, at)
    client.force_login(house.chair)
    base = f"/assessment/application/{secrets.code}"
    seen = read(client.get(f"{base}/")) + read(client.get(f"{base}/score/{local.stage.code}/"))
    assert [secret for secret in SECRETS if secret in seen] == []
    draft = assessing.begin(secrets, local, by=house.chair, at=at)
    assessing.deliver(draft, local, world.given(local, 2), comment="", by=house.chair, at=at)
    assert "HEMMELIG-BEGRUNNELSE" in read(client.get(f"{base}/"))


def test_home_does_not_see_the_regions_scores(house, northern, local, regional, application, at, client):
    world.frozen(local, house.secretary, at)
    forwarding.forward(local, by=house.secretary, at=at)
    application.refresh_from_db()
    world.deliver(application, regional, house.committee_member, at, 2, by=house.regional_secretary)
    secretary_access = access_to(house.secretary, application, now=at)
    client.force_login(house.secretary)
    assert [entry.stage.code for entry in secretary_access.entries] == ["community"]
    assert "66,67" not in read(client.get(f"/assessment/application/{application.code}/"))
    client.force_login(house.regional_secretary)
    assert "66,67" in read(client.get(f"/assessment/application/{application.code}/"))
