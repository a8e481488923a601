"""The board, the freeze, and what happens to those who come second."""

import re

import pytest

from applications.models import Application
from applications.services.status import TransitionError, advance
from evaluation.assessment.models import PriorityList, Recommendation, Task
from evaluation.assessment.queries import board as boards
from evaluation.assessment.queries import board_warnings, ranking, turns
from evaluation.assessment.services import admission, forwarding, freezing, prioritising
from evaluation.assessment.services.prioritising import FrozenListError, RecommendationError
from evaluation.assessment.turn import turn_url
from portal.journal.models import LogEntry
from portal.snapshots import digest
from rounds.outcomes import Outcome
from tests import factories
from tests.applications import world as applications_world
from tests.assessment import world
from tests.harness import worlds

pytestmark = pytest.mark.django_db
# Said of the round of Helse Nord, whose documents state no criteria.
PROPOSED = "6 av 6 kriterier her er bare foreslått. Be organet fastsette dem og vektene."
WERE_PROPOSED = "6 av 6 kriterier her var bare foreslått da listen ble låst."


@worlds.world
def three(house, northern, local, at):
    """Three applications with 100, 66.67 and no points."""
    applications = [world.sent(house, northern, at, title=title) for title in ("Best", "Nest best", "Uten poeng")]
    for application, points in zip(applications, (3, 2), strict=False):
        world.deliver(application, local, house.assessor, at, points, by=house.secretary)
    return applications


@worlds.world
def board(three, local, secretary, at):
    prioritising.set_up(local, by=secretary, at=at)
    return three


def order(local):
    return [row.title for row in boards.rows(turns.priority_list_of(local))]


def test_board_begins_in_the_order_of_the_score(board, local):
    assert order(local) == ["Best", "Nest best", "Uten poeng"]
    assert [row.outcome for row in boards.rows(turns.priority_list_of(local))] == ["", "", ""]


def test_what_comes_later_is_taken_in_last(board, house, northern, local, secretary, at):
    late = world.sent(house, northern, at, title="Sent tatt inn")
    world.deliver(late, local, house.assessor, at, 3, by=secretary)
    prioritising.set_up(local, by=secretary, at=at)
    prioritising.set_up(local, by=secretary, at=at)
    assert order(local) == ["Best", "Nest best", "Uten poeng", "Sent tatt inn"]


@pytest.mark.parametrize(
    ("title", "rank", "after"),
    [
        ("Uten poeng", 1, ["Uten poeng", "Best", "Nest best"]),
        ("Best", 3, ["Nest best", "Uten poeng", "Best"]),
        ("Best", 1, ["Best", "Nest best", "Uten poeng"]),
        ("Nest best", 1, ["Nest best", "Best", "Uten poeng"]),
    ],
)
def test_move(board, local, secretary, at, title, rank, after):
    row = Recommendation.objects.get(application__title=title)
    prioritising.move(row, local, position=rank, by=secretary, at=at)
    assert order(local) == after
    assert [row.rank for row in boards.rows(turns.priority_list_of(local))] == [1, 2, 3]


def test_place_is_counted_without_those_that_are_withdrawn(board, local, secretary, house, at, client):
    advance(Application.objects.get(pk=board[0].pk), "withdraw", by=house.applicant, at=at)
    client.force_login(secretary)
    assert order(local) == ["Nest best", "Uten poeng"]
    assert "plass 1, «Nest best»" in client.get(turn_url(local, "board")).content.decode()
    assert client.post(turn_url(local, "move", board[1].code), {"place": "2"}).status_code == 302
    assert order(local) == ["Uten poeng", "Nest best"]
    assert client.post(turn_url(local, "move", board[1].code), {"place": "1"}).status_code == 302
    assert order(local) == ["Nest best", "Uten poeng"]
    with pytest.raises(RecommendationError, match="fra 1 til 2"):
        prioritising.move(world.row(local, board[1]), local, position=3, by=secretary, at=at)


