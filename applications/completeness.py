"""What is missing or inconsistent in an application, as sentences, each with the page where it is put right."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications import budget, budget_words, queries, roster, snapshot, submissions
from applications.models import Application, Partner
from applications.queries import COST_SHIFT, Dossier, dossier
from applications.roster import Row
from portal.communities.models import OrganisationKind
from portal.formats import NUMBER_WORDS, date_no, grouped, in_words
from portal.snapshots import digest
from rounds.answering import checks as answer_checks
from rounds.answering.answers import CELL_MOST, EXPLANATION_MOST, is_blank
from rounds.answering.checks import Dates
from rounds.definition import Question, RoundDefinition, Section

AGREEMENT = "agreement"
# So many partners are named in a line.
NAMED = 12


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to put right: the section and the question, a sentence, the page, and the place on the page."""

    section: str
    question: str
    sentence: str
    anchor: str = ""
    # section, partners, benefits, budget, attachments or signatures
    page: str = "section"
    # The partners' signatures settle it by themselves: no reason to wait with them.
    is_settled_by_signing: bool = False


@dataclass(frozen=True)
class Report:
    """All that «kontroller og send» needs to know, read once."""

    parts: Dossier
    rows: list[Row]
    problems: list[Problem]
    warnings: list[Problem]

    @cached_property
    def text(self) -> dict[str, Any]:
        """What is signed; the pages that only count what is missing do without it."""
        return snapshot.content_of(self.parts)

    @cached_property
    def text_sha256(self) -> str:
        """The SHA-256 that a signature binds."""
        return digest(self.text)

    @property
    def is_complete(self) -> bool:
        """Whether it can be sent."""
        return not self.problems

    @property
    def unwritten(self) -> list[Problem]:
        """The problems that should be put right before anybody signs."""
        return [item for item in self.problems if not item.is_settled_by_signing]

    @property
    def to_write(self) -> list[Problem]:
        """What somebody must still write or attach. What the signatures settle counts when no signature is missing."""
        return self.unwritten if self.unsigned else [item for item in self.problems if item.page != "signatures"]

    @property
    def may_be_signed(self) -> bool:
        """Whether the partners may sign: the text is finished, or the writers have asked for signatures as it is."""
        return not self.unwritten or self.parts.application.signing_asked_at is not None

    @property
    def unsigned(self) -> list[Row]:
        """The partners that are still to sign."""
        return [row for row in self.rows if not row.is_signed]


def missing(application: Application, *, at: datetime) -> list[Problem]:
    """What must be put right before the application can be sent, in the order of the form; at most eight queries."""
    return check(application, at=at).problems


def check(application: Application, *, at: datetime, deadline: datetime | None = None) -> Report:
    """Read the application and check all of it against the round's rules.

    Dates are compared with ``deadline`` (R108), by default the application's own.
    """
    parts = dossier(application)
    rows = roster.rows(
        roster.signers(parts.partners, parts.spec),
        text_sha256=digest(snapshot.content_of(parts)) if parts.has_signatures else "",
        signatures=queries.every_signature(application) if parts.has_signatures else [],
        refusals=queries.refusals_of(application) if parts.has_refusals else [],
    )
    dates = Dates.at(at, deadline or due_at(application), application.round.closes_for(application.community))
    problems = [*_of_form(parts, dates, rows), *_of_signatures(rows)]
    return Report(parts, rows, problems, list(_warnings(parts)))


def missing_words(report: Report) -> str:
    """What is missing, counted the same way on every page: «Ti svar og åtte signaturer»; empty when nothing is.

    When one of the two is too large for a word, both are figures.
    """
    answers, signatures = len(report.to_write), len(report.unsigned)
    said = in_words if max(answers, signatures) <= max(NUMBER_WORDS) else grouped
    parts = []
    if answers:
        parts.append(ngettext("Ett svar", "%(n)s svar", answers) % {"n": said(answers)})
    if signatures:
        parts.append(ngettext("Én signatur", "%(n)s signaturer", signatures) % {"n": said(signatures)})
    first, *more = parts or [""]
    return str(get_text_list([first, *(words.lower() for words in more)], _("og")))


