"""The content of an application as plain data: what is signed, frozen, and shown after sending.

``content`` is the text that a signature binds. It leaves out what does not change the meaning (a contact's phone, who
wrote when), and its words do not follow the reader's language. ``frozen`` adds the signatures and the sending.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from applications import budget, covering
from applications.budget_words import plain_lines
from applications.models import Application, Funding, Partner, Signature
from applications.queries import COST_SHIFT, Dossier, dossier
from portal import formats
from portal.communities.models import OrganisationKind, Side
from portal.language import in_bokmaal
from portal.snapshots import digest
from rounds.answering.printing import printed
from rounds.definition import Question, RoundDefinition

SIDES = {
    OrganisationKind.MUNICIPALITY: Side.MUNICIPALITY,
    OrganisationKind.HOSPITAL_TRUST: Side.HOSPITAL,
    OrganisationKind.REGIONAL_AUTHORITY: Side.HOSPITAL,
    OrganisationKind.USER_ORGANISATION: Side.USER,
    OrganisationKind.GP_PRACTICE: Side.GP,
}
# The round's column of the benefit table → the row's field and, where it has choices, the field with their codes.
BENEFIT_COLUMNS = {
    "benefit": ("benefit", "benefit_kinds"),
    "beneficiaries": ("beneficiaries_text", "beneficiaries"),
    "responsible": ("responsible", ""),
    "measure": ("measure", "measure_kinds"),
    "baseline": ("baseline", ""),
    "target": ("target", ""),
    "reporting": ("measurement", ""),
    "preconditions": ("preconditions", ""),
    "freed_resources": ("freed_resources", ""),
    "horizon": ("horizon_text", "horizon"),
}


def content(application: Application) -> dict[str, Any]:
    """What is signed, read from the rows now (the queries of ``queries.dossier``)."""
    return content_of(dossier(application))


def content_sha(application: Application) -> str:
    """The SHA-256 that a signature binds."""
    return digest(content(application))


@in_bokmaal
def content_of(parts: Dossier) -> dict[str, Any]:
    """What is signed, from rows already read; no query."""
    application, spec = parts.application, parts.spec
    return {
        "code": application.code,
        "round": {"code": spec.code, "title": spec.title, "year": spec.year},
        "community": application.community.name,
        "title": application.title,
        "language": application.language,
        "owner_body": application.owner_body.name if application.owner_body else "",
        "requested_amount": application.requested_amount,
        "partners": [_partner(partner) for partner in parts.partners],
        "sections": [_section(parts, section) for section in spec.sections],
        **benefit_part(spec, parts.benefits, parts.partners),
        "budget": _budget(parts),
        "attachments": [
            {
                "number": item.number,
                "kind": item.kind,
                "kind_label": kind.label if (kind := spec.attachments.kind(item.kind)) else item.kind,
                "title": item.title,
                "name": item.file.name,
                "size": item.file.size,
                "sha256": item.file.sha256,
            }
            for item in parts.attachments
        ],
        # Said only where it is so, since the text that partners have signed must stay the same text.
        **({} if spec.attachments.numbered else {"attachments_are_unnumbered": True}),
    }


def _partner(partner: Partner) -> dict[str, Any]:
    organisation = partner.organisation
    return {
        "name": partner.name,
        "organisation": partner.organisation_id,
        "orgnr": (organisation.orgnr or "") if organisation else "",
        "kind": str(partner.kind),
        "side": SIDES.get(OrganisationKind(partner.kind), Side.OTHER).value,
        "role": partner.role,
        "role_label": partner.get_role_display(),
        "contacts": [
            {"name": contact.name, "title": contact.title, "email": contact.email} for contact in partner.contacts.all()
        ],
    }


# --- answers ------------------------------------------------------------------------------------


def _section(parts: Dossier, section: Any) -> dict[str, Any]:
    return {
        "code": section.code,
        "title": section.title,
        "questions": [_question(parts, question) for question in section.questions],
    }


def _question(parts: Dossier, question: Question) -> dict[str, Any]:
    spec = parts.spec
    value = parts.value(question.code)
    if question.code == spec.form.title_question:
        value = parts.application.title
    shown = printed(spec, question, value)
    if question.type in ("parties", "contacts"):
        shown["text"] = "\n".join(_of_partners(question, parts.partners))
    if question.type == "attachments":
        shown["kinds"] = list(question.kinds)
    return shown


def _of_partners(question: Any, partners: Sequence[Partner]) -> Iterable[str]:
    for partner in partners:
        if partner.kind not in question.kinds:
            continue
        if question.type == "parties":
            yield partner.name
        else:
            for contact in partner.contacts.all():
                yield f"{', '.join(filter(None, (contact.name, contact.title)))} ({partner.name}), {contact.email}"


# --- the standard parts -------------------------------------------------------------------------


def benefit_part(spec: RoundDefinition, rows: Sequence[Any], partners: Sequence[Partner]) -> dict[str, Any]:
    """The benefit table: its title, its columns and its rows."""
    order = [row.key for row in rows]
    return {
        "benefits_title": spec.benefits.title,
        "benefit_columns": [
            {"code": column.code, "label": column.label, "band": column.band} for column in spec.benefits.columns
        ],
        "benefits": [_benefit(spec, row, partners, order) for row in rows],
    }


def benefit_words(spec: RoundDefinition) -> dict[str, Any]:
    """What the codes of the benefit table mean that its columns do not hold: effect parties and drivers (R57, R120).

    It is no part of what is signed, which must stay the same text.
    """
    drivers = spec.taxonomy(spec.benefits.drivers) if spec.benefits.drivers else None
    return {
        "effects": {party.code: party.label for party in spec.benefits.effect_parties},
        "drivers": {term.code: term.label for term in drivers.terms} if drivers else {},
    }


def _benefit(spec: RoundDefinition, row: Any, partners: Sequence[Partner], order: Sequence[str]) -> dict[str, Any]:
    names = {partner.pk: partner.name for partner in partners}
    return {
        "position": row.position,
        "applicant": names.get(row.applicant_id, ""),
        "benefit": row.benefit,
        "benefit_kinds": row.benefit_kinds,
        "beneficiaries_text": row.beneficiaries_text,
        "beneficiaries": row.beneficiaries,
        "responsible": row.responsible,
        "measure": row.measure,
        "measure_kinds": row.measure_kinds,
        "measurement": row.measurement,
        "preconditions": row.preconditions,
        "freed_resources": row.freed_resources,
        "horizon": row.horizon,
        "horizon_text": row.horizon_text,
        "unit": row.unit,
        "baseline": _number(row.baseline),
        "target": _number(row.target),
        "drivers": row.drivers,
        "effects": row.effects,
        "covers": covering.numbers_text(row.covers, order, covering.AND[spec.language]),
        "cells": {column.code: cell_text(spec, column.code, row) for column in spec.benefits.columns},
    }


def _number(value: Decimal | None) -> str | None:
    # 12 and 12.00 are one number: the text must not change when a row is read back from the database.
    return None if value is None else f"{Decimal(value).normalize():f}"


def cell_text(spec: RoundDefinition, column: str, row: Any) -> str:
    """A column's text as in the paper table: choices first, then words; in the first column the words first."""
    field, choices = BENEFIT_COLUMNS[column]
    value = getattr(row, field)
    if column in ("baseline", "target"):
        return f"{formats.number(value)} {row.unit}".strip() if value is not None else ""
    options = {
        "benefit": spec.benefits.types,
        "beneficiaries": spec.benefits.beneficiaries,
        "measure": spec.benefits.measures,
        "horizon": spec.benefits.horizons,
    }.get(column, ())
    picked = getattr(row, choices) if choices else []
    codes = [picked] if isinstance(picked, str) else picked
    labels = ", ".join(option.label for option in options if option.code in codes)
    # The paper table leads with the words in the first column, with the choice elsewhere.
    texts = (value, labels) if column == "benefit" else (labels, value)
    return "\n".join(filter(None, texts))


