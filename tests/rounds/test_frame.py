"""Setting the frame: by the owner's secretariat, logged, shown to everybody."""

import pytest
from django.urls import reverse

from evaluation.assessment.models import Habilitet
from portal import cells
from portal.journal.models import LogEntry
from tests import factories
from tests.assessment import world as assessments
from tests.decisions.world import adopted
from tests.harness import worlds
from tests.world import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


@worlds.world
def nord(house):
    return factories.round_of(factories.definition("helse-nord-2025"))


def url(round_):
    return reverse("rounds:frame", args=[round_.code])


def seen(round_):
    """What a page that is opened now carries of what it shows."""
    frame = type(round_).objects.get(pk=round_.pk).frame
    return {"version": cells.written(cells.versions({"amount": frame.amount, "provisional": frame.provisional}))}


@pytest.mark.parametrize("role", ["secretary", "far_secretary", "applicant", "chair", "nobody"])
def test_only_the_owners_secretariat_sets_the_frame(role, house, nord, sign_in):
    client = sign_in(getattr(house, role))
    assert client.get(url(nord)).status_code == 403
    assert client.post(url(nord), {"amount": "1"}).status_code == 403
    nord.frame.refresh_from_db()
    assert nord.frame.amount is None


@pytest.mark.requirement("R2")
def test_the_frame_is_set_logged_and_shown(house, nord, sign_in):
    client = sign_in(house.regional_secretary)
    client.post(url(nord), {"amount": "12 500 000 kr", "provisional": "on", **seen(nord)})
    nord.frame.refresh_from_db()
    assert (nord.frame.amount, nord.frame.provisional) == (12_500_000, True)
    page = client.get(nord.get_absolute_url()).content.decode()
    assert "12\u00a0500\u00a0000\u00a0kr, foreløpig" in page
    entry = LogEntry.objects.get(act="frame.set")
    assert entry.data == {"frame": nord.frame.code, "before": None, "amount": 12_500_000, "provisional": True}


@pytest.mark.parametrize("amount", ["mange", "-5", "1,50"])
def test_an_amount_that_is_none_gets_a_sentence_and_is_given_back(amount, house, nord, sign_in):
    answer = sign_in(house.regional_secretary).post(url(nord), {"amount": amount})
    assert answer.status_code == 422
    assert f'value="{amount}"' in answer.content.decode()


def test_the_secretariats_notes_tell_of_the_frame_as_it_is_now(house, nord, sign_in):
    client = sign_in(house.regional_secretary)
    told = {}
    for provisional in ("", "on"):
        client.post(url(nord), {"amount": "4 000 000", "provisional": provisional, **seen(nord)})
        page = client.get(nord.get_absolute_url()).content.decode()
        told[provisional] = ("rammen er foreløpig" in page, "rammen er ikke fastsatt" in page)
    assert told == {"": (False, False), "on": (True, False)}


def test_an_anonymous_person_is_sent_to_sign_in(client, nord):
    assert client.get(url(nord)).url == f"/account/login/?next={url(nord)}"


@pytest.mark.fault("B5")
def test_a_frame_below_what_is_granted_is_asked_about(house, sign_in):
    made = adopted(house, [("granted", 1_000_000)])
    client = sign_in(house.secretary)
    page = client.post(url(made.round), {"amount": "900 000", **seen(made.round)})
    said = page.content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert (page.status_code, 'name="below_granted"' in said) == (422, True)
    assert "Det er innvilget 1 000 000 kr, 100 000 kr mer enn denne rammen." in said
    made.round.frame.refresh_from_db()
    assert made.round.frame.amount != 900_000
    assert (
        client.post(url(made.round), {"amount": "900 000", "below_granted": "on", **seen(made.round)}).status_code
        == 302
    )
    made.round.frame.refresh_from_db()
    assert made.round.frame.amount == 900_000


TIES = {
    "none": lambda _house, _application: None,
    "created": lambda house, application: setattr(application, "created_by", house.regional_secretary),
    "signs": lambda house, _application: factories.affiliation(house.regional_secretary, house.lead, may_sign=True),
    # Nearly every officer is employed by somebody that takes part.
    "works": lambda house, _application: factories.affiliation(house.regional_secretary, house.lead),
    "inhabil": lambda house, application: Habilitet.objects.create(
        application=application,
        person=house.regional_secretary,
        is_pending=True,
        raised_by=house.secretary,
        raised_at=NOW,
        ground="other",
    ),
}


@pytest.mark.fault("A1")
@pytest.mark.parametrize("tie", TIES)
def test_who_gains_by_the_frame_does_not_set_it(tie, house, nord, sign_in):
    application = assessments.sent(house, nord, nord.opens_at)
    TIES[tie](house, application)
    application.save()
    client, may = sign_in(house.regional_secretary), tie in {"none", "works"}
    page = client.post(url(nord), {"amount": "12 500 000", **seen(nord)})
    said = "Du er med på, eller inhabil i, en sak som kan få av denne rammen. En kollega må sette den."
    assert (page.status_code, said in page.content.decode()) == ((302, False) if may else (403, True))
    nord.frame.refresh_from_db()
    assert nord.frame.amount == (12_500_000 if may else None)
