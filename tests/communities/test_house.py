"""The small world that tests start from holds what it says."""

from portal.communities.models import Seat, User, validate_orgnr
from tests import factories


def test_house_has_a_person_for_each_role(house):
    assert User.objects.count() == len(house.persons) == 22
    assert Seat.objects.filter(deputy_for__isnull=False).get().user == house.deputy


def test_orgnr_is_valid_and_new_each_time():
    made = [factories.orgnr() for _ in range(200)]
    for number in made:
        validate_orgnr(number)
    assert len(set(made)) == 200
