"""What a view does with an act after its check: try, and say how it went."""

from collections.abc import Callable
from typing import TypeVar

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest

from portal.errors import DomainError

Made = TypeVar("Made")
Done = str | Callable[[Made], str]


def attempt(
    request: HttpRequest,
    act: Callable[[], Made],
    done: Done[Made] = "",
    *,
    form: BaseForm | None = None,
    field: str | None = None,
) -> bool:
    """Do it and say so; a refusal by the rules becomes a message. Whether it was done.

    ``done`` is the sentence, or makes it from what the act gave. With a typed ``form`` the refusal stands over the
    form, or at its ``field``, and nothing typed is lost.
    """
    try:
        made = act()
    except DomainError as refusal:
        if form is None:
            messages.error(request, str(refusal))
        else:
            form.add_error(field, str(refusal))
        return False
    _say(request, done, made)
    return True


def _say(request: HttpRequest, done: Done[Made], made: Made) -> None:
    text = done(made) if callable(done) else done
    if text:
        messages.success(request, text)
