"""Signing the exact text, refusing it, asking for signatures, locking the text, and what a change of it does."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from applications import queries
from applications.completeness import check, due_at
from applications.models import Application, Partner, Signature, SignatureMethod, SignatureRefusal
from applications.queries.receivers import People, receivers_of
from applications.queries.signatories import signatories_in
from applications.roster import signers
from applications.services import notices
from applications.snapshot import content_sha
from applications.workflow import EDITABLE
from portal.acts import act, held
from portal.clock import local_date
from portal.communities.queries.belonging import places_by_address
from portal.communities.queries.succession import post_addresses
from portal.errors import ConflictError, DomainError
from portal.files.models import StoredFile
from portal.files.services import store_upload
from portal.files.uploads import PDF
from portal.jobs.services import put_off
from portal.journal import services as journal
from portal.mail.services import queue
from portal.twins import twin_lazy, twin_of
from rounds.answering.checks import Dates, date_sentences
from rounds.answering.services.files import forget, forgotten_when_refused

__all__ = [
    "AgreementDateError",
    "StaleTextError",
    "content_sha",
    "decline",
    "note_change",
    "open_text",
    "remind",
    "settle",
    "sign",
    "sign_on_paper",
]

# How long the text must stand still before signatures on another text are void, and the job that sees to it.
QUIET = timedelta(minutes=30)
NOT_FINISHED = twin_lazy(
    "Søknaden er ikke ferdig. Dere kan signere når alle svar er på plass, eller når de som skriver den, ber om det."
)
SETTLE = "applications.services.signing.settle"


class AgreementDateError(DomainError):
    """The agreement's date cannot be right (R108)."""


class StaleTextError(ConflictError):
    """The text is no longer the one the signatory read."""


class SigningError(DomainError):
    """The signature or the refusal cannot be given."""


@act
def sign(
    partner: Partner,
    *,
    by: Any,
    agreement_date: date,
    title: str,
    at: datetime,
    name: str = "",
    document: StoredFile | None = None,
    seen_sha256: str = "",
) -> Signature:
    """Sign the application's text for the partner. Signing the same text twice gives one signature.

    With ``document``, a signed agreement on paper, ``name`` and ``title`` are the signatory's, and ``by`` uploads it.
    ``seen_sha256`` is the text that was on the screen. Raises StaleTextError when that text has changed,
    AgreementDateError when the date is in the future or after the deadline (R108), and SigningError when the
    application has been sent, or is not finished and nobody has asked for signatures: one who signs locks the text for
    all. The caller has asked whether ``by`` may sign.
    """
    application = _open(partner.application)
    sha = content_sha(application)
    if seen_sha256 and seen_sha256 != sha:
        raise StaleTextError(_("Teksten er endret siden du åpnet siden. Les den på nytt før du signerer."))
    if application.signing_asked_at is None and not check(application, at=at).may_be_signed:
        raise SigningError(twin_of(NOT_FINISHED, application.noun_context))
    _check_date(application, agreement_date, at)
    valid = Signature.objects.filter(partner=partner, voided_at=None).first()
    if valid and valid.text_sha256 == sha:
        return valid
    Signature.objects.filter(partner=partner, voided_at=None).update(voided_at=at)
    SignatureRefusal.objects.filter(partner=partner, lifted_at=None).update(lifted_at=at)
    signature = Signature.objects.create(
        partner=partner,
        method=SignatureMethod.UPLOADED if document else SignatureMethod.PORTAL,
        signed_by=by,
        signatory_name=name or by.get_full_name(),
        signatory_title=title,
        agreement_date=agreement_date,
        signed_at=at,
        text_sha256=sha,
        document=document,
    )
    _lock_text(application, sha, at)
    _tell(signature, application, at)
    if not _unsigned(application, sha):
        notices.all_signed(application, signature, by=by, due_at=due_at(application), at=at)
    return signature


def _unsigned(application: Application, sha: str) -> list[Partner]:
    """The partners whose signature on the text the round wants and that have not given it; two queries."""
    partners = list(application.partners.select_related("organisation"))
    signed = {item.partner_id for item in queries.valid_signatures(application) if item.text_sha256 == sha}
    return [item for item in signers(partners, application.round.spec) if item.pk not in signed]


def _tell(signature: Signature, application: Application, at: datetime) -> None:
    """To the log; and of an agreement on paper, which others may upload, to the partner in whose name it is."""
    partner, entry = signature.partner, "application.signed"
    if signature.document:
        entry = "application.agreement_uploaded"
        able = signatories_in(application, [partner], local_date(at))
        notices.agreement_uploaded(signature, [affiliation.user for affiliation in able], at=at)
    words = {"partner": partner.pk, "name": partner.name, "method": signature.method}
    _record(entry, application, signature.signed_by, at, **words)


