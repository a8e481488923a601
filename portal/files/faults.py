"""Why a file cannot be taken although its kind could be: what it has inside that others cannot open, or that runs."""

from enum import StrEnum


class Fault(StrEnum):
    """What is wrong with a file. The sentence for the person is in ``portal.files.services``."""

    PASSWORD = "password"  # noqa: S105 - a name of a fault
    MACROS = "macros"
    REMOTE = "remote"
    PROGRAM = "program"
    FIELD = "field"
    SCRIPT = "script"
    ENCLOSED = "enclosed"
    BROKEN = "broken"
    TOO_LARGE = "too_large"
    OLD_OFFICE = "old_office"
    HEIC = "heic"
    SLOW = "slow"
    PACKING = "packing"


class FileFaultError(Exception):
    """The file must be refused. ``host`` is the place that a REMOTE fault leads to."""

    def __init__(self, fault: Fault, host: str = "") -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.host = host
