"""App configuration."""

from datetime import date
from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from portal import clock, ui


class FollowupConfig(AppConfig):
    name = "evaluation.followup"
    label = "followup"
    verbose_name = "Oppfølging"

    def ready(self) -> None:
        """Put the room in the secretariat's menu."""
        ui.register(ui.NavItem(_("Oppfølging"), "followup:overview", visible=_is_secretariat, order=70))


def _is_secretariat(user: Any) -> bool:
    from portal.communities.queries import standing  # noqa: PLC0415 - models are not ready when apps are read

    day: date = clock.local_date(clock.now())
    who = standing(user, day)
    return bool(who.secretariat_community_ids or who.secretariat_region_ids)
