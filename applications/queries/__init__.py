"""The reads of the room: the applications that a person sees, and everything in one of them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, TextChoices
from django.urls import reverse
from django.utils.translation import gettext_lazy as _lazy

from applications.later_places import given_in_time
from applications.models import (
    Application,
    ApplicationQuerySet,
    Attachment,
    Benefit,
    BudgetLine,
    Contact,
    CorrectionRequest,
    Partner,
    PartnerRole,
    Signature,
    SignatureRefusal,
    Submission,
    SubmissionQuerySet,
    known_status,
)
from applications.questions import out_of_case, takes_part_unasked
from applications.start_choices import Starting
from applications.submissions import FileLinks
from applications.workflow import EDITABLE, ENDED, TRANSITIONS, Actor, Status
from portal.clock import at_local, local_date
from portal.communities.models import Affiliation, Body, BodyKind, Organisation, User
from portal.communities.queries import standing_at
from portal.communities.standing import Standing
from portal.files.models import StoredFile
from portal.files.queries import unscanned
from portal.journal.models import LogEntry
from portal.journal.queries import entries_of
from rounds.answering.models import Answer
from rounds.deadlines import deadline
from rounds.definition import RoundDefinition
from rounds.models import Round

# The cost shift (R79) is asked by the budget's rules, not by a question of the form.
COST_SHIFT = "budget-cost-shift"
# Transitions by others that the applicants see in the log at once. Of the rest they are told by letter, or not at all.
TOLD = {"request_correction", "admit"}
INNER = [f"application.{line.name}" for line in TRANSITIONS if line.actor != Actor.APPLICANT and line.name not in TOLD]


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
        """Whether anybody has ever signed; a void signature counts."""
        return any(getattr(partner, "has_signed", False) for partner in self.partners)

    @property
    def has_refusals(self) -> bool:
        """Whether any partner has refused to sign the present text."""
        return any(getattr(partner, "has_refused", False) for partner in self.partners)

    @property
    def lead(self) -> Partner | None:
        """The partner that applies and receives the money."""
        return next((partner for partner in self.partners if partner.role == PartnerRole.LEAD), None)


def visible(user: Any, now: datetime) -> ApplicationQuerySet:
    """The applications that the person sees, each with its round and helsefellesskap and whether the person writes."""
    standing = standing_at(user, now)
    return _joined(Application.objects.visible_to(standing).with_reader(standing).with_out_of_case(standing))


def find(user: Any, code: str, now: datetime) -> Application | None:
    """The application of that code, if the person sees it, with what ``visible`` reads; one query."""
    standing = standing_at(user, now)
    if standing.is_officer:
        return next(iter(visible(user, now).filter(code=code).order_by()), None)
    # Outside the secretariats one sees what one writes: a much shorter query, and it is asked with every autosave.
    coded = _joined(Application.objects.filter(code=code).with_reader(standing)).order_by()
    application = next(iter(coded), None)
    return application if application and application.is_written_by(standing) else None


def _joined(applications: ApplicationQuerySet) -> ApplicationQuerySet:
    return applications.select_related("round", "community")


class Shown(TextChoices):
    """Which of «Mine søknader» the person wants to see."""

    EDITABLE = "editable", _lazy("Skal skrives eller rettes")
    SENT = "sent", _lazy("Sendt")
    ENDED = "ended", _lazy("Avsluttet")


def written_applications(user: Any, now: datetime, shown: str = "") -> ApplicationQuerySet:
    """«Mine søknader»: those that the person writes, the latest changed first; all, or those of one ``Shown``.

    They are told apart by the status that the applicants know, and have the ``asked_date`` of a correction.
    """
    standing = standing_at(user, now)
    written = Application.objects.written_by(standing).with_reader(standing).with_asked_date()
    if shown in Shown.values:
        statuses = {Shown.EDITABLE: EDITABLE, Shown.ENDED: ENDED}.get(Shown(shown), set(Status) - EDITABLE - ENDED)
        written = written.alias(known=known_status()).filter(known__in=statuses)
    return _joined(written).order_by("-updated_at", "-pk")


def editable_applications(user: Any, now: datetime) -> ApplicationQuerySet:
    """Those of «Mine søknader» that the applicants can write in, as far as they know: drafts and corrections."""
    return written_applications(user, now, Shown.EDITABLE)


def draft_to(user: Any, code: str, now: datetime) -> Application | None:
    """The draft of that code, if it will come to the person's secretariat when it is sent; to find, not to read."""
    drafts = Application.objects.awaited_by(standing_at(user, now))
    return drafts.select_related("round", "community", "owner_body").filter(code=code).first()


