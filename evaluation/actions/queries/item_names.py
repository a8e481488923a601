"""What the log calls the follow-up items, beside what the room of meetings names; for those who may open it."""

from collections.abc import Collection, Mapping

from django.utils.translation import gettext as _

from evaluation.actions.models import FollowUpItem
from evaluation.actions.queries import visible_items
from evaluation.meetings.queries import log_names
from portal.communities.standing import Standing
from portal.journal.questions import Named

ITEM = FollowUpItem._meta.label_lower


def names_of(subjects: Mapping[str, Collection[str]], standing: Standing) -> dict[tuple[str, str], Named]:
    """The answer to ``portal.journal.questions.names_of``; one query for the items, when there are entries of any."""
    named = log_names.names_of(subjects, standing)
    if ids := subjects.get(ITEM):
        shown = visible_items(standing).filter(pk__in=ids).select_related("case")
        named |= {(ITEM, str(item.pk)): Named(_named(item), item.get_absolute_url()) for item in shown}
    return named


def _named(item: FollowUpItem) -> str:
    words = {"case": item.case.reference, "point": item.reference}
    said = _("Oppfølging av sak %(case)s, punkt %(point)s") if item.reference else _("Oppfølging av sak %(case)s")
    return said % words
