"""The page of signatures: the news, the one next step, a line for each partner. Reads little itself."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications import completeness, queries, submissions
from applications.completeness import Report
from applications.models import Application, Attachment, ContributionForm, Partner, Signature
from applications.roster import Row
from applications.submissions import Shown
from applications.views import next_step
from applications.views.task_list import late, state_of
from portal.clock import local_date
from portal.communities.models import Affiliation
from portal.formats import date_no, datetime_no, in_words, kroner, quoted
from portal.mail.models import Message
from portal.rooms import Tone
from portal.twins import twin_lazy, twin_of
from portal.ui import NextStep, ProcessStep
from rounds.definition import Question, Section
from rounds.definition.filling import last_day

# So many partners are named in a sentence; more are seen in the list under it.
NAMED = 3


@dataclass(frozen=True, slots=True)
class Line:
    """A partner on the roster, with what this person may do for it."""

    row: Row
    may_sign: bool
    may_upload: bool
    # Whether this person gave the signature, and did not upload it.
    has_signed: bool = False
    # Whether this person has refused to sign for it.
    has_refused: bool = False
    state: str = ""
    tone: Tone = "neutral"
    # What stands under the state: how it was signed, or when those who may sign were asked.
    note: str = ""

    @property
    def is_signed_on_paper(self) -> bool:
        """Whether the signature is an agreement that somebody has uploaded."""
        return bool(self.row.signature and self.row.signature.document_id)


@dataclass(frozen=True, slots=True)
class Rights:
    """What this person may do with the application as a whole."""

    can_edit: bool
    can_open: bool


@dataclass(frozen=True, slots=True)
class Page:
    """What the page tells, in the order in which it is read."""

    heading: str
    lead: str
    step: NextStep | None
    # From a finished text to a sent application; empty when this person can do nothing more.
    stages: list[ProcessStep]
    groups: list[tuple[str, list[Line]]]
    # The names of those whose signatures fall when the text is changed.
    signed: str
    # Whether the writers may ask those who have not signed, beside the next step.
    can_ask: bool
    is_asked: bool

    @property
    def lines(self) -> list[Line]:
        """Every partner."""
        return [line for _label, lines in self.groups for line in lines]

    @property
    def by_paper(self) -> list[Line]:
        """The partners for which this person may upload an agreement on paper."""
        return [line for line in self.lines if line.may_upload and not line.row.is_signed]

    @property
    def by_refusal(self) -> list[Line]:
        """The partners for which this person may say no."""
        return [line for line in self.lines if line.may_sign and line.row.is_missing]


def page(
    report: Report,
    lines: Iterable[Line],
    rights: Rights,
    uncorrected: Sequence[Section] = (),
    asked: Iterable[Message] = (),
    *,
    now: datetime,
) -> Page:
    """The page of an application whose partners are ``lines``; ``uncorrected`` as in ``completeness``.

    ``asked`` is the mail to those who may sign, the last to each person last.
    """
    asked = list(asked)
    mailed = {message.recipient: message.queued_at for message in asked}
    told = [_told(line, mailed, is_stale=bool(uncorrected)) for line in lines]
    # What this person can sign stands first among what waits.
    waiting = sorted((line for line in told if not line.row.is_signed), key=lambda line: not line.may_sign)
    signed = [line for line in told if line.row.is_signed]
    application = report.parts.application
    is_asked = application.signing_asked_at is not None or report.parts.has_signatures
    today = {message.recipient for message in asked if local_date(message.queued_at) == local_date(now)}
    is_told = _are_told(waiting, today)
    can_ask = rights.can_edit and not is_told and any(line.row.is_missing for line in waiting)
    step = _of_person(told, _step(report, waiting, rights, is_asked=is_asked), application, is_asked=is_asked)
    if is_told and step and step.url == ask_url(application):
        step = _wait(waiting)
    if uncorrected and rights.can_edit:
        step = next_step.correct(report, uncorrected)
    counted = len(signed)
    label = _("Har signert: %(n)s")
    if uncorrected:
        # What was signed is the text that was sent; what will be sent is another.
        counted, label = 0, _("Signerte før rettelsen: %(n)s")
    named = ((_("Gjenstår: %(n)s"), waiting), (label, signed))
    return Page(
        heading=_heading(report, len(signed), is_stale=bool(uncorrected)),
        lead=_lead(report, waiting, now, is_stale=bool(uncorrected)),
        step=step,
        stages=stages(report, counted, is_asked=is_asked and not uncorrected, to_correct=len(uncorrected))
        if step
        else [],
        groups=[(label % {"n": len(group)}, group) for label, group in named if group],
        signed=_names(signed),
        can_ask=can_ask and not (step and step.url == ask_url(application)),
        is_asked=is_asked,
    )


def _heading(report: Report, signed: int, *, is_stale: bool) -> str:
    """The news: who will not sign, else how many have."""
    if is_stale:
        return _("Signaturene gjelder teksten før rettelsen")
    refusing = [row.partner.name for row in report.rows if row.refusal]
    if refusing and report.parts.application.is_editable:
        return _("%(names)s vil ikke signere") % {"names": get_text_list(refusing, _("og"))}
    return completeness.signed_words(signed, len(report.rows))


def stages(report: Report, signed: int, *, is_asked: bool, to_correct: int = 0) -> list[ProcessStep]:
    """The way from the text to the sending. The first that is not done is where the application is."""
    application, count = report.parts.application, len(report.rows)
    whole = _("Alle deler er ferdige") if not report.to_write else _("Gjør alle deler ferdige")
    if to_correct:
        whole = ngettext("Rett én del", "Rett %(n)s deler", to_correct) % {"n": in_words(to_correct).lower()}
    send = twin_of(twin_lazy("Send søknaden"), application.noun_context)
    if application.open_correction:
        send = _("Send rettelsen")
    words = {"signed": signed, "count": count}
    steps = (
        (whole, not (report.to_write or to_correct), None),
        (_("Be om signaturer"), is_asked or signed == count, application.signing_asked_at),
        (_("Alle signerer: %(signed)s av %(count)s") % words, signed == count, None),
        (send, False, last_day(completeness.due_at(application))),
    )
    current = next(index for index, (_label, is_done, _when) in enumerate(steps) if not is_done)
    return [
        ProcessStep(label, "done" if is_done else "current" if index == current else "later", when)
        for index, (label, is_done, when) in enumerate(steps)
    ]


def _told(line: Line, mailed: Mapping[str, datetime], *, is_stale: bool) -> Line:
    """The line with its state and what stands under it. A signature has its date in it, and falls when it is stale."""
    state, tone = state_of(line.row)
    tone = "info" if is_stale and line.row.is_signed else tone
    if line.row.signature:
        at = datetime_no(line.row.signature.signed_at)
        return replace(line, state=_("Signert %(at)s") % {"at": at}, tone=tone, note=_how(line))
    sent = [mailed[person.user.email] for person in line.row.signatories if person.user.email in mailed]
    if not sent or not line.row.is_missing:
        return replace(line, state=state, tone=tone)
    note = _("E-post om å signere: %(at)s") % {"at": datetime_no(max(sent))}
    return replace(line, state=state if line.row.outdated else _("Venter på signatur"), tone="warning", note=note)


def _how(line: Line) -> str:
    """How the partner signed. The agreement's date is said when it is not the day of the signing."""
    signature = line.row.signature
    if signature is None:
        return ""
    parts = [f"{signature.get_method_display()}."]
    if signature.agreement_date != local_date(signature.signed_at):
        parts.append(_("Avtalens dato: %(date)s.") % {"date": date_no(signature.agreement_date)})
    if line.is_signed_on_paper:
        parts.append(_("Lastet opp av %(name)s.") % {"name": signature.signed_by})
    return " ".join(parts)


