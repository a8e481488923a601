"""The questions of a section as one form, made from the round's definition.

The page carries the version and a digest of each answer that it showed. Only what the person changed is saved. When
somebody else has changed the same answer meanwhile, the page shows both texts, and the person chooses.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from portal.forms import Form
from portal.snapshots import digest
from rounds.answering import answers
from rounds.answering.checks import gate_sentences, reason_label
from rounds.answering.forms.controls import Control, control_for
from rounds.answering.forms.tables import TableForms
from rounds.answering.forms.text import KeepsLongText, ProseField
from rounds.answering.models import Answer, AnswerFile
from rounds.answering.owner import Owner
from rounds.answering.queries import files_of, stored_answers
from rounds.answering.services.answers import Change
from rounds.definition import Question

MINE, THEIRS = "mine", "theirs"
VERSION_DIGITS = 9


def digest_of(value: Any) -> str:
    """A short digest of a stored value, which tells whether a field was changed. Nothing and empty are the same."""
    return "" if answers.is_blank(value) else digest(value)[:16]


@dataclass(frozen=True, slots=True)
class Conflict:
    """What somebody else has stored meanwhile, and its words."""

    theirs: Answer
    text: str


@dataclass(slots=True)
class Group:
    """A question as the page draws it."""

    question: Question
    label: str
    # Where a script saves the answer.
    url: str
    fields: list[forms.BoundField] = field(default_factory=list)
    not_relevant: forms.BoundField | None = None
    reason: forms.BoundField | None = None
    # Of a table question: the forms of its rows.
    table: TableForms | None = None
    # Of a question answered by files: the page that takes them, and those that are there.
    files_url: str = ""
    files: list[AnswerFile] = field(default_factory=list)
    help: str = ""
    version: int = 0
    was: str = ""
    errors: list[str] = field(default_factory=list)
    conflict: Conflict | None = None
    # An older answer in words, where the question now asks for something else.
    earlier: str = ""
    is_panel: bool = False

    @property
    def is_part(self) -> bool:
        return self.question.type in answers.STANDARD_PARTS

    @property
    def is_begun(self) -> bool:
        """Whether anything is answered, as the page shows it."""
        fields = [*self.fields, *([self.not_relevant] if self.not_relevant else [])]
        rows = self.table.rows if self.table else []
        return bool(self.files or any(field.value() for field in fields) or any(form.row for form in rows))


class SectionForm(KeepsLongText, Form):
    """A form for these questions of an owner. ``stored`` are the stored answers, by question."""

    def __init__(
        self,
        owner: Owner,
        questions: Sequence[Question],
        stored: Mapping[str, Answer],
        data: Any = None,
        *,
        now: datetime,
    ) -> None:
        self.owner = owner
        self.spec = owner.spec
        self.kept_sentence = owner.too_long
        self.questions = questions
        self.stored = stored
        self.conflicts: dict[str, Conflict] = {}
        # Older answers in words to questions that now ask for something else: shown until somebody answers.
        self.earlier: dict[str, str] = {}
        self.versions: dict[str, int] = {}
        super().__init__(data)
        bodies = owner.bodies() if any(question.type == "owners" for question in questions) else {}
        dates = owner.dates(now=now)
        controls = {q.code: control_for(owner.spec, q, bodies=bodies, dates=dates) for q in questions}
        asked = {code: control for code, control in controls.items() if control}
        self.tables: dict[str, TableForms] = {
            code: TableForms(control, self._stored_value(code), data, kept_sentence=self.kept_sentence)
            for code, control in asked.items()
            if control.question.type == "table"
        }
        self.controls: dict[str, Control] = {code: item for code, item in asked.items() if code not in self.tables}
        self.values: dict[str, Any] = {}
        for code, control in self.controls.items():
            self._add(code, control)

    @property
    def error_parts(self) -> tuple[forms.BaseForm, ...]:
        """The form and the rows of its tables, for the error summary."""
        return (self, *(form for table in self.tables.values() for form in table.forms))

    def is_valid(self) -> bool:
        return all([super().is_valid(), *(table.is_valid() for table in self.tables.values())])

    def _add(self, code: str, control: Control) -> None:
        value = self._stored_value(code)
        if answers.is_foreign(control.question, value):
            self.earlier[code], value = value, None
        fields = control.fields()
        not_relevant = answers.is_not_relevant(value)
        if control.question.answer == "when_relevant":
            fields[f"{code}--not-relevant"] = forms.BooleanField(label=_("Ikke relevant for oss"), required=False)
            fields[f"{code}--reason"] = ProseField(label=reason_label(), limit=answers.REASON_MOST, rows=2)
            self.initial[f"{code}--not-relevant"] = not_relevant
            self.initial[f"{code}--reason"] = answers.reason_of(value) if not_relevant else ""
        self.initial.update({} if not_relevant else control.initial(value))
        for name, item in fields.items():
            if name == code:
                item.help_text = control.help
            item.shows_optional = name == code and control.question.answer == "optional"  # type: ignore[attr-defined]
            self.fields[name] = item

    def _stored_value(self, code: str) -> Any:
        return self.stored[code].value if code in self.stored else None

    # --- reading ----------------------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        for code, control in self.controls.items():
            names = {name for name in self.fields if name == code or name.startswith(f"{code}--")}
            if names & set(self.errors):
                continue
            if data.get(f"{code}--not-relevant"):
                self.values[code] = answers.not_relevant(data.get(f"{code}--reason", ""))
                continue
            try:
                self.values[code] = control.value({name: data.get(name) for name in names})
            except ValidationError as error:
                self.add_error(code if code in self.fields else None, error)
        return data

    def changes(self) -> dict[str, Change]:
        """The answers that the person changed and that could be read, with the version that the page showed."""
        changed = {}
        for code, value in self.values.items():
            base = self._posted_number(f"{code}--version")
            choice = self.data.get(f"{code}--choice", "")
            if choice == THEIRS or digest_of(value) == self.data.get(f"{code}--was", ""):
                continue
            if choice == MINE:
                base = self._posted_number(f"{code}--theirs")
            changed[code] = Change(value, base)
        return changed

    def unseen(self) -> list[str]:
        """The questions whose stored answer is not what the posted page showed, once the page is saved."""
        stored = stored_answers(self.owner, self.questions)
        versions = {code: answer.version for code, answer in stored.items()}
        behind = [code for code in self.controls if self._seen(code) != versions.get(code, 0)]
        rows = {code: stored[code].value if code in stored else None for code in self.tables}
        return behind + [code for code, table in self.tables.items() if table.is_behind(rows[code])]

    def _seen(self, code: str) -> int:
        """The version of the answer that the page shows: what was saved, or chosen, or as it came."""
        if code in self.versions:
            return self.versions[code]
        return self._posted_number(f"{code}--{'theirs' if self.data.get(f'{code}--choice') else 'version'}")

    def _posted_number(self, name: str) -> int:
        posted = str(self.data.get(name, ""))
        return int(posted) if posted.isdecimal() and len(posted) <= VERSION_DIGITS else 0

    def notices(self) -> list[str]:
        """Sentences about gates that the answers do not pass. The answers can be saved even so."""
        stored = {code: answer.value for code, answer in self.stored.items()}
        values = self.values if self.is_bound else stored
        return [
            text
            for code, control in self.controls.items()
            if code in values
            for text in gate_sentences(self.spec, control.question, values[code])
        ]

    def take_over(self, versions: Mapping[str, int]) -> None:
        """Remember the versions that were saved, for the page when it is drawn again."""
        self.versions.update(versions)

    def carried(self) -> dict[str, Any]:
        """The hidden fields of the answers that were saved, as the page carries them when it is drawn again."""
        fields: dict[str, Any] = {}
        for code in self.versions:
            fields[f"{code}--version"], fields[f"{code}--was"] = self._base(code)
        return fields

    def add_conflict(self, code: str, theirs: Answer) -> None:
        """Show what somebody else stored beside what was typed here."""
        question = self.controls[code].question
        text = answers.as_text(self.spec, question, theirs.value)
        self.conflicts[code] = Conflict(theirs, text or _("(tomt)"))
        sentence = _("%(name)s har endret dette svaret mens dere skrev. Velg hvilken tekst som skal gjelde.")
        self.add_problem(code, sentence % {"name": theirs.updated_by})

    def add_problem(self, code: str, sentence: str) -> None:
        """Tell what is wrong with an answer at its field; above all fields where it has no single one."""
        self.add_error(code if code in self.fields else None, sentence)

    # --- drawing -----------------------------------------------------------------------------------

    def groups(self) -> list[Group]:
        """The questions in the order of the page."""
        return [self._group(question) for question in self.questions]

    def _group(self, question: Question) -> Group:
        code = question.code
        group = Group(question, self.spec.fill(question.label), self.owner.answer_url(code))
        table = self.tables.get(code)
        if table:
            group.table, group.help, group.earlier = table, table.control.help, table.earlier
            return group
        control = self.controls.get(code)
        if control is None:
            group.files_url = self.owner.files_url(code) if question.type == "attachments" else ""
            if group.files_url:
                group.files = [item for item in self.answer_files if item.question == code]
                group.help = self.spec.fill(question.help)
            return group
        group.version, group.was = self._base(code)
        group.errors = [str(text) for text in self.errors.get(code, [])]
        group.conflict = self.conflicts.get(code)
        group.earlier = self.earlier.get(code, "")
        apart = {f"{code}--not-relevant", f"{code}--reason"}
        names = [n for n in self.fields if (n == code or n.startswith(f"{code}--")) and n not in apart]
        group.fields = [self[name] for name in names]
        if f"{code}--not-relevant" in self.fields:
            group.not_relevant, group.reason = self[f"{code}--not-relevant"], self[f"{code}--reason"]
        return group

    @cached_property
    def answer_files(self) -> list[AnswerFile]:
        """The files that answer questions of the form."""
        return list(files_of(self.owner))

    def _base(self, code: str) -> tuple[int, str]:
        """The version and the digest that the page carries for the question."""
        if code in self.versions:
            return self.versions[code], digest_of(self.values.get(code))
        if self.is_bound:
            return self._posted_number(f"{code}--version"), self.data.get(f"{code}--was", "")
        answer = self.stored.get(code)
        if (
            answer and code in self.earlier
        ):  # the fields are empty, and that must not count as a change of the older text
            return answer.version, ""
        return (answer.version, digest_of(answer.value)) if answer else (0, "")

    def shown(self, code: str) -> dict[str, Any]:
        """What the fields of the question show of its stored value, for a page that is to show that instead."""
        control = self.controls[code]
        value = self._stored_value(code)
        value = None if answers.is_foreign(control.question, value) else value
        shown = {name: "" for name in self.fields if name == code or name.startswith(f"{code}--")}
        if answers.is_not_relevant(value):
            return {**shown, f"{code}--not-relevant": True, f"{code}--reason": answers.reason_of(value)}
        return {**shown, **{n: v for n, v in control.initial(value).items() if n in shown}}
