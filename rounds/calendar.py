"""The round's deadlines as a calendar file."""

from datetime import datetime, timedelta

from icalendar import Calendar, Event

from rounds.models import Round
from rounds.queries import moments


def calendar_file(found: Round, *, address: str, now: datetime) -> bytes:
    """An iCalendar with one entry for each date; a deadline is the hour that ends with it.

    ``address`` is the page's absolute URL. The same version gives the same bytes.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Samhandlingsportalen//NO")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", found.title)
    for moment in moments(found, now):
        event = Event()
        event.add("uid", f"{found.code}-{moment.code}@samhandlingsportalen")
        event.add("dtstamp", found.published_at)
        event.add("sequence", found.version - 1)
        begins = moment.kind == "begins"
        event.add("dtstart", moment.at if begins else moment.at - timedelta(hours=1))
        event.add("dtend", moment.at + timedelta(hours=1) if begins else moment.at)
        event.add("summary", f"{moment.label}: {found.title}")
        event.add("url", address)
        calendar.add_component(event)
    return bytes(calendar.to_ical())
