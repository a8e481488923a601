"""A definition of an older form read as today's."""

import pytest

from rounds.definition.upgrading import upgraded, upgrades

OLD = {"code": "x", "stages": [{"code": "a"}, {"forwards": {"to": "b", "which": "approved"}}]}
NEW = {"code": "x", "stages": [{"code": "a"}, {"forwards": {"to": "b", "which": "prioritised"}}]}


def test_the_old_word_is_said_in_todays_and_the_old_data_is_left_alone():
    before = repr(OLD)
    assert upgraded(OLD) == NEW
    assert repr(OLD) == before
    assert upgraded(NEW) is NEW


def test_what_is_changed_is_told_with_its_place():
    (change,) = upgrades(OLD)
    assert change.notice.path == ("stages", 1, "forwards", "which")
    assert change.notice.message == (
        "«approved» leses som «prioritised»: listen kan ikke låses før trinnets oppgaver er gjort, "
        "så alt som er prioritert, er godkjent"
    )


@pytest.mark.parametrize("data", [None, [], "x", {}, {"stages": "x"}, {"stages": ["x", {"forwards": "approved"}]}])
def test_what_is_no_definition_at_all_is_given_back_as_it_is(data):
    assert list(upgrades(data)) == []
    assert upgraded(data) is data
