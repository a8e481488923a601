"""What a person does next in a project after the award: the box on top of its page."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from applications.models import Contact
from evaluation.decisions.models import Decision
from evaluation.followup.progress import Progress, Step
from portal.clock import end_of_day, local_date
from portal.formats import day_in_words
from portal.permissions import Verdict
from portal.twins import twin_lazy, twin_of
from portal.ui import NextStep


@dataclass(frozen=True, slots=True)
class Rights:
    """What the person may do in the project."""

    can_accept: Verdict
    can_start: Verdict
    can_report: Verdict | None
    can_put_up_case: Verdict | None
    can_remind: Verdict


@dataclass(frozen=True, slots=True)
class Call:
    """What the secretariat needs to get a late project going: whom to ring, and whether it was reminded today."""

    contact: Contact | None
    is_reminded: bool


def next_step(
    award: Decision, progress: Progress, rights: Rights, acceptors: Sequence[str], call: Call | None
) -> NextStep:
    """The one thing that the project waits for, as this person can do it or read who can.

    When it is late and waits for others, the secretariat reminds them; ``call`` is then given.
    """
    step = replace(_waited_for(award, progress, rights, acceptors), is_close=progress.is_late)
    if call is None or step.url:
        return step
    words = [step.text]
    if call.is_reminded:
        words.append(_("Prosjektet har fått en påminnelse i dag."))
    if call.contact:
        words.append(
            _("Du kan også ringe %(name)s på %(phone)s.") % {"name": call.contact.name, "phone": call.contact.phone}
        )
    step = replace(step, text=" ".join(words))
    if call.is_reminded:
        return step
    url = reverse("followup:remind", args=[award.application.code])
    return replace(step, act=_("Send en purring nå"), url=url, is_post=True)


def _waited_for(award: Decision, progress: Progress, rights: Rights, acceptors: Sequence[str]) -> NextStep:
    code, due_at = award.application.code, _moment(progress.due)
    if progress.step == Step.DECLINED:
        return _declined(award, progress.today)
    if progress.step == Step.LETTER:
        url = reverse("decisions:overview", args=[award.application.round.code])
        text = _("Søkerne vet ikke om tilskuddet før brevet er sendt.")
        return NextStep(_("Brevet er ikke sendt"), text=text, act=_("Til brevene"), url=url)
    if progress.step == Step.ANSWER:
        return _answer(code, rights.can_accept, acceptors, due_at, is_late=progress.is_late)
    if progress.step == Step.START:
        return _start(code, rights.can_start, due_at)
    if progress.step == Step.EVALUATION:
        return _evaluate(award, progress, rights.can_report, due_at)
    url = reverse("followup:evaluation", args=[code])
    if rights.can_put_up_case:
        text = _("Les den, og sett den opp som sak for utvalget.")
        return NextStep(_("Evalueringen er mottatt"), text=text, act=_("Les evalueringen"), url=url)
    return NextStep(_("Evalueringen er sendt"), text=progress.label + ".", act=_("Se evalueringen"), url=url)


def _moment(day: date | None) -> datetime | None:
    return end_of_day(day) if day else None


def _declined(award: Any, today: date) -> NextStep:
    declined = award.declined
    words = {"name": declined.declined_by.name, "day": day_in_words(local_date(declined.declined_at), today)}
    return NextStep(
        _("Tilskuddet er ikke tatt imot"), text=_("%(name)s takket nei %(day)s. Det er ikke mer å gjøre.") % words
    )


def _answer(
    code: str, can_accept: Verdict, acceptors: Sequence[str], due_at: datetime | None, *, is_late: bool
) -> NextStep:
    if can_accept:
        usual = _("Les tilskuddsbrevet og aksepter vilkårene. Deretter kan pengene betales ut.")
        return NextStep(
            _("Svar på tilskuddet"),
            text=_("Dere kan fortsatt svare, men gjør det nå.") if is_late else usual,
            act=_("Aksepter tilskuddet"),
            url=reverse("followup:accept", args=[code]),
            due_at=due_at,
        )
    if acceptors:
        able = _("Disse kan akseptere: %(names)s.") % {"names": ", ".join(acceptors)}
    else:
        able = _("Ingen er registrert med rett til å signere for ansvarlig søker. Be sekretariatet registrere en.")
    return NextStep(_("Venter på svar fra ansvarlig søker"), text=f"{can_accept.reason} {able}", due_at=due_at)


def _start(code: str, can_start: Verdict, due_at: datetime | None) -> NextStep:
    text = _("Fristen for evalueringen regnes fra den dagen driften startet.")
    if can_start:
        url = reverse("followup:start", args=[code])
        return NextStep(
            _("Meld fra når driften er i gang"), text=text, act=_("Meld driftsstart"), url=url, due_at=due_at
        )
    return NextStep(_("Venter på melding om driftsstart"), text=text, due_at=due_at)


def _evaluate(award: Decision, progress: Progress, can_report: Verdict | None, due_at: datetime | None) -> NextStep:
    if can_report:
        ready = twin_lazy("Nytten dere beskrev i søknaden, står klar i skjemaet.")
        return NextStep(
            _("Evalueringen skulle vært sendt") if progress.is_late else _("Neste steg: skriv evalueringen"),
            text=twin_of(ready, award.application.noun_context),
            act=_("Skriv evalueringen"),
            url=reverse("followup:evaluation", args=[award.application.code]),
            due_at=due_at,
        )
    return NextStep(_("Venter på evalueringen"), text=_("Partnerne skriver og sender den."), due_at=due_at)
