"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from portal import panels, ui
from rounds.granting import register_granted


class DecisionsConfig(AppConfig):
    name = "evaluation.decisions"
    label = "decisions"
    verbose_name = "Vedtak og brev"

    def ready(self) -> None:
        """Give statuses their colours, the log its sentences, and the home page its tasks."""
        from evaluation.decisions.panels import waiting_letters, waiting_minutes  # noqa: PLC0415 - models are not ready before
        from evaluation.decisions.queries import granted_in_other_rounds  # noqa: PLC0415 - as above
        from portal.communities import menu  # noqa: PLC0415 - as above
        from portal.journal import sentences  # noqa: PLC0415

        ui.register_tones({"approved": "info", "sent": "success"})
        ui.register(ui.NavItem(_("Vedtak og brev"), "decisions:rounds", visible=menu.is_officer, order=60))
        panels.register(
            panels.Panel("minutes", order=58, build=waiting_minutes, title=_("Vedtak")),
            panels.Panel("letters", order=60, build=waiting_letters, title=_("Vedtak og brev")),
        )
        register_granted(granted_in_other_rounds)
        sentences.register(
            {
                "decision.made": _("Vedtaket ble registrert. Sak %(case)s."),
                "letter.prepared": _("Brev %(letter)s ble skrevet."),
                "letter.looked_at": _("Brev %(letter)s ble sett gjennom."),
                "letter.approved": _("Brev %(letter)s ble godkjent."),
                "letter.sent": _("Brev %(letter)s ble sendt til %(recipients)s mottakere."),
                "letters.batched": _("%(letters)s brev ble pakket."),
            }
        )