def signed_words(signed: int, count: int) -> str:
    """How far the signing has come, the same way on every page: «Fem av åtte har signert», «Alle åtte har signert»."""
    if not signed:
        return _("Ingen har signert ennå")
    if signed == count:
        few = {1: _("Alle har signert"), 2: _("Begge har signert")}
        return few.get(count, _("Alle %(count)s har signert") % {"count": in_words(count).lower()})
    text = ngettext("Én av %(count)s har signert", "%(signed)s av %(count)s har signert", signed)
    return text % {"signed": in_words(signed), "count": in_words(count).lower()}


def unsigned_words(report: Report) -> str:
    """The partners that are still to sign, by name while they are few; else how many they are."""
    names = [row.partner.name for row in report.unsigned]
    return ", ".join(names) if len(names) <= NAMED else _("%(n)s partnere") % {"n": len(names)}


def due_at(application: Application) -> datetime:
    """When it must be sent: the date of the correction request, or the deadline."""
    request = application.open_correction
    due: datetime = request.due_at if request else application.closes_at
    return due


def uncorrected(report: Report) -> list[Section]:
    """The sections that a correction request names and nobody has changed since the sending; one query in a correction.

    They do not stop the sending: that nothing need be changed is an answer, too.
    """
    application = report.parts.application
    sent = queries.submissions_of(application).newest() if application.open_correction else None
    if sent is None:
        return []
    same = submissions.same_sections(sent.snapshot, report.text)
    asked = same & set(application.open_correction.sections)
    return [section for section in report.parts.spec.sections if section.code in asked]


# --- the form, question by question ---------------------------------------------------------------


def _of_form(parts: Dossier, dates: Dates, rows: Sequence[Row]) -> Iterator[Problem]:
    request = parts.application.open_correction
    for section in parts.spec.sections:
        is_locked = request is not None and section.code not in request.sections
        for question in section.questions:
            for page, text in _of_question(parts, question, dates):
                # What a correction leaves locked was in order when it was sent, and nobody can write there.
                if is_locked and page == "section":
                    continue
                yield Problem(section.code, question.code, text, f"id_{question.code}", page)
            if question.type == "attachments":
                yield from _agreement(parts, section, question, rows)
        if section.has("parties"):
            yield from _last_of(parts, section.code, dates)


def _of_question(parts: Dossier, question: Question, dates: Dates) -> Iterator[tuple[str, str]]:
    """The page and the sentence of each problem with the question."""
    checks = {
        "parties": ("partners", _parties),
        "contacts": ("partners", _contacts),
        "benefits": ("benefits", _benefits),
        "budget": ("budget", _budget),
    }
    if question.type in checks:
        page, sentences = checks[question.type]
        yield from ((page, text) for text in sentences(parts, question))
    elif question.type == "attachments":
        yield from (("attachments", text) for text in _attachments(parts, question))
    else:
        value = parts.value(question.code)
        if question.code == parts.spec.form.title_question:
            value = value or parts.application.title
        if question.type == "owners" and is_blank(value) and parts.application.owner_body_id:
            return
        if question.type == "owners":
            yield from (("section", text) for text in _ended_owner(parts))
        refusals = list(answer_checks.gate_sentences(parts.spec, question, value))
        # The round's words about a gate say more than that the answer is missing.
        for text in refusals or answer_checks.sentences(parts.spec, question, value, dates):
            yield "section", text


def _parties(parts: Dossier, question: Any) -> Iterator[str]:
    count = sum(partner.kind in question.kinds for partner in parts.partners)
    least = max(question.least, 1) if question.is_required else 0
    if count < least:
        label = parts.spec.fill(question.label)
        lacking = ngettext("Legg til én til under «%(label)s».", "Legg til %(n)s til under «%(label)s».", least - count)
        first = ngettext("Legg til minst én under «%(label)s».", "Legg til minst %(n)s under «%(label)s».", least)
        n = in_words(least - count if count else least).lower()
        yield (lacking if count else first) % {"label": label, "n": n}


def _contacts(parts: Dossier, question: Any) -> Iterator[str]:
    partners = [partner for partner in parts.partners if partner.kind in question.kinds]
    count = sum(len(partner.contacts.all()) for partner in partners)
    label = parts.spec.fill(question.label)
    if question.is_required and partners and count < max(question.least, 1):
        yield _("Legg til minst én kontaktperson under «%(label)s».") % {"label": label}
    for partner in partners:
        if any(not contact.name.strip() for contact in partner.contacts.all()):
            words = {"label": label, "partner": partner.name}
            yield _("Skriv navnet på kontaktpersonen for %(partner)s under «%(label)s».") % words


