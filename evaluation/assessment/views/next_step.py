"""What the person does next in a case: the one step in the box on top of its page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.models import Application
from applications.queries import Correction, lead_of
from applications.workflow import StageState
from evaluation.assessment import permissions
from evaluation.assessment.models import Recommendation
from evaluation.assessment.queries.access import Access
from evaluation.assessment.queries.detail import Person
from evaluation.assessment.queries.neighbours import Neighbour
from evaluation.assessment.turn import Turn, score_url, turn_url
from evaluation.assessment.views.came_from import FromList, unchecked_list
from portal.clock import end_of_day
from portal.formats import date_no, time_left
from portal.twins import twin_lazy, twin_of
from portal.ui import NextStep

# So much of what the applicants are asked to correct stands in the box; the rest is on the page of the correction.
SHOWN_OF_REASON = 200


@dataclass(frozen=True, slots=True)
class Case:
    """What the step follows from: the application, and what the person is to it and may read of it."""

    application: Application
    turn: Turn
    access: Access
    people: Sequence[Person]
    recommendation: Recommendation | None
    to_check: Neighbour | None
    came_from: FromList | None

    @property
    def assigned(self) -> list[Person]:
        """Those who are to assess the application."""
        return [person for person in self.people if person.assignment_id]

    @property
    def waits_for(self) -> list[Person]:
        """Those of them who have not delivered."""
        return [person for person in self.assigned if not person.delivered_at]

    @property
    def is_in_work(self) -> bool:
        """Whether the person's secretariat has the application under assessment in the turn."""
        entry = self.access.entry_in(self.turn.stage)
        return bool(entry and entry.state == StageState.IN_WORK)

    def says(self, sentence: Any) -> str:
        """The sentence, about a søknad or an initiativ."""
        return twin_of(sentence, self.application.noun_context)

    def url(self, page: str, *more: Any) -> str:
        """The address of a page of the application, which keeps the list that the person came from."""
        address = reverse(f"assessment:{page}", args=[self.application.code, *more])
        return self.came_from.kept(address) if self.came_from else address


def next_step(case: Case, user_id: int, now: datetime) -> NextStep | None:
    """The first of these that is to be done, or waits for others; None when there is nothing in the case to do."""
    return (
        _check(case, now)
        or _assess(case, user_id)
        or _decide(case, user_id)
        or _check_next(case)
        or (_prepare(case) if case.is_in_work else None)
    )


def _check(case: Case, now: datetime) -> NextStep | None:
    if permissions.can_check(case.access, case.application):
        why = _("Se over det portalen har krysset av for, og kryss av for resten.")
        return NextStep(
            case.says(twin_lazy("Kontroller søknaden")), url=case.url("admission"), act=_("Kontroller"), text=why
        )
    asked = case.application.open_correction
    if asked and permissions.can_follow_correction(case.access, case.application):
        why = Truncator(asked.reason).chars(SHOWN_OF_REASON)
        if asked.due_at <= now:
            return NextStep(
                _("Rettelsen kom ikke innen fristen"),
                text=why,
                url=case.url("correction"),
                act=_("Gi utsatt frist eller avvis"),
                due_at=asked.due_at,
                is_close=True,
            )
        return NextStep(
            _("Venter på retting fra søkerne"),
            text=why,
            url=case.url("correction"),
            act=_("Se hva som skal rettes"),
            due_at=asked.due_at,
        )
    return None


def correction_heading(application: Application, asked: Correction | None, now: datetime) -> str:
    """The news of a correction that is asked for: who corrects, and how long is left; one query."""
    if asked is None or asked.due_at <= now:
        return _("Rettelsen kom ikke innen fristen")
    lead = lead_of(application)
    words = {"name": lead.name if lead else _("Søkerne"), "left": time_left(asked.due_at, now)}
    return _("%(name)s retter, %(left)s") % words


def _assess(case: Case, user_id: int) -> NextStep | None:
    stage = case.turn.stage
    if stage.pk not in case.access.to_deliver:
        return None
    due = next((person.due_date for person in case.people if person.pk == user_id), None)
    return NextStep(
        case.says(twin_lazy("Vurder søknaden")),
        url=score_url(case.application, stage),
        act=_("Vurder"),
        text=_("Gi poeng og begrunn dem. Andres poeng ser du når du har levert."),
        due_at=end_of_day(due) if due else None,
    )


def _decide(case: Case, user_id: int) -> NextStep | None:
    asked = next((person for person in case.people if user_id in person.decider_ids and person.pk != user_id), None)
    if asked is None:
        return None
    title = _("Avgjør habiliteten til %(name)s") % {"name": asked.name}
    return NextStep(title, url=case.url("recusal", asked.pk), act=_("Les og avgjør"))


def _check_next(case: Case) -> NextStep | None:
    """The next one to check comes before this one is assigned: all are checked first, and then shared evenly."""
    following = case.to_check
    if following is None or case.assigned:
        return None
    waiting = unchecked_list(case.turn, case.came_from)
    url = waiting.kept(reverse("assessment:admission", args=[following.code]), following.number)
    return NextStep(_("Kontroller neste: %(title)s") % {"title": following.title}, url=url, act=_("Kontroller neste"))


def _prepare(case: Case) -> NextStep:
    if case.turn.judged and not case.assigned:
        return NextStep(
            case.says(twin_lazy("Fordel søknaden til vurdering")),
            url=case.url("assessors"),
            act=_("Fordel"),
            text=_("Ingen har fått den ennå. Fra listen kan du fordele flere på én gang."),
        )
    if case.waits_for:
        return _wait(case)
    if not (case.recommendation and case.recommendation.outcome):
        text = _("Alle som skulle vurdere, har levert.") if case.assigned else ""
        return NextStep(
            _("Skriv innstillingen"), url=turn_url(case.turn, "board"), act=_("Til innstillingen"), text=text
        )
    text = _("Innstillingen er skrevet. Listen kan låses når alle på den er innstilt og begrunnet.")
    return NextStep(
        _("Venter på at listen låses"), url=turn_url(case.turn, "board"), act=_("Til innstillingen"), text=text
    )


def _wait(case: Case) -> NextStep:
    waits = case.waits_for
    title = ngettext("Venter på %(name)s", "Venter på %(n)s vurderere", len(waits))
    title %= {"name": waits[0].name, "n": len(waits)}
    if len(waits) == 1:
        return NextStep(title, text=_("Frist %(when)s") % {"when": date_no(waits[0].due_date)})
    due = "; ".join(_("%(name)s, frist %(date)s") % {"name": p.name, "date": date_no(p.due_date)} for p in waits)
    return NextStep(title, text=due)
