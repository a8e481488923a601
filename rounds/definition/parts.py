"""The standard parts of an application, which a round configures: benefit table, budget, attachments."""

from typing import Annotated, Literal

from pydantic import Field

from rounds.definition.base import Code, Kroner, Prose, RoundPart, Sources, TextLine, Year
from rounds.definition.form import Option

Setting = Literal["off", "optional", "required"]
BenefitField = Literal[
    "benefit",
    "beneficiaries",
    "responsible",
    "measure",
    "reporting",
    "preconditions",
    "freed_resources",
    "horizon",
    "baseline",
    "target",
]


class BenefitColumn(RoundPart):
    """A column: its heading and example text in the round's words; band 2 may cover several rows (R113, R118)."""

    code: BenefitField
    label: TextLine
    help: Prose = ""
    band: Literal[1, 2]
    required: bool = False


class Horizon(Option):
    """When the benefit occurs, in months from the start, and its phase (R117)."""

    from_month: Annotated[int, Field(ge=0, le=240)]
    to_month: Annotated[int, Field(ge=1, le=240)]
    phase: TextLine = "–"


class Benefits(RoundPart):
    """Nyttetabell or gevinstrealiseringsplan (R86, R113–R125)."""

    setting: Setting
    title: TextLine = "Nyttetabell"
    introduction: Prose = ""
    # Whether every applicant has its own rows («for søker/-e», R86).
    per_applicant: bool = False
    min_rows: Annotated[int, Field(ge=0, le=200)] = 0
    columns: tuple[BenefitColumn, ...] = ()
    types: tuple[Option, ...] = ()
    beneficiaries: tuple[Option, ...] = ()
    measures: tuple[Option, ...] = ()
    horizons: tuple[Horizon, ...] = ()
    # The parties for which a gain or a cost is stated (R120, R121).
    effect_parties: tuple[Option, ...] = ()
    drivers: Code | None = None
    credit: TextLine | None = None
    source: Sources = ()

    def column(self, code: str) -> BenefitColumn | None:
        """The column of that code, or None."""
        return next((column for column in self.columns if column.code == code), None)


class Payer(Option):
    """Who pays a budget line; the grant itself is one of them."""

    kind: Literal["grant", "own", "other"]


class Budget(RoundPart):
    """Amounts per year, cost type and payer, in whole kroner (R77–R79, R84, R90, R96, R98–R99, R103, R111)."""

    setting: Setting
    introduction: Prose = ""
    prompts: tuple[Prose, ...] = ()
    years: tuple[Year, ...] = ()
    cost_types: tuple[Option, ...] = ()
    payers: tuple[Payer, ...] = ()
    in_kind: bool = True
    requested_amount: Setting = "required"
    min_amount: Kroner | None = None
    max_amount: Kroner | None = None
    cost_shift: bool = False
    cost_shift_text: Prose = ""
    other_funding: bool = True
    # The kind of attachment that has the budget, where the call demands one (R78).
    attachment: Code | None = None
    later_years_text: Prose = ""
    source: Sources = ()


class AttachmentKind(RoundPart):
    """A kind of file an application may or must enclose (R89)."""

    code: Code
    label: TextLine
    help: Prose = ""
    required: bool = False
    most: Annotated[int, Field(ge=1, le=50)] = 5
    source: Sources = ()


class AttachmentRules(RoundPart):
    """The kinds, and the limits of each file."""

    kinds: tuple[AttachmentKind, ...] = ()
    max_megabytes: Annotated[int, Field(ge=1, le=100)] = 20
    numbered: bool = True

    def kind(self, code: str) -> AttachmentKind | None:
        """The kind of that code, or None."""
        return next((kind for kind in self.kinds if kind.code == code), None)