def sign_on_paper(partner: Partner, uploaded: UploadedFile, *, by: Any, at: datetime, **words: Any) -> Signature:
    """Check and store an agreement on paper, and sign with it as ``sign`` does.

    The file is not kept when the signature is refused, or when the partner has signed the same text already. Raises
    UploadError and what ``sign`` raises.
    """
    stored = store_upload(uploaded, kinds=[PDF], at=at)
    with forgotten_when_refused(stored):
        signature = sign(partner, document=stored, by=by, at=at, **words)
    if signature.document != stored:
        forget(stored)
    return signature


def _lock_text(application: Application, sha: str, at: datetime) -> None:
    """Remember which text is being signed, and let nobody change it before it is opened again."""
    row = Application.objects.filter(pk=application.pk)
    row.update(text_sha256=sha, signing_locked_at=application.signing_locked_at or at)


@act
def open_text(application: Application, *, by: Any, at: datetime) -> Application:
    """Let the writers change the text while the partners sign it. A signature counts as long as it is the signed text.

    Raises SigningError when it is open already, or the application has been sent.
    """
    current = _open(application)
    if current.signing_locked_at is None:
        raise SigningError(_("Teksten er allerede åpen."))
    Application.objects.filter(pk=current.pk).update(signing_locked_at=None)
    _record("application.text_opened", current, by, at)
    return current


def locked(application: Application) -> Application:
    """The application as it is stored now; its row is held until the transaction ends, so its text cannot change."""
    return held(Application.objects.filter(pk=application.pk)).select_related("round", "community", "owner_body").get()


def _open(application: Application) -> Application:
    """The application with its row held; SigningError when it has been sent or withdrawn meanwhile."""
    current = locked(application)
    if current.status not in EDITABLE:
        raise SigningError(
            twin_of(
                twin_lazy("Noen andre har sendt eller trukket søknaden. Den kan ikke signeres nå."),
                application.noun_context,
            )
        )
    return current


def _check_date(application: Application, agreement_date: date, at: datetime) -> None:
    dates = Dates.at(at, due_at(application))
    label = _("Dato for signert avtale")
    for sentence in date_sentences(agreement_date, dates, label, not_in_future=True, not_after_deadline=True):
        raise AgreementDateError(sentence)


def _record(entry: str, application: Application, by: Any, at: datetime, **data: Any) -> None:
    journal.record(entry, subject=application, by=by, at=at, community=application.tenant, **data)


# --- saying no -----------------------------------------------------------------------------------


@act
def decline(partner: Partner, *, by: Any, reason: str, at: datetime) -> SignatureRefusal:
    """Refuse to sign for the partner, with a reason that all partners get by mail. Voids the partner's signature."""
    if not reason.strip():
        raise SigningError(_("Skriv hvorfor dere ikke vil signere. Alle partnerne får se begrunnelsen."))
    application = _open(partner.application)
    refusal = SignatureRefusal.objects.filter(partner=partner, lifted_at=None).first()
    if refusal:
        return refusal
    Signature.objects.filter(partner=partner, voided_at=None).update(voided_at=at)
    refusal = SignatureRefusal.objects.create(
        partner=partner,
        reason=reason.strip(),
        text_sha256=content_sha(application),
        refused_by=by,
        refused_at=at,
    )
    Application.objects.filter(pk=application.pk).update(text_sha256=refusal.text_sha256)
    _record("application.signature_declined", application, by, at, partner=partner.pk, name=partner.name)
    for email in receivers_of(application, local_date(at)).addresses:
        queue(
            "signature_declined",
            recipient=email,
            about=application,
            context={"application": application, "partner": partner, "reason": refusal.reason},
            at=at,
            key=f"signature_declined:{refusal.pk}:{email}",
            language=application.language,
        )
    return refusal


# --- asking --------------------------------------------------------------------------------------


@act
def remind(application: Application, *, by: Any, at: datetime) -> list[str]:
    """Ask everyone who may sign for a partner that has not signed; at most one mail a day to each.

    The text is locked. From then on the task is on their front pages. Gives the addresses, also those that were asked
    earlier the same day. Raises SigningError when the application has been sent or withdrawn.
    """
    application = _open(application)
    Application.objects.filter(pk=application.pk, signing_asked_at=None).update(signing_asked_at=at)
    sha = content_sha(application)
    _lock_text(application, sha, at)
    waiting = _unsigned(application, sha)
    able: dict[Any, list[Partner]] = defaultdict(list)
    for partner, person in _able(application, waiting, at):
        able[person.user].append(partner)
    before = _signed_before(application)
    asked = [_ask(application, theirs, person, by, at, before=before) for person, theirs in able.items()]
    _record("application.signatures_asked_for", application, by, at, partners=[item.pk for item in waiting])
    return list(dict.fromkeys(asked))


def _able(application: Application, partners: list[Partner], at: datetime) -> Iterable[tuple[Partner, Any]]:
    people = signatories_in(application, partners, local_date(at))
    for partner in partners:
        for person in people:
            if person.acts_for == partner.organisation_id:  # type: ignore[attr-defined]
                yield partner, person


