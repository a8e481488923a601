"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from portal import ui


class RoundsConfig(AppConfig):
    name = "rounds"
    label = "rounds"
    verbose_name = "Søknadsrunder"

    def ready(self) -> None:
        from rounds.workflow import Phase  # noqa: PLC0415 - labels are read when apps are ready

        ui.register(ui.NavItem(_("Utlysninger"), "rounds:list", visible=ui.everyone, order=10))
        ui.register_tones({Phase.OPEN: "success", Phase.ANNOUNCED: "info"})
