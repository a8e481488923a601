"""Snapshots of what was sent: the one canonical JSON text of a snapshot, and its SHA-256."""

import hashlib
import json
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
