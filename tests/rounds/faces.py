"""What people and the process meet of a round file: each face is made from a definition alone, without a database."""

import dataclasses
import itertools
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string

from applications import budget, completeness, roster, snapshot
from applications.models import Application, Attachment
from applications.services import drafts
from evaluation.assessment.queries import board as boards
from evaluation.assessment.queries import board_warnings
from evaluation.assessment.services import freezing, prioritising
from evaluation.assessment.turn import Turn
from evaluation.decisions import letter_content
from evaluation.decisions.approval import needs_two
from evaluation.followup import reminders
from evaluation.followup.services import accepting
from evaluation.meetings import papers
from portal.clock import local_date
from portal.communities.models import Body, HealthCommunity, Organisation
from portal.errors import DomainError
from portal.files.uploads import MB
from rounds import fairness, queries, register, services
from rounds.answering import checks
from rounds.answering.services import files
from rounds.deadlines import deadline
from rounds.definition import RoundDefinition
from rounds.models import Frame, Round, Stage
from rounds.outcomes import PROPOSABLE
from rounds.queries import calendar_file
from rounds.views.call_page import call_page
from rounds.views.form_page import form_page
from tests.rounds.whole_definition import whole

NOW = datetime(2025, 2, 10, 9, tzinfo=UTC)
WHOLE = RoundDefinition.model_validate(whole())
# The page of a definition is kept by its digest; each probe is a definition of its own.
NUMBERS = itertools.count()


# --- the faces -------------------------------------------------------------------------------------------


def _round(spec):
    """The round as its page reads it, without a database."""
    dates = spec.dates
    made = Round(
        code=spec.code,
        title=spec.title,
        language=spec.language,
        announced_at=dates.announced,
        opens_at=dates.opens,
        closes_at=dates.closes,
        forward_by=dates.forward_by,
        published_at=NOW,
        definition_sha256=str(next(NUMBERS)),
        frame=Frame(
            code=spec.frame.code, year=spec.frame.year, amount=spec.frame.amount, provisional=spec.frame.provisional
        ),
    )
    made.__dict__["spec"] = spec
    return made


PARTS = ("_money", "_criteria", "_assessment", "_follow_up", "_contacts", "_documents", "_aside")


def page(spec):
    """The round's public page, as HTML."""
    made = _round(spec)
    context = {
        "round": made,
        "spec": spec,
        "page": call_page(made),
        "moments": queries.moments(made, NOW),
        "deadline": deadline(spec, made.closes_at),
        "phase": "open",
        "is_open": True,
    }
    context["decided_by"] = [(stage, []) for stage in context["page"].stages]
    shown = [render_to_string(f"rounds/{name}.html", context) for name in PARTS]
    words = context["page"]
    return [
        *shown,
        words.texts,
        words.notes,
        words.rules,
        spec.call.addressee,
        [item.title for item in words.documents],
    ]


def questions(spec):
    """The page with all the questions, as HTML."""
    context = {"round": _round(spec)}
    return [
        (
            section.number,
            section.code,
            section.title,
            render_to_string("rounds/_section_questions.html", {**context, "section": section}),
        )
        for section in form_page(spec)
    ] + [spec.form.title, spec.fill(spec.form.introduction)]


# Answers at the edges of what the whole definition allows, by the type of the question. Each is also left empty.
CHOICES = ["skropelige-eldre", "barn-og-unge", "kroniske-sykdommer"]
ANSWERS = {
    "short_text": ["x" * 101],
    "long_text": ["x" * 101],
    "number": [1, 9, 10],
    "money": [1, 9, 10],
    "yes_no": [{"value": True, "text": ""}, {"value": False, "text": ""}],
    "date": ["2025-02-11", "2030-01-01"],
    "many_choices": [{"values": ["operation"]}, {"values": CHOICES[:1]}, {"values": CHOICES}],
    "table": [[{"c": "2025-01-01", "d": ""}], [{"c": "", "d": "D"}]],
}


def answered(spec):
    """What the check says of each answer, and of the gate that the answer decides."""
    days = checks.Dates.at(NOW, spec.dates.closes)
    return [
        (question.code, [*checks.sentences(spec, question, value, days), *checks.gate_sentences(spec, question, value)])
        for question in spec.questions
        for value in ("", *ANSWERS.get(question.type, ()))
    ]


def timed(spec):
    """Whether the round is announced and open around the moments of the file, and until when each may send."""
    made, dates = _round(spec), WHOLE.dates
    around = (timedelta(days=-2), timedelta(minutes=-30), timedelta(minutes=30))
    moments = [moment + step for moment in (dates.announced, dates.opens, dates.closes) for step in around]
    communities = [HealthCommunity(code=item.community) for item in WHOLE.communities]
    return [made.phase_at(moment) for moment in moments], [made.closes_for(community) for community in communities]


