"""Habilitet in a case: what has been raised and decided about it, and whether one person may take part."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from applications.models import Application
from applications.workflow import GONE
from evaluation.assessment.habilitet import Ground, State, state
from evaluation.assessment.models import Habilitet, HabilitetQuerySet, PriorityList, Recommendation
from evaluation.assessment.queries.closed import out_or_must_answer
from evaluation.assessment.queries.habilitet import out_of_case
from evaluation.assessment.queries.must_answer import must_answer, people_who_must_answer
from evaluation.meetings.models import Attendance, Ballot, Case, Meeting, MeetingStatus
from portal.clock import local_date
from portal.communities.models import Seat, User
from portal.communities.standing import Standing

# How the minutes say that somebody had no part in an allocation; minutes that are adopted have the same words.
IN_PART = " er inhabil i en sak på listen"


def rows_of(case: Case) -> HabilitetQuerySet:
    """All rows about habilitet in the case: those of its application, or of the case itself when it has none."""
    if case.application_id:
        return Habilitet.objects.filter(application=case.application_id)
    return Habilitet.objects.filter(case_id=case.pk)


def questions_of(case: Case, people: Collection[int]) -> list[Habilitet]:
    """The questions of habilitet that were raised or decided about these persons (by id) in the case; one query."""
    asked = rows_of(case).raised_or_decided().filter(person__in=people)
    # There are few of them. Django hashes every column of a query that is put in order.
    return sorted(asked.select_related("person", "raised_by").order_by(), key=_by_time)


def _by_time(question: Habilitet) -> tuple[bool, float, int]:
    """The order in which questions were raised; those that were decided without having been raised come last."""
    return (question.raised_at is None, question.raised_at.timestamp() if question.raised_at else 0, question.pk)


def out_on_list(case: Case) -> list[Habilitet]:
    """Who is out of an application on an allocation case's list: inhabil, or a question that nobody has decided.

    Each with ``case_here``, the id of the application's case in the same meeting. Not in an application that is
    withdrawn or closed since: nothing is allocated to it. One query, none for other cases.
    """
    if not case.is_allocation:
        return []
    on_list = Application.objects.filter(recommendations__priority_list=case.priority_list_id)
    rows = Habilitet.objects.out_of_case().filter(application__in=on_list.exclude(status__in=GONE).values("pk"))
    here = Case.objects.filter(meeting=case.meeting_id, application=OuterRef("application")).order_by().values("pk")
    rows = rows.annotate(case_here=Subquery(here[:1])).select_related("person", "application")
    return sorted(rows.order_by(), key=_by_time)


def questions_of_all(cases: Iterable[Case], people: Collection[int]) -> dict[int, list[Habilitet]]:
    """The same as ``questions_of`` for several cases, by the id of the case; one query."""
    cases = list(cases)
    by_application = {case.application_id: case.pk for case in cases if case.application_id}
    asked = Habilitet.objects.raised_or_decided().filter(
        Q(application__in=by_application) | Q(case_id__in=[case.pk for case in cases]), person__in=people
    )
    by_case: dict[int, list[Habilitet]] = defaultdict(list)
    for row in asked.select_related("person", "raised_by").order_by("raised_at", "pk"):
        by_case[by_application[row.application_id] if row.application_id else row.case_id or 0].append(row)
    return by_case


def frozen(questions: Iterable[Habilitet]) -> list[dict[str, Any]]:
    """The questions as plain data: the resolution keeps them, and the minutes print them."""
    return [
        {
            # Whose it is: two persons may have one name. It is not printed.
            "person": row.person_id,
            "name": row.person.name,
            "ground": row.ground or row.decided_ground,
            "explanation": row.explanation.strip(),
            "raised_by": row.raised_by.name if row.raised_by else "",
            "raised_at": row.raised_at.isoformat() if row.raised_at else None,
            "answer": _answer(row),
            "is_recused": None if row.is_pending else row.is_recused,
            "reason": "" if row.is_pending else row.reason,
            "decided_at": row.decided_at.isoformat() if row.decided_at and not row.is_pending else None,
        }
        for row in questions
    ]


def _answer(row: Habilitet) -> dict[str, Any] | None:
    """The person's own answer to a question that another has raised; None when there is none, or it is the question."""
    if not (row.is_raised_by_another and row.declared_at):
        return None
    return {
        "has_tie": bool(row.has_tie),
        "ground": row.answer_ground,
        "explanation": row.answer_explanation,
        "at": row.declared_at.isoformat(),
    }


