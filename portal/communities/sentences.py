"""The acts of this room in plain words."""

from django.utils.translation import gettext_lazy as _

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
