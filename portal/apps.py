"""The portal's own app: pages and template tags that every room uses."""

from django.apps import AppConfig
from django.core import checks

from portal import rooms, searching
from portal.checks import check_arrival


class PortalConfig(AppConfig):
    name = "portal"
    label = "portal"
    verbose_name = "Portal"

    def ready(self) -> None:
        """Register the checks of the house with ``manage.py check``, and let every connection search."""
        checks.register(rooms.check)
        checks.register(check_arrival, checks.Tags.security, deploy=True)
        searching.start()
