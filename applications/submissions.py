"""A snapshot as pages and documents show it: sections with answers and tables, and what changed between two."""

import difflib
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.template.defaultfilters import linebreaksbr
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.models.parts import attachment_name
from portal import formats
from portal.formats import in_words
from portal.snapshots import digest
from portal.ui import Column, DataTable, Fact, FileRow

Data = Mapping[str, Any]
MANY_COLUMNS = 5


@dataclass(frozen=True, slots=True)
class Part:
    """One question: its answer in words, or its tables, or its files."""

    code: str
    label: str
    text: str = ""
    tables: tuple[DataTable, ...] = ()
    facts: tuple[Fact, ...] = ()
    files: tuple[FileRow, ...] = ()
    is_list: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing was answered."""
        return not (self.text or self.tables or self.facts or self.files)

    @property
    def captioned(self) -> list[tuple[DataTable, bool, bool]]:
        """The tables, each with whether its caption only repeats the question, and whether it has many columns."""
        return [(table, table.caption == self.label, len(table.columns) > MANY_COLUMNS) for table in self.tables]

    @property
    def lines(self) -> list[str]:
        """The answer's lines, for choices and names."""
        return self.text.split("\n")


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the form."""

    code: str
    title: str
    parts: tuple[Part, ...]
    change_url: str = ""
    # Said beside the title. A section with a state is folded.
    state: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A snapshot, ready to be drawn."""

    title: str
    facts: tuple[Fact, ...]
    sections: tuple[Section, ...]
    signatures: DataTable | None = None
    header: Mapping[str, Any] = field(default_factory=dict)
    language: str = ""

    @property
    def is_folded(self) -> bool:
        """Whether the sections are folded."""
        return any(section.state for section in self.sections)


@dataclass(frozen=True, slots=True)
class FileLinks:
    """The address of an attachment by its number, and the SHA-256 of the attachments that no scanner has looked at."""

    address: Callable[[int], str]
    unscanned: Collection[str]


def view_of(
    data: Data,
    *,
    change_url: Callable[[str], str] | None = None,
    file_links: FileLinks | None = None,
    state: Callable[[str], str] | None = None,
) -> Shown:
    """The snapshot's view. ``change_url(section)`` adds «Endre», ``file_links`` makes the attachments links.

    With ``state(section)``, which says how far a section has come, the sections are folded.
    """
    sections = (
        Section(
            section["code"],
            section["title"],
            tuple(_part(data, question, file_links) for question in section["questions"]),
            change_url(section["code"]) if change_url else "",
            state(section["code"]) if state else "",
        )
        for section in data["sections"]
    )
    header = data.get("header", {})
    return Shown(data["title"], _facts(data), tuple(sections), _signatures(data), header, data.get("language", ""))


def folded(view: Shown) -> Shown:
    """The same with its sections folded, each with how many of its questions are answered."""
    return replace(view, sections=tuple(replace(section, state=_answered(section)) for section in view.sections))


def without_empty(view: Shown, optional: Collection[str]) -> Shown:
    """The same without those of these questions (codes) that nobody has answered."""
    kept = {
        section.code: tuple(part for part in section.parts if not (part.is_empty and part.code in optional))
        for section in view.sections
    }
    return replace(view, sections=tuple(replace(section, parts=kept[section.code]) for section in view.sections))


def _answered(section: Section) -> str:
    count = sum(not part.is_empty for part in section.parts)
    return ngettext("Ett svar", "%(n)s svar", count) % {"n": in_words(count)} if count else _("Ingen svar")


def _facts(data: Data) -> tuple[Fact, ...]:
    sending = data.get("sent", {})
    lead = next((item for item in data["partners"] if item["role"] == "lead"), None)
    facts = [
        Fact(_("Runde"), data["round"]["title"]),
        Fact(_("Sendt til") if sending else _("Sendes til"), data["community"]),
        Fact(_("Ansvarlig søker"), _with_number(lead) if lead else ""),
        Fact(_("Søknadsbeløp"), formats.kroner(data["requested_amount"])),
    ]
    if data["owner_body"]:
        facts.append(Fact(_("Prosjekteier"), data["owner_body"]))
    if sending:
        facts += [
            Fact(_("Kvitteringsnummer"), sending["receipt"]),
            Fact(_("Sendt"), _moment(sending["at"])),
            Fact(_("Sendt av"), sending["by"]),
            Fact(_("Versjon"), sending["version"]),
        ]
    return tuple(facts)


