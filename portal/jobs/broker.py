"""The broker of one machine: kombu's folder of messages, changed so that a worker never reads half a message.

Kombu writes a message under its final name; a worker that reads it before it is written gets an empty file and stops.
"""

import time
import uuid
from pathlib import Path
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    def _put(self, queue: str, payload: dict[str, Any], **kwargs: Any) -> None:  # type: ignore[override] # as its parent
        folder = Path(self.data_folder_out)
        name = f"{time.monotonic_ns() // 1_000_000}_{uuid.uuid4()}.{queue}"
        try:
            written = folder / f"{name}.new"
            written.write_text(dumps(payload), encoding="utf-8")
            written.rename(folder / f"{name}.msg")
        except OSError as error:
            raise ChannelError(f"No message can be left in {folder}") from error


class Transport(filesystem.Transport):
    Channel = Channel


def use_for_folders() -> None:
    """Make ``filesystem://`` mean this transport."""
    TRANSPORT_ALIASES["filesystem"] = f"{__name__}:Transport"
