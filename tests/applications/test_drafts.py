"""Starting a draft and saving into it: versions, rows, partners, attachments, and what a change does to signatures."""

from datetime import timedelta

import pytest

from applications import queries
from applications.models import Application, Benefit, BudgetLine, Contact, Partner, PartnerRole
from applications.services import drafts, partners, rows
from applications.services.drafts import ApplicationOwner, ClosedDraftError, StartError
from applications.services.rows import StaleAmountError, versions_of
from applications.workflow import Status
from portal.journal.models import LogEntry
from rounds.answering.models import Answer, CellWriter
from rounds.answering.services.answers import Change, StaleAnswerError, save_answers
from rounds.answering.services.rows import RowChange
from rounds.answering.services.writers import Writer
from tests import factories
from tests.applications import world

pytestmark = pytest.mark.django_db
CONTACT = {"name": "Ny Kontakt", "title": "Leder", "email": "ny@example.org", "phone": ""}


def save(application, person, at, value="Et mål", base=0, question="description"):
    return world.save_answer(ApplicationOwner(application), question, value, base_version=base, by=person, at=at)


# --- starting -----------------------------------------------------------------------------------------


@pytest.mark.requirement("R66")
def test_start_makes_a_draft_with_its_lead_and_name(house, northern, at):
    made = drafts.start(northern, house.community, "Samhandling", house.lead, by=house.applicant, at=at)
    stored = Application.objects.get(pk=made.pk)
    assert (stored.status, stored.title, stored.created_by, stored.updated_at) == (
        Status.DRAFT,
        "Samhandling",
        house.applicant,
        at,
    )
    assert [(p.organisation, p.role) for p in stored.partners.all()] == [(house.lead, PartnerRole.LEAD)]
    answers = {answer.question: answer.value for answer in stored.answers.all()}
    assert answers == {"project-name": "Samhandling", "owners": [{"name": "Tromsø kommune", "body": ""}]}
    assert LogEntry.objects.filter(act="application.started", subject_id=str(made.pk)).count() == 1
    northern.refresh_from_db()
    assert northern.locked_at == at


@pytest.mark.requirement("R20")
def test_start_for_an_fsu_keeps_the_body_as_owner(house, northern, at):
    made = drafts.start(
        northern, house.community, "Bedre i lag", house.partner, owner_body=house.fsu, by=house.fsu_leader, at=at
    )
    assert made.owner_body == house.fsu
    assert made.answers.get(question="owners").value == [{"name": house.fsu.name, "body": house.fsu.code}]


def test_start_refuses_what_the_round_does_not_take(house, northern, at):
    unregistered = factories.organisation(name="Uten nummer", orgnr=None, community=house.community)
    foreign = factories.body(house.elsewhere, "fsu")
    for lead, body in ((unregistered, None), (house.lead, foreign)):
        with pytest.raises(StartError):
            drafts.start(northern, house.community, "X", lead, owner_body=body, by=house.applicant, at=at)
    assert Application.objects.count() == 0


# --- answers --------------------------------------------------------------------------------------------


def test_save_answer_counts_versions(draft, applicant, at):
    assert save(draft, applicant, at) == 1
    assert save(draft, applicant, at, "Et annet mål", base=1) == 2
    stored = Answer.objects.get(question="description")
    assert (stored.value, stored.version, stored.updated_by, stored.updated_at) == ("Et annet mål", 2, applicant, at)


def test_save_answer_on_an_old_version_overwrites_nothing(draft, applicant, co_applicant, at):
    save(draft, applicant, at, "Min tekst")
    with pytest.raises(StaleAnswerError) as stale:
        save(draft, co_applicant, at, "Deres tekst")
    assert (stale.value.theirs.value, stale.value.theirs.updated_by) == ("Min tekst", applicant)
    assert Answer.objects.get(question="description").value == "Min tekst"


def test_the_same_answer_sent_twice_is_saved_once(draft, applicant, at):
    assert [save(draft, applicant, at), save(draft, applicant, at)] == [1, 1]