def last_entry(application: Application) -> Any:
    """The stage that it came to last, with whose it is; one query."""
    return application.stage_entries.select_related("community", "stage__body__region").order_by("pk").last()


def dossier(application: Application) -> Dossier:
    """The application with everything in it: six queries, however much it holds."""
    partners = list(_answering_partners().filter(application=application))
    for partner in partners:
        partner.application = application
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


@cache
def _answering_partners() -> QuerySet[Partner]:
    """Partners with whether each has ever signed, and whether each has refused; most need no further queries.

    Each page of an application reads its partners. Django takes as long to write this as the database to answer, so it
    is written once, and only the application is added.
    """
    return _with_contacts(Partner.objects.all()).annotate(
        has_signed=Exists(Signature.objects.filter(partner=OuterRef("pk"))),
        has_refused=Exists(SignatureRefusal.objects.filter(partner=OuterRef("pk"), lifted_at=None)),
    )


def _on_present_text() -> QuerySet[Signature]:
    """The signatures that count: not void, and on the text as it is now."""
    return Signature.objects.filter(voided_at=None, text_sha256=F("partner__application__text_sha256"))


def unsigned_in(applications: Iterable[int]) -> QuerySet[Partner]:
    """The partners of the applications (ids) without a signature on the present text, and whether each refuses."""
    unsigned = Partner.objects.filter(application__in=applications).exclude(pk__in=_on_present_text().values("partner"))
    return unsigned.annotate(has_refused=Exists(_refused())).select_related("organisation")


def signed_by(application: Application) -> list[str]:
    """The names of the partners that have signed the present text; one query."""
    signed = payers_of(application).filter(Exists(_on_present_text().filter(partner=OuterRef("pk"))))
    return [partner.name for partner in signed.only("application", "other_name", "organisation__name")]


def partners_of(application: Application) -> QuerySet[Partner]:
    """The partners with organisation and contacts, in their order."""
    return _with_contacts(application.partners.all())


def _with_contacts(partners: QuerySet[Partner]) -> QuerySet[Partner]:
    return partners.select_related("organisation").prefetch_related("contacts")


def payers_of(application: Application) -> QuerySet[Partner]:
    """The partners with their organisations: those who can pay, or have rows in the benefit table."""
    return application.partners.select_related("organisation")


def attachments_of(application: Application) -> QuerySet[Attachment]:
    """The attachments with their files, by number."""
    return application.attachments.select_related("file")


def benefits_of(application: Application) -> list[Benefit]:
    """The rows of the benefit table, in their order."""
    return list(application.benefits.all())


def budget_lines_of(application: Application) -> list[BudgetLine]:
    """The lines of the budget with those who pay, in their order."""
    return list(application.budget_lines.select_related("payer__organisation"))


def benefit_keys(application: Application) -> list[str]:
    """The keys of the rows of the benefit table, in their order."""
    return list(application.benefits.values_list("key", flat=True))


def answers_of(application: Application, questions: Iterable[str]) -> dict[str, Answer]:
    """The stored answers to these questions, by code."""
    return {answer.question: answer for answer in application.answers.filter(question__in=list(questions))}


