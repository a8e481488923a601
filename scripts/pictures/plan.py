"""What is photographed: states, persons, widths, languages."""

from dataclasses import dataclass

STATES = ("empty", "usual", "crowded")
WIDTHS = (360, 768, 1280, 1600)
HEIGHT = 900
# Taken in these languages too, and as they are printed, at one width.
LANGUAGES = ("nn", "en")
TRANSLATED = ("portal:home", "applications:detail", "rounds:detail", "account_login")
DARK = (
    "portal:home",
    "applications:benefits",
    "applications:budget",
    "assessment:round",
    "assessment:board",
    "assessment:detail",
    "meetings:room",
    "rounds:detail",
)
# The README's pictures, by the names of their views: the first screen, in docs/pictures.
IN_README = {
    "portal.home--samhandlingsleder.kommunene": "front-page",
    "applications.detail--prosjektleder.senja": "application",
    "assessment.board--samhandlingsleder.kommunene": "ranking",
    "decisions.review_letters--samhandlingssjef.innlandet": "letters",
    "rounds.detail--visitor": "call",
}
PRINTED = (
    "applications:check",
    "applications:detail",
    "applications:sent",
    "assessment:board",
    "assessment:detail",
    "assessment:papers",
    "assessment:round",
    "decisions:letter",
    "meetings:case",
    "meetings:minutes",
    "plans:plan",
    "rounds:detail",
)
# With the few colours that a person has chosen in the operating system.
FORCED = ("portal:home", "applications:budget", "applications:signatures", "assessment:board", "meetings:room")
ONE_WIDTH = 1280

VISITOR = ""
# The persons of the demo whose links are followed, so that each page is seen by the one whose work it is.
PERSONS = (
    VISITOR,
    "prosjektleder.senja@example.org",
    "kommunedirektor.senja@example.org",
    "prosjektleder.hamar@example.org",
    "prosjektleder.rana@example.org",
    "samhandlingsleder.kommunene@example.org",
    "samhandlingskoordinator.innlandet@example.org",
    "samhandlingssjef.innlandet@example.org",
    "vurderer.kommunene@example.org",
    "ssu.leder@example.org",
    "ssu.medlem.narvik@example.org",
    "regional.radgiver@example.org",
    "leder.tildelingsutvalget@example.org",
)


@dataclass(frozen=True)
class View:
    """A page as one person sees it: ``kind`` is the name of its address."""

    person: str
    kind: str
    path: str
    cookies: dict[str, str]

    @property
    def name(self) -> str:
        """The name of the pictures' files."""
        role = self.person.partition("@")[0] or "visitor"
        return f"{self.kind.replace(':', '.')}--{role}"
