"""The shape of a proposal: numbered points with lettered sub-points (R129), read from plain text.

Pure: no Django, no database.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

NUMBERED = re.compile(r"^\s*(\d{1,3})[.)]\s+(.*)$")
LETTERED = re.compile(r"^\s*[-–•*]?\s*([a-zæøå])[.)]\s+(.*)$", re.IGNORECASE)
DASHED = re.compile(r"^\s*[-–•*]\s+(.*)$")


@dataclass(frozen=True, slots=True)
class Point:
    """A numbered point of a proposal, and what stands under it: lettered or dashed lines."""

    text: str
    letters: tuple[str, ...] = ()
    dashes: tuple[str, ...] = ()


def points(text: str) -> tuple[Point, ...]:
    """The points of the text. A line that begins with neither number, letter nor dash goes on with the one before.

    Text without a single number is one point for each paragraph line.
    """
    found: list[Point] = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        lettered, dashed = LETTERED.match(line), DASHED.match(line)
        if numbered := NUMBERED.match(line):
            found.append(Point(numbered[2]))
        elif lettered and found:
            found[-1] = Point(found[-1].text, (*found[-1].letters, lettered[2]), found[-1].dashes)
        elif dashed and found:
            found[-1] = Point(found[-1].text, found[-1].letters, (*found[-1].dashes, dashed[1]))
        elif found and NUMBERED.search(text.strip().splitlines()[0]):
            found[-1] = _continued(found[-1], line)
        else:
            found.append(Point(line))
    return tuple(found)


def _continued(point: Point, line: str) -> Point:
    if point.dashes:
        return Point(point.text, point.letters, (*point.dashes[:-1], f"{point.dashes[-1]} {line}"))
    if point.letters:
        return Point(point.text, (*point.letters[:-1], f"{point.letters[-1]} {line}"), point.dashes)
    return Point(f"{point.text} {line}")


def write(numbered: Sequence[tuple[str, Iterable[str]]]) -> str:
    """The text of the points, each with its lettered sub-points."""
    lines: list[str] = []
    for number, (text, letters) in enumerate(numbered, start=1):
        lines.append(f"{number}. {text}")
        lines += [f"   {chr(96 + place)}) {letter}" for place, letter in enumerate(letters, start=1)]
    return "\n".join(lines)
