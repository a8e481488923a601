"""Reads for the pages of the room."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from applications.models import Application, Contact, Partner, PartnerRole
from applications.queries import looked_after, with_contacts
from applications.queries.receivers import People
from applications.queries.signatories import signatories_in
from applications.questions import NextDate
from applications.reminders import contacts
from applications.workflow import AWARDED, FOLLOWED, Status
from evaluation.assessment.queries.habilitet import out_of_case
from evaluation.assessment.queries.must_answer import must_answer
from evaluation.decisions.models import Decision, Letter, LetterStatus
from evaluation.followup.models import Acceptance, BenefitResult, EvaluationReport
from evaluation.followup.progress import Step, progress_of
from portal.clock import end_of_day, local_date
from portal.communities.queries.belonging import places_by_address
from portal.communities.standing import Standing
from portal.mail.models import Message
from portal.mail.queries import messages_about, messages_with_keys
from portal.reminders.models import Reminder

# Until the evaluation is sent, somebody is reminded of what comes next.
REMINDED = AWARDED | {Status.ACCEPTED, Status.IN_OPERATION}


def visible_award_of(application: Application, standing: Standing) -> Decision | None:
    """The application's award in force with acceptance and evaluation, if the person may see it; two queries."""
    award = (
        Decision.objects.in_force()
        .filter(application=application, amount__isnull=False)
        .select_related("acceptance__evaluation__case", "declined__declined_by")
        .select_related("application__round", "application__community", "resolution")
        .first()
    )
    if award is None or not Decision.objects.visible_to(standing).filter(pk=award.pk).exists():
        return None
    return award


def acceptors(application: Application, day: date) -> list[str]:
    """The names of those who may accept on the day: they may sign for the lead organisation; two queries."""
    leads = application.partners.filter(role=PartnerRole.LEAD).select_related("organisation")
    return sorted({affiliation.user.name for affiliation in signatories_in(application, leads, day)})


def reports_in_force(standing: Standing) -> QuerySet[EvaluationReport]:
    """The evaluations that the person writes or handles, of the awards in force."""
    applications = Application.objects.visible_to(standing).values("pk")
    reports = EvaluationReport.objects.filter(
        acceptance__decision__application__in=applications, acceptance__decision__replaced_at=None
    )
    return reports.select_related(
        "acceptance__decision__application__round",
        "acceptance__decision__application__community",
        "document__pdf",
        "case",
    )


def letters_to_accept(standing: Standing) -> QuerySet[Letter]:
    """The sent letters that tell of awards, not yet accepted, in the applications that the person wrote."""
    awarded = Application.objects.written_by(standing).filter(status__in=AWARDED)
    letters = Letter.objects.filter(
        status=LetterStatus.SENT, decision__replaced_at=None, decision__application__in=awarded.values("pk")
    )
    return letters.select_related("decision__application")


def reports_to_write(standing: Standing) -> QuerySet[EvaluationReport]:
    """The evaluations that are not sent, in the projects that the person may write in; the first to be due first.

    Those too that wait for the start of operation to be told.
    """
    accepted = Application.objects.edited_by(standing).filter(status__in=[Status.ACCEPTED, Status.IN_OPERATION])
    reports = EvaluationReport.objects.filter(
        submitted_at=None, acceptance__decision__application__in=accepted.values("pk")
    )
    return reports.select_related("acceptance__decision__application").order_by("due_date", "pk")


def next_dates(applications: Iterable[Application]) -> dict[int, NextDate]:
    """The answer to ``applications.questions.next_dates``: two queries, none when nobody knows of an award."""
    followed = [each.pk for each in applications if each.known_status in REMINDED]
    if not followed:
        return {}
    awards = (
        Decision.objects.in_force()
        .filter(application__in=followed, amount__isnull=False)
        .select_related("acceptance__evaluation__case", "declined")
        .prefetch_related(Prefetch("letters", letters_without_answer().prefetch_related(None), "unanswered"))
    )
    words = {Step.ANSWER: _("Svar på tilskuddet"), Step.START: _("Driftsstart"), Step.EVALUATION: _("Evaluering")}
    ways = [(award.application_id, progress_of(award, told_by(award), date.min)) for award in awards]
    return {pk: NextDate(words[way.step], end_of_day(way.due)) for pk, way in ways if way.step in words and way.due}


