"""The case paper as a page and a document, and the application behind it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from applications.models import Submission
from evaluation.assessment.models import Recommendation
from evaluation.assessment.queries.closed import is_out_under_frame
from evaluation.meetings import papers, proposals
from evaluation.meetings.models import Case, CasePaper, Meeting
from evaluation.meetings.queries.agenda import visible_meetings
from evaluation.meetings.queries.electorate import rules_text
from evaluation.meetings.queries.habilitet import closed_lines, raised_or_decided_in
from evaluation.meetings.queries.proposed import allocation_without, stage_of
from portal.communities.models import User
from portal.communities.standing import Standing

HEADINGS = (
    ("background", "Bakgrunn"),
    ("facts", "Fakta"),
    ("guidelines", papers.GUIDELINES),
    ("considerations", "Vurderinger"),
)


def noun_context_of(case: Case) -> str:
    """``Round.noun_context`` of the list that the case is on; empty for a case that is on none."""
    return case.priority_list.round.noun_context if case.priority_list else ""


def visible_cases(user: User, *, now: datetime) -> QuerySet[Case]:
    """The cases of the meetings the person may see; whether the papers are open is ``can_read_papers``."""
    meetings = visible_meetings(user, now=now).values("pk")
    related = ("meeting__body__community", "meeting__body__region", "application", "recommendation", "resolution")
    return _with_papers(Case.objects.filter(meeting__in=meetings)).select_related(*related)


def papers_of(meeting: Meeting) -> list[Case]:
    """The cases of the meeting in order, with what their papers name; whether they are open is ``can_read_papers``."""
    related = (
        "meeting__body__community",
        "meeting__body__region",
        "application__round",
        "recommendation",
        "resolution",
    )
    return list(_with_papers(meeting.cases.all()).select_related(*related).order_by("position", "number"))


def _with_papers(cases: QuerySet[Case]) -> QuerySet[Case]:
    return cases.select_related("body", "paper", "follows", "priority_list__stage", "priority_list__round")


@dataclass(frozen=True, slots=True)
class Section:
    """A text of the paper under its heading; ``terms`` when each of its lines says something of a word.

    One ``with_parts`` is Markdown, with headings of its own.
    """

    label: str
    text: str
    with_parts: bool = False

    @property
    def terms(self) -> tuple[tuple[str, str], ...]:
        """The words with what is said of them; empty for a text of sentences."""
        return () if self.with_parts else papers.terms(self.text)


def _section(name: str, label: str, text: str) -> Section:
    """The text under its heading; guidelines may name their own, and leave out the parts that nobody has written."""
    return Section(*papers.titled(papers.written(text), label), True) if name == "guidelines" else Section(label, text)


@dataclass(frozen=True, slots=True)
class PaperPage:
    """The paper under its headings (R128), with the application as it was sent."""

    case: Case
    paper: CasePaper
    sections: list[Section]
    proposal: tuple[proposals.Point, ...]
    submission: Submission | None
    ties: list[str]
    rules: str
    resolution: tuple[proposals.Point, ...] = ()
    # Applications on the list of an allocation that are closed to the reader: the texts name none of them.
    closed: frozenset[int] = frozenset()
    # Whether the facts are left out, since they tell what is left of the frame; see ``is_out_under_frame``.
    hides_facts: bool = False
    # Whether anything of the case is closed to the reader: then its own attachments are, too, which may tell of it.
    is_closed_in_part: bool = False

    @property
    def is_as_proposed(self) -> bool:
        """Whether the resolution says the same as the proposal, which then is told once."""
        return bool(self.resolution) and self.resolution == self.proposal


def paper_page(case: Case, standing: Standing) -> PaperPage:
    """The case paper as the person may read it; four queries at most, seven of an allocation.

    To whom an application on the list is closed, the allocation is written without it and without sums. What has been
    written by hand may name it, and is left out. To whom a case in another round under the frame is closed, the facts
    are left out.
    """
    paper = case.paper
    closed = closed_lines(standing, case)
    resolution = case.resolution.text if case.is_settled else ""
    proposal = allocation_without(case, closed) if closed else paper.proposal
    hides_facts = not closed and facts_tell_of_closed(case, standing)
    texts = [(name, label) for name, label in HEADINGS if not (hides_facts and name == "facts")]
    sections = [] if closed else [_section(name, label, getattr(paper, name)) for name, label in texts]
    return PaperPage(
        case=case,
        paper=paper,
        sections=[section for section in sections if section.text],
        proposal=proposals.points(proposal),
        submission=submission_of(case),
        ties=ties_of(case),
        rules=rules_text(case),
        resolution=() if closed else proposals.points(resolution),
        closed=closed,
        hides_facts=hides_facts and bool(paper.facts),
        is_closed_in_part=bool(closed) or hides_facts,
    )


def is_closed_in_part(case: Case, standing: Standing) -> bool:
    """The same for an attachment alone, outside the page; two queries, none but for an allocation."""
    return bool(closed_lines(standing, case)) or facts_tell_of_closed(case, standing)


def facts_tell_of_closed(case: Case, standing: Standing) -> bool:
    """Whether the facts of an allocation tell of the frame what would tell the person of a closed case.

    A stage that forwards has no frame, and its paper tells nothing of it.
    """
    if not case.is_allocation or case.priority_list is None:
        return False
    of_round = case.priority_list.round
    decides = case.priority_list.stage.code == of_round.spec.deciding_stage.code
    return decides and is_out_under_frame(of_round, standing)


def submission_of(case: Case) -> Submission | None:
    """The latest frozen version of the case's application."""
    if not case.application_id:
        return None
    return Submission.objects.filter(application=case.application_id).newest()


def ties_of(case: Case) -> list[str]:
    """What is declared and decided about habilitet in the case's application, as sentences."""
    if not case.application_id:
        return []
    asked = list(raised_or_decided_in(case))
    decided = [
        (_("%(name)s: inhabil.") if row.is_recused else _("%(name)s: habil.")) % {"name": row.person} + f" {row.reason}"
        for row in asked
        if row.is_recused is not None
    ]
    pending = [
        _("Det er ikke avgjort om %(name)s er inhabil.") % {"name": row.person} for row in asked if row.is_pending
    ]
    return [*map(str.strip, decided), *pending]


@dataclass(frozen=True, slots=True)
class ListRow:
    """One application on the allocation case's list; hidden from those who are inhabil in it."""

    recommendation: Recommendation
    outcome: str
    is_hidden: bool


def list_rows(case: Case, closed: Collection[int] = ()) -> QuerySet[Recommendation]:
    """The list behind an allocation case in the order of rank.

    The applications that are ``closed`` to the reader (ids) come last: their places are figures of theirs.
    """
    rows = Recommendation.objects.filter(priority_list=case.priority_list_id).select_related("application")
    by_rank = (F("rank").asc(nulls_last=True), "pk")
    return (
        rows.alias(is_closed=Q(application__in=closed)).order_by("is_closed", *by_rank)
        if closed
        else rows.order_by(*by_rank)
    )


def shown_without(closed: Collection[int], case: Case, rows: list[Recommendation]) -> list[ListRow]:
    """The rows of the case's list, with the applications hidden that are ``closed`` to the reader (ids)."""
    stage = stage_of(case)
    return [ListRow(row, stage.outcome_label(row.outcome), row.application_id in closed) for row in rows]
