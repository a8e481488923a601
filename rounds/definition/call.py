"""The announced call: whom it addresses, its purpose, money, dates, receivers and documents."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from rounds.definition.base import (
    Code,
    Deadline,
    Email,
    Kroner,
    Line,
    Link,
    Part,
    PartyKind,
    Prose,
    Sources,
    Start,
    Year,
    refusal,
)

OrganisationNumber = Annotated[str, StringConstraints(pattern=r"^\d{9}$")]


class SchemePart(Part):
    """The permanent grant scheme that the round belongs to (R11)."""

    code: Code
    name: Line
    purpose: Prose
    permanent: bool = True
    source: Sources = ()


class Owner(Part):
    """Who announces: one helsefellesskap by code, or a region by its organisation number."""

    community: Code | None = None
    organisation: OrganisationNumber | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        if (self.community is None) == (self.organisation is None):
            raise refusal("oppgi enten «community» eller «organisation»")
        return self


class LegalBasis(Part):
    """A law, a proposition or a resolution the call rests on."""

    title: Line
    reference: Line
    valid_from: date | None = None
    valid_to: date | None = None
    source: Sources = ()


class FundingStep(Part):
    """One link of the money's way from the state to the helsefellesskap (R10)."""

    giver: Line
    receiver: Line
    amount: Kroner | None = None
    reference: Line
    decided: date | None = None
    source: Sources = ()


class Identity(Part):
    """The letterhead's and footer's facts about the sender (R105)."""

    name: Line
    organisation_number: OrganisationNumber
    postal_address: Line
    visiting_address: Line = "–"
    phone: Line = "–"
    email: Email
    website: Link | None = None
    source: Sources = ()

    @property
    def letterhead(self) -> dict[str, str]:
        """The lines of the letterhead; what the file does not say is left out."""
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


class Address(Part):
    """A role's e-mail address, e.g. «v/ samhandlingssjef»."""

    role: Line
    email: Email


class ReceivingCommunity(Part):
    """A helsefellesskap that takes applications, and its two addresses (R14, R21, R32)."""

    community: Code
    name: Line
    receiver: Address
    copy_to: Address
    # Where they are not named, the round's own dates hold.
    closes: Deadline | None = None
    source: Sources = ()


class FramePart(Part):
    """The money of a year; rounds with the same frame code share it (R2, R6)."""

    code: Code
    year: Year
    amount: Kroner | None = None
    provisional: bool = False
    rounds_in_year: Line = "–"
    note: Prose = ""
    source: Sources = ()


class Milestone(Part):
    """A date on the public timeline that decides nothing by itself."""

    code: Code
    label: Line
    at: Deadline
    source: Sources = ()


class Dates(Part):
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


class Document(Part):
    """An attachment of the call, with its words where the documents give them."""

    code: Code
    title: Line
    number: Annotated[int, Field(ge=1, le=99)] | None = None
    text: Prose = ""
    url: Link | None = None
    taxonomy: Code | None = None
    source: Sources = ()


class GlossaryEntry(Part):
    """An abbreviation and what it stands for (R28)."""

    term: Line
    meaning: Line


class SourceDocument(Part):
    """A document the definition was made from; other parts name it by key."""

    key: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Za-z0-9]{0,7}$")]
    title: Line


class Call(Part):
    """What the announcement says, in its own words. ``{closes}`` and its like are filled in from the dates."""

    addressee: Line
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


class ApplicantRules(Part):
    """Who may stand together in an application, and what they must have agreed (R4, R9, R12, R20, R73)."""

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
