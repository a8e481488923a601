"""Habilitet: the ties that the portal can see, and a person's state in a case. Pure, except for the enumerations.

Source: forvaltningsloven § 6 and practice. Employment by an applicant does not by itself make a person inhabil. A
person who signs the application, created it, can bind an applicant, sits in the body that owns the project, or belongs
to an applicant and is a contact, is kept out of the case until somebody else has decided. The portal suggests; people
decide.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class Ground(TextChoices):
    """Why a person may be inhabil (forvaltningsloven § 6)."""

    PARTY = "party", _("Er selv part, eller i nær familie med en part")
    REPRESENTS = "represents", _("Signerer for, eier eller leder prosjektet")
    CONTACT = "contact", _("Er kontaktperson i saken")
    LEADS_UNIT = "leads_unit", _("Leder enheten som får pengene")
    OWNER_BODY = "owner_body", _("Sitter i, eller har oppnevnt, utvalget som eier prosjektet")
    OTHER = "other", _("Andre særegne forhold")


class State(TextChoices):
    """What has been answered and decided about a person's habilitet in a case."""

    UNDECLARED = "undeclared", _("Har ikke svart")
    CLEAR = "clear", _("Habil")
    PENDING = "pending", _("Må avgjøres")
    RECUSED = "recused", _("Inhabil")


@dataclass(frozen=True, slots=True)
class Tie:
    """A tie that the portal can see. Somebody else must decide on a strong tie; the others are only shown."""

    ground: Ground
    sentence: str
    is_strong: bool


@dataclass(frozen=True, slots=True)
class Roles:
    """The people of an application: people and bodies by id, contacts by e-mail, organisations by id and name."""

    creator_id: int
    signer_ids: frozenset[int] = frozenset()
    contact_emails: frozenset[str] = frozenset()
    partners: tuple[tuple[int, str], ...] = ()
    owner_body_id: int | None = None
    owner_body_name: str = ""
    appointing_body_id: int | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """A person on one day, by id: the employers, the organisations the person may bind, the bodies, and the
    organisations for which the person sits in a body that is no secretariat.
    """

    pk: int
    email: str
    organisation_ids: frozenset[int] = frozenset()
    signs_for_ids: frozenset[int] = frozenset()
    body_ids: frozenset[int] = frozenset()
    represented_ids: frozenset[int] = frozenset()


def ties(roles: Roles, person: Person) -> tuple[Tie, ...]:
    """The ties between the person and the application, the strong ones first."""
    return tuple(sorted(_ties(roles, person), key=lambda tie: not tie.is_strong))


def _ties(roles: Roles, person: Person) -> Iterator[Tie]:
    if person.pk in roles.signer_ids:
        yield Tie(Ground.REPRESENTS, gettext("har signert i saken"), is_strong=True)
    if person.email.lower() in roles.contact_emails:
        # The applicants write the contacts. An address alone is a question to the person, and shuts nobody out.
        belongs = any(pk in person.organisation_ids | person.signs_for_ids for pk, _name in roles.partners)
        yield Tie(Ground.CONTACT, gettext("er kontaktperson i saken"), is_strong=belongs)
    if person.pk == roles.creator_id:
        yield Tie(Ground.REPRESENTS, gettext("har opprettet saken"), is_strong=True)
    for pk, name in roles.partners:
        yield from _ties_to_partner(pk, name, person)
    if roles.owner_body_id in person.body_ids:
        sentence = gettext("sitter i %(body)s, som eier prosjektet") % {"body": roles.owner_body_name}
        yield Tie(Ground.OWNER_BODY, sentence, is_strong=True)
    if roles.appointing_body_id in person.body_ids:
        # R20: this tie is only shown; were it strong, no member of the SSU could take part.
        sentence = gettext("sitter i utvalget som har oppnevnt %(body)s, som eier prosjektet")
        yield Tie(Ground.OWNER_BODY, sentence % {"body": roles.owner_body_name}, is_strong=False)


def _ties_to_partner(pk: int, name: str, person: Person) -> Iterator[Tie]:
    """The closest tie to the partner alone."""
    if pk in person.signs_for_ids:
        sentence = gettext("kan binde %(name)s, som er part i saken") % {"name": name}
        yield Tie(Ground.LEADS_UNIT, sentence, is_strong=True)
    elif pk in person.organisation_ids:
        sentence = gettext("er knyttet til %(name)s, som er part i saken") % {"name": name}
        yield Tie(Ground.OTHER, sentence, is_strong=False)
    elif pk in person.represented_ids:
        # To speak for a partner is what a member of the SSU is there for: shown, so that each one answers for it.
        sentence = gettext("sitter i et utvalg for %(name)s, som er part i saken") % {"name": name}
        yield Tie(Ground.OTHER, sentence, is_strong=False)


def needs_decision(*, has_tie: bool, suggested: tuple[Tie, ...]) -> bool:
    """Whether somebody else must decide: the person declares a tie, or the portal sees a strong one."""
    return has_tie or any(tie.is_strong for tie in suggested)


def first_able(levels: Iterable[Collection[int]], unable: Collection[int | None]) -> frozenset[int]:
    """Who decides a question (ids): the first level in which anybody can; nobody when no level has one.

    The question is raised by one and decided by another. So whoever raised it is ``unable``, as is the person.
    """
    for level in levels:
        if able := frozenset(level).difference(unable):
            return able
    return frozenset()


def state(*, is_pending: bool | None, is_recused: bool | None) -> State:
    """The person's state in the case.

    ``is_pending`` is None when nothing is asked or answered, ``is_recused`` when nothing is decided. A person who is
    inhabil stays so until another decision is made. A person who is habil, or has answered no, is kept out of the case
    from the moment that a question is raised.
    """
    if is_recused:
        return State.RECUSED
    if is_pending is None:
        return State.UNDECLARED
    return State.PENDING if is_pending else State.CLEAR
