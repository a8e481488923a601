"""What a letter says, as plain data: built once, frozen, and the only thing that the PDF is made from.

The parts follow the order of a tilskuddsbrev (økonomibestemmelsene 6.3.3) and a plain avslagsbrev: the
conclusion first, then the reasons, then what happens next.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.models import Application, PartnerRole
from applications.queries import last_entry
from evaluation.assessment.queries.detail import points_given
from evaluation.decisions.models import Decision
from portal.clock import add_months
from portal.communities.models import HealthCommunity, Organisation, OrganisationKind
from portal.errors import DomainError
from portal.formats import date_no, grouped
from rounds.definition import RoundDefinition
from rounds.outcomes import LetterKind, Outcome

# A private recipient makes the decision an enkeltvedtak (forvaltningsloven § 2).
PRIVATE_KINDS = {OrganisationKind.GP_PRACTICE, OrganisationKind.USER_ORGANISATION, OrganisationKind.OTHER}

# The helsefellesskap, or the region, that has decided: that of the body, or of the secretariat when no body has met.
Decider = HealthCommunity | Organisation


class LetterError(DomainError):
    """The letter cannot be written as things stand."""


def build(decision: Decision, *, number: str, language: str, on: date) -> dict[str, Any]:
    """The whole letter, dated on this local day, as JSON data.

    Raises LetterError when a text that it needs is missing from the round.
    """
    application = decision.application
    spec: RoundDefinition = application.round.spec
    words = spec.letters.text(decision.outcome)
    if words is None:
        outcome = decision.get_outcome_display()
        raise LetterError(_("Runden mangler brevtekst for «%(outcome)s».") % {"outcome": outcome})
    acceptance_date = on + timedelta(days=spec.follow_up.acceptance_days)
    decider = decision.body.tenant if decision.body else _secretariat_of(application)
    sender = _sender(application, spec, decider)
    values = {**_values(decision, spec, on, acceptance_date, decider), "sender": sender["name"]}
    return {
        "number": number,
        "kind": decision.outcome,
        "is_initiative": spec.form.is_initiative,
        "language": language,
        "date": on.isoformat(),
        "date_text": date_no(on),
        "sender": sender,
        "recipient": _recipient(application),
        "copies": _copies(application),
        "our_reference": _our_reference(decision, language),
        "your_reference": application.receipt,
        "heading": spec.fill(words.heading, **values),
        "introduction": spec.fill(words.introduction, **values),
        "resolution": _resolution(decision),
        "reason": decision.reason,
        "assessment": _assessment(decision),
        "amounts": _amounts(decision),
        "sections": _sections(decision, spec, values, language),
        "conditions": _conditions(decision, spec, values),
        "complaint": _complaint(application, spec, values),
        "complaints_to": _complaints_to(application, spec, decider, sender),
        "closing": spec.fill(words.closing, **values),
        "signer": _signer(decision, spec, decider, language),
        "approved_note": spec.letters.approved_note,
        "acceptance_date": acceptance_date.isoformat() if decision.is_award else None,
    }


def _values(
    decision: Decision, spec: RoundDefinition, on: date, acceptance_date: date, decider: Decider
) -> dict[str, str]:
    application, resolution = decision.application, decision.resolution
    lead = _lead(application)
    return {
        "project": f"«{application.title}»",
        "applicant": lead.name if lead else "",
        "requested": grouped(application.requested_amount) if application.requested_amount is not None else "",
        "awarded": grouped(decision.amount) if decision.amount is not None else "",
        "body": decision.body.name if decision.body else decider.name,
        "community": application.community.name,
        "meeting_date": date_no(resolution.adopted_at) if resolution else "",
        "case_number": resolution.case.reference if resolution else "",
        "reason": decision.reason,
        "acceptance_date": date_no(acceptance_date),
        # The actual start is not known yet: the time until the evaluation is counted from the letter.
        "reporting_date": date_no(add_months(on, spec.follow_up.evaluation_months)),
    }


def _resolution(decision: Decision) -> str:
    """The words of the resolution; the only point of one has no number."""
    text = decision.resolution.text if decision.resolution else ""
    return text if any(line.startswith("2. ") for line in text.splitlines()) else text.removeprefix("1. ")


def _lead(application: Application) -> Any:
    partner = next((item for item in application.partners.all() if item.is_lead), None)
    return partner.organisation if partner else None


def _secretariat_of(application: Application) -> Decider:
    """Whose secretariat handles it in the stage that it came to last; one query."""
    entry = last_entry(application)
    of_region = entry.stage.body if entry and entry.community is None else None
    return of_region.tenant if of_region else application.community


def _is_local(application: Application, decider: Decider) -> bool:
    """Whether a helsefellesskap has decided before it came to the owner of the round."""
    return isinstance(decider, HealthCommunity) and application.round.owner_community_id != decider.pk


def _sender(application: Application, spec: RoundDefinition, decider: Decider) -> dict[str, str]:
    """The letterhead: the owner of the round, or the helsefellesskap that decided, with its address in the round."""
    if isinstance(decider, HealthCommunity) and _is_local(application, decider):
        receiving = spec.community(decider.code)
        at = receiving.receiver.role if receiving else decider.post_receiver
        email = application.round.receiver_for(decider).address
        return {"name": decider.name, **({"address": at} if at else {}), "email": email}
    identity = spec.call.identity
    return identity.letterhead if identity else {"name": spec.decision.sent_by}


def _signer(decision: Decision, spec: RoundDefinition, decider: Decider, language: str) -> str:
    """Who has decided: the body in the words of the round, a local one by its name, or else the secretariat."""
    if decision.body:
        is_local = _is_local(decision.application, decider)
        return decision.body.name if is_local else spec.decision.decided_by
    with translation.override(language):
        return _("Sekretariatet for %(name)s") % {"name": decider.name}


def _recipient(application: Application) -> dict[str, str]:
    lead = _lead(application)
    if lead is None:
        words = {"title": application.title}
        raise LetterError(_("«%(title)s» har ingen ansvarlig part å sende brev til.") % words)
    return {"name": lead.name, "orgnr": lead.orgnr or ""}


def _copies(application: Application) -> list[str]:
    names = [partner.name for partner in application.partners.all() if partner.role == PartnerRole.PARTNER]
    if application.owner_body:
        names.append(application.owner_body.name)
    return names


def _our_reference(decision: Decision, language: str) -> str:
    if decision.resolution is None:
        return decision.application.code
    with translation.override(language):
        return _("Sak %(case)s") % {"case": decision.resolution.case.reference}


def _amounts(decision: Decision) -> dict[str, Any] | None:
    """What was asked for and granted, and the years of the budget: no body has divided the amount between them."""
    if not decision.is_award:
        return None
    return {
        "requested": decision.application.requested_amount,
        "granted": decision.amount,
        "years": sorted(int(year) for year in decision.amounts_by_year),
    }


def _assessment(decision: Decision) -> dict[str, Any] | None:
    """A refusal tells the points of each criterion, as the assessors gave them on the average; None when nobody did."""
    if Outcome(decision.outcome).means.letter != LetterKind.REFUSAL:
        return None
    points = points_given(decision.application)
    return {"criteria": points} if points else None


def _sections(decision: Decision, spec: RoundDefinition, values: dict[str, str], language: str) -> list[dict[str, str]]:
    """The round's own paragraphs in the order of the letter, under headings in its language; empty ones left out."""
    letters, kind = spec.letters, Outcome(decision.outcome).means.letter
    award, refusal = kind == LetterKind.AWARD, kind == LetterKind.REFUSAL
    plan = (
        (gettext_lazy("Formål"), letters.purpose, award),
        (gettext_lazy("Utbetaling"), letters.payment, award),
        (gettext_lazy("Rapportering"), letters.reporting, award),
        (gettext_lazy("Kontroll og innsyn"), letters.control, award),
        (gettext_lazy("Ubrukte midler og tilbakebetaling"), letters.repayment, award),
        (gettext_lazy("Offentlighet og synliggjøring"), letters.publicity, award),
        (gettext_lazy("Slik svarer dere"), letters.acceptance, award),
        (gettext_lazy("Neste søknadsrunde"), letters.next_round, refusal),
    )
    with translation.override(language):
        return [
            {"heading": str(heading), "text": spec.fill(text, **values)}
            for heading, text, wanted in plan
            if wanted and text
        ]


