"""Saving answers so that nothing is overwritten unseen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from portal.acts import act
from portal.communities.models import User
from portal.errors import ConflictError
from rounds.answering.models import Answer
from rounds.answering.owner import Owner


class StaleAnswerError(ConflictError):
    """Somebody else has changed the answer since it was read; ``theirs`` is what is stored."""

    def __init__(self, theirs: Answer) -> None:
        self.theirs = theirs
        super().__init__(_("%(name)s har endret dette svaret mens dere skrev.") % {"name": theirs.updated_by})


@dataclass(frozen=True, slots=True)
class Change:
    """A new answer, and the version of the one it replaces (0 when there was none)."""

    value: Any
    base_version: int


@dataclass(slots=True)
class Saved:
    """What became of several answers: the new versions, and those that somebody else had changed."""

    versions: dict[str, int] = field(default_factory=dict)
    stale: dict[str, Answer] = field(default_factory=dict)


@act
def save_answers(owner: Owner, changes: Mapping[str, Change], *, by: User, at: datetime) -> Saved:
    """Store several answers at once. Answers that somebody else has changed are not stored, but listed in ``stale``.

    Raises what the owner's ``hold`` raises when the form can no longer be written.
    """
    saved = Saved()
    if not changes:
        return saved
    owner.hold(at=at)
    for question, change in changes.items():
        try:
            saved.versions[question] = _write(owner.response_id, question, change, by=by, at=at)
        except StaleAnswerError as stale:
            saved.stale[question] = stale.theirs
    owner.saved({question: changes[question].value for question in saved.versions}, at=at)
    return saved


def _write(response_id: int, question: str, change: Change, *, by: User, at: datetime) -> int:
    """The owner's row is held, so between reading and writing an answer nobody else writes."""
    rows = Answer.objects.filter(response=response_id, question=question)
    version = change.base_version + 1
    if change.base_version and rows.filter(version=change.base_version).update(
        value=change.value, version=version, updated_by=by, updated_at=at
    ):
        return version
    theirs = rows.select_related("updated_by").first()
    if theirs is None:
        Answer.objects.create(
            response_id=response_id, question=question, value=change.value, updated_by=by, updated_at=at
        )
        return 1
    if theirs.value == change.value:
        return theirs.version
    raise StaleAnswerError(theirs)
