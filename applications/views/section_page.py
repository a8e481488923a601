"""What the page of a section shows: its questions, and panels for the standard parts between them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from applications import completeness, queries, submissions
from applications.completeness import Report
from applications.models import Application, Partner
from applications.views import task_list
from applications.views.benefit_page import lead
from applications.views.partner_page import news, without_contact
from applications.views.reading import frame
from portal.formats import kroner
from portal.permissions import Verdict
from portal.requests import PersonRequest
from rounds.answering.forms.sections import Group, SectionForm
from rounds.definition import Question, Section

# The standard parts: the page of each, and the text of the link to it.
PARTNERS = ("partners", gettext_lazy("Rediger partnere og kontaktpersoner"))
PAGES = {
    "parties": PARTNERS,
    "contacts": PARTNERS,
    "benefits": ("benefits", gettext_lazy("Fyll ut tabellen")),
    "budget": ("budget", gettext_lazy("Fyll ut budsjettet")),
    "attachments": ("attachments", gettext_lazy("Last opp vedlegg")),
}


@dataclass(frozen=True, slots=True)
class PartRow:
    """One question of a panel, and what is stored for it."""

    code: str
    label: str
    is_optional: bool
    help: str
    lines: list[str]
    # Whether something must be put right here before the application can be sent.
    lacks: bool = False


@dataclass(slots=True)
class Panel:
    """Questions that follow each other and are answered on the same page.

    With a heading that tells how far they are, only the rows that lack something are seen at once.
    """

    url: str
    action: str
    rows: list[PartRow] = field(default_factory=list)
    heading: str = ""
    note: str = ""
    is_panel: bool = True

    @property
    def seen(self) -> list[PartRow]:
        """The rows that are seen at once."""
        return [row for row in self.rows if row.lacks or not self.heading]

    @property
    def folded(self) -> list[PartRow]:
        """The rows that are a press away."""
        return [row for row in self.rows if self.heading and not row.lacks]


def context(
    application: Application, section: Section, form: SectionForm, allowed: Verdict, report: Report, *, status: int
) -> dict[str, Any]:
    """The page's values; ``report`` is the check of the whole application."""
    sections = application.round.spec.sections
    parts = task_list.part_tasks(report, completeness.uncorrected(report))
    signed = [row.partner.name for row in report.rows if row.is_signed]
    page_blocks = blocks(application, form.groups(), section, {item.question for item in report.to_write})
    return {
        **frame(application, allowed, signed),
        "is_only_panel": [block.is_panel for block in page_blocks] == [True],
        "section": section,
        "introduction": application.round.spec.fill(section.introduction),
        "form": form,
        "notices": form.notices(),
        "blocks": page_blocks,
        "parts": [(part, item is section) for part, item in zip(parts, sections, strict=True)],
        **way(application, section),
        "was_refused": status == 403,  # noqa: PLR2004 - the status of HTTP
        # What somebody wrote, and could not save, stands in the fields.
        "answers": None if allowed or form.is_bound else answers(report, section),
    }


def answers(report: Report, section: Section) -> submissions.Section:
    """The section as text, as the page of the check shows it, for those who cannot write in it now."""
    links = queries.file_links(report.text, task_list.file_address(report.parts.application))
    sections = submissions.view_of(report.text, file_links=links).sections
    return next(shown for shown in sections if shown.code == section.code)


def is_table(section: Section) -> bool:
    """Whether the section is the benefit table and nothing else: the page of the table is then its page."""
    return [question.type for question in section.questions] == ["benefits"]


def table_url(request: PersonRequest, application: Application) -> str:
    """The page of the benefit table, with the way back that the request names."""
    url = reverse("applications:benefits", args=[application.code])
    return f"{url}?{request.GET.urlencode()}" if request.GET else url


def way(application: Application, section: Section) -> dict[str, Any]:
    """Where the section stands in the form, and the ways to those before and after it."""
    sections = application.round.spec.sections
    at = sections.index(section)
    return {
        "number": at + 1,
        "count": len(sections),
        "previous": _link(application, sections[at - 1]) if at else None,
        "next": _link(application, after) if (after := following(application, section)) else None,
    }


