"""What the page of a sent application reads: versions, requests, the timeline, and what the person may do."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy

from applications import permissions, sent
from applications.corrections import open_correction
from applications.models import Application, Contact, Submission
from applications.workflow import TRANSITIONS, Actor, Status
from portal.communities.queries import standing_at
from portal.files.models import StoredFile
from portal.journal import queries as journal
from portal.journal import sentences
from portal.journal.models import LogEntry

# What the applicants are told at once; the rest of what others do, they are told by letter or not at all.
TOLD = {"request_correction", "admit"}
# By the status that the applicants know. What they must do themselves after an award stands with its letter.
NEXT: dict[str, tuple[Any, ...]] = {
    Status.SUBMITTED: (
        gettext_lazy("Kontaktpersonene hos alle partnerne har fått kvittering på e-post."),
        gettext_lazy(
            "%(community)s kontrollerer søknaden. Mangler noe, ber sekretariatet dere rette det, med en frist."
        ),
        gettext_lazy("Deretter blir søknaden vurdert. Dere får beskjed når det er fattet vedtak."),
    ),
    Status.ADMITTED: (
        gettext_lazy("Søknaden oppfyller kravene og blir vurdert. Dere trenger ikke å gjøre noe nå."),
        gettext_lazy("Dere får brev når det er fattet vedtak."),
    ),
    Status.NOT_ADMITTED: (gettext_lazy("Søknaden er avvist og blir ikke vurdert. Brevet forteller hvorfor."),),
    Status.PRIORITISED: (gettext_lazy("Søknaden er prioritert. Dere får brev når det er fattet vedtak."),),
    Status.NOT_PRIORITISED: (gettext_lazy("Søknaden er ikke prioritert. Brevet forteller hvorfor."),),
    Status.FORWARDED: (gettext_lazy("Søknaden er oversendt og venter på vedtak. Dere får brev når det er fattet."),),
    Status.POSTPONED: (gettext_lazy("Behandlingen er utsatt. Dere får brev når det er fattet vedtak."),),
    Status.REJECTED: (gettext_lazy("Søknaden har fått avslag. Brevet forteller hvorfor."),),
    Status.GRANTED: (gettext_lazy("Les brevet. Ansvarlig søker må akseptere vilkårene før tilskuddet utbetales."),),
    Status.PARTLY_GRANTED: (
        gettext_lazy("Les brevet. Ansvarlig søker må akseptere vilkårene før tilskuddet utbetales."),
    ),
    Status.ACCEPTED: (gettext_lazy("Tilskuddet er akseptert. Meld fra når prosjektet starter."),),
    Status.IN_OPERATION: (gettext_lazy("Prosjektet er i drift. Dere skal sende en evaluering når fristen kommer."),),
    Status.EVALUATED: (gettext_lazy("Evalueringen er sendt. Det er ikke mer dere må gjøre."),),
    Status.WITHDRAWN: (gettext_lazy("Søknaden er trukket. Det er ikke mer dere må gjøre."),),
}
INNER = [f"application.{line.name}" for line in TRANSITIONS if line.actor != Actor.APPLICANT and line.name not in TOLD]


def page(application: Application, user: Any, now: datetime) -> dict[str, Any]:
    """Everything on the page; the older versions without their text."""
    versions = list(
        application.submissions.select_related("submitted_by", "pdf").defer("snapshot").order_by("-version")
    )
    latest: Submission = versions[0]
    is_handler = permissions.is_handler(user, application, now=now)
    place = standing_at(user, now)
    is_office = application.is_handled_by(place)
    return {
        "application": application,
        "status": application.status_for(place),
        "submission": latest,
        "versions": versions,
        "view": sent.view_of(latest.snapshot, file_url=file_address(application, latest.version)),
        "corrections": list(application.correction_requests.select_related("requested_by")),
        "correction": None if is_office and application.status != Status.CORRECTION else open_correction(application),
        "what_now": [] if is_office else what_now(application),
        "signed": [item["partner"] for item in latest.snapshot.get("signatures", [])],
        "events": sentences.events(entries(application, is_office=is_office)),
        "contacts": contacts(application) if is_handler else [],
        "is_handler": is_handler,
        "is_withdrawn": application.status == Status.WITHDRAWN,
        "can_edit": permissions.can_edit(user, application, now=now),
        "can_withdraw": permissions.can_withdraw(user, application, now=now),
        "can_request_correction": permissions.can_request_correction(user, application, now=now),
        "can_extend": permissions.can_extend(user, application, now=now),
    }


def what_now(application: Application) -> list[str]:
    """What the applicants can expect, from the status that they know; nothing when a notice of its own says it."""
    words = {"community": application.community}
    return [str(text) % words for text in NEXT.get(application.known_status, ())]


def entries(application: Application, *, is_office: bool) -> QuerySet[LogEntry]:
    """The log of the application: all of it for those who handle it, for its writers no scores, ranks or decisions."""
    found = journal.entries_of(application)
    return found if is_office else found.filter(act__startswith="application.").exclude(act__in=INNER)


def contacts(application: Application) -> list[Contact]:
    """The contacts as they are today, telephone included, for those who must reach them."""
    found = Contact.objects.filter(partner__application=application).select_related("partner__organisation")
    return list(found.order_by("partner__position", "pk"))


def file_address(application: Application, version: int) -> Callable[[int], str]:
    """The address of an attachment of a sent version, by its number."""
    return lambda number: reverse("applications:sent_file", args=[application.code, version, number])


def file_of(submission: Submission, number: int) -> StoredFile | None:
    """The file that was attached to the sent version under the number, found by what was frozen of it.

    By name too: another application may have the same bytes under a name of its own.
    """
    item = next((item for item in submission.snapshot["attachments"] if item["number"] == number), None)
    if item is None:
        return None
    frozen = {name: item[name] for name in ("sha256", "name", "size")}
    return StoredFile.objects.filter(**frozen).order_by("pk").first()
