"""The broker of one machine: kombu's folder of messages, changed so that a worker never reads half a message.

Kombu writes a message under its final name; a worker that reads it before it is written gets an empty file and stops.
And a clock without a worker leaves a tick every second second: a message that expires takes the place of the one of the
same task that nobody has taken, so that one waits for each task, however long the worker is away.
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
        headers = payload.get("headers") or {}
        # Names are taken in their order: work, whose names begin with a number, comes before ticks. No name is used
        # twice, since a worker moves the file to a folder where one that has died may have left its own.
        task = f"tick_{headers['task'].replace('.', '-')}_" if headers.get("expires") else ""
        name = f"{task}{time.monotonic_ns() // 1_000_000}_{uuid.uuid4()}.{queue}"
        replaced = list(folder.glob(f"{task}*.{queue}.msg")) if task else []
        try:
            written = folder / f"{name}.new"
            written.write_text(dumps(payload), encoding="utf-8")
            written.rename(folder / f"{name}.msg")
            for message in replaced:
                message.unlink(missing_ok=True)
        except OSError as error:
            raise ChannelError(f"No message can be left in {folder}") from error


class Transport(filesystem.Transport):
    Channel = Channel


def use_for_folders() -> None:
    """Make ``filesystem://`` mean this transport."""
    TRANSPORT_ALIASES["filesystem"] = f"{__name__}:Transport"
