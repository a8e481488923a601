"""Files as answers: checked, stored, and removed while the form can be written."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import PurePath
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from portal.acts import act
from portal.communities.models import User
from portal.errors import DomainError
from portal.files.archive import MB
from portal.files.models import StoredFile
from portal.files.services import UploadError, store_upload
from rounds.answering.models import AnswerFile
from rounds.answering.owner import Owner
from rounds.definition import Attachments, RoundDefinition

# The highest number of files for a question whose kinds set no limit.
MOST_FILES: Final = 20


class FileAnswerError(DomainError):
    """The file cannot be taken as an answer."""


def store(spec: RoundDefinition, uploaded: UploadedFile, *, at: datetime) -> StoredFile:
    """Check an upload by the round's limit and the portal's rules, and store it. Raises UploadError."""
    most = spec.attachments.max_megabytes
    if (uploaded.size or 0) > most * MB:
        raise UploadError(_("Filen er for stor. I denne runden kan den være på høyst %(mb)s MB.") % {"mb": most})
    return store_upload(uploaded, at=at)


def forget(stored: StoredFile) -> None:
    """Delete the file. Its bytes are deleted when the transaction has succeeded."""
    content = stored.content
    stored.delete()
    transaction.on_commit(lambda: content.storage.delete(str(content.name)))


@contextmanager
def forgotten_when_refused(stored: StoredFile) -> Iterator[None]:
    """Delete the uploaded file when the act refuses it."""
    try:
        yield
    except DomainError:
        forget(stored)
        raise


def add(
    owner: Owner, question: Attachments, uploaded: UploadedFile, *, kind: str, title: str, by: User, at: datetime
) -> AnswerFile:
    """Check and store a file as one of the answers to the question. An empty title becomes the file's name.

    Raises FileAnswerError (unknown kind, too many), UploadError (the file) and what the owner's ``hold`` raises.
    """
    if kind not in (question.kinds or ("",)):
        raise FileAnswerError(_("Velg en av typene som runden tar imot."))
    # The file is scanned and stored before the act, so that the form's row is not held meanwhile.
    stored = store(owner.spec, uploaded, at=at)
    with forgotten_when_refused(stored):
        return _add(owner, question, stored, kind=kind, title=title, by=by, at=at)


@act
def _add(
    owner: Owner, question: Attachments, stored: StoredFile, *, kind: str, title: str, by: User, at: datetime
) -> AnswerFile:
    owner.hold(at=at)
    rules = owner.spec.attachments.kind(kind)
    most = rules.most if rules else MOST_FILES
    held = AnswerFile.objects.filter(response=owner.response_id, question=question.code, kind=kind)
    if held.count() >= most:
        label = rules.label if rules else owner.spec.fill(question.label)
        words = {"most": most, "label": label}
        raise FileAnswerError(_("Dere kan legge ved høyst %(most)s av typen «%(label)s».") % words)
    added = AnswerFile.objects.create(
        response_id=owner.response_id,
        question=question.code,
        kind=kind,
        title=title or PurePath(stored.name).stem[:160],
        file=stored,
        uploaded_by=by,
        uploaded_at=at,
    )
    owner.record("file_added", by=by, at=at, question=question.code, sha256=stored.sha256)
    owner.saved({}, at=at)
    return added


@act
def remove(owner: Owner, answer: AnswerFile, *, by: User, at: datetime) -> None:
    """Remove the file. Raises what the owner's ``hold`` raises."""
    owner.hold(at=at)
    owner.record("file_removed", by=by, at=at, question=answer.question, sha256=answer.file.sha256)
    stored = answer.file
    answer.delete()
    forget(stored)
    owner.saved({}, at=at)


def as_values(files: Iterable[AnswerFile]) -> dict[str, list[dict[str, Any]]]:
    """The answers that are files, by question, as they are checked, frozen and printed."""
    values: dict[str, list[dict[str, Any]]] = {}
    for item in files:
        stored = item.file
        value = {"title": item.title, "kind": item.kind, "name": stored.name, "size": stored.size}
        values.setdefault(item.question, []).append({**value, "sha256": stored.sha256})
    return values
