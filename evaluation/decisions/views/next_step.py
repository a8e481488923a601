"""What the decisions and letters of a round wait for: the heading of their page, and the one next step in its box."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.models import Application
from evaluation.decisions.queries import RoundLine
from evaluation.meetings.models import Meeting
from portal.clock import local_date
from portal.formats import date_in_words, in_words
from portal.twins import twin_n
from portal.ui import NextStep
from rounds.models import Round


@dataclass(frozen=True, slots=True)
class Counts:
    """How many wait for what, of those that this person may act on."""

    # Meetings with adopted minutes that are not made into decisions, and applications that no meeting decides.
    meetings: Sequence[Meeting]
    untold: Sequence[Application]
    unwritten: int
    to_read: int
    # Drafts that this person has written, and a colleague must approve.
    for_colleague: int
    to_send: int
    # Approved letters that jobs are sending.
    sending: int
    sent: int


def rounds_heading(lines: Sequence[RoundLine]) -> str:
    """The news of the list of rounds: how many decisions are to be registered, else how many letters are not sent."""
    if n := sum(line.unregistered for line in lines):
        return ngettext("Ett vedtak skal registreres", "%(n)s vedtak skal registreres", n) % {"n": in_words(n)}
    if n := sum(line.waiting for line in lines):
        return ngettext("Ett brev er ikke sendt", "%(n)s brev er ikke sendt", n) % {"n": in_words(n)}
    return _("Ingen brev venter")


def first_round(lines: Sequence[RoundLine]) -> NextStep | None:
    """The round where something is to be done, as the next step of the list of rounds; None when nothing is."""
    for line in lines:
        url = reverse("decisions:overview", args=[line.code])
        if line.unregistered:
            text = _("Søkerne får vite utfallet når vedtaket er registrert og brevet er sendt.")
            title = _("Registrer vedtakene: %(round)s") % {"round": line.title}
            return NextStep(title, text=text, act=_("Registrer vedtakene"), url=url)
        if line.waiting:
            return NextStep(_("Gjør ferdig brevene om vedtak"), text=line.title, act=_("Se brevene"), url=url)
    return None


def heading(step: NextStep | None, sent: int) -> str:
    """The news of the page: the first thing that waits, and how many of them."""
    if step:
        return step.heading
    if sent:
        return ngettext("Brevet er sendt", "Alle %(n)s brev er sendt", sent) % {"n": sent}
    return _("Ingen vedtak ennå")


def next_step(of_round: Round, counts: Counts) -> NextStep | None:
    """The first of: register decisions, write, read and approve, send, wait for a colleague; None when all is done."""
    if counts.meetings:
        return _of_meeting(of_round, counts.meetings[0])
    if counts.untold:
        return _of_untold(of_round, counts.untold)
    if counts.unwritten:
        return _to_write(of_round, counts.unwritten)
    if counts.to_read:
        return _to_read(of_round, counts)
    if counts.to_send:
        return _to_send(of_round, counts.to_send)
    if counts.sending:
        return _to_wait(of_round, counts.sending)
    return _for_colleague(counts.for_colleague) if counts.for_colleague else None


def _of_meeting(of_round: Round, meeting: Meeting) -> NextStep:
    words = {"body": meeting.body.name, "day": date_in_words(local_date(meeting.held_at))}
    return NextStep(
        heading=_("Vedtakene fra %(body)s %(day)s er ikke registrert") % words,
        title=_("Protokollen er godkjent"),
        text=_("Hvert vedtak i møtet får et brev. Ingenting er kjent for søkerne før brevet er sendt."),
        act=_("Registrer vedtakene fra møtet"),
        url=reverse("decisions:decide_meeting", args=[of_round.code, meeting.pk]),
        is_post=True,
    )


def _of_untold(of_round: Round, untold: Sequence[Application]) -> NextStep:
    n = len(untold)
    said = twin_n(of_round.noun_context, "Én søknad mangler vedtak", "%(n)s søknader mangler vedtak", n)
    return NextStep(
        heading=said % {"n": in_words(n)},
        title=_("Registrer vedtaket om «%(title)s»") % {"title": untold[0].title},
        text=_("Det trenger ikke noe møte. Ingenting er kjent for søkerne før brevet er sendt."),
        act=_("Registrer vedtaket"),
        url=reverse("decisions:decide_application", args=[untold[0].code]),
        is_post=True,
    )


def _to_write(of_round: Round, n: int) -> NextStep:
    return NextStep(
        heading=ngettext("Ett vedtak mangler brev", "%(n)s vedtak mangler brev", n) % {"n": in_words(n)},
        title=ngettext("Skriv brevet", "Skriv brevene", n),
        text=ngettext(
            "Det blir et utkast med tekstene fra runden, og sendes ikke før det er lest og godkjent.",
            "De blir utkast med tekstene fra runden, og sendes ikke før de er lest og godkjent.",
            n,
        ),
        act=ngettext("Skriv ett brev", "Skriv %(n)s brev", n) % {"n": n},
        url=reverse("decisions:prepare_all", args=[of_round.code]),
        is_post=True,
    )


def _to_read(of_round: Round, counts: Counts) -> NextStep:
    n = counts.to_read
    text = ngettext(
        "Det står ved siden av det som er vedtatt.",
        "De står under hverandre, hvert ved siden av det som er vedtatt.",
        n,
    )
    if written := counts.for_colleague:
        left = ngettext(
            "Ett brev har du skrevet selv. Det godkjenner en kollega.",
            "%(n)s brev har du skrevet selv. De godkjennes av en kollega.",
            written,
        )
        text = f"{text} {left % {'n': in_words(written)}}"
    said = ngettext("Ett brev skal leses og godkjennes", "%(n)s brev skal leses og godkjennes", n)
    return NextStep(
        heading=said % {"n": in_words(n)},
        title=ngettext("Les brevet, og godkjenn det", "Les brevene, og godkjenn dem samlet", n),
        text=text,
        act=ngettext("Les brevet", "Les %(n)s brev", n) % {"n": n},
        url=reverse("decisions:review_letters", args=[of_round.code]),
    )


def _to_send(of_round: Round, n: int) -> NextStep:
    said = ngettext("Ett godkjent brev er ikke sendt", "%(n)s godkjente brev er ikke sendt", n)
    return NextStep(
        heading=said % {"n": in_words(n)},
        title=ngettext("Send det godkjente brevet", "Send de godkjente brevene", n),
        text=_("Søkerne får vite utfallet når brevet er sendt. Du ser hva som går ut før det sendes."),
        act=ngettext("Send brevet", "Send %(n)s brev", n) % {"n": n},
        url=reverse("decisions:confirm_letters", args=[of_round.code]),
    )


def _to_wait(of_round: Round, n: int) -> NextStep:
    return NextStep(
        heading=ngettext("Ett brev sendes nå", "%(n)s brev sendes nå", n) % {"n": in_words(n)},
        title=ngettext("Portalen lager PDF-en og sender brevet", "Portalen lager PDF-ene og sender brevene", n),
        text=_("Du kan gå til en annen side. Arbeidet fortsetter."),
        act=_("Oppdater siden"),
        url=reverse("decisions:overview", args=[of_round.code]),
    )


def _for_colleague(n: int) -> NextStep:
    return NextStep(
        heading=ngettext("Ett brev venter på en kollega", "%(n)s brev venter på en kollega", n) % {"n": in_words(n)},
        title=ngettext("Du skrev dette brevet", "Du skrev disse brevene", n),
        text=ngettext(
            "En kollega i sekretariatet leser og godkjenner det. Når det er gjort, kan dere sende det.",
            "En kollega i sekretariatet leser og godkjenner dem. Når det er gjort, kan dere sende dem.",
            n,
        ),
    )
