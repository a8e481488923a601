"""Which approved letters a job is to send, and which a job has tried to send and was refused."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from evaluation.decisions.models import Letter, LetterStatus
from portal.jobs.models import Job

# The job that sends a letter.
SEND = "evaluation.decisions.services.letters.send_ordered"
# Why a job did not send a letter, by the error that the job keeps. Anything else, such as a frame that is passed, is
# told to whoever may know of it when the letter is sent again.
_WHY_NOT = {
    "SenderError": gettext_noop("den som ville sende det, har ikke lenger rett til det"),
    "LetterOutdatedError": gettext_noop("noe brevet forteller om, er endret siden det ble godkjent"),
    "LetterStateError": gettext_noop("vedtaket gjelder ikke lenger"),
}
_ASK_AGAIN = gettext_noop("send det på nytt for å se hvorfor")


def sending_key(letter: Letter) -> str:
    """The key of the job that sends a letter as it was approved."""
    return f"letter:{letter.pk}:{letter.approved_at.isoformat() if letter.approved_at else ''}"


def being_sent(letters: Iterable[Letter]) -> set[int]:
    """The ids of the approved letters that a job is to send; one query, none without an approved letter."""
    return {job.arguments["letter_id"] for job in _unfinished(letters) if job.failed_at is None}


def any_being_sent() -> bool:
    """Whether a job is to send any letter at all; one query."""
    return Job.objects.filter(task=SEND, done_at=None, failed_at=None).exists()


def with_sending(letters: Iterable[Letter]) -> None:
    """Give each letter ``is_sending``, and ``not_sent``: why a job did not send it, or nothing. As ``being_sent``."""
    chosen = list(letters)
    jobs = {job.arguments["letter_id"]: job for job in _unfinished(chosen)}
    for letter in chosen:
        job = jobs.get(letter.pk)
        letter.is_sending = job is not None and job.failed_at is None  # type: ignore[attr-defined]
        letter.not_sent = _(_WHY_NOT.get(job.error, _ASK_AGAIN)) if job and job.failed_at else ""  # type: ignore[attr-defined]


def _unfinished(letters: Iterable[Letter]) -> Iterable[Job]:
    keys = [sending_key(letter) for letter in letters if letter.status == LetterStatus.APPROVED]
    return Job.objects.filter(key__in=keys, done_at=None) if keys else ()
