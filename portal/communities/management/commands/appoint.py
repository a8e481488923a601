"""manage.py appoint: give a secretariat its first person, who then gives the other places in the browser."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal import clock
from portal.communities import queries
from portal.communities.services import bodies
from portal.communities.services.people import Invited
from portal.errors import DomainError
from portal.mail.queries import messages_about


class Command(BaseCommand):
    help = (
        "Setter inn den første i et sekretariat. Personen får en lenke på e-post for å velge passord, "
        "og gir de andre plass i portalen. Uten argumenter: sekretariatene som mangler folk."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", nargs="?", help="adressen personen skal logge inn med")
        parser.add_argument("body", nargs="?", help="koden til sekretariatet, for eksempel sekr-troms-ofoten")
        parser.add_argument("--name", default="", help="navnet, for en person som er ny i portalen")
        parser.add_argument("--title", default="", help="stillingen")
        parser.add_argument(
            "--confirm", action="store_true", help="bekreft plassen til en som en kollega har satt inn alene"
        )
        parser.add_argument("--anyway", action="store_true", help="selv om sekretariatet har noen; det blir loggført")

    def handle(self, *args: Any, **options: Any) -> None:
        now = clock.now()
        empty = queries.empty_secretariats(clock.local_date(now))
        if not (options["email"] and options["body"]):
            self.stdout.write("Disse sekretariatene har ingen. Kjør: manage.py appoint EPOST KODE --name NAVN")
            for secretariat in empty:
                self.stdout.write(f"  {secretariat.code:28} {secretariat.name}, {secretariat.tenant}")
            return
        body = queries.body_with_code(options["body"])
        if body is None:
            codes = ", ".join(secretariat.code for secretariat in empty)
            raise CommandError(f"Ingen organer har koden {options['body']}. Uten folk er: {codes or 'ingen'}.")
        if options["confirm"]:
            self._confirm(body, now, options)
        else:
            self._appoint(body, now, options)

    def _confirm(self, body: Any, now: Any, options: dict[str, Any]) -> None:
        person = queries.user_with_email(options["email"])
        seat = queries.seats_of(body).filter(user=person).exclude(given_alone_by=None).first()
        if seat is None:
            raise CommandError(f"Ingen plass i {body.name} venter på å bli bekreftet for {options['email']}.")
        bodies.confirm_seat(seat, by=None, at=now)
        self.stdout.write(f"Plassen til {seat.user.name} i {body.name} er bekreftet.")

    def _appoint(self, body: Any, now: Any, options: dict[str, Any]) -> None:
        known = queries.user_with_email(options["email"])
        if known is None and not options["name"].strip():
            raise CommandError("Personen er ny i portalen: skriv navnet med --name.")
        invited = Invited(options["email"], options["name"])
        try:
            seat = bodies.appoint_first(
                body, invited, title=options["title"], by=None, at=now, anyway=options["anyway"]
            )
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{seat.user.name} er i {body.name}, {body.tenant}.")
        if not seat.user.has_usable_password():
            self.stdout.write(f"Lenken for å velge passord er sendt til {seat.user.email}, og er:")
            invitation = messages_about(seat.user, "invitation").last()
            link = (
                next((word for word in invitation.body_text.split() if "/reset/key/" in word), "") if invitation else ""
            )
            self.stdout.write(f"  {link or settings.SITE_URL}")
