"""What has happened with a raised case, as the page tells it: the latest first."""

from django.utils.translation import gettext as _

from evaluation.raised.models import RaisedCase
from evaluation.raised.queries import sendings_of
from portal.ui import Event


def events_of(raised: RaisedCase) -> list[Event]:
    """Raised, sent on, and settled; one query. What it became in a meeting the page tells apart."""
    events = [Event(at=raised.raised_at, text=_("Saken ble meldt inn."), by=raised.raised_by.name)]
    for sending in sendings_of(raised):
        words = {"before": sending.from_body.name, "after": sending.to_body.name, "why": sending.why}
        text = _("Sendt videre fra %(before)s til %(after)s: %(why)s") % words
        events.append(Event(at=sending.sent_at, text=text, by=sending.sent_by.name))
    if raised.settled_at:
        said = _("Sekretariatet svarte.") if raised.answer else _("Saken ble trukket.")
        events.append(Event(at=raised.settled_at, text=said, by=raised.settled_by.name if raised.settled_by else ""))
    return events[::-1]
