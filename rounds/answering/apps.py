"""App configuration."""

from django.apps import AppConfig


class AnsweringConfig(AppConfig):
    name = "rounds.answering"
    label = "answering"
    verbose_name = "Skjemasvar"
