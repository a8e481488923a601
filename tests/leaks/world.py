"""One case with words and figures of its own beside two plain ones, walked from the sending to the evaluation.

The same walk is made with other words and figures in the case. Whoever the case is closed to must not be able to tell
the two walks apart.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection

from applications.models import Application
from applications.services.submitting import submit
from evaluation.actions import services as following_up
from evaluation.actions.asks import Due
from evaluation.actions.models import OwnerKind
from evaluation.actions.queries.owners import Owner
from evaluation.assessment.models import Recommendation
from evaluation.assessment.services import admission, declaring, forwarding, freezing, prioritising
from evaluation.decisions.models import Decision, Letter, LetterBatch
from evaluation.decisions.services import deciding, letters
from evaluation.followup.services import accepting, reporting
from evaluation.followup.services.reporting import EvaluationOwner
from evaluation.meetings.models import Case, Meeting
from evaluation.meetings.services import (
    attachments,
    balloting,
    corrections,
    from_list,
    live,
    minutes,
    planning,
    resolving,
)
from portal.clock import local_date
from portal.communities.models import Right, SeatRole, Side
from portal.files.models import StoredFile
from rounds.models import Round
from rounds.outcomes import Outcome
from tests import factories
from tests.applications import world as applications_world
from tests.assessment import world as assessments
from tests.followup import world as followup_world
from tests.habilitet import decide_about
from tests.meetings.world import line

TITLE = "Det stengte prosjektet"


@dataclass(frozen=True)
class Secret:
    """What is said of the closed case and nowhere else: by the applicants, and by those who handle it."""

    word: str
    asked: int
    inside: str
    granted: int
    points: str
    votes_against: int


SECRETS = (
    Secret("kvernsteinlyng", 713_117, "bergskrinnhauk", 713_113, "3", 0),
    Secret("tordenskjoldfjær", 822_229, "myrullsnippe", 711_013, "2", 1),
)
# Sent with the same words, and handled with others: what those who applied must not be able to tell.
HANDLED_OTHERWISE = Secret(
    SECRETS[0].word,
    SECRETS[0].asked,
    SECRETS[1].inside,
    SECRETS[1].granted,
    SECRETS[1].points,
    SECRETS[1].votes_against,
)


@dataclass
class World:
    """The house with the persons to whom the case is closed, and the walk so far."""

    home: Any
    round: Any
    secret: Secret
    at: datetime
    closed: Any = None
    plain: list[Any] = field(default_factory=list)
    meeting: Any = None

    @property
    def local(self):
        return assessments.turn(self.round, "community", self.home.community)

    @property
    def regional(self):
        return assessments.turn(self.round, "region")


def reset_sequences():
    """Begin the numbers of new rows after those that are there, so that two walks get the same."""
    statements = connection.ops.sequence_reset_sql(no_style(), apps.get_models())
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def people(home):
    """The persons to whom the case is closed, beside those of the house who handle it."""
    home.inhabil_boss = factories.user("Inge Inhabil", email="inge@example.org")
    home.undecided_boss = factories.user("Ulf Undecided", email="ulf@example.org")
    home.colleague = factories.user("Kari Colleague", email="kari@example.org")
    for boss in (home.inhabil_boss, home.undecided_boss, home.colleague):
        factories.seat(home.regional_secretariat, boss, Side.OTHER, right=Right.SPEAK)
    home.inhabil_member = factories.user("Ida Inhabil", email="ida@example.org")
    home.plain_members = [factories.user(f"Plain {number}", email=f"p{number}@example.org") for number in range(3)]
    for person in (home.inhabil_member, *home.plain_members):
        factories.seat(home.committee, person, Side.HOSPITAL, organisation=home.trust)
    factories.seat(home.committee, home.vice_chair, Side.HOSPITAL, role=SeatRole.VICE_CHAIR)
    return home


# Who reads which rooms at the stage. A room is read where it has changed, and by those whose work it is.
READS = {
    "sent": {"hospital_secretary": ("portal", "rounds", "applications", "assessment")},
    "assessed": {"hospital_secretary": ("portal", "assessment")},
    "forwarded": {"hospital_secretary": ("assessment",)},
    "assessed in the region": {"undecided_boss": ("portal", "assessment")},
    "called": {},
    "ballot": {"committee_chair": ("meetings",), "inhabil_member": ("portal", "meetings")},
    "resolved": {"inhabil_member": ("meetings",)},
    "allocation": {"committee_chair": ("meetings",), "inhabil_boss": ("meetings", "leading")},
    "minutes": {"inhabil_member": ("meetings",), "inhabil_boss": ("meetings", "leading")},
    "letter": {
        "inhabil_boss": ("portal", "assessment", "meetings", "actions", "decisions"),
        "inhabil_member": ("actions",),
    },
    "followed up": {
        "inhabil_boss": ("portal", "rounds", "decisions", "followup", "reporting"),
        "hospital_secretary": ("portal", "meetings", "leading", "followup", "reporting"),
    },
}
APPLICANTS_READ = {
    stage: {"applicant": ("portal", "applications", "followup")} if stage in {"forwarded", "minutes", "letter"} else {}
    for stage in READS
}
CLOSED_TO = ("hospital_secretary", "inhabil_boss", "undecided_boss", "committee_chair", "inhabil_member")
APPLIED = ("applicant", "signatory")


def walk(home, round_, secret, clock):
    """The stages of the walk by name, each with the world as it is then."""
    # Read again: what the walk before has done with its rows is rolled back.
    round_ = Round.objects.get(pk=round_.pk)
    world = World(home, round_, secret, applications_world.open_moment(round_))
    for name, step in STEPS:
        clock.move_to(world.at)
        step(world)
        clock.move_to(world.at)
        yield name, world


# --- the steps --------------------------------------------------------------------------------------


def send(world):
    """The closed case is sent in full, the plain ones in short; then it is closed to those it is closed to."""
    home, secret = world.home, world.secret
    draft = applications_world.draft(home, world.round, title=TITLE)
    applications_world.answer_all(draft, world.at)
    for question in world.round.spec.questions:
        if question.type == "long_text":
            applications_world.set_answer(draft, question.code, f"Vi vil {secret.word}.", at=world.at)
    benefit = applications_world.add_benefit(draft, benefit=f"Nytte {secret.word}", target=str(secret.asked % 97))
    assert benefit
    applications_world.add_budget(draft, secret.asked)
    draft.budget_lines.update(description=secret.word)
    applications_world.add_attachments(draft, world.at)
    draft = Application.objects.get(pk=draft.pk)
    applications_world.sign_all(home, draft, world.at)
    submit(Application.objects.get(pk=draft.pk), by=home.applicant, at=world.at)
    world.closed = Application.objects.get(pk=draft.pk)
    world.at = world.round.closes_at + timedelta(hours=9)
    for number in (1, 2):
        other = assessments.sent(home, world.round, world.at, title=f"Plain {number}", created_by=home.co_applicant)
        world.plain.append(other)
    words = {"is_recused": True, "ground": "party", "reason": "Part."}
    for role in CLOSED_TO:
        person = getattr(home, role)
        if role == "undecided_boss":
            declaring.declare(world.closed, has_tie=True, ground="party", explanation="Part.", by=person, at=world.at)
        else:
            decide_about(world.closed, person, **words, by=home.secretary, at=world.at)


def assess(world):
    """Admitted, scored and put on the list of the helsefellesskap."""
    home, at = world.home, world.at
    admission.admit(world.closed, checklist={"items": [], "gates": {}}, by=home.secretary, at=at)
    _score(world, world.local, home.fsu_leader, home.secretary)
    _recommend(world, world.local, home.secretary)


def _score(world, turn, assessor, officer):
    inside = world.secret.inside
    for application, points in ((world.closed, world.secret.points), *((other, "1") for other in world.plain)):
        application.refresh_from_db()
        reason = inside if application == world.closed else "Greit."
        assessments.deliver(application, turn, assessor, world.at, Decimal(points), by=officer, reason=reason)


def _recommend(world, turn, officer):
    at, secret = world.at, world.secret
    prioritising.set_up(turn, by=officer, at=at)
    words = {"considerations": f"Helheten tåler {secret.inside}."}
    prioritising.consider(turn, texts=words, by=officer, at=at)
    for application in (world.closed, *world.plain):
        is_closed = application == world.closed
        assessments.recommend(
            turn,
            application,
            officer,
            at,
            outcome=Outcome.PARTLY_GRANTED if is_closed else Outcome.GRANTED,
            amount=secret.granted - 1_000 if is_closed else None,
            reason=secret.inside if is_closed else "Svarer godt.",
            conditions=secret.inside if is_closed else "",
        )


def lock(world):
    """The list locked, opened again, locked and forwarded to the region."""
    home, at = world.home, world.at
    assessments.do_tasks(world.local, home.secretary, at)
    freezing.freeze(world.local, by=home.secretary, at=at)
    freezing.unlock(world.local, reason="Mer tid.", by=home.secretary, at=at)
    freezing.freeze(world.local, by=home.secretary, at=at)
    forwarding.forward(world.local, by=home.secretary, at=at)


def assess_in_region(world):
    """Scored and put on the list of the region."""
    _score(world, world.regional, world.home.committee_member, world.home.regional_secretary)
    _recommend(world, world.regional, world.home.regional_secretary)


def put_up(world):
    """The list of the region locked, and its cases on an agenda that is called."""
    home, at = world.home, world.at
    boss = home.regional_secretary
    assessments.do_tasks(world.regional, boss, at)
    freezing.freeze(world.regional, by=boss, at=at)
    priority_list = Recommendation.objects.get(
        application=world.closed, priority_list__stage=world.regional.stage
    ).priority_list
    meeting = planning.plan(home.committee, starts_at=at + timedelta(hours=2), location="Teams", by=boss, at=at)
    from_list.add_cases(meeting, priority_list, by=boss, at=at)
    for case in (case_of(world.closed), allocation()):
        words = {"name": f"{world.secret.inside}.pdf", "content_type": "application/pdf", "sha256": "0" * 64}
        stored = StoredFile.objects.create(**words, size=9, stored_at=at)
        attachments.add(case, stored, title=world.secret.inside, by=boss, at=at)
    planning.call(meeting, by=boss, at=at)
    world.meeting = Meeting.objects.get(pk=meeting.pk)


def vote(world):
    """The meeting is set, and the ballot on the closed case is open."""
    home = world.home
    boss = home.regional_secretary
    world.at += timedelta(hours=2)
    live.open_meeting(world.meeting, on_day=local_date(world.at), by=boss, at=world.at)
    live.go_to(world.meeting, case_of(world.plain[0]), by=boss, at=world.at)
    for person in (*voters(home), home.committee_chair, home.inhabil_member):
        live.arrive(line(world.meeting, person), by=person, at=world.at)
    case = case_of(world.closed)
    live.go_to(world.meeting, case, by=boss, at=world.at)
    ballot = balloting.open_ballot(
        case,
        proposal=f"1. Utvalget gir {world.secret.granted} kr til {world.secret.inside}.",
        outcome=Outcome.PARTLY_GRANTED,
        amount=world.secret.granted,
        by=boss,
        at=world.at,
    )
    against = home.plain_members[: world.secret.votes_against]
    for person in voters(home):
        balloting.cast(ballot, choice="against" if person in against else "for", by=person, at=world.at)


def voters(home):
    """Those who vote in the closed case."""
    return (home.vice_chair, home.committee_member, *home.plain_members)


def case_of(application):
    """The case of the application in the meeting of the region."""
    return Case.objects.get(application=application)


def resolve(world):
    """The ballot closed and the resolution entered; the closed case is still on the screens."""
    boss = world.home.regional_secretary
    case = case_of(world.closed)
    ballot = balloting.close_ballot(case.ballots.get(), by=boss, at=world.at)
    resolving.adopt_ballot(ballot, reason=f"Fordi {world.secret.inside}.", by=boss, at=world.at)


def allocate(world):
    """The other cases decided; the allocation as a whole is on the screens."""
    boss = world.home.regional_secretary
    for application in world.plain:
        case = case_of(application)
        live.go_to(world.meeting, case, by=boss, at=world.at)
        resolving.adopt_as_proposed(case, by=boss, at=world.at)
    live.go_to(world.meeting, allocation(), by=boss, at=world.at)


def allocation():
    """The case of the list as a whole."""
    return Case.objects.get(priority_list__isnull=False, application=None)


def close(world):
    """The allocation decided, the meeting closed, and the resolution corrected; the minutes are a draft."""
    boss = world.home.regional_secretary
    resolving.adopt_as_proposed(allocation(), by=boss, at=world.at)
    live.close_meeting(world.meeting, by=boss, at=world.at)
    resolution = case_of(world.closed).resolution
    words = {"text": resolution.text, "reason": f"{resolution.reason} Og {world.secret.inside}."}
    corrections.correct(resolution, **words, why=f"Om {world.secret.inside}.", by=boss, at=world.at)


def prepare(world):
    """The minutes adopted, the decisions registered, and the letters approved but not sent."""
    boss = world.home.regional_secretary
    world.meeting.refresh_from_db()
    minutes.adopt(world.meeting.minutes, by=boss, at=world.at)
    world.meeting.refresh_from_db()
    # What is asked for in the closed case, and in another.
    for case in (case_of(world.closed), case_of(world.plain[0])):
        asked = world.secret.inside if case.application_id == world.closed.pk else "Legg frem en plan."
        owner, due = Owner(OwnerKind.SECRETARIAT), Due(local_date(world.at) + timedelta(days=3))
        following_up.add(case, following_up.NewItem(case.pk, "1", asked, owner, due), by=boss, at=world.at)
    deciding.decide_from_minutes(world.meeting, by=boss, at=world.at)
    for decision in Decision.objects.in_force().order_by("application__title"):
        letter = letters.prepare(decision, by=boss, at=world.at)
        letters.look(letter, by=world.home.colleague, at=world.at)
        letters.approve(Letter.objects.get(pk=letter.pk), by=world.home.colleague, at=world.at)
    # A ZIP that was packed before the person was found to be inhabil.
    batch = LetterBatch.objects.create(round=world.round, started_by=world.home.inhabil_boss, started_at=world.at)
    batch.letters.set(Letter.objects.all())
    for letter in batch.letters.all():
        letters.make_batch_pdf(batch_id=batch.pk, letter_id=letter.pk, at=world.at)
    letters.make_zip(batch_id=batch.pk, at=world.at)


def follow(world):
    """The letter sent, the award accepted, and the evaluation sent: a case in the next meeting of the region."""
    home, boss = world.home, world.home.regional_secretary
    letter = Letter.objects.get(decision__application=world.closed)
    letters.send(letter, by=boss, at=world.at)
    body = world.round.report_body(home.community)
    planning.plan(body, starts_at=world.at + timedelta(days=30), location="Teams", by=boss, at=world.at)
    decision = Decision.objects.get(application=world.closed)
    acceptance = accepting.accept(
        decision,
        account_number="86011117947",
        planned_start_date=local_date(world.at) + timedelta(days=5),
        responsible_name=world.secret.inside,
        responsible_email="leder@example.org",
        by=home.signatory,
        at=world.at,
        **({"adjustment": world.secret.inside} if accepting.needs_adjustment(decision) else {}),
    )
    report = accepting.record_start(acceptance, local_date(world.at), by=home.applicant, at=world.at)
    owner = EvaluationOwner(report)
    answers = {question.code: world.secret.inside for question in owner.form.questions if question.type != "file"}
    measured = {
        row["position"]: {"actual_text": world.secret.inside} for row in reporting.planned_benefits(world.closed)
    }
    spent = world.secret.granted - 107
    followup_world.write(report, home.applicant, answers=answers, measured=measured, spent=spent)
    reporting.submit(report, by=home.applicant, at=world.at)


STEPS = (
    ("sent", send),
    ("assessed", assess),
    ("forwarded", lock),
    ("assessed in the region", assess_in_region),
    ("called", put_up),
    ("ballot", vote),
    ("resolved", resolve),
    ("allocation", allocate),
    ("minutes", close),
    ("letter", prepare),
    ("followed up", follow),
)