def _with_number(partner: Data) -> str:
    if not partner["orgnr"]:
        return str(partner["name"])
    return _("%(name)s, org.nr. %(number)s") % {"name": partner["name"], "number": formats.orgnr(partner["orgnr"])}


def _moment(text: str) -> str:
    return formats.datetime_no(datetime.fromisoformat(text))


# --- one question ----------------------------------------------------------------------------------


def _part(data: Data, question: Data, file_links: FileLinks | None) -> Part:
    code, label, kind = question["code"], question["label"], question["kind"]
    if kind == "benefits":
        return Part(code, label, tables=tuple(benefit_tables(data)))
    if kind == "budget":
        return Part(code, label, tables=tuple(budget_tables(data)), facts=tuple(_budget_facts(data)))
    if kind == "attachments":
        return Part(code, label, files=tuple(attachment_rows(data, file_links, question.get("kinds") or ())))
    if kind == "table" and question.get("rows"):
        columns = [Column(label) for label in question["columns"]]
        return Part(code, label, tables=(DataTable(label, columns, question["rows"]),))
    listed = kind in ("one_choice", "many_choices", "parties", "contacts", "owners")
    return Part(code, label, question["text"], is_list=listed and "\n" in question["text"])


def attachment_rows(data: Data, links: FileLinks | None, kinds: Iterable[str] = ()) -> Iterable[FileRow]:
    """The attachments of these kinds, of all kinds when none is named."""
    for item in data["attachments"]:
        if not kinds or item["kind"] in kinds:
            is_numbered = not data.get("attachments_are_unnumbered")
            name = attachment_name(item["number"], item["title"], is_numbered=is_numbered)
            row = FileRow(name, "", item["size"], note=f"{item['kind_label']} · {item['name']}")
            if links:
                is_unscanned = item["sha256"] in links.unscanned
                row = replace(row, url=links.address(item["number"]), is_unscanned=is_unscanned)
            yield row


def benefit_tables(data: Data) -> Iterable[DataTable]:
    """The benefit table in its two bands (R113); a column that nobody has filled in is left out."""
    rows = data["benefits"]
    for band, caption in ((1, data["benefits_title"]), (2, _("%s, fortsatt") % data["benefits_title"])):
        columns = [
            column
            for column in data["benefit_columns"]
            if column["band"] == band and any(row["cells"].get(column["code"]) for row in rows)
        ]
        if not columns:
            continue
        has_owner = band == 1 and any(row["applicant"] for row in rows)
        heads = [Column(_("Rad")), *([Column(_("Søker"))] if has_owner else [])]
        cells = [
            [
                _row_number(row, number, band),
                *([row["applicant"]] if has_owner else []),
                *(linebreaksbr(row["cells"].get(column["code"], ""), autoescape=True) for column in columns),
            ]
            for number, row in enumerate(rows, start=1)
            if any(row["cells"].get(column["code"]) for column in columns)
        ]
        yield DataTable(caption, [*heads, *(Column(column["label"], "html") for column in columns)], cells)
    yield from _effect_table(data)


def _effect_table(data: Data) -> Iterable[DataTable]:
    """What each benefit means for each party, and the drivers that it contributes to (R57, R120); rows that say any.

    Versions that were sent before keep no words for the codes, and show the codes.
    """
    words = _benefit_words(data)
    rows = enumerate(data["benefits"], start=1)
    said = [(number, _effects_of(row, words), _drivers_of(row, words)) for number, row in rows]
    said = [line for line in said if line[1] or line[2]]
    parties = list(dict.fromkeys(party for _number, effects, _drivers in said for party in effects))
    columns = [Column(_("Effekt for %(party)s") % {"party": party.lower()}, "html") for party in parties]
    has_drivers = any(drivers for _number, _effects, drivers in said)
    if not said:
        return
    cells = [
        [
            str(number),
            *(linebreaksbr(effects.get(party, ""), autoescape=True) for party in parties),
            *([linebreaksbr("\n".join(drivers), autoescape=True)] if has_drivers else []),
        ]
        for number, effects, drivers in said
    ]
    heads = [Column(_("Rad")), *columns, *([Column(_("Drivere"), "html")] if has_drivers else [])]
    yield DataTable(_("%s: effekt og drivere") % data["benefits_title"], heads, cells)


