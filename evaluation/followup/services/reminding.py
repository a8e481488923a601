"""The secretariat reminds a project that is late, beside the reminders that go by themselves."""

from datetime import datetime

from django.utils.translation import gettext as _

from applications.models import Application
from evaluation.decisions.models import Decision
from evaluation.followup.reminders import late
from portal.acts import act, held
from portal.clock import local_date
from portal.communities.models import User
from portal.errors import DomainError
from portal.journal import services as journal
from portal.reminders.services import remind_again


class ReminderError(DomainError):
    """The project cannot be reminded now."""


@act
def remind_now(award: Decision, *, by: User, at: datetime) -> int:
    """Send the reminder of what the project is late with, to those whom its series goes to; how many get it.

    Raises ReminderError when nothing is late, nobody is left to remind, or one went out the same day.
    """
    application = held(Application.objects.filter(pk=award.application_id)).select_related("round", "community").get()
    waiting = late(application, local_date(at))
    if waiting is None:
        raise ReminderError(_("Ingenting i prosjektet er over fristen."))
    code, thing = waiting
    if not thing.recipients:
        raise ReminderError(_("Ingen kan få purringen. Finn ut hvem som har ansvaret nå."))
    reminded = remind_again(code, thing, at)
    if not reminded:
        raise ReminderError(_("Prosjektet har fått en påminnelse i dag. Send neste purring i morgen."))
    journal.record("project.reminded", subject=application, by=by, at=at, community=application.tenant, kind=code)
    return reminded
