"""App configuration."""

from django.apps import AppConfig


class RoundsConfig(AppConfig):
    name = "rounds"
    label = "rounds"
    verbose_name = "Søknadsrunder"
