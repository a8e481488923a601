"""The check of an application as a list of questions; the data that were sent answer some of them. Plain data only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.utils.translation import gettext as _

from portal.formats import datetime_no, deadline_no, kroner
from portal.twins import twin_lazy, twin_of
from rounds.definition import Criterion, RoundDefinition, StagePart


class Part(Protocol):
    """An answer that was sent, as the page of the papers shows it."""

    @property
    def code(self) -> str:
        """The question's code."""

    @property
    def label(self) -> str:
        """The question."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was answered."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to check. ``answer`` is the answer of the data; None when a person must judge.

    ``see`` are the answers to read for it: each an anchor on the page of the papers and its words. ``is_answered`` says
    that the applicants have answered all that the point asks of them: what the portal can confirm of a person's point.
    """

    code: str
    label: str
    answer: bool | None = None
    note: str = ""
    see: tuple[tuple[str, str], ...] = ()
    is_answered: bool = False


@dataclass(frozen=True, slots=True)
class GateItem:
    """A gate with its criteria (``options``), and the criteria that the applicants say they meet (``claimed``)."""

    code: str
    title: str
    at_least: int
    options: tuple[tuple[str, str], ...]
    claimed: tuple[str, ...]


def items(
    spec: RoundDefinition,
    stage: StagePart,
    sent: Mapping[str, Any],
    *,
    submitted_at: datetime,
    closes_at: datetime,
    problems: Sequence[str] = (),
    parts: Sequence[Part] = (),
) -> list[Item]:
    """The questions of the stage: first those that the data answer, then those of the round file to the secretariat.

    The data answer whether the application is in time, complete and signed, and has its parties and its amount. These
    are asked in the first stage only. ``parts`` are the answers that were sent.
    """
    asked = [_asked(item, spec, parts) for item in spec.criteria_of(stage, "checklist")]
    if stage.code != spec.stages[0].code:
        return asked
    from_data = [
        Item(
            "in-time",
            twin_of(twin_lazy("Søknaden er sendt innen fristen"), spec.form.noun.context),
            submitted_at < closes_at,
            _("Sendt %(sent)s, frist %(due)s") % {"sent": datetime_no(submitted_at), "due": deadline_no(closes_at)},
        ),
        Item("complete", _("Alt som skal fylles ut, er fylt ut"), not problems, " ".join(problems)),
        _signed(spec, sent),
    ]
    from_data.extend(_parties(spec, sent))
    amount = sent.get("requested_amount")
    if spec.budget.requested_amount != "off":
        from_data.append(Item("amount", _("Søknadsbeløpet er oppgitt"), bool(amount), kroner(amount) if amount else ""))
    return from_data + asked


def _asked(criterion: Criterion, spec: RoundDefinition, parts: Sequence[Part]) -> Item:
    """A point for a person to judge, with the answers to read for it and how many of them there are."""
    read = [part for part in parts if part.code in criterion.questions]
    count = sum(not part.is_empty for part in read)
    required = {question.code for question in spec.questions if question.is_required}
    note = _("Søkerne har svart på %(n)s av %(total)s.") % {"n": count, "total": len(read)} if read else ""
    return Item(
        criterion.code,
        criterion.title,
        None,
        " ".join(filter(None, (criterion.text, note))),
        tuple((f"svar-{part.code}", part.label) for part in read if not part.is_empty),
        count > 0 and not any(part.is_empty and part.code in required for part in read),
    )


def _signed(spec: RoundDefinition, sent: Mapping[str, Any]) -> Item:
    wanted = [
        partner["name"]
        for partner in sent.get("partners", ())
        if partner["role"] == "lead" or (partner["role"] == "partner" and spec.applicants.signing != "lead")
    ]
    signed = {signature["partner"] for signature in sent.get("signatures", ())}
    missing = [name for name in wanted if name not in signed]
    count = {"n": len(wanted) - len(missing), "total": len(wanted)}
    note = _("%(n)s av %(total)s har signert.") % count
    if missing:
        note = f"{note} " + _("Mangler: %(names)s") % {"names": ", ".join(missing)}
    return Item("signed", _("Alle som skal signere, har signert"), not missing, note, _signatures())


def _signatures() -> tuple[tuple[str, str], ...]:
    """The table of the papers that has every party with its signature."""
    return (("signaturer", _("Signaturer")),)


def _parties(spec: RoundDefinition, sent: Mapping[str, Any]) -> list[Item]:
    rules = spec.applicants
    kinds = [partner["kind"] for partner in sent.get("partners", ()) if partner["role"] != "supporter"]
    party_items = []
    for kind, least, label in (
        ("municipality", rules.min_municipalities, _("Minst %(n)s kommune er med")),
        ("hospital_trust", rules.min_hospital_trusts, _("Minst %(n)s helseforetak er med")),
    ):
        if least:
            count = kinds.count(kind)
            said = _("%(n)s er med") % {"n": count}
            party_items.append(Item(kind, label % {"n": least}, count >= least, said, _signatures()))
    return party_items


def gates(spec: RoundDefinition, stage: StagePart, sent: Mapping[str, Any]) -> list[GateItem]:
    """The gates of the stage, with the criteria that the applicants say they meet."""
    answers = {
        question["code"]: question["value"] for section in sent.get("sections", ()) for question in section["questions"]
    }
    gate_items = []
    for gate in (spec.gate(code) for code in stage.gates):
        if gate:
            value = answers.get(gate.question) if gate.question else None
            claimed = value.get("values", ()) if isinstance(value, Mapping) else ()
            criteria = [spec.criterion(code) for code in gate.criteria]
            options = tuple((item.code, item.title) for item in criteria if item)
            gate_items.append(GateItem(gate.code, gate.title, gate.at_least, options, tuple(claimed)))
    return gate_items