def _names(lines: Iterable[Line]) -> str:
    return get_text_list([line.row.partner.name for line in lines], _("og"))


def _lead(report: Report, waiting: list[Line], now: datetime, *, is_stale: bool) -> str:
    application = report.parts.application
    if passed := late(application, now):
        return f"{passed.heading}."
    if is_stale or not application.is_editable:
        return ""
    if not waiting:
        return (
            next_step.can_be_sent(application)
            if report.is_complete
            else _("Resten må være på plass før dere kan sende.")
        )
    then = twin_of(twin_lazy("Når alle har signert, kan dere sende søknaden."), application.noun_context)
    if application.open_correction:
        then = _("Når alle har signert, kan dere sende rettelsen.")
    if len(waiting) > NAMED:
        return then
    left = _("%(names)s gjenstår.") % {"names": _names(waiting)}
    if any(line.row.refusal for line in waiting):
        # Who is left stands in the heading.
        left = completeness.signed_words(len(report.rows) - len(waiting), len(report.rows)) + "."
    return f"{left} {then}"


# --- the one next step -----------------------------------------------------------------------------


def _step(report: Report, waiting: list[Line], rights: Rights, *, is_asked: bool) -> NextStep | None:
    """What is unfinished, then one's signature, then the others', then the sending; None when nothing can be done.

    When the text is locked one's signature comes first: the writers have asked for it.
    """
    application = report.parts.application
    if not application.is_editable:
        return None
    if report.to_write and rights.can_edit and not rights.can_open:
        return _finish(application, len(report.to_write))
    if line := next((line for line in waiting if line.may_sign and line.row.is_missing), None):
        return next_step.sign_for(line.row.partner, report)
    return _of_writer(report, waiting, rights, is_asked=is_asked) if rights.can_edit else None


