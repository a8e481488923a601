"""Who may sign for partners on a day, and accept an award for the lead: also those who go on with one that has ended.

A right that was given to somebody who was out of the case by then counts for nothing in it.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import F, OuterRef, Q

from applications.later_places import given_in_time
from applications.models import Application, Partner
from portal.communities.models import Affiliation
from portal.portions import portions

# From an organisation to its affiliations, and to those of the organisations that go on with what it had.
HERE, AFTER = "organisation__affiliations__", "organisation__continued_by__successor__affiliations__"
AFTER_LINK = "organisation__continued_by__"


def signatories_in(application: Application, partners: Iterable[Partner], day: date) -> list[Affiliation]:
    """Everyone who may sign for any of the application's partners, each with the organisation (id) as ``acts_for``.

    One query; one more when an organisation among them has ended.
    """
    organisations = [partner.organisation for partner in partners if partner.organisation]
    ended = [organisation.pk for organisation in organisations if organisation.has_ended(day)]
    able = Affiliation.objects.filter(_may_sign("", day, application.pk)).select_related("user", "organisation")
    here = able.filter(organisation__in=[organisation.pk for organisation in organisations])
    after = able.filter(
        _goes_on("organisation__continues__", "user", day, application.pk),
        organisation__continues__predecessor__in=ended,
    )
    return [
        *here.annotate(acts_for=F("organisation")),
        *(after.annotate(acts_for=F("organisation__continues__predecessor")) if ended else ()),
    ]


def signatories_of(partners: Iterable[Partner], day: date) -> dict[int, list[str]]:
    """The addresses of those who may sign for each of the partners (id), which may be of many applications.

    As many queries as ``signatories_in``; again for each ten thousand partners.
    """
    organisations = {partner.pk: partner.organisation for partner in partners if partner.organisation}
    ended = [pk for pk, organisation in organisations.items() if organisation.has_ended(day)]
    rows, of_row = Partner.objects.order_by("pk"), OuterRef("application")
    here = rows.filter(_may_sign(HERE, day, of_row))
    after = rows.filter(_may_sign(AFTER, day, of_row), _goes_on(AFTER_LINK, f"{AFTER}user", day, of_row))
    addresses: dict[int, list[str]] = defaultdict(list)
    for able, at, keys in ((here, HERE, organisations), (after, AFTER, ended)):
        for some in portions(keys):
            for pk, email in able.filter(pk__in=some).values_list("pk", f"{at}user__email"):
                addresses[pk].append(email)
    return addresses


def _may_sign(at: str, day: date, application: Any) -> Q:
    """A condition on affiliations, which lie ``at`` the rows: they count on the day in the application, and sign."""
    person = OuterRef(f"{at}user")
    given, signing_given = f"{at}given_at", f"{at}signing_given_at"
    return Q(
        Q(**{f"{at}to_date": None}) | Q(**{f"{at}to_date__gte": day}),
        Q(**{given: None}) | given_in_time(person, F(given), application),
        Q(**{signing_given: None}) | given_in_time(person, F(signing_given), application),
        **{f"{at}from_date__lte": day, f"{at}may_sign": True, f"{at}user__is_active": True},
    )


def _goes_on(link: str, user: str, day: date, application: Any) -> Q:
    """A condition on the ``link`` of an organisation to its predecessor: it holds on the day, for the person too."""
    in_time = given_in_time(OuterRef(user), F(f"{link}given_at"), application)
    return Q(in_time, **{f"{link}from_date__lte": day})
