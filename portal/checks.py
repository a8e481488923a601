"""What ``manage.py check --deploy`` says of the settings, beside Django's own."""

from django.conf import settings
from django.core import checks


def check_address(app_configs: object = None, **_options: object) -> list[checks.Warning]:
    """Behind a proxy that is not counted, all people have its address, and share the limit of wrong passwords."""
    if not settings.IS_PRODUCTION or settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        return []
    text = "TRUSTED_PROXY_COUNT is not set, but production is behind a proxy, which ends TLS."
    hint = "Ten wrong passwords in a minute from anybody would keep everybody from signing in (docs/operations.md)."
    return [checks.Warning(text, hint=hint, id="portal.W002")]


def check_arrival(app_configs: object = None, **_options: object) -> list[checks.Warning]:
    """A proxy that does not tell when a request came in lets applicants wait themselves past the deadline."""
    if not settings.ALLAUTH_TRUSTED_PROXY_COUNT or settings.REQUEST_START_HEADER:
        return []
    text = "TRUSTED_PROXY_COUNT says that there is a proxy, but REQUEST_START_HEADER does not name its time of arrival."
    hint = "Without it, a request that waits for a worker past the deadline is late (docs/operations.md)."
    return [checks.Warning(text, hint=hint, id="portal.W001")]