@pytest.mark.parametrize("rank", [0, 4, -1])
def test_move_to_a_rank_that_does_not_exist(board, local, secretary, at, rank):
    row = world.row(local, board[0])
    with pytest.raises(RecommendationError, match="fra 1 til 3"):
        prioritising.move(row, local, position=rank, by=secretary, at=at)


@pytest.mark.fault("B1")
def test_the_reason_for_a_place_is_told_only_while_the_place_departs(board, local, secretary, at, client):
    ready(local, board, secretary, at)
    client.force_login(secretary)
    page = turn_url(local, "board")
    assert "Satt opp etter poeng." in client.get(page).content.decode()
    second = world.row(local, board[1])
    prioritising.move(second, local, position=1, reason="Legevakten er presset.", by=secretary, at=at)
    told = client.get(page).content.decode()
    assert ("Legevakten er presset." in told, "Satt opp etter poeng." in told) == (True, False)
    assert "rekkefølgen følger ikke poengene slik de er nå" in told
    prioritising.move(second, local, position=2, by=secretary, at=at)
    told = client.get(page).content.decode()
    assert ("Legevakten er presset." in told, "Satt opp etter poeng." in told) == (False, True)
    frozen = freezing.freeze(local, by=secretary, at=at)
    assert [row["order_reason"] for row in frozen.snapshot["rows"]] == ["", "", ""]
    second.refresh_from_db()
    assert second.order_reason == "Legevakten er presset.", "it is kept, for the application may be moved again"


def test_of_a_list_on_several_pages_each_page_tells_of_its_rows(board, local, secretary, at, client, monkeypatch):
    monkeypatch.setattr(ranking, "PER_PAGE", 2)
    prioritising.move(world.row(local, board[1]), local, position=1, by=secretary, at=at)
    client.force_login(secretary)
    first, last = (client.get(turn_url(local, "board") + f"?page={n}").content.decode() for n in (1, 2))
    assert "rekkefølgen på denne siden følger ikke poengene slik de er nå" in first
    assert ("Uten poeng" in last, "Satt opp etter poeng." in last) == (True, True)


# --- amounts ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "amount", "stored"),
    [
        (Outcome.GRANTED, None, 450_000),
        (Outcome.GRANTED, 450_000, 450_000),
        (Outcome.PARTLY_GRANTED, 449_999, 449_999),
        (Outcome.NOT_PRIORITISED, 100, None),
    ],
)
def test_amount_goes_with_the_outcome(board, local, secretary, at, outcome, amount, stored):
    assert world.recommend(local, board[0], secretary, at, outcome, amount).amount == stored


@pytest.mark.parametrize(
    ("outcome", "amount", "field"),
    [
        (Outcome.GRANTED, 450_001, "amount"),
        (Outcome.GRANTED, 1, "amount"),
        (Outcome.GRANTED, 0, "amount"),
        (Outcome.PARTLY_GRANTED, None, "amount"),
        (Outcome.PARTLY_GRANTED, 450_000, "outcome"),
        (Outcome.PARTLY_GRANTED, 450_001, "amount"),
        (Outcome.REJECTED, None, "outcome"),
        ("tull", None, "outcome"),
    ],
)
def test_wrong_amount_or_outcome_names_its_field(board, local, secretary, at, outcome, amount, field):
    with pytest.raises(RecommendationError) as error:
        world.recommend(local, board[0], secretary, at, outcome, amount)
    assert error.value.field == field


def test_application_without_amount_may_get_one(house, northern, local, secretary, at):
    application = world.sent(house, northern, at, amount=None)
    prioritising.set_up(local, by=secretary, at=at)
    assert world.recommend(local, application, secretary, at, Outcome.GRANTED, 7).amount == 7


# --- tasks ------------------------------------------------------------------------------------------


