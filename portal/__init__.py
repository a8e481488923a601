"""The project's settings and processes, and the parts that every room uses."""

from portal.celery import app as celery_app

__all__ = ["celery_app"]
