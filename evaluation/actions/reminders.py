"""What the room reminds of: follow-up items that are due in two weeks, or were due yesterday."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext_lazy as _

from evaluation.actions.queries.reminded import open_items_due, reminded_of
from portal.reminders.windows import deadlines_due
from portal.rooms import Waiting

TO_FOLLOW_UP = _("Oppfølgingspunkter med frist")
OFFSETS = (-14, 1)


def items(today: date) -> Iterator[Waiting]:
    """The open items that may be reminded of today, to those who own them, in the language of each."""
    rows = open_items_due(*deadlines_due(OFFSETS, today))
    people = reminded_of(rows, today)
    for item in rows:
        by_language: dict[str, list[str]] = defaultdict(list)
        for person in people[item.pk]:
            by_language[person.language].append(person.email)
        for language, addresses in by_language.items():
            yield Waiting(
                subject=item,
                about=item,
                language=language,
                deadline=item.due_date or today,
                offsets=OFFSETS,
                recipients=tuple(addresses),
                context={"point": item, "body": item.case.body, "case": item.case},
            )
