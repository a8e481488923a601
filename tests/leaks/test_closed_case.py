"""What is closed is closed everywhere: neither a word nor a figure of a case reaches those it is closed to.

A case is walked from the sending to the evaluation twice, with other words and figures the second time. At each stage
each person to whom it is closed fetches every address there is. A page that is not the same in both walks tells of the
case: by a word, by an amount, or by a sum from which it follows. Those who applied do the same in two walks that differ
in what is done with the application only: nothing may differ before the letter.
"""

from difflib import unified_diff

import pytest
from django.db import transaction

from portal.pdf import engine
from tests.applications import world as applications_world
from tests.harness import worlds
from tests.leaks import walking
from tests.leaks.world import APPLICANTS_READ, HANDLED_OTHERWISE, READS, SECRETS, people, reset_sequences, walk

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.timeout(600), pytest.mark.fault("A3")]

# Routes that still tell, with whom they tell it to: the set shrinks, and a new row fails.
STILL_TELLS = set()


@worlds.world
def setting(house):
    """The house with the persons to whom the case is closed, and the round of two stages."""
    return people(house), applications_world.real_round("helse-nord-2025")


@pytest.fixture(autouse=True)
def documents_as_text(monkeypatch):
    monkeypatch.setattr(engine, "write", walking.typed)


def told(setting, clock, secret, reads):
    """What each person is answered at each stage of a walk with the secret; nothing of the walk stays."""
    home, round_ = setting
    answers = {}
    with transaction.atomic():
        reset_sequences()
        for stage, world in walk(home, round_, secret, clock):
            for role, rooms in reads[stage].items():
                read = walking.Reader(getattr(home, role)).answers(world, rooms)
                answers |= {(stage, role, *address): text for address, text in read.items()}
        transaction.set_rollback(True)
    return answers


def differing(first, second):
    """The rows of the answers that are not the same, each with the first lines that differ."""
    assert first.keys() == second.keys()
    rows = {}
    for key in first:
        if first[key] != second[key]:
            lines = unified_diff(first[key].splitlines(), second[key].splitlines(), lineterm="", n=0)
            rows[key] = [line.strip() for line in lines][2:12]
    return rows


def shown(rows):
    return "\n".join(f"{' / '.join(key)}\n    " + "\n    ".join(lines) for key, lines in rows.items())


def test_a3_nothing_that_a_person_can_fetch_tells_of_a_case_that_is_closed_to_the_person(setting, frozen_clock):
    first, second = (told(setting, frozen_clock, secret, READS) for secret in SECRETS)
    rows = differing(first, second)
    tells = {(role, route) for _stage, role, route, _path in rows}
    new = {key: lines for key, lines in rows.items() if (key[1], key[2]) not in STILL_TELLS}
    assert not new, shown(new)
    assert STILL_TELLS - tells == set(), "these tell nothing any more: take them out of STILL_TELLS"


@pytest.mark.release  # tests/decisions/test_before_the_letter.py proves it as well
def test_a3_nor_does_it_tell_those_who_applied_what_is_done_with_it_before_the_letter(setting, frozen_clock):
    first, second = (told(setting, frozen_clock, secret, APPLICANTS_READ) for secret in (SECRETS[0], HANDLED_OTHERWISE))
    rows = differing(first, second)
    assert not rows, shown(rows)


def test_every_address_of_the_portal_is_read_pressed_or_public():
    named = [*walking.GET, *walking.POST, *walking.PUBLIC]
    assert sorted({name for name in named if named.count(name) > 1}) == []
    assert sorted(set(walking.routes()) - set(named)) == [], "read it in GET, or say why it tells of no case"
    assert sorted(set(named) - set(walking.routes())) == []


def test_what_is_only_pressed_answers_nobody_who_reads(setting, client):
    client.force_login(setting[0].secretary)
    for name in walking.POST:
        assert (name, client.get(walking.any_address(name)).status_code) in {(name, 405), (name, 404)}
