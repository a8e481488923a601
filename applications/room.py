"""What the room tells the house; see ``portal.rooms``."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

import rounds.questions
from applications import home, permissions, queries, reminders, waiting
from applications.documents import SUBMISSION
from applications.workflow import Status
from portal.communities.menu import belongs_to_an_organisation
from portal.rooms import HomePart, MailSubject, NavItem, ReminderKind, Room, TaskList, Tone
from portal.twins import twin_lazy
from rounds.outcomes import Outcome

TONES: dict[str, Tone] = {
    Status.SUBMITTED: "accent",
    Status.CORRECTION: "warning",
    Status.ADMITTED: "info",
    Status.PRIORITISED: "info",
    Status.ACCEPTED: "success",
    Status.IN_OPERATION: "success",
    Status.EVALUATED: "success",
    **{outcome.means.status: outcome.means.tone for outcome in Outcome if outcome.means.told},
}


def _signed(data: Mapping[str, Any]) -> Any:
    return twin_lazy("%(name)s signerte søknaden.") if data.get("name") else twin_lazy("En partner signerte søknaden.")


def _declined(data: Mapping[str, Any]) -> str:
    return (
        gettext("%(name)s takket nei til å signere.")
        if data.get("name")
        else gettext("En partner takket nei til å signere.")
    )


def _added(data: Mapping[str, Any]) -> str:
    return gettext("%(name)s ble lagt til som partner.") if data.get("name") else gettext("En partner ble lagt til.")


def _removed(data: Mapping[str, Any]) -> str:
    return gettext("%(name)s er ikke lenger partner.") if data.get("name") else gettext("En partner ble fjernet.")


# An entry from before the partner's name was kept has only its number.
SENTENCES = {
    "application.started": _("Utkastet ble opprettet."),
    "application.partner_added": _added,
    "application.partner_removed": _removed,
    "application.partner_succeeded": _("En partner som er avsluttet, ble byttet med den som fører arbeidet videre."),
    "application.lead_changed": _("Ansvarlig søker ble endret."),
    "application.attachment_added": _("Et vedlegg ble lastet opp."),
    "application.attachment_replaced": _("Filen i et vedlegg ble byttet ut."),
    "application.attachment_removed": _("Et vedlegg ble fjernet."),
    "application.submit": twin_lazy("Søknaden ble sendt."),
    "application.resubmit": _("Rettelsen ble sendt."),
    "application.withdraw": twin_lazy("Søknaden ble trukket."),
    "application.cancel": twin_lazy("Søknaden ble avsluttet: utlysningen ble trukket."),
    "application.bring_back": _("Utkastet ble hentet tilbake."),
    "application.request_correction": _("Sekretariatet ba om retting."),
    "application.admit": twin_lazy("Søknaden ble tatt til vurdering."),
    "application.take_in": twin_lazy("Søknaden ble tatt til vurdering av dem som fikk den oversendt."),
    "application.refuse_admission": twin_lazy("Søknaden ble avvist."),
    "application.close_unanswered": twin_lazy("Søknaden ble avvist: rettelsen kom ikke innen fristen."),
    "application.check_again": twin_lazy("Kontrollen av søknaden gjøres om."),
    "application.check_again_later": twin_lazy("Kontrollen av søknaden gjøres om."),
    "application.correct_again": twin_lazy("Kontrollen gjøres om. Søknaden er ute til retting igjen."),
    "application.prioritise": twin_lazy("Søknaden ble prioritert."),
    "application.leave_out": twin_lazy("Søknaden ble ikke prioritert."),
    "application.forward": twin_lazy("Søknaden ble oversendt."),
    "application.unlock": twin_lazy("Søknaden kom tilbake til vurdering, fordi listen ble låst opp."),
    "application.unlock_later": twin_lazy("Søknaden kom tilbake til vurdering, fordi listen ble låst opp."),
    "application.call_back": twin_lazy("Oversendelsen av søknaden ble kalt tilbake."),
    **{
        f"application.{outcome.means.transition}": outcome.means.logged
        for outcome in Outcome
        if outcome.means.transition
    },
    "application.announced": _("Vedtaket ble sendt til søkerne."),
    "application.accept": _("Tilskuddet ble akseptert."),
    "application.decline_award": _("Ansvarlig søker takket nei til tilskuddet."),
    "application.start_operation": _("Driftsstart ble meldt."),
    "application.evaluate": _("Evalueringen ble sendt."),
    "application.extended": twin_lazy("Søknaden fikk utsatt frist."),
    "application.signed": _signed,
    "application.agreement_uploaded": _("Avtalen som en partner har signert på papir, ble lastet opp."),
    "application.signature_declined": _declined,
    "application.signature_voided": _("En signatur falt bort fordi teksten ble endret."),
    "application.text_opened": _("Teksten ble åpnet mens partnerne signerte."),
    "application.signatures_asked_for": _("Partnerne ble bedt om å signere."),
}

ROOM = Room(
    menu=(
        NavItem(
            _("Mine søknader"),
            "applications:list",
            visible=belongs_to_an_organisation,
            order=20,
            otherwise="assessment:rounds",
        ),
    ),
    tasks=(
        TaskList("signatures", order=10, build=waiting.signatures),
        TaskList("drafts", order=20, build=waiting.open_drafts),
    ),
    home=(
        HomePart(10, "applications/_home_projects.html", home.projects),
        HomePart(20, "applications/_home_news.html", home.news, beside=True),
    ),
    reminders=(
        ReminderKind("draft", _("Utkast som ikke er sendt"), reminders.drafts),
        ReminderKind("signature", _("Signatur som mangler"), reminders.signatures),
    ),
    documents=(SUBMISSION,),
    mail=(
        MailSubject(
            "applications.application",
            queries.looked_after,
            url=lambda application: reverse("applications:sent", args=[application.code]),
            may_redirect=True,
        ),
    ),
    tones=TONES,
    sentences=SENTENCES,
    closed=queries.closed_subjects,
    answers={rounds.questions.can_apply_in: permissions.can_apply_in},
)
