"""An allocation tells nobody of an application that is closed to the person; nor do the minutes before the letter."""

import pytest
from django.urls import reverse

from applications.services.status import announce
from evaluation.assessment.habilitet import Ground
from evaluation.meetings import papers
from evaluation.meetings.models import Case, Meeting
from evaluation.meetings.queries.papers import paper_page
from evaluation.meetings.services import from_list, live, minutes, planning, resolving
from evaluation.meetings.services.locking import MeetingError
from portal.clock import local_date
from portal.communities.queries import standing_at
from tests.habilitet import decide_about
from tests.harness import worlds
from tests.meetings import world

pytestmark = [pytest.mark.django_db, pytest.mark.fault("A3")]

DECISION = {"is_recused": True, "ground": Ground.OTHER, "reason": "Søsken."}


@worlds.world
def allocation(house):
    """A meeting on the allocation of two applications; the chair and one secretary are inhabil in the first.

    Gives the meeting, the cases, and the time.
    """
    meeting, cases, at = world.list_meeting(house)
    for person in (house.chair, house.hospital_secretary):
        decide_about(cases[0].application, person, **DECISION, by=house.secretary, at=at)
    planning.call(meeting, by=house.secretary, at=at)
    live.open_meeting(Meeting.objects.get(pk=meeting.pk), on_day=local_date(at), by=house.secretary, at=at)
    for person in world.everybody(house):
        live.arrive(world.line(meeting, person), by=person, at=at)
    live.go_to(meeting, cases[-1], by=house.vice_chair, at=at)
    return meeting, [Case.objects.get(pk=case.pk) for case in cases], at


@pytest.fixture
def on_the_day(allocation, frozen_clock):
    frozen_clock.move_to(allocation[2])


def resolve(house, meeting, cases, at):
    """All cases resolved as proposed, and the meeting closed."""
    for case in cases:
        live.go_to(meeting, case, by=house.vice_chair, at=at)
        resolving.adopt_as_proposed(Case.objects.get(pk=case.pk), by=house.vice_chair, at=at)
    live.close_meeting(Meeting.objects.get(pk=meeting.pk), by=house.vice_chair, at=at)


def test_the_text_for_one_who_reads_a_part_names_no_sum():
    shares = [papers.Share("Prosjekt 2", 450_000)]
    assert papers.allocation_without("SSU", shares) == (
        "1. SSU fordeler midlene slik:\n   a) Prosjekt 2: 450\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}kr\n"
        "2. SSU ber sekretariatet sende tilskuddsbrev og avslagsbrev."
    )
    assert papers.allocation_without("SSU", []).startswith("1. SSU fordeler midlene slik den prioriterte listen viser.")


def test_the_list_tells_no_place_of_what_is_closed_nor_the_others_from_which_it_follows(
    house, allocation, on_the_day, sign_in
):
    """M14: the row of the closed application said «Nr. 1»."""
    _meeting, cases, _at = allocation
    url = reverse("meetings:case", args=[cases[-1].pk])

    def read(person):
        page = sign_in(person).get(url)
        rows = [row.recommendation.application_id for row in page.context["shown"]]
        return rows, page.content.decode().count('data-label="Nr."')

    first, second = (case.application_id for case in cases[:2])
    assert read(house.member) == ([first, second], 2)
    assert read(house.chair) == ([second, first], 0)


def test_the_paper_is_written_for_its_reader(house, allocation, on_the_day, sign_in):
    meeting, cases, at = allocation
    whole = Case.objects.select_related("paper", "meeting__body").get(pk=cases[-1].pk)
    page = paper_page(whole, standing_at(house.chair, at))
    assert (page.sections, page.closed) == ([], {cases[0].application_id})
    assert [point.letters for point in page.proposal] == [
        ("Prosjekt 2: 450\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}kr",),
        (),
    ]
    assert page.proposal[0].text == f"{house.ssu.name} fordeler midlene slik:"
    assert len(paper_page(whole, standing_at(house.member, at)).sections) == 3
    client = sign_in(house.chair)
    for name in ("room", "projector"):
        shown = client.get(reverse(f"meetings:{name}", args=[meeting.pk])).content.decode()
        assert (
            "Prosjekt 2: 450\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}kr" in shown,
            "900\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}kr" in shown,
        ) == (True, False)
    assert (
        "900\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}kr"
        in sign_in(house.member).get(reverse("meetings:room", args=[meeting.pk])).content.decode()
    )


def test_who_reads_a_part_neither_writes_nor_leads_the_whole(house, allocation, on_the_day, sign_in):
    _meeting, cases, at = allocation
    whole = cases[-1]
    for person in (house.chair, house.hospital_secretary):
        client = sign_in(person)
        for name in ("edit_paper", "open_ballot", "resolve", "postpone"):
            if (person, name) != (house.chair, "edit_paper"):
                assert (name, client.get(reverse(f"meetings:{name}", args=[whole.pk])).status_code) == (name, 403)
        for act in (
            lambda by: from_list.rewrite_allocation(whole, by=by, at=at),
            lambda by: planning.write_paper(whole, texts={"proposal": "1. Alt."}, by=by, at=at),
            lambda by: resolving.postpone(whole, reason="Mer tid.", by=by, at=at),
        ):
            with pytest.raises(MeetingError, match="inhabil i en sak på listen"):
                act(person)
    postponed = resolving.postpone(whole, reason="Mer tid.", by=house.vice_chair, at=at).case
    later = world.planned(house, at)
    with pytest.raises(MeetingError, match="inhabil i en sak på listen"):
        planning.take_up_again(Case.objects.get(pk=postponed.pk), later, by=house.hospital_secretary, at=at)
    client = sign_in(house.hospital_secretary)
    assert client.post(reverse("meetings:take_up_again", args=[later.pk]), {"case": whole.pk}).status_code == 403


def test_minutes_open_when_the_letter_is_sent(house, allocation, on_the_day, sign_in):
    meeting, cases, at = allocation
    resolve(house, meeting, cases, at)
    record = Meeting.objects.get(pk=meeting.pk).minutes
    with pytest.raises(MeetingError, match="En annen må skrive merknadene"):
        minutes.write_remarks(record, texts={"remarks": "Merknad."}, by=house.chair, at=at)
    page, remarks = (reverse(f"meetings:{name}", args=[meeting.pk]) for name in ("minutes", "write_remarks"))
    assert sign_in(house.chair).post(remarks, {"remarks": "Merknad."}).status_code == 403
    minutes.write_remarks(record, texts={"remarks": "Om Prosjekt 1."}, by=house.secretary, at=at)
    minutes.adopt(record, by=house.secretary, at=at)
    files = [
        reverse("meetings:minutes_pdf", args=[meeting.pk]),
        reverse("meetings:extract_pdf", args=[cases[0].pk]),
        reverse("meetings:extract_pdf", args=[cases[-1].pk]),
    ]
    client = sign_in(house.chair)
    shown = client.get(page).content.decode()
    assert shown.count("Saken er stengt for deg. Teksten åpnes når brevet til søkerne er sendt.") == 2
    assert (
        "900\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}kr" in shown,
        "Om Prosjekt 1." in shown,
        "Prosjekt 2" in shown,
    ) == (False, False, True)
    assert [client.get(file).status_code for file in files] == [403, 403, 403]
    announce(cases[0].application, by=house.secretary, at=at)
    shown = client.get(page).content.decode()
    assert (
        "900\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}kr" in shown,
        "Om Prosjekt 1." in shown,
        "stengt for deg" in shown,
    ) == (True, True, False)
    # The job has not made the PDF yet.
    assert client.get(files[0]).status_code == 302
