"""App configuration."""

from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "evaluation.plans"
    label = "plans"
    verbose_name = "Handlingsplan"
