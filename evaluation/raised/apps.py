"""App configuration."""

from django.apps import AppConfig


class RaisedConfig(AppConfig):
    name = "evaluation.raised"
    label = "raised"
    verbose_name = "Innmeldte saker"