def handled(spec):
    """What each stage asks of those who handle it there, what it can recommend, and what it sends on."""
    return list(_stages(spec))


def _stages(spec):
    made, community = _round(spec), HealthCommunity(pk=1, code="alle", name="Alle")
    for stage in spec.stages:
        turn = Turn(made, Stage(code=stage.code, deadline_at=stage.deadline), community)
        yield (
            turn.is_checked,
            turn.measures,
            [item.code for item in turn.judged],
            [item.code for item in boards.principles(turn)],
            turn.tasks,
            turn.due_date(NOW),
            turn.forward_by,
            prioritising.outcomes(turn),
            [freezing.goes_on(turn, outcome) for outcome in PROPOSABLE],
            board_warnings.caps(turn),
            list(board_warnings._too_few(1, 2, stage.assessors, "")),
        )


def uploaded(spec):
    """Which files are too large: one of each number of megabytes."""
    return [_refusal(files.store, spec, SimpleNamespace(size=size * MB), at=NOW) for size in range(1, 60)]


def begun(spec):
    """What is said to a body of another helsefellesskap that wants to own a project."""
    lead, other = SimpleNamespace(is_legal_entity=True), Body(community_id=2)
    start, round_ = drafts.start.__wrapped__, _round(spec)
    with pytest.MonkeyPatch.context() as patch:
        # The act reads the round from the database again.
        patch.setattr(drafts, "held", lambda _rounds: SimpleNamespace(get=lambda: round_))
        return _refusal(start, round_, HealthCommunity(pk=1), "Tittel", lead, by=None, at=NOW, owner_body=other)


def _refusal(service, *given, **more):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "store_upload", lambda _uploaded, at: at)
        try:
            service(*given, **more)
        except DomainError as refusal:
            return str(refusal)
    return ""


def followed(spec):
    """After how many months the evaluation of an award is due."""
    return accepting.months_of(SimpleNamespace(application=SimpleNamespace(round=_round(spec))))


def calendar(spec):
    """The calendar file."""
    return calendar_file(_round(spec), address="https://example.org/", now=NOW)


def warned(spec):
    """What the secretariat is told to look at."""
    return [problem.message for problem in spec.warnings]


def refused(spec):
    """Nothing to see here: ``probe`` takes this face to mean that the changed file is refused at that place."""
    raise NotImplementedError


def money(spec):
    """What the budget's own rules say of a budget at the edge of everything."""
    rules = budget.Rules.of(spec)
    lines = [
        budget.Line(2025, "travel", 500, "grant"),
        budget.Line(2099, "nothing", 500, "other"),
        budget.Line(2025, "travel", 500, "own", "in_kind"),
    ]
    return [dataclasses.asdict(rules), *budget.problems(lines, rules, 500), *budget.problems(lines, rules, 10**9)]


def approved(spec):
    """Whether another must approve a letter than the one who wrote it, in a secretariat of two."""
    return needs_two(spec.letters.approval or "", approvers=2)


def letter(spec):
    """Every kind of decision letter, to a municipality and to a private recipient."""
    return [
        _letter(spec, kind, lead) for kind in ("granted", "rejected", "postponed") for lead in ("municipality", "other")
    ]


class _NoEntries(list):
    """The stage entries of an application that no stage has had, as queries ask for them."""

    def select_related(self, *_names):
        return self

    order_by = select_related

    def last(self):
        return None


def _letter(spec, kind, lead_kind):
    lead = SimpleNamespace(name="Tromsø kommune", orgnr="940101808", kind=lead_kind)
    partner = SimpleNamespace(is_lead=True, organisation=lead, role="lead", name=lead.name)
    application = SimpleNamespace(
        round=SimpleNamespace(spec=spec),
        title="Prosjektet",
        code="A1",
        receipt="K1",
        owner_body=None,
        requested_amount=100,
        community=SimpleNamespace(name="Troms og Ofoten"),
        partners=SimpleNamespace(all=lambda: [partner]),
        # Assessed at no stage.
        stage_entries=_NoEntries(),
    )
    decision = SimpleNamespace(
        application=application,
        outcome=kind,
        get_outcome_display=lambda: kind,
        resolution=None,
        body=SimpleNamespace(name="SSU", tenant=Organisation(name="Helse Nord RHF")),
        reason="Fordi",
        amount=50 if kind == "granted" else None,
        amounts_by_year={"2025": 50},
        conditions="",
        is_award=kind == "granted",
    )
    return letter_content.build(decision, number="1", language="nb", on=local_date(NOW))


