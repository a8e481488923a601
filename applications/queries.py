"""What the pages of this room read: the applications a person sees, and everything in one of them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from applications import budget
from applications.models import (
    Application,
    ApplicationQuerySet,
    Attachment,
    Benefit,
    BudgetLine,
    Partner,
    PartnerRole,
    Signature,
    SignatureRefusal,
)
from applications.workflow import EDITABLE
from portal.communities.models import Affiliation, Body, BodyKind, HealthCommunity, Organisation
from portal.communities.queries import standing_at
from rounds.answering.models import Answer
from rounds.definition import RoundDefinition
from rounds.models import Round

# The cost shift (R79) is asked by the budget's rules, not by a question of the form.
COST_SHIFT = "budget-cost-shift"


@dataclass(frozen=True, slots=True)
class Dossier:
    """An application with all its rows, read once and passed around."""

    application: Application
    spec: RoundDefinition
    answers: dict[str, Answer]
    partners: list[Partner]
    benefits: list[Benefit]
    budget_lines: list[BudgetLine]
    attachments: list[Attachment]

    def value(self, question: str) -> Any:
        """What is stored as the answer to a question; None when nothing is."""
        answer = self.answers.get(question)
        return answer.value if answer else None

    @property
    def has_signatures(self) -> bool:
        """Whether anybody has ever signed, void or not."""
        return any(getattr(partner, "has_signed", False) for partner in self.partners)

    @property
    def has_refusals(self) -> bool:
        """Whether a partner's no stands."""
        return any(getattr(partner, "has_refused", False) for partner in self.partners)

    @property
    def lead(self) -> Partner | None:
        """The partner that applies and receives the money."""
        return next((partner for partner in self.partners if partner.role == PartnerRole.LEAD), None)


def visible(user: Any, now: datetime) -> ApplicationQuerySet:
    """The applications that the person sees, each with its round and helsefellesskap and whether the person writes."""
    standing = standing_at(user, now)
    return _joined(Application.objects.visible_to(standing).with_reader(standing).with_bar(standing))


def find(user: Any, code: str, now: datetime) -> Application | None:
    """The application of that code, read as by ``visible``, if the person sees it; one query."""
    standing = standing_at(user, now)
    if standing.is_officer:
        return visible(user, now).filter(code=code).first()
    # Outside the secretariats one sees what one writes: a much shorter query, and it is asked with every autosave.
    application = _joined(Application.objects.filter(code=code).with_reader(standing)).order_by().first()
    return application if application and application.is_written_by(standing) else None


def _joined(applications: ApplicationQuerySet) -> ApplicationQuerySet:
    return applications.select_related("round", "community", "owner_body")


def mine(user: Any, now: datetime) -> ApplicationQuerySet:
    """«Mine søknader»: those that the person writes, the latest changed first."""
    standing = standing_at(user, now)
    return _joined(Application.objects.written_by(standing).with_reader(standing)).order_by("-updated_at", "-pk")


def drafts_to(user: Any, now: datetime) -> QuerySet[Application]:
    """What is being written to the secretariat: to find by its code, not to read."""
    standing = standing_at(user, now)
    return Application.objects.awaited_by(standing).select_related("round", "community", "owner_body")


def dossier(application: Application) -> Dossier:
    """The application with everything in it: six queries, however much it holds."""
    partners = list(_with_answers_to_signing(partners_of(application)))
    application.lead_organisation_id = next((partner.organisation_id for partner in partners if partner.is_lead), None)
    by_id = {partner.pk: partner for partner in partners}
    lines = list(application.budget_lines.all())
    for line in lines:
        line.payer = by_id.get(line.payer_id) if line.payer_id else None
    return Dossier(
        application=application,
        spec=application.round.spec,
        answers={answer.question: answer for answer in application.answers.all()},
        partners=partners,
        benefits=list(application.benefits.all()),
        budget_lines=lines,
        attachments=list(attachments_of(application)),
    )


def _with_answers_to_signing(partners: QuerySet[Partner]) -> QuerySet[Partner]:
    """With whether each has ever signed, and whether its no stands: most applications need not ask further."""
    return partners.annotate(
        has_signed=Exists(Signature.objects.filter(partner=OuterRef("pk"))),
        has_refused=Exists(SignatureRefusal.objects.filter(partner=OuterRef("pk"), lifted_at=None)),
    )


def signed_by(application: Application) -> list[str]:
    """The partners that have signed the text as it stands, by name; one query."""
    standing = Signature.objects.filter(partner=OuterRef("pk"), voided_at=None)
    return [partner.name for partner in payers_of(application).filter(Exists(standing))]


def partners_of(application: Application) -> QuerySet[Partner]:
    """The partners with organisation and contacts, the one who applies first as added."""
    return application.partners.select_related("organisation").prefetch_related("contacts")


def payers_of(application: Application) -> QuerySet[Partner]:
    """The partners with their organisations alone: who can pay, or have rows of their own."""
    return application.partners.select_related("organisation")


def attachments_of(application: Application) -> QuerySet[Attachment]:
    """The attachments with their files, by number."""
    return application.attachments.select_related("file")


def benefit_keys(application: Application) -> list[str]:
    """The keys of the rows of the benefit table, in their order."""
    return list(application.benefits.values_list("key", flat=True))


def answers_of(application: Application, questions: Iterable[str]) -> dict[str, Answer]:
    """The stored answers to these questions, by code."""
    return {answer.question: answer for answer in application.answers.filter(question__in=list(questions))}


