"""The cases of a frozen priority list: one for each application in rank order, and one for the allocation."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext as _

from applications.models import PartnerRole, Submission
from applications.workflow import GONE
from evaluation.assessment.models import Habilitet, PriorityList, Recommendation, Result
from evaluation.meetings import papers
from evaluation.meetings.models import WAITS_AGAIN, Case, CasePaper, CaseStatus, Meeting
from evaluation.meetings.proposals import with_first_point
from evaluation.meetings.queries.habilitet import is_out_of_list
from evaluation.meetings.queries.proposed import allocation_of
from evaluation.meetings.services.attachments import carry_over
from evaluation.meetings.services.locking import (
    MeetingError,
    case_led_by,
    locked,
    require_in_hand,
    require_no_ballot,
    require_not_over,
    tell,
)
from evaluation.meetings.services.planning import next_position, take_numbers, year_of
from portal.acts import act, held, upsert
from portal.communities.models import Body, User
from portal.formats import number
from portal.language import in_bokmaal
from rounds.answering.models import Answer
from rounds.frame import FrameState
from rounds.outcomes import AWARDS
from rounds.questions import frame_state

AT_A_TIME = 200
TITLE_LENGTH = 200


@act
def add_cases(meeting: Meeting, priority_list: PriorityList, *, by: User, at: datetime) -> list[Case]:
    """Put up the list: one case for each application in the order of rank, then one for the allocation as a whole.

    Without those that are withdrawn, and after a postponed allocation without those that are decided or put up already;
    a case then follows the one that was postponed. The papers are filled in from the application as sent, the
    recommendation, the scores and the habilitet. Raises MeetingError when the list is not frozen, belongs to others, or
    is on the agenda already.
    """
    held(Body.objects.filter(pk=meeting.body_id)).get()
    # Held before the meeting, so that the list is not opened again meanwhile.
    priority_list = held(PriorityList.objects.filter(pk=priority_list.pk)).select_related("round", "stage").get()
    # The meetings in which its cases were postponed are held, too: none is opened again there meanwhile.
    others = set(priority_list.cases.exclude(meeting=meeting).order_by().values_list("meeting", flat=True))
    if others:
        list(held(Meeting.objects.filter(pk__in=[meeting.pk, *others])))
    meeting = locked(meeting.pk)
    require_not_over(meeting)
    _require_ready(meeting, priority_list)
    if is_out_of_list(by.pk, priority_list):
        raise MeetingError(_("Du er inhabil i en sak på listen. En annen i sekretariatet må sette den opp."))
    earlier = _latest_cases(priority_list) if others else {}
    rows = _undecided(priority_list, earlier)
    if not rows and not earlier:
        raise MeetingError(_("Listen er tom."))
    numbers = take_numbers(meeting, len(rows) + 1)
    common: dict[str, Any] = {
        "body": meeting.body,
        "year": year_of(meeting),
        "meeting": meeting,
        "priority_list": priority_list,
        "created_at": at,
    }
    headings = zip(numbers, _headings(priority_list, rows, earlier), strict=True)
    cases = Case.objects.bulk_create(
        [
            Case(**common, number=number, position=position, title=title[:TITLE_LENGTH], **links)
            for position, (number, (title, links)) in enumerate(headings, start=next_position(meeting))
        ],
        batch_size=AT_A_TIME,
    )
    for start in range(0, len(rows), AT_A_TIME):
        part = slice(start, start + AT_A_TIME)
        CasePaper.objects.bulk_create(_application_papers(meeting, priority_list, rows[part], cases[:-1][part]))
    _allocation_paper(meeting, priority_list, rows, cases[-1], list(earlier.values()))
    if earlier:
        carry_over(cases)
    tell("meeting.list_put_up", meeting, by=by, at=at, priority_list=priority_list.pk, cases=len(cases))
    return cases


def _require_ready(meeting: Meeting, priority_list: PriorityList) -> None:
    if not priority_list.is_frozen:
        raise MeetingError(_("Lås den prioriterte listen før den settes opp til møte."))
    round_ = priority_list.round
    if round_.cancelled_at:
        raise MeetingError(_("Utlysningen er trukket. Listen settes ikke opp."))
    if not priority_list.is_for(meeting.body):
        raise MeetingError(_("Listen «%(round)s» hører ikke til dette utvalget.") % {"round": round_.title})
    elsewhere = (
        Case.objects.filter(priority_list=priority_list, application=None)
        .filter(Q(meeting=meeting) | ~WAITS_AGAIN)
        .first()
    )
    if elsewhere:
        raise MeetingError(
            _("Listen er allerede satt opp, med fordelingen i sak %(case)s.") % {"case": elsewhere.reference}
        )


def _latest_cases(priority_list: PriorityList) -> dict[int | None, Case]:
    """The latest case about each application of the list, and under None about the list as a whole; one query."""
    cases = Case.objects.filter(priority_list=priority_list).select_related("resolution", "meeting").order_by("pk")
    return {case.application_id: case for case in cases}


def _undecided(priority_list: PriorityList, earlier: Mapping[int | None, Case]) -> list[Recommendation]:
    """The recommendations to put up, in the order of rank: of those with a case only the postponed."""
    rows = (
        Recommendation.objects.filter(priority_list=priority_list)
        .exclude(application__status__in=GONE)
        .select_related("application__community")
        .order_by(F("rank").asc(nulls_last=True), "pk")
    )
    done = {pk for pk, case in earlier.items() if not case.waits_again}
    return [row for row in rows if row.application_id not in done]


@in_bokmaal
def _headings(
    priority_list: PriorityList, rows: list[Recommendation], earlier: Mapping[int | None, Case]
) -> list[tuple[str, dict[str, Any]]]:
    applications = [
        (
            row.application.title,
            {"application": row.application, "recommendation": row, "follows": earlier.get(row.application_id)},
        )
        for row in rows
    ]
    allocation = _("Samlet fordeling: %(round)s") % {"round": priority_list.round.title}
    return [*applications, (allocation, {"follows": earlier.get(None)})]


@in_bokmaal
def _application_papers(
    meeting: Meeting, priority_list: PriorityList, rows: list[Recommendation], cases: list[Case]
) -> list[CasePaper]:
    ids = [row.application_id for row in rows]
    partners, requested = _as_sent(ids)
    results = {
        result.application_id: result
        for result in Result.objects.filter(application__in=ids, stage=priority_list.stage_id)
    }
    ties, summaries = _ties(ids), _summaries(ids, priority_list.round.spec.form.summary_question)
    decides = _decides(priority_list)
    made = []
    for row, case in zip(rows, cases, strict=True):
        application, result = row.application, results.get(row.application_id)
        names = partners.get(application.pk, {})
        paper = papers.application_paper(
            papers.Facts(
                body=meeting.body.name,
                round_title=priority_list.round.title,
                community=application.community.name,
                code=application.code,
                title=application.title,
                lead=", ".join(names.get(PartnerRole.LEAD, ())),
                partners=tuple(names.get(PartnerRole.PARTNER, ())),
                requested=requested.get(application.pk, application.requested_amount),
                rank=row.rank,
                outcome=row.outcome,
                amount=row.amount,
                reason=row.reason,
                conditions=row.conditions,
                assessments=result.delivered if result else 0,
                score=number(result.total) if result and result.total is not None else "",
                spread=number(result.spread) if result and result.spread is not None else "",
                ties=tuple(ties.get(application.pk, ())),
                decides=decides,
                summary=summaries.get(application.pk, ""),
                noun=priority_list.round.spec.form.noun,
            )
        )
        made.append(_row(case, paper))
    return made


def _decides(priority_list: PriorityList) -> bool:
    """Whether the list's stage has the last word; else its body recommends and forwards (R16)."""
    stage = priority_list.round.spec.stage(priority_list.stage.code)
    return stage is None or stage.does("decide")


