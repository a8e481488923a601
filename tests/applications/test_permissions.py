"""Person × act × status, as one literal table each; and the clock at the deadline."""

from datetime import timedelta

import pytest

from applications import permissions, queries, waiting
from applications.models import Application, CorrectionRequest
from applications.services import signing
from applications.workflow import WITHDRAWABLE, Status
from portal.clock import local_date
from portal.communities.queries import standing_on
from portal.permissions import Refused
from tests import factories, stages
from tests.applications import world

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
WRITERS = {"applicant", "co_applicant", "hospital_applicant", "signatory", "partner_signatory", "trust_signatory"}
# The recused member of the SSU also works for the lead; the FSU's leader works for the trust.
WRITERS |= {"recused_member", "fsu_leader"}
LEADS = {"applicant", "signatory", "recused_member"}
SECRETARIAT = {"secretary", "hospital_secretary"}
SENT = set(Status) - {Status.DRAFT}

# act → status → who; every other person and status is refused.
ACTS = {
    "can_read_draft": dict.fromkeys(Status, WRITERS),
    "can_read_sent": dict.fromkeys(SENT, WRITERS | SECRETARIAT),
    "can_edit": {Status.DRAFT: WRITERS, Status.CORRECTION: WRITERS},
    "can_submit": {Status.DRAFT: WRITERS, Status.CORRECTION: WRITERS},
    "can_withdraw": {
        Status.DRAFT: LEADS,
        Status.SUBMITTED: LEADS,
        Status.CORRECTION: LEADS,
        Status.ADMITTED: LEADS,
        Status.PRIORITISED: LEADS,
        Status.FORWARDED: LEADS,
        Status.POSTPONED: LEADS,
        # Decided, and not yet told: for the applicants it is still being judged.
        **dict.fromkeys((Status.NOT_ADMITTED, Status.NOT_PRIORITISED, Status.REJECTED), LEADS),
        **dict.fromkeys((Status.GRANTED, Status.PARTLY_GRANTED), LEADS),
    },
    "can_request_correction": {Status.SUBMITTED: SECRETARIAT},
    "can_extend": {Status.DRAFT: SECRETARIAT, Status.CORRECTION: SECRETARIAT},
}


def standing_at(draft, status, at):
    """The draft as it would be in this status, with a correction asked for where the status says so."""
    sent = None if status == Status.DRAFT else at
    Application.objects.filter(pk=draft.pk).update(status=status, submitted_at=sent)
    if status == Status.CORRECTION:
        ask_for_correction(draft, at)
    application = Application.objects.get(pk=draft.pk)
    stages.enter(application, at)
    return application


def ask_for_correction(draft, at, sections=("description",)):
    return CorrectionRequest.objects.create(
        application=draft,
        sections=list(sections),
        reason="Beskriv målgruppen",
        due_at=at + timedelta(days=3),
        requested_by=draft.created_by,
        requested_at=at,
    )


@pytest.mark.requirement("R27")
@pytest.mark.parametrize("status", Status)
def test_acts_are_open_to_these_persons_alone(house, draft, at, status):
    application = standing_at(draft, status, at)
    allowed = {
        act: {name for name, person in house.persons.items() if getattr(permissions, act)(person, application, now=at)}
        for act in ACTS
    }
    assert allowed == {act: person.get(status, set()) for act, person in ACTS.items()}


@pytest.mark.parametrize("status", SENT)
def test_what_the_applicants_have_been_told_is_over_is_not_taken_back(house, draft, at, status):
    application = standing_at(draft, status, at)
    application.announced_at = at
    assert bool(permissions.can_withdraw(house.applicant, application, now=at)) == (status in WITHDRAWABLE)


def test_every_predicate_of_the_room_stands_in_a_table():
    predicates = {name for name in vars(permissions) if name.startswith("can_")}
    others = {
        "can_start",
        "can_apply_in",
        "can_bring_back",
        "can_change_lead",
        "can_open_text",
        "can_edit_section",
        "can_edit_part",
        "can_remove_partner",
        "can_sign",
        "can_press_submit",
        "can_upload_agreement",
    }
    assert predicates == set(ACTS) | others


# --- starting ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "allowed"),
    [("opens_at", True), ("before opens_at", False), ("before closes_at", True), ("closes_at", False)],
)
def test_start_follows_the_clock_to_the_second(house, northern, moment, allowed):
    name = moment.removeprefix("before ")
    now = getattr(northern, name) - (SECOND if name != moment else timedelta())
    assert bool(permissions.can_start(house.applicant, northern, now=now)) == allowed


