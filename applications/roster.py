"""Who has signed the text as it stands, who has said no, and who is missing."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Exists, OuterRef, Q

from applications.models import Application, Partner, PartnerRole, Signature, SignatureRefusal
from applications.workflow import EDITABLE
from portal.communities.models import Affiliation
from rounds.definition import RoundDefinition


@dataclass(frozen=True, slots=True)
class Row:
    """One partner on the roster."""

    partner: Partner
    signature: Signature | None = None
    refusal: SignatureRefusal | None = None
    # The last signature of one who has signed another text than the one that stands.
    outdated: Signature | None = None
    # Persons who may sign for the partner today.
    signatories: tuple[Affiliation, ...] = ()

    @property
    def is_signed(self) -> bool:
        """Whether the partner stands by the text as it is."""
        return self.signature is not None

    @property
    def is_missing(self) -> bool:
        """Whether the partner has neither signed nor said no."""
        return self.signature is None and self.refusal is None


def signers(partners: Iterable[Partner], spec: RoundDefinition) -> list[Partner]:
    """The partners whose signature the round wants: all but supporters, or the lead alone (R73, R91)."""
    wanted = [partner for partner in partners if partner.must_sign]
    if spec.applicants.signing == "lead":
        return [partner for partner in wanted if partner.is_lead]
    return wanted


def standing_signatures(application: Application) -> list[Signature]:
    """The signatures that are not void, with partner and document; one query."""
    return list(
        Signature.objects.filter(partner__application=application, voided_at=None)
        .select_related("partner__organisation", "document", "signed_by")
        .order_by("partner__position", "partner_id")
    )


def every_signature(application: Application) -> list[Signature]:
    """All signatures that were ever given, void or not, each partner's latest last; one query."""
    return list(
        Signature.objects.filter(partner__application=application)
        .select_related("partner__organisation", "document", "signed_by")
        .order_by("partner__position", "partner_id", "signed_at", "pk")
    )


def standing_refusals(application: Application) -> list[SignatureRefusal]:
    """The refusals that stand, with their partners; one query."""
    return list(
        SignatureRefusal.objects.filter(partner__application=application, lifted_at=None).select_related(
            "partner__organisation", "refused_by"
        )
    )


def rows(
    partners: Sequence[Partner],
    *,
    text_sha256: str,
    signatures: Iterable[Signature],
    refusals: Iterable[SignatureRefusal],
) -> list[Row]:
    """The roster of these partners; a signature that is void, or on another text, is only remembered.

    ``signatures`` are in the order in which they were given.
    """
    given = {item.partner_id: item for item in signatures}
    refused = {item.partner_id: item for item in refusals}
    return [_row(partner, given.get(partner.pk), refused.get(partner.pk), text_sha256) for partner in partners]


def _row(partner: Partner, given: Signature | None, refusal: SignatureRefusal | None, text_sha256: str) -> Row:
    if given and given.voided_at is None and given.text_sha256 == text_sha256:
        return Row(partner, given, refusal)
    return Row(partner, None, refusal, outdated=None if refusal else given)


def signatories_of(partners: Iterable[Partner], day: date) -> list[Affiliation]:
    """Everyone who may sign for any of the partners on the day; one query."""
    organisations = [partner.organisation_id for partner in partners if partner.organisation_id]
    if not organisations:
        return []
    return list(
        Affiliation.objects.current(day)
        .filter(organisation__in=organisations, may_sign=True, user__is_active=True)
        .select_related("user", "organisation")
    )


def with_signatories(found: Iterable[Row], affiliations: Iterable[Affiliation]) -> list[Row]:
    """The same rows with those who may sign for each partner."""
    people = list(affiliations)
    return [
        replace(
            row,
            signatories=tuple(item for item in people if item.organisation_id == row.partner.organisation_id),
        )
        for row in found
    ]


def waiting_for(organisations: Collection[int]) -> list[Partner]:
    """The parts of these organisations in what is sent round for signing, still to be signed and not refused.

    It is sent round when those who write have asked for the signatures, or when somebody has signed.
    """
    if not organisations:
        return []
    standing = Signature.objects.filter(partner=OuterRef("pk"), voided_at=None)
    refused = SignatureRefusal.objects.filter(partner=OuterRef("pk"), lifted_at=None)
    begun = Signature.objects.filter(partner__application=OuterRef("application"))
    found = Partner.objects.filter(
        Q(application__signing_asked_at__isnull=False) | Exists(begun),
        ~Exists(standing),
        ~Exists(refused),
        organisation__in=organisations,
        role__in=[PartnerRole.LEAD, PartnerRole.PARTNER],
        application__status__in=EDITABLE,
    )
    return list(found.select_related("organisation", "application__round", "application__community"))


def contact_addresses(application: Application) -> list[str]:
    """The addresses of every partner's contacts, each once, in the order of the partners."""
    found = (
        Partner.objects.filter(application=application, contacts__isnull=False)
        .order_by("position", "pk", "contacts__pk")
        .values_list("contacts__email", flat=True)
    )
    return list(dict.fromkeys(email.lower() for email in found))
