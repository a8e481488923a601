"""The text of a plan: begun, written on, ordered, taken away, adopted; and two who write at once."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from evaluation.plans import queries
from evaluation.plans.models import Aim, Measure, MeasureState, Plan
from evaluation.plans.services import adopting, plan_text
from portal.communities.queries import standing_at
from portal.journal.models import LogEntry
from portal.writing import OK
from tests.plans import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


def how(house, now):
    return {"by": house.secretary, "at": now}


def letters(plan):
    return "".join(measure.letter for measure in world.measures(plan))


# --- begun ------------------------------------------------------------------------------------------------


@pytest.mark.requirement("R29")
def test_a_new_plan_begins_with_the_text_of_the_one_before_without_what_is_done(house, plan, now, client):
    first, second = world.measures(plan)
    world.told(house, first, now, MeasureState.ACHIEVED, "Ferdig.")
    declaration = world.resolution(house, now, "Partnerskapsmøtet vedtar Ishavserklæringen.")
    type(declaration.case.body).objects.filter(pk=declaration.case.body_id).update(kind="pm")
    client.force_login(house.secretary)
    url = reverse("plans:begin", args=[house.community.code])
    sent = {"title": "Handlingsplan 2027", "first_day": "1.1.2027", "last_day": "31.12.2027", "like": plan.pk}
    answer = client.post(url, {**sent, "declaration": declaration.pk})
    new = Plan.objects.get(first_day=date(2027, 1, 1))
    assert answer.url == reverse("plans:text", args=[new.code])
    assert (new.code, new.declaration) == (f"{house.community.code}-2027", declaration)
    (copied,) = world.measures(new)
    assert (copied.text, copied.state) == (second.text, MeasureState.NOT_BEGUN)
    assert [owner.owner for owner in copied.owners.all()] == [house.ssu]
    assert "Følger opp partnerskapsmøtets sak" in client.get(new.get_absolute_url()).text


def test_a_period_that_ends_before_it_begins_is_refused_and_nothing_is_lost(house, plan, now, client):
    client.force_login(house.secretary)
    url = reverse("plans:begin", args=[house.community.code])
    answer = client.post(url, {"title": "Bakvendt", "first_day": "1.1.2027", "last_day": "31.12.2026"})
    assert (answer.status_code, Plan.objects.count()) == (422, 1)
    assert "Planen slutter før den begynner" in answer.text
    assert "Bakvendt" in answer.text
    with pytest.raises(plan_text.PlanError, match="slutter før"):
        plan_text.write(plan, plan, texts={"last_day": date(2025, 1, 1)}, **how(house, now))


def test_two_plans_of_one_year_have_each_their_address_and_a_stranger_begins_none(house, plan, now):
    assert world.begun(house, now, title="En annen plan").code == f"{plan.code}-2"
    with pytest.raises(plan_text.PlanConflictError, match="allerede en plan"):
        world.begun(house, now)
    with pytest.raises(plan_text.PlanError, match="Bare sekretariatet"):
        plan_text.begin(
            house.community,
            title="X",
            first_day=date(2026, 1, 1),
            last_day=date(2026, 1, 2),
            by=house.far_secretary,
            at=now,
        )


# --- written on -------------------------------------------------------------------------------------------


def test_a_measure_is_written_with_several_who_have_the_responsibility(house, plan, client):
    client.force_login(house.secretary)
    measure = world.measures(plan)[0]
    url = reverse("plans:part", args=[plan.code, "measure", measure.pk])
    owners = ["secretariat", f"body:{house.ssu.pk}", "role:kommunene"]
    sent = {"letter": "a", "text": "Nettverk for ernæring", "responsible": "", "year": "2026", "owners": owners}
    version = client.get(url).context["form"].initial["version"]
    answer = client.post(url, {**sent, "version": version})
    assert (answer.status_code, answer.url) == (302, reverse("plans:text", args=[plan.code]))
    measure.refresh_from_db()
    assert (measure.text, measure.year) == ("Nettverk for ernæring", 2026)
    assert sorted(str(owner.owner) for owner in measure.owners.all()) == sorted(
        ["Sekretariatet", house.ssu.name, "kommunene"]
    )
    # Without words of the plan's own, the names stand in its text.
    first = next(queries.text_of(plan).measures)
    assert sorted(first.responsible.split(", ")) == sorted(["Sekretariatet", house.ssu.name, "kommunene"])
    page = client.get(url)
    assert page.text.count("checked") == 3


def test_a_measure_with_many_who_have_the_responsibility_is_read_and_copied(house, plan, now, client):
    """Without words of the plan's own their names stand, however long; the next plan has no words of its own either."""
    client.force_login(house.secretary)
    measure = world.measures(plan)[0]
    owners = [f"role:Rådgiver for helse og samhandling i kommune nummer {number}" for number in range(9)]
    plan_text.write(plan, measure, texts={"responsible": "", "owners": owners}, **how(house, now))
    for url in (reverse("plans:text", args=[plan.code]), plan.get_absolute_url(), measure.get_absolute_url()):
        page = client.get(url)
        assert (page.status_code, "kommune nummer 8" in page.text) == (200, True), url
    days = {"first_day": date(2027, 1, 1), "last_day": date(2027, 12, 31)}
    new = plan_text.begin(house.community, title="Den neste", **days, like=plan, **how(house, now))
    assert world.measures(new)[0].responsible == ""


