"""«Mine søknader»: the applications by whose turn it is, each with what is done next and until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications import queries, roster
from applications.models import Application, Partner
from applications.questions import NextDate, next_dates
from applications.workflow import ENDED, FOLLOWED, Status, Turn
from portal.communities.queries import standing_at
from portal.communities.standing import Standing
from portal.formats import in_words
from portal.twins import twin_lazy, twin_of


@dataclass(frozen=True, slots=True)
class Card:
    """An application on the list: what comes next in it, until when, and the act that moves it."""

    application: Application
    turn: Turn
    following: str
    due_at: datetime | None = None
    act: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Signing:
    """How far the signing of a locked text has come: who refuses, and whether the person's partner is one of them."""

    is_done: bool
    refusing: str
    has_answered: bool

    @classmethod
    def of(cls, application: Application, unsigned: Sequence[Partner], standing: Standing) -> "Signing":
        """Of the partners that have not signed; those that the round does not ask to sign do not count."""
        to_sign = roster.signers(unsigned, application.round.spec)
        refusing = [one for one in to_sign if one.has_refused]  # type: ignore[attr-defined]
        answered = any(not one.is_lead and one.organisation_id in standing.organisation_ids for one in refusing)
        return cls(not to_sign, get_text_list([one.name for one in refusing], _("og")), answered)


def context(applications: Sequence[Any], user: Any, now: datetime, *, is_all: bool) -> dict[str, Any]:
    """The applications (``written_applications``) in groups; when they are all there are, how many wait."""
    standing = standing_at(user, now)
    to_sign = {item.application_id: item.pk for item in queries.waiting_for(standing)}
    awarded = next_dates(applications)
    locked = {item.pk: item for item in applications if item.is_editable and item.signing_locked_at}
    unsigned = list(queries.unsigned_in(locked)) if locked else []
    signing = {
        pk: Signing.of(item, [one for one in unsigned if one.application_id == pk], standing)
        for pk, item in locked.items()
    }
    cards = [
        _card(item, awarded.get(item.pk), to_sign.get(item.pk), signing.get(item.pk), now) for item in applications
    ]
    # The nearest deadline first; those without one keep their order.
    cards.sort(key=lambda card: (card.turn, card.due_at is None, card.due_at or now))
    groups = [(Turn(turn).label, list(held)) for turn, held in groupby(cards, key=lambda card: card.turn)]
    return {"groups": groups, "heading": _heading(cards) if is_all else _("Mine søknader")}


def _heading(cards: Sequence[Card]) -> str:
    """How many wait for the applicants."""
    if not cards:
        return _("Dere har ingen søknader ennå")
    count = sum(card.turn == Turn.THEIRS for card in cards)
    if not count:
        return _("Ingenting venter på dere nå")
    return ngettext("Én ting venter på dere", "%(n)s ting venter på dere", count) % {"n": in_words(count)}


def _card(
    application: Any, awarded: NextDate | None, to_sign: int | None, signing: Signing | None, now: datetime
) -> Card:
    status = application.known_status
    if status in (Status.DRAFT, Status.CORRECTION):
        return _written(application, to_sign, signing, now)
    if awarded:
        url = application.get_absolute_url()
        return Card(application, Turn.THEIRS, awarded.label, awarded.at, _("Se prosjektet"), url)
    if status in ENDED:
        return Card(application, Turn.ENDED, "")
    following = {Status.SUBMITTED: _("Sekretariatet kontrollerer"), **dict.fromkeys(FOLLOWED, "")}
    return Card(application, Turn.OTHERS, following.get(status, _("Vurdering og vedtak")))


def _written(application: Any, to_sign: int | None, signing: Signing | None, now: datetime) -> Card:
    """A draft or a correction: the person's signature, the others', or the writing."""
    is_draft = application.known_status == Status.DRAFT
    # Without an open request it is the deadline, as in ``Application.due_at``.
    due = application.closes_at if is_draft else application.asked_date or application.closes_at
    if due <= now:
        # The secretariat goes on with what was sent when it is not corrected in time.
        return Card(application, Turn.ENDED if is_draft else Turn.OTHERS, _("Fristen er ute"))
    code = application.code
    if to_sign:
        following, act, url = _("Du signerer"), _("Les og signer"), reverse("applications:sign", args=[code, to_sign])
    elif signing and signing.has_answered:
        # The others answer a refusal of one's own, which the page of the signatures shows.
        told = _("%(names)s vil ikke signere") % {"names": signing.refusing}
        return Card(application, Turn.OTHERS, told, due)
    elif signing:
        following, act, url = _signing(code, signing)
    elif is_draft:
        following, act, url = _("Dere skriver ferdig"), _("Fortsett"), application.get_absolute_url()
    else:
        act = twin_of(twin_lazy("Rett søknaden"), application.noun_context)
        following, url = _("Dere retter"), application.get_absolute_url()
    return Card(application, Turn.THEIRS, following, due, act, url)


def _signing(code: str, signing: Signing) -> tuple[str, str, str]:
    """What comes next in a text that is locked for the signatures, the act, and its address."""
    signatures = reverse("applications:signatures", args=[code])
    if signing.refusing:
        told = _("%(names)s vil ikke signere") % {"names": signing.refusing}
        return told, _("Se begrunnelsen"), signatures
    if signing.is_done:
        return _("Dere kontrollerer og sender"), _("Kontroller og send"), reverse("applications:check", args=[code])
    return _("Partnerne signerer"), _("Se signaturene"), signatures
