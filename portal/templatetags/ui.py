"""Filters and component tags of the design. How to use each: docs/design-components.md."""

import json
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.http import QueryDict
from django.template.context import Context
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal import charts, clock, formats, ui
from portal.invisible import INVISIBLE
from portal.rooms import tone_of

register = template.Library()

# --- filters ------------------------------------------------------------------------------------

register.filter("kroner", formats.kroner)
register.filter("orgnr", formats.orgnr)
register.filter("date_no", formats.date_no)
register.filter("datetime_no", formats.datetime_no)
register.filter("time_no", formats.time_no)
register.filter("deadline_no", formats.deadline_no)
register.filter("size_no", formats.size_no)
register.filter("number_no", formats.number)
register.filter("initials", ui.initials)


@register.filter
def date_words(value: date | datetime | None) -> str:
    """A day with its name and year; of a moment the day in Oslo."""
    if not value:
        return formats.MISSING
    return formats.date_in_words(clock.local_date(value) if isinstance(value, datetime) else value)


@register.filter
def breakable(address: str) -> SafeString:
    """An e-mail address that is broken at its signs, and inside a word only where that is not enough."""
    return SafeString(re.sub(r"(?=@)|(?<=[.-])", "<wbr>", conditional_escape(address)))


@register.filter
def cell(value: object, kind: str) -> str | SafeString:
    """A table cell's value as its column's kind is written."""
    if kind == "money" and not isinstance(value, str):
        return formats.kroner(value)  # type: ignore[arg-type]
    if kind == "number" and not isinstance(value, str):
        return formats.number(value)  # type: ignore[arg-type]
    if isinstance(value, datetime):
        return formats.datetime_no(value)
    if isinstance(value, date):
        return formats.date_no(value)
    return conditional_escape(formats.MISSING if value in ("", None) else value)  # type: ignore[arg-type]


# --- small tags -----------------------------------------------------------------------------------


@register.simple_tag
def text_lang(language: str) -> SafeString:
    """``lang`` for an element with a text of a round or of something sent, when the page is in another language."""
    return _lang(language) if language and language != get_language() else SafeString()


@register.simple_tag
def page_lang() -> SafeString:
    """``lang`` for the interface's own words inside an element with ``text_lang``."""
    language = get_language() or settings.LANGUAGE_CODE
    return _lang(language) if language != settings.LANGUAGE_CODE else SafeString()


@register.simple_tag
def written_in(language: str) -> SafeString:
    """A line that says which Norwegian a text is in, to one who reads the page in another language than Norwegian."""
    words = {"nb": _("bokmål"), "nn": _("nynorsk")}
    if language not in words or get_language() in words:
        return SafeString()
    said = _("Teksten er skrevet på %(language)s.") % {"language": words[language]}
    return format_html('<p class="muted">{}</p>', said)


@lru_cache(maxsize=8)
def _lang(language: str) -> SafeString:
    return format_html(' lang="{}"', language)


@register.simple_tag
def status_tag(status: Any, label: str = "", tone: str = "") -> SafeString:
    """A status as a shape and a word: an object with ``status``, an enum member, or a value with its label.

    What has a ``label`` may have a ``tone`` of its own, too.
    """
    if hasattr(status, "get_status_display"):
        status, label = status.status, label or status.get_status_display()
    return _tag(tone or getattr(status, "tone", "") or tone_of(status), str(label or getattr(status, "label", status)))


@lru_cache(maxsize=256)  # the rows of a list have few different statuses
def _tag(tone: str, text: str) -> SafeString:
    return format_html('<span class="state" data-tone="{}">{}</span>', tone, text)


@register.simple_tag(takes_context=True)
def countdown(context: Context, deadline: datetime) -> SafeString:
    """The time until the deadline; a script keeps counting when there is JavaScript."""
    return format_html(
        '<time class="countdown" datetime="{}" data-countdown>{}</time>',
        deadline.isoformat(),
        formats.time_left(deadline, _now(context)),
    )


def _now(context: Context) -> datetime:
    return getattr(context.get("request"), "now", None) or clock.now()


@register.simple_tag(takes_context=True)
def deadline_in_words(context: Context, deadline: datetime) -> str:
    """The deadline as people say it: «onsdag 17. februar kl. 15.00»."""
    return formats.deadline_in_words(deadline, _now(context))


@register.simple_tag(takes_context=True)
def day_in_words(context: Context, day: date | datetime) -> str:
    """A day as people say it: «i går», «onsdag 17. februar»; of a moment the day in Oslo."""
    day = clock.local_date(day) if isinstance(day, datetime) else day
    return formats.day_in_words(day, clock.local_date(_now(context)))


