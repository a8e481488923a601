"""The decision and after: outcomes, who answers for what, complaint, follow-up, the letters' words."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from rounds.definition.base import BodyKind, Code, Line, Part, Prose, Sources, refusal
from rounds.definition.form import Section
from rounds.outcomes import Outcome


def _has_letter(code: str) -> str:
    if Outcome(code).means.letter is None:
        raise refusal(f"«{code}» fortelles ikke i noe brev")
    return code


class Complaint(Part):
    """The right to complain and the words that tell it."""

    right: Literal["none", "three_weeks", "internal_review"] = "none"
    text: Prose
    # Used instead when a private party receives money: then it is an enkeltvedtak.
    private_recipient_text: Prose = ""
    source: Sources = ()


class ResolutionPoint(Part):
    """A numbered point of the resolution, with lettered sub-points (R129)."""

    text: Prose
    points: tuple[Prose, ...] = ()
    # Who follows the point up, named in the proposal (R130).
    asks: Line | None = None


class CasePart(Part):
    """The case that the round is decided in, and the draft resolution (R126–R131).

    A case about the round begins with these headings and this draft; ``verbs`` are the words that a point of the
    draft must use one of. The papers of the round's own list name the case and the ``earlier`` ones.
    """

    number: Annotated[str, Field(pattern=r"^\d{1,3}/\d{2}$")]
    title: Line
    earlier: tuple[Line, ...] = ()
    headings: tuple[Line, ...] = ()
    verbs: tuple[Line, ...] = ()
    draft: tuple[ResolutionPoint, ...] = ()
    source: Sources = ()


class Decision(Part):
    """Outcomes in use, and the legal persons behind the letter («open» 8, 13, 19)."""

    outcomes: Annotated[tuple[Outcome, ...], Field(min_length=1)]
    decided_by: Line
    sent_by: Line
    paid_by: Line
    archived_by: Line
    complaints_to: Line
    complaint: Complaint
    portfolio_text: Prose = ""
    case: CasePart | None = None
    source: Sources = ()


class ReportDuty(Part):
    """A report somebody else than the applicant owes, shown on the round's page (R141)."""

    code: Code
    title: Line
    by: Line
    to: Line
    when: Line
    source: Sources = ()


class FollowUp(Part):
    """What an award leads to. Days are calendar days; negative is before, positive after."""

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


class LetterText(Part):
    """Heading, first and last paragraph of one kind of letter; ``{project}`` and its like are filled in."""

    kind: Annotated[Outcome, AfterValidator(_has_letter)]
    heading: Line
    introduction: Prose
    closing: Prose = ""


class Letters(Part):
    """The words of the letters («Documents» of the law and practice page)."""

    texts: Annotated[tuple[LetterText, ...], Field(min_length=1)]
    conditions: tuple[Prose, ...] = ()
    purpose: Prose = ""
    payment: Prose = ""
    reporting: Prose = ""
    control: Prose = ""
    repayment: Prose = ""
    publicity: Prose = ""
    acceptance: Prose = ""
    next_round: Prose = ""
    approved_note: Line = "Dokumentet er elektronisk godkjent og har derfor ingen signatur."

    def text(self, kind: str) -> LetterText | None:
        """The words of that kind of letter, if the round has them."""
        return next((text for text in self.texts if text.kind == kind), None)
