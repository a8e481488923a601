"""Mail about sending, correcting and withdrawing: to those behind the application, and to the helsefellesskap."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from applications import queries
from applications.models import Application, CorrectionRequest, Extension, Partner, PartnerRole, Signature, Submission
from applications.queries.receivers import People, receivers_of, senders_of
from applications.workflow import Status
from portal.clock import local_date
from portal.communities.models import Seat, SeatRole, User
from portal.communities.queries.belonging import places_by_address
from portal.communities.queries.succession import post_addresses
from portal.formats import datetime_no
from portal.mail.services import queue, queue_together
from rounds.models import Round


def _to_applicants(
    kind: str, application: Application, key: str, at: datetime, *, sender: Any = None, **context: Any
) -> None:
    """To everyone of ``receivers_of``, in the person's own language in the portal, else in the application's."""
    addresses = receivers_of(application, local_date(at), sender=sender).addresses
    spoken = dict(User.objects.filter(email__in=addresses).values_list("email", "language"))
    for email in addresses:
        queue(
            kind,
            recipient=email,
            about=application,
            context={"application": application, **context},
            at=at,
            key=f"{kind}:{key}:{email}",
            language=spoken.get(email) or application.language,
        )


def _to_community(kind: str, application: Application, key: str, at: datetime, **context: Any) -> None:
    """To the helsefellesskap's post address with copy to the other side (R21); the round may name its own (R32).

    When another body receives the application, everyone in the secretariat of that body gets the mail, but for those
    who are out of the case.
    """
    _to_post(kind, application, key, at, **context)
    for officer in queries.officers_to_tell(application, local_date(at)):
        queue(
            kind,
            recipient=officer.email,
            about=application,
            context={"application": application, **context},
            at=at,
            key=f"{kind}:{key}:{officer.pk}",
            language=officer.language,
        )


def _to_post(kind: str, application: Application, key: str, at: datetime, **context: Any) -> None:
    for address in application.round.receiver_for(application.community).addresses:
        queue(
            kind,
            recipient=address,
            about=application,
            context={"application": application, **context},
            at=at,
            key=f"{kind}:{key}:{address}",
            language=application.language,
        )


def application_submitted(submission: Submission, *, at: datetime) -> None:
    """The receipt, to the sender and all who stand behind the application."""
    _to_applicants(
        "application_submitted",
        submission.application,
        str(submission.pk),
        at,
        sender=submission.submitted_by,
        submission=submission,
    )


def submission_received(submission: Submission, *, at: datetime) -> None:
    """A new application, to the helsefellesskap; to each officer of another body with those that come soon after it."""
    application = submission.application
    _to_post("submission_received", application, str(submission.pk), at, submission=submission)
    item = {
        "title": application.title,
        "code": application.code,
        "amount": application.requested_amount,
        "at": datetime_no(submission.submitted_at),
    }
    for officer in queries.officers_to_tell(application, local_date(at)):
        queue_together(
            "applications_received",
            recipient=officer.email,
            about=application.tenant,
            context={"round": application.round.title, "noun_context": application.noun_context},
            items=[item],
            at=at,
            together=f"received:{application.round_id}:{officer.pk}",
            language=officer.language,
        )


def correction_answered(submission: Submission, *, at: datetime) -> None:
    """A corrected application, to the helsefellesskap."""
    _to_community("correction_answered", submission.application, str(submission.pk), at, submission=submission)


def correction_requested(request: CorrectionRequest, *, at: datetime) -> None:
    """The mangelbrev, to all who stand behind the application."""
    application = request.application
    titles = {section.code: section.title for section in application.round.spec.sections}
    sections = [titles[code] for code in request.sections]
    _to_applicants("correction_requested", application, str(request.pk), at, request=request, sections=sections)


def deadline_extended(extension: Extension, *, at: datetime) -> None:
    """The new deadline, to all who stand behind the application."""
    _to_applicants("deadline_extended", extension.application, str(extension.pk), at, extension=extension)


def application_withdrawn(application: Application, *, by: Any, at: datetime, was_sent: bool) -> None:
    """That it is taken back: to all who stand behind the application, and to the helsefellesskap when it had it."""
    _to_applicants("application_withdrawn", application, f"{application.pk}:{at.isoformat()}", at, person=by)
    if was_sent:
        _to_community("application_withdrawn", application, str(application.pk), at, person=by)


def round_cancelled(application: Application, *, reason: str, at: datetime) -> None:
    """That its round is cancelled: to all who stand behind the draft or the sent application."""
    context = {"round": application.round, "reason": reason, "is_sent": application.submitted_at is not None}
    _to_applicants("round_cancelled", application, str(application.pk), at, **context)


def cancelled_to_communities(of_round: Round, *, reason: str, at: datetime) -> None:
    """The same to the post addresses of the helsefellesskap that receive its applications, each once."""
    for community in of_round.communities.all():
        for address in of_round.receiver_for(community).addresses:
            queue(
                "round_cancelled_received",
                recipient=address,
                about=community,
                context={"round": of_round, "reason": reason},
                at=at,
                key=f"round_cancelled_received:{of_round.pk}:{address}",
                language=of_round.language,
            )


def draft_brought_back(application: Application, *, by: Any, at: datetime) -> None:
    """That the draft is there again, to all who stand behind the application."""
    _to_applicants("draft_brought_back", application, f"{application.pk}:{at.isoformat()}", at, person=by)


def lead_changed(application: Application, before: Partner | None, after: Partner, *, by: Any, at: datetime) -> None:
    """Who is the lead from now on: to those behind the application, and to both organisations' post addresses."""
    key = f"{application.pk}:{at.isoformat()}"
    context = {"before": before, "after": after, "person": by}
    _to_applicants("lead_changed", application, key, at, **context)
    organisations = [partner.organisation for partner in (before, after) if partner and partner.organisation]
    for organisation in organisations:
        for address in post_addresses(organisation, local_date(at)):
            queue(
                "lead_changed",
                recipient=address,
                about=application,
                context={"application": application, **context},
                at=at,
                key=f"lead_changed:{key}:{address}",
                language=application.language,
            )