def test_task_is_recorded_once_with_a_note(board, local, secretary, at):
    act = prioritising.record_task(local, Task.APPROVE, "SSU 10.03.2025", by=secretary, at=at)
    assert (act.task, act.note, act.done_by) == ("approve", "SSU 10.03.2025", secretary)
    with pytest.raises(prioritising.TaskDoneError):
        prioritising.record_task(local, Task.APPROVE, "Igjen", by=secretary, at=at)


@pytest.mark.parametrize(("task", "note"), [(Task.PRIORITISE, "Ja"), (Task.APPROVE, " ")])
def test_task_that_cannot_be_recorded(board, local, secretary, at, task, note):
    with pytest.raises(RecommendationError):
        prioritising.record_task(local, task, note, by=secretary, at=at)


# --- freezing ---------------------------------------------------------------------------------------


def ready(local, applications, by, at):
    for application in applications:
        world.recommend(local, application, by, at)
    world.do_tasks(local, by, at)


@pytest.mark.requirement("R16")
def test_freeze_says_everything_that_is_missing(board, house, northern, local, secretary, at):
    world.sent(house, northern, at)
    world.recommend(local, board[0], secretary, at)
    world.recommend(local, board[1], secretary, at, reason=" ")
    prioritising.move(world.row(local, board[1]), local, position=1, by=secretary, at=at)
    with pytest.raises(freezing.NotReadyError) as error:
        freezing.freeze(local, by=secretary, at=at)
    assert error.value.lacks == [
        "Registrer at godkjenning er gjort.",
        "Registrer at vurdering er gjort.",
        "1 søknad til vurdering står ikke på listen. Hent den inn.",
        "Innstilling eller begrunnelse mangler for «Nest best», «Uten poeng».",
        "Skriv hvorfor plassen avviker fra poengene for «Nest best».",
    ]


def test_reason_for_the_place_opens_the_freeze(board, local, secretary, at):
    ready(local, board, secretary, at)
    row = world.row(local, board[1])
    prioritising.move(row, local, position=1, reason="Geografisk balanse.", by=secretary, at=at)
    priority_list = freezing.freeze(local, by=secretary, at=at)
    assert priority_list.snapshot["rows"][0]["order_reason"] == "Geografisk balanse."


@worlds.world
def below(house, northern, local, secretary, at):
    """An application with 0 points on everything, under the threshold of «benefit», recommended in full."""
    application = world.sent(house, northern, at, title="Uten nytte")
    for assessor in (house.assessor, house.chair):
        world.deliver(application, local, assessor, at, 0, by=secretary)
    prioritising.set_up(local, by=secretary, at=at)
    ready(local, [application], secretary, at)
    return application


@pytest.mark.fault("D4")
def test_application_below_a_threshold_is_recommended_for_money_with_a_reason_only(below, local, secretary, at):
    with pytest.raises(freezing.NotReadyError) as error:
        freezing.freeze(local, by=secretary, at=at)
    assert error.value.lacks == ["Skriv hvorfor søknaden innstilles under en terskel for «Uten nytte»."]
    world.recommend(local, below, secretary, at, threshold_reason="Ny dokumentasjon.")
    priority_list = freezing.freeze(local, by=secretary, at=at)
    assert priority_list.snapshot["rows"][0]["threshold_reason"] == "Ny dokumentasjon."
    assert priority_list.snapshot["warnings"] == ["«Uten nytte» er under en terskel, men innstilles.", WERE_PROPOSED]


def test_application_below_a_threshold_needs_no_reason_to_get_nothing(below, local, secretary, at):
    world.recommend(local, below, secretary, at, Outcome.NOT_PRIORITISED)
    assert freezing.freeze(local, by=secretary, at=at).snapshot["warnings"] == [WERE_PROPOSED]


def test_fewer_assessments_than_the_stage_is_to_have_is_a_warning(board, local, secretary, at):
    priority_list = turns.priority_list_of(local)
    assert board_warnings.warnings(priority_list, local, boards.sums(priority_list, local)) == [
        "1 søknad har ingen levert vurdering.",
        "2 søknader har færre leverte vurderinger enn de 2 som utlysningen krever.",
        PROPOSED,
    ]