def bodies_of(application: Application) -> QuerySet[Body]:
    """The FSUs that may own a project in the application's helsefellesskap (R20); an ended one only if it does."""
    there_is = Q(last_day=None) | Q(pk=application.owner_body_id)
    return Body.objects.filter(there_is, community=application.community_id, kind=BodyKind.FSU)


# --- organisations to choose among ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Choices:
    """Organisations that can be added: those of the application's helsefellesskap, and the others."""

    in_community: list[Organisation] = field(default_factory=list)
    others: list[Organisation] = field(default_factory=list)


def organisations_to_add(application: Application, day: date) -> Choices:
    """The organisations of the kinds that the round takes which exist on the day and are not partners yet."""
    taken = {partner.organisation_id for partner in application.partners.all()}
    kinds = application.round.spec.applicants.partner_kinds
    in_community: list[Organisation] = []
    others: list[Organisation] = []
    for organisation in Organisation.objects.current(day).filter(kind__in=kinds).order_by("kind", "name"):
        if organisation.pk not in taken:
            is_near = organisation.community_id == application.community_id
            (in_community if is_near else others).append(organisation)
    return Choices(in_community, others)


# --- starting ---------------------------------------------------------------------------------------------


def starting(user: Any, round: Round, now: datetime) -> Starting:  # noqa: A002 - the field's word
    """What the person can start with in the round.

    A member of an FSU may name any organisation that can apply as the responsible one (R20).
    """
    standing = standing_at(user, now)
    rules = round.spec.applicants
    receiving = round.communities.order_by("round_communities__position")
    # Those whose deadline has passed take no more.
    communities = [item for item in receiving if now < round.closes_for(item)]
    existing = Organisation.objects.current(local_date(now))
    takes_part = existing.filter(community__in=communities, kind__in=rules.partner_kinds)
    organisations = list(takes_part.filter(pk__in=standing.organisation_ids).select_related("community"))
    bodies = Body.objects.filter(pk__in=standing.body_ids, kind=BodyKind.FSU, community__in=communities, last_day=None)
    owner_bodies = list(bodies) if rules.owner_may_be_body else []
    legal = takes_part.exclude(orgnr=None).select_related("community").order_by("community__name", "kind", "name")
    leads = list(legal) if owner_bodies else [item for item in organisations if item.is_legal_entity]
    at_home = {item.community_id for item in organisations} | {body.community_id for body in owner_bodies}
    return Starting([item for item in communities if item.pk in at_home], organisations, owner_bodies, leads)


def closed_subjects(standing: Standing) -> dict[str, list[int]]:
    """Whose log is closed to the person: by habilitet, until an answer about it, and others' drafts; one query."""
    drafts = Application.objects.filter(status=Status.DRAFT).exclude(pk__in=Application.objects.written_by(standing))
    closed = out_of_case(standing.user_id) | takes_part_unasked(standing) | Q(pk__in=drafts)
    return {Application._meta.label_lower: list(Application.objects.filter(closed).values_list("pk", flat=True))}


def valid_signatures(application: Application) -> list[Signature]:
    """The signatures that are not void, with partner and document; one query."""
    return list(
        Signature.objects.filter(partner__application=application, voided_at=None)
        .select_related("partner__organisation", "document", "signed_by")
        .order_by("partner__position", "partner_id")
    )


def every_signature(application: Application) -> list[Signature]:
    """All signatures that were ever given, void ones too; each partner's latest is last. One query."""
    return list(
        Signature.objects.filter(partner__application=application)
        .select_related("partner__organisation", "document", "signed_by")
        .order_by("partner__position", "partner_id", "signed_at", "pk")
    )


def signed_agreement(application: Application, signature: int) -> StoredFile | None:
    """The uploaded agreement behind a signature of the application; None for one that was given in the portal."""
    of_application = Signature.objects.filter(partner__application=application, pk=signature)
    row = of_application.select_related("document").first()
    return row.document if row else None


