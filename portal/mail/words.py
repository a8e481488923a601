"""What happened to a message that did not arrive, in words."""

from django.utils.translation import gettext as _

from portal.formats import datetime_no
from portal.mail.models import Delivery, Message
from portal.mail.retrying import NOT_SIGNED_IN, SILENT, UNUSABLE

UNKNOWN_ADDRESS = frozenset({"550", "551", "553"})


def reason(message: Message) -> str:
    """Why the message has not arrived, and what to do; empty when it has, or waits in the outbox."""
    if message.delivery == Delivery.DELAYED and message.next_try_at:
        return _("%(why)s Vi prøver på nytt %(when)s.") % {
            "why": _last(message.answer),
            "when": datetime_no(message.next_try_at),
        }
    if not message.is_undelivered:
        return ""
    if message.answer in UNKNOWN_ADDRESS:
        return _("E-posttjeneren der sier at adressen ikke tar imot e-post (%(code)s). Sjekk adressen.") % {
            "code": message.answer
        }
    if message.answer.isdigit() and int(message.answer) in NOT_SIGNED_IN:
        return _("E-posttjeneren slipper ikke portalen inn (%(code)s). Si fra til driften av portalen.") % {
            "code": message.answer
        }
    if message.answer.startswith("5"):
        return _("E-posttjeneren der avviste meldingen (%(code)s).") % {"code": message.answer}
    if message.answer == UNUSABLE:
        return _("Adressen kan ikke brukes til e-post. Sjekk at den er skrevet riktig.")
    return _("%(why)s Vi prøvde i nesten fem dager.") % {"why": _last(message.answer)}


def _last(answer: str) -> str:
    if answer.isdigit():
        return _("E-posttjeneren tok ikke imot meldingen (%(code)s).") % {"code": answer}
    if answer in SILENT:
        return _("E-posttjeneren svarte ikke.")
    return _("Meldingen kunne ikke lages (%(what)s). Si fra til driften av portalen.") % {"what": answer}
