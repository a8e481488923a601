"""What the room tells the house; see ``portal.rooms``."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from applications.questions import out_of_case, out_of_case_since, takes_part_unasked
from evaluation.assessment import home, reminders, waiting
from evaluation.assessment.documents import PACKAGE, PRIORITY_LIST
from evaluation.assessment.models import Task
from evaluation.assessment.queries import desk, habilitet, log_nouns, must_answer, ties
from evaluation.assessment.services import prioritising
from portal.communities.menu import assesses, is_officer
from portal.communities.questions import given_to_assess
from portal.formats import MISSING
from portal.journal.questions import noun_contexts
from portal.rooms import HomePart, NavItem, ReminderKind, Room, TaskList
from portal.twins import twin_lazy
from rounds.questions import gains_by_frame, locked_communities


def _task_done(data: Mapping[str, Any]) -> str:
    """The task by its name: the log keeps its code."""
    names = dict(Task.choices)
    return _("«%(task)s» ble registrert som gjort.") % {"task": names.get(data.get("task", ""), MISSING)}


SENTENCES = {
    "admission.decided": twin_lazy("Søknaden ble kontrollert."),
    "admission.taken_back": _("Kontrollen gjøres om («%(reason)s»)."),
    "assessment.assigned": twin_lazy("Søknaden ble gitt til vurdering med frist %(due_date)s."),
    "assessment.unassigned": twin_lazy("En som skulle vurdere søknaden, ble tatt av saken."),
    "assessment.lapsed": _("Listen ble låst opp. En som ikke hadde levert, ble tatt av saken."),
    "assessment.distributed": twin_lazy("Søknadene ble fordelt til vurdering."),
    "assessment.delivered": _("En vurdering ble levert."),
    "assessment.taken_back": _("En levert vurdering ble tatt tilbake («%(reason)s»)."),
    "assessment.read_anew": _("Den nye versjonen ble lest av en som vurderer."),
    "habilitet.declared": _("Svarte på spørsmålet om habilitet."),
    "habilitet.raised": _("Spørsmål om habilitet ble reist."),
    "habilitet.taken_back": _("Spørsmålet om habilitet ble tatt tilbake."),
    "habilitet.decided": _("Habiliteten til en person ble avgjort."),
    "priority.set_up": _("Listen ble satt opp. Nye på den: %(added)s."),
    "priority.recommended": _("Innstillingen ble skrevet."),
    "priority.moved": twin_lazy("Søknaden ble flyttet fra plass %(source)s til %(target)s."),
    "priority.considered": _("Vurderingen av helheten ble skrevet."),
    "priority.task_done": _task_done,
    "priority.frozen": _("Prioriteringen ble låst. På listen: %(count)s."),
    "priority.forwarded": _("Den prioriterte listen ble oversendt."),
    "priority.unlocked": _("Prioriteringen ble låst opp («%(reason)s»)."),
    "priority.opened": _("Mottakeren åpnet oversendelsen."),
    "priority.called_back": _("Oversendelsen ble kalt tilbake («%(reason)s»)."),
}

ROOM = Room(
    menu=(
        NavItem(_("Søknader"), "assessment:rounds", visible=is_officer, order=30),
        NavItem(_("Mine vurderinger"), "assessment:desk", visible=assesses, order=40),
    ),
    home=(
        HomePart(15, "assessment/_home_desk.html", home.assessments, visible=assesses),
        HomePart(25, "assessment/_home_rounds.html", home.rounds, visible=is_officer),
    ),
    tasks=(TaskList("assessment", order=40, build=waiting.assessments_and_steps),),
    reminders=(ReminderKind("assessment", _("Vurdering som ikke er levert"), reminders.assessments),),
    documents=(PRIORITY_LIST, PACKAGE),
    sentences=SENTENCES,
    answers={
        given_to_assess: desk.given_to_assess,
        out_of_case: habilitet.out_of_case,
        out_of_case_since: habilitet.out_of_case_since,
        takes_part_unasked: must_answer.takes_part_unasked,
        gains_by_frame: ties.gains_by_frame,
        locked_communities: prioritising.locked_communities,
        noun_contexts: log_nouns.noun_contexts,
    },
)