def refusals_of(application: Application) -> list[SignatureRefusal]:
    """The refusals that are not lifted, with their partners; one query."""
    return list(
        SignatureRefusal.objects.filter(partner__application=application, lifted_at=None).select_related(
            "partner__organisation", "refused_by"
        )
    )


def officers_to_tell(application: Application, day: date) -> list[User]:
    """The officers of the body that receives the application, when it is another's, without those out of the case."""
    officers = application.round.receiving_officers(day)
    closed = Application.objects.filter(pk=application.pk)
    return [officer for officer in officers if not closed.out_of_case(officer.pk).exists()]


def has_people(organisation: int | None, day: date) -> bool:
    """Whether anybody who can sign in belongs to the organisation on the day; one query."""
    return Affiliation.objects.acting_for([organisation], day).filter(user__is_active=True).exists()


def signs_for_partner(application: Application, places: Standing) -> bool:
    """Whether the person may sign for a partner of the application that is not the lead; one query."""
    return application.partners.filter(organisation__in=places.signs_for_ids, role=PartnerRole.PARTNER).exists()


def _is_asked() -> Q:
    """The writers have asked the partners to sign, or one of them has signed already; a condition on partners."""
    begun = Signature.objects.filter(partner__application=OuterRef("application"))
    return Q(application__signing_asked_at__isnull=False) | Q(Exists(begun))


def _refused() -> QuerySet[SignatureRefusal]:
    """The refusals in force of a partner, for an outer query on partners."""
    return SignatureRefusal.objects.filter(partner=OuterRef("pk"), lifted_at=None)


def waiting_for(standing: Standing) -> list[Partner]:
    """The partner rows that wait for the person's signature: asked to sign, and neither signed nor refused."""
    if not standing.signs_for_ids:
        return []
    given = [
        (one.signs_for_id or one.organisation_id, one.at)
        for one in standing.given
        if (one.signs_for_id or one.organisation_id) in standing.signs_for_ids
    ]
    in_time = [~Q(organisation=pk) | given_in_time(standing.user_id, at, OuterRef("application")) for pk, at in given]
    partners = Partner.objects.filter(
        _is_asked(),
        ~Exists(_on_present_text().filter(partner=OuterRef("pk"))),
        ~Exists(_refused()),
        *in_time,
        organisation__in=standing.signs_for_ids,
        role__in=[PartnerRole.LEAD, PartnerRole.PARTNER],
        application__status__in=EDITABLE,
    )
    return list(partners.select_related("organisation", "application__round", "application__community"))


def looked_after(standing: Standing) -> QuerySet[Application]:
    """The applications whose mail the person looks after: those handled by the person and not closed for habilitet."""
    closed = Application.objects.filter(out_of_case(standing.user_id) | takes_part_unasked(standing)).values("pk")
    return Application.objects.handled_by(standing).exclude(pk__in=closed).select_related("community", "round")


@dataclass(frozen=True, slots=True)
class Correction:
    """The correction request that is not answered: why, from when until when, and its sections with addresses."""

    reason: str
    requested_at: datetime
    due_at: datetime
    sections: list[tuple[str, str]]


def lead_of(application: Application) -> Partner | None:
    """The partner that applies and receives the money, with its organisation; one query."""
    return application.partners.filter(role=PartnerRole.LEAD).select_related("organisation").first()


def open_correction(application: Application) -> Correction | None:
    """The correction request that is not answered, or None; no query when the status tells that there is none."""
    request = application.open_correction
    if request is None:
        return None
    sections = [
        (section.title, reverse("applications:section", args=[application.code, section.code]))
        for section in application.round.spec.sections
        if section.code in request.sections
    ]
    return Correction(request.reason, request.requested_at, request.due_at, sections)


# --- what was sent ----------------------------------------------------------------------------------------


def submissions_of(application: Application) -> SubmissionQuerySet:
    """The sent versions, with who sent each, and its document with the PDF."""
    return application.submissions.select_related("document__pdf", "submitted_by")