def _of_person(
    lines: list[Line], step: NextStep | None, application: Application, *, is_asked: bool
) -> NextStep | None:
    """The step of one who has signed or refused, and is done; else the same."""
    signed = [line.row.partner.name for line in lines if line.has_signed]
    if signed and step and is_asked and step.url in (ask_url(application), next_step.open_url(application)):
        step = next_step.done_signing(signed)
    refused = [line.row.partner.name for line in lines if line.has_refused]
    if refused and step and not any(line.may_sign and line.row.is_missing for line in lines):
        step = next_step.done_refusing(refused)
    return step


def _of_writer(report: Report, waiting: list[Line], rights: Rights, *, is_asked: bool) -> NextStep:
    """The step of one who writes and has nothing to sign, in a text that is finished or locked."""
    application = report.parts.application
    if report.to_write:
        return next_step.open_text(report)
    if any(line.row.is_missing for line in waiting):
        return _ask(application, waiting, is_asked=is_asked)
    if waiting:
        return _answer(application, waiting, rights)
    return NextStep(
        _("Kontroller svarene og send"),
        text=_("Alle partnerne har signert teksten."),
        url=reverse("applications:check", args=[application.code]),
        act=_("Kontroller og send"),
    )


def _finish(application: Application, count: int) -> NextStep:
    if application.signing_asked_at:
        text = ngettext(
            "Ett svar mangler. Vent gjerne med å signere til teksten er ferdig.",
            "%(n)s svar mangler. Vent gjerne med å signere til teksten er ferdig.",
            count,
        )
    else:
        text = ngettext(
            "Ett svar mangler. Partnerne kan signere når teksten er ferdig, eller når dere ber dem om det.",
            "%(n)s svar mangler. Partnerne kan signere når teksten er ferdig, eller når dere ber dem om det.",
            count,
        )
    url = reverse("applications:check", args=[application.code])
    return NextStep(
        _("Gjør teksten ferdig først"), text=text % {"n": in_words(count)}, url=url, act=_("Se hva som mangler")
    )


def ask_url(application: Application) -> str:
    """Where the writers ask those who have not signed."""
    return reverse("applications:signatures_remind", args=[application.code])


