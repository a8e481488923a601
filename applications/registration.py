"""What the room tells the portal: menu, colours of statuses, sentences of the log, tasks on the home page."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications import queries, roster
from applications.models import Application
from applications.workflow import EDITABLE, Status
from portal import panels, ui
from portal.communities import menu
from portal.communities.queries import standing_at
from portal.journal import closing, sentences

TONES: dict[str, ui.Tone] = {
    Status.SUBMITTED: "info",
    Status.CORRECTION: "warning",
    Status.ADMITTED: "info",
    Status.PRIORITISED: "info",
    Status.FORWARDED: "info",
    Status.POSTPONED: "warning",
    Status.GRANTED: "success",
    Status.PARTLY_GRANTED: "success",
    Status.ACCEPTED: "success",
    Status.IN_OPERATION: "success",
    Status.EVALUATED: "success",
    Status.NOT_ADMITTED: "danger",
    Status.REJECTED: "danger",
}


def _signed(data: Mapping[str, Any]) -> str:
    return _("%(name)s signerte søknaden.") if data.get("name") else _("En partner signerte søknaden.")


def _declined(data: Mapping[str, Any]) -> str:
    return _("%(name)s takket nei til å signere.") if data.get("name") else _("En partner takket nei til å signere.")


# An entry from before the partner's name was kept has only its number.
SENTENCES = {
    "application.started": gettext_lazy("Utkastet ble opprettet."),
    "application.partner_added": gettext_lazy("En partner ble lagt til."),
    "application.partner_removed": gettext_lazy("En partner ble fjernet."),
    "application.lead_changed": gettext_lazy("Ansvarlig søker ble endret."),
    "application.attachment_added": gettext_lazy("Et vedlegg ble lastet opp."),
    "application.attachment_replaced": gettext_lazy("Filen i et vedlegg ble byttet ut."),
    "application.attachment_removed": gettext_lazy("Et vedlegg ble fjernet."),
    "application.submit": gettext_lazy("Søknaden ble sendt."),
    "application.resubmit": gettext_lazy("Rettelsen ble sendt."),
    "application.withdraw": gettext_lazy("Søknaden ble trukket."),
    "application.request_correction": gettext_lazy("Sekretariatet ba om retting."),
    "application.admit": gettext_lazy("Søknaden ble tatt til vurdering."),
    "application.refuse_admission": gettext_lazy("Søknaden ble avvist."),
    "application.close_unanswered": gettext_lazy("Søknaden ble avvist: rettelsen kom ikke innen fristen."),
    "application.prioritise": gettext_lazy("Søknaden ble prioritert."),
    "application.leave_out": gettext_lazy("Søknaden ble ikke prioritert."),
    "application.forward": gettext_lazy("Søknaden ble oversendt til neste trinn."),
    "application.grant": gettext_lazy("Søknaden ble innvilget."),
    "application.grant_in_part": gettext_lazy("Søknaden ble delvis innvilget."),
    "application.reject": gettext_lazy("Søknaden fikk avslag."),
    "application.postpone": gettext_lazy("Søknaden ble utsatt."),
    "application.announced": gettext_lazy("Vedtaket ble sendt til søkerne."),
    "application.accept": gettext_lazy("Tilskuddet ble akseptert."),
    "application.decline_award": gettext_lazy("Ansvarlig søker takket nei til tilskuddet."),
    "application.start_operation": gettext_lazy("Driftsstart ble meldt."),
    "application.evaluate": gettext_lazy("Evalueringen ble sendt."),
    "application.extended": gettext_lazy("Søknaden fikk utsatt frist."),
    "application.signed": _signed,
    "application.agreement_uploaded": gettext_lazy("Avtalen som en partner har signert på papir, ble lastet opp."),
    "application.signature_declined": _declined,
    "application.signature_voided": gettext_lazy("En signatur falt bort fordi teksten ble endret."),
    "application.signatures_asked_for": gettext_lazy("Partnerne som manglet, fikk påminnelse om å signere."),
}


def register() -> None:
    """Called once, when the apps are ready."""
    mine = gettext_lazy("Mine søknader")
    ui.register(ui.NavItem(mine, "applications:list", visible=menu.belongs_to_an_organisation, order=20))
    ui.register_tones(TONES)
    sentences.register(SENTENCES)
    closing.register_closed("applications", closed_cases)
    panels.register(panels.Panel("drafts", order=10, build=open_drafts, title=gettext_lazy("Søknader dere skriver")))
    panels.register(panels.Panel("signatures", order=20, build=waiting_signatures, title=gettext_lazy("Signaturer")))


def closed_cases(user_id: int | None) -> tuple[str, list[int]]:
    """The applications of which the person may not read the log either; one query."""
    return Application._meta.label_lower, list(Application.objects.closed_to(user_id).values_list("pk", flat=True))


def open_drafts(user: Any, now: datetime) -> list[panels.Task]:
    """Drafts and corrections that are still open, the nearest deadline first; one query, and one a correction."""
    tasks = [
        panels.Task(title=item.title, url=item.get_absolute_url(), hint=str(item.round), due_at=item.due_at)
        for item in queries.mine(user, now).filter(status__in=EDITABLE)
        if item.due_at > now
    ]
    return sorted(tasks, key=lambda task: task.due_at or now)


def waiting_signatures(user: Any, now: datetime) -> list[panels.Task]:
    """Applications that wait for this person's signature, the nearest deadline first; one query beside the standing."""
    place = standing_at(user, now)
    tasks = [
        panels.Task(
            title=_("Signer «%(title)s» for %(partner)s") % {"title": item.application.title, "partner": item.name},
            url=reverse("applications:sign", args=[item.application.code, item.pk]),
            due_at=item.application.due_at,
        )
        for item in roster.waiting_for(place.signs_for_ids)
        if item.application.due_at > now
    ]
    return sorted(tasks, key=lambda task: task.due_at or now)