def _last_of(parts: Dossier, section: str, dates: Dates) -> Iterator[Problem]:
    """The round's rules for the partners, once, after the last section that asks for partners."""
    last = [item.code for item in parts.spec.sections if item.has("parties")][-1]
    if section == last:
        yield from (Problem(section, "", text, "partnere", "partners") for text in _partnership(parts))
        yield from (Problem(section, "", text, "partnere", "partners") for text in _ended_partners(parts, dates))


def _partnership(parts: Dossier) -> Iterator[str]:
    rules = parts.spec.applicants
    signing = [partner for partner in parts.partners if partner.must_sign]
    counts = {
        kind: sum(partner.kind == kind for partner in signing)
        for kind in (OrganisationKind.MUNICIPALITY, OrganisationKind.HOSPITAL_TRUST)
    }
    municipalities, trusts = counts[OrganisationKind.MUNICIPALITY], counts[OrganisationKind.HOSPITAL_TRUST]
    if municipalities < rules.min_municipalities:
        words = {"least": rules.min_municipalities, "count": municipalities}
        text = ngettext(
            "Dere må ha med minst én kommune.",
            "Dere må ha med minst %(least)s kommuner. Dere har %(count)s.",
            rules.min_municipalities,
        )
        yield text % words
    if trusts < rules.min_hospital_trusts:
        words = {"least": rules.min_hospital_trusts, "count": trusts}
        text = ngettext(
            "Dere må ha med minst ett helseforetak.",
            "Dere må ha med minst %(least)s helseforetak. Dere har %(count)s.",
            rules.min_hospital_trusts,
        )
        yield text % words
    is_told = municipalities < rules.min_municipalities or trusts < rules.min_hospital_trusts
    if rules.joint == "required" and not is_told and not (municipalities and trusts):
        yield _("Runden krever en felles søknad. Både en kommune og et helseforetak må være søker eller partner.")
    lead = next((partner for partner in signing if partner.is_lead), None)
    if lead is None:
        yield _("Velg hvilken organisasjon som er ansvarlig søker og mottar pengene.")
    elif rules.lead_is_legal_entity and not (lead.organisation and lead.organisation.is_legal_entity):
        yield _("%(name)s kan ikke være ansvarlig søker uten organisasjonsnummer.") % {"name": lead.name}
    if rules.shared_contact == "refused":
        yield from (_shared(name) for name in shared_contacts(parts.partners))


def _ended_partners(parts: Dossier, dates: Dates) -> Iterator[str]:
    for partner in parts.partners:
        if partner.must_sign and partner.organisation and partner.organisation.has_ended(dates.today):
            words = {"name": partner.name, "day": date_no(partner.organisation.last_day)}
            yield _("%(name)s er avsluttet %(day)s. Sett inn den som fører arbeidet videre, eller fjern den.") % words


def _ended_owner(parts: Dossier) -> Iterator[str]:
    body = parts.application.owner_body
    if body and body.last_day:
        words = {"name": body.name, "day": date_no(body.last_day)}
        yield _("%(name)s er avsluttet %(day)s. Velg en annen prosjekteier.") % words


def shared_contacts(partners: Iterable[Partner]) -> list[str]:
    """The names of those who are contacts both of a municipality and of a hospital trust, by e-mail (R72)."""
    sides: dict[str, set[str]] = {}
    names: dict[str, str] = {}
    for partner in partners:
        for contact in partner.contacts.all():
            names.setdefault(contact.email.lower(), contact.name)
            sides.setdefault(contact.email.lower(), set()).add(partner.kind)
    both = {OrganisationKind.MUNICIPALITY, OrganisationKind.HOSPITAL_TRUST}
    return [names[email] for email, kinds in sides.items() if email and both <= kinds]


def _shared(name: str) -> str:
    return _("%(name)s er kontaktperson både for kommune og helseforetak.") % {"name": name}


# --- the standard parts ----------------------------------------------------------------------------


