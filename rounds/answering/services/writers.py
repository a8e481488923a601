"""Who wrote each cell of a table last: kept when rows are saved, and told to one who had the same cell open."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from portal.communities.models import User
from rounds.answering.models import CellWriter

# The name of no cell: who took the whole row away.
WHOLE_ROW = ""


@dataclass(frozen=True, slots=True)
class Writer:
    """A person who wrote, and when."""

    name: str
    at: datetime


def keep(response_id: int, part: str, cells: Mapping[str, Collection[str]], *, by: User, at: datetime) -> None:
    """Keep that the person wrote these cells, by the key of the row. For an act that holds the owner.

    One query; one more when a row is taken away.
    """
    gone = [row for row, names in cells.items() if WHOLE_ROW in names]
    if gone:
        CellWriter.objects.filter(response=response_id, part=part, row__in=gone).delete()
    made = list(_made(response_id, part, cells, by, at))
    if made:
        CellWriter.objects.bulk_create(
            made,
            update_conflicts=True,
            unique_fields=("response", "part", "row", "cell"),
            update_fields=("written_by", "written_at"),
        )


def _made(
    response_id: int, part: str, cells: Mapping[str, Collection[str]], by: User, at: datetime
) -> Iterator[CellWriter]:
    for row, names in cells.items():
        for name in names:
            yield CellWriter(response_id=response_id, part=part, row=row, cell=name, written_by=by, written_at=at)


def writers_of(response_id: int, part: str, rows: Collection[str]) -> dict[str, dict[str, Writer]]:
    """Who wrote the cells of these rows last, by the key of the row and the name of the cell; one query."""
    kept = CellWriter.objects.filter(response=response_id, part=part, row__in=rows).select_related("written_by")
    told: dict[str, dict[str, Writer]] = {row: {} for row in rows}
    for item in kept.order_by("written_at", "pk"):
        told[item.row][item.cell] = Writer(str(item.written_by), item.written_at)
    return told
