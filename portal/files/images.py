"""A picture, judged by reading it to its end."""

import io
from typing import Final

from PIL import Image

from portal.files.faults import Fault, FileFaultError

# More than any telephone takes, and what other people's programs still open.
MOST_PIXELS: Final = 89_000_000
# A JPEG is read at an eighth of its size, which goes through all of its bytes.
READ_AS: Final = 8
# Where the last part of a JPEG begins, and where it ends.
SCAN, END = b"\xff\xda", b"\xff\xd9"


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
                image.draft("RGB", (width // READ_AS, height // READ_AS))
                image.load()
                _require_end(data)
    except Image.DecompressionBombError as error:
        raise FileFaultError(Fault.TOO_LARGE) from error
    except (OSError, SyntaxError, ValueError) as error:
        raise FileFaultError(Fault.BROKEN) from error


def _require_end(data: bytes) -> None:
    """Raise FileFaultError when a JPEG has no end after its last part.

    Pillow tells of it too, but not in a process that has loaded WeasyPrint, which tells Pillow to take cut pictures.
    """
    if data.rfind(END) < data.rfind(SCAN):
        raise FileFaultError(Fault.BROKEN)