def test_two_editors_interleaved_lose_nothing(draft, applicant, co_applicant, at):
    """Both read version 1; the second is told, takes over version 2, and only then stores."""
    save(draft, applicant, at, "Felles utgangspunkt")
    first = save(Application.objects.get(pk=draft.pk), applicant, at, "Annes tekst", base=1)
    with pytest.raises(StaleAnswerError) as stale:
        save(Application.objects.get(pk=draft.pk), co_applicant, at, "Carls tekst", base=1)
    assert (first, stale.value.theirs.version) == (2, 2)
    assert save(draft, co_applicant, at, "Begge tekstene", base=stale.value.theirs.version) == 3


def test_save_answers_stores_the_others_when_one_is_stale(draft, applicant, co_applicant, at):
    save(draft, co_applicant, at, "Deres")
    saved = save_answers(
        ApplicationOwner(draft),
        {"description": Change("Mitt", 0), "project-plan": Change("Plan", 0)},
        by=applicant,
        at=at,
    )
    assert saved.versions == {"project-plan": 1}
    assert {code: theirs.value for code, theirs in saved.stale.items()} == {"description": "Deres"}


def test_save_answers_of_nothing_touches_nothing(draft, applicant, at):
    save_answers(ApplicationOwner(draft), {}, by=applicant, at=at + timedelta(hours=1))
    assert Application.objects.get(pk=draft.pk).updated_at == at


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.WITHDRAWN, Status.GRANTED])
def test_nothing_is_saved_after_sending(draft, applicant, at, status):
    """The page was read while it was a draft; the sending came between."""
    Application.objects.filter(pk=draft.pk).update(status=status, submitted_at=at)
    with pytest.raises(ClosedDraftError):
        save(draft, applicant, at)
    assert Answer.objects.count() == 0


@pytest.mark.requirement("R66")
def test_name_and_owner_are_mirrored_on_the_application(draft, house, applicant, at):
    save(draft, applicant, at, "Nytt navn", question="project-name")
    save(draft, applicant, at, [{"name": house.fsu.name, "body": house.fsu.code}], question="owners")
    stored = Application.objects.get(pk=draft.pk)
    assert (stored.title, stored.owner_body) == ("Nytt navn", house.fsu)
    save(draft, applicant, at, [{"name": "Senja kommune", "body": ""}], base=1, question="owners")
    assert Application.objects.get(pk=draft.pk).owner_body is None


def test_a_foreign_body_is_not_taken_as_owner(draft, house, applicant, at):
    foreign = factories.body(house.elsewhere, "fsu")
    save(draft, applicant, at, [{"name": foreign.name, "body": foreign.code}], question="owners")
    assert Application.objects.get(pk=draft.pk).owner_body is None


def test_a_change_voids_the_signatures_and_an_unchanged_save_does_not(application, applicant, at):
    answer = application.answers.get(question="description")
    save(application, applicant, at, answer.value, base=answer.version)
    assert len(queries.signed_by(application)) == 3
    save(application, applicant, at, "En annen beskrivelse", base=answer.version + 1)
    assert queries.signed_by(application) == []


# --- rows -----------------------------------------------------------------------------------------------


KEY = "a" * 32


def save_contact(partner, at, base=None, is_stored=True, is_removed=False, by=None, **cells):
    change = RowChange(KEY, base or {}, cells, is_stored and base is not None, is_removed)
    return rows.save_rows(partner, Contact, [change], by=by or partner.application.created_by, at=at)[KEY]


def test_a_row_sent_twice_is_one_row(draft, at):
    partner = draft.partners.first()
    first = save_contact(partner, at, **CONTACT)
    again = save_contact(partner, at, **CONTACT)
    assert (first.row, first.base, again.is_stale) == (again.row, again.base, False)
    assert Contact.objects.filter(partner=partner, name="Ny Kontakt").count() == 1


