"""App configuration."""

from django.apps import AppConfig


class CommunitiesConfig(AppConfig):
    name = "portal.communities"
    label = "communities"
    verbose_name = "Helsefellesskap"
