"""Tags that show whether a message arrived: ``{% load deliveries %}``."""

from collections.abc import Iterable
from typing import Any

from django import template

from portal.mail import words
from portal.mail.models import Message

register = template.Library()


@register.simple_tag
def undelivered_reason(message: Message) -> str:
    """Why it has not arrived, and what to do."""
    return words.reason(message)


@register.inclusion_tag("components/deliveries.html")
def deliveries(messages: Iterable[Message], *, can_mend: bool = False) -> dict[str, Any]:
    """To whom something was sent, and what did not arrive; with the way to send it again for who looks after it."""
    listed = list(messages)
    return {
        "messages": listed,
        "undelivered": [message for message in listed if message.is_undelivered],
        "can_mend": can_mend,
    }
