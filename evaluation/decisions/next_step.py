"""What the decisions and letters of a round wait for: the heading of their page, and the one next step in its box."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.models import Application
from evaluation.decisions.queries.letter_work import LetterCounts, RoundLine
from evaluation.decisions.queries.registering import MeetingLines
from evaluation.meetings.models import Meeting, MeetingStatus
from portal.clock import local_date
from portal.formats import beginning_in_words, date_in_words, day_in_words, in_words
from portal.twins import twin_n
from portal.ui import NextStep
from rounds.models import Round


def rounds_heading(lines: Sequence[RoundLine]) -> str:
    """The news of the list of rounds with decisions: how many are to be registered, else what the letters wait for."""
    if n := sum(line.unregistered for line in lines):
        return _unregistered(n)
    step = letters_step(lines[0].code, sum((line.letters for line in lines), LetterCounts())) if lines else None
    return step.heading if step else _("Ingen brev venter")


def _unregistered(n: int) -> str:
    return ngettext("Ett vedtak skal registreres", "%(n)s vedtak skal registreres", n) % {"n": in_words(n)}


def first_round(lines: Sequence[RoundLine]) -> NextStep | None:
    """What is to be done in the first round, as the next step of the list of rounds; the button leads to it only."""
    for line in lines[:1]:
        url = reverse("decisions:overview", args=[line.code])
        if n := line.unregistered:
            text = _("Søkerne får vite utfallet når vedtaket er registrert og brevet er sendt.")
            title = ngettext("Registrer vedtaket: %(round)s", "Registrer vedtakene: %(round)s", n)
            act = ngettext("Registrer vedtaket", "Registrer vedtakene", n)
            return NextStep(title % {"round": line.title}, text=text, act=act, url=url)
        if step := leading(line.code, line.letters):
            return replace(step, text=line.title)
    return None


def before_decisions(meeting: Meeting | None, now: datetime) -> NextStep | None:
    """Before the first decision: the meeting that the decisions come from, or the minutes of it; None without one."""
    if meeting is None:
        return None
    today = local_date(now)
    words = {"body": meeting.body.name, "day": day_in_words(local_date(meeting.held_at), today)}
    after = _("Når protokollen er godkjent, registrerer dere vedtakene her, og skriver og sender brevene.")
    if meeting.status == MeetingStatus.CLOSED:
        return NextStep(
            heading=_("Vedtakene venter på at protokollen blir godkjent"),
            title=_("Protokollen fra %(body)s %(day)s er ikke godkjent") % words,
            text=after,
            act=_("Se protokollen"),
            url=reverse("meetings:minutes", args=[meeting.pk]),
        )
    when = {"when": beginning_in_words(meeting.starts_at, now), **words}
    return NextStep(
        heading=_("Ingen vedtak før møtet %(day)s") % words,
        title=_("%(body)s møtes %(when)s") % when,
        text=after,
        act=_("Se møtet"),
        url=meeting.get_absolute_url(),
    )


def leading(code: str, counts: LetterCounts) -> NextStep | None:
    """``letters_step`` from another page, which its button only leads from; None when it is not the person's turn."""
    step = letters_step(code, counts) if counts.is_to_do else None
    if step is None or not step.is_post:
        return step
    act = ngettext("Se vedtaket", "Se vedtakene", counts.unwritten)
    return replace(step, act=act, url=reverse("decisions:overview", args=[code]), is_post=False)


def heading(step: NextStep | None, sent: int, *, is_adopted: bool = False) -> str:
    """The news of the page: the first thing that waits, and how many of them.

    ``is_adopted`` when a meeting has allotted money: its decisions are registered when its minutes are adopted.
    """
    if step:
        return step.heading
    if sent:
        return ngettext("Brevet er sendt", "Alle %(n)s brev er sendt", sent) % {"n": sent}
    return _("Vedtakene venter på at protokollen blir godkjent") if is_adopted else _("Ingen vedtak ennå")


def next_step(
    of_round: Round, counts: LetterCounts, meeting: MeetingLines | None, untold: Sequence[Application]
) -> NextStep | None:
    """Register decisions, of meetings and those that no meeting makes, then ``letters_step``; None when all is done."""
    if meeting:
        return _of_meeting(of_round, meeting)
    return _of_untold(of_round, untold) if untold else letters_step(of_round.code, counts)


