"""Reading the file of a plan: YAML to a ``PlanFile``, or all errors, each with its line, as a round file is read."""

from pathlib import Path

from evaluation.plans.content import PlanFile
from rounds.round_file import parse_as


def read_file(path: Path) -> PlanFile:
    """The plan in the file. Raises RoundFileError with all that is wrong, and OSError when it cannot be read."""
    _data, plan, _lines = parse_as(PlanFile, path.read_bytes(), "en handlingsplan")
    return plan
