"""Rules that other rooms answer fail closed: with nobody to ask, nothing is shown."""

import pytest

from applications.models import Application
from portal import rooms
from portal.communities.queries import log_of, standing_at
from portal.communities.questions import bodies_in_session
from portal.rooms import Room, UnansweredError
from rounds.questions import frame_state, locked_communities


@pytest.mark.django_db
def test_with_nobody_to_ask_nothing_is_shown(house, sent_application, sign_in, at, monkeypatch):
    office = standing_at(house.secretary, at)
    application = Application.objects.get(pk=sent_application.pk)
    monkeypatch.setattr(rooms, "all_rooms", lambda: (Room(),))
    for ask in (
        lambda: list(Application.objects.with_out_of_case(office)),
        lambda: list(Application.objects.out_of_case(office.user_id)),
        lambda: application.is_out_of_case(office),
        lambda: list(log_of(office)),
        lambda: bodies_in_session([1]),
        lambda: frame_state(application.round),
        lambda: locked_communities(application.round),
    ):
        with pytest.raises(UnansweredError, match="no room answers"):
            ask()
    with pytest.raises(UnansweredError, match="out_of_case: no room answers"):
        sign_in(house.secretary).get(application.get_absolute_url())
