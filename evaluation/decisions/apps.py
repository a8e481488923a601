"""App configuration."""

from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    name = "evaluation.decisions"
    label = "decisions"
    verbose_name = "Vedtak og brev"
