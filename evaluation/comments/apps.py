"""App configuration."""

from django.apps import AppConfig


class CommentsConfig(AppConfig):
    name = "evaluation.comments"
    label = "comments"
    verbose_name = "Innspill"
