"""Celery's task of the demo."""

from datetime import datetime

from celery import shared_task

from evaluation.demo import services


@shared_task(name="demo.walk")
def walk(end: str) -> None:
    """Let the clock walk to the end (ISO, UTC)."""
    services.walk(datetime.fromisoformat(end))
