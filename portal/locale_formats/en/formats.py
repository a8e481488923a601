"""As in bokmål."""

from django.conf.locale.nb.formats import *  # type: ignore[import-untyped]  # noqa: F403 - Django asks for the names
