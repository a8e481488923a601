"""The chapters of a report, in order: what each is called, and what the secretariat is asked to write in it."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter: its code, its title, and the help beside its text. Its figures come from ``figures``."""

    code: str
    title: Any
    help: Any


CHAPTERS = (
    Chapter(
        "summary", _("Sammendrag"), _("Det viktigste på en halv side: pengene, det som virker, og det som henger.")
    ),
    Chapter("money", _("Tilskudd"), _("Skriv det tallene ikke sier selv, for eksempel hvorfor noe ikke er brukt.")),
    Chapter("plan", _("Status for tiltakene"), _("Hvorfor tiltak er forsinket, og hva dere gjør med det.")),
    Chapter(
        "effects",
        _("Effekt og nytte"),
        _("Hva er blitt bedre for innbyggere, kommuner og sykehus? Trekk fram ett eksempel."),
    ),
    Chapter("deviations", _("Avvik"), _("Hva gikk ikke som planlagt, og hva har dere lært?")),
    Chapter("spread", _("Spredning"), _("Hva bør flere ta i bruk, og hvem skal få det til?")),
    Chapter("ahead", _("Neste år"), _("Hva dere vil prioritere, og hva dere trenger fra regionen.")),
)
BY_CODE = {chapter.code: chapter for chapter in CHAPTERS}