def versions_of(application: Application) -> list[Submission]:
    """The sent versions for a list of them, the newest first. What was sent is read of each when it is asked for."""
    versions = application.submissions.select_related("submitted_by").defer("document__snapshot")
    return list(versions.order_by("-version"))


def corrections_of(application: Application) -> list[CorrectionRequest]:
    """Every correction that the secretariat has asked for, in the order they were asked for, with who asked."""
    return list(application.correction_requests.select_related("requested_by"))


def log_of(application: Application, *, is_office: bool) -> QuerySet[LogEntry]:
    """The log of the application. Its writers do not see the entries of scores, ranks and decisions."""
    log = entries_of(application)
    return log if is_office else log.filter(act__startswith="application.").exclude(act__in=INNER)


def contacts_of(application: Application) -> list[Contact]:
    """The contacts as they are today, telephone included, for those who must reach them."""
    contacts = Contact.objects.filter(partner__application=application).select_related("partner__organisation")
    return list(contacts.order_by("partner__position", "pk"))


def sent_file(submission: Submission, number: int) -> StoredFile | None:
    """The file that was attached to the sent version under the number.

    It is found by its SHA-256, size and name: another application may have the same bytes under another name.
    """
    item = next((item for item in submission.snapshot["attachments"] if item["number"] == number), None)
    if item is None:
        return None
    frozen = {name: item[name] for name in ("sha256", "name", "size")}
    return StoredFile.objects.filter(**frozen).order_by("pk").first()


def file_links(data: Mapping[str, Any], address: Callable[[int], str]) -> FileLinks:
    """What makes the attachments of a snapshot links, each with its note when no scanner has looked at it."""
    return FileLinks(address, unscanned(item["sha256"] for item in data["attachments"]))


# --- what the reminders read ----------------------------------------------------------------------------


def with_contacts(prefix: str = "") -> "Prefetch[str, QuerySet[Partner], str]":
    """The prefetch of the partners with organisation and contacts, of the application under ``prefix``; two queries."""
    partners = Partner.objects.select_related("organisation").prefetch_related("contacts")
    return Prefetch(f"{prefix}partners", queryset=partners)


def _closing_after(day: date, of: str = "") -> Q:
    """A condition on drafts, or on rows of them (``of`` is «application__»): the deadline is on the day or later.

    One query for the rounds with drafts. A draft that nobody sent or threw away stays when its round is over.
    """
    with_drafts = Application.objects.filter(status=Status.DRAFT).values("round")
    rounds = Round.objects.filter(pk__in=with_drafts, cancelled_at=None)
    last = {item.pk: deadline(item.spec, item.closes_at).last for item in rounds}
    late = [pk for pk, closes_at in last.items() if closes_at and local_date(closes_at) >= day]
    extended = {f"{of}extended_until__gte": at_local(day), f"{of}round__cancelled_at": None}
    return Q(**{f"{of}round__in": late}) | Q(**extended)


def unsent_drafts(since: date) -> Iterator[Application]:
    """Drafts with a deadline on ``since`` or later, with contacts and who began each."""
    drafts = Application.objects.filter(_closing_after(since), status=Status.DRAFT)
    drafts = drafts.select_related("round", "community", "created_by")
    return drafts.prefetch_related(with_contacts()).iterator(chunk_size=200)


def partners_without_signature(since: date) -> Iterator[Partner]:
    """The partners in drafts with a deadline on ``since`` or later that are asked to sign, and have not answered."""
    closing = _closing_after(since, "application__")
    partners = (
        Partner.objects.filter(_is_asked(), closing, application__status=Status.DRAFT, organisation__isnull=False)
        .exclude(Exists(_refused()) | Q(role=PartnerRole.SUPPORTER))
        .exclude(pk__in=_on_present_text().values("partner"))
        .select_related("application__round", "application__community", "organisation")
    )
    return partners.iterator(chunk_size=200)
