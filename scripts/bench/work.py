"""Approve the seed's letters and wait until the Celery worker has made them."""

import json
import sys
import time

import django

django.setup()

from evaluation.decisions.models import Letter  # noqa: E402
from evaluation.decisions.services import letters  # noqa: E402
from portal import clock  # noqa: E402
from portal.communities.models import User  # noqa: E402


def main(asked: str, wait_seconds: str) -> None:
    """Approve each, then look until all have their PDF."""
    seed = json.loads(asked)
    secretary = User.objects.get(pk=seed["secretary"])
    waiting = Letter.objects.filter(pk__in=seed["letters"])
    for letter in waiting:
        letters.look(letter, by=secretary, at=clock.now())
        letters.approve(letter, by=secretary, at=clock.now())
    deadline = time.monotonic() + float(wait_seconds)
    while waiting.filter(document__pdf=None).exists() and time.monotonic() < deadline:
        time.sleep(0.2)


if __name__ == "__main__":
    main(*sys.argv[1:])
