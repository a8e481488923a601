"""A picture, judged by reading it to its end."""

import io
import re
from typing import Final

from PIL import Image

from portal.files.faults import Fault, FileFaultError

# More than any telephone takes, and what other people's programs still open.
MOST_PIXELS: Final = 89_000_000
# A JPEG is read at an eighth of its size, which goes through all of its bytes.
READ_AS: Final = 8
# A JPEG in several scans is kept whole in memory, six bytes a pixel, and all of it is gone through for each scan.
MOST_IN_SCANS: Final = 50_000_000
MOST_SCANS: Final = 100
# Where the last part of a JPEG begins, and where it ends.
SCAN, END = b"\xff\xda", b"\xff\xd9"
# What ends the packed bytes of a scan: a mark that is neither one of the bytes nor a point to begin again at.
MARK: Final = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")


def judge(data: bytes) -> None:
    """Raise FileFaultError when the picture is cut off or damaged, or has more than MOST_PIXELS."""
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as image:
            width, height = image.size
            if width * height > MOST_PIXELS:
                raise FileFaultError(Fault.TOO_LARGE)
            if image.format == "PNG":
                image.verify()
            else:
                _require_few_scans(data, width * height)
                image.draft("RGB", (width // READ_AS, height // READ_AS))
                image.load()
                _require_end(data)
    except Image.DecompressionBombError as error:
        raise FileFaultError(Fault.TOO_LARGE) from error
    except (OSError, SyntaxError, ValueError) as error:
        raise FileFaultError(Fault.BROKEN) from error


def _require_few_scans(data: bytes, pixels: int) -> None:
    """Refuse a JPEG that a few bytes make slow, or too large for the memory, to read."""
    scans = _scans_of(data)
    if scans > MOST_SCANS or (scans > 1 and pixels > MOST_IN_SCANS):
        raise FileFaultError(Fault.TOO_LARGE)


def _scans_of(data: bytes) -> int:
    """How many scans the picture has: those of its own, not of the small picture that a telephone puts in it."""
    scans, at = 0, 2
    while (mark := MARK.search(data, at)) and mark[0] != END:
        at = mark.end()
        scans += mark[0] == SCAN
        # The part's own bytes come first; those of a scan follow them.
        at += int.from_bytes(data[at : at + 2], "big")
    return scans


def _require_end(data: bytes) -> None:
    """Raise FileFaultError when a JPEG has no end after its last part.

    Pillow tells of it too, but not in a process that has loaded WeasyPrint, which tells Pillow to take cut pictures.
    """
    if data.rfind(END) < data.rfind(SCAN):
        raise FileFaultError(Fault.BROKEN)
