"""The task list of an application: how far each section is, what is missing, who has signed, the deadline."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from applications import completeness, permissions
from applications.completeness import Problem, Report
from applications.models import Application, Partner
from applications.queries import Correction, Dossier, open_correction
from applications.roster import Row
from applications.views import next_step
from applications.views.benefit_page import blanks
from applications.workflow import Status
from portal.formats import date_no, in_words
from portal.permissions import Verdict
from portal.rooms import Tone
from portal.twins import twin_lazy, twin_of
from portal.ui import NextStep, ProcessStep, TaskGroup, TaskRow, TaskStatus
from rounds.answering import answers
from rounds.definition import Section
from rounds.definition.filling import last_day
from rounds.outcomes import DECIDED_OUTCOMES

# The step of the process that each status belongs to; the names are those of the bar of steps.
STEPS = (
    (gettext_lazy("Skriv"), {Status.DRAFT, Status.CORRECTION}),
    (gettext_lazy("Send"), {Status.SUBMITTED}),
    (gettext_lazy("Vurdering"), {Status.ADMITTED, Status.PRIORITISED, Status.FORWARDED, Status.POSTPONED}),
    (gettext_lazy("Vedtak"), {Status(outcome.means.status) for outcome in DECIDED_OUTCOMES} - {Status.POSTPONED}),
    (gettext_lazy("Gjennomføring"), {Status.ACCEPTED, Status.IN_OPERATION}),
    (gettext_lazy("Evaluering"), {Status.EVALUATED}),
)


@dataclass(frozen=True, slots=True)
class Missing:
    """Something to put right, with the address where it is done."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Part:
    """A partner on the task list: whether it has signed, and its contacts."""

    partner: Partner
    state: str
    tone: Tone
    contacts: list[str]


@dataclass(frozen=True, slots=True)
class Late:
    """What nobody sent before the deadline: the news, what becomes of it, and the secretariat's address, if any."""

    heading: str
    then: str
    addresses: list[str]


@dataclass(frozen=True, slots=True)
class Page:
    """Everything on the task list."""

    application: Application
    groups: list[TaskGroup]
    stages: list[ProcessStep]
    warnings: list[Missing]
    partners: list[Part]
    next_step: NextStep | None
    due_at: datetime
    can_edit: bool
    refusal: str
    can_withdraw: bool
    can_bring_back: bool
    late: Late | None
    correction: Correction | None

    @property
    def first_partners(self) -> list[Part]:
        """The partners that are seen at once."""
        return self.partners[: completeness.NAMED]

    @property
    def more_partners(self) -> list[Part]:
        """The partners that are folded, when they are many."""
        return self.partners[len(self.first_partners) :]

    @property
    def is_written(self) -> bool:
        """Whether the applicants can still write, so that the deadline matters."""
        return self.application.is_editable


def page(application: Application, user: Any, now: datetime) -> Page:
    """Everything on the task list, with the application read once."""
    report = completeness.check(application, at=now)
    allowed: Verdict = permissions.can_edit(user, application, now=now)
    uncorrected = completeness.uncorrected(report)
    tasks = part_tasks(report, uncorrected)
    groups = [TaskGroup(twin_of(twin_lazy("Søknaden"), application.noun_context), tasks)]
    passed = late(application, now)
    if application.is_editable and not passed:
        groups.append(TaskGroup(_("Signering og sending"), _last_tasks(report, uncorrected)))
    return Page(
        application=application,
        groups=groups,
        stages=[] if passed else _stages_of_draft(application, report),
        warnings=[Missing(item.sentence, address(application, item)) for item in report.warnings],
        partners=_partners(report, is_corrected=not uncorrected),
        next_step=_next_step(report, tasks, uncorrected, (user, now)) if allowed else None,
        due_at=completeness.due_at(application),
        can_edit=bool(allowed),
        refusal=allowed.reason,
        can_withdraw=bool(permissions.can_withdraw(user, application, now=now)),
        can_bring_back=bool(permissions.can_bring_back(user, application, now=now)),
        late=passed,
        correction=open_correction(application),
    )


def late(application: Application, now: datetime) -> Late | None:
    """That the deadline passed for what could be sent; None before it, and where the call is cancelled."""
    if not application.is_editable or application.round.cancelled_at or completeness.due_at(application) > now:
        return None
    heading, then = twin_of(twin_lazy("Fristen er ute, søknaden ble ikke sendt"), application.noun_context), ""
    if application.open_correction:
        heading = _("Fristen er ute, rettelsen ble ikke sendt")
        stands = twin_lazy("Søknaden står slik dere sendte den. Sekretariatet kan gi utsatt frist, eller avvise den.")
        then = twin_of(stands, application.noun_context)
    return Late(heading, then, list(application.round.receiver_for(application.community).addresses[:1]))


def part_tasks(report: Report, uncorrected: Sequence[Section]) -> list[TaskRow]:
    """How far each part of the form is, in the order of the form."""
    return [_section_task(report, section, uncorrected) for section in report.parts.spec.sections]


