"""The partners of the application, the responsible one, and those who support it (R67–R73, R91)."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F, Max
from django.utils.translation import gettext as _

from applications.models import Application, Partner, PartnerRole
from applications.services import notices, signing
from applications.services.drafts import touch
from portal.acts import act
from portal.clock import local_date
from portal.communities.models import Organisation, User
from portal.communities.queries.succession import successors_on
from portal.errors import DomainError
from portal.journal import services as journal
from portal.twins import twin_lazy, twin_of

MOST_PARTNERS = 100


class PartnerError(DomainError):
    """The change of the partners is against the rules."""


@act
def add(
    application: Application,
    organisations: Sequence[Organisation],
    *,
    by: User,
    at: datetime,
    role: str = PartnerRole.PARTNER,
    other_name: str = "",
) -> list[Partner]:
    """Add organisations, and with ``other_name`` a supporter outside the register; those already in it are passed by.

    Voids the signatures. Raises PartnerError and ClosedDraftError.
    """
    touch(application, at=at)
    held = application.partners.all()
    position = (held.aggregate(Max("position"))["position__max"] or 0) + 1
    taken = set(held.values_list("organisation_id", flat=True))
    new = [
        Partner(application=application, organisation=organisation, role=role, position=position + index)
        for index, organisation in enumerate(organisations)
        if organisation.pk not in taken
    ]
    if other_name:
        supporter = PartnerRole.SUPPORTER
        new.append(
            Partner(application=application, other_name=other_name, role=supporter, position=position + len(new))
        )
    if len(held) + len(new) > MOST_PARTNERS:
        raise PartnerError(
            twin_of(twin_lazy("En søknad kan ha høyst %(most)s partnere."), application.noun_context)
            % {"most": MOST_PARTNERS}
        )
    for partner in new:
        partner.save()
        _record("application.partner_added", partner, by=by, at=at)
    signing.note_change(application, at=at)
    return new


@act
def remove(partner: Partner, *, by: User, at: datetime) -> None:
    """Remove a partner with its contacts, its signature and its own contribution in the budget.

    Voids the other signatures, and tells the removed partner. Raises PartnerError for the responsible one, and
    ClosedDraftError.
    """
    application = partner.application
    touch(application, at=at)
    if Partner.objects.get(pk=partner.pk).role == PartnerRole.LEAD:
        raise PartnerError(_("Ansvarlig søker kan ikke fjernes. Velg først en annen ansvarlig søker."))
    _record("application.partner_removed", partner, by=by, at=at)
    notices.partner_removed(partner, by=by, at=at)
    partner.delete()
    signing.note_change(application, at=at)


@act
def make_lead(partner: Partner, *, by: User, at: datetime) -> None:
    """Let this partner be the responsible one; the one before it becomes a partner.

    Voids the signatures, and tells the contacts and both organisations. Raises PartnerError when it cannot receive
    money, and ClosedDraftError. The caller has asked whether ``by`` acts for the present one.
    """
    application = partner.application
    needs_orgnr = application.round.spec.applicants.lead_is_legal_entity
    if partner.organisation is None or (needs_orgnr and not partner.organisation.is_legal_entity):
        raise PartnerError(
            _("%s har ikke organisasjonsnummer i registeret og kan ikke være ansvarlig søker.") % partner
        )
    touch(application, at=at)
    before = application.partners.filter(role=PartnerRole.LEAD).select_related("organisation__community").first()
    if before == partner:
        return
    application.partners.filter(role=PartnerRole.LEAD).update(role=PartnerRole.PARTNER, position=F("position") + 1)
    application.partners.filter(pk=partner.pk).update(role=PartnerRole.LEAD, position=0)
    application.__dict__.pop("lead_organisation_id", None)
    _record("application.lead_changed", partner, by=by, at=at)
    signing.note_change(application, at=at)
    notices.lead_changed(application, before, partner, by=by, at=at)


@act
def follow_successor(partner: Partner, successor: Organisation, *, by: User, at: datetime) -> None:
    """Put an organisation that goes on with what the partner's had in its place; contacts and contributions stay.

    Voids the signatures. Raises PartnerError when the organisation has not ended, when ``successor`` does not go on
    from it, or is a partner already, and ClosedDraftError.
    """
    application = partner.application
    touch(application, at=at)
    partner = Partner.objects.select_related("organisation").get(pk=partner.pk)
    after = successors_on(local_date(at), [partner.organisation])
    if successor not in after.get(partner.organisation_id or 0, []):
        raise PartnerError(_("%s fører ikke denne partneren videre.") % successor)
    if application.partners.filter(organisation=successor).exists():
        raise PartnerError(
            _("%(after)s er allerede partner. Fjern %(name)s i stedet.") % {"after": successor, "name": partner.name}
        )
    _record("application.partner_succeeded", partner, by=by, at=at)
    Partner.objects.filter(pk=partner.pk).update(organisation=successor)
    application.__dict__.pop("lead_organisation_id", None)
    signing.note_change(application, at=at)


@act
def set_unit(partner: Partner, unit: str, *, at: datetime) -> None:
    """Which unit of the partner takes part, in words. Voids the signatures of what changed. Raises ClosedDraftError."""
    touch(partner.application, at=at)
    Partner.objects.filter(pk=partner.pk).update(unit=unit)
    partner.unit = unit
    signing.note_change(partner.application, at=at)


def _record(entry: str, partner: Partner, *, by: User, at: datetime) -> None:
    """With the name of an organisation from the register; one that is written in may be a person's."""
    application, registered = partner.application, partner.organisation
    words = {"orgnr": registered.orgnr if registered else None, "role": str(partner.role)}
    if registered:
        words["name"] = partner.name
    journal.record(entry, subject=application, by=by, at=at, community=application.tenant, **words)