def bodies_of(application: Application) -> QuerySet[Body]:
    """The FSUs that may own a project in the application's helsefellesskap (R20)."""
    return Body.objects.filter(community=application.community_id, kind=BodyKind.FSU)


# --- organisations to choose among ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Choices:
    """Organisations that may be added: those of the application's helsefellesskap, and all others."""

    in_community: list[Organisation] = field(default_factory=list)
    others: list[Organisation] = field(default_factory=list)


def organisations_to_add(application: Application, partners: Iterable[Partner]) -> Choices:
    """Those of the kinds that the round takes which are not partners yet."""
    taken = {partner.organisation_id for partner in partners}
    kinds = application.round.spec.applicants.partner_kinds
    in_community: list[Organisation] = []
    others: list[Organisation] = []
    for organisation in Organisation.objects.filter(kind__in=kinds).order_by("kind", "name"):
        if organisation.pk not in taken:
            is_near = organisation.community_id == application.community_id
            (in_community if is_near else others).append(organisation)
    return Choices(in_community, others)


# --- the budget as plain lines ----------------------------------------------------------------------------


def plain_lines(lines: Iterable[BudgetLine]) -> list[budget.Line]:
    """The stored lines as the arithmetic takes them; a half-filled line counts when it is whole."""
    return [
        budget.Line(
            year=line.year or 0,
            cost_type=line.cost_type,
            amount=line.amount or 0,
            source=line.source,
            form=line.form,
            payer=str(line.payer_id or ""),
            number=number,
        )
        for number, line in enumerate(lines, start=1)
        if line.is_whole
    ]


# --- starting ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Starting:
    """What the start page offers: where the person belongs in the round, whom it stands for, who can be responsible."""

    communities: list[HealthCommunity]
    organisations: list[Organisation]
    bodies: list[Body]
    leads: list[Organisation]

    @property
    def home(self) -> HealthCommunity | None:
        """Where the application goes when there is nothing to choose."""
        return self.communities[0] if len(self.communities) == 1 else None

    def community(self, code: str) -> HealthCommunity:
        return next(item for item in self.communities if item.code == code)

    def organisation(self, pk: int) -> Organisation:
        return next(item for item in self.organisations if item.pk == pk)

    def body(self, code: str) -> Body:
        return next(item for item in self.bodies if item.code == code)

    def lead(self, pk: int) -> Organisation:
        return next(item for item in self.leads if item.pk == pk)


def starting(user: Any, round: Round, now: datetime) -> Starting:  # noqa: A002 - the field's word
    """What the person can start with in the round. Somebody of an FSU names any organisation as responsible (R20)."""
    standing = standing_at(user, now)
    rules = round.spec.applicants
    communities = list(round.communities.order_by("round_communities__position"))
    takes_part = Organisation.objects.filter(community__in=communities, kind__in=rules.partner_kinds)
    organisations = list(takes_part.filter(pk__in=standing.organisation_ids).select_related("community"))
    bodies = Body.objects.filter(pk__in=standing.body_ids, kind=BodyKind.FSU, community__in=communities)
    owner_bodies = list(bodies) if rules.owner_may_be_body else []
    legal = takes_part.exclude(orgnr=None).select_related("community").order_by("community__name", "kind", "name")
    leads = list(legal) if owner_bodies else [item for item in organisations if item.is_legal_entity]
    at_home = {item.community_id for item in organisations} | {body.community_id for body in owner_bodies}
    return Starting([item for item in communities if item.pk in at_home], organisations, owner_bodies, leads)


def closed_to(user_id: int | None) -> dict[str, list[int]]:
    """The applications of which the person may not read the log either, by the label of the log; one query."""
    return {Application._meta.label_lower: list(Application.objects.closed_to(user_id).values_list("pk", flat=True))}


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


def with_signatories(roster: Iterable[Row], affiliations: Iterable[Affiliation]) -> list[Row]:
    """The same rows with those who may sign for each partner."""
    people = list(affiliations)
    return [
        replace(
            row,
            signatories=tuple(item for item in people if item.organisation_id == row.partner.organisation_id),
        )
        for row in roster
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
    partners = Partner.objects.filter(
        Q(application__signing_asked_at__isnull=False) | Exists(begun),
        ~Exists(standing),
        ~Exists(refused),
        organisation__in=organisations,
        role__in=[PartnerRole.LEAD, PartnerRole.PARTNER],
        application__status__in=EDITABLE,
    )
    return list(partners.select_related("organisation", "application__round", "application__community"))


def contact_addresses(application: Application) -> list[str]:
    """The addresses of every partner's contacts, each once, in the order of the partners."""
    addresses = (
        Partner.objects.filter(application=application, contacts__isnull=False)
        .order_by("position", "pk", "contacts__pk")
        .values_list("contacts__email", flat=True)
    )
    return list(dict.fromkeys(email.lower() for email in addresses))


@dataclass(frozen=True, slots=True)
class Correction:
    """The request that waits for an answer: why, from when until when, and the open sections with their addresses."""

    reason: str
    requested_at: datetime
    due_at: datetime
    sections: list[tuple[str, str]]


def open_correction(application: Application) -> Correction | None:
    """What the secretariat waits for, if anything; no query while the status says that there is nothing."""
    request = application.open_correction
    if request is None:
        return None
    sections = [
        (section.title, reverse("applications:section", args=[application.code, section.code]))
        for section in application.round.spec.sections
        if section.code in request.sections
    ]
    return Correction(request.reason, request.requested_at, request.due_at, sections)
