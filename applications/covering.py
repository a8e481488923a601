"""«Gjelder også rad»: which rows of the benefit table the second band of a row also covers (R118). Free of Django.

People read and write numbers («2, 3 og 7»). The keys of the rows are stored, so that the answer stays right when other
rows are removed. ``order`` is the keys of the rows as the page numbers them, from 1.
"""

import re
from collections.abc import Collection, Sequence
from typing import Final

# The word before the last number, in the languages of the rounds.
AND: Final = {"nb": "og", "nn": "og", "se": "ja", "en": "and"}
_AND: Final = "|".join(sorted(set(AND.values())))
_LIST: Final = re.compile(rf"[0-9]{{1,3}}(\s*([,–-]|\b({_AND})\b)\s*[0-9]{{1,3}})*")
_SPAN: Final = re.compile(r"([0-9]+)(?:\s*[–-]\s*([0-9]+))?")


class NoNumbersError(ValueError):
    """The text is not a list of row numbers."""


class NoSuchRowError(ValueError):
    """The table has no row of that number; ``number`` says which."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(number)


class OwnRowError(NoSuchRowError):
    """The number is that of the row itself, which covers itself already."""


class NotStoredError(NoSuchRowError):
    """The page has a row of that number, but the row is not stored: it is empty, or somebody has removed it."""


def keys_in(text: str, order: Sequence[str], stored: Collection[str], row: str = "") -> list[str]:
    """The keys of the rows that the text names, in the order of the page.

    ``stored`` are the keys of the rows that are stored, or will be by the same save. ``row`` is the key of the row
    that the text stands in. Raises NoNumbersError, NoSuchRowError, OwnRowError and NotStoredError.
    """
    if not text.strip():
        return []
    if not _LIST.fullmatch(text.strip()):
        raise NoNumbersError(text)
    wanted: set[int] = set()
    for first, last in _SPAN.findall(text):
        ends = (int(first), int(last or first))
        wanted.update(range(min(ends), max(ends) + 1))
    wrong = [number for number in sorted(wanted) if not 1 <= number <= len(order)]
    if wrong:
        raise NoSuchRowError(wrong[0])
    keys = {number: order[number - 1] for number in sorted(wanted)}
    for number, key in keys.items():
        if key == row:
            raise OwnRowError(number)
        if key not in stored:
            raise NotStoredError(number)
    return list(keys.values())


def numbers_text(keys: Sequence[str], order: Sequence[str], word: str) -> str:
    """The numbers of these rows as people write them: «2, 3 og 7». A row that is removed has no number."""
    numbers = [str(number) for number, key in enumerate(order, start=1) if key in keys]
    return f" {word} ".join(filter(None, (", ".join(numbers[:-1]), *numbers[-1:])))
