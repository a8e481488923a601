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
            it_is = "dokument er ikke slik det" if len(wrong) == 1 else "dokumenter er ikke slik de"
            raise CommandError(f"{len(wrong)} {it_is} ble låst.")
        count = Document.objects.count()
        self.stdout.write(f"{count} dokument er helt." if count == 1 else f"{count} dokumenter er hele.")