def letters_without_answer() -> QuerySet[Letter]:
    """All sent letters that tell of awards that are neither accepted nor declined, with contacts for the reminders."""
    return (
        Letter.objects.filter(
            status=LetterStatus.SENT, decision__replaced_at=None, decision__application__status__in=AWARDED
        )
        .select_related("decision__application__round", "decision__application__community")
        .prefetch_related(with_contacts("decision__application__"))
    )


def of_award(rows: QuerySet[Any], application: Application) -> list[Any]:
    """Those of the letters or acceptances that are about the application's award."""
    return list(rows.filter(decision__application=application))


def of_any(rows: QuerySet[Any], awards: Iterable[Decision]) -> list[Any]:
    """Those of the letters or acceptances that are about one of these awards."""
    return list(rows.filter(decision__in=[award.pk for award in awards]))


def acceptances_in(status: Status) -> QuerySet[Acceptance]:
    """All acceptances whose application has the status, with evaluation, contacts and receivers for the reminders.

    Four queries.
    """
    return (
        Acceptance.objects.filter(decision__application__status=status)
        .select_related("decision__application__round", "decision__application__community", "evaluation")
        .prefetch_related(with_contacts("decision__application__"))
        .prefetch_related("decision__application__round__round_communities")
    )


def awards_without_people(standing: Standing, today: date) -> list[Decision]:
    """The awards that the secretariat follows until they are evaluated, and that nobody can be reminded of any more.

    Those whose person responsible and contacts have all left. One query when there are no awards.
    """
    applications = Application.objects.handled_by(standing).filter(status__in=REMINDED).values("pk")
    awards = list(
        Decision.objects.in_force()
        .filter(application__in=applications, amount__isnull=False, application__announced_at__isnull=False)
        .exclude(out_of_case(standing.user_id, "application"))
        .select_related("application", "acceptance")
        .prefetch_related(with_contacts("application__"))
        .order_by("application__title", "pk")
    )
    addresses = {award.pk: _addresses(award) for award in awards}
    places = places_by_address((each for known in addresses.values() for each in known), today)
    return [
        award
        for award in awards
        if not People(award.application, award.application.partners.all(), places).named(addresses[award.pk])
    ]


def _addresses(award: Decision) -> list[str]:
    """Those who are reminded: the person responsible, once the award is accepted, and the contacts."""
    acceptance = getattr(award, "acceptance", None)
    responsible = [acceptance.responsible_email] if acceptance else []
    return [address for address in (*responsible, *contacts(award.application)) if address]


def follow_up_rows(standing: Standing) -> list[Decision]:
    """The awards in force of the secretariat, with acceptance and evaluation, lead and unanswered letter.

    Not those in which the person is out of the case, nor those with an unsent letter in which the person takes part
    without having been asked about habilitet.
    """
    followed = Application.objects.handled_by(standing).filter(status__in=FOLLOWED)
    applications = followed.exclude(must_answer(standing), announced_at=None).values("pk")
    return list(
        Decision.objects.in_force()
        .filter(application__in=applications, amount__isnull=False)
        .exclude(out_of_case(standing.user_id, "application"))
        .select_related("application__round", "acceptance__evaluation__case", "declined", "resolution")
        .prefetch_related(
            Prefetch(
                "application__partners",
                Partner.objects.filter(role=PartnerRole.LEAD).select_related("organisation"),
                "leads",
            ),
            # Read of those alone that have not answered: what a letter says is long.
            Prefetch("letters", letters_without_answer().prefetch_related(None), "unanswered"),
        )
        .order_by("application__title", "pk")
    )


def late_projects(standing: Standing, today: date) -> int:
    """How many awards of the secretariat have not told or done in time what comes next; one query.

    Not those in which the person is out of the case.
    """
    accepted = Q(application__status__in=[Status.ACCEPTED, Status.IN_OPERATION])
    not_started = Q(acceptance__evaluation__is_provisional=True, acceptance__planned_start_date__lt=today)
    not_sent = Q(
        acceptance__evaluation__is_provisional=False,
        acceptance__evaluation__submitted_at=None,
        acceptance__evaluation__due_date__lt=today,
    )
    not_answered = Q(
        application__status__in=AWARDED,
        letters__status=LetterStatus.SENT,
        letters__document__snapshot__acceptance_date__lt=today.isoformat(),
    )
    awards = Decision.objects.in_force().filter(
        (accepted & (not_started | not_sent)) | not_answered,
        application__in=Application.objects.handled_by(standing).values("pk"),
        amount__isnull=False,
    )
    return awards.exclude(out_of_case(standing.user_id, "application")).count()


