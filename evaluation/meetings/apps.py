"""App configuration."""

from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "evaluation.meetings"
    label = "meetings"
    verbose_name = "Møter"
