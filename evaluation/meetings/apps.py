"""App configuration."""

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from evaluation.meetings.sentences import SENTENCES
from portal import clock, panels, ui


class MeetingsConfig(AppConfig):
    name = "evaluation.meetings"
    label = "meetings"
    verbose_name = "Møter"

    def ready(self) -> None:
        """Put the room in the menu and on the home page; give its statuses colours and its acts words."""
        from portal.journal import sentences  # noqa: PLC0415 - models are not ready when apps are read

        sentences.register(SENTENCES)
        ui.register(ui.NavItem(_("Møter"), "meetings:list", visible=_has_meetings, order=50))
        ui.register_tones({"open": "success", "decided": "success"})
        panels.register(panels.Panel("meetings", order=50, build=_tasks, title=_("Møter")))


def _has_meetings(user: Any) -> bool:
    from portal.communities.queries import standing  # noqa: PLC0415 - models are not ready when apps are read

    return bool(standing(user, clock.local_date(clock.now())).body_ids)


def _tasks(user: Any, now: Any) -> Any:
    from evaluation.meetings.queries.agenda import waiting_for  # noqa: PLC0415 - as above

    return waiting_for(user, now)
