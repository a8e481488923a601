"""Every mail that any test queues says all that it has to say: each mail is written by its real act somewhere.

A template that names what the act does not give it, or that shows a value that is not there, fails the test.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.template import engines

from portal.mail import services as mail

LACKS = "[lacks %s]"
# A dash where a value was asked for (``portal.formats.MISSING``), the word of an empty value, or a name unknown.
EMPTY = re.compile(r"(?<!\S)–(?=[,.;:)»]|$)|\bNone\b|\[lacks [^\]]*\]", re.MULTILINE)


def lacking(text: str) -> list[str]:
    """Where a mail has nothing in the stead of a value, with the words around."""
    return [text[max(0, hit.start() - 40) : hit.end() + 20] for hit in EMPTY.finditer(text)]


@pytest.fixture(scope="session", autouse=True)
def whole_mails() -> Iterator[None]:
    """Write each mail with the unknown names marked, and look through it."""
    written = mail._rendered

    def looked_through(kind: str, context: dict[str, Any]) -> dict[str, str]:
        engine = engines["django"].engine
        engine.string_if_invalid = LACKS
        try:
            text = written(kind, context)
        finally:
            engine.string_if_invalid = ""
        assert (kind, lacking(text["title"]), lacking(text["body_text"])) == (kind, [], [])
        return text

    patch = pytest.MonkeyPatch()
    patch.setattr(mail, "_rendered", looked_through)
    yield
    patch.undo()