def test_start_says_why_it_is_closed(house, northern):
    answer = permissions.can_start(house.applicant, northern, now=northern.closes_at)
    assert answer == Refused("Søknadsfristen gikk ut 01.03.2025 kl.\u00a024.00.", is_past=True)


def test_start_is_for_those_who_stand_for_somebody(house, northern, at):
    allowed = {name for name, person in house.persons.items() if permissions.can_start(person, northern, now=at)}
    assert "nobody" not in allowed
    assert {"applicant", "fsu_leader", "stranger"} <= allowed


# --- sections and parts --------------------------------------------------------------------------------------


def test_a_draft_closes_on_the_second_and_an_extension_opens_it(house, draft, northern):
    before = permissions.can_edit(house.applicant, draft, now=northern.closes_at - SECOND)
    at_close = permissions.can_edit(house.applicant, draft, now=northern.closes_at)
    assert (bool(before), bool(at_close)) == (True, False)
    assert at_close.reason == ("Fristen gikk ut 01.03.2025 kl.\u00a024.00. Dere kan lese søknaden, men ikke endre den.")
    Application.objects.filter(pk=draft.pk).update(extended_until=northern.closes_at + timedelta(days=1))
    extended = Application.objects.get(pk=draft.pk)
    assert permissions.can_edit(house.applicant, extended, now=northern.closes_at)


def test_a_correction_opens_only_what_it_names(house, draft, at):
    application = standing_at(draft, Status.CORRECTION, at)
    sections = {
        section.code
        for section in application.round.spec.sections
        if permissions.can_edit_section(house.applicant, application, section.code, now=at)
    }
    parts = {
        part for part in permissions.PARTS if permissions.can_edit_part(house.applicant, application, part, now=at)
    }
    assert (sections, parts) == ({"description"}, set())


def test_a_correction_of_a_section_opens_the_parts_in_it(house, draft, at):
    Application.objects.filter(pk=draft.pk).update(status=Status.CORRECTION, submitted_at=at)
    ask_for_correction(draft, at, sections=("project", "budget"))
    application = Application.objects.get(pk=draft.pk)
    parts = {
        part for part in permissions.PARTS if permissions.can_edit_part(house.applicant, application, part, now=at)
    }
    assert parts == {"parties", "contacts", "budget"}


def test_a_correction_ends_at_its_own_date(house, draft, at):
    application = standing_at(draft, Status.CORRECTION, at)
    due = at + timedelta(days=3)
    assert permissions.can_edit_section(house.applicant, application, "description", now=due - SECOND)
    assert not permissions.can_edit_section(house.applicant, application, "description", now=due)


@pytest.mark.requirement("R20")
def test_an_owning_fsu_writes_and_a_supporter_reads(house, northern, at):
    application = world.draft(house, northern, at=at, owner_body=house.fsu)
    application.partners.filter(organisation=house.partner).update(role="supporter")
    # The leader works for a partner too; the vice-chair has the seat alone.
    vice_chair = factories.seat(house.fsu, role="vice_chair").user
    assert [bool(permissions.can_edit(person, application, now=at)) for person in (house.fsu_leader, vice_chair)] == [
        True,
        True,
    ]
    assert permissions.can_read_draft(house.co_applicant, application, now=at)
    assert permissions.can_edit(house.co_applicant, application, now=at) == Refused(
        "Bare søkeren og partnerne kan endre søknaden."
    )
    read = queries.visible(house.co_applicant, at).get(pk=application.pk)
    assert not permissions.can_edit(house.co_applicant, read, now=at)


@pytest.mark.parametrize(
    ("partner", "others"),
    [
        ("partner", {"co_applicant", "partner_signatory"}),
        ("trust", {"hospital_applicant", "trust_signatory", "fsu_leader"}),
        ("lead", set()),
    ],
)
def test_a_paper_agreement_is_put_in_by_the_partners_own_people_or_the_leads(house, draft, at, partner, others):
    signing = draft.partners.get(organisation=getattr(house, partner))
    names = {name for name, p in house.persons.items() if permissions.can_upload_agreement(p, signing, now=at)}
    assert names == LEADS | others
    assert permissions.can_upload_agreement(house.stranger, signing, now=at) == Refused(
        f"Bare {signing.name} eller ansvarlig søker kan laste opp avtalen deres."
    )


@pytest.mark.parametrize("person", ["applicant", "hospital_applicant", "trust_signatory"])
def test_no_paper_goes_over_a_partners_no(house, draft, at, person):
    partner = draft.partners.get(organisation=house.trust)
    signing.decline(partner, by=house.trust_signatory, reason="Egeninnsatsen er for høy.", at=at)
    assert permissions.can_upload_agreement(getattr(house, person), partner, now=at) == Refused(
        "Universitetssykehuset Nord-Norge HF har takket nei til å signere. De må selv signere i portalen hvis de "
        "ombestemmer seg."
    )