def test_two_who_write_in_one_area_both_keep_their_text(house, plan, now, client):
    client.force_login(house.secretary)
    area = world.measures(plan)[0].aim.area
    url = reverse("plans:part", args=[plan.code, "area", area.pk])
    version = client.get(url).context["form"].initial["version"]
    plan_text.write(plan, area, texts={"meaning": "En annen tekst"}, **how(house, now))
    sent = {"title": "Forebygging først", "meaning": "Min tekst", "version": version}
    answer = client.post(url, sent)
    area.refresh_from_db()
    assert (answer.status_code, area.title, area.meaning) == (409, "Forebygging først", "En annen tekst")
    assert "En annen tekst" in answer.text
    assert "Min tekst" in answer.text


def test_the_head_is_saved_while_it_is_written_and_told_once(house, plan, client):
    client.force_login(house.secretary)
    url = reverse("plans:head", args=[plan.code])
    version = client.get(url).context["form"].initial["version"]
    sent = {"title": plan.title, "first_day": "01.01.2026", "last_day": "31.12.2026", "version": version}
    for words in ("Vi vil", "Vi vil mer"):
        answer = client.post(url, {**sent, "vision": words}, headers={"accept": "application/json"})
        assert answer.status_code == OK
        sent["version"] = answer.json()["version"]
    plan.refresh_from_db()
    assert plan.vision == "Vi vil mer"
    assert LogEntry.objects.filter(act=plan_text.WRITTEN).count() == 1


def test_parts_change_their_turn_and_keep_their_letters(house, plan, now, client):
    client.force_login(house.secretary)
    _first, second = world.measures(plan)
    client.post(reverse("plans:move", args=[plan.code, "measure", second.pk, "up"]))
    assert letters(plan) == "ba"
    assert plan_text.move(plan, second, up=True, **how(house, now)) is False
    client.post(reverse("plans:move", args=[plan.code, "measure", second.pk, "down"]))
    assert letters(plan) == "ab"


def test_what_is_adopted_or_told_of_is_not_taken_away(house, plan, now, client):
    client.force_login(house.secretary)
    first, second = world.measures(plan)
    world.told(house, first, now)
    for part, row in (("measure", first), ("aim", first.aim), ("area", first.aim.area)):
        answer = client.post(reverse("plans:remove", args=[plan.code, part, row.pk]), follow=True)
        assert "blir stående" in answer.text
    assert letters(plan) == "ab"
    plan_text.remove(plan, second, **how(house, now))
    assert letters(plan) == "a"
    world.adopted(house, plan, now)
    first.news.all().delete()
    with pytest.raises(plan_text.PlanError, match="blir stående"):
        plan_text.remove(plan, first, **how(house, now))
    with pytest.raises(plan_text.PlanConflictError, match="tatt bort"):
        plan_text.write(plan, second, texts={"text": "For sent"}, **how(house, now))


def test_what_is_new_is_added_at_the_end(house, plan, client):
    client.force_login(house.secretary)
    aim = Aim.objects.get()
    to = reverse("plans:text", args=[plan.code])
    for part, parent, sent in (
        ("measure", aim.pk, {"letter": "c", "text": "Et tiltak til", "owners": ["secretariat"]}),
        ("aim", aim.area_id, {"title": "Et mål til"}),
        ("area", 0, {"title": "Et område til", "meaning": ""}),
    ):
        url = reverse("plans:add", args=[plan.code, part, parent])
        assert client.post(url, {}).status_code == 422
        assert client.post(url, sent).url == to
    assert letters(plan) == "abc"
    assert [aim.title for aim in Aim.objects.all()] == ["Gode tilbud", "Et mål til"]
    page = client.get(to).text
    assert page.index("Forebygging") < page.index("Et mål til") < page.index("Et område til")


