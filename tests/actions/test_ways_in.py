"""Where one finds what is to be followed up: the list of meetings, the projects, the case paper and the log."""

import re

import pytest
from django.urls import reverse

from evaluation.actions import services
from evaluation.actions.models import OwnerKind, State
from evaluation.actions.queries.item_names import names_of
from evaluation.actions.queries.rows import news_of
from portal.clock import local_date
from portal.communities.models import Body, BodySuccession
from portal.communities.queries import standing_at
from tests import factories
from tests.actions import world
from tests.actions.test_services import recuse

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


@pytest.fixture
def item(house, now, case):
    """An item that Senja kommune owns, ten days late."""
    return world.item(house, case, now, world.own(OwnerKind.ORGANISATION, house.partner), -10)


def test_the_meetings_and_the_projects_lead_to_the_list(house, item, sign_in):
    link = f'href="{reverse("actions:list", args=[house.ssu.code])}">{house.ssu.name}</a>'
    shown = {
        (person, url): link in sign_in(getattr(house, person)).get(reverse(url)).text
        for person, url in (
            ("member", "meetings:list"),
            ("secretary", "meetings:list"),
            ("secretary", "followup:overview"),
            ("far_secretary", "meetings:list"),
        )
    }
    assert list(shown.values()) == [True, True, True, False]
    assert "1 åpen, 1 over fristen" in sign_in(house.member).get(reverse("meetings:list")).text


def test_what_a_body_that_ended_has_asked_for_is_counted_in_the_list_it_stands_in(house, now, case, item, sign_in):
    after = factories.body(house.community, code="ssu-ny", name="Nytt SSU", kind="ssu")
    factories.seat(after, house.chair, "municipality", role="chair")
    BodySuccession.objects.create(predecessor=house.ssu, successor=after, from_date=local_date(now), given_at=now)
    Body.objects.filter(pk=house.ssu.pk).update(last_day=local_date(now))
    for person in (house.chair, house.secretary):
        lines = sign_in(person).get(reverse("meetings:list")).context["follow_up"]
        assert [(line.body, line.said, line.url) for line in lines] == [
            ("Nytt SSU", "1 åpen, 1 over fristen", reverse("actions:list", args=[after.code]))
        ]


def test_nothing_is_told_of_a_list_with_a_closed_case_alone(house, now, case, item, sign_in):
    recuse(house.member, case, now)
    assert "Oppfølging av vedtak" not in sign_in(house.member).get(reverse("meetings:list")).text


def test_the_case_paper_tells_what_is_followed_up_of_it(house, case, item, sign_in):
    page = sign_in(house.member).get(reverse("meetings:case", args=[case.pk])).text
    assert f'href="{item.get_absolute_url()}">' in page
    assert f'<span class="muted">{house.partner.name} · ' in page


def test_the_log_leads_to_the_item_of_whoever_may_open_it(house, now, item):
    subjects = {"actions.followupitem": [str(item.pk)]}
    named = names_of(subjects, standing_at(house.secretary, now))
    assert [(one.name, one.url) for one in named.values()] == [
        (f"Oppfølging av sak {item.case.reference}, punkt {item.reference}", item.get_absolute_url())
        if item.reference
        else (f"Oppfølging av sak {item.case.reference}", item.get_absolute_url())
    ]
    assert names_of(subjects, standing_at(house.far_secretary, now)) == {}


def test_the_heading_of_an_item_is_its_news(house, now, case):
    today = local_date(now)
    late, soon, undated, done, dropped = (world.item(house, case, now, days=days) for days in (-10, 1, None, 1, 1))
    services.settle(done, State.DONE, "Sendt.", seen=None, by=house.secretary, at=now)
    services.settle(dropped, State.DROPPED, "Nei.", seen=None, by=house.secretary, at=now)
    for one in (done, dropped):
        one.refresh_from_db()
    of_case = f"Sak {case.reference}"
    assert [news_of(one, today) for one in (soon, undated, done, dropped)] == [
        f"{of_case} skal følges opp, frist i morgen",
        f"{of_case} skal følges opp",
        f"{of_case} er fulgt opp",
        f"{of_case} følges ikke opp",
    ]
    assert news_of(late, today).startswith(f"{of_case} er ikke fulgt opp. Fristen var ")


def test_the_menu_marks_the_meetings_on_the_pages_of_the_list(house, item, sign_in):
    page = sign_in(house.member).get(reverse("actions:list", args=[house.ssu.code])).text
    assert re.search(r'<a[^>]*href="/meetings/"[^>]*aria-current', page)