def _summaries(ids: list[int], question: str | None) -> dict[int, str]:
    """The answers to the round's summary question; one query, none when the round has no such question."""
    if question is None:
        return {}
    answers = Answer.objects.filter(response__application__in=ids, question=question)
    rows = answers.values_list("response__application", "value")
    return {pk: value for pk, value in rows if isinstance(value, str)}


def _row(case: Case, paper: papers.Paper) -> CasePaper:
    return CasePaper(
        case=case,
        background=paper.background,
        facts=paper.facts,
        considerations=paper.considerations,
        proposal=paper.proposal,
    )


def _as_sent(ids: list[int]) -> tuple[dict[int, dict[str, list[str]]], dict[int, int]]:
    """Partner names by role, and the amount, from the latest submission of each application; no whole snapshot."""
    names: dict[int, dict[str, list[str]]] = {}
    amounts: dict[int, int] = {}
    sent = Submission.objects.filter(application__in=ids).newest_of_each()
    for pk, partners, amount in sent.values_list(
        "application_id", "document__snapshot__partners", "document__snapshot__requested_amount"
    ):
        by_role: dict[str, list[str]] = defaultdict(list)
        for partner in partners or ():
            by_role[partner["role"]].append(partner["name"])
        names[pk] = by_role
        amounts[pk] = amount
    return names, amounts


