"""Text as its author saw it: what other programs put into it when it is pasted, in one place for forms and script.

PowerPoint breaks a line with VT, a PDF a page with FF, older systems with NEL; macOS writes «Å» as two signs; Word's
bullets are signs that only its own fonts have. The patterns are read by Python and by JavaScript: escapes of both
languages, and nothing but one character class.
"""

import re
import unicodedata
from typing import Final

# Control characters except tab and line breaks, and those that turn the reading direction: they make text misleading.
_MISLEADING: Final = r"\x00-\x08\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069"
# The other control characters, spaces and marks without width, and the mark of byte order. A soft hyphen and the
# joiners of words are not among them: they belong to the word.
_WITHOUT_WIDTH: Final = r"\x80-\x84\x86-\x9f\u200b\u200e\u200f\u2060-\u2065\ufeff"

# A round file is refused with these, and with line breaks that its editor does not show.
MISLEADING: Final = re.compile(rf"[{_MISLEADING}\x0b\x0c]")
INVISIBLE: Final = re.compile(f"[{_MISLEADING}{_WITHOUT_WIDTH}]")
_LINE_BREAK: Final = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# The bullets of Word's fonts Symbol and Wingdings.
_BULLETS: Final = str.maketrans({"\uf0b7": "•", "\uf0a7": "•", "\uf0d8": "•", "\uf0fc": "•", "\uf02d": "–"})


def drop_invisible(text: str) -> str:
    """The text without characters that cannot be seen."""
    return INVISIBLE.sub("", text)


def plain_text(text: str) -> str:
    """Several lines of text: every line break is a line feed, and every letter has one form (NFC)."""
    return drop_invisible(_LINE_BREAK.sub("\n", unicodedata.normalize("NFC", text))).translate(_BULLETS)


def one_line(text: str) -> str:
    """One line of text: what was broken, or set apart by several spaces, is set apart by one."""
    return " ".join(plain_text(text).split())
