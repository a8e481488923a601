"""What is wrong in a round file that is not YAML, in words for one who has not heard of YAML. Nothing here reads files.

The reader stops where it cannot go on, which is often not where the fault is: a quote that is never closed is noticed
at the end of the file. Each sentence therefore has the line where something must be changed.
"""

import re
from contextlib import suppress
from typing import Final

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import ScalarEvent
from ruamel.yaml.reader import ReaderError

Fault = tuple[int, str]
UNKNOWN: Final = "er ikke gyldig YAML; se etter innrykk, kolon og anførselstegn her eller på linjen over"
QUOTE: Final = "sett hele teksten i anførselstegn"
_PROGRAMS: Final = (
    (b"PK\x03\x04", "er et dokument fra Word, Excel eller et annet program; lagre innholdet som ren tekst (.yaml)"),
    (b"\xd0\xcf\x11\xe0", "er et dokument fra Word eller Excel; lagre innholdet som ren tekst (.yaml)"),
    (b"%PDF-", "er en PDF; lagre innholdet som ren tekst (.yaml)"),
    (b"{\\rtf", "er i formatet RTF; lagre innholdet som ren tekst (.yaml)"),
    (b"\xff\xfe", "er lagret med tegnsettet UTF-16; lagre den med UTF-8"),
    (b"\xfe\xff", "er lagret med tegnsettet UTF-16; lagre den med UTF-8"),
)
_KEY_WITHOUT_SPACE: Final = re.compile(r"\s*(?:- +)?[\w-]+:[^\s:]")
_KEY_AND_MORE: Final = re.compile(r"\s*(?:- +)?[^\s:#][^:#]*:\s+[^\s#]")


def program_fault(content: bytes) -> str | None:
    """What the file is, when it is no text: «filen …» goes before. None for anything that may be text."""
    start = content.lstrip(b" \r\n\t").lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return "er en nettside; lagre selve rundefilen som ren tekst (.yaml)"
    return next((sentence for head, sentence in _PROGRAMS if content.startswith(head)), None)


def fault_of(text: str, error: YAMLError) -> Fault:
    """The line to change, from 1, and what is wrong there."""
    lines = text.splitlines() or [""]
    if isinstance(error, ReaderError):
        return text[: error.position].count("\n") + 1, "har et usynlig styretegn; ta det bort"
    if not isinstance(error, MarkedYAMLError) or error.problem_mark is None:
        return 1, UNKNOWN
    line, column = min(error.problem_mark.line + 1, len(lines)), error.problem_mark.column
    began = error.context_mark.line + 1 if error.context_mark else line
    problem, context = error.problem or "", error.context or ""
    return (
        _unwanted_character(line, problem)
        or _quotes(text, line, began, problem, context)
        or (_colon(lines, line, column) if "mapping values are not allowed" in problem else None)
        or _blocks(lines, line, began, problem, context)
        or (line, UNKNOWN)
    )


def _unwanted_character(line: int, problem: str) -> Fault | None:
    if not (unwanted := re.search(r"found character '(.+)' that cannot start", problem)):
        return None
    if unwanted[1] == "\\t":
        return line, "har et tabulatortegn; bruk mellomrom til innrykk og etter kolon"
    return line, f"verdien begynner med «{unwanted[1]}»; {QUOTE}"


def _quotes(text: str, line: int, began: int, problem: str, context: str) -> Fault | None:
    if "quoted scalar" in context:
        if "escape" in problem:
            return line, "har «\\» mellom doble anførselstegn; bruk enkle anførselstegn (') rundt teksten"
        return began, "anførselstegnet som begynner teksten her, blir ikke lukket"
    if "found '<scalar>'" not in problem:
        return None
    first, last = _last_quoted(text)
    if first < last:
        return first, "anførselstegnet som begynner teksten her, blir ikke lukket på linjen"
    return (
        line,
        "det står tekst etter anførselstegnet; sett den andre typen anførselstegn (\" eller ') rundt det hele",
    )


def _last_quoted(text: str) -> tuple[int, int]:
    """The first and the last line of the last text in quotes that could be read."""
    lines = (0, 0)
    with suppress(YAMLError):
        for event in YAML(typ="safe", pure=True).parse(text):
            if isinstance(event, ScalarEvent) and event.style in ("'", '"'):
                lines = (event.start_mark.line + 1, event.end_mark.line + 1)
    return lines


def _blocks(lines: list[str], line: int, began: int, problem: str, context: str) -> Fault | None:
    if "flow" in context:
        return began, "klammen som begynner her («[» eller «{»), blir ikke lukket"
    if "scanning an alias" in context or "scanning an anchor" in context:
        return line, f"verdien begynner med «*» eller «&»; {QUOTE}"
    if "block scalar" in context:
        return line, f"etter «|» og «>» begynner teksten på neste linje; hører tegnet til teksten, så {QUOTE}"
    if "expected the node content" in problem:
        return line, f"verdien begynner med et tegn som betyr noe annet; {QUOTE}"
    if "could not find expected ':'" in problem:
        return began, "har ikke kolon; er det en linje til av teksten over, må den stå lenger inn enn feltets navn"
    if directive := next((number for number, each in enumerate(lines, start=1) if each.startswith("%")), None):
        return directive, f"begynner med «%»; {QUOTE}"
    if re.search(r"expected (<block end>|'<document start>')", problem):
        return (
            line,
            "har feil innrykk; felter som hører sammen, og punkter («-») i en liste, skal stå like langt inn",
        )
    return None


def _colon(lines: list[str], line: int, column: int) -> Fault:
    """A colon where none may be: in a text, after a line that wants a space, or under a field that has a value."""
    before, above = lines[line - 1][:column], lines[line - 2] if line > 1 else ""
    if _KEY_AND_MORE.match(before):
        return line, f"teksten har kolon («:»); {QUOTE}"
    if _KEY_WITHOUT_SPACE.match(above):
        return line - 1, "mangler mellomrom etter kolon"
    return line, "har feil innrykk; linjen over har alt en verdi, og da kan ikke denne stå lenger inn"