def _budget(parts: Dossier) -> dict[str, Any]:
    spec = parts.spec.budget
    labels = {cost.code: cost.label for cost in spec.cost_types}
    names = {partner.pk: partner.name for partner in parts.partners}
    grant = next((payer.label for payer in spec.payers if payer.kind == "grant"), "Tilskuddet")
    lines = [
        {
            "year": line.year,
            "cost_type": line.cost_type,
            "cost_type_label": labels.get(line.cost_type, line.cost_type),
            "description": line.description,
            "source": line.source,
            "payer": names.get(line.payer_id or 0, "") or (grant if line.source == Funding.GRANT else "Andre midler"),
            "form": line.form,
            "form_label": line.get_form_display(),
            "amount": line.amount,
        }
        for line in parts.budget_lines
    ]
    return {
        "years": list(spec.years),
        "cost_shift_label": spec.cost_shift_text if spec.cost_shift else "",
        "cost_shift": parts.value(COST_SHIFT),
        "lines": lines,
        "totals": _totals(parts, names),
    }


def _totals(parts: Dossier, names: dict[int, str]) -> dict[str, Any]:
    totals = budget.totals(plain_lines(parts.budget_lines), years=parts.spec.budget.years)
    return {
        **_sums(totals.all),
        "by_year": [{"year": year, **_sums(sums)} for year, sums in totals.by_year.items()],
        "by_payer": [
            {"payer": names.get(int(payer or 0), ""), **_sums(sums)} for payer, sums in totals.by_payer.items()
        ],
    }


