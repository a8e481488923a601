"""A round whose SSU has met: one application a resolution, minutes adopted, nothing told yet."""

from dataclasses import dataclass, field
from typing import Any

from applications.models import Application, Contact, Partner, PartnerRole
from applications.workflow import Status
from evaluation.assessment.documents import PRIORITY_LIST
from evaluation.assessment.models import PriorityList, Recommendation
from evaluation.decisions.services import letters
from evaluation.meetings.models import Case, Meeting, MeetingStatus, Resolution
from tests import documents, factories, stages
from tests.world import NOW

GRANT_LINES = ((2024, 300_000), (2025, 700_000))


@dataclass
class World:
    home: Any
    round: Any
    meeting: Any
    priority_list: Any
    applications: list[Any] = field(default_factory=list)


def snapshot(title, lines=GRANT_LINES):
    """The least of a sent version that later rooms read."""
    return {
        "title": title,
        "round": {"title": "Runden"},
        "community": "Helsefellesskapet",
        "owner_body": "",
        "requested_amount": 1_000_000,
        "partners": [],
        "sections": [],
        "attachments": [],
        "benefits": [
            {
                "position": 0,
                "benefit": "Kortere reisetid",
                "measure": "Reisetid",
                "unit": "timer",
                "baseline": "12",
                "target": "4",
            },
            {
                "position": 1,
                "benefit": "Tryggere pasienter",
                "measure": "",
                "unit": "",
                "baseline": None,
                "target": None,
            },
            {"position": 2, "benefit": "", "measure": "", "unit": "", "baseline": None, "target": None},
        ],
        "budget": {"lines": [{"year": year, "source": "grant", "amount": amount} for year, amount in lines]},
    }


def application(home, round_, title="Samhandlingsrommet", status=Status.PRIORITISED, **fields):
    """A sent application of the lead municipality and the trust, with a contact each."""
    made = Application.objects.create(
        response=factories.response(),
        round=round_,
        community=home.community,
        status=status,
        title=title,
        requested_amount=1_000_000,
        created_by=home.applicant,
        created_at=NOW,
        updated_at=NOW,
        submitted_at=NOW,
        receipt="TO-2024-1",
        **fields,
    )
    stages.enter(made, NOW)
    for position, (organisation, role) in enumerate([(home.lead, PartnerRole.LEAD), (home.trust, PartnerRole.PARTNER)]):
        partner = Partner.objects.create(application=made, organisation=organisation, role=role, position=position)
        Contact.objects.create(partner=partner, name="Kontakt", email=f"kontakt-{role}@example.org")
    documents.submission(made, snapshot(title), at=NOW)
    return made


def adopted(
    home, outcomes=(("granted", 1_000_000),), name="troms-ofoten-2024", status=MeetingStatus.ADOPTED, parts=None
):
    """A meeting of the SSU that has resolved these outcomes, an application each; ``parts`` of the round's file."""
    round_ = factories.round_of(factories.changed(factories.definition(name), **(parts or {})), at=NOW)
    meeting = Meeting.objects.create(body=home.ssu, starts_at=NOW, location="Teams", status=status, created_at=NOW)
    stage = round_.stages.get(code=round_.spec.deciding_stage.code)
    priority_list = PriorityList.objects.create(
        round=round_,
        stage=stage,
        community=home.community,
        frozen_at=NOW,
        frozen_by=home.secretary,
        document=documents.frozen(
            PRIORITY_LIST, f"{round_.code}/{stage.code}", {"name": "SSU"}, tenant=home.community, at=NOW
        ),
    )
    world = World(home, round_, meeting, priority_list)
    for number, (outcome, amount) in enumerate(outcomes, start=1):
        world.applications.append(resolved(world, number, outcome, amount))
    return world


def approve(letter, by):
    """Look at the letter and approve it."""
    letters.look(letter, by=by, at=NOW)
    letters.approve(letter, by=by, at=NOW)


def resolved(world, number, outcome, amount):
    """One more application with its resolution in the world's meeting."""
    home = world.home
    made = application(home, world.round, title=f"Prosjekt {number}")
    recommendation = Recommendation.objects.create(
        priority_list=world.priority_list,
        application=made,
        rank=number,
        outcome=outcome,
        amount=amount,
        reason="Innstillingens begrunnelse.",
        conditions="Rapporter hvert halvår.",
        updated_by=home.secretary,
        updated_at=NOW,
    )
    case = Case.objects.create(
        body=home.ssu,
        year=2025,
        number=number,
        meeting=world.meeting,
        position=number,
        title=made.title,
        application=made,
        priority_list=world.priority_list,
        recommendation=recommendation,
        created_at=NOW,
    )
    Resolution.objects.create(
        case=case,
        text=f"SSU vedtar punkt {number}.",
        outcome=outcome,
        amount=amount,
        reason="Utvalgets begrunnelse.",
        conditions="Rapporter hvert halvår." if amount else "",
        adopted_by=home.chair,
        adopted_at=NOW,
    )
    return made