def _ask(application: Application, waiting: list[Line], *, is_asked: bool) -> NextStep:
    missing = [line for line in waiting if line.row.is_missing]
    url = ask_url(application)
    # What locks the text has a page that says so first; a reminder in a locked text only sends mail.
    is_post = application.signing_locked_at is not None
    if is_asked:
        title = ngettext("Påminn den som gjenstår", "Påminn de %(n)s som gjenstår", len(missing))
        text = _("De som kan signere, får e-post, høyst én om dagen. Oppgaven står på forsiden deres.")
        return NextStep(
            title % {"n": in_words(len(missing)).lower()}, text=text, url=url, act=_("Send påminnelse"), is_post=is_post
        )
    text = _("De som kan signere, får e-post, og oppgaven kommer på forsiden deres. Teksten låses.")
    return NextStep(_("Be partnerne om å signere"), text=text, url=url, act=_("Be om signaturer"), is_post=is_post)


def _are_told(waiting: list[Line], today: set[str]) -> bool:
    """Whether everybody who may sign for those who are left got the mail today; there is at most one a day."""
    able = {person.user.email for line in waiting if line.row.is_missing for person in line.row.signatories}
    return bool(able) and able <= today


def _wait(waiting: list[Line]) -> NextStep:
    """All are asked, and nobody is reminded before tomorrow."""
    missing = [line for line in waiting if line.row.is_missing]
    title = ngettext("%(n)s skal signere", "%(n)s skal signere", len(missing)) % {"n": in_words(len(missing))}
    text = _("Alle fikk e-post i dag. I morgen kan dere sende en påminnelse.")
    if not all(line.row.signatories for line in missing):
        text = _("De som har bruker i portalen, fikk e-post i dag. I morgen kan dere sende en påminnelse.")
    return NextStep(title, text=text)


def _answer(application: Application, waiting: list[Line], rights: Rights) -> NextStep:
    """Only those who said no are left: the text must be another before they can take a stand again."""
    title = _("Svar på at %(names)s sier nei") % {"names": _names(waiting)}
    text = _("Les begrunnelsen under. Når teksten er endret, kan de ta stilling på nytt.")
    if rights.can_open:
        return NextStep(
            title,
            text=text,
            url=next_step.open_url(application),
            act=_("Åpne teksten"),
        )
    change = twin_of(twin_lazy("Endre søknaden"), application.noun_context)
    return NextStep(title, text=text, url=application.get_absolute_url(), act=change)


@dataclass(frozen=True, slots=True)
class Asking:
    """What the page says before the partners are asked: the question, and what the press does."""

    title: str
    points: list[str]


def asking(report: Report, able: Iterable[Affiliation]) -> Asking:
    """Who gets mail, that the text is locked, and what is missing in it; ``able`` may sign for those who are left."""
    application = report.parts.application
    people = {item.user_id: f"{item.user} ({item.organisation.name})" for item in able}
    points = [_("Ingen får e-post: de som kan signere, har ikke bruker i portalen.")]
    if people:
        points = [_mail_to(list(people.values()))]
    points.append(_("Teksten låses for alle til noen åpner den igjen."))
    if not report.to_write:
        return Asking(_("Be partnerne om å signere?"), points)
    count = len(report.to_write)
    lacking = ngettext("Ett svar mangler.", "%(n)s svar mangler.", count) % {"n": in_words(count)}
    void = _("Når dere fyller ut resten, må de som har signert, signere på nytt.")
    link, url = _("Se hva som mangler"), reverse("applications:check", args=[application.code])
    points.append(format_html('{} {} <a class="ds-link" href="{}">{}</a>', lacking, void, url, link))
    title = twin_lazy("Søknaden er ikke ferdig. Be om signaturer likevel?")
    return Asking(twin_of(title, application.noun_context), points)


def _mail_to(names: list[str]) -> str:
    """Who gets mail: many stand below each other."""
    if len(names) <= NAMED:
        return _("E-post går til %(names)s.") % {"names": get_text_list(names, _("og"))}
    below = format_html_join("", "<li>{}</li>", ((name,) for name in names))
    return format_html('{}<ul class="ds-list">{}</ul>', _("E-post går til:"), below)


