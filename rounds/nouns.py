"""What the papers, the resolutions and the letters call the thing that is applied with: a søknad or an initiativ.

Pure. The words are in bokmål, as the minutes are. Pages and mails translate whole sentences, in bokmål too: a sentence
about a søknad has a twin about an initiativ in each catalogue, under the noun's ``context``.
"""

from dataclasses import dataclass
from typing import Literal

FormKind = Literal["application", "initiative"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Noun:
    """The forms of a noun that sentences are made with."""

    one: str
    the: str
    many: str
    the_many: str
    # The pronoun, and «hver for seg» of several.
    it: str
    each: str
    # As the object of «avslår», before the title in «…».
    applied: str
    # The gettext context of translated sentences about it; those about a søknad have none.
    context: str = ""

    @property
    def fields(self) -> dict[str, str]:
        """The forms as the fields of a sentence (``outcomes.Meaning``)."""
        return {"the": self.the, "it": self.it, "applied": self.applied}


APPLICATION = Noun(
    one="søknad",
    the="søknaden",
    many="søknader",
    the_many="søknadene",
    it="den",
    each="hver",
    applied="søknaden om tilskudd til",
)
INITIATIVE = Noun(
    one="initiativ",
    the="initiativet",
    many="initiativ",
    the_many="initiativene",
    it="det",
    each="hvert",
    applied="initiativet",
    context="initiative",
)
NOUNS: dict[FormKind, Noun] = {"application": APPLICATION, "initiative": INITIATIVE}
