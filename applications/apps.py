"""App configuration."""

from django.apps import AppConfig


class ApplicationsConfig(AppConfig):
    name = "applications"
    label = "applications"
    verbose_name = "Søknader"

    def ready(self) -> None:
        """Tell the portal what the room has."""
        from applications import registration  # noqa: PLC0415 - models are ready only now

        registration.register()