def address(application: Application, problem: Problem) -> str:
    """Where the problem is put right."""
    name = f"applications:{problem.page}"
    if problem.page == "section":
        url = reverse(name, args=[application.code, problem.section])
    else:
        url = reverse(name, args=[application.code])
    return f"{url}#{problem.anchor}" if problem.anchor else url


def missing_parts(report: Report, address_of: Callable[[Problem], str]) -> list[tuple[str, list[Missing]]]:
    """What is missing by part of the form; the signatures are one line, which leads to them."""
    parts = [
        (section.title, [Missing(item.sentence, address_of(item)) for item in report.to_write if item.section == code])
        for code, section in ((section.code, section) for section in report.parts.spec.sections)
    ]
    if report.unsigned:
        text = _("Ikke signert: %(names)s") % {"names": completeness.unsigned_words(report)}
        parts.append((_("Signaturer"), [Missing(text, address_of(Problem("", "", text, page="signatures")))]))
    return [(title, items) for title, items in parts if items]


def file_address(application: Application) -> Callable[[int], str]:
    """The address of an attachment of the present application, by its number."""
    return lambda number: reverse("applications:attachment", args=[application.code, number])


# --- sections ------------------------------------------------------------------------------------------


def _section_task(report: Report, section: Section, uncorrected: Sequence[Section]) -> TaskRow:
    application = report.parts.application
    wanting = [item for item in report.to_write if item.section == section.code]
    status, hint = _status_of(report.parts, section, len(wanting))
    if section in uncorrected:
        status, hint = TaskStatus.ERROR, _("Sekretariatet har bedt om retting")
    elif not application.is_editable:
        status, hint = TaskStatus.FILLED, ""
    url = reverse("applications:section", args=[application.code, section.code])
    if status == TaskStatus.FILLED and application.is_editable and (empty := _empty_cells(report, section)):
        hint = ngettext("Ett felt er tomt", "%(n)s felt er tomme", empty) % {"n": in_words(empty)}
        return TaskRow(section.title, url, status, hint, said=_("Kan sendes"))
    return TaskRow(section.title, url, status, hint)


def _empty_cells(report: Report, section: Section) -> int:
    """How many fields of the benefits stand empty that may; none of a section that has no benefits."""
    if not any(question.type == "benefits" for question in section.questions):
        return 0
    return sum(len(labels) for labels in blanks(report.parts.spec, report.parts.benefits).values())


def _status_of(parts: Dossier, section: Section, wanting: int) -> tuple[str, str]:
    begun = any(_is_begun(parts, question) for question in section.questions)
    if wanting:
        hint = ngettext("Ett svar mangler", "%(n)s svar mangler", wanting) % {"n": in_words(wanting)}
        return (TaskStatus.STARTED if begun else TaskStatus.UNTOUCHED), hint
    if begun:
        return TaskStatus.FILLED, ""
    return TaskStatus.UNTOUCHED, _("Valgfritt")


def _is_begun(parts: Dossier, question: Any) -> bool:
    if question.type == "benefits":
        return bool(parts.benefits)
    if question.type == "budget":
        return bool(parts.budget_lines) or parts.application.requested_amount is not None
    if question.type == "attachments":
        return any(not question.kinds or item.kind in question.kinds for item in parts.attachments)
    if question.type == "parties":
        return any(partner.organisation and partner.kind in question.kinds for partner in parts.partners)
    if question.type == "contacts":
        return any(p.contacts.all() for p in parts.partners)
    value = parts.value(question.code)
    return bool(value) if question.type == "declaration" else not answers.is_blank(value)


# --- the last tasks --------------------------------------------------------------------------------------


def _last_tasks(report: Report, uncorrected: Sequence[Section] = ()) -> list[TaskRow]:
    application = report.parts.application
    signing, hint = _signing(report, is_corrected=not uncorrected)
    left = next_step.can_be_sent(application)
    if uncorrected:
        left = next_step.correct(report, uncorrected).title
    elif lacking := completeness.missing_words(report):
        left = _("%(what)s mangler først") % {"what": lacking}
    signatures, check = (reverse(f"applications:{name}", args=[application.code]) for name in ("signatures", "check"))
    return [
        TaskRow(_("Signaturer"), signatures, signing, hint),
        TaskRow(_("Kontroller svarene og send"), check, TaskStatus.TODO, left),
    ]


def _signing(report: Report, *, is_corrected: bool) -> tuple[str, str]:
    """How far the signing has come. What is signed before a correction counts only if the text is not changed."""
    if report.unsigned:
        is_begun = len(report.unsigned) < len(report.rows)
        count = len(report.rows)
        said = completeness.signed_words(count - len(report.unsigned), count)
        return TaskStatus.STARTED if is_begun else TaskStatus.UNTOUCHED, said
    if not is_corrected:
        return TaskStatus.TODO, _("Rettes teksten, må alle signere på nytt")
    return TaskStatus.DONE, ""