def all_signed(application: Application, last: Signature, *, by: Any, due_at: datetime, at: datetime) -> None:
    """That the last partner has signed, to those who send it, but for who signed last; again after a refusal."""
    addresses = [address for address in senders_of(application, local_date(at)) if address != by.email.lower()]
    spoken = dict(User.objects.filter(email__in=addresses).values_list("email", "language"))
    is_correction = application.status == Status.CORRECTION
    for address in addresses:
        queue(
            "all_signed",
            recipient=address,
            about=application,
            context={"application": application, "due_at": due_at, "is_correction": is_correction},
            at=at,
            key=f"all_signed:{last.pk}:{address}",
            language=spoken.get(address) or application.language,
        )


def agreement_uploaded(signature: Signature, signatories: Iterable[User], *, at: datetime) -> None:
    """That an agreement on paper is in, in the partner's name: to its signatories and its post address.

    The lead writes who a partner's contacts are, so they do not do. Whoever uploaded it knows.
    """
    partner, uploader = signature.partner, signature.signed_by
    application = partner.application
    spoken = {person.email.lower(): person.language for person in signatories if person != uploader}
    if partner.organisation:
        for address in post_addresses(partner.organisation, local_date(at)):
            spoken.setdefault(address.lower(), application.language)
    secretariat = application.round.receiver_for(application.community).addresses
    for address, language in spoken.items():
        queue(
            "agreement_uploaded",
            recipient=address,
            about=application,
            context={
                "application": application,
                "partner": partner.name,
                "uploader": uploader,
                "name": signature.signatory_name,
                "position": signature.signatory_title,
                "date": signature.agreement_date,
                "secretariat": secretariat[0] if secretariat else "",
            },
            at=at,
            key=f"agreement_uploaded:{signature.pk}:{address}",
            language=language,
        )


def partner_removed(partner: Partner, *, by: Any, at: datetime) -> None:
    """That it is no partner any more: to the partner's contacts and its post address. Asked before it is removed."""
    application, day = partner.application, local_date(at)
    contacts = list(partner.contacts.values_list("email", flat=True))
    people = People(application, application.partners.all(), places_by_address(contacts, day))
    addresses = {email.lower() for email in people.named(contacts)}
    if partner.organisation:
        addresses |= {address.lower() for address in post_addresses(partner.organisation, day)}
    lead = application.partners.filter(role=PartnerRole.LEAD).select_related("organisation").first()
    context = {"application": application, "partner_name": str(partner), "lead_name": str(lead), "person": by}
    for address in sorted(addresses):
        queue(
            "partner_removed",
            recipient=address,
            about=application,
            context=context,
            at=at,
            key=f"partner_removed:{partner.pk}:{address}",
            language=application.language,
        )


def owner_named(application: Application, *, by_id: int | None, at: datetime) -> None:
    """That a draft names the body as the owner of the project: to those who lead it, but whoever named it.

    A body that nobody leads is told by all its members. Once for an application and body, however often it is named.
    """
    body = application.owner_body
    if body is None:
        return
    seats = Seat.objects.current(local_date(at)).filter(body=body).select_related("user")
    lead = application.partners.filter(role=PartnerRole.LEAD).select_related("organisation").first()
    leaders = seats.filter(role__in=[SeatRole.CHAIR, SeatRole.VICE_CHAIR])
    for seat in leaders if leaders.exists() else seats:
        if seat.user_id != by_id:
            queue(
                "owner_named",
                recipient=seat.user.email,
                about=application,
                context={"application": application, "body": body, "lead": lead},
                at=at,
                key=f"owner_named:{application.pk}:{body.pk}:{seat.user_id}",
                language=seat.user.language,
            )
