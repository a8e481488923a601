"""App configuration."""

from django.apps import AppConfig


class FollowupConfig(AppConfig):
    name = "evaluation.followup"
    label = "followup"
    verbose_name = "Oppfølging"