@pytest.mark.fault("D4")
def test_that_the_criteria_are_a_proposal_is_told_where_points_are_given_and_in_the_locked_list(
    house, application, local, secretary, at, sign_in
):
    assert {item.basis for item in local.judged} == {"proposed"}
    world.assign(application, local, house.assessor, secretary, at)
    score = sign_in(house.assessor).get(f"/assessment/application/{application.code}/score/{local.stage.code}/")
    assert score.text.count("Kriteriene er et forslag og ikke fastsatt.") == 1
    assert "Forslag, ikke fastsatt" not in score.text
    assert WERE_PROPOSED in world.frozen(local, secretary, at).snapshot["warnings"]
    page = sign_in(secretary).get(turn_url(local, "list")).content.decode()
    assert (WERE_PROPOSED in page, ">Prioritert liste</a>" in page) == (True, True)


def test_the_page_of_a_list_that_is_not_locked_says_what_it_lacks_and_then_leads_to_the_lock(
    board, local, secretary, at, frozen_clock, sign_in
):
    def told():
        page = sign_in(secretary).get(turn_url(local, "list")).text
        return re.search(r"<h1[^>]*>([^<]+)</h1>", page)[1], "Dette må være på plass først" in page

    frozen_clock.move_to(at)
    assert told() == ("Tre ting mangler før listen kan låses", True)
    ready(local, board, secretary, at)
    assert told() == ("Listen er klar til å låses", False)


def test_freeze_moves_applications_on_by_outcome(board, local, secretary, at):
    ready(local, board[:2], secretary, at)
    world.recommend(local, board[2], secretary, at, Outcome.NOT_PRIORITISED)
    priority_list = freezing.freeze(local, by=secretary, at=at)
    statuses = dict(Application.objects.values_list("title", "status"))
    assert statuses == {"Best": "prioritised", "Nest best": "prioritised", "Uten poeng": "not_prioritised"}
    assert (priority_list.frozen_at, priority_list.sha256) == (at, digest(priority_list.snapshot))
    assert PriorityList.objects.get().snapshot == priority_list.snapshot
    assert {act.task for act in priority_list.acts.all()} == {"approve", "assess", "prioritise"}


@pytest.mark.requirement("R13")
def test_body_that_decides_gets_every_application(house, at):
    round_2024 = applications_world.real_round("troms-ofoten-2024")
    turn = world.turn(round_2024, community=house.community)
    kept, refused = (world.sent(house, round_2024, at, title=title) for title in ("Ja", "Nei"))
    prioritising.set_up(turn, by=house.secretary, at=at)
    world.recommend(turn, kept, house.secretary, at)
    world.recommend(turn, refused, house.secretary, at, Outcome.REJECTED)
    world.do_tasks(turn, house.secretary, at)
    priority_list = freezing.freeze(turn, by=house.secretary, at=at)
    assert set(Application.objects.values_list("status", flat=True)) == {"prioritised"}
    assert (priority_list.snapshot["frame"], priority_list.snapshot["total"]) == (18_000_000, 450_000)


@pytest.mark.requirement("R2")
def test_list_over_the_frame_is_frozen_with_a_warning(house, at):
    round_2024 = applications_world.real_round("troms-ofoten-2024")
    turn = world.turn(round_2024, community=house.community)
    world.sent(house, round_2024, at, amount=18_000_001)
    priority_list = world.frozen(turn, house.secretary, at)
    assert priority_list.snapshot["warnings"] == [
        "Innstillingen er på 18\u00a0000\u00a0001\u00a0kr, 1\u00a0kr over rammen på 18\u00a0000\u00a0000\u00a0kr.",
        "1 søknad har ingen levert vurdering.",
    ]