def test_a_part_of_another_plan_is_not_there(house, plan, now, client):
    other = world.begun(house, now, title="En annen plan")
    client.force_login(house.secretary)
    measure = world.measures(other)[0]
    assert client.get(reverse("plans:part", args=[plan.code, "measure", measure.pk])).status_code == 404
    assert client.get(reverse("plans:measure", args=[plan.code, measure.pk])).status_code == 404
    with pytest.raises(plan_text.PlanConflictError):
        plan_text.add(plan, "measure", measure.aim, texts={"text": "Feil plan"}, **how(house, now))
    assert Measure.objects.count() == 4


# --- adopted ----------------------------------------------------------------------------------------------


@pytest.mark.requirement("R135")
def test_a_resolution_makes_the_text_public_and_a_later_one_the_next_version(house, plan, now, client):
    resolution = world.resolution(house, now, "SSU vedtar planen.", "SSU vedtar endringene.")
    later = queries.resolutions_to_adopt_by(plan, standing_at(house.secretary, now)).exclude(pk=resolution.pk).get()
    client.force_login(house.secretary)
    url = reverse("plans:text", args=[plan.code])
    page = client.get(url)
    assert "Planen er et utkast" in page.text
    shown = page.context["adopting"].initial["shown"]
    client.post(reverse("plans:adopt", args=[plan.code]), {"resolution": resolution.pk, "shown": shown})
    version = queries.latest_version(plan)
    assert (version.resolution, version.document.version) == (resolution, 1)
    assert f"sak {resolution.case.reference}" in version.snapshot["adopted"]
    assert "Alle leser denne teksten" in client.get(url).text
    plan_text.write(plan, world.measures(plan)[0], texts={"text": "Et bedre nettverk"}, **how(house, now))
    page = client.get(url)
    assert "Teksten er endret etter vedtaket" in page.text
    client.logout()
    assert "Et bedre nettverk" not in client.get(plan.get_absolute_url()).text
    shown = page.context["adopting"].initial["shown"]
    adopting.adopt(plan, later, shown=shown, **how(house, now))
    assert "Et bedre nettverk" in client.get(plan.get_absolute_url()).text
    assert [row.document.version for row in plan.versions.all()] == [1, 2]


def test_a_text_that_was_written_on_since_the_page_is_not_adopted(house, plan, now, client):
    resolution = world.resolution(house, now)
    client.force_login(house.secretary)
    shown = client.get(reverse("plans:text", args=[plan.code])).context["adopting"].initial["shown"]
    plan_text.write(plan, world.measures(plan)[0], texts={"text": "Skrevet nå"}, **how(house, now))
    answer = client.post(reverse("plans:adopt", args=[plan.code]), {"resolution": resolution.pk, "shown": shown})
    assert (answer.status_code, plan.versions.count()) == (422, 0)
    assert "Noen andre har skrevet i planen" in answer.text


def test_what_adopts_a_plan_is_a_resolution_of_the_helsefellesskap_in_adopted_minutes(house, plan, now):
    resolution = world.resolution(house, now)
    meeting, body = resolution.case.meeting, resolution.case.body
    shown = adopting.digest_of(queries.text_of(plan))
    for rows, change, back in (
        (type(meeting).objects.filter(pk=meeting.pk), {"status": "closed"}, {"status": meeting.status}),
        (type(body).objects.filter(pk=body.pk), {"kind": "fsu"}, {"kind": body.kind}),
    ):
        rows.update(**change)
        with pytest.raises(plan_text.PlanError, match="godkjent protokoll"):
            adopting.adopt(plan, resolution, shown=shown, **how(house, now))
        rows.update(**back)
    Measure.objects.all().delete()
    with pytest.raises(plan_text.PlanError, match="ingen tiltak"):
        adopting.adopt(plan, resolution, shown=shown, **how(house, now))


def test_a_text_that_a_resolution_has_adopted_before_is_told_as_put_right_and_never_twice(house, plan, now, client):
    """What SSU adopted is one text: another by the same resolution says that the secretariat has put it right."""
    resolution = world.resolution(house, now)
    first = adopting.digest_of(queries.text_of(plan))
    adopting.adopt(plan, resolution, shown=first, **how(house, now))
    with pytest.raises(plan_text.PlanError, match="er alt lagt fram"):
        adopting.adopt(plan, resolution, shown=first, **how(house, now))
    plan_text.write(plan, world.measures(plan)[0], texts={"text": "Opprette nettverket"}, **how(house, now))
    adopting.adopt(plan, resolution, shown=adopting.digest_of(queries.text_of(plan)), **how(house, now))
    adopted, put_right = queries.adopted_in_words(resolution), "Teksten er rettet av sekretariatet"
    assert [version.snapshot["adopted"].startswith(adopted) for version in plan.versions.all()] == [True, True]
    assert [put_right in version.snapshot["adopted"] for version in plan.versions.all()] == [False, True]
    assert put_right in client.get(plan.get_absolute_url()).text
    client.force_login(house.secretary)
    assert put_right in client.get(reverse("plans:text", args=[plan.code])).text


