"""App configuration."""

from collections.abc import Mapping
from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal import panels, ui
from rounds.locking import register_locked


def _set_up(data: Mapping[str, Any]) -> str:
    return ngettext(
        "%(added)s søknad ble satt på listen.", "%(added)s søknader ble satt på listen.", int(data.get("added") or 0)
    )


def _frozen(data: Mapping[str, Any]) -> str:
    return ngettext(
        "Prioriteringen ble låst med %(count)s søknad.",
        "Prioriteringen ble låst med %(count)s søknader.",
        int(data.get("count") or 0),
    )


# The log's acts in plain words.
SENTENCES = {
    "admission.decided": _("Søknaden ble kontrollert."),
    "assessment.assigned": _("Søknaden ble gitt til vurdering med frist %(due_date)s."),
    "assessment.unassigned": _("En som skulle vurdere søknaden, ble tatt av saken."),
    "assessment.distributed": _("Søknadene ble fordelt til vurdering."),
    "assessment.delivered": _("En vurdering ble levert."),
    "assessment.read_anew": _("Den nye versjonen ble lest av en som vurderer."),
    "habilitet.declared": _("En person svarte på spørsmålet om habilitet."),
    "habilitet.decided": _("Habiliteten til en person ble avgjort."),
    "priority.set_up": _set_up,
    "priority.recommended": _("Innstillingen ble skrevet."),
    "priority.moved": _("Søknaden ble flyttet fra plass %(source)s til %(target)s."),
    "priority.considered": _("Vurderingen av helheten ble skrevet."),
    "priority.task_done": _("En av trinnets oppgaver ble registrert som gjort."),
    "priority.frozen": _frozen,
    "priority.forwarded": _("Den prioriterte listen ble oversendt."),
}


class AssessmentConfig(AppConfig):
    name = "evaluation.assessment"
    label = "assessment"
    verbose_name = "Vurdering"

    def ready(self) -> None:
        """Put the room in the menu and on the home page, and give the log its sentences.

        The rooms before it are told who is shut out of a case, and which lists are locked.
        """
        from applications.models import register_bar  # noqa: PLC0415 - models are not ready before
        from evaluation.assessment.permissions import out_of_case  # noqa: PLC0415 - as above
        from evaluation.assessment.services.lists import locked_communities  # noqa: PLC0415 - as above
        from portal.communities import menu  # noqa: PLC0415 - as above
        from portal.journal import sentences  # noqa: PLC0415 - as above

        ui.register(
            ui.NavItem(_("Søknadsbehandling"), "assessment:rounds", visible=menu.is_officer, order=30),
            ui.NavItem(_("Mine vurderinger"), "assessment:desk", visible=menu.may_assess, order=40),
        )
        panels.register(panels.Panel("assessment", order=40, build=_waiting, title=_("Vurdering")))
        sentences.register(SENTENCES)
        register_bar(out_of_case)
        register_locked(locked_communities)


def _waiting(user: Any, now: Any) -> Any:
    from evaluation.assessment.queries.overview import waiting  # noqa: PLC0415 - as above

    return waiting(user, now)
