"""Who may decide, write, approve and send letters, in the order of the process."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from applications.models import Application
from applications.permissions import OUT_OF_CASE, has_answered
from applications.workflow import Status
from evaluation.decisions.models import Decision, Letter, LetterBatch, LetterStatus
from evaluation.decisions.queries import for_colleague, is_packed_with_closed
from evaluation.decisions.queries.ordered import being_sent
from portal.clock import local_date
from portal.communities.models import Body
from portal.communities.queries import standing_at
from portal.permissions import YES, Verdict, Way, allow_if, first_refusal

WRITTEN_BY_YOU = gettext_noop("Du skrev dette brevet. En kollega må lese og godkjenne det.")
NO_SECOND_PERSON = gettext_noop(
    "En av dere ga den andre plass i sekretariatet, og ingen kollega har bekreftet plassen. "
    "Derfor må en annen lese og godkjenne brevet."
)


def can_decide_for(user: Any, body: Body, *, now: datetime) -> Verdict:
    """Turn the body's adopted minutes into decisions: only its secretariat."""
    office = standing_at(user, now)
    return allow_if(office.is_secretariat_of(body), _("Bare sekretariatet for utvalget kan registrere vedtakene."))


def can_decide_without_meeting(user: Any, application: Application, *, now: datetime) -> Verdict:
    """Decide what needs no body (not admitted, not prioritised): the secretariat of the stage."""
    return first_refusal(_has_case(user, application, now), has_answered(user, application, now=now))


def _has_case(user: Any, application: Application, now: datetime) -> Verdict:
    entry = application.stage_entry
    allowed = entry is not None and entry.is_handled_by(standing_at(user, now))
    return allow_if(allowed, _("Bare sekretariatet som har saken, kan gjøre dette."))


def can_handle(user: Any, decision: Decision, *, now: datetime) -> Verdict:
    """Write the decision's letter: the secretariat, but nobody who is out of the case."""
    if decision.body:
        office = can_decide_for(user, decision.body, now=now)
    else:
        office = _has_case(user, decision.application, now)
    inside = is_not_out_of_case(user, decision.application, now=now)
    return first_refusal(office, inside, has_answered(user, decision.application, now=now))


def is_not_out_of_case(user: Any, application: Application, *, now: datetime) -> Verdict:
    """An inhabil person, or one whose habilitet is not decided, handles nothing of the application."""
    return allow_if(not application.is_out_of_case(standing_at(user, now)), _(OUT_OF_CASE))


def can_read(user: Any, letter: Letter, *, now: datetime) -> Verdict:
    """Read the letter: those it was sent to, and those who handle it and have answered about habilitet."""
    application = letter.decision.application
    is_told = letter.status == LetterStatus.SENT and application.is_written_by(standing_at(user, now))
    if is_told:
        return YES
    return first_refusal(is_not_out_of_case(user, application, now=now), has_answered(user, application, now=now))


def can_read_batch(user: Any, batch: LetterBatch, *, now: datetime) -> Verdict:
    """Fetch a ZIP of letters: whoever packed it, while no letter in it is of a case that the person is out of."""
    return allow_if(
        not is_packed_with_closed(batch, standing_at(user, now)),
        _("Pakken inneholder brev i en sak du er inhabil i. Lag en ny."),
    )


def can_rewrite(user: Any, letter: Letter, *, now: datetime) -> Verdict:
    """Write a draft letter again from its decision."""
    is_draft = allow_if(letter.status == LetterStatus.DRAFT, _("Brevet er allerede godkjent."), is_past=True)
    return first_refusal(can_handle(user, letter.decision, now=now), _is_wanted(letter), is_draft)


def can_approve(user: Any, letter: Letter, *, now: datetime) -> Verdict:
    """Approve a draft letter: a colleague of the one who wrote it, where two are asked for.

    The act itself checks that the person has looked at the letter as it is now.
    """
    is_own = letter.pk in for_colleague([letter], letter.decision.application.round, user.pk, local_date(now))
    said = why_colleague(letter, user)
    return first_refusal(can_rewrite(user, letter, now=now), allow_if(not is_own, said))


def why_colleague(letter: Letter, user: Any) -> str:
    """Why a colleague approves the letter: the person wrote it, or is no second person beside its writer."""
    return _(WRITTEN_BY_YOU) if letter.written_by_id == user.pk else _(NO_SECOND_PERSON)


def can_take_back(user: Any, letter: Letter, *, now: datetime) -> Verdict:
    """Take the approval of a letter back until it is sent, or a job is to send it."""
    is_approved = _is_approved(letter, _("Bare et godkjent brev som ikke er sendt, kan tas tilbake."))
    return first_refusal(can_handle(user, letter.decision, now=now), is_approved, _is_at_rest(letter))


def can_send(user: Any, letter: Letter, *, now: datetime) -> Verdict:
    """Send an approved letter, once: not while a job is to send it."""
    is_approved = _is_approved(letter, _("Bare godkjente brev kan sendes, og bare én gang."))
    return first_refusal(
        can_handle(user, letter.decision, now=now), _is_wanted(letter), is_approved, _is_at_rest(letter)
    )


def _is_approved(letter: Letter, reason: str) -> Verdict:
    is_past, first = letter.status == LetterStatus.SENT, Way(letter.get_absolute_url(), _("Til brevet"))
    return allow_if(letter.status == LetterStatus.APPROVED, reason, is_past=is_past, first=first)


def _is_at_rest(letter: Letter) -> Verdict:
    now_sent = _("Brevet sendes nå. Portalen lager PDF-en først.")
    return allow_if(letter.pk not in being_sent([letter]), now_sent, is_past=True)


def _is_wanted(letter: Letter) -> Verdict:
    withdrawn = letter.decision.application.status == Status.WITHDRAWN
    replaced = _("Vedtaket er erstattet av et nyere. Brevet skal ikke sendes.")
    return first_refusal(
        allow_if(not withdrawn, _("Saken er trukket. Brevet skal ikke sendes."), is_past=True),
        allow_if(not letter.decision.replaced_at, replaced, is_past=True),
    )