@register.simple_tag(takes_context=True)
def last_day_in_words(context: Context, deadline: datetime) -> str:
    """The day of the deadline as people say it: «onsdag 17. februar»."""
    return formats.last_day_in_words(deadline, _now(context))


@register.simple_tag(takes_context=True)
def moment_in_words(context: Context, moment: datetime) -> str:
    """A moment that has been, as people say it: «i går kl. 14.02»."""
    return formats.moment_in_words(moment, _now(context))


@register.simple_tag(takes_context=True)
def beginning_in_words(context: Context, beginning: datetime) -> str:
    """When something begins, as people say it: «i morgen kl. 10.00»."""
    return formats.beginning_in_words(beginning, _now(context))


@register.simple_tag(takes_context=True)
def time_now(context: Context) -> str:
    """The portal's time, for the script that keeps counting: the clock of the reader's machine may be another."""
    now = getattr(context.get("request"), "now", None)
    return now.isoformat() if now else ""


@register.simple_tag
def countdown_words() -> str:
    """The words of the countdowns for the script that keeps counting."""
    return _countdown_words(get_language() or settings.LANGUAGE_CODE)


@register.simple_tag
def invisible_characters() -> str:
    """The pattern of the characters that the counter leaves out; the server drops them."""
    return INVISIBLE.pattern


@lru_cache(maxsize=8)
def _countdown_words(language: str) -> str:
    return json.dumps(formats.time_left_words(), ensure_ascii=False)


@register.simple_tag(takes_context=True)
def error_prefix(context: Context) -> str:
    """«Feil: » first in the page's title when the page's form was not accepted."""
    for name in ("form", "formset", "forms"):
        bound = context.get(name)
        if bound is not None and getattr(bound, "is_bound", False) and not bound.is_valid():
            return _("Feil: ")
    return ""


# --- components ---------------------------------------------------------------------------------------


@register.inclusion_tag("components/breadcrumbs.html")
def breadcrumbs(*steps: object) -> dict[str, Any]:
    """The pages above this one: label, address, label, address, …, and last the page's own name without an address."""
    labels, urls = steps[::2], steps[1::2]
    pairs = list(zip(labels, (*urls, ""), strict=False))
    return {"steps": pairs[:-1], "here": pairs[-1][0], "parent": pairs[-2] if len(pairs) > 1 else (_("Forsiden"), "/")}


@register.inclusion_tag("components/next_step.html", takes_context=True)
def next_step(context: Context, step: ui.NextStep | str, **more: Any) -> dict[str, Any]:
    """The one next step of a page, with the only filled button of its top.

    ``step`` is a ``ui.NextStep``, or its title with the other fields by name.
    """
    step = step if isinstance(step, ui.NextStep) else ui.NextStep(step, **more)
    due_at, now = step.due_at, _now(context)
    return {
        "step": step,
        "due": _("Frist %(when)s") % {"when": formats.deadline_in_words(due_at, now)} if due_at else "",
        "left": formats.time_left(due_at, now) if due_at else "",
        "tone": "warning" if step.is_close else step.tone,
        "csrf_token": context.get("csrf_token", ""),
    }


@register.inclusion_tag("components/task_list.html")
def task_list(tasks: Iterable[ui.TaskRow | ui.TaskGroup]) -> dict[str, Any]:
    """The tasks of an application, under their headings if they have any."""
    lines = list(tasks)
    groups = [line for line in lines if isinstance(line, ui.TaskGroup)]
    return {"groups": groups or [ui.TaskGroup("", [line for line in lines if isinstance(line, ui.TaskRow)])]}


@register.inclusion_tag("components/summary_list.html")
def summary_list(answers: Iterable[ui.Fact], title: str = "", change_url: str = "") -> dict[str, Any]:
    """«Sjekk svarene»: questions and answers, with «Endre» for each or for the whole section."""
    return {"answers": answers, "title": title, "change_url": change_url}


@register.inclusion_tag("components/stage_bar.html")
def stage_bar(stages: Sequence[ui.ProcessStep], label: str = "") -> dict[str, Any]:
    """Where in the process a case or a round is."""
    return {"stages": stages, "label": label or _("Hvor i prosessen")}


@register.inclusion_tag("components/timeline.html")
def timeline(events: Iterable[ui.Event]) -> dict[str, Any]:
    """What has happened, as sentences, newest first."""
    return {"events": events}


@register.inclusion_tag("components/file_list.html")
def file_list(files: Iterable[ui.FileRow], empty: str = "") -> dict[str, Any]:
    """Files with size and, where allowed, a way to remove them."""
    return {"files": list(files), "empty": empty or _("Ingen filer.")}


