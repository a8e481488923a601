"""Long lists: fifty lines a page, chosen by ``?page=``."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

PER_PAGE = 50


def page_by_keys(request: HttpRequest, rows: QuerySet[Any]) -> Page[Any]:
    """``page_of`` for rows of which many columns or other tables are read.

    Which rows the page has is found by their keys alone; two queries and one for the count.
    """
    page = page_of(request, rows.values_list("pk", flat=True))
    page.object_list = rows.filter(pk__in=list(page.object_list))
    return page


def page_of(request: HttpRequest, rows: Any) -> Page[Any]:
    """The page of the rows that the request names; the first or the last page when that one does not exist."""
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
