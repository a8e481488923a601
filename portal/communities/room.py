"""What the room tells the house; see ``portal.rooms``."""

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.communities import queries, waiting
from portal.communities.letter_approval import in_words
from portal.communities.menu import is_officer, sits_in_a_body
from portal.communities.rights import Gain
from portal.formats import date_no
from portal.mail.questions import address_today
from portal.rooms import MailSubject, NavItem, Room, TaskList

RIGHTS = {
    Gain.SIGN: _("Personen fikk rett til å signere for organisasjonen."),
    Gain.VOTE: _("Personen fikk stemmerett."),
    Gain.LEAD: _("Personen ble leder eller nestleder."),
    Gain.SIDE: _("Personen kom på en annen side."),
    Gain.STANDS_IN: _("Det ble endret hvem personen er vara for."),
    Gain.TERM: _("Perioden ble lengre."),
}


def _with_rights(sentence: Any, data: Mapping[str, Any]) -> str:
    """The sentence, with one for each right that the entry says was given; older entries name none."""
    return " ".join(map(str, [sentence, *(text for gain, text in RIGHTS.items() if gain in data.get("rights", ()))]))


def _resent(data: Mapping[str, Any]) -> str:
    if data.get("is_new_address"):
        return gettext("En melding som ikke kom fram, ble sendt til en annen adresse.")
    return gettext("En melding som ikke kom fram, ble sendt på nytt.")


def _body_changed(data: Mapping[str, Any]) -> str:
    """That the body was changed, and who approves its letters when that was."""
    sentence = gettext("Opplysningene om organet ble endret.")
    if "letter_approval" not in data:
        return sentence
    approval = gettext("Skrive og godkjenne brev: %(approval)s.") % {"approval": in_words(data["letter_approval"])}
    return f"{sentence} {approval}"


def _ended(data: Mapping[str, Any]) -> str:
    words = {"day": _day(data, "last_day"), "names": ", ".join(data.get("successors", ()))}
    if data.get("successors"):
        return gettext("Organisasjonen ble avsluttet. Siste dag er %(day)s, og den føres videre av %(names)s.") % words
    return gettext("Organisasjonen ble avsluttet. Siste dag er %(day)s.") % words


def _body_ended(data: Mapping[str, Any]) -> str:
    words = {"day": _day(data, "last_day"), "names": ", ".join(data.get("successors", ()))}
    if data.get("successors"):
        return gettext("Organet ble avsluttet. Siste dag var %(day)s, og arbeidet føres videre av %(names)s.") % words
    return gettext("Organet ble avsluttet. Siste dag var %(day)s.") % words


def _body_continues(data: Mapping[str, Any]) -> str:
    words = {"day": _day(data, "from_date"), "name": data.get("predecessor", "")}
    return gettext("Organet fører videre arbeidet til %(name)s, fra %(day)s.") % words


def _continues(data: Mapping[str, Any]) -> str:
    words = {"day": _day(data, "from_date"), "name": data.get("predecessor", "")}
    return gettext("Organisasjonen fører videre det som var %(name)s, fra %(day)s.") % words


def _day(data: Mapping[str, Any], name: str) -> str:
    return date_no(date.fromisoformat(data[name]) if name in data else None)


SENTENCES = {
    "register.loaded": _("Registeret ble lest inn."),
    "person.invited": _("En person ble invitert til portalen."),
    "person.profile_changed": _("En person endret profilen sin."),
    "person.address_changed": _("En person byttet e-postadresse fra %(before)s til %(after)s."),
    "affiliation.added": partial(_with_rights, _("En person ble knyttet til organisasjonen.")),
    "affiliation.changed": partial(_with_rights, _("En tilknytning til organisasjonen ble endret.")),
    "affiliation.ended": _("En tilknytning til organisasjonen ble avsluttet."),
    "organisation.added": _("Organisasjonen ble registrert."),
    "organisation.changed": _("Opplysningene om organisasjonen ble endret."),
    "community.addresses_changed": _("Adressene til helsefellesskapet ble endret."),
    "body.ended": _body_ended,
    "body.continues": _body_continues,
    "body.end_taken_back": _("Organet er ikke avsluttet likevel."),
    "organisation.ended": _ended,
    "organisation.continues": _continues,
    "organisation.end_taken_back": _("Organisasjonen er ikke avsluttet likevel."),
    "body.added": _("Organet ble opprettet."),
    "body.changed": _body_changed,
    "seat.added": partial(_with_rights, _("En person fikk plass i organet.")),
    "seat.first_given": _("Sekretariatet fikk sin første person."),
    "seat.confirmed": _("En kollega bekreftet en plass i sekretariatet."),
    "seat.changed": partial(_with_rights, _("En plass i organet ble endret.")),
    "seat.ended": _("En plass i organet ble avsluttet."),
    "mail.sent_again": _resent,
    "mail.left": _("En melding som ikke kom fram, skal ikke sendes på nytt."),
}

ROOM = Room(
    menu=(
        NavItem(_("Organer"), "portal:body_list", visible=sits_in_a_body, order=70, menu="administration"),
        NavItem(_("Organisasjoner"), "portal:organisation_list", visible=is_officer, order=80, menu="administration"),
        NavItem(_("Personer"), "portal:person_list", visible=is_officer, order=82, menu="administration"),
        NavItem(_("Logg"), "portal:log", visible=is_officer, order=90, menu="administration"),
        NavItem(_("Min side"), "portal:my_page", order=10, menu="user"),
    ),
    tasks=(
        TaskList("undelivered", order=5, build=waiting.undelivered_mail),
        TaskList("seats", order=6, build=waiting.unconfirmed_seats),
    ),
    mail=(
        MailSubject("communities.user", queries.people),
        MailSubject("communities.body", queries.administered_bodies),
        MailSubject("communities.organisation", queries.administered_organisations),
        MailSubject("communities.healthcommunity", queries.communities),
    ),
    tones={"delayed": "warning", "undelivered": "danger"},
    sentences=SENTENCES,
    answers={address_today: queries.address_today},
)
