"""A round's Markdown as safe HTML: no HTML tags from the text, no images, no links but https and mail."""

from functools import lru_cache

import markdown
import nh3
from django.utils.safestring import SafeString, mark_safe

_TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "blockquote", "a", "h2", "h3", "h4", "hr"}
_SCHEMES = {"https", "mailto"}


@lru_cache(maxsize=4096)
def to_html(text: str) -> SafeString:
    """The text as clean HTML. Headings begin at level 3, under the page's own."""
    raw = markdown.markdown(text, extensions=["sane_lists"], output_format="html")
    lowered = raw.replace("<h2>", "<h3>").replace("</h2>", "</h3>").replace("<h1>", "<h3>").replace("</h1>", "</h3>")
    return mark_safe(
        nh3.clean(lowered, tags=_TAGS, attributes={"a": {"href"}}, url_schemes=_SCHEMES, link_rel="noopener")
    )


def to_line(text: str) -> SafeString:
    """The text as clean HTML without paragraphs, for use inside a sentence or a list item."""
    html = to_html(text)
    if html.count("<p>") == 1 and html.startswith("<p>"):
        return mark_safe(html.removeprefix("<p>").removesuffix("</p>"))
    return html
