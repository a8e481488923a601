"""The portal's own app: pages and template tags that every room uses."""

from django.apps import AppConfig
from django.core import checks

from portal import rooms


class PortalConfig(AppConfig):
    name = "portal"
    label = "portal"
    verbose_name = "Portal"

    def ready(self) -> None:
        """Let ``manage.py check``, and every command that starts with it, see that each room tells what it must."""
        checks.register(rooms.check)