def _sums(sums: budget.Sums) -> dict[str, int]:
    return {
        "grant": sums.grant,
        "own_cash": sums.own_cash,
        "own_in_kind": sums.own_in_kind,
        "other": sums.other,
        "total": sums.total,
    }


# --- what is sent -------------------------------------------------------------------------------


@in_bokmaal
def frozen(
    parts: Dossier,
    text: dict[str, Any],
    signatures: Iterable[Signature],
    *,
    receipt: str,
    version: int,
    by: Any,
    at: datetime,
) -> dict[str, Any]:
    """The snapshot of a submission: the content, the form's heading, the signatures and the sending."""
    return {
        **text,
        "header": _header(parts),
        "signatures": [_signature(signature) for signature in signatures],
        "sent": {"receipt": receipt, "version": version, "by": by.get_full_name(), "at": at.isoformat()},
    }


def _header(parts: Dossier) -> dict[str, Any]:
    """What stands around what is signed.

    The form's title, to whom it is sent and by when (R107), the region's footer (R105), and what the codes of the
    benefit table mean.
    """
    spec = parts.spec
    receiving = spec.community(parts.application.community.code)
    identity = spec.call.identity
    return {
        "form": spec.form.title,
        "scheme": spec.scheme.name,
        "community": receiving.name if receiving else parts.application.community.name,
        "receiver": f"{receiving.receiver.role}, {receiving.receiver.email}" if receiving else "",
        "copy": f"{receiving.copy_to.role}, {receiving.copy_to.email}" if receiving else "",
        "closes": formats.deadline_no(parts.application.closes_at),
        "sender": [identity.name, formats.orgnr(identity.organisation_number)] if identity else [],
        "benefit_words": benefit_words(spec),
    }


def _signature(signature: Signature) -> dict[str, Any]:
    uploaded = {"uploaded_by": signature.signed_by.get_full_name()} if signature.document else {}
    return {
        **uploaded,
        "partner": signature.partner.name,
        "name": signature.signatory_name,
        "title": signature.signatory_title,
        "method": signature.method,
        "method_label": signature.get_method_display(),
        "agreement_date": signature.agreement_date.isoformat(),
        "signed_at": signature.signed_at.isoformat(),
        "text_sha256": signature.text_sha256,
        "document": signature.document.sha256 if signature.document else "",
    }