def test_two_in_different_cells_of_a_row_both_keep_their_text(draft, at):
    partner = draft.partners.first()
    seen = save_contact(partner, at, **CONTACT).base
    save_contact(partner, at, seen, **{**CONTACT, "phone": "77 00 00 01"})
    second = save_contact(partner, at, seen, **{**CONTACT, "title": "Rektor"})
    held = Contact.objects.get(key=KEY)
    assert (held.phone, held.title, second.conflicts) == ("77 00 00 01", "Rektor", {})


def test_two_in_the_same_cell_are_told_and_the_other_cells_are_saved(draft, at):
    partner = draft.partners.first()
    seen = save_contact(partner, at, **CONTACT).base
    save_contact(partner, at, seen, **{**CONTACT, "title": "Rektor"})
    second = save_contact(partner, at, seen, **{**CONTACT, "title": "Lege", "phone": "77 00 00 01"})
    held = Contact.objects.get(key=KEY)
    assert (held.title, held.phone, second.conflicts) == ("Rektor", "77 00 00 01", {"title": "Rektor"})
    assert second.base == {**seen, "phone": versions_of(held)["phone"]}


def test_a_row_is_removed_once_and_only_as_it_was_seen(draft, at):
    partner = draft.partners.first()
    seen = save_contact(partner, at, **CONTACT).base
    assert save_contact(partner, at, {**seen, "name": "old"}, is_removed=True).is_kept
    assert Contact.objects.filter(key=KEY).exists()
    assert [save_contact(partner, at, seen, is_removed=True).is_stale for _time in range(2)] == [False, False]
    assert not Contact.objects.filter(key=KEY).exists()


def test_a_row_that_somebody_else_removed_is_told_of(house, draft, at):
    partner = draft.partners.first()
    gone = save_contact(partner, at, {"name": "seen"}, **CONTACT)
    assert (gone.is_gone, gone.last_writer) == (True, None)
    seen = save_contact(partner, at, **CONTACT).base
    save_contact(partner, at, seen, is_removed=True, by=house.co_applicant)
    gone = save_contact(partner, at, seen, **CONTACT)
    assert (gone.is_gone, gone.last_writer) == (True, Writer(house.co_applicant.name, at))
    assert CellWriter.objects.count() == 1


def test_who_wrote_each_cell_last_is_told_to_one_who_had_it_open(house, draft, at):
    partner, later = draft.partners.first(), at + timedelta(minutes=1)
    seen = save_contact(partner, at, **CONTACT).base
    title, phone = {**CONTACT, "title": "Rektor"}, {**CONTACT, "phone": "77 00 00 01"}
    save_contact(partner, at, seen, by=house.co_applicant, **title)
    save_contact(partner, later, seen, by=house.hospital_applicant, **phone)
    late = save_contact(partner, later, seen, **{**CONTACT, "title": "Lege", "phone": "77 00 00 02"})
    named = {cell: late.writers[cell] for cell in late.conflicts}
    by_title, by_phone = Writer(house.co_applicant.name, at), Writer(house.hospital_applicant.name, later)
    assert named == {"title": by_title, "phone": by_phone}
    kept = save_contact(partner, later, {**versions_of(late.row), "title": "old"}, is_removed=True, **CONTACT)
    assert (kept.is_kept, kept.last_writer) == (True, by_title)


def test_new_rows_come_last_in_the_order_that_they_were_made(draft, at):
    for key, text in (("ab", "Første"), ("cd", "Andre")):
        rows.save_rows(draft, Benefit, [RowChange(key * 16, {}, {"benefit": text})], by=draft.created_by, at=at)
    held = draft.benefits.get(benefit="Første")
    Benefit.objects.filter(pk=held.pk).update(position=7)
    rows.save_rows(draft, Benefit, [RowChange("ef" * 16, {}, {"benefit": "Tredje"})], by=draft.created_by, at=at)
    assert list(draft.benefits.values_list("benefit", "position")) == [("Andre", 1), ("Første", 7), ("Tredje", 8)]


