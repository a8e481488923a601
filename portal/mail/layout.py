"""A mail's text as pieces, for the HTML beside it: paragraphs, lists, links, and the one button. Pure.

An address of the portal that stands alone on its line is a link. What the link says is the line before, when that ends
in a colon, or the line of the list that it stands under. The link of a mail that has no other is its button.
"""

from dataclasses import dataclass
from typing import Literal

BULLETS = ("- ", "– ")


@dataclass(slots=True)
class Line:
    """A line of text, and where it leads."""

    text: str
    address: str = ""


@dataclass(slots=True)
class Piece:
    """Lines that are drawn together; a link or a button has one."""

    kind: Literal["text", "list", "link", "button"]
    lines: list[Line]


def pieces(text: str, site: str) -> list[Piece]:
    """The text in pieces, in its order. ``site`` is the portal's own address."""
    made: list[Piece] = []
    begins = True
    for line in (line.strip() for line in text.splitlines()):
        if not line or _is_own(line, site):
            begins = not line or _lead_to(line, made, begins=begins)
        else:
            _add(line, made, begins=begins)
            begins = False
    links = [piece for piece in made if piece.kind == "link"]
    if len(links) == 1:
        links[0].kind = "button"
    return [piece for piece in made if piece.lines]


def _is_own(line: str, site: str) -> bool:
    return line.startswith(f"{site.rstrip('/')}/") and " " not in line


def _add(line: str, made: list[Piece], *, begins: bool) -> None:
    """Add the line to the last piece, or to a new one."""
    kind: Literal["text", "list"] = "list" if line.startswith(BULLETS) else "text"
    if begins or made[-1].kind != kind:
        made.append(Piece(kind, []))
    made[-1].lines.append(Line(line[2:] if kind == "list" else line))


def _lead_to(address: str, made: list[Piece], *, begins: bool) -> bool:
    """Set the address where it belongs. Returns whether a new piece begins after it."""
    above = [] if begins else made[-1].lines
    if above and made[-1].kind == "list":
        above[-1].address = address
        return False
    label = above.pop().text[:-1] if above and above[-1].text.endswith(":") else ""
    made.append(Piece("link", [Line(label, address)]))
    return True
