"""What the room tells the house; see ``portal.rooms``."""

from django.utils.translation import gettext_lazy as _

from portal.communities.menu import is_officer
from portal.rooms import NavItem, Room

SENTENCES = {
    "register.loaded": _("Registeret ble lest inn."),
    "person.invited": _("En person ble invitert til portalen."),
    "person.profile_changed": _("En person endret profilen sin."),
    "affiliation.added": _("En person ble knyttet til organisasjonen."),
    "affiliation.changed": _("En tilknytning til organisasjonen ble endret."),
    "affiliation.ended": _("En tilknytning til organisasjonen ble avsluttet."),
    "organisation.added": _("Organisasjonen ble registrert."),
    "organisation.changed": _("Opplysningene om organisasjonen ble endret."),
    "community.addresses_changed": _("Adressene til helsefellesskapet ble endret."),
    "body.added": _("Organet ble opprettet."),
    "body.changed": _("Opplysningene om organet ble endret."),
    "seat.added": _("En person fikk plass i organet."),
    "seat.changed": _("En plass i organet ble endret."),
    "seat.ended": _("En plass i organet ble avsluttet."),
}

ROOM = Room(
    menu=(
        NavItem(_("Organer"), "portal:body_list", order=70, menu="administration"),
        NavItem(_("Organisasjoner"), "portal:organisation_list", visible=is_officer, order=80, menu="administration"),
        NavItem(_("Personer"), "portal:person_list", visible=is_officer, order=82, menu="administration"),
        NavItem(_("Logg"), "portal:log", visible=is_officer, order=90, menu="administration"),
        NavItem(_("Min side"), "portal:my_page", order=10, menu="user"),
    ),
    sentences=SENTENCES,
)