def paper(spec):
    """The papers of the round's own case and of its list."""
    decision = spec.decision
    allocation = papers.allocation_paper(
        "SSU",
        spec.title,
        [],
        1,
        1,
        guidelines=papers.guidelines_sentence(decision.case),
        portfolio=decision.portfolio_text,
    )
    return papers.round_paper(decision.case), allocation


def checked(spec):
    """What the completeness check says of who stands together: a municipality alone, and one person on both sides."""
    return [list(completeness._partnership(parts)) + list(completeness._warnings(parts)) for parts in _dossiers(spec)]


def _dossiers(spec):
    contact = SimpleNamespace(email="a@example.org", name="Anne")
    both = [_partner(kind, contact) for kind in ("municipality", "hospital_trust")]
    for partners in (both[:1], both):
        application = SimpleNamespace(requested_amount=1, owner_body_id=None)
        yield SimpleNamespace(
            spec=spec, partners=partners, application=application, budget_lines=[], benefits=[], attachments=[],
            value=lambda _code: None,
        )  # fmt: skip


def _partner(kind, contact):
    organisation = SimpleNamespace(is_legal_entity=False)
    return SimpleNamespace(
        kind=kind, must_sign=True, is_lead=kind == "municipality", organisation=organisation, name=kind,
        contacts=SimpleNamespace(all=lambda: [contact]),
    )  # fmt: skip


def signers(spec):
    """Who must sign."""
    return [partner.kind for parts in _dossiers(spec) for partner in roster.signers(parts.partners, spec)]


def table(spec):
    """What the check says of a benefit table with one half-filled row, and of too many files of each kind."""
    texts = dict.fromkeys((field for pair in snapshot.BENEFIT_COLUMNS.values() for field in pair if field), "")
    row = SimpleNamespace(**{**texts, "benefit": "Mindre reise", "effects": {}})
    held = [SimpleNamespace(kind=kind.code) for kind in spec.attachments.kinds for _copy in range(5)]
    parts = SimpleNamespace(spec=spec, benefits=[row], attachments=held)
    question = next(item for item in spec.questions if item.type == "attachments")
    return [
        *completeness._benefits(parts, None),
        *completeness._attachments(parts, question),
        *completeness._attachments(SimpleNamespace(spec=spec, attachments=[]), question),
    ]


def registered(spec):
    """What a register that has nothing, and one where nothing fits, lacks."""
    empty = register.Named({}, {}, {}, {})
    owner = HealthCommunity(pk=1, name="Alle")
    bodies = {
        str(stage.body): Body(pk=1, code=stage.body, kind="fsu", name="FSU", region_id=None) for stage in spec.stages
    }
    known = register.Named({item.community: owner for item in spec.communities}, {}, bodies, {})
    del known.bodies[str(spec.stages[1].body)]
    return [list(register.problems(spec, named)) for named in (empty, known)]


def rows(spec):
    """The rows that scores point at, and what is kept of the round beside its definition."""
    made = [
        services._criterion(Stage(), position, item, spec)
        for stage in spec.stages
        for position, item in enumerate(spec.criteria_of(stage))
    ]
    return [[(field.attname, getattr(row, field.attname)) for field in row._meta.concrete_fields] for row in made]


def numbered(spec):
    """What an attachment is called."""
    application = Application(round=_round(spec))
    return Attachment(application=application, number=2, title="Budsjett").display_name


def fixed(spec):
    """What cannot be changed when somebody has begun to apply: another scheme, another sum of money."""
    return fairness.unfair_changes(WHOLE, spec)


def reminded(spec):
    """On which days people are reminded of an award."""
    application = SimpleNamespace(
        round=SimpleNamespace(spec=spec, receiver_for=lambda _c: None),
        community=None,
        language="nb",
        pk=1,
        partners=SimpleNamespace(all=list),
    )
    decision = SimpleNamespace(application=application, application_id=1)
    report = SimpleNamespace(due_date=date(2030, 1, 1))
    waits = SimpleNamespace(decision=decision, planned_start_date=None, responsible_email="", evaluation=report)
    told = SimpleNamespace(decision=decision, accept_by=None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reminders, "acceptances_in", lambda _status: [waits])
        patch.setattr(reminders, "letters_without_answer", lambda: [told])
        patch.setattr(reminders, "signatories_of", lambda *_given: [])
        patch.setattr(reminders, "contacts", lambda _application: [])
        patch.setattr(reminders, "reached", lambda *_given: [])
        patch.setattr(reminders, "places_by_address", lambda *_given: {})
        return [
            next(kind(NOW.date())).offsets for kind in (reminders.acceptances, reminders.starts, reminders.evaluations)
        ]
