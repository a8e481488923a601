"""The shape of a proposal: numbered points with lettered sub-points (R129), read from plain text.

Pure: no Django, no database.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

NUMBERED = re.compile(r"^\s*(\d{1,3})[.)]\s+(.*)$")
SECOND = re.compile(r"^\s*2[.)]\s+", re.MULTILINE)
LETTERED = re.compile(r"^\s*[-–•*]?\s*([a-zæøå])[.)]\s+(.*)$", re.IGNORECASE)
DASHED = re.compile(r"^\s*[-–•*]\s+(.*)$")
DIGITS = r"(?>\d{1,3}(?:[\s.]\d{3})+|\d+)"
SUM = re.compile(
    rf"(?<![\d,.])({DIGITS})(?:,(?:00|-|–|—))?\s*(?:kr|kroner)\b|\bkr\.?\s*({DIGITS})(?!,\d)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Point:
    """A numbered point of a proposal, with the lettered or dashed lines under it."""

    text: str
    letters: tuple[str, ...] = ()
    dashes: tuple[str, ...] = ()


def points(text: str) -> tuple[Point, ...]:
    """The points of the text. A line that begins with neither number, letter nor dash continues the line before it.

    In a text without numbers, each line is a point.
    """
    read: list[Point] = []
    lines = [line for line in map(str.strip, text.splitlines()) if line]
    is_numbered = bool(lines and NUMBERED.match(lines[0]))
    for line in lines:
        lettered, dashed = LETTERED.match(line), DASHED.match(line)
        if numbered := NUMBERED.match(line):
            read.append(Point(numbered[2]))
        elif lettered and read:
            read[-1] = Point(read[-1].text, (*read[-1].letters, lettered[2]), read[-1].dashes)
        elif dashed and read:
            read[-1] = Point(read[-1].text, read[-1].letters, (*read[-1].dashes, dashed[1]))
        elif read and is_numbered:
            read[-1] = _continued(read[-1], line)
        else:
            read.append(Point(line))
    return tuple(read)


def _continued(point: Point, line: str) -> Point:
    if point.dashes:
        return Point(point.text, point.letters, (*point.dashes[:-1], f"{point.dashes[-1]} {line}"))
    if point.letters:
        return Point(point.text, (*point.letters[:-1], f"{point.letters[-1]} {line}"), point.dashes)
    return Point(f"{point.text} {line}")


def sums(text: str) -> tuple[int, ...]:
    """The amounts in whole kroner that the text names: «1 100 000 kr», «kr 400 000»."""
    amounts = (before or after for before, after in SUM.findall(text))
    return tuple(int(re.sub(r"\D", "", digits)) for digits in amounts)


def names_another_sum(text: str, amount: int) -> bool:
    """Whether the text names amounts, and the decided amount is neither one of them nor their sum."""
    named = sums(text)
    return bool(named) and amount not in named and amount != sum(named)


def first_point(text: str) -> Point | None:
    """The first point of the text, with its spaces made alike; None of an empty text."""
    alike = "\n".join(" ".join(line.split()) for line in text.splitlines())
    read = points(alike)
    return read[0] if read else None


def after_first_point(text: str) -> str:
    """The text from its second point on; empty when it has one point only."""
    second = SECOND.search(text)
    return text[second.start() :].strip() if second else ""


def with_first_point(written: str, text: str) -> str:
    """The text with the first point of ``written`` in place of its own; its other points are kept as they are."""
    second = SECOND.search(written)
    first = (written[: second.start()] if second else written).rstrip()
    rest = after_first_point(text)
    return f"{first}\n{rest}" if rest else first


def write(numbered: Sequence[tuple[str, Iterable[str]]]) -> str:
    """The text of the points, each with its lettered sub-points."""
    lines: list[str] = []
    for number, (text, letters) in enumerate(numbered, start=1):
        lines.append(f"{number}. {text}")
        lines += [f"   {chr(96 + position)}) {letter}" for position, letter in enumerate(letters, start=1)]
    return "\n".join(lines)
