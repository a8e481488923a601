"""The portal's own app: pages and template tags that every room uses."""

from django.apps import AppConfig
from django.conf import settings
from django.core import checks

from portal import clock, demo_clock, rooms, searching
from portal.checks import check_address, check_arrival


class PortalConfig(AppConfig):
    name = "portal"
    label = "portal"
    verbose_name = "Portal"

    def ready(self) -> None:
        """Register the checks of the house, let every connection search, and let the demo's clock be moved."""
        checks.register(rooms.check)
        checks.register(check_address, checks.Tags.security, deploy=True)
        checks.register(check_arrival, checks.Tags.security, deploy=True)
        searching.start()
        if settings.IS_DEMO:
            clock.shift_by(demo_clock.ahead)