def letters_step(code: str, counts: LetterCounts) -> NextStep | None:
    """The first of: write, read and approve, send, wait for the sending or a colleague; None when all are sent.

    ``code`` is the round's. The front page, the list of rounds and the round's own page all ask this.
    """
    if counts.next == "to_read":
        return _to_read(code, counts)
    steps = {"unwritten": _to_write, "to_send": _to_send, "sending": _to_wait, "for_colleague": _for_colleague}
    step = steps.get(counts.next)
    return step(code, getattr(counts, counts.next)) if step else None


def _of_meeting(of_round: Round, lines: MeetingLines) -> NextStep:
    meeting = lines.meeting
    words = {"body": meeting.body.name, "day": date_in_words(local_date(meeting.held_at))}
    return NextStep(
        heading=_unregistered(lines.unregistered),
        title=_("Protokollen fra %(body)s %(day)s er godkjent") % words,
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


def _to_write(code: str, n: int) -> NextStep:
    return NextStep(
        heading=ngettext("Ett vedtak mangler brev", "%(n)s vedtak mangler brev", n) % {"n": in_words(n)},
        title=ngettext("Skriv brevet", "Skriv brevene", n),
        text=ngettext(
            "Det blir et utkast med tekstene fra runden, og sendes ikke før det er lest og godkjent.",
            "De blir utkast med tekstene fra runden, og sendes ikke før de er lest og godkjent.",
            n,
        ),
        act=ngettext("Skriv ett brev", "Skriv %(n)s brev", n) % {"n": n},
        url=reverse("decisions:prepare_all", args=[code]),
        is_post=True,
    )


def _to_read(code: str, counts: LetterCounts) -> NextStep:
    n = counts.to_read
    text = ngettext(
        "Det står ved siden av det som er vedtatt.",
        "De står under hverandre, hvert ved siden av det som er vedtatt.",
        n,
    )
    if written := counts.for_colleague:
        left = ngettext(
            "Ett brev kan du ikke godkjenne selv. Det gjør en kollega.",
            "%(n)s brev kan du ikke godkjenne selv. Det gjør en kollega.",
            written,
        )
        text = f"{text} {left % {'n': in_words(written)}}"
    said = ngettext("Ett brev skal leses og godkjennes", "%(n)s brev skal leses og godkjennes", n)
    return NextStep(
        heading=said % {"n": in_words(n)},
        title=ngettext("Les brevet, og godkjenn det", "Les brevene, og godkjenn dem samlet", n),
        text=text,
        act=ngettext("Les brevet", "Les %(n)s brev", n) % {"n": n},
        url=reverse("decisions:review_letters", args=[code]),
    )


def _to_send(code: str, n: int) -> NextStep:
    said = ngettext("Ett godkjent brev er ikke sendt", "%(n)s godkjente brev er ikke sendt", n)
    return NextStep(
        heading=said % {"n": in_words(n)},
        title=ngettext("Send det godkjente brevet", "Send de godkjente brevene", n),
        text=_("Søkerne får vite utfallet når brevet er sendt. Du ser hva som går ut før det sendes."),
        act=ngettext("Send brevet", "Send %(n)s brev", n) % {"n": n},
        url=reverse("decisions:confirm_letters", args=[code]),
    )


def _to_wait(code: str, n: int) -> NextStep:
    return NextStep(
        heading=ngettext("Ett brev sendes nå", "%(n)s brev sendes nå", n) % {"n": in_words(n)},
        title=ngettext("Portalen lager PDF-en og sender brevet", "Portalen lager PDF-ene og sender brevene", n),
        text=_("Du kan gå til en annen side. Arbeidet fortsetter."),
        act=_("Oppdater siden"),
        url=reverse("decisions:overview", args=[code]),
    )


def _for_colleague(_code: str, n: int) -> NextStep:
    return NextStep(
        heading=ngettext("Ett brev venter på en kollega", "%(n)s brev venter på en kollega", n) % {"n": in_words(n)},
        title=ngettext("Du kan ikke godkjenne dette brevet", "Du kan ikke godkjenne disse brevene", n),
        text=ngettext(
            "En kollega i sekretariatet leser og godkjenner det. Når det er gjort, kan dere sende det.",
            "En kollega i sekretariatet leser og godkjenner dem. Når det er gjort, kan dere sende dem.",
            n,
        ),
    )