def question_told(row: Mapping[str, Any], left_out: Mapping[int, str]) -> dict[str, Any]:
    """A question as the resolution keeps it (``frozen``), with what the minutes print of it."""
    name, ground = row["name"], str(Ground(row["ground"] or Ground.OTHER).label)
    raised = f"{name}: {ground}{_quoted(row['explanation'])}."
    # Resolutions of before have no answer beside the question.
    answer = row.get("answer")
    if answer:
        raised = f"{row['raised_by']} reiste spørsmål om habiliteten til {raised}"
    parts = [raised, *([_answered(answer)] if answer else [])]
    if row["is_recused"] is None:
        parts.append("Habiliteten ble ikke avgjort.")
    elif row["is_recused"]:
        parts.append(f"{name} er inhabil og deltok ikke i behandlingen av saken.")
    else:
        parts.append(f"{name} er habil i saken.")
    if row["reason"].strip():
        parts.append(f"Begrunnelse: {row['reason']}")
    return {
        "name": name,
        "ground": ground,
        "is_recused": row["is_recused"],
        "reason": row["reason"],
        "sentence": " ".join(part.strip() for part in parts if part.strip()),
        # Who was found habil in a list as a whole, and became inhabil in a part of it.
        "later": _later(row, left_out) if row["is_recused"] is False else "",
    }


def _later(row: Mapping[str, Any], left_out: Mapping[int, str]) -> str:
    """That the person of the question was ``left_out`` later; empty for others."""
    if "person" in row:
        return left_out.get(row["person"], "")
    return _named(row["name"], left_out.values())


def _named(name: str, sentences: Iterable[str]) -> str:
    """The sentence about somebody of this name: all that is known where the person was not kept."""
    return next((sentence for sentence in sentences if sentence.startswith(f"{name}{IN_PART}")), "")


def _quoted(words: str) -> str:
    return f" («{words}»)" if words else ""


def _answered(answer: dict[str, Any]) -> str:
    """What the person answered when another had raised the question."""
    if not answer["has_tie"]:
        return f"Svarte selv nei{_quoted(answer['explanation'])}."
    return f"Meldte selv: {Ground(answer['ground']).label}{_quoted(answer['explanation'])}."


def habilitet_told(case: Mapping[str, Any]) -> list[str]:
    """Who was found habil in a list as a whole, and became inhabil in a part of it, is told once, in that order."""
    later = list(case.get("left_out", ()))
    told = []
    for row in case["habilitet"]:
        # Minutes of before they told of this are read by the names.
        was_habil = row["is_recused"] is False
        since = row.get("later", _named(row["name"], later) if was_habil else "")
        if since in later:
            later.remove(since)
            told.append(f"{row['sentence']} Senere avgjort: {since}")
        else:
            told.append(row["sentence"])
    return [*told, *case.get("stepped_aside", ()), *later]


def raised_or_decided_in(case: Case) -> QuerySet[Habilitet]:
    """What was raised or decided in the case, about anybody, with the names that a page shows."""
    return rows_of(case).raised_or_decided().select_related("person", "raised_by")


def people_to_raise(meeting: Meeting, user: User, *, leads: bool) -> QuerySet[Attendance]:
    """Those on the roll whose habilitet the person may raise: anybody for those who lead, else only the person.

    Only those whose seats count on the day of the meeting. The roll of a meeting that is not set was that of the day on
    which it was planned or called.
    """
    lines = meeting.attendances.filter(has_ended=False).select_related("seat__user").order_by("seat__user__name")
    if meeting.status == MeetingStatus.PLANNED:
        lines = lines.filter(seat__in=Seat.objects.current(local_date(meeting.starts_at)))
    return lines if leads else lines.filter(seat__user=user)


def line_of(meeting: Meeting, user: User) -> Attendance | None:
    """The person's line on the roll; None when the person has no seat in the meeting, or none any more."""
    return meeting.attendances.filter(has_ended=False, seat__user=user).select_related("seat__user").first()


def state_of(user_id: int | None, case: Case) -> State:
    """Whether the person is inhabil in the case, or waits for the body to decide it; one query."""
    row = rows_of(case).filter(person=user_id).first()
    return state(is_pending=row.is_pending if row else None, is_recused=row.is_recused if row else None)


def why_out(user_id: int | None, case: Case, what: str) -> str:
    """Why the person may not do this (``what``, an infinitive) in the case: inhabil, or not decided; else empty."""
    sentences = {
        State.RECUSED: _("Du er inhabil i sak %(case)s og kan ikke %(what)s."),
        State.PENDING: _(
            "Det er ikke avgjort om du er inhabil i sak %(case)s. Før det er avgjort, kan du ikke %(what)s."
        ),
    }
    return sentences.get(state_of(user_id, case), "") % {"case": case.reference, "what": what}


