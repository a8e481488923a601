"""Filters for a round's own texts."""

from django import template
from django.utils.safestring import SafeString

from rounds import texts

register = template.Library()


@register.filter
def prose(text: object) -> SafeString:
    """Markdown as clean HTML paragraphs."""
    return texts.to_html(str(text or ""))


@register.filter
def line(text: object) -> SafeString:
    """Markdown as clean HTML inside a sentence."""
    return texts.to_line(str(text or ""))