def _benefit_words(data: Data) -> Data:
    words: Data = data.get("header", {}).get("benefit_words") or {"effects": {}, "drivers": {}}
    return words


def _effects_of(row: Data, words: Data) -> dict[str, str]:
    """The effect for each party, by its name; without those that nothing is said of."""
    effects = row.get("effects") or {}
    return {words["effects"].get(code, code): text for code, text in effects.items() if text}


def _drivers_of(row: Data, words: Data) -> list[str]:
    return [words["drivers"].get(code, code) for code in row.get("drivers") or ()]


def _row_number(row: Data, number: int, band: int) -> str:
    covers = str(row.get("covers", "")).strip()
    return f"{number} (" + _("også rad") + f" {covers})" if covers and band == 2 else str(number)  # noqa: PLR2004


def _budget_facts(data: Data) -> Iterable[Fact]:
    budget = data["budget"]
    yield Fact(_("Søknadsbeløp"), formats.kroner(data["requested_amount"]))
    shift = budget.get("cost_shift") or {}
    if budget.get("cost_shift_label") and shift:
        said = _("Ja") if shift.get("value") else _("Nei")
        yield Fact(budget["cost_shift_label"], ". ".join(filter(None, (said, shift.get("text", "")))))


def budget_tables(data: Data) -> Iterable[DataTable]:
    """Every line of the budget, and the sums by year."""
    budget = data["budget"]
    if not budget["lines"]:
        return
    names = (_("År"), _("Kostnad"), _("Hva pengene går til"), _("Betales av"), _("Form"))
    lines = [
        [
            str(line["year"]),
            line["cost_type_label"],
            line["description"],
            line["payer"],
            line["form_label"],
            line["amount"],
        ]
        for line in budget["lines"]
    ]
    totals = budget["totals"]
    foot = [_("Sum"), "", "", "", "", totals["total"]]
    yield DataTable(_("Budsjett"), [*(Column(name) for name in names), Column(_("Beløp"), "money")], lines, foot)
    keys = [key for key in ("grant", "own_cash", "own_in_kind", "other") if totals[key]]
    labels = {
        "grant": _("Tilskudd"),
        "own_cash": _("Egeninnsats, penger"),
        "own_in_kind": _("Egeninnsats, arbeidstid og annet"),
        "other": _("Andre midler"),
    }
    columns = [Column(_("År")), *(Column(labels[key], "money") for key in keys), Column(_("Sum"), "money")]
    used = [year for year in totals["by_year"] if year["total"]]
    years = [[str(year["year"]), *(year[key] for key in keys), year["total"]] for year in used]
    foot = [_("Sum"), *(totals[key] for key in keys), totals["total"]]
    yield DataTable(_("Budsjett per år"), columns, years, foot)


def _signatures(data: Data) -> DataTable | None:
    if not data.get("signatures"):
        return None
    columns = [
        Column(_("Partner")),
        Column(_("Signert av")),
        Column(_("Avtalens dato"), "date"),
        Column(_("Signert"), "date"),
        Column(_("Hvordan")),
    ]
    rows = [
        [
            item["partner"],
            ", ".join(filter(None, (item["name"], item["title"]))),
            date.fromisoformat(item["agreement_date"]),
            datetime.fromisoformat(item["signed_at"]),
            _how(item),
        ]
        for item in data["signatures"]
    ]
    return DataTable(_("Signaturer"), columns, rows)


def _how(signature: Data) -> str:
    if not signature.get("uploaded_by"):
        return str(signature["method_label"])
    return _("%(how)s, lastet opp av %(name)s") % {"how": signature["method_label"], "name": signature["uploaded_by"]}


