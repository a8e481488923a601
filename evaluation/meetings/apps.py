"""App configuration."""

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from evaluation.meetings.sentences import SENTENCES
from portal import panels, ui


class MeetingsConfig(AppConfig):
    name = "evaluation.meetings"
    label = "meetings"
    verbose_name = "Møter"

    def ready(self) -> None:
        """Put the room in the menu and on the home page; give its statuses colours and its acts words."""
        from evaluation.meetings.queries.rules import in_session  # noqa: PLC0415 - models are not ready before
        from portal.communities import menu  # noqa: PLC0415 - as above
        from portal.communities.in_session import register_in_session  # noqa: PLC0415 - as above
        from portal.journal import sentences  # noqa: PLC0415 - as above

        sentences.register(SENTENCES)
        register_in_session(in_session)
        ui.register(ui.NavItem(_("Møter"), "meetings:list", visible=menu.sits_in_a_body, order=50))
        ui.register_tones({"open": "success", "decided": "success"})
        panels.register(
            panels.Panel("lists", order=48, build=_lists, title=_("Saker til møte")),
            panels.Panel("meetings", order=50, build=_tasks, title=_("Møter")),
        )


def _tasks(user: Any, now: Any) -> Any:
    from evaluation.meetings.queries.agenda import waiting_for  # noqa: PLC0415 - as above

    return waiting_for(user, now)


def _lists(user: Any, now: Any) -> Any:
    from evaluation.meetings.panels import waiting_lists  # noqa: PLC0415 - as above

    return waiting_lists(user, now)