def after_save(request: PersonRequest, application: Application, section: Section) -> str:
    """Back to the check of all answers if the person came from there, the section that follows, or the task list."""
    if request.GET.get("return") == "check":
        return reverse("applications:check", args=[application.code])
    if "next" in request.POST and (after := following(application, section)):
        return _link(application, after)[1]
    return application.get_absolute_url()


def following(application: Application, section: Section) -> Section | None:
    """The section after this one; in a correction the next of those that the secretariat asks to have corrected.

    From a section that is locked in the correction the way goes to the first of them when none comes after it.
    """
    sections = application.round.spec.sections
    after = list(sections[sections.index(section) + 1 :])
    if request := application.open_correction:
        asked = [item for item in sections if item.code in request.sections]
        after = [item for item in after if item in asked] or (asked if section not in asked else [])
    return after[0] if after else None


def blocks(
    application: Application, groups: Sequence[Group], section: Section, lacking: Collection[str]
) -> list[Group | Panel]:
    """The questions in order. Questions of one standard part that follow each other share a panel.

    ``lacking`` are the questions (codes) that must be put right.
    """
    held = _Held(application)
    page_blocks: list[Group | Panel] = []
    for group in groups:
        if not group.is_part:
            page_blocks.append(group)
            continue
        name, action = PAGES[group.question.type]
        url = reverse(f"applications:{name}", args=[application.code])
        if name == "attachments":
            url += f"?from={section.code}"  # the form may ask for attachments in several sections
        last = page_blocks[-1] if page_blocks else None
        if not isinstance(last, Panel) or last.url != url:
            last = Panel(url, str(action))
            page_blocks.append(last)
            if name == "partners":
                last.heading, last.note = news(held.partners), without_contact(held.partners)
        last.rows.append(_row(held, group, lacking))
    return page_blocks


def _row(held: "_Held", group: Group, lacking: Collection[str]) -> PartRow:
    question = group.question
    lines, is_optional = held.lines(question), question.answer == "optional"
    return PartRow(question.code, group.label, is_optional, question.help, lines, question.code in lacking)


class _Held:
    """What is stored in the standard parts, read when it is first asked for."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self._partners: list[Partner] | None = None

    def lines(self, question: Question) -> list[str]:
        """What is stored for the question, one text a line."""
        return list(getattr(self, question.type)(question))

    @property
    def partners(self) -> list[Partner]:
        if self._partners is None:
            self._partners = list(queries.partners_of(self.application))
        return self._partners

    def _of_kinds(self, kinds: Sequence[str]) -> list[Partner]:
        return [partner for partner in self.partners if partner.kind in kinds]

    def parties(self, question: Any) -> list[str]:
        return [f"{p.name} ({p.get_role_display().lower()})" for p in self._of_kinds(question.kinds)]

    def contacts(self, question: Any) -> list[str]:
        return [
            ", ".join(filter(None, (person.name, person.title, partner.name)))
            for partner in self._of_kinds(question.kinds)
            for person in partner.contacts.all()
        ]

    def benefits(self, question: Any) -> list[str]:
        rows = list(queries.benefits_of(self.application))
        return [lead(self.application.round.spec, rows)] if rows else []

    def budget(self, question: Any) -> list[str]:
        amount = self.application.requested_amount
        count = len(queries.budget_lines_of(self.application))
        lines = [_("Søknadsbeløp: %(amount)s") % {"amount": kroner(amount)}] if amount is not None else []
        return [*lines, ngettext("%(n)s kostnad", "%(n)s kostnader", count) % {"n": count}] if count else lines

    def attachments(self, question: Any) -> list[str]:
        held = queries.attachments_of(self.application)
        return [item.display_name for item in held if not question.kinds or item.kind in question.kinds]


def _link(application: Application, section: Section) -> tuple[str, str]:
    return section.title, reverse("applications:section", args=[application.code, section.code])
