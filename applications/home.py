"""What the front page tells an applicant: the newest of «Mine søknader», and what others have done in them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from applications import queries
from applications.models import Application, PartnerRole
from applications.questions import NextDate, next_dates
from applications.workflow import Status
from portal.clock import local_date
from portal.communities.queries import standing_at
from portal.communities.standing import Standing
from portal.journal.models import LogEntry
from portal.journal.queries import news_of
from portal.journal.sentences import sentence

MOST_PROJECTS = 5
MOST_NEWS = 5
# So many of a kind, from one person on one day, are told each for itself.
MOST_ALIKE = 2
# Among so many entries the news are found.
MOST_READ = 30
NEW_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Project:
    """An application on the front page: what the person's organisation is in it, and what it waits for until when."""

    application: Application
    role: str
    next: NextDate | None


@dataclass(frozen=True, slots=True)
class News:
    """Something that another has done in an application of the person, the last of ``times`` times on a day.

    ``more`` of the same kind, such as other partners that were added, are only counted.
    """

    at: datetime
    act: str
    text: str
    by: str
    application: Application
    times: int = 1
    more: int = 0


def projects(user: Any, now: datetime) -> Mapping[str, Any] | None:
    """The applications that were changed last; three queries, and one for each correction."""
    standing = standing_at(user, now)
    written = queries.written_applications(user, now)
    newest = list(written[:MOST_PROJECTS])
    if not newest:
        return None
    awarded = next_dates(newest)
    shown = [Project(item, _role(item, standing), _next(item, now) or awarded.get(item.pk)) for item in newest]
    return {"projects": shown}


def _role(application: Application, standing: Standing) -> str:
    role = application.role_of(standing)
    return str(PartnerRole(role).label) if role else _("Prosjekteier")


def _next(application: Application, now: datetime) -> NextDate | None:
    if not application.is_editable:
        return None
    if application.due_at <= now:
        return NextDate(_("Fristen gikk ut"), application.due_at)
    is_draft = application.known_status == Status.DRAFT
    return NextDate(_("Søknadsfrist") if is_draft else _("Rettefrist"), application.due_at)


def news(user: Any, now: datetime) -> Mapping[str, Any] | None:
    """What others have done in the applications that were changed last, the newest first; two queries.

    The same that one person did several times on a day is told once.
    """
    written = {str(item.pk): item for item in queries.written_applications(user, now)[:MOST_PROJECTS]}
    news_since = {"but": user, "since": now - NEW_FOR, "acts": "application.", "without": queries.INNER}
    entries = news_of(written.values(), **news_since)[:MOST_READ]
    alike = groupby((_told(entry, written[entry.subject_id]) for entry in entries), _on_a_day)
    told = [item for _key, same in alike for item in _once(list(same))]
    return {"news": told[:MOST_NEWS]} if told else None


def _on_a_day(news: News) -> tuple[Any, ...]:
    return local_date(news.at), news.act, news.by, news.application.pk


def _once(same: list[News]) -> list[News]:
    """The same sentence is told once; of many sentences of one kind the newest is told, and the others counted."""
    times = Counter(news.text for news in same)
    first = {news.text: replace(news, times=times[news.text]) for news in reversed(same)}
    told = [first[text] for text in times]
    return told if len(told) <= MOST_ALIKE else [replace(told[0], more=len(same) - told[0].times)]


def _told(entry: LogEntry, about: Application) -> News:
    return News(
        entry.at, entry.act, sentence(entry, about.noun_context), str(entry.actor) if entry.actor else "", about
    )
