"""App configuration."""

from django.apps import AppConfig


class ActionsConfig(AppConfig):
    name = "evaluation.actions"
    label = "actions"
    verbose_name = "Oppfølging av vedtak"
