"""An assessor who has the same assessment open on two pages: neither overwrites the other unseen."""

import re

import pytest

from evaluation.assessment.models import Assessment, Score
from tests.assessment.test_views import desk as desk  # noqa: PLC0414 - a fixture
from tests.assessment.test_views import form, score_url

pytestmark = [pytest.mark.django_db, pytest.mark.fault("C12")]


def opened(client, url):
    """What the page carries of what it shows."""
    return client.get(url).context["form"]["seen"].value()


def reasons():
    return dict(Score.objects.values_list("criterion__code", "reason"))


def test_what_another_page_wrote_in_another_field_stays(desk, application, local):
    url = score_url(application, local)
    desk.post(url, form(local, act="save"))
    first = second = opened(desk, url)
    desk.post(url, form(local, act="save", **{"reason-purpose": "Fra side to.", "seen": second}))
    answer = desk.post(url, form(local, act="save", **{"reason-plan": "Fra side en.", "seen": first}))
    assert answer.status_code == 302
    assert (reasons()["purpose"], reasons()["plan"], reasons()["spread"]) == ("Fra side to.", "Fra side en.", "Godt.")


@pytest.mark.parametrize("act", ["save", "deliver"])
def test_the_same_field_is_asked_about_with_both_texts(act, desk, application, local):
    url = score_url(application, local)
    desk.post(url, form(local, act="save"))
    first = second = opened(desk, url)
    desk.post(url, form(local, act="save", **{"reason-purpose": "Fra side to.", "seen": second}))
    typed = form(local, act=act, **{"reason-purpose": "Fra side en.", "seen": first})
    answer = desk.post(url, typed)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert ("Fra side en." in page, "Lagret fra den andre siden: Fra side to." in page) == (True, True)
    assert reasons()["purpose"] == "Fra side to."
    again = desk.post(url, {**typed, "seen": answer.context["form"]["seen"].value()})
    assert (again.status_code, reasons()["purpose"]) == (302, "Fra side en.")


def test_autosave_goes_on_from_what_it_saved_and_says_when_another_page_was_first(desk, application, local):
    url = score_url(application, local)
    seen = opened(desk, url)
    for reason in ("Et", "Et godt"):
        page = desk.post(f"{url}draft/", form(local, reason=reason, seen=seen)).content.decode()
        seen = re.search(r'id="id_seen" value="([^"]*)"', page)[1].replace("&quot;", '"')
    assert reasons()["purpose"] == "Et godt"
    desk.post(url, form(local, reason="Fra side to.", act="save", seen=opened(desk, url)))
    page = desk.post(f"{url}draft/", form(local, reason="Et godt formål.", seen=seen)).content.decode()
    assert "Du har endret det samme på en annen side" in page
    assert reasons()["purpose"] == "Fra side to."


def test_a_post_that_does_not_say_which_version_it_is_of_is_refused(desk, application, local):
    data = form(local, act="save")
    del data["version"]
    answer = desk.post(score_url(application, local), data)
    assert (answer.status_code, "Last den på nytt, og prøv igjen." in answer.text) == (422, True)
    assert "Last den på nytt, og prøv igjen." in desk.post(score_url(application, local, "draft/"), data).text
    assert not Assessment.objects.exists()