def test_withdrawn_application_leaves_no_gap(board, local, secretary, house, at):
    ready(local, board, secretary, at)
    advance(Application.objects.get(pk=board[0].pk), "withdraw", by=house.applicant, at=at)
    priority_list = freezing.freeze(local, by=secretary, at=at)
    assert [(row["rank"], row["title"]) for row in priority_list.snapshot["rows"]] == [
        (1, "Nest best"),
        (2, "Uten poeng"),
    ]
    assert priority_list.recommendations.count() == 2


# --- races ------------------------------------------------------------------------------------------


def test_second_freeze_is_a_named_error(board, local, secretary, at):
    ready(local, board, secretary, at)
    freezing.freeze(local, by=secretary, at=at)
    with pytest.raises(FrozenListError):
        freezing.freeze(local, by=secretary, at=at)
    assert LogEntry.objects.filter(act="priority.frozen").count() == 1


def test_nothing_changes_after_the_freeze(board, local, secretary, at):
    row = world.row(local, board[0])
    ready(local, board, secretary, at)
    freezing.freeze(local, by=secretary, at=at)
    acts = (
        lambda: world.recommend(local, board[0], secretary, at, reason="Etterpå."),
        lambda: prioritising.move(row, local, position=2, by=secretary, at=at),
        lambda: prioritising.consider(local, texts={"considerations": "Etterpå."}, by=secretary, at=at),
        lambda: prioritising.set_up(local, by=secretary, at=at),
        lambda: prioritising.record_task(local, Task.APPROVE, "Etterpå.", by=secretary, at=at),
    )
    for act in acts:
        with pytest.raises(FrozenListError):
            act()
    assert world.row(local, board[0]).reason == "Svarer godt."


def test_withdrawal_between_reading_and_moving_on_freezes_nothing(board, local, secretary, house, at, monkeypatch):
    ready(local, board, secretary, at)
    real = freezing.advance

    def advance_late(application, name, **more):
        # Somebody withdraws after the freeze has read the application.
        Application.objects.filter(pk=application.pk).update(status="withdrawn")
        return real(application, name, **more)

    monkeypatch.setattr(freezing, "advance", advance_late)
    with pytest.raises(TransitionError):
        freezing.freeze(local, by=secretary, at=at)
    assert not PriorityList.objects.get().is_frozen
    assert set(Application.objects.values_list("status", flat=True)) == {"admitted"}


# --- the list as a whole ----------------------------------------------------------------------------


@pytest.mark.requirement("R45")
def test_category_over_its_share_is_a_warning_only(house, at):
    spec = applications_world.definition("troms-ofoten-2024")
    data = spec.to_data()
    gate = {
        "code": "drift",
        "title": "Drift",
        "kind": "gate",
        "category_share_percent": 2,
    }
    data["criteria"].append(gate)
    data["gates"] = [
        {
            "code": "minst-ett",
            "title": "Minst ett",
            "criteria": ["drift"],
            "at_least": 1,
            "refusal": "Ingen er innfridd.",
        }
    ]
    data["stages"][0]["criteria"].append("drift")
    data["stages"][0]["gates"] = ["minst-ett"]
    turn = world.turn(factories.round_of(type(spec).model_validate(data)), community=house.community)
    application = world.sent(house, turn.round, at, status="submitted")
    met = {"items": [], "gates": {"minst-ett": ["drift"]}}
    admission.admit(application, checklist=met, by=house.secretary, at=at)
    priority_list = world.frozen(turn, house.secretary, at)
    # 450 000 of 18 million is 2.5 per cent, rounded up so that it never reads as the cap.
    assert (
        priority_list.snapshot["warnings"][0] == "«Drift» får 3 prosent av rammen. Runden har satt 2 prosent som tak."
    )


