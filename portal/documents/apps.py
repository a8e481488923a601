"""The app of the frozen documents."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Frozen documents."""

    name = "portal.documents"
    label = "documents"
    default_auto_field = "django.db.models.BigAutoField"