def _benefits(parts: Dossier, question: Any) -> Iterator[str]:
    rules = parts.spec.benefits
    first_band = [row for row in parts.benefits if row.benefit.strip()]
    if rules.setting == "required" and len(first_band) < rules.min_rows:
        words = {"least": rules.min_rows, "title": rules.title, "count": len(first_band)}
        yield (
            ngettext(
                "«%(title)s» må ha minst %(least)s rad. Dere har %(count)s.",
                "«%(title)s» må ha minst %(least)s rader. Dere har %(count)s.",
                rules.min_rows,
            )
            % words
        )
    yield from _long_benefits(parts)
    yield from _nameless_benefits(parts)
    for column in rules.columns:
        if not column.required or not first_band:
            continue
        empty = [row for row in first_band if lacks(row, column)]
        label = {"label": column.label, "title": rules.title}
        if column.band == 1:
            for row in empty:
                number = parts.benefits.index(row) + 1
                yield _("Fyll ut «%(label)s» i rad %(row)s i «%(title)s».") % {**label, "row": number}
        # The second band may cover several rows (R118): once in the table is enough.
        elif not any(has_cell(row, column) for row in parts.benefits):
            yield _("Fyll ut «%(label)s» for minst én rad i «%(title)s».") % label


def _nameless_benefits(parts: Dossier) -> Iterator[str]:
    """Rows of the first band with everything but the benefit itself."""
    columns = [column for column in parts.spec.benefits.columns if column.band == 1]
    label = next((column.label for column in columns if column.code == "benefit"), None)
    if label is None:
        return
    for number, row in enumerate(parts.benefits, start=1):
        if is_nameless(row, columns):
            words = {"row": number, "title": parts.spec.benefits.title, "label": label}
            yield _("Rad %(row)s i «%(title)s» mangler «%(label)s». Fyll ut, eller fjern raden.") % words


def _long_benefits(parts: Dossier) -> Iterator[str]:
    for number, row in enumerate(parts.benefits, start=1):
        for label, text in benefit_texts(parts.spec, row):
            if problem := answer_checks.too_long(label, text, CELL_MOST):
                words = {"problem": problem, "row": number, "title": parts.spec.benefits.title}
                yield _("%(problem)s Rad %(row)s i «%(title)s».") % words


def benefit_texts(spec: RoundDefinition, row: Any) -> Iterator[tuple[str, str]]:
    """The texts of a row of the benefit table, each with its column's label."""
    for column in spec.benefits.columns:
        value = getattr(row, snapshot.BENEFIT_COLUMNS[column.code][0])
        if isinstance(value, str):
            yield column.label, value
    for party in spec.benefits.effect_parties:
        yield party.label, str(row.effects.get(party.code) or "")


def benefit_lacks(spec: RoundDefinition, row: Any) -> list[str]:
    """The columns that a row of the benefit table must have filled in by itself, and has not; by their labels."""
    columns = [column for column in spec.benefits.columns if column.band == 1]
    if is_nameless(row, columns):
        return [column.label for column in columns if column.code == "benefit"]
    return [column.label for column in columns if lacks(row, column)]


def benefit_too_long(spec: RoundDefinition, row: Any) -> list[str]:
    """The labels of the texts of a row of the benefit table that are too long to be sent."""
    return [label for label, text in benefit_texts(spec, row) if answer_checks.too_long(label, text, CELL_MOST)]


def lacks(row: Any, column: Any) -> bool:
    """Whether a row that names its benefit has not filled in this column of the first band."""
    return bool(column.required and row.benefit.strip()) and not has_cell(row, column)


def is_nameless(row: Any, columns: Iterable[Any]) -> bool:
    """Whether the row has something in these columns but no benefit."""
    return not row.benefit.strip() and any(has_cell(row, column) for column in columns)


def has_cell(row: Any, column: Any) -> bool:
    """Whether the row has something in the column."""
    return choices_or_text(row, *snapshot.BENEFIT_COLUMNS[column.code])


def choices_or_text(row: Any, field: str, choices: str) -> bool:
    """Whether a cell of the benefit table holds a choice or a text."""
    value = getattr(row, field)
    has_text = bool(value.strip()) if isinstance(value, str) else value is not None
    return has_text or bool(choices and getattr(row, choices))


def _budget_sentences(parts: Dossier) -> tuple[list[str], list[str]]:
    rules = budget.Rules.of(parts.spec)
    return budget_words.sentences(parts.budget_lines, rules, parts.application.requested_amount)


