"""App configuration."""

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "evaluation.reporting"
    label = "reporting"
    verbose_name = "Rapporter"
