"""What the room reminds of: comments that are due in three days."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext_lazy as _

from evaluation.comments.queries import people_of, rounds_due, silent_in
from portal.reminders.windows import deadlines_due
from portal.rooms import Waiting

TO_COMMENT = _("Innspill med frist")
OFFSETS = (-3,)


def comments(today: date) -> Iterator[Waiting]:
    """Those asked in a round that is soon due, who have written nothing, in the language of each person."""
    first, last = deadlines_due(OFFSETS, today)
    # After the date nobody can write any more, so a reminder that was missed is of no use then.
    for of_round in rounds_due(max(first, today), last):
        for asked in silent_in(of_round):
            by_language: dict[str, list[str]] = defaultdict(list)
            for person in people_of(asked, today):
                by_language[person.language].append(person.email)
            for language, addresses in by_language.items():
                yield Waiting(
                    subject=asked,
                    about=of_round,
                    language=language,
                    deadline=of_round.due_date,
                    offsets=OFFSETS,
                    recipients=tuple(addresses),
                    context={"asked": asked, "case": of_round.case, "body": of_round.case.body, "round": of_round},
                )
