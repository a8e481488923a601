"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from portal import ui


class RoundsConfig(AppConfig):
    name = "rounds"
    label = "rounds"
    verbose_name = "Søknadsrunder"

    def ready(self) -> None:
        """Put the list in the menu, give phases their colours, and the log its sentences."""
        from portal.journal import sentences  # noqa: PLC0415 - models are not ready before
        from rounds.workflow import Phase  # noqa: PLC0415 - labels are read when apps are ready

        ui.register(ui.NavItem(_("Utlysninger"), "rounds:list", visible=ui.everyone, order=10))
        ui.register_tones({Phase.OPEN: "success", Phase.ANNOUNCED: "info"})
        sentences.register(
            {
                "round.loaded": _("Runden ble lagt inn."),
                "round.changed": _("Runden ble endret, versjon %(version)s."),
                "round.locked": _("Noen begynte å søke. Det som ville vært urettferdig å endre, ble låst."),
                "frame.set": _("Rammen ble satt til %(amount)s kr."),
            }
        )
