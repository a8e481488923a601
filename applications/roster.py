"""The roster: the partners that are to sign, and the answer of each to the present text. Nothing is read here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from applications.models import Partner, Signature, SignatureRefusal
from portal.communities.models import Affiliation
from rounds.definition import RoundDefinition


@dataclass(frozen=True, slots=True)
class Row:
    """One partner on the roster."""

    partner: Partner
    signature: Signature | None = None
    refusal: SignatureRefusal | None = None
    # The last signature that the partner gave, when it was on another text than the present one.
    outdated: Signature | None = None
    # Persons who may sign for the partner today.
    signatories: tuple[Affiliation, ...] = ()

    @property
    def is_signed(self) -> bool:
        """Whether the partner has signed the present text."""
        return self.signature is not None

    def is_signed_by(self, user_id: int | None) -> bool:
        """Whether this person has signed the present text, and has not uploaded an agreement."""
        signature = self.signature
        return bool(signature and not signature.document_id and signature.signed_by_id == user_id)

    def is_refused_by(self, user_id: int | None) -> bool:
        """Whether this person has refused to sign for the partner."""
        return self.refusal is not None and self.refusal.refused_by_id == user_id

    @property
    def is_missing(self) -> bool:
        """Whether the partner has neither signed nor refused."""
        return self.signature is None and self.refusal is None


def signers(partners: Iterable[Partner], spec: RoundDefinition) -> list[Partner]:
    """The partners whose signature the round wants: all but supporters, or the lead alone (R73, R91)."""
    wanted = [partner for partner in partners if partner.must_sign]
    if spec.applicants.signing == "lead":
        return [partner for partner in wanted if partner.is_lead]
    return wanted


def rows(
    partners: Sequence[Partner],
    *,
    text_sha256: str,
    signatures: Iterable[Signature],
    refusals: Iterable[SignatureRefusal],
) -> list[Row]:
    """A row for each of these partners. A signature that is void, or on another text, is only ``outdated``.

    ``signatures`` are in the order in which they were given.
    """
    given = {item.partner_id: item for item in signatures}
    refused = {item.partner_id: item for item in refusals}
    return [_row(partner, given.get(partner.pk), refused.get(partner.pk), text_sha256) for partner in partners]


def _row(partner: Partner, given: Signature | None, refusal: SignatureRefusal | None, text_sha256: str) -> Row:
    if given and given.voided_at is None and given.text_sha256 == text_sha256:
        return Row(partner, given, refusal)
    return Row(partner, None, refusal, outdated=None if refusal else given)


def with_signatories(roster: Iterable[Row], affiliations: Iterable[Any]) -> list[Row]:
    """The same rows with those who may sign for each partner (``signatories_in``)."""
    people = list(affiliations)
    return [
        replace(row, signatories=tuple(item for item in people if item.acts_for == row.partner.organisation_id))
        for row in roster
    ]
