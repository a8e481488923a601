"""«Åpent nå» on the front page: the calls that the person can apply in, and those for others, folded."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from rounds import home, queries
from tests import factories
from tests.harness import worlds
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]
OPEN = {"announced": "2025-01-01 08:00", "opens": "2025-01-02 08:00", "closes": "2025-03-01 24:00", "forward_by": None}
REFUSED = "Organisasjonen din er ikke blant dem som kan søke i disse."


def open_round(code, **changes):
    spec = factories.changed(factories.definition("troms-ofoten-2024"), dates=OPEN, **changes)
    return factories.round_of(type(spec).model_validate({**spec.to_data(), "code": code}))


@worlds.world
def local(house):
    """A round that only one of the two helsefellesskap receives, open now."""
    return open_round("bare-troms")


def calls_of(user):
    told = queries.open_calls(user, NOW)
    return len(told.near), len(told.others)


@pytest.mark.parametrize(
    ("role", "calls"),
    [
        ("applicant", (1, 0)),
        ("hospital_applicant", (1, 0)),
        ("fsu_leader", (1, 0)),
        # The organisation belongs to the other helsefellesskap.
        ("stranger", (0, 1)),
        # Nobody that applies: all are shown as they are.
        ("secretary", (1, 0)),
        ("far_secretary", (1, 0)),
        ("member", (1, 0)),
        ("nobody", (1, 0)),
    ],
)
def test_calls_are_told_apart_for_those_who_can_apply_somewhere(house, local, role, calls):
    assert calls_of(getattr(house, role)) == calls


def test_an_organisation_of_a_kind_that_cannot_apply_has_no_call(house, local):
    adviser = factories.user("Regional rådgiver")
    factories.affiliation(adviser, house.region)
    assert calls_of(adviser) == (0, 1)


def test_front_page_folds_the_calls_of_others_and_says_why(house, local, sign_in):
    page = sign_in(house.stranger).get("/").content.decode()
    assert "Ingen åpne utlysninger er for din organisasjon." in page
    _shown, folded = page.split("<summary>Utlysninger for andre (1)</summary>")
    assert REFUSED in folded
    assert "For Helsefellesskapet Troms og Ofoten" in folded
    near = sign_in(house.applicant).get("/").content.decode()
    assert local.title in near
    assert "Utlysninger for andre" not in near


def test_list_of_applications_offers_no_start_in_the_calls_of_others(house, local, sign_in):
    start = reverse("applications:start", args=[local.code])
    pages = [sign_in(person).get(reverse("applications:list")).text for person in (house.applicant, house.stranger)]
    assert [start in page for page in pages] == [True, False]
    assert REFUSED in pages[1]


def test_visitor_reads_where_one_can_apply(client, house, local):
    page = client.get("/").content.decode()
    assert "For Helsefellesskapet Troms og Ofoten" in page
    assert home.open_calls(AnonymousUser(), NOW)["others"] == []


def test_the_calls_that_are_left_out_are_counted_by_name(client, house):
    for number in range(5):
        open_round(f"runde-{number}")
    assert "2 åpne utlysninger til" in client.get("/").content.decode()


def test_more_calls_cost_no_more(client, house, django_assert_num_queries):
    for number in range(3):
        open_round(f"runde-{number}")
        with django_assert_num_queries(1):
            assert 'href="/rounds/runde-0/"' in client.get("/").text


def test_receivers_are_named_until_they_are_many(house, monkeypatch):
    nord = factories.round_of(factories.definition("helse-nord-2025"))
    (call,) = queries.open_calls(house.nobody, NOW).near
    assert call.receivers.count("Helsefellesskap") == 4
    monkeypatch.setattr(queries, "MOST_NAMED", 3)
    assert (call.round, call.receivers) == (nord, "fire helsefellesskap")
    assert home.open_calls(house.nobody, nord.closes_at) is None


# --- what comes next, for those who sit in a body --------------------------------------------------


def dates_of(user):
    told = home.dates(user, NOW)
    return [(line.moment.label, line.round.code) for line in told["dates"]] if told else None


@pytest.mark.parametrize("role", ["member", "chair", "secretary"])
def test_who_sits_in_a_body_sees_what_comes_next_in_its_rounds(house, local, role):
    stage = local.spec.stages[0]
    coming = [(moment.label, local.code) for moment in queries.moments(local, NOW) if moment.at > NOW]
    assert dates_of(getattr(house, role)) == coming
    assert ("Søknadsfrist", local.code) in coming
    assert stage.deadline is None or (stage.name, local.code) in coming


@pytest.mark.parametrize("role", ["stranger", "applicant", "nobody"])
def test_who_sits_nowhere_sees_no_dates(house, local, role):
    assert dates_of(getattr(house, role)) is None


def test_of_several_deadlines_the_persons_own_is_told(house):
    nord = factories.round_of(factories.definition("helse-nord-2025"))
    (receiving,) = [item for item in nord.spec.communities if item.community == house.community.code]
    (call,) = queries.open_calls(house.member, NOW).near
    told = [line for line in home.dates(house.member, NOW)["dates"] if line.moment.code == "closes"]
    assert [line.moment.at for line in told] == [call.deadline.at]
    assert receiving.closes in (None, call.deadline.at)
    labels = [label for label, _code in dates_of(house.member)]
    assert not any(item.name in label for item in nord.spec.communities for label in labels)


def test_a_round_that_is_cancelled_or_of_others_has_no_date(house, local):
    standing = queries.standing_at(house.far_secretary, NOW)
    # Where the person sits is not asked of a secretariat when no deadline depends on it: then it sees all, as above.
    places = ((), {("annet", "secretariat")}, {(house.community.code, "secretariat")})
    assert [queries._concerns(local, standing, belonging) for belonging in places] == [True, False, True]
    type(local).objects.filter(pk=local.pk).update(cancelled_at=NOW)
    assert dates_of(house.member) is None


def test_the_dates_cost_nothing_beside_the_calls(house, local, django_assert_num_queries):
    person = type(house.member).objects.get(pk=house.member.pk)
    home.open_calls(person, NOW)
    with django_assert_num_queries(0):
        assert home.dates(person, NOW)


def test_the_side_column_has_what_came_last_in_the_rounds_of_the_body_and_only_of_late(house, local, frozen_clock):
    day = local.opens_at + timedelta(days=3)
    told = home.gone(house.member, day)
    assert [line.moment.label for line in told["gone"]] == ["Åpnet for søknader", "Utlyst"]
    assert home.gone(house.stranger, day) is None
    assert home.gone(house.member, local.closes_at + queries.NEWS_FOR) is None
