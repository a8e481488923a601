"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from portal import ui


class CommunitiesConfig(AppConfig):
    name = "portal.communities"
    label = "communities"
    verbose_name = "Helsefellesskap"

    def ready(self) -> None:
        """Put the register in the menu, and give the log its sentences."""
        from portal.communities import menu  # noqa: PLC0415 - models are not ready before
        from portal.communities.sentences import SENTENCES  # noqa: PLC0415 - as above
        from portal.journal import sentences  # noqa: PLC0415 - as above

        sentences.register(SENTENCES)
        ui.register(
            ui.NavItem(_("Organer"), "portal:body_list", order=70, place="administration"),
            ui.NavItem(
                _("Organisasjoner"),
                "portal:organisation_list",
                visible=menu.is_officer,
                order=80,
                place="administration",
            ),
            ui.NavItem(_("Personer"), "portal:person_list", visible=menu.is_officer, order=82, place="administration"),
            ui.NavItem(_("Logg"), "portal:log", visible=menu.is_officer, order=90, place="administration"),
            ui.NavItem(_("Min side"), "portal:my_page", order=10, place="user"),
        )