# --- what changed ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Change:
    """One answer that differs between two versions."""

    section: str
    label: str
    before: str
    after: str

    @property
    def marked(self) -> SafeString:
        """The new text with what was taken out and put in marked word by word."""
        old, new = _words(self.before), _words(self.after)
        parts: list[tuple[str, list[str]]] = []
        for act, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if act == "equal":
                parts.append(("", new[c:d]))
                continue
            parts += [("del", old[a:b])] if b > a else []
            parts += [("ins", new[c:d])] if d > c else []
        return format_html_join(" ", "{}", ((_marked(mark, words),) for mark, words in parts))


def _words(text: str) -> list[str]:
    """Words and line breaks; an amount with its non-breaking spaces is one word."""
    return re.findall(r"\n|[^ \n\t\r]+", text)


def _marked(mark: str, words: list[str]) -> SafeString:
    text = linebreaksbr(" ".join(words), autoescape=True)
    said = {"del": _("Tatt ut:"), "ins": _("Lagt til:")}.get(mark)
    if not said:
        return format_html("{}", text)
    name = SafeString(mark)  # one of two literals
    return format_html('<{}><span class="ds-sr-only">{} </span>{}</{}>', name, said, text, name)


def differences(before: Data, after: Data) -> list[Change]:
    """What differs between two snapshots, in the order of the form; signatures and the sending apart."""
    # One that was sent before the words were kept is told in those of the other: a code is no difference.
    old, new = _texts({**before, "header": after.get("header", {})}), _texts(after)
    keys = [*new, *(key for key in old if key not in new)]
    return [Change(*key, old.get(key, ""), new.get(key, "")) for key in keys if old.get(key, "") != new.get(key, "")]


def same_sections(before: Data, after: Data) -> set[str]:
    """The sections (codes) in which nothing differs between two snapshots: answers, tables and files."""
    old, new = _contents(before), _contents(after)
    return {code for code, content in new.items() if old.get(code) == content}


def _contents(data: Data) -> dict[str, str]:
    """A digest of everything in each section, by its code."""
    kept = {
        "benefits": [data["benefits"]],
        "budget": [data["budget"], data["requested_amount"]],
        "attachments": [data["attachments"]],
        "parties": [data["partners"]],
    }
    return {
        section["code"]: digest([[question, *kept.get(question["kind"], [])] for question in section["questions"]])
        for section in data["sections"]
    }


def _texts(data: Data) -> dict[tuple[str, str], str]:
    texts = {(_("Søknaden"), _("Navn på prosjekt/pilot")): data["title"]}
    texts[_("Søknaden"), _("Prosjekteier")] = data["owner_body"]
    for section in data["sections"]:
        for question in section["questions"]:
            key = (section["title"], question["label"])
            texts[key] = _text(data, question)
    return texts


def _benefit_text(row: Data, data: Data) -> str:
    words = _benefit_words(data)
    effects = (f"{party}: {text}" for party, text in _effects_of(row, words).items())
    return " | ".join([*filter(None, row["cells"].values()), *effects, *_drivers_of(row, words)])


def _text(data: Data, question: Data) -> str:
    kind = question["kind"]
    if kind == "benefits":
        return "\n".join(_benefit_text(row, data) for row in data["benefits"])
    if kind == "budget":
        lines = (
            f"{line['year']} {line['cost_type_label']} {line['description']} {line['payer']} "
            f"{line['form_label']} {formats.kroner(line['amount'])}"
            for line in data["budget"]["lines"]
        )
        return "\n".join([formats.kroner(data["requested_amount"]), *lines])
    if kind == "attachments":
        return "\n".join(
            file.name + f" ({file.note})" for file in attachment_rows(data, None, question.get("kinds") or ())
        )
    if kind == "parties":
        listed = question["text"].split("\n")
        roles = {item["name"]: item["role_label"] for item in data["partners"]}
        return "\n".join(f"{name} ({roles[name]})" if name in roles else name for name in listed)
    return str(question["text"])
