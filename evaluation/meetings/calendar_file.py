"""The entry of a meeting for the calendars of those who are called: sent with the call, taken out when cancelled."""

from collections.abc import Iterable
from datetime import datetime
from email.utils import parseaddr

from django.conf import settings
from icalendar import Calendar, Event, vCalAddress

from evaluation.meetings.models import Meeting
from portal.communities.models import User
from portal.files.models import StoredFile
from portal.files.services import store_bytes


def entry(meeting: Meeting, people: Iterable[User], *, at: datetime) -> StoredFile:
    """The file for the mail. Calendars know the meeting by its ``uid``, and take what has the higher ``sequence``."""
    method = "CANCEL" if meeting.is_cancelled else "REQUEST"
    calendar, event = Calendar(), Event()
    for name, value in (("prodid", "-//Samhandlingsportalen//NO"), ("version", "2.0"), ("method", method)):
        calendar.add(name, value)
    event.add("uid", f"meeting-{meeting.pk}@samhandlingsportalen")
    event.add("sequence", meeting.revision)
    event.add("dtstamp", at)
    event.add("dtstart", meeting.starts_at)
    event.add("summary", str(meeting.body))
    event.add("location", meeting.location)
    event.add("url", f"{settings.SITE_URL}{meeting.get_absolute_url()}")
    event.add("status", "CANCELLED" if meeting.is_cancelled else "CONFIRMED")
    event.add("organizer", _address(parseaddr(settings.DEFAULT_FROM_EMAIL)[1], str(meeting.body)))
    for person in people:
        event.add("attendee", _address(person.email, person.name))
    calendar.add_component(event)
    data = bytes(calendar.to_ical())
    return store_bytes(data, name=f"mote-{meeting.pk}.ics", content_type="text/calendar", at=at)


def _address(email: str, name: str) -> vCalAddress:
    address = vCalAddress(f"MAILTO:{email}")
    address.params["cn"] = name
    return address