def _signed_before(application: Application) -> dict[Any, datetime]:
    """When each partner (id) signed what was sent before the open correction; one query in a correction."""
    request = application.open_correction
    given = queries.every_signature(application) if request else []
    return {item.partner_id: item.signed_at for item in given if item.signed_at <= request.requested_at}


def _ask(
    application: Application,
    partners: list[Partner],
    person: Any,
    by: Any,
    at: datetime,
    *,
    before: Mapping[Any, datetime],
) -> str:
    """Ask the person for all the partners that the person may sign for, at most once a day."""
    signed_at = max((before[item.pk] for item in partners if item.pk in before), default=None)
    with override(person.language):
        names = get_text_list([partner.name for partner in partners], _("og"))
    message = queue(
        "signature_reminder",
        recipient=person.email,
        about=application,
        context={
            "application": application,
            "partners": names,
            "by": by,
            "due_at": due_at(application),
            "signed_at": signed_at,
        },
        at=at,
        key=f"signature_reminder:{application.pk}:{person.pk}:{local_date(at)}",
        language=person.language,
    )
    return str(message.recipient)


# --- when the text changes -----------------------------------------------------------------------


def note_change(application: Application, *, at: datetime) -> int:
    """Remember the text as it is now; gives how many signatures counted on the text before and do not on this one.

    Every change of the text calls it in its transaction. Nothing is void yet: when the text is again what they signed,
    the signatures count again. What was given on another text is settled when nobody has changed it for half an hour.
    ``application.voided_signatures`` counts for the page of the person who wrote. One query when nobody has signed or
    refused.
    """
    if not list(_answered(application_id=application.pk)):
        return 0
    current = locked(application)
    sha, before = content_sha(current), current.text_sha256
    if sha == before:
        return 0
    Application.objects.filter(pk=current.pk).update(text_sha256=sha)
    put_off(SETTLE, key=f"signatures:{current.pk}", due=at + QUIET, application=current.pk)
    lost = sum(item.text_sha256 == before for item in queries.valid_signatures(current))
    application.voided_signatures += lost
    return lost


@act
def settle(*, application: int, at: datetime) -> int:
    """Void the signatures, and lift the refusals, that were given on another text; those who signed get a mail.

    A job, half an hour after the last change. Gives how many signatures it voided.
    """
    current = held(Application.objects.filter(pk=application)).select_related("round", "community", "owner_body").get()
    if current.status not in EDITABLE:
        return 0
    sha = content_sha(current)
    stale = [item for item in queries.valid_signatures(current) if item.text_sha256 != sha]
    for signature in stale:
        _void(current, signature, at)
    for refusal in queries.refusals_of(current):
        if refusal.text_sha256 != sha:
            SignatureRefusal.objects.filter(pk=refusal.pk).update(lifted_at=at)
    return len(stale)


def told_voided(application: Application) -> dict[str, str]:
    """How many signatures do not count on the text that was saved, as a sentence with a link to the roster."""
    count = application.voided_signatures
    text = ngettext(
        "Teksten er en annen enn den som er signert, så %(n)s signatur gjelder ikke. Endrer dere den tilbake, gjelder "
        "signaturen igjen. Når teksten har stått i ro en halv time, får den som signerte, e-post om å signere på nytt.",
        "Teksten er en annen enn den som er signert, så %(n)s signaturer gjelder ikke. Endrer dere den tilbake, "
        "gjelder signaturene igjen. Når teksten har stått i ro en halv time, får de som signerte, e-post om å signere "
        "på nytt.",
        count,
    )
    url = reverse("applications:signatures", args=[application.code])
    return {"said": text % {"n": count}, "url": url, "link": _("Se signaturene")}


def _answered(application_id: int) -> QuerySet[Signature, tuple[int]]:
    """The ids of the partners that have signed or refused."""
    valid = Signature.objects.filter(partner__application=application_id, voided_at=None)
    refused = SignatureRefusal.objects.filter(partner__application=application_id, lifted_at=None)
    return valid.order_by().values_list("partner").union(refused.order_by().values_list("partner"))


def _void(application: Application, signature: Signature, at: datetime) -> None:
    Signature.objects.filter(pk=signature.pk, voided_at=None).update(voided_at=at)
    _record("application.signature_voided", application, None, at, partner=signature.partner_id)
    for address, language in _to_sign_again(application, signature, local_date(at)).items():
        queue(
            "signature_voided",
            recipient=address,
            about=application,
            context={"application": application, "signature": signature, "person": signature.signed_by},
            at=at,
            key=f"signature_voided:{signature.pk}:{address}",
            language=language,
        )


def _to_sign_again(application: Application, signature: Signature, day: date) -> dict[str, str]:
    """Who signed, by the address, with the language; of one who has left, the others who may sign, else the post."""
    person, partner = signature.signed_by, signature.partner
    people = People(application, application.partners.all(), places_by_address([person.email], day))
    if people.there([person.email]):
        return {person.email: person.language}
    able = {item.user.email: item.user.language for item in signatories_in(application, [partner], day)}
    post = post_addresses(partner.organisation, day) if partner.organisation else []
    return able or dict.fromkeys(post, application.language)
