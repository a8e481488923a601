"""Text fields that take what people paste, and drop what no person typed."""

import re
from typing import Any

from django import forms

from portal.forms import TextField

# Control characters except tab and line break, zero-width characters, and those that turn the reading direction.
_INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def visible(text: Any) -> str:
    """The text without characters that cannot be seen; a soft hyphen and joiners in words stay."""
    return _INVISIBLE.sub("", str(text))


class LineField(forms.CharField):
    """One line of text. The server says when it is too long; the browser never cuts it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        return " ".join(visible(super().to_python(value)).split())

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {}


class ProseField(TextField):
    """Several lines of text with a counter."""

    def __init__(self, *, has_counter: bool = True, **kwargs: Any) -> None:
        self.has_counter = has_counter
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) if self.has_counter else {}

    def to_python(self, value: Any) -> str:
        return visible(super().to_python(value).replace("\r", "\n"))
