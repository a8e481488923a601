"""Write the JSON Schema of round files."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from rounds.definition import RoundDefinition

PATH = Path("docs") / "round-file.schema.json"


def schema_text() -> str:
    """The schema as it must be in the repository."""
    schema = RoundDefinition.model_json_schema(mode="validation")
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    return json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


class Command(BaseCommand):
    help = "Skriver docs/round-file.schema.json, som et redigeringsprogram kan bruke."

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(settings.BASE_DIR) / PATH
        path.parent.mkdir(exist_ok=True)
        path.write_text(schema_text(), encoding="utf-8")
        self.stdout.write(f"Skrev {PATH}.")
