"""App configuration."""

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from portal import ui


def _is_officer(user: Any) -> bool:
    """Whether the person is in a secretariat today; from what the request has read already, or two queries."""
    from portal import clock  # noqa: PLC0415 - models are read when apps are ready
    from portal.communities.queries import standing  # noqa: PLC0415

    return standing(user, clock.local_date(clock.now())).is_officer


class CommunitiesConfig(AppConfig):
    name = "portal.communities"
    label = "communities"
    verbose_name = "Helsefellesskap"

    def ready(self) -> None:
        from portal.communities.sentences import SENTENCES  # noqa: PLC0415 - models are read when apps are ready
        from portal.journal import sentences  # noqa: PLC0415

        sentences.register(SENTENCES)
        ui.register(
            ui.NavItem(_("Organer"), "portal:body_list", order=70),
            ui.NavItem(_("Organisasjoner"), "portal:organisation_list", visible=_is_officer, order=80),
            ui.NavItem(_("Personer"), "portal:person_list", visible=_is_officer, order=82),
            ui.NavItem(_("Logg"), "portal:log", visible=_is_officer, order=90),
            ui.NavItem(_("Min side"), "portal:my_page", order=10, place="user"),
        )
