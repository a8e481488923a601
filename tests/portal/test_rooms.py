"""What rooms tell, and the questions between them: found, checked, and never taken for a no."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from portal import rooms
from portal.rooms import QUESTIONS, NavItem, Question, Room, UnansweredError
from tests.harness.pure_modules import ROOT


def problems():
    return [(problem.id, problem.msg) for problem in rooms.check(None)]


ASKED = [
    "applications.questions.is_decided_in",
    "applications.questions.next_dates",
    "applications.questions.out_of_case",
    "applications.questions.out_of_case_since",
    "applications.questions.takes_part_unasked",
    "evaluation.assessment.questions.use_of_check",
    "evaluation.assessment.questions.use_of_list",
    "evaluation.decisions.questions.can_accept",
    "evaluation.meetings.questions.asked_for_in",
    "evaluation.meetings.questions.attached_in",
    "evaluation.meetings.questions.comments_go_with",
    "evaluation.meetings.questions.comments_in",
    "evaluation.meetings.questions.comments_wait",
    "evaluation.meetings.questions.follow_up_in",
    "evaluation.meetings.questions.follow_up_lists",
    "evaluation.meetings.questions.follow_up_of",
    "evaluation.meetings.questions.told_of_cancelled",
    "evaluation.meetings.questions.told_of_moved",
    "evaluation.meetings.questions.told_of_taken_off",
    "evaluation.meetings.questions.told_of_taken_up",
    "portal.communities.questions.bodies_in_session",
    "portal.communities.questions.given_to_assess",
    "portal.communities.questions.hand_meetings_over",
    "portal.communities.questions.held_after",
    "portal.communities.questions.open_calls_by_community",
    "portal.communities.questions.unfinished_in",
    "portal.journal.questions.names_of",
    "portal.journal.questions.noun_contexts",
    "portal.mail.questions.address_today",
    "rounds.questions.answered_rounds",
    "rounds.questions.can_apply_in",
    "rounds.questions.frame_state",
    "rounds.questions.gains_by_frame",
    "rounds.questions.locked_communities",
]


def test_every_room_tells_and_every_question_has_its_answer():
    assert problems() == []
    assert rooms.all_rooms() == tuple(import_module(f"{name}.room").ROOM for name in settings.ROOMS)
    assert sorted(QUESTIONS) == ASKED


def test_every_question_says_what_is_asked():
    assert [name for name, asked in QUESTIONS.items() if not (asked.__doc__ and asked.parameters)] == []


def test_no_app_is_registered_with_the_house_in_another_way():
    files = [path for name in settings.ROOMS for path in (ROOT / name.replace(".", "/")).glob("apps.py")]
    assert len(files) == len(settings.ROOMS)
    assert [str(path) for path in files if "def ready" in path.read_text()] == []


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (None, ("rooms.E001", "The room portal.nowhere has no room.py.")),
        (SimpleNamespace(), ("rooms.E002", "portal.nowhere.room tells nothing: it has no ROOM, or an empty one.")),
        (
            SimpleNamespace(ROOM=Room()),
            ("rooms.E002", "portal.nowhere.room tells nothing: it has no ROOM, or an empty one."),
        ),
        (SimpleNamespace(ROOM=Room(menu=(NavItem("Her", "portal:contact"),))), None),
    ],
    ids=["no file", "no ROOM", "an empty ROOM", "a whole one"],
)
def test_a_room_that_tells_nothing_is_an_error(settings, monkeypatch, told, said):
    settings.ROOMS = (*settings.ROOMS, "portal.nowhere")
    # Kept by no process: the next test asks for the real ones.
    monkeypatch.setattr(rooms, "all_rooms", rooms.all_rooms.__wrapped__)
    real_spec, real_import = rooms.find_spec, rooms.import_module
    monkeypatch.setattr(rooms, "find_spec", lambda name: told if "nowhere" in name else real_spec(name))
    monkeypatch.setattr(rooms, "import_module", lambda name: told if "nowhere" in name else real_import(name))
    assert problems() == ([said] if said else [])


def answered(monkeypatch, *answers):
    monkeypatch.setattr(rooms, "all_rooms", lambda: tuple(Room(answers={asked: given}) for asked, given in answers))


@pytest.fixture
def asked(monkeypatch):
    """A question of one's own, and no other."""
    monkeypatch.setattr(rooms, "QUESTIONS", {})

    def how_many(of_round: int) -> int:
        """How many."""

    return Question(how_many)


def test_an_answer_is_given_by_one_room_that_takes_what_is_asked(monkeypatch, asked):
    name, taken = asked.name, f"The answer to {asked.name} must take ('of_round',)."
    for answers, said in {
        (): [("rooms.E003", f"0 rooms answer {name}; exactly one must.")],
        (lambda of_round: of_round,): [],
        (lambda of_round, more=0: of_round + more,): [],
        (lambda of_round: of_round, lambda of_round: -of_round): [
            ("rooms.E003", f"2 rooms answer {name}; exactly one must.")
        ],
        (None,): [("rooms.E004", taken)],
        (lambda: 1,): [("rooms.E004", taken)],
        (lambda of_round, more: of_round + more,): [("rooms.E004", taken)],
    }.items():
        answered(monkeypatch, *((asked, answer) for answer in answers))
        assert problems() == said


@pytest.mark.parametrize(
    ("tones", "said"),
    [
        ([{"open": "success"}, {"open": "success", "sent": "info"}], []),
        (
            [{"open": "success", "sent": "info"}, {"open": "info"}],
            [("rooms.E005", "Two rooms have different colours for the status «open».")],
        ),
    ],
)
def test_a_status_of_one_code_has_one_colour_in_all_rooms(monkeypatch, tones, said):
    monkeypatch.setattr(rooms, "QUESTIONS", {})
    monkeypatch.setattr(rooms, "all_rooms", lambda: tuple(Room(tones=each) for each in tones))
    assert problems() == said


def test_a_question_gives_the_answer_and_never_nothing(monkeypatch, asked):
    answered(monkeypatch, (asked, lambda of_round: of_round + 1))
    assert (asked(1), asked(of_round=-1)) == (2, 0)
    answered(monkeypatch, (asked, lambda of_round: None if of_round else 0))
    with pytest.raises(UnansweredError, match="the answer gave nothing"):
        asked(1)


def test_a_server_started_without_the_check_refuses_too(monkeypatch):
    rooms.require_whole()
    answered(monkeypatch)
    with pytest.raises(ImproperlyConfigured, match="0 rooms answer applications"):
        rooms.require_whole()


def test_every_kind_of_reminder_has_its_words_and_its_mail():
    kinds = rooms.reminder_kinds()
    assert [kind.code for kind in kinds] == [
        *("draft", "signature", "assessment", "follow_up", "acceptance", "start", "evaluation", "comments")
    ]
    mails = ROOT / "templates/emails"
    assert [kind.code for kind in kinds if not (kind.label and (mails / f"reminder_{kind.code}").is_dir())] == []
