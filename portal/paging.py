"""Long lists: fifty lines a page, chosen by ``?page=``."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

PER_PAGE = 50


def page_of(request: HttpRequest, rows: Any) -> Page[Any]:
    """The page of the rows that the request names; the first or the last page when that one does not exist."""
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
