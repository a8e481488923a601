"""Whether the names in ``where`` of docs/requirements.yaml are there: files, code, and parts of the round files."""

import importlib
import re
from collections.abc import Iterator
from typing import Any

from django.apps import apps

from tests import factories
from tests.harness.requirements import ROOT, written

ROOMS = ("portal", "rounds", "applications", "evaluation")


def names_of_nothing() -> list[tuple[str, str]]:
    """The requirement and the name, for each name between backticks that is found nowhere."""
    rounds = [
        factories.definition(name).model_dump(mode="json")
        for name in ("troms-ofoten-2024", "helse-nord-2025", "innlandet-2024")
    ]
    words = {word for data in rounds for word in _words(data)}
    return [
        (number, name)
        for number, fields in written().items()
        for name in re.findall(r"`([^`]+)`", fields.get("where", ""))
        if not _is_there(name, rounds, words)
    ]


def _is_there(name: str, rounds: list[Any], words: set[str]) -> bool:
    """A path with a slash; a code or field of a round file, or the dotted way to it; a dotted name in the code."""
    if "/" in name:
        return any((folder / name).exists() for folder in (ROOT, ROOT / "templates"))
    first, *rest = way = name.partition(": ")[0].replace("[]", "").split(".")
    if rest and any(_holds(data, way) for data in rounds):
        return True
    if first in ROOMS:
        return _is_in_code(way)
    models = [model for model in apps.get_models() if model.__name__ == first]
    return any(hasattr(model, attribute) for model in models for attribute in rest or ["pk"]) or ".".join(way) in words


def _words(part: Any) -> Iterator[str]:
    """Every key and every text of a round's plain data."""
    if isinstance(part, dict):
        for key, value in part.items():
            yield key
            yield from _words(value)
    elif isinstance(part, list):
        for value in part:
            yield from _words(value)
    elif isinstance(part, str):
        yield part


def _holds(part: Any, way: list[str]) -> bool:
    """Whether the way leads on from the part; the items of a list are named by their codes, or not at all."""
    if not way:
        return True
    if isinstance(part, dict):
        return way[0] in part and _holds(part[way[0]], way[1:])
    if isinstance(part, list):
        coded = [item for item in part if isinstance(item, dict) and item.get("code") == way[0]]
        return any(_holds(item, way[1:]) for item in coded) or any(
            _holds(item, way) for item in part if isinstance(item, dict)
        )
    return False


def _is_in_code(way: list[str]) -> bool:
    for length in range(len(way), 0, -1):
        try:
            part: Any = importlib.import_module(".".join(way[:length]))
        except ModuleNotFoundError:
            continue
        for step in way[length:]:
            fields = getattr(part, "__dataclass_fields__", {})
            part = getattr(part, step, fields.get(step))
        return part is not None
    return False
