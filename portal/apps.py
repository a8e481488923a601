"""The portal's own app: pages and template tags that every room uses."""

from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from portal import ui


def _is_demo(user: object) -> bool:
    """The mailbox is the demo's alone."""
    return bool(settings.IS_DEMO)


class PortalConfig(AppConfig):
    name = "portal"
    label = "portal"
    verbose_name = "Portal"

    def ready(self) -> None:
        """Put the demo's mailbox in the menu."""
        ui.register(ui.NavItem(_("Postkassen"), "portal:mailbox", visible=_is_demo, order=99))
