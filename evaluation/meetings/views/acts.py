"""What every act's view does after its check: try, say how it went."""

from collections.abc import Callable

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest

from portal.errors import DomainError


def attempt(request: HttpRequest, act: Callable[[], object], done: str = "") -> bool:
    """Do it and say so; a refusal by the rules becomes a message. Whether it was done."""
    try:
        act()
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return False
    if done:
        messages.success(request, done)
    return True


def attempt_with(form: BaseForm, request: HttpRequest, act: Callable[[], object], done: str = "") -> bool:
    """The same for a typed form: a refusal stands over the form, and nothing typed is lost."""
    try:
        act()
    except DomainError as refusal:
        form.add_error(None, str(refusal))
        return False
    if done:
        messages.success(request, done)
    return True
