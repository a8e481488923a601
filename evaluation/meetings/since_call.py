"""What has changed since the members of a meeting were called, in words for those who call again."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluation.meetings.queries.agenda import SinceCall
from portal.formats import in_words


def changes_in_words(since: SinceCall) -> list[str]:
    """A sentence without its full stop for each change; none when the members know all."""
    numbers = (
        (
            since.put_up,
            ngettext(
                "En sak er satt opp etter innkallingen", "%(n)s saker er satt opp etter innkallingen", since.put_up
            ),
        ),
        (
            since.gone,
            ngettext("En sak er tatt av etter innkallingen", "%(n)s saker er tatt av etter innkallingen", since.gone),
        ),
        (
            since.seats,
            ngettext(
                "Ett medlem kom til etter innkallingen", "%(n)s medlemmer kom til etter innkallingen", since.seats
            ),
        ),
    )
    moved = [_("Tid eller sted er endret etter innkallingen")] if since.is_moved else []
    return [*moved, *(capfirst(said % {"n": in_words(n)}) for n, said in numbers if n)]