def _next_step(
    report: Report, tasks: list[TaskRow], uncorrected: Sequence[Section], reader: tuple[Any, datetime]
) -> NextStep:
    """The first part that lacks an answer, then the signatures, then the sending. Nobody writes in a locked text.

    A part that lacks nothing is optional, and nobody is sent to it.
    """
    if uncorrected:
        return next_step.correct(report, uncorrected)
    if report.parts.application.signing_locked_at:
        return _while_locked(report, *reader)
    if report.parts.application.open_correction:
        # Most parts are locked: what is left to write stands on the page of the check.
        return _to_sign_or_send(report, is_written=not report.to_write)
    filled = [task for task in tasks if task.status == TaskStatus.FILLED]
    words = {"done": len(filled), "count": len(tasks)}
    so_far = _("%(done)s av %(count)s deler er utfylt.") % words
    lacking_in = {problem.section for problem in report.to_write}
    parts = zip(report.parts.spec.sections, tasks, strict=True)
    if first := next((task for section, task in parts if section.code in lacking_in), None):
        title = _("Neste steg: fyll ut «%(title)s»") % {"title": first.title}
        lacking = _("%(hint)s i denne delen.") % {"hint": first.hint} if first.status == TaskStatus.STARTED else ""
        return NextStep(title, text=f"{so_far} {lacking}".strip(), url=first.url, act=_("Fortsett"))
    return _to_sign_or_send(report)


def _while_locked(report: Report, user: Any, now: datetime) -> NextStep:
    """The person's signature, then a refusal, then what is missing in the text, then the others' signatures."""
    waiting = [row.partner for row in report.rows if row.is_missing]
    if to_sign := next((item for item in waiting if permissions.can_sign(user, item, now=now)), None):
        return next_step.sign_for(to_sign, report)
    if refused := [row.partner.name for row in report.rows if row.is_refused_by(user.pk)]:
        return next_step.done_refusing(refused)
    if any(row.refusal for row in report.rows):
        return next_step.answer_refusal(report)
    if not report.to_write:
        return _to_sign_or_send(report)
    by_person = [row.partner.name for row in report.rows if row.is_signed_by(user.pk)]
    return next_step.done_signing(by_person) if by_person else next_step.open_text(report)


def _to_sign_or_send(report: Report, *, is_written: bool = True) -> NextStep:
    if report.unsigned and is_written:
        return next_step.collect_signatures(report)
    _signatures, checking = _last_tasks(report)
    return NextStep(
        _("Neste steg: kontroller og send"), text=checking.hint, url=checking.url, act=_("Kontroller og send")
    )


def _partners(report: Report, *, is_corrected: bool) -> list[Part]:
    rows: dict[int, Row] = {row.partner.pk: row for row in report.rows}
    return [_part(partner, rows.get(partner.pk), is_corrected=is_corrected) for partner in report.parts.partners]


def _part(partner: Partner, row: Row | None, *, is_corrected: bool) -> Part:
    state, tone = state_of(row)
    if row and row.is_signed and not is_corrected:
        state, tone = _("Signerte før rettelsen"), "info"
    return Part(partner, state, tone, [contact.name for contact in partner.contacts.all()])


def state_of(row: Row | None) -> tuple[str, Tone]:
    """What a partner has answered, and the shape before it; ``row`` is None for one that is not to sign."""
    if row is None:
        return _("Skal ikke signere"), "success"
    if row.is_signed:
        return _("Har signert"), "success"
    if row.refusal:
        return _("Har takket nei til å signere"), "danger"
    if row.outdated:
        words = {"date": date_no(row.outdated.signed_at)}
        return _("Signerte %(date)s, men teksten er endret etterpå – må signere på nytt") % words, "warning"
    return _("Har ikke signert"), "neutral"


def _stages_of_draft(application: Application, report: Report) -> list[ProcessStep]:
    """«Skriv» is done when there is no more to do than to send."""
    is_ready = application.known_status == Status.DRAFT and report.is_complete
    return stages(application, Status.SUBMITTED if is_ready else application.known_status)


def stages(application: Application, status: str) -> list[ProcessStep]:
    """The bar of steps; none for what ended without an answer, such as what was withdrawn."""
    at = next((index for index, (_label, statuses) in enumerate(STEPS) if status in statuses), None)
    if at is None:
        return []
    # When the application is sent, the step «Send» is done, and the next step is the current one; after the last, none.
    is_refused = status == Status.REJECTED
    at += is_refused or status == Status.EVALUATED or (status == Status.SUBMITTED and not application.is_editable)
    # A refusal is the last step: nothing is carried out.
    labels = [str(label) for label, _statuses in STEPS][: at if is_refused else None]
    due = {at: last_day(completeness.due_at(application))}
    when = due if application.is_editable else {1: application.submitted_at}
    return [
        ProcessStep(label, "done" if index < at else "current" if index == at else "later", when.get(index))
        for index, label in enumerate(labels)
    ]
