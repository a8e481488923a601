"""Snapshots of what was sent: the one canonical JSON text of a snapshot, its SHA-256, and what is changed since."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot be frozen")


def canonical(data: Any) -> str:
    """The one JSON text of the data: sorted keys, no spaces, dates in ISO, decimals as text."""
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain)


def frozen(data: Any) -> Any:
    """The data as plain JSON values, exactly as ``canonical`` writes them: what a snapshot field stores."""
    return json.loads(canonical(data))


def digest(data: Any) -> str:
    """SHA-256 of the canonical text, in hexadecimal."""
    return hashlib.sha256(canonical(data).encode()).hexdigest()


def sums(parts: Mapping[str, Any]) -> str:
    """What a page shows, a short sum for each part: the page's button sends it back, for ``changed``."""
    return ",".join(f"{key}:{digest(part)[:10]}" for key, part in parts.items())


def changed(shown: str, parts: Mapping[str, Any]) -> list[str]:
    """The keys of the parts that are new or others than on the page that ``sums`` was on, then of those gone since."""
    was, now = ({key: sum_ for key, _, sum_ in map(_pair, text.split(","))} for text in (shown, sums(parts)))
    return [key for key in {**now, **was} if key and now.get(key) != was.get(key)]


def _pair(text: str) -> tuple[str, str, str]:
    return text.rpartition(":")
