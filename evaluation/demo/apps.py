"""App configuration."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "evaluation.demo"
    label = "demo"
    verbose_name = "Demo"