@pytest.mark.parametrize(
    ("asked_in", "at_home", "in_region", "warned"),
    [
        (["community", "region"], "drift", "annet", False),
        (["community", "region"], "annet", "drift", True),
        (["community", "region"], "drift", "drift", True),
        (["community"], "drift", None, True),
        (["community"], "annet", None, False),
        (["region"], None, "drift", True),
    ],
)
@pytest.mark.requirement("R45")
def test_category_follows_the_gate_as_it_was_answered_last(house, at, asked_in, at_home, in_region, warned):
    of_round = factories.round_of(capped_in_two_stages(asked_in))
    local, regional = world.turn(of_round, "community", house.community), world.turn(of_round, "region")
    application = world.sent(house, of_round, at, status="submitted")
    admission.admit(application, checklist=gate_answer(at_home), by=house.secretary, at=at)
    world.frozen(local, house.secretary, at)
    forwarding.forward(local, by=house.secretary, at=at)
    application.refresh_from_db()
    if in_region:
        admission.admit(application, checklist=gate_answer(in_region), by=house.regional_secretary, at=at)
    priority_list = world.frozen(regional, house.regional_secretary, at)
    assert any("«Drift» får" in warning for warning in priority_list.snapshot["warnings"]) is warned


def capped_in_two_stages(asked_in):
    """Helse Nord 2025 with a gate that is asked in these stages; «Drift», one of its criteria, has a cap."""
    spec = applications_world.definition("helse-nord-2025")
    data = spec.to_data()
    for code in ("drift", "annet"):
        data["criteria"].append({"code": code, "title": code.capitalize(), "kind": "gate"})
    data["criteria"][-2]["category_share_percent"] = 1
    data["frame"]["amount"] = 18_000_000
    criteria = ["drift", "annet"]
    refusal = "Ingen er innfridd."
    data["gates"] = [{"code": "ett", "title": "Ett", "criteria": criteria, "at_least": 1, "refusal": refusal}]
    for stage in data["stages"]:
        stage["criteria"] = [*stage["criteria"], *criteria]
        stage["gates"] = ["ett"] if stage["code"] in asked_in else []
    return type(spec).model_validate(data)


def gate_answer(met):
    return {"items": [], "gates": {"ett": [met]} if met else {}}


# --- the order it begins in -------------------------------------------------------------------------


def test_list_without_scores_begins_as_sent(house, northern, local, secretary, at):
    for title in ("Først", "Sist"):
        world.sent(house, northern, at, title=title)
    assert prioritising.set_up(local, by=secretary, at=at).first_order == "sent"
    assert order(local) == ["Først", "Sist"]


@worlds.world
def arrived(board, local, regional, house, secretary, at):
    """Three applications forwarded in another order than that of their scores, and one that was sent later on."""
    prioritising.move(world.row(local, board[2]), local, position=1, reason="Geografi.", by=secretary, at=at)
    ready(local, board, secretary, at)
    freezing.freeze(local, by=secretary, at=at)
    forwarding.forward(local, by=secretary, at=at)
    for application in board:
        application.refresh_from_db()
    return board


def test_region_begins_with_the_order_at_home(arrived, regional, house, at, client):
    boss = house.regional_secretary
    client.force_login(boss)
    button = "Sett opp listen etter helsefellesskapenes rekkefølge"
    assert button in client.get(turn_url(regional, "board")).content.decode()
    assert prioritising.set_up(regional, by=boss, at=at).first_order == "home"
    assert order(regional) == ["Uten poeng", "Best", "Nest best"]
    assert "fordi ingen hadde gitt poeng her" in client.get(turn_url(regional, "board")).content.decode()
    assert LogEntry.objects.filter(act="priority.set_up").last().data["order"] == "home"


def test_region_begins_with_its_own_scores_once_it_has_any(arrived, regional, house, at):
    boss = house.regional_secretary
    world.deliver(arrived[1], regional, house.committee_member, at, 2, by=boss)
    assert prioritising.set_up(regional, by=boss, at=at).first_order == "score"
    assert order(regional)[0] == "Nest best"