def agreements(report: Report) -> list[Attachment]:
    """The attached agreements, which belong to what all sign."""
    return [item for item in report.parts.attachments if item.kind == completeness.AGREEMENT]


# --- the page on which one signs -------------------------------------------------------------------


def lacking(report: Report) -> str:
    """What one who signs an unfinished text must know: how much is missing, and that one signs again after it."""
    if not (count := len(report.to_write)):
        return ""
    first = twin_of(twin_lazy("Søknaden er ikke ferdig."), report.parts.application.noun_context)
    text = ngettext(
        "Ett svar mangler. Når det fylles ut, må du signere på nytt.",
        "%(n)s svar mangler. Når de fylles ut, må du signere på nytt.",
        count,
    )
    return f"{first} {text % {'n': in_words(count)}}"


def to_read(report: Report, partner: Partner, user_id: int | None) -> dict[str, Any]:
    """The parts that are open from the start: those changed since the partner signed, with a sentence of it."""
    if since := corrected_since(report, partner):
        return {
            "opened": [section.code for section in since[1]],
            "corrected": says_corrected(since, partner, user_id),
        }
    return {"opened": opened(report), "corrected": ""}


def opened(report: Report) -> list[str]:
    """The part that is open from the start: the first that has a text which all must write."""
    sections = report.parts.spec.sections
    return [part.code for part in sections if any(_is_read_first(item) for item in part.questions)][:1]


def _is_read_first(question: Question) -> bool:
    return question.type == "long_text" and question.is_required


def shortened(view: Shown, report: Report) -> Shown:
    """The view without the optional questions that nobody has answered."""
    questions = [item for section in report.parts.spec.sections for item in section.questions]
    return submissions.without_empty(view, {item.code for item in questions if item.answer == "optional"})


def corrected_since(report: Report, partner: Partner) -> tuple[Signature, list[Section]] | None:
    """The signature that the partner gave before the correction, and the parts that are changed since; else None.

    One query, when the partner signed before the correction that is open.
    """
    request = report.parts.application.open_correction
    given = next((row.outdated for row in report.rows if row.partner.pk == partner.pk), None)
    if request is None or given is None or given.signed_at > request.requested_at:
        return None
    sent = queries.submissions_of(report.parts.application).newest()
    same = submissions.same_sections(sent.snapshot, report.text) if sent else set()
    changed = [section for section in report.parts.spec.sections if section.code not in same]
    return (given, changed) if changed else None


def says_corrected(since: tuple[Signature, list[Section]], partner: Partner, user_id: int | None) -> str:
    """«Endret siden du signerte 22.11.2026: …»; of another's signature, for which partner it was given."""
    given, changed = since
    text = _("Endret siden %(name)s signerte %(date)s: %(parts)s.")
    if given.signed_by_id == user_id:
        text = _("Endret siden du signerte %(date)s: %(parts)s.")
    parts = get_text_list([quoted(section.title) for section in changed], _("og"))
    return text % {"name": partner.name, "date": date_no(given.signed_at), "parts": parts}


def facts(view: Shown, report: Report, partner: Partner) -> list[tuple[str, str]]:
    """What one signs, at a glance: the facts of the text, and what the partner pays by the budget."""
    told = [(fact.label, str(fact.value)) for fact in view.facts]
    if not report.parts.budget_lines:
        return told
    paid = [line for line in report.parts.budget_lines if line.payer_id == partner.pk and line.is_whole]
    amount, in_kind = (
        kroner(sum(line.amount or 0 for line in lines))
        for lines in (paid, [line for line in paid if line.form == ContributionForm.IN_KIND])
    )
    text = (
        _("%(amount)s i arbeidstid og annet")
        if amount == in_kind
        else _("%(amount)s, av dette %(in_kind)s i arbeidstid og annet")
    )
    has_work = any(line.form == ContributionForm.IN_KIND for line in paid)
    value = text % {"amount": amount, "in_kind": in_kind} if has_work else amount
    return [*told, (_("%(name)s bidrar med") % {"name": partner.name}, value)]
