"""The announced call: its addressees, purpose, money, dates, receivers and documents."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from portal.clock import local_date
from rounds.definition.base import (
    Code,
    Deadline,
    Email,
    Kroner,
    Link,
    PartyKind,
    Prose,
    RoundPart,
    Sources,
    Start,
    TextLine,
    Year,
    refusal,
)
from rounds.definition.filling import last_day

OrganisationNumber = Annotated[str, StringConstraints(pattern=r"^\d{9}$")]


class SchemePart(RoundPart):
    """The permanent grant scheme that the round belongs to (R11)."""

    code: Code
    name: TextLine
    purpose: Prose
    permanent: bool = True
    source: Sources = ()


class Owner(RoundPart):
    """Who announces: one helsefellesskap by code, or a region by its organisation number."""

    community: Code | None = None
    organisation: OrganisationNumber | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.community is None) == (self.organisation is None):
            raise refusal("oppgi enten «community» eller «organisation»")
        return self


class LegalBasis(RoundPart):
    """A law, a proposition or a resolution that the call is based on."""

    title: TextLine
    reference: TextLine
    valid_from: date | None = None
    valid_to: date | None = None
    source: Sources = ()


class FundingStep(RoundPart):
    """One transfer of the money on its way from the state to the helsefellesskap (R10)."""

    giver: TextLine
    receiver: TextLine
    amount: Kroner | None = None
    reference: TextLine
    decided: date | None = None
    source: Sources = ()


class Identity(RoundPart):
    """The facts about the sender in the letterhead and footer (R105)."""

    name: TextLine
    organisation_number: OrganisationNumber
    postal_address: TextLine
    visiting_address: TextLine = "–"
    phone: TextLine = "–"
    email: Email
    website: Link | None = None
    source: Sources = ()

    @property
    def letterhead(self) -> dict[str, str]:
        """The lines of the letterhead; what the file lacks is left out."""
        lines = {
            "name": self.name,
            "orgnr": self.organisation_number,
            "address": self.postal_address,
            "visiting_address": self.visiting_address,
            "email": self.email,
            "phone": self.phone,
            "website": self.website or "–",
        }
        return {key: value for key, value in lines.items() if value != "–"}


class Address(RoundPart):
    """A role's e-mail address, e.g. «v/ samhandlingssjef»."""

    role: TextLine
    email: Email


class ReceivingCommunity(RoundPart):
    """A helsefellesskap that receives applications, and its two addresses (R14, R21, R32)."""

    community: Code
    name: TextLine
    receiver: Address
    copy_to: Address
    # Without it, the deadline is that of the round.
    closes: Deadline | None = None
    source: Sources = ()


class FramePart(RoundPart):
    """The money of a year; rounds with the same frame code share it (R2, R6)."""

    code: Code
    year: Year
    amount: Kroner | None = None
    provisional: bool = False
    rounds_in_year: TextLine = "–"
    note: Prose = ""
    source: Sources = ()


class Milestone(RoundPart):
    """A date on the public timeline that has no effect in the portal."""

    code: Code
    label: TextLine
    at: Deadline
    source: Sources = ()


class Dates(RoundPart):
    """All times, by Oslo's clock. The round is open from ``opens`` up to, but not including, ``closes``."""

    dated: date
    announced: Start
    opens: Start
    closes: Deadline
    forward_by: Deadline | None = None
    decision_by: Deadline | None = None
    shortest_notice_days: Annotated[int, Field(ge=0, le=365)] = 28
    milestones: tuple[Milestone, ...] = ()
    source: Sources = ()

    @property
    def notice_days(self) -> int:
        """How many days there are from the announcement to the last day of the deadline (R24)."""
        return (last_day(self.closes) - local_date(self.announced)).days


class Document(RoundPart):
    """An attachment of the call, with its text where the documents have it."""

    code: Code
    title: TextLine
    number: Annotated[int, Field(ge=1, le=99)] | None = None
    text: Prose = ""
    url: Link | None = None
    taxonomy: Code | None = None
    source: Sources = ()


class GlossaryEntry(RoundPart):
    """An abbreviation and what it stands for (R28)."""

    term: TextLine
    meaning: TextLine


class SourceDocument(RoundPart):
    """A document that the definition was made from; other parts refer to it by key."""

    key: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Za-z0-9]{0,7}$")]
    title: TextLine


class Call(RoundPart):
    """The texts of the announcement. Placeholders such as ``{closes}`` are filled in from the dates."""

    addressee: TextLine
    introduction: Prose
    purpose: Prose
    who_may_apply: Prose
    money_text: Prose = ""
    assessment_text: Prose = ""
    how_to_apply: Prose = ""
    follow_up_text: Prose = ""
    notes: tuple[Prose, ...] = ()
    other_channels: Prose = ""
    likeverdighet: Prose = ""
    legal_basis: tuple[LegalBasis, ...] = ()
    funding: tuple[FundingStep, ...] = ()
    identity: Identity | None = None
    source: Sources = ()


class ApplicantRules(RoundPart):
    """Who may apply together, and what they must have agreed (R4, R9, R12, R20, R73)."""

    joint: Literal["required", "urged", "free"] = "required"
    min_municipalities: Annotated[int, Field(ge=0, le=400)] = 1
    min_hospital_trusts: Annotated[int, Field(ge=0, le=50)] = 1
    agreement: Literal["required", "optional", "off"] = "required"
    signing: Literal["all_partners", "lead"] = "all_partners"
    owner_may_be_body: bool = True
    lead_is_legal_entity: bool = True
    own_contribution: Literal["required", "expected", "off"] = "expected"
    shared_contact: Literal["allowed", "warned", "refused"] = "warned"
    partner_kinds: tuple[PartyKind, ...] = ("municipality", "hospital_trust")
    text: Prose = ""
    source: Sources = ()
