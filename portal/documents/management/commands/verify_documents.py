"""Check that every frozen document, and its PDF, is as it was frozen."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.documents import queries
from portal.documents.models import Document


class Command(BaseCommand):
    help = "Kontrollerer alle låste dokumenter og PDF-ene deres, og navngir dem som ikke er slik de ble låst."

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = list(queries.faults())
        for fault in wrong:
            self.stderr.write(f"{fault.document}: {fault.reason}.")
        if wrong:
            raise CommandError(f"{len(wrong)} dokumenter er ikke slik de ble låst.")
        self.stdout.write(f"{Document.objects.count()} dokumenter er hele.")
