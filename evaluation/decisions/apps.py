"""App configuration."""

from django.apps import AppConfig

from portal import ui


class DecisionsConfig(AppConfig):
    name = "evaluation.decisions"
    label = "decisions"
    verbose_name = "Vedtak og brev"

    def ready(self) -> None:
        """Give the letters' statuses their colours."""
        ui.register_tones({"approved": "info", "sent": "success"})
