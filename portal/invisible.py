"""Characters that nobody types and nobody sees, in one place for the round file, the answers and the page's script.

The patterns are read by Python and by JavaScript: escapes of both languages, and nothing but one character class.
"""

import re
from typing import Final

# Control characters except tab and line break, and those that turn the reading direction: they make text misleading.
_MISLEADING: Final = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069"
# The other control characters, spaces and marks without width, and the mark of byte order. A soft hyphen and the
# joiners of words are not among them: they belong to the word.
_WITHOUT_WIDTH: Final = r"\x80-\x9f\u200b\u200e\u200f\u2060-\u2065\ufeff"

MISLEADING: Final = re.compile(f"[{_MISLEADING}]")
INVISIBLE: Final = re.compile(f"[{_MISLEADING}{_WITHOUT_WIDTH}]")


def drop_invisible(text: str) -> str:
    """The text without characters that cannot be seen."""
    return INVISIBLE.sub("", text)
