"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from portal import panels, ui


class FollowupConfig(AppConfig):
    name = "evaluation.followup"
    label = "followup"
    verbose_name = "Oppfølging"

    def ready(self) -> None:
        """Put the room in the secretariat's menu, in the log's words and on the home page."""
        from evaluation.followup.panels import received_evaluations, waiting_projects  # noqa: PLC0415 - models are not ready before
        from portal.communities import menu  # noqa: PLC0415 - as above
        from portal.journal import sentences  # noqa: PLC0415 - as above

        ui.register(ui.NavItem(_("Oppfølging"), "followup:overview", visible=menu.is_officer, order=70))
        panels.register(
            panels.Panel("projects", order=70, build=waiting_projects, title=_("Tilskudd")),
            panels.Panel("evaluations", order=72, build=received_evaluations, title=_("Evalueringer")),
        )
        sentences.register(
            {
                "operation.recorded": _("Driftsstart ble satt til %(started)s. Fristen for evalueringen ble %(due)s."),
                "evaluation.submitted": _("Evalueringen ble låst med kontrollsum."),
                "evaluation.raised": _("Evalueringen ble ført opp som sak %(case)s."),
            }
        )
