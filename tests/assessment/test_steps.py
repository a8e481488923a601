"""The next step of each secretariat at every stage, as a table of stage × person."""

from datetime import timedelta

import pytest

from applications.services import correcting
from evaluation.assessment.services import (
    admission,
    assessing,
    assigning,
    declaring,
    forwarding,
    freezing,
    prioritising,
)
from evaluation.meetings.services import from_list, planning
from portal.clock import local_date
from portal.rooms import tasks_of
from rounds.outcomes import Outcome
from tests.assessment import world
from tests.habilitet import decide_about

pytestmark = pytest.mark.django_db

PEOPLE = ("secretary", "hospital_secretary", "regional_secretary", "far_secretary")
# What has just happened, and what the secretariat at home and the region's then see; the far one sees nothing.
TABLE = [
    ("sent", ["Kontroller 1 søknad"], []),
    ("returned", [], []),
    ("not_corrected", ["1 rettelse kom ikke innen fristen"], []),
    ("corrected", ["Kontroller 1 søknad"], []),
    ("admitted", ["Fordel 1 søknad til vurdering"], []),
    ("assigned", [], []),
    ("overdue", ["1 vurdering er over fristen"], []),
    ("delivered", ["Sett opp listen"], []),
    ("set_up", ["Skriv innstilling for 1 søknad"], []),
    ("recommended", ["Registrer at godkjenning og vurdering er gjort"], []),
    ("recorded", ["Lås prioriteringen"], []),
    ("frozen", ["Oversend listen"], []),
    ("forwarded", [], ["Fordel 1 oversendt søknad til vurdering"]),
    ("region_assigned", [], []),
    ("region_delivered", [], ["Sett opp listen"]),
    ("region_set_up", [], ["Skriv innstilling for 1 søknad"]),
    ("region_recommended", [], ["Registrer at vurdering er gjort"]),
    ("region_recorded", [], ["Lås prioriteringen"]),
    ("region_frozen", [], ["Sett listen opp i et møte"]),
    ("put_up", [], []),
]
STAGES = [stage for stage, _home, _region in TABLE]


class Story:
    """One application from its arrival to the regional meeting's agenda, an act at a time."""

    def __init__(self, house, northern, local, regional, at):
        self.house, self.northern, self.local, self.regional, self.at = house, northern, local, regional, at

    def sent(self):
        self.application = world.sent(self.house, self.northern, self.at, status="submitted")

    def returned(self):
        due_at = self.at + timedelta(days=2)
        correcting.request_correction(
            self.application, ["plan"], "Mangler.", due_at, by=self.house.secretary, at=self.at
        )

    def not_corrected(self):
        self.at += timedelta(days=2)

    def corrected(self):
        self.application.correction_requests.update(answered_at=self.at)
        self.application.status = "submitted"
        self.application.save()
        world.freeze(self.application, self.at)

    def admitted(self):
        admission.admit(self.application, checklist={}, by=self.house.secretary, at=self.at)

    def assigned(self):
        self._assign(self.local, self.house.assessor, self.house.secretary)

    def overdue(self):
        self.at += timedelta(days=2)

    def delivered(self):
        self._deliver(self.local, self.house.assessor)

    def set_up(self):
        prioritising.set_up(self.local, by=self.house.secretary, at=self.at)

    def recommended(self):
        world.recommend(self.local, self.application, self.house.secretary, self.at, Outcome.GRANTED)

    def recorded(self):
        world.do_tasks(self.local, self.house.secretary, self.at)

    def frozen(self):
        self.list = freezing.freeze(self.local, by=self.house.secretary, at=self.at)

    def forwarded(self):
        forwarding.forward(self.local, by=self.house.secretary, at=self.at)
        self.application.refresh_from_db()

    def region_assigned(self):
        self._assign(self.regional, self.house.committee_member, self.house.regional_secretary)

    def region_delivered(self):
        self._deliver(self.regional, self.house.committee_member)

    def region_set_up(self):
        prioritising.set_up(self.regional, by=self.house.regional_secretary, at=self.at)

    def region_recommended(self):
        world.recommend(self.regional, self.application, self.house.regional_secretary, self.at)

    def region_recorded(self):
        world.do_tasks(self.regional, self.house.regional_secretary, self.at)

    def region_frozen(self):
        self.list = freezing.freeze(self.regional, by=self.house.regional_secretary, at=self.at)

    def put_up(self):
        boss, later = self.house.regional_secretary, self.at + timedelta(days=5)
        meeting = planning.plan(self.house.committee, starts_at=later, location="Bodø", by=boss, at=self.at)
        from_list.add_cases(meeting, self.list, by=boss, at=self.at)

    def _assign(self, turn, person, by):
        due = local_date(self.at) + timedelta(days=1)
        assigning.assign(self.application, turn, person, due_date=due, by=by, at=self.at)
        declaring.declare(self.application, has_tie=False, by=person, at=self.at)

    def _deliver(self, turn, person):
        draft = assessing.begin(self.application, turn, by=person, at=self.at)
        assessing.deliver(draft, turn, world.given(turn, 2), comment="", by=person, at=self.at)


def seen(person, at):
    rooms = {"assessment", "lists"}
    return [task.title for panel, panel_tasks in tasks_of(person, at) if panel.key in rooms for task in panel_tasks]


@pytest.mark.timeout(240)
def test_each_secretariat_is_led_to_its_next_step_and_the_page_opens(
    house, northern, local, regional, at, client, frozen_clock
):
    """One walk through all stages: what a stage's row expects is seen before the next stage's act is done."""
    story, saw = Story(house, northern, local, regional, at), {}
    for name in STAGES:
        getattr(story, name)()
        frozen_clock.move_to(story.at)
        saw[name] = {person: seen(getattr(house, person), story.at) for person in PEOPLE}
        for person in (house.secretary, house.regional_secretary):
            client.force_login(person)
            for _panel, tasks in tasks_of(person, story.at):
                for task in tasks:
                    assert (name, task.title, client.get(task.url).status_code) == (name, task.title, 200)
    expected = {name: dict(zip(PEOPLE, (home, home, region, []), strict=True)) for name, home, region in TABLE}
    assert saw == expected


def test_nobody_is_led_to_a_lock_that_is_refused(house, northern, local, application, secretary, at):
    other = world.sent(house, northern, at)
    prioritising.set_up(local, by=secretary, at=at)
    for item in (application, other):
        world.recommend(local, item, secretary, at)
    world.do_tasks(local, secretary, at)
    share, share_both = "Fordel 1 søknad til vurdering", "Fordel 2 søknader til vurdering"
    assert seen(secretary, northern.closes_at - timedelta(seconds=1)) == [share_both]
    decide_about(
        application, secretary, is_recused=True, ground="party", reason="Part.", by=house.hospital_secretary, at=at
    )
    assert (seen(secretary, at), seen(house.hospital_secretary, at)) == ([share], [share_both, "Lås prioriteringen"])