def who_must_answer(case: Case, people: Collection[int]) -> list[User]:
    """Those of the people (ids) who are to answer about habilitet in the case's application first; one query.

    Officers with any tie; others with a strong one, or named as contact (``queries.must_answer``).
    """
    if case.application is None:
        return []
    return list(people_who_must_answer(case.application, people, local_date(case.meeting.held_at)))


def has_been_asked(user: User, case: Case) -> bool:
    """Whether the person has answered about habilitet in the case, or somebody has raised or decided it; one query."""
    return rows_of(case).filter(person=user).exists()


def closed_case_ids(standing: Standing, meeting: Meeting) -> set[int]:
    """The ids of the meeting's cases that are closed to the person: inhabil, undecided or not answered; one query."""
    shut = Application.objects.filter(out_or_must_answer(standing)).values("pk")
    closed = meeting.cases.filter(Q(application__in=shut) | Q(pk__in=_out_of(standing)))
    return set(closed.order_by().values_list("pk", flat=True))


def _out_of(standing: Standing) -> QuerySet[Habilitet, Any]:
    """The cases about no application (ids) that the person is out of."""
    return Habilitet.objects.out_of_case().filter(person=standing.user_id, case_id__isnull=False).values("case_id")


def closed_to(standing: Standing) -> Q:
    """The cases that the person is out of, or must answer about habilitet in first; a condition on cases.

    And allocations of a list with such an application on it.
    """
    shut = Application.objects.filter(out_or_must_answer(standing)).values("pk")
    lists = PriorityList.objects.filter(recommendations__application__in=shut).values("pk")
    closed = Q(application__in=shut) | Q(application=None, priority_list__in=lists)
    return closed | Q(pk__in=_out_of(standing))


def closed_subjects(standing: Standing) -> dict[str, list[int]]:
    """The cases and ballots whose log the person may not read, by the log's label; two queries at most."""
    cases = list(Case.objects.filter(closed_to(standing)).order_by().values_list("pk", flat=True))
    ballots = list(Ballot.objects.filter(case__in=cases).order_by().values_list("pk", flat=True)) if cases else []
    return {Case._meta.label_lower: cases, Ballot._meta.label_lower: ballots}


def is_out_of_list(user_id: int | None, priority_list: PriorityList) -> bool:
    """Whether the person is inhabil, or undecided, in an application on the list; one query.

    Who has not answered is asked with the titles (``titles_to_answer``).
    """
    return priority_list.recommendations.filter(out_of_case(user_id, "application")).exists()


def closed_lines(standing: Standing, case: Case) -> frozenset[int]:
    """The ids of the applications on an allocation's list that are closed to the person.

    Those in which the person is inhabil or undecided, or must answer about habilitet first. One query; none for other
    cases.
    """
    if not case.is_allocation:
        return frozenset()
    rows = Recommendation.objects.filter(
        out_or_must_answer(standing, "application"), priority_list=case.priority_list_id
    )
    return frozenset(rows.order_by().values_list("application", flat=True))


def must_answer_first(standing: Standing, case: Case) -> bool:
    """Whether the person is to answer about habilitet in the case's application, and has not; one query."""
    if case.application_id is None:
        return False
    return Application.objects.filter(must_answer(standing), pk=case.application_id).exists()


def why_not_whole(standing: Standing, case: Case) -> str:
    """Why the person may not write or lead the allocation of a list: an application on it is closed; else empty."""
    if not closed_lines(standing, case):
        return ""
    return _(
        "Du er inhabil i en sak på listen, det er ikke avgjort om du er det, eller du har ikke svart på det. "
        "En annen må skrive og lede saken om samlet fordeling."
    )


def closed_in_minutes(standing: Standing, meeting: Meeting) -> frozenset[int]:
    """The ids of the meeting's cases whose minutes are closed to the person until letters are sent; one query.

    Those about applications that are closed to the person; an allocation with such an application on its list, and one
    that the person is out of as a whole. Nobody gets a letter about another case: it is open when it is resolved.
    """
    untold = Application.objects.filter(announced_at=None)
    shut = untold.filter(out_or_must_answer(standing)).values("pk")
    lists = PriorityList.objects.filter(recommendations__application__in=shut).values("pk")
    waiting = PriorityList.objects.filter(recommendations__application__in=untold.values("pk")).values("pk")
    whole = Q(priority_list__in=lists) | Q(pk__in=_out_of(standing), priority_list__in=waiting)
    closed = Q(application__in=shut) | (Q(application=None) & whole)
    return frozenset(meeting.cases.filter(closed).order_by().values_list("pk", flat=True))
