"""What the log calls that which its entries are about: only what the reader may open."""

import pytest
from django.urls import reverse

from applications.models import Application
from applications.workflow import Status
from evaluation.decisions.services.deciding import decide_from_minutes
from evaluation.meetings.models import Case
from evaluation.meetings.queries.log_names import names_of
from portal.communities.queries import standing_at
from portal.journal.models import LogEntry
from tests.applications import world as applications
from tests.decisions.world import adopted
from tests.habilitet import decide_about
from tests.harness import worlds
from tests.logged import record
from tests.meetings.world import ballot_on, in_session
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


@worlds.world
def made(house):
    """A meeting whose only case became a decision."""
    world = adopted(house)
    decide_from_minutes(world.meeting, by=house.secretary, at=NOW)
    return world


def names_for(person, *rows):
    subjects = {row._meta.label_lower: {str(row.pk)} for row in rows}
    named = names_of(subjects, standing_at(person, NOW))
    return [named.get((row._meta.label_lower, str(row.pk))) for row in rows]


def lines_of(client):
    days = client.get(reverse("portal:log")).context["days"]
    return [line for _day, of_day in days for line in of_day]


def test_case_meeting_and_round_are_named_with_their_addresses(house, made):
    application, case = Application.objects.get(), Case.objects.get(application__isnull=False)
    told = names_for(house.secretary, application, case, made.meeting, made.round, house.ssu, house.lead, house.member)
    assert [name.name for name in told[:4]] == [
        application.title,
        f"Sak {case.reference}: {case.title}",
        f"Møte i {made.meeting.body.name} 10.02.2025",
        made.round.title,
    ]
    assert [name.name for name in told[4:]] == [house.ssu.name, house.lead.name, house.member.name]
    assert told[0].url == reverse("assessment:detail", args=[application.code])


def test_every_address_in_the_log_opens(house, sign_in):
    _meeting, case = in_session(house, NOW)
    ballot_on(house, case, NOW)
    client = sign_in(house.secretary)
    addresses = {line.about.url for line in lines_of(client) if line.about}
    assert case.get_absolute_url() in addresses
    assert {address: client.get(address).status_code for address in addresses} == dict.fromkeys(addresses, 200)


def test_outsiders_get_no_names(house, made):
    rows = Application.objects.get(), Case.objects.get(application__isnull=False), made.meeting
    assert names_for(house.far_secretary, *rows) == [None, None, None]


def test_draft_that_is_not_sent_has_no_name(house, made):
    assert names_for(house.secretary, applications.draft(house, made.round, at=NOW)) == [None]


def test_what_is_closed_to_the_person_has_no_name_and_no_line(house, made, sign_in):
    application = Application.objects.get()
    words = {"is_recused": True, "ground": "other", "reason": "Gift med leder.", "by": house.hospital_secretary}
    decide_about(application, house.secretary, **words, at=NOW)
    assert names_for(house.secretary, application) == [None]
    assert application.title not in sign_in(house.secretary).get(reverse("portal:log")).content.decode()
    assert application.title in sign_in(house.hospital_secretary).get(reverse("portal:log")).content.decode()


def test_ballot_is_named_by_its_case(house):
    _meeting, case = in_session(house, NOW)
    (told,) = names_for(house.secretary, ballot_on(house, case, NOW))
    assert told.name == f"Sak {case.reference}: {case.title}"


def test_the_log_has_no_line_about_a_draft_that_others_write(house, sign_in):
    draft = applications.whole(house, applications.real_round("helse-nord-2025"))
    applications.sign_all(house, draft, NOW)
    label = Application._meta.label_lower
    kept = LogEntry.objects.filter(subject_type=label, subject_id=str(draft.pk), act="application.signed")
    told = [line.entry for line in lines_of(sign_in(house.secretary))]
    assert (kept.exists(), [entry for entry in told if entry.subject_type == label]) == (True, [])
    Application.objects.filter(pk=draft.pk).update(status=Status.SUBMITTED, submitted_at=NOW)
    told = [line.entry for line in lines_of(sign_in(house.secretary))]
    assert set(kept) <= set(told)


def test_a_task_is_named_in_the_log(house, sign_in):
    record("priority.task_done", subject=house.ssu, by=None, at=NOW, community=house.community, task="approve")
    assert lines_of(sign_in(house.secretary))[0].sentence == "«Godkjenning» ble registrert som gjort."
