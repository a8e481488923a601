"""Drawing a frozen application from its snapshot."""

from typing import Any

from django import template

from applications import sent

register = template.Library()


@register.simple_tag
def shown(snapshot: dict[str, Any]) -> sent.Shown:
    """The snapshot's view: ``{% shown submission.snapshot as view %}``."""
    return sent.view_of(snapshot)