@in_bokmaal
def _ties(ids: list[int]) -> dict[int, list[str]]:
    sentences: dict[int, list[str]] = defaultdict(list)
    for row in Habilitet.objects.inhabil().filter(application__in=ids).select_related("person"):
        sentences[row.application_id or 0].append(
            _("%(name)s er inhabil (%(ground)s)") % {"name": row.person, "ground": row.ground_label.lower()}
        )
    return sentences


@in_bokmaal
def _allocation_paper(
    meeting: Meeting, priority_list: PriorityList, rows: list[Recommendation], case: Case, earlier: Sequence[Case]
) -> None:
    decision, decides = priority_list.round.spec.decision, _decides(priority_list)
    # A stage that forwards has no frame.
    frame = frame_state(priority_list.round) if decides else FrameState(None)
    decided = [one for one in earlier if one.application_id and one.status == CaseStatus.DECIDED]
    granted = [papers.Share(one.title, one.resolution.amount) for one in decided if one.resolution.amount]
    paper = papers.allocation_paper(
        body=meeting.body.name,
        round_title=priority_list.round.title,
        shares=granted
        + [papers.Share(row.application.title, row.amount or 0) for row in rows if row.outcome in AWARDS],
        applications=len(rows) + len(decided),
        frame=frame.amount,
        # What earlier meetings granted on this list is among its shares.
        spent=frame.granted - sum(share.amount for share in granted),
        guidelines=papers.guidelines_sentence(decision.case),
        portfolio=priority_list.round.spec.fill(decision.portfolio_text),
        noun=priority_list.round.spec.form.noun,
    )
    _row(case, paper).save()


@act
def rewrite_allocation(case: Case, *, by: User, at: datetime) -> CasePaper:
    """Write the first point of an allocation case's proposal again, from what the meeting has granted each application.

    The body may have granted other amounts than were recommended. The other points are the secretariat's, and are kept.
    """
    case = case_led_by(by, case, at)
    require_in_hand(case)
    require_no_ballot(case)
    if not case.is_allocation:
        raise MeetingError(_("Sak %(case)s gjelder ikke den samlede fordelingen.") % {"case": case.reference})
    written, paper = allocation_of(case).proposal(case.body.name), CasePaper.objects.filter(case=case).first()
    proposal = with_first_point(written, paper.proposal) if paper and paper.proposal.strip() else written
    paper, _is_new = upsert(CasePaper.objects.all(), {"case": case}, {"proposal": proposal})
    tell("case.allocation_rewritten", case.meeting, by=by, at=at, subject=case)
    return paper