def test_the_amount_is_saved_on_what_was_seen(draft, at):
    rows.save_amount(draft, 450_000, base=None, by=draft.created_by, at=at)
    rows.save_amount(draft, 450_000, base=None, by=draft.created_by, at=at)
    with pytest.raises(StaleAmountError, match=f"{draft.created_by.name} har endret søknadsbeløpet") as stale:
        rows.save_amount(draft, 500_000, base=None, by=draft.created_by, at=at)
    assert (stale.value.theirs, Application.objects.get(pk=draft.pk).requested_amount) == (450_000, 450_000)


# --- partners ---------------------------------------------------------------------------------------------


@pytest.mark.requirement("R91")
def test_partners_are_added_once_and_supporters_by_name(draft, house, applicant, at):
    bardu = factories.organisation(name="Bardu kommune", community=house.community)
    partners.add(draft, [bardu, house.partner], by=applicant, at=at)
    partners.add(draft, [], other_name="NAV Midt-Troms", by=applicant, at=at)
    added = [(partner.name, partner.role) for partner in draft.partners.all()][3:]
    assert added == [("Bardu kommune", "partner"), ("NAV Midt-Troms", "supporter")]


def test_the_lead_moves_but_cannot_be_removed(draft, house, applicant, at):
    lead, partner = draft.partners.get(role="lead"), draft.partners.get(organisation=house.partner)
    with pytest.raises(partners.PartnerError):
        partners.remove(lead, by=applicant, at=at)
    partners.make_lead(partner, by=applicant, at=at)
    assert {p.organisation: p.role for p in Partner.objects.filter(application=draft)} == {
        house.partner: "lead",
        house.lead: "partner",
        house.trust: "partner",
    }


def test_a_removed_partner_takes_contacts_and_own_contribution_along(draft, house, applicant, at):
    partner = draft.partners.get(organisation=house.partner)
    BudgetLine.objects.create(application=draft, year=2025, cost_type="travel", source="own", payer=partner, amount=10)
    partners.remove(partner, by=applicant, at=at)
    assert (BudgetLine.objects.count(), Contact.objects.count(), draft.partners.count()) == (0, 2, 2)


def test_an_unregistered_supporter_cannot_lead(draft, applicant, at):
    (supporter,) = partners.add(draft, [], other_name="MARBORG", by=applicant, at=at)
    with pytest.raises(partners.PartnerError, match="MARBORG har ikke organisasjonsnummer"):
        partners.make_lead(supporter, by=applicant, at=at)


def test_forty_partners_fit_and_more_than_a_hundred_do_not(draft, house, applicant, at):
    many = [factories.organisation(community=house.community) for _number in range(98)]
    partners.add(draft, many[:40], by=applicant, at=at)
    with pytest.raises(partners.PartnerError, match="høyst 100 partnere"):
        partners.add(draft, many, by=applicant, at=at)
    assert draft.partners.count() == 43


def test_a_partner_added_voids_the_signatures(application, house, applicant, at):
    bardu = factories.organisation(name="Bardu kommune", community=house.community)
    partners.add(application, [bardu], by=applicant, at=at)
    assert queries.signed_by(application) == []


def test_a_units_name_is_kept(draft, house, at):
    partner = draft.partners.get(organisation=house.trust)
    partners.set_unit(partner, "DMS Midt-Troms", at=at)
    assert world.Partner.objects.get(pk=partner.pk).unit == "DMS Midt-Troms"


def test_a_start_that_is_pressed_twice_is_one_draft(house, northern, at):
    def begun(title, moment, by=house.applicant):
        return drafts.start(northern, house.community, title, house.lead, by=by, at=moment)

    first = begun("Samme", at)
    assert begun("Samme", at + timedelta(seconds=3)) == first
    assert begun("Samme", at - timedelta(seconds=1)) == first
    others = {
        begun("Samme", at + timedelta(minutes=1)).pk,
        begun("En annen", at + timedelta(seconds=3)).pk,
        begun("Samme", at, by=house.co_applicant).pk,
    }
    assert len({first.pk, *others}) == 4
