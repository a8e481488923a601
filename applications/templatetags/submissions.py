"""Drawing a frozen application from its snapshot."""

from typing import Any

from django import template

from applications import submissions

register = template.Library()


@register.simple_tag
def shown(snapshot: dict[str, Any]) -> submissions.Shown:
    """The snapshot's view: ``{% shown submission.snapshot as view %}``."""
    return submissions.view_of(snapshot)
