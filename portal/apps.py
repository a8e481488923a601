"""The portal's own app: pages and template tags that every room uses."""

from django.apps import AppConfig
from django.core import checks

from portal import rooms


class PortalConfig(AppConfig):
    name = "portal"
    label = "portal"
    verbose_name = "Portal"

    def ready(self) -> None:
        """Register the check of the rooms with ``manage.py check`` and the commands that start with it."""
        checks.register(rooms.check)