def whom_to_ring(application: Application, day: date) -> Contact | None:
    """The first contact of the lead partner who has a telephone, and has not left."""
    lead = Contact.objects.filter(partner__application=application, partner__role=PartnerRole.LEAD)
    contacts = list(lead.exclude(phone=""))
    places = places_by_address((contact.email for contact in contacts), day)
    named = People(application, application.partners.all(), places).named(contact.email for contact in contacts)
    return next((contact for contact in contacts if contact.email in named), None)


def told_by(award: Any) -> Letter | None:
    """The sent letter of an award of ``follow_up_rows`` that is not answered; no query."""
    return next(iter(award.unanswered), None)


def evaluations_without_case(standing: Standing) -> QuerySet[EvaluationReport]:
    """The sent evaluations that the person's secretariat has not put before the body, oldest first.

    Not those in which the person is out of the case.
    """
    return (
        EvaluationReport.objects.filter(
            submitted_at__isnull=False,
            case=None,
            acceptance__decision__replaced_at=None,
            acceptance__decision__application__community__in=standing.secretariat_community_ids,
        )
        .exclude(out_of_case(standing.user_id, "acceptance__decision__application"))
        .select_related("acceptance__decision__application__round")
        .order_by("submitted_at", "pk")
    )


REMINDERS_SHOWN = 20
# The mail about an award after its letter that is no reminder.
PROJECT_MAIL = ("award_accepted", "award_declined", "project_corrected", "evaluation_submitted")


def sent_reminders(application: Application) -> QuerySet[Reminder]:
    """The newest reminders that were sent about the application's award and what follows it, newest first."""
    acceptance = Acceptance.objects.filter(decision__application=application).first()
    letters = Letter.objects.filter(decision__application=application).values_list("pk", flat=True)
    subjects = [("applications.application", application.pk), *(("decisions.letter", pk) for pk in letters)]
    if acceptance:
        subjects += [
            ("followup.acceptance", acceptance.pk),
            ("followup.evaluationreport", acceptance.evaluation.pk),
        ]
    reminders = Reminder.objects.none()
    for kind, pk in subjects:
        reminders = reminders | Reminder.objects.filter(subject_type=kind, subject_id=str(pk))
    return reminders.order_by("-sent_at", "kind", "pk")[:REMINDERS_SHOWN]


@dataclass(frozen=True, slots=True)
class Reminded:
    """A reminder that went out on a day, to all whom it went to."""

    reminder: Reminder
    recipients: list[str]
    # The mails that have not been sent, or have come back.
    undelivered: list[Message]


@dataclass(frozen=True, slots=True)
class ProjectMail:
    """What was sent about an award after its letter, and whether it arrived."""

    reminders: list[Reminded]
    # The mail that is about this award: the reminders', and what told that it was accepted, put right or reported.
    messages: list[Message]

    def was_reminded(self, day: date) -> bool:
        """Whether a reminder went out on the day."""
        return any(local_date(each.reminder.sent_at) == day for each in self.reminders)


def project_mail(application: Application) -> ProjectMail:
    """The mail of the project: two queries beside those of the reminders."""
    reminders = list(sent_reminders(application))
    reminding = messages_with_keys({row.key_of_mail for row in reminders})
    by_key = {message.key: message for message in reminding}
    about = application._meta.label_lower, str(application.pk)
    of_it = [message for message in reminding if (message.subject_type, message.subject_id) == about]
    listed = sorted([*messages_about(application, *PROJECT_MAIL), *of_it], key=lambda each: (each.recipient, each.pk))
    told = groupby(reminders, key=lambda row: (local_date(row.sent_at), row.kind))
    return ProjectMail([_reminded(list(rows), by_key) for _of, rows in told], listed)


def _reminded(rows: list[Reminder], by_key: Mapping[str, Message]) -> Reminded:
    mails = (by_key.get(row.key_of_mail) for row in rows)
    undelivered = [mail for mail in mails if mail and mail.delivery != "sent"]
    return Reminded(rows[0], sorted({row.recipient for row in rows}), undelivered)


def looks_after(standing: Standing, application: Application) -> bool:
    """Whether the person looks after the application's mail; one query."""
    return looked_after(standing).filter(pk=application.pk).exists()


def stored_report(pk: int) -> EvaluationReport:
    """The report as it is stored now, whatever a page has read before."""
    return EvaluationReport.objects.get(pk=pk)


def results_by_position(report: EvaluationReport) -> dict[int, BenefitResult]:
    """What the evaluation has measured, by the position of the planned benefit; one query."""
    return {result.position: result for result in report.results.all()}