def _budget(parts: Dossier, question: Any) -> Iterator[str]:
    if parts.spec.budget.setting == "off":
        return
    hindrances, _warned = _budget_sentences(parts)
    yield from hindrances
    shift = parts.value(COST_SHIFT) or {}
    if problem := answer_checks.too_long(shift_label(), str(shift.get("text") or ""), EXPLANATION_MOST):
        yield problem
    if parts.spec.budget.cost_shift and shift.get("value") and not str(shift.get("text") or "").strip():
        yield _("Beskriv hvem som får økte kostnader, og hvem som får innsparinger.")


def shift_label() -> str:
    """The question after a yes to the question of the cost shift."""
    return _("Hvem får kostnadene, og hvem får innsparingene?")


def _asked_kinds(parts: Dossier, question: Any) -> tuple[str, ...]:
    return question.kinds or tuple(kind.code for kind in parts.spec.attachments.kinds)


def asks_for(kind: Any) -> str:
    """The sentence about a required kind of attachment, the same on every page."""
    text = _("Legg ved «%(label)s».")
    if kind.code == AGREEMENT:
        text = _("Legg ved «%(label)s», eller la alle partnerne signere i portalen.")
    return text % {"label": kind.label}


def _agreement(parts: Dossier, section: Section, question: Any, rows: Sequence[Row]) -> Iterator[Problem]:
    """The agreement on paper. It is not needed when all partners have signed in the portal (R73, R100)."""
    kind, rules = parts.spec.attachments.kind(AGREEMENT), parts.spec.applicants
    if kind is None or AGREEMENT not in _asked_kinds(parts, question) or rules.agreement == "off":
        return
    # The lead's signature alone says nothing of what the partners have agreed.
    is_signed = rules.signing == "all_partners" and rows and all(row.is_signed for row in rows)
    is_wanted = kind.required or rules.agreement == "required"
    if not is_wanted or is_signed or any(item.kind == AGREEMENT for item in parts.attachments):
        return
    is_settled = rules.signing == "all_partners"
    anchor = f"id_{question.code}"
    yield Problem(section.code, question.code, asks_for(kind), anchor, "attachments", is_settled_by_signing=is_settled)


def _attachments(parts: Dossier, question: Any) -> Iterator[str]:
    rules = parts.spec.attachments
    held = [item.kind for item in parts.attachments]
    for code in _asked_kinds(parts, question):
        kind = rules.kind(code)
        if kind is None:
            continue
        words = {"label": kind.label, "most": kind.most}
        if kind.required and code != AGREEMENT and code not in held:
            yield asks_for(kind)
        if held.count(code) > kind.most:
            yield _("Dere kan legge ved høyst %(most)s av typen «%(label)s».") % words


# --- signatures and warnings -------------------------------------------------------------------------


def _of_signatures(rows: Sequence[Row]) -> Iterator[Problem]:
    for row in rows:
        if row.is_signed:
            continue
        words = {"name": row.partner.name, "reason": row.refusal.reason if row.refusal else ""}
        text = _("%(name)s har ikke signert den teksten som står nå.") % words
        if row.refusal:
            text = _("%(name)s har takket nei til å signere: «%(reason)s»") % words
        yield Problem("", "", text, f"partner-{row.partner.pk}", "signatures", is_settled_by_signing=True)


def _warnings(parts: Dossier) -> Iterator[Problem]:
    rules = parts.spec.applicants
    with_parties = parts.spec.section_with("parties")
    section = with_parties.code if with_parties else ""
    if rules.shared_contact == "warned":
        for name in shared_contacts(parts.partners):
            yield Problem(
                section, "", _shared(name) + " " + _("Det er i orden hvis det er meningen."), "partnere", "partners"
            )
    if rules.joint == "urged" and sum(partner.must_sign for partner in parts.partners) == 1:
        text = _("Dere søker alene. Runden oppfordrer kommuner og helseforetak til å søke sammen.")
        yield Problem(section, "", text, "partnere", "partners")
    with_budget = parts.spec.section_with("budget")
    if with_budget and parts.spec.budget.setting != "off":
        _hindrances, warned = _budget_sentences(parts)
        yield from (Problem(with_budget.code, "", text, "budsjett", "budget") for text in warned)
