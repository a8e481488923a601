"""The words of a case paper before anybody has edited it (R128, R129): from facts to text.

Pure: plain values in, Norwegian text out. The secretariat edits every heading afterwards.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from evaluation.meetings import proposals
from portal.formats import kroner, number
from rounds.definition.decide import CasePart, ResolutionPoint
from rounds.nouns import APPLICATION, Noun
from rounds.outcomes import Outcome

# More lines than this in a proposal are not read in a meeting; the list is an appendix then.
MOST_LETTERS = 25
# Headings that every case paper has, or that hold no text.
OWN_HEADINGS = ("Forslag til vedtak", "Vedlegg")
# The heading of a case about guidelines, and its three parts as document 004 has them.
GUIDELINES = "Forslag til retningslinjer"
PARTS = (
    "Forutsetninger for bruk av midlene",
    "Forslag til kriterier",
    "Forslag til prosess for å prioritere, beslutte, følge opp og rapportere",
)
HEADING = re.compile(r"#{1,6} ")
MOST_LEVELS = 7
# The last point of an allocation: what the portal itself follows, letter by letter.
SENDS_LETTERS = "ber sekretariatet sende tilskuddsbrev og avslagsbrev."


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about one application when its case is made. Amounts in whole kroner."""

    body: str
    round_title: str
    community: str
    code: str
    title: str
    lead: str
    partners: tuple[str, ...]
    requested: int | None
    rank: int | None
    outcome: str
    amount: int | None
    reason: str
    conditions: str
    assessments: int = 0
    score: str = ""
    spread: str = ""
    ties: tuple[str, ...] = ()
    decides: bool = True
    summary: str = ""
    noun: Noun = APPLICATION


# A line that says something of a word begins with the word: «Søkt beløp: 1 200 000 kr».
TERM = re.compile(r"(?P<term>[A-ZÆØÅ][^:.]{0,39}): (?P<text>\S.*)")


def terms(text: str) -> tuple[tuple[str, str], ...]:
    """The words of a list of facts with what is said of them; empty for a text of sentences.

    A line without a word of its own goes on from the one before it.
    """
    said: list[list[str]] = []
    for line in text.splitlines():
        match = TERM.fullmatch(line)
        if match:
            said.append([match["term"], match["text"]])
        elif not said:
            return ()
        else:
            said[-1][1] += f"\n{line}"
    return tuple((term, rest.strip()) for term, rest in said) if len(said) > 1 else ()


def titled(text: str, label: str) -> tuple[str, str]:
    """The heading of a text and the rest of it: its first line when that is a heading of the first level."""
    first, _, rest = text.strip().partition("\n")
    return (first.removeprefix("# ").strip(), rest.strip()) if first.startswith("# ") else (label, text.strip())


def written(text: str) -> str:
    """The Markdown without headings that have nothing below them; empty when nothing is written."""
    kept: list[str] = []
    for line in reversed(text.splitlines()):
        below = next((other for other in reversed(kept) if other.strip()), "")
        if not HEADING.match(line) or (below and _level(line) < (_level(below) or MOST_LEVELS)):
            kept.append(line)
    return "\n".join(reversed(kept)).strip()


def _level(line: str) -> int:
    """The level of a heading; 0 for a line that is none."""
    match = HEADING.match(line)
    return len(match[0]) - 1 if match else 0


@dataclass(frozen=True, slots=True)
class Paper:
    """The text under each heading."""

    background: str
    facts: str
    considerations: str
    proposal: str
    guidelines: str = ""


def application_paper(facts: Facts) -> Paper:
    """The paper of the case about one application."""
    return Paper(
        background=(
            f"{facts.noun.the.capitalize()} er sendt til {facts.community} i «{facts.round_title}». Sekretariatet har "
            f"kontrollert og vurdert {facts.noun.it}, og legger {facts.noun.it} fram for behandling."
        ),
        facts=_facts(facts),
        considerations=_considerations(facts),
        proposal=application_proposal(facts),
    )


def _facts(facts: Facts) -> str:
    lines = [f"{facts.noun.one.capitalize()}: {facts.title} ({facts.code})", f"Ansvarlig søker: {facts.lead}"]
    if facts.partners:
        lines.append(f"Partnere: {', '.join(facts.partners)}")
    lines.append(f"Søkt beløp: {kroner(facts.requested)}")
    if facts.summary:
        lines.append(f"Sammendrag: {facts.summary}")
    return "\n".join(lines)


def _considerations(facts: Facts) -> str:
    parts = [facts.reason]
    if facts.assessments and facts.score:
        count = "1 vurdering" if facts.assessments == 1 else f"{facts.assessments} vurderinger"
        spread = f", {facts.spread} poeng mellom høyeste og laveste" if facts.spread and facts.assessments > 1 else ""
        parts.append(f"Samlet poengsum: {facts.score} ({count}{spread}).")
    if facts.rank:
        parts.append(f"Prioritet i innstillingen: {facts.rank}.")
    if facts.ties:
        parts.append(f"Habilitet: {'; '.join(facts.ties)}.")
    return "\n\n".join(part for part in parts if part)


def application_proposal(facts: Facts) -> str:
    """The proposal for one application, numbered and lettered."""
    conditions = [line.strip(" -–•") for line in facts.conditions.splitlines() if line.strip(" -–•")]
    return proposals.write(
        [(_first_point(facts), ()), *([("Tilskuddet gis på disse vilkårene:", conditions)] if conditions else [])]
    )


