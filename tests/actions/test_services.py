"""The acts on follow-up items: who is asked, what is kept, and what is refused."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from evaluation.actions import services
from evaluation.actions.asks import Due
from evaluation.actions.models import CaseReview, FollowUpItem, OwnerKind, State
from evaluation.actions.queries import asked, visible_items
from evaluation.actions.queries.owners import Owner, owners_for, why_not_owner
from evaluation.actions.services import FollowUpConflictError, FollowUpError
from evaluation.assessment.models import Habilitet
from evaluation.meetings.models import Case, Resolution
from portal import cells
from portal.clock import local_date
from portal.communities.models import Body, BodySuccession
from portal.communities.queries import standing_at
from portal.journal.models import LogEntry
from portal.writing import WrittenMeanwhileError
from tests import factories
from tests.actions import world
from tests.meetings import world as meetings

pytestmark = pytest.mark.django_db


def proposals(home, meeting, now, person=None):
    owners = owners_for(meeting.body, local_date(now))
    return asked.proposals_of(meeting, standing_at(person or home.secretary, now), owners)


def recuse(person, case, now):
    """The body has found that the person is inhabil in the case."""
    words = {
        "is_recused": True,
        "decided_by": case.body.seats.first().user,
        "decided_at": now,
        "decided_ground": "other",
        "reason": "Nær.",
    }
    Habilitet.objects.create(case_id=case.pk, person=person, **words)


def acts_of(row):
    entries = LogEntry.objects.filter(subject_type=row._meta.label_lower, subject_id=str(row.pk))
    return list(entries.order_by("number").values_list("act", flat=True))


# --- what adopted minutes ask for -------------------------------------------------------------------------


@pytest.mark.requirement("R130")
def test_a_point_that_asks_is_proposed_with_its_owner_and_date(house, now, meeting, case):
    update, lay_before = proposals(house, meeting, now)
    assert (update.ask.reference, update.owner, update.due) == ("2", Owner(OwnerKind.SECRETARIAT), None)
    assert lay_before.owner == world.own(OwnerKind.ORGANISATION, house.partner)
    assert lay_before.due == Due(date(2025, 3, 31), is_month=True)
    assert not FollowUpItem.objects.exists()


def test_the_date_of_the_next_meeting_is_proposed_when_it_is_planned(house, now):
    meeting, _cases = world.adopted(house, now, "SSU ber sekretariatet legge frem en sak til neste møte.")
    (proposal,) = proposals(house, meeting, now)
    assert proposal.due is None
    following = meetings.planned(house, now)
    following.starts_at = meeting.held_at.replace(year=2026)
    following.save()
    (proposal,) = proposals(house, meeting, now)
    assert proposal.due == Due(local_date(following.starts_at))


def test_the_letters_of_a_list_are_followed_up_elsewhere(house):
    _meeting, cases, at = meetings.list_meeting(house)
    allocation = cases[-1]
    assert "ber sekretariatet sende tilskuddsbrev" in Case.objects.get(pk=allocation.pk).paper.proposal
    text = "1. SSU ber sekretariatet sende tilskuddsbrev og avslagsbrev.\n2. SSU ber UNN lage en plan."
    resolved = Case.objects.get(pk=allocation.pk)
    resolved.resolution = Resolution(text=text)
    assert [ask.owner for ask in asked._asks_of(resolved, local_date(at), None)] == ["UNN"]


def test_confirming_makes_the_items_and_proposes_them_no_more(house, now, meeting, case):
    first, second = proposals(house, meeting, now)
    new = [
        services.NewItem(case.pk, each.ask.reference, each.ask.text, each.owner, each.due) for each in (first, second)
    ]
    made = services.go_through(meeting, [case.pk], new[1:], by=house.secretary, at=now)
    (item,) = FollowUpItem.objects.all()
    assert made == [item]
    assert (item.reference, item.owner, item.due) == ("3", house.partner, Due(date(2025, 3, 31), is_month=True))
    assert item.text == "SSU ber Senja kommune legge frem forslag til bruk av midlene innen mars 2025."
    assert proposals(house, meeting, now) == []
    assert acts_of(item) == ["follow_up.made"]
    assert acts_of(case)[-1] == "follow_up.gone_through"


def test_of_two_who_confirm_at_once_one_does(house, now, meeting, case):
    services.go_through(meeting, [case.pk], [], by=house.secretary, at=now)
    with pytest.raises(FollowUpConflictError, match="gikk gjennom sak"):
        services.go_through(meeting, [case.pk], [world.new_item(case)], by=house.hospital_secretary, at=now)
    assert not FollowUpItem.objects.exists()
    assert CaseReview.objects.get().reviewed_by == house.secretary


def test_nothing_is_made_before_the_minutes_are_adopted(house, now):
    meeting, case = meetings.in_session(house, now)
    with pytest.raises(FollowUpError, match="ikke godkjent"):
        services.go_through(meeting, [case.pk], [world.new_item(case)], by=house.secretary, at=now)
    with pytest.raises(FollowUpError, match="ikke godkjent"):
        services.add(case, world.new_item(case), by=house.secretary, at=now)


def test_who_is_out_of_the_case_neither_makes_nor_changes_its_items(house, now, meeting, case):
    item = world.item(house, case, now)
    recuse(house.secretary, case, now)
    assert proposals(house, meeting, now) == []
    assert asked.meetings_to_go_through(standing_at(house.secretary, now), now) == []
    assert not visible_items(standing_at(house.secretary, now)).exists()
    words = {"by": house.secretary, "at": now}
    with pytest.raises(FollowUpError, match="stengt for deg"):
        services.go_through(meeting, [case.pk], [world.new_item(case)], **words)
    with pytest.raises(FollowUpError, match="stengt for deg"):
        services.add(case, world.new_item(case), **words)
    with pytest.raises(FollowUpError, match="stengt for deg"):
        services.mend(item, {"text": "Noe annet."}, **words)
    with pytest.raises(FollowUpError, match="stengt for deg"):
        services.report(item, "Gjort.", is_done=True, seen=None, **words)
    with pytest.raises(FollowUpError, match="stengt for deg"):
        services.settle(item, State.DROPPED, "Bort.", seen=None, **words)


def test_the_case_that_an_item_comes_back_in_closes_it_too(house, now, case):
    item = world.item(house, case, now)
    later = meetings.planned(house, now)
    later.starts_at = later.starts_at.replace(year=2026)
    later.save()
    following = meetings.own_case(house, later, now)
    services.mend(item, {"returns_in": following}, by=house.secretary, at=now)
    recuse(house.member, following, now)
    assert not visible_items(standing_at(house.member, now)).exists()
    assert visible_items(standing_at(house.chair, now)).get() == item


# --- owners -----------------------------------------------------------------------------------------------


def test_owners_by_the_names_that_resolutions_use(house, now):
    owners = owners_for(house.ssu, local_date(now))
    assert owners.named("Sekretariatet") == Owner(OwnerKind.SECRETARIAT)
    assert owners.named("tromsø") == world.own(OwnerKind.ORGANISATION, house.lead)
    assert owners.named(house.fsu.name) == world.own(OwnerKind.BODY, house.fsu)
    assert owners.named(house.chair.name) == world.own(OwnerKind.PERSON, house.chair)
    assert owners.named("alle kommunene") == Owner(OwnerKind.ROLE, role="alle kommunene")
    assert owners.named("") is None
    assert house.far_municipality not in owners.organisations
    assert house.secretariat not in owners.bodies


def test_a_body_that_has_ended_is_asked_for_nothing(house, now, case):
    house.fsu.last_day = local_date(now)
    house.fsu.save()
    with pytest.raises(FollowUpError, match="er avsluttet") as refused:
        world.item(house, case, now, world.own(OwnerKind.BODY, house.fsu))
    assert refused.value.field_names == ("owner",)


@pytest.mark.parametrize(
    ("owner", "why"),
    [
        (Owner(OwnerKind.ROLE), "Skriv hvilken rolle"),
        (Owner(OwnerKind.ROLE, role="Lederne"), ""),
        (Owner(OwnerKind.SECRETARIAT), ""),
        (Owner(OwnerKind.PERSON, 999_999), "Personen har ingen plass"),
        (Owner(OwnerKind.BODY, 999_999), "Velg en av dem"),
        (Owner(OwnerKind.ORGANISATION, 999_999), "Velg en av dem"),
    ],
)
def test_who_cannot_be_asked(owner, why, house, now):
    said = why_not_owner(owner, house.ssu, local_date(now))
    assert said.startswith(why)
    assert bool(said) == bool(why)


def test_somebody_from_elsewhere_is_not_asked(house, now, case):
    for owner in (world.own(OwnerKind.ORGANISATION, house.far_municipality), world.own(OwnerKind.BODY, house.far_ssu)):
        with pytest.raises(FollowUpError, match="Velg en av dem"):
            world.item(house, case, now, owner)


def test_an_item_has_one_owner(house, now, case):
    item = world.item(house, case, now)
    item.owner_person = house.chair
    with pytest.raises(IntegrityError), transaction.atomic():
        item.save()


def test_a_body_that_goes_on_has_the_items_of_the_one_before(house, now, case):
    owned = world.item(house, case, now, world.own(OwnerKind.BODY, house.fsu))
    after = factories.body(house.community, code="fsu-ny", name="Nytt FSU", kind="fsu")
    factories.seat(after, house.stranger, "municipality", role="chair")
    assert not visible_items(standing_at(house.stranger, now)).exists()
    BodySuccession.objects.create(predecessor=house.fsu, successor=after, from_date=local_date(now), given_at=now)
    Body.objects.filter(pk=house.fsu.pk).update(last_day=local_date(now))
    assert list(FollowUpItem.objects.owned_by(standing_at(house.stranger, now))) == [owned]
    assert list(visible_items(standing_at(house.stranger, now))) == [owned]


# --- one item ---------------------------------------------------------------------------------------------


def test_mending_changes_what_was_typed_and_is_told(house, now, case):
    item = world.item(house, case, now)
    typed = {"text": "Oppdater prosedyre 5.", "owner": f"body:{house.fsu.pk}", "owner_role": "", "due": "2025-04"}
    services.mend(item, typed, by=house.secretary, at=now)
    item.refresh_from_db()
    assert (item.text, item.owner, item.due) == (
        "Oppdater prosedyre 5.",
        house.fsu,
        Due(date(2025, 4, 30), is_month=True),
    )
    assert acts_of(item) == ["follow_up.made", "follow_up.mended"]
    services.mend(item, typed, by=house.secretary, at=now)
    assert acts_of(item) == ["follow_up.made", "follow_up.mended"]


def test_of_two_who_mend_the_same_field_the_second_is_asked(house, now, case):
    item = world.item(house, case, now)
    base = cells.versions(services.as_shown(item))
    services.mend(item, {"text": "En."}, base=base, by=house.secretary, at=now)
    with pytest.raises(WrittenMeanwhileError) as refused:
        services.mend(item, {"text": "To."}, base=base, by=house.hospital_secretary, at=now)
    assert refused.value.merge.conflicts == {"text": "En."}
    services.mend(item, {"due": "2025-05-02"}, base=base, by=house.hospital_secretary, at=now)
    item.refresh_from_db()
    assert (item.text, item.due) == ("En.", Due(date(2025, 5, 2)))


def test_mending_refuses_an_empty_text_and_a_case_of_no_later_meeting(house, now, case):
    item = world.item(house, case, now)
    for typed, why in (({"text": " "}, "Skriv hva"), ({"returns_in": case}, "senere møte")):
        with pytest.raises(FollowUpError, match=why):
            services.mend(item, typed, by=house.secretary, at=now)


@pytest.mark.requirement("R133")
def test_the_owner_tells_and_the_secretariat_closes(house, now, case):
    item = world.item(house, case, now, world.own(OwnerKind.ORGANISATION, house.partner))
    services.report(item, "Utkastet er på høring.", is_done=False, seen=None, by=house.partner_signatory, at=now)
    first = item.steps.get()
    services.report(item, "Ferdig.", is_done=True, seen=first.pk, by=house.partner_signatory, at=now)
    item.refresh_from_db()
    assert item.state == State.DONE
    done = item.steps.latest("pk")
    with pytest.raises(FollowUpConflictError, match="lukket"):
        services.report(item, "Mer.", is_done=False, seen=done.pk, by=house.partner_signatory, at=now)
    services.settle(item, State.OPEN, "Mangler vedlegg.", seen=done.pk, by=house.secretary, at=now)
    opened = item.steps.latest("pk")
    services.settle(item, State.DROPPED, "SSU trengte det ikke.", seen=opened.pk, by=house.secretary, at=now)
    item.refresh_from_db()
    assert item.state == State.DROPPED
    assert [step.sentence for step in item.steps.all()] == [
        "Utkastet er på høring.",
        "Ferdig.",
        "Mangler vedlegg.",
        "SSU trengte det ikke.",
    ]
    acts = ["made", "reported", "done", "opened", "dropped"]
    assert acts_of(item) == [f"follow_up.{act}" for act in acts]


def test_nothing_is_told_without_a_sentence_or_over_what_others_told(house, now, case):
    item = world.item(house, case, now)
    with pytest.raises(FollowUpError, match="Skriv en setning"):
        services.report(item, "  ", is_done=True, seen=None, by=house.secretary, at=now)
    services.report(item, "I gang.", is_done=False, seen=None, by=house.secretary, at=now)
    with pytest.raises(FollowUpConflictError, match="I gang"):
        services.settle(item, State.DROPPED, "Bort.", seen=None, by=house.hospital_secretary, at=now)


def test_who_owns_an_item_reads_nothing_of_an_application_that_is_not_told(house):
    _meeting, cases, at = meetings.list_meeting(house)
    factories.affiliation(house.nobody, house.far_municipality, from_date=local_date(at))
    for case in cases:
        FollowUpItem.objects.create(
            case=case,
            text="Prosjektet får 450 000 kr.",
            owner_kind=OwnerKind.PERSON,
            owner_person=house.nobody,
            created_by=house.secretary,
            created_at=at,
        )
    assert not visible_items(standing_at(house.nobody, at)).exists()
    type(cases[0].application).objects.update(announced_at=at)
    assert visible_items(standing_at(house.nobody, at)).count() == len(cases)
