"""The list that the reader of a case came from: its filter and order, and the number of the case in it.

The address of the case carries it as one value, ``?from=status%3Dsubmitted%26nr%3D3``, and the pages of the case hand
it on. What does not fit the filter's form is left out.
"""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from applications.workflow import Status
from evaluation.assessment.forms import FilterForm
from evaluation.assessment.queries import lists
from evaluation.assessment.queries.access import Access
from evaluation.assessment.turn import Turn, kept_address, turn_url, unchecked_status
from portal.requests import PersonRequest

# No list and no id has more digits: a larger number is not asked of the database.
MOST_DIGITS = 9
# The choices of the filter that are ids.
IDS = ("assessor", "municipality")


@dataclass(frozen=True, slots=True)
class FromList:
    """The filter (``chosen``), the order and the stage of the list, and the number of the case in it, from 1."""

    number: int
    chosen: dict[str, Any] = field(default_factory=dict)
    sort: str = ""
    stage: str = ""

    @property
    def filter(self) -> str:
        """The filter and the order as a query string."""
        return filter_of(self.chosen, self.sort, self.stage)

    @property
    def title(self) -> str:
        """What the list is called: the status that it shows, or that it is a selection."""
        if not self.chosen:
            return _("Listen")
        if set(self.chosen) == {"status"}:
            return _("Listen: %(status)s") % {"status": Status(self.chosen["status"]).label}
        return _("Listen: utvalg")

    def is_unchecked(self, turn: Turn) -> bool:
        """Whether the list shows those that wait for the check, and no others."""
        return self.chosen.get("status") == unchecked_status(turn)

    def list_url(self, turn: Turn) -> str:
        """The address of the list, on the page where the case is."""
        page = (self.number - 1) // lists.PER_PAGE + 1
        more = {"page": str(page)} if page > 1 else {}
        query = urlencode({**self.chosen, **({"sort": self.sort} if self.sort else {}), **more})
        return turn_url(turn, "turn") + (f"?{query}" if query else "")

    def kept(self, url: str, number: int | None = None) -> str:
        """The address with the list kept; ``number`` is that of another case in it."""
        return kept_address(url, self.filter, number or self.number)


def filter_of(chosen: dict[str, Any], sort: str, stage: str = "") -> str:
    """The filter, the order and the stage of a list as a query string; empty for the whole list as it comes."""
    return urlencode({**chosen, **({"sort": sort} if sort else {}), **({"stage": stage} if stage else {})})


def from_list(request: PersonRequest) -> FromList | None:
    """The list of ``?from=``; None when it is left out, or has no number."""
    query = QueryDict(request.GET.get("from", "")[:500])
    number = _number(query.get("nr", ""))
    if not number:
        return None
    # Which assessors and municipalities there are is not asked: one that does not exist is in no application.
    assessor, municipality = ([(int(text), "")] if _number(text := query.get(name, "")) else [] for name in IDS)
    form = FilterForm(query, assessors=assessor, municipalities=municipality)
    return FromList(number, form.chosen, lists.known(query.get("sort", "")), query.get("stage", ""))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else 0


def unchecked_list(turn: Turn, came_from: FromList | None) -> FromList:
    """The list of those that wait for the check: which the person came from, else oldest first."""
    if came_from and came_from.is_unchecked(turn):
        return came_from
    return FromList(1, {"status": unchecked_status(turn).value}, "submitted", turn.stage.code)


def stage_of(request: PersonRequest, access: Access, came_from: FromList | None) -> str:
    """The code of the stage to show: the one asked for, else that of the list when the person handles it; or empty."""
    handled = {entry.stage.code for entry in access.entries}
    of_list = came_from.stage if came_from else ""
    return request.GET.get("stage", "") or (of_list if of_list in handled else "")


def kept(request: PersonRequest, url: str) -> str:
    """The address with the list that the request came from, when it came from one."""
    came_from = from_list(request)
    return came_from.kept(url) if came_from else url