@register.inclusion_tag("components/table.html")
def table(table: ui.DataTable, hide_caption: bool = False) -> dict[str, Any]:  # noqa: FBT001, FBT002 - a template flag
    """A plain table from values; cards on a narrow screen."""
    return {"table": table, "hide_caption": hide_caption}


@register.inclusion_tag("components/chart.html")
def chart(chart: charts.Chart, with_table: bool = True) -> dict[str, Any]:  # noqa: FBT001, FBT002 - a template flag
    """Bars to one scale with their numbers, and the same as a table."""
    return {"chart": chart, "with_table": with_table}


@register.inclusion_tag("components/money_bar.html")
def money_bar(
    used: int, total: int, label: str = "", planned: int = 0, *, passed: int = 0, parts: Sequence[int] = ()
) -> dict[str, Any]:
    """How much of a frame or a budget is used; ``planned`` is drawn after it in another colour.

    ``parts`` are the amounts that make up ``used``: each is drawn as a piece of its own.
    ``passed`` is what others have used over the frame already: it adds to what is over, and nothing is left then.
    """
    left = total - used - planned - passed
    title = _("%(used)s av %(total)s") % {"used": formats.kroner(used + planned), "total": formats.kroner(total)}
    drawn = charts.bar(
        parts or [used, planned],
        scale=max(total, used + planned, 1),
        title=title,
        limit=total if left < 0 else None,
        colours=charts.BY_TURNS if parts else charts.PALETTE,
    )
    return {"label": label, "title": title, "left": left, "over": -left, "bar": drawn}


@register.inclusion_tag("components/progress.html")
def progress(done: int, total: int, label: str, url: str = "") -> dict[str, Any]:
    """The progress of long work; htmx fetches ``url`` every other second until the response has no ``url``."""
    return {"done": done, "total": total, "label": label, "url": url, "is_done": done >= total}


@register.inclusion_tag("components/pdf_file.html", takes_context=True)
def pdf_file(context: Context, url: str, stored: Any, label: str, variant: str = "secondary") -> dict[str, Any]:
    """The link to a PDF that a job makes. Until ``stored`` is set, htmx fetches this part every other second.

    Without JavaScript a link reloads the page. The view of ``url`` returns ``files.serving.made_or_back``.
    """
    name = "pdf-" + url.strip("/").replace("/", "-").removesuffix(".pdf").replace(".", "-")
    page = context["request"].get_full_path()
    return {"url": url, "stored": stored, "label": label, "variant": variant, "id": name, "page": page}


@register.inclusion_tag("components/empty_state.html")
def empty_state(title: str, text: str = "", url: str = "", action: str = "") -> dict[str, Any]:
    """The text of an empty list, and what to do about it."""
    return {"title": title, "text": text, "url": url, "action": action}


# --- lists ------------------------------------------------------------------------------------------------


def _query(context: Context, **changes: str | None) -> str:
    """The page's own query string with some parameters changed; ``None`` removes one."""
    query: QueryDict = context["request"].GET.copy()
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = value
    return "?" + query.urlencode()


@register.inclusion_tag("components/sort_header.html", takes_context=True)
def sort_header(context: Context, label: str, key: str, kind: str = "text", default: str = "") -> dict[str, Any]:
    """A column heading that sorts by ``?sort=key`` and back by ``?sort=-key``."""
    current = context["request"].GET.get("sort", default)
    direction = {key: "ascending", f"-{key}": "descending"}.get(current, "none")
    target = f"-{key}" if direction == "ascending" else key
    return {
        "label": label,
        "direction": direction,
        "is_number": kind in ("money", "number"),
        "url": _query(context, sort=target, page=None),
    }


@register.inclusion_tag("components/sort_menu.html", takes_context=True)
def sort_menu(context: Context, *words: str, default: str = "") -> dict[str, Any]:
    """The orders of a list to choose from: a label and its ``?sort=`` in turn; keeps the filter."""
    asked = context["request"].GET
    return {
        "orders": list(zip(words[::2], words[1::2], strict=True)),
        "current": asked.get("sort", default),
        "kept": [(name, value) for name in asked for value in asked.getlist(name) if name not in {"sort", "page"}],
    }


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: Context, page: Page[Any]) -> dict[str, Any]:
    """Pages of a list, keeping its filter and order."""
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    links = [(number, _query(context, page=str(number)) if isinstance(number, int) else "") for number in numbers]
    return {
        "page": page,
        "links": links,
        "previous": _query(context, page=str(page.number - 1)) if page.has_previous() else "",
        "next": _query(context, page=str(page.number + 1)) if page.has_next() else "",
    }
