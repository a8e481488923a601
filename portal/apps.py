"""The portal's own app: pages and template tags that every room uses."""

from django.apps import AppConfig
from django.core import checks

from portal import rooms, searching


class PortalConfig(AppConfig):
    name = "portal"
    label = "portal"
    verbose_name = "Portal"

    def ready(self) -> None:
        """Register the check of the rooms with ``manage.py check``, and let every connection search."""
        checks.register(rooms.check)
        searching.start()