def _first_point(facts: Facts) -> str:
    # An application that nobody has proposed anything for is not prioritised.
    means = Outcome(facts.outcome or Outcome.NOT_PRIORITISED).means
    return (means.resolves if facts.decides else means.recommends).format(
        body=facts.body,
        title=facts.title,
        amount=kroner(facts.amount),
        requested=kroner(facts.requested),
        rank=f" som prioritet {facts.rank}" if facts.rank else "",
        **facts.noun.fields,
    )


@dataclass(frozen=True, slots=True)
class Share:
    """One line of the allocation: an application that gets money."""

    title: str
    amount: int


def allocation_paper(
    body: str,
    round_title: str,
    shares: Sequence[Share],
    applications: int,
    frame: int | None,
    *,
    spent: int = 0,
    guidelines: str = "",
    portfolio: str = "",
    noun: Noun = APPLICATION,
) -> Paper:
    """The paper of the case about the list as a whole.

    ``spent`` is what other rounds have granted of the frame, ``guidelines`` names the case the round was decided in,
    and ``portfolio`` is what the round says of judging the list as a whole.
    """
    total = sum(share.amount for share in shares)
    lines = [
        f"{noun.many.capitalize()} på listen: {number(applications)}",
        f"Innstilt til tilskudd: {number(len(shares))}",
    ]
    lines.append(f"Samlet innstilt beløp: {kroner(total)}")
    if frame is not None:
        left = frame - spent - total
        lines.append(f"Ramme: {kroner(frame)}")
        if spent:
            lines.append(f"Brukt i tidligere runder: {kroner(spent)}")
        lines.append(f"Igjen av rammen: {kroner(left)}" if left >= 0 else f"Over rammen: {kroner(-left)}")
    return Paper(
        background=(
            f"{noun.the_many.capitalize()} i «{round_title}» er behandlet {noun.each} for seg. "
            f"{body} tar her stilling til den samlede fordelingen." + (f"\n\n{guidelines}" if guidelines else "")
        ),
        facts="\n".join(lines),
        considerations=(
            "Fordelingen skal ses i sammenheng: forholdet mellom tiltakene, mellom kommuner og helseforetak, "
            "og kapasiteten til å gjennomføre hele porteføljen." + (f"\n\n{portfolio}" if portfolio else "")
        ),
        proposal=allocation_proposal(body, shares),
    )


def allocation_proposal(body: str, shares: Sequence[Share]) -> str:
    """The proposal on the list as a whole: the sum, and what each application gets while they can be read aloud."""
    if not shares:
        return proposals.write([(f"{body} fordeler ingen midler i denne runden.", ())])
    total = sum(share.amount for share in shares)
    return _allocation(body, f"til sammen {kroner(total)}", shares)


def allocation_without(body: str, shares: Sequence[Share]) -> str:
    """The same for a reader to whom applications on the list are closed: only ``shares``, and no sum."""
    return _allocation(body, "midlene", shares)


def _allocation(body: str, what: str, shares: Sequence[Share]) -> str:
    is_read_aloud = 0 < len(shares) <= MOST_LETTERS
    letters = [f"{share.title}: {kroner(share.amount)}" for share in shares] if is_read_aloud else []
    how = "slik:" if is_read_aloud else "slik den prioriterte listen viser."
    return proposals.write(
        [
            (f"{body} fordeler {what} {how}", letters),
            (f"{body} {SENDS_LETTERS}", ()),
        ]
    )


# --- the case that the round itself is decided in ---------------------------------------------------


def guidelines_sentence(part: CasePart | None) -> str:
    """Where the round's guidelines were decided, for the papers that build on them (R127); empty when not told."""
    if part is None:
        return ""
    return f"Retningslinjene for runden er behandlet i sak {part.number}, «{part.title}»{_earlier(part)}."


def _earlier(part: CasePart) -> str:
    return f" (tidligere saker: {', '.join(part.earlier)})" if part.earlier else ""


def round_paper(part: CasePart) -> Paper:
    """The paper of the case in which the body decides how the round is to be, from the round's own draft (R128, R129).

    A heading of the round's that is not one of the paper's own is a subheading under the one before it. Guidelines
    have the three parts of document 004 when the round names none.
    """
    texts = {"Bakgrunn": "", "Fakta": "", GUIDELINES: "", "Vurderinger": ""}
    current, parts = "Bakgrunn", list[str]()
    for heading in part.headings:
        if heading in texts:
            current = heading
        elif current == GUIDELINES and heading not in OWN_HEADINGS:
            parts.append(heading)
        elif heading not in OWN_HEADINGS:
            texts[current] = f"{texts[current]}\n\n{heading}:".strip()
    earlier = f"Saken bygger på {', '.join(part.earlier)}." if part.earlier else ""
    background = "\n\n".join(filter(None, (earlier, texts["Bakgrunn"])))
    if GUIDELINES in part.headings:
        texts[GUIDELINES] = "\n\n".join(f"## {title}" for title in parts or PARTS)
    return Paper(background, texts["Fakta"], texts["Vurderinger"], round_proposal(part.draft), texts[GUIDELINES])


def round_proposal(draft: Sequence[ResolutionPoint]) -> str:
    """The draft resolution as numbered points; a point that asks somebody for something names who follows it up."""
    return proposals.write(
        [
            (f"{point.text.rstrip()} Følges opp av: {point.asks}." if point.asks else point.text, point.points)
            for point in draft
        ]
    )