def test_a_supporter_has_no_agreement_to_put_in(house, draft, at):
    partner = draft.partners.get(organisation=house.partner)
    partner.role = "supporter"
    assert not permissions.can_upload_agreement(house.co_applicant, partner, now=at)


@pytest.mark.requirement("R17")
def test_the_region_reads_what_was_forwarded(house, draft, at):
    application = standing_at(draft, Status.FORWARDED, at)
    assert not permissions.can_read_sent(house.regional_secretary, application, now=at)
    stages.enter(application, at, stage="region")
    assert permissions.can_read_sent(house.regional_secretary, application, now=at)


# --- signing and partners ---------------------------------------------------------------------------------------


def test_only_the_partners_own_signatory_signs(house, draft, at):
    signs = {
        partner.organisation.name: {
            name for name, person in house.persons.items() if permissions.can_sign(person, partner, now=at)
        }
        for partner in draft.partners.all()
    }
    assert signs == {
        "Tromsø kommune": {"signatory", "recused_member"},
        "Senja kommune": {"partner_signatory"},
        "Universitetssykehuset Nord-Norge HF": {"trust_signatory"},
    }


def test_a_supporter_is_not_asked_to_sign(house, draft, at):
    partner = draft.partners.get(organisation=house.partner)
    partner.role = "supporter"
    assert permissions.can_sign(house.partner_signatory, partner, now=at) == Refused(
        "De som bare støtter søknaden, skal ikke signere."
    )


def test_the_lead_stays(house, draft, at):
    answers = {p.role: bool(permissions.can_remove_partner(house.applicant, p, now=at)) for p in draft.partners.all()}
    assert answers == {"lead": False, "partner": True}


# --- what each person sees ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [Status.DRAFT, Status.SUBMITTED])
def test_applications_are_visible_to_writers_and_when_sent_to_the_secretariat(house, draft, at, status):
    application = standing_at(draft, status, at)
    sees = {name for name, p in house.persons.items() if queries.visible(p, at).filter(pk=application.pk).exists()}
    assert sees == (WRITERS if status == Status.DRAFT else WRITERS | SECRETARIAT)


def test_the_answer_read_with_the_row_is_only_for_the_person_it_was_read_for(house, draft, at):
    application = queries.visible(house.applicant, at).get(pk=draft.pk)
    for person, expected in ((house.applicant, True), (house.stranger, False), (house.co_applicant, True)):
        assert application.is_written_by(standing_on(person, local_date(at))) == expected


# --- who began it -------------------------------------------------------------------------------------------


def leave(person, organisation, at):
    person.affiliations.filter(organisation=organisation).update(to_date=local_date(at) - timedelta(days=1))
    return type(person).objects.get(pk=person.pk)


def sees(person, application, at):
    seen = queries.find(person, application.code, at)
    return seen is not None, bool(permissions.can_edit(person, application, now=at))


@pytest.mark.parametrize("status", [Status.DRAFT, Status.SUBMITTED, Status.GRANTED])
def test_who_began_it_and_left_sees_it_no_more(house, draft, at, status):
    application = standing_at(draft, status, at)
    gone = leave(house.applicant, house.lead, at)
    assert application.created_by == gone
    assert sees(gone, application, at) == (False, False)
    assert list(queries.written_applications(gone, at)) == []
    for act in ("can_withdraw", "can_submit", "can_read_draft", "can_read_sent"):
        assert not getattr(permissions, act)(gone, application, now=at)


def test_who_began_it_and_went_to_a_partner_writes_on(house, draft, at):
    moved = leave(house.applicant, house.lead, at)
    factories.affiliation(moved, house.partner)
    assert sees(moved, draft, at) == (True, True)


def test_only_those_who_may_write_a_draft_are_led_to_write_it(house, draft, at):
    """Whoever only supports it was told to finish it, and found nothing to write in."""
    assert [bool(waiting.open_drafts(person, at)) for person in (house.applicant, house.co_applicant)] == [True, True]
    draft.partners.filter(organisation=house.partner).update(role="supporter")
    assert [bool(waiting.open_drafts(person, at)) for person in (house.applicant, house.co_applicant)] == [True, False]


def test_who_began_it_and_went_to_a_supporter_only_reads(house, draft, at):
    draft.partners.filter(organisation=house.partner).update(role="supporter")
    moved = leave(house.applicant, house.lead, at)
    factories.affiliation(moved, house.partner)
    assert sees(moved, draft, at) == (True, False)
    assert not permissions.can_withdraw(moved, draft, now=at)