def _conditions(decision: Decision, spec: RoundDefinition, values: dict[str, str]) -> list[str]:
    if not decision.is_award:
        return []
    conditions = [line.strip() for line in decision.conditions.splitlines() if line.strip()]
    return [spec.fill(text, **values) for text in spec.letters.conditions] + conditions


def _complaint(application: Application, spec: RoundDefinition, values: dict[str, str]) -> str:
    """The round's complaint text; a private recipient makes it an enkeltvedtak with the text for that."""
    complaint = spec.decision.complaint
    text = complaint.private_recipient_text if _is_private(application) else ""
    return spec.fill(text or complaint.text, **values)


def _complaints_to(application: Application, spec: RoundDefinition, decider: Decider, sender: dict[str, str]) -> str:
    """Who a complaint is sent to: who has decided. Empty when the recipient has no right to complain."""
    complaint = spec.decision.complaint
    may_complain = complaint.right != "none" or (_is_private(application) and complaint.private_recipient_text)
    if not may_complain:
        return ""
    return sender["name"] if _is_local(application, decider) else spec.decision.complaints_to


def _is_private(application: Application) -> bool:
    lead = _lead(application)
    return lead is not None and lead.kind in PRIVATE_KINDS


# --- several letters on one page --------------------------------------------------------------------------


def marked(contents: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Each letter's content, with what an earlier one of them says word for word marked with ``is_told``.

    The round's own paragraphs are the same in most letters; nobody reads them for the twentieth time.
    """
    told: set[tuple[str, str]] = set()
    for content in contents:
        paragraphs = [(section["heading"], section["text"]) for section in content["sections"]]
        complaint = ("", content["complaint"])
        yield {
            **content,
            "sections": [
                {"heading": heading, "text": text, "is_told": (heading, text) in told} for heading, text in paragraphs
            ],
            "is_complaint_told": complaint in told,
        }
        told |= {*paragraphs, complaint}
