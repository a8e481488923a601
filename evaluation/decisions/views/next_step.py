"""What the decisions and letters of a round wait for: the heading of their page, and the one next step in its box."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluation.meetings.models import Meeting
from portal.clock import local_date
from portal.formats import date_in_words, in_words
from portal.twins import twin_n
from rounds.models import Round


@dataclass(frozen=True, slots=True)
class Counts:
    """How many wait for what, of those that this person may act on."""

    # Meetings with adopted minutes that are not made into decisions, and applications that no meeting decides.
    meetings: Sequence[Meeting]
    untold: int
    unwritten: int
    to_read: int
    # Drafts that this person has written, and a colleague must approve.
    for_colleague: int
    to_send: int
    # Approved letters that jobs are sending.
    sending: int
    sent: int


@dataclass(frozen=True, slots=True)
class NextStep:
    """What to do, why, what the button says and where it leads; without an address there is only to wait."""

    title: str
    text: str = ""
    act: str = ""
    url: str = ""
    is_post: bool = False


def heading(of_round: Round, counts: Counts) -> str:
    """The news of the page: the first thing that waits, and how many of them."""
    waiting = _before_letters(of_round, counts) or _letters(counts)
    if waiting:
        return waiting
    if counts.sent:
        return ngettext("Brevet er sendt", "Alle %(n)s brev er sendt", counts.sent) % {"n": counts.sent}
    return _("Ingen vedtak ennå")


def _before_letters(of_round: Round, counts: Counts) -> str:
    if counts.meetings:
        first = counts.meetings[0]
        words = {"body": first.body.name, "day": date_in_words(local_date(first.held_at))}
        return _("Vedtakene fra %(body)s %(day)s er ikke registrert") % words
    if counts.untold:
        return twin_n(
            of_round.noun_context, "Én søknad mangler vedtak", "%(n)s søknader mangler vedtak", counts.untold
        ) % {"n": in_words(counts.untold)}
    return ""


def _letters(counts: Counts) -> str:
    if n := counts.unwritten:
        return ngettext("Ett vedtak mangler brev", "%(n)s vedtak mangler brev", n) % {"n": in_words(n)}
    if n := counts.to_read:
        text = ngettext("Ett brev skal leses og godkjennes", "%(n)s brev skal leses og godkjennes", n)
        return text % {"n": in_words(n)}
    if n := counts.to_send:
        text = ngettext("Ett godkjent brev er ikke sendt", "%(n)s godkjente brev er ikke sendt", n)
        return text % {"n": in_words(n)}
    if n := counts.sending:
        return ngettext("Ett brev sendes nå", "%(n)s brev sendes nå", n) % {"n": in_words(n)}
    if n := counts.for_colleague:
        text = ngettext("Ett brev venter på en kollega", "%(n)s brev venter på en kollega", n)
        return text % {"n": in_words(n)}
    return ""


def next_step(of_round: Round, counts: Counts) -> NextStep | None:
    """The first of: register decisions, write, read and approve, send, wait for a colleague; None when all is done."""
    if counts.meetings:
        return NextStep(
            _("Protokollen er godkjent"),
            _("Hvert vedtak i møtet får et brev. Ingenting er kjent for søkerne før brevet er sendt."),
            _("Registrer vedtakene fra møtet"),
            reverse("decisions:decide_meeting", args=[of_round.code, counts.meetings[0].pk]),
            is_post=True,
        )
    if counts.unwritten:
        return NextStep(
            ngettext("Skriv brevet", "Skriv brevene", counts.unwritten),
            ngettext(
                "Det blir et utkast med tekstene fra runden, og sendes ikke før det er lest og godkjent.",
                "De blir utkast med tekstene fra runden, og sendes ikke før de er lest og godkjent.",
                counts.unwritten,
            ),
            ngettext("Skriv ett brev", "Skriv %(n)s brev", counts.unwritten) % {"n": counts.unwritten},
            reverse("decisions:prepare_all", args=[of_round.code]),
            is_post=True,
        )
    if counts.to_read:
        return _to_read(of_round, counts)
    return _to_send(of_round, counts)


def _to_read(of_round: Round, counts: Counts) -> NextStep:
    text = ngettext(
        "Det står ved siden av det som er vedtatt.",
        "De står under hverandre, hvert ved siden av det som er vedtatt.",
        counts.to_read,
    )
    if n := counts.for_colleague:
        left = ngettext(
            "Ett brev har du skrevet selv. Det godkjenner en kollega.",
            "%(n)s brev har du skrevet selv. De godkjennes av en kollega.",
            n,
        )
        text = f"{text} {left % {'n': in_words(n)}}"
    return NextStep(
        ngettext("Les brevet, og godkjenn det", "Les brevene, og godkjenn dem samlet", counts.to_read),
        text,
        ngettext("Les brevet", "Les %(n)s brev", counts.to_read) % {"n": counts.to_read},
        reverse("decisions:review_letters", args=[of_round.code]),
    )


def _to_send(of_round: Round, counts: Counts) -> NextStep | None:
    if counts.to_send:
        return NextStep(
            ngettext("Send det godkjente brevet", "Send de godkjente brevene", counts.to_send),
            _("Søkerne får vite utfallet når brevet er sendt. Du ser hva som går ut før det sendes."),
            ngettext("Send brevet", "Send %(n)s brev", counts.to_send) % {"n": counts.to_send},
            reverse("decisions:confirm_letters", args=[of_round.code]),
        )
    if counts.sending:
        return NextStep(
            _("Portalen lager PDF-ene og sender brevene"),
            _("Du kan gå til en annen side. Arbeidet fortsetter."),
            _("Oppdater siden"),
            reverse("decisions:overview", args=[of_round.code]),
        )
    if counts.for_colleague:
        return NextStep(
            ngettext("Du skrev dette brevet", "Du skrev disse brevene", counts.for_colleague),
            _("En kollega i sekretariatet leser og godkjenner dem. Når det er gjort, kan dere sende dem."),
        )
    return None