def test_only_a_resolution_that_can_be_about_the_plan_is_offered(house, plan, now, client):
    """Not what a body took note of, nor what has adopted another plan or is a declaration, nor what is older."""
    first, *others = world.resolutions(house, now, "SSU vedtar planen.", "SSU vedtar endringene.", "SSU vedtar en til.")
    second, third = others
    standing = standing_at(house.secretary, now)

    def offered(of):
        return set(queries.resolutions_to_adopt_by(of, standing))

    assert offered(plan) == {first, second, third}
    # What is put up for information, or discussed, decides nothing.
    cases = type(third.case).objects.filter(pk=third.case_id)
    for kind, status in (("information", "noted"), ("discussion", "noted"), ("information", "decided")):
        cases.update(kind=kind, status=status)
        assert offered(plan) == {first, second}
    cases.update(kind="decision", status="decided")
    # What has adopted this plan puts its text right, and nothing of another plan.
    other = world.begun(house, now, title="En annen plan")
    adopting.adopt(plan, second, shown=adopting.digest_of(queries.text_of(plan)), **how(house, now))
    assert offered(other) == {first, third}
    shown = adopting.digest_of(queries.text_of(other))
    with pytest.raises(plan_text.PlanError, match="Velg et vedtak"):
        adopting.adopt(other, second, shown=shown, **how(house, now))
    # An older resolution does not come back when a later one has adopted the plan.
    type(first).objects.filter(pk=first.pk).update(adopted_at=now - timedelta(days=1))
    assert offered(plan) == {second, third}
    # The declaration that a plan follows up has not adopted it.
    Plan.objects.filter(pk=other.pk).update(declaration=third)
    assert offered(other) == {first}
    assert offered(plan) == {second}


def test_the_page_says_what_is_missing_when_no_resolution_can_adopt_the_plan(house, plan, now, client):
    client.force_login(house.secretary)
    url, none = reverse("plans:text", args=[plan.code]), "Det er ikke noe vedtak å velge ennå."
    assert none in client.get(url).text
    resolution = world.resolution(house, now)
    assert none not in client.get(url).text
    adopting.adopt(plan, resolution, shown=adopting.digest_of(queries.text_of(plan)), **how(house, now))
    assert none not in client.get(url).text
    other = world.begun(house, now, title="En annen plan")
    assert none in client.get(reverse("plans:text", args=[other.code])).text


# --- told -------------------------------------------------------------------------------------------------


@pytest.mark.requirement("R139")
def test_each_of_those_who_have_the_responsibility_tells(house, plan, now, client):
    world.adopted(house, plan, now)
    first, second = world.measures(plan)
    for person, measure in ((house.partner_signatory, first), (house.chair, second), (house.secretary, first)):
        client.force_login(person)
        last = queries.last_news(measure)
        sent = {"state": "on_track", "sentence": f"Meldt av {person.pk}", "seen": last or ""}
        answer = client.post(reverse("plans:tell", args=[plan.code, measure.pk]), sent)
        assert answer.url == measure.get_absolute_url()
    first.refresh_from_db()
    assert (first.state, [news.told_by for news in first.news.all()]) == (
        MeasureState.ON_TRACK,
        [house.partner_signatory, house.secretary],
    )


def test_news_that_another_has_told_since_the_page_is_shown_first(house, plan, now, client):
    world.adopted(house, plan, now)
    measure = world.measures(plan)[0]
    client.force_login(house.secretary)
    world.told(house, measure, now, by=house.partner_signatory)
    url = reverse("plans:tell", args=[plan.code, measure.pk])
    sent = {"state": "achieved", "sentence": "Alt er ferdig.", "seen": ""}
    answer = client.post(url, sent)
    assert "har meldt om tiltaket i mellomtiden" in answer.text
    assert "Alt er ferdig." in answer.text
    seen = answer.context["form"]["seen"].value()
    assert client.post(url, {**sent, "seen": seen}).status_code == 302
    with pytest.raises(plan_text.PlanError, match="Skriv en setning"):
        world.told(house, measure, now, sentence=" ", seen=None)
