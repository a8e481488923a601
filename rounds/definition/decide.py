"""The decision and what follows: outcomes, responsibilities, complaint, follow-up, and the texts of the letters."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from rounds.definition.base import BodyKind, Code, Prose, RoundPart, Sources, TextLine, refusal
from rounds.definition.form import Section
from rounds.outcomes import Outcome


def _has_letter(code: str) -> str:
    if Outcome(code).means.letter is None:
        raise refusal(f"«{code}» fortelles ikke i noe brev")
    return code


class Complaint(RoundPart):
    """The right to complain, and its text in the letters."""

    right: Literal["none", "three_weeks", "internal_review"] = "none"
    text: Prose
    # The text when a private party receives money, since the decision is then an enkeltvedtak.
    private_recipient_text: Prose = ""
    source: Sources = ()


class ResolutionPoint(RoundPart):
    """A numbered point of the resolution, with lettered sub-points (R129)."""

    text: Prose
    points: tuple[Prose, ...] = ()
    # Who is asked to follow up the point (R130).
    asks: TextLine | None = None


class CasePart(RoundPart):
    """The case in which the round is decided, and its draft resolution (R126–R131).

    A case about the round begins with these headings and this draft; ``verbs`` are the words that a point of the
    draft must use one of. The papers of the round's own list name the case and the ``earlier`` ones.
    """

    number: Annotated[str, Field(pattern=r"^\d{1,3}/\d{2}$")]
    title: TextLine
    earlier: tuple[TextLine, ...] = ()
    headings: tuple[TextLine, ...] = ()
    verbs: tuple[TextLine, ...] = ()
    draft: tuple[ResolutionPoint, ...] = ()
    source: Sources = ()


class Decision(RoundPart):
    """The outcomes in use, and the legal persons behind the letter («open» 8, 13, 19)."""

    outcomes: Annotated[tuple[Outcome, ...], Field(min_length=1)]
    decided_by: TextLine
    sent_by: TextLine
    paid_by: TextLine
    archived_by: TextLine
    complaints_to: TextLine
    complaint: Complaint
    portfolio_text: Prose = ""
    case: CasePart | None = None
    source: Sources = ()


class ReportDuty(RoundPart):
    """A report that somebody other than the applicant must deliver, shown on the round's page (R141)."""

    code: Code
    title: TextLine
    by: TextLine
    to: TextLine
    when: TextLine
    source: Sources = ()


class FollowUp(RoundPart):
    """The follow-up of an award. Days are calendar days; negative is before the deadline, positive after it."""

    evaluation_months: Annotated[int, Field(ge=1, le=60)] = 9
    report_to: BodyKind = "ssu"
    acceptance_days: Annotated[int, Field(ge=1, le=180)] = 21
    evaluation_reminders: tuple[Annotated[int, Field(ge=-365, le=365)], ...] = (-60, -14, 1, 14)
    acceptance_reminders: tuple[Annotated[int, Field(ge=-365, le=365)], ...] = (-7, 1)
    start_reminders: tuple[Annotated[int, Field(ge=-365, le=365)], ...] = (0, 14, 30)
    text: Prose
    evaluation_form: tuple[Section, ...] = ()
    reports: tuple[ReportDuty, ...] = ()
    source: Sources = ()


class LetterText(RoundPart):
    """Heading, first and last paragraph of one kind of letter; placeholders such as ``{project}`` are filled in."""

    kind: Annotated[Outcome, AfterValidator(_has_letter)]
    heading: TextLine
    introduction: Prose
    closing: Prose = ""


class Letters(RoundPart):
    """The texts of the letters («Documents» of the law and practice page)."""

    texts: Annotated[tuple[LetterText, ...], Field(min_length=1)]
    # Whether the one who wrote a letter may approve it; when the round says nothing, the body that decides does.
    approval: Literal["one", "two"] | None = None
    conditions: tuple[Prose, ...] = ()
    purpose: Prose = ""
    payment: Prose = ""
    reporting: Prose = ""
    control: Prose = ""
    repayment: Prose = ""
    publicity: Prose = ""
    acceptance: Prose = ""
    next_round: Prose = ""
    approved_note: TextLine = "Dokumentet er elektronisk godkjent og har derfor ingen signatur."

    def text(self, kind: str) -> LetterText | None:
        """The text of that kind of letter, or None."""
        return next((text for text in self.texts if text.kind == kind), None)
