"""Calculate every result again from the delivered assessments."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from applications.models import Application
from evaluation.assessment.models import Assessment
from evaluation.assessment.services.results import rebuild_many


class Command(BaseCommand):
    help = "Regner ut alle resultater på nytt fra de leverte vurderingene."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--round", help="bare denne runden")

    def handle(self, *args: Any, **options: Any) -> None:
        scored = Assessment.objects.exclude(delivered_at=None).values("application")
        applications = Application.objects.filter(pk__in=scored).select_related("round", "community").order_by("pk")
        if options["round"]:
            applications = applications.filter(round__code=options["round"])
        count = rebuild_many(applications)
        self.stdout.write(f"{count} søknader regnet ut på nytt.")
