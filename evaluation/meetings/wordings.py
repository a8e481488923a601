"""Whether the wording of a resolution about an application says what was decided: its outcome and its amount.

Pure: a text, an outcome and an amount in kroner go in; what is wrong with the text comes out. The letter quotes the
text as the decision, beside the outcome and the amount.
"""

import re
from enum import StrEnum

from evaluation.meetings.proposals import names_another_sum, sums
from rounds.outcomes import Amount, LetterKind, Outcome


class Fault(StrEnum):
    """What is wrong with the wording."""

    OTHER_AMOUNT = "other_amount"  # names amounts, and not the one that is granted
    NO_AMOUNT = "no_amount"  # grants money, and names no amount
    OTHER_OUTCOME = "other_outcome"  # its words are those of another outcome


# A title in «…» is not what the body says.
QUOTED = re.compile(r"«[^«»]*»|\"[^\"]*\"")
NOT = r"ikk(?:e|je)"
GRANTS = r"(?:innvilg|tildel|bevilg|løyv)(?:er|es|e|ar|ast|a)"
GIVES = r"(?:gis|gir|gjev|gjevast|får|ytes)"
MONEY = r"(?:tilskudd|tilskot|støtte|midler|midlar|penger|pengar)"
# The words of each kind of outcome, in bokmål and nynorsk. Of two that begin at one spot the first kind counts:
# «innvilges ikke» begins as «innvilges» does.
WORDS = {
    LetterKind.REFUSAL: re.compile(
        rf"\bavslå[rs]?\b|\bavvis(?:er|es|ast)\b|\b(?:er|blir|vert) avslått\b|\b(?:gis|gir|får|gjev) avslag\b"
        rf"|\b{GRANTS} {NOT}\b|\b{NOT} (?:å )?{GRANTS}\b|\b{NOT} (?:noe |noko )?{MONEY}\b"
        rf"|\b{MONEY} {GIVES} {NOT}\b|\b{GIVES} {NOT} (?:noe |noko )?{MONEY}\b"
        rf"|\b(?:prioriter|tilrå|anbefal)\w* {NOT}\b|\b{NOT} (?:prioriter|tilrå|anbefal)\w*",
        re.IGNORECASE,
    ),
    LetterKind.NOTICE: re.compile(r"\butsett(?:er|es|e|ast)\b|\butset\b|\b(?:er|blir|vert) utsatt\b", re.IGNORECASE),
    LetterKind.AWARD: re.compile(
        rf"\b{GRANTS}\b|\b(?:er|blir|vert) innvilg(?:et|a)\b|\b(?:gis|gir|får|gjev) [\d .]+ ?kr", re.IGNORECASE
    ),
}

IN_PART = re.compile(r"\bdelvis\b|\bav (?:de )?omsøkte\b", re.IGNORECASE)


def said_by(text: str) -> LetterKind | None:
    """What the text decides by its first word of decision; None when it has no such word."""
    starts = {kind: match.start() for kind, words in WORDS.items() if (match := words.search(_without_titles(text)))}
    return min(starts, key=lambda kind: starts[kind], default=None)


def grants_in_part(text: str) -> bool:
    """Whether the text grants a part only, or has a word of refusal anywhere."""
    words = _without_titles(text)
    return bool(IN_PART.search(words) or WORDS[LetterKind.REFUSAL].search(words))


def _without_titles(text: str) -> str:
    return QUOTED.sub(" ", " ".join(text.split()))


def fault(text: str, outcome: str, amount: int | None) -> Fault | None:
    """What is wrong with the wording of a resolution of this outcome and amount; None when nothing.

    The first word of decision is the outcome's. What is granted in full is neither granted in part nor refused
    anywhere in the text, while a text that grants a part may refuse the rest. An award names its amount.
    """
    means = Outcome(outcome).means
    said = said_by(text)
    if said not in (None, means.letter) or (means.amount is Amount.ALL and grants_in_part(text)):
        return Fault.OTHER_OUTCOME
    if means.letter is LetterKind.AWARD and amount:
        if names_another_sum(text, amount):
            return Fault.OTHER_AMOUNT
        return None if sums(text) else Fault.NO_AMOUNT
    return None
