"""Habilitet: which ties the portal can see, and where a person stands in a case. Pure but for the enumerations.

Forvaltningsloven § 6 and practice: employment by an applicant is not enough by itself, but who signs, owns, leads,
answers for or heads what gets the money is treated as inhabil until somebody decides otherwise. The portal suggests;
people decide.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class Ground(TextChoices):
    """Why a person may be inhabil (forvaltningsloven § 6)."""

    PARTY = "party", _("Er selv part, eller i nær familie med en part")
    REPRESENTS = "represents", _("Signerer for, eier eller leder prosjektet")
    CONTACT = "contact", _("Er kontaktperson i søknaden")
    LEADS_UNIT = "leads_unit", _("Leder enheten som får pengene")
    OWNER_BODY = "owner_body", _("Sitter i, eller har oppnevnt, utvalget som eier prosjektet")
    OTHER = "other", _("Andre særegne forhold")


class State(TextChoices):
    """Where a person stands in a case."""

    UNDECLARED = "undeclared", _("Har ikke svart")
    CLEAR = "clear", _("Habil")
    PENDING = "pending", _("Må avgjøres")
    RECUSED = "recused", _("Inhabil")


@dataclass(frozen=True, slots=True)
class Tie:
    """A tie the portal can see. A strong one must be decided by somebody else; the others are only pointed out."""

    ground: Ground
    sentence: str
    is_strong: bool


@dataclass(frozen=True, slots=True)
class Roles:
    """Who has which part in an application: people and bodies by id, contacts by e-mail, organisations with name."""

    creator_id: int
    signer_ids: frozenset[int] = frozenset()
    contact_emails: frozenset[str] = frozenset()
    partners: tuple[tuple[int, str], ...] = ()
    owner_body_id: int | None = None
    owner_body_name: str = ""
    appointing_body_id: int | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """What a person is on the day: employers, those the person may bind, bodies."""

    pk: int
    email: str
    organisation_ids: frozenset[int] = frozenset()
    signs_for_ids: frozenset[int] = frozenset()
    body_ids: frozenset[int] = frozenset()


def ties(roles: Roles, person: Person) -> tuple[Tie, ...]:
    """The ties between the person and the application, the strong ones first."""
    return tuple(sorted(_ties(roles, person), key=lambda tie: not tie.is_strong))


def _ties(roles: Roles, person: Person) -> Iterator[Tie]:
    if person.pk in roles.signer_ids:
        yield Tie(Ground.REPRESENTS, gettext("har signert søknaden"), is_strong=True)
    if person.email.lower() in roles.contact_emails:
        yield Tie(Ground.CONTACT, gettext("er kontaktperson i søknaden"), is_strong=True)
    if person.pk == roles.creator_id:
        yield Tie(Ground.REPRESENTS, gettext("har opprettet søknaden"), is_strong=True)
    for pk, name in roles.partners:
        if pk in person.signs_for_ids:
            sentence = gettext("kan binde %(name)s, som er med i søknaden") % {"name": name}
            yield Tie(Ground.LEADS_UNIT, sentence, is_strong=True)
        elif pk in person.organisation_ids:
            sentence = gettext("er knyttet til %(name)s, som er med i søknaden") % {"name": name}
            yield Tie(Ground.OTHER, sentence, is_strong=False)
    if roles.owner_body_id in person.body_ids:
        sentence = gettext("sitter i %(body)s, som eier prosjektet") % {"body": roles.owner_body_name}
        yield Tie(Ground.OWNER_BODY, sentence, is_strong=True)
    if roles.appointing_body_id in person.body_ids:
        # R20: the body that appointed the FSU is flagged, or nobody in the SSU could take part.
        sentence = gettext("sitter i utvalget som har oppnevnt %(body)s, som eier prosjektet")
        yield Tie(Ground.OWNER_BODY, sentence % {"body": roles.owner_body_name}, is_strong=False)


def needs_decision(*, has_tie: bool, suggested: tuple[Tie, ...]) -> bool:
    """Whether somebody else must decide: the person says so, or the portal sees a strong tie."""
    return has_tie or any(tie.is_strong for tie in suggested)


def state(*, is_pending: bool | None, is_recused: bool | None) -> State:
    """Where the person stands. None means that nothing was asked or answered, or that nothing is decided.

    Who is inhabil is out until another decision is made; who is habil, or has answered no, is out again from the
    moment that a question is raised.
    """
    if is_recused:
        return State.RECUSED
    if is_pending is None:
        return State.UNDECLARED
    return State.PENDING if is_pending else State.CLEAR
