"""Every status × transition × actor against a literal table."""

import pytest

from applications import workflow
from applications.workflow import BY_NAME, TRANSITIONS, Actor, Status, allowed, can

# One line a transition, written by hand from the process: who, from where, to where.
TABLE = """
submit              applicant    draft                                             submitted
resubmit            applicant    correction                                        submitted
withdraw            applicant    draft submitted correction admitted prioritised forwarded postponed                         withdrawn
cancel              secretariat  submitted correction admitted not_admitted prioritised not_prioritised forwarded postponed withdrawn
bring_back          applicant    withdrawn                                         draft
request_correction  secretariat  submitted                                         correction
admit               secretariat  submitted                                         admitted
take_in             secretariat  forwarded                                         forwarded
refuse_admission    secretariat  submitted forwarded                               not_admitted
close_unanswered    secretariat  correction                                        not_admitted
check_again         secretariat  admitted not_admitted                             submitted
check_again_later   secretariat  forwarded not_admitted                            forwarded
correct_again       secretariat  not_admitted                                      correction
prioritise          secretariat  admitted forwarded                                prioritised
leave_out           secretariat  admitted forwarded                                not_prioritised
forward             secretariat  prioritised                                       forwarded
unlock              secretariat  prioritised not_prioritised                       admitted
unlock_later        secretariat  prioritised not_prioritised                       forwarded
call_back           secretariat  forwarded                                         prioritised
grant               body         prioritised postponed                             granted
grant_in_part       body         prioritised postponed                             partly_granted
reject              body         prioritised postponed                             rejected
postpone            body         prioritised postponed                             postponed
accept              applicant    granted partly_granted                            accepted
decline_award       applicant    granted partly_granted                            withdrawn
start_operation     applicant    accepted                                          in_operation
evaluate            applicant    in_operation                                      evaluated
"""  # noqa: E501 - a table
LINES = {
    name: (actor, frozenset(rest[:-1]), rest[-1])
    for name, actor, *rest in (line.split() for line in TABLE.strip().splitlines())
}
# A draft that was thrown away can be brought back, and a check done again: «withdrawn» and «not_admitted» are no ends.
ENDS = {"rejected", "evaluated"}


def test_an_outcome_whose_status_is_not_there_brings_its_own():
    members = {status.name: (status.value, status.label) for status in Status if status != Status.REJECTED}
    workflow.add_statuses_of_outcomes(members)
    assert [(name, code, str(words)) for name, (code, words) in members.items()][-1] == (
        "REJECTED",
        "rejected",
        "Avslag",
    )
    assert set(members) == set(Status.names)


def test_no_status_is_written_over():
    members = {status.name: status for status in Status}
    workflow.add_statuses_of_outcomes(members)
    assert members == {status.name: status for status in Status}


def test_table_has_every_transition_and_no_other():
    assert list(LINES) == [line.name for line in TRANSITIONS]


@pytest.mark.parametrize("name", LINES)
def test_transition_leads_where_the_table_says(name):
    assert (BY_NAME[name].actor, BY_NAME[name].target) == (LINES[name][0], LINES[name][2])


@pytest.mark.parametrize("name", LINES)
def test_transition_is_open_exactly_where_the_table_says(name):
    actor, sources, _target = LINES[name]
    assert {status for status in Status if can(status, name)} == sources
    offered = {(status, by) for status in Status for by in Actor if BY_NAME[name] in allowed(status, by)}
    assert offered == {(status, actor) for status in sources}


@pytest.mark.parametrize("status", Status)
def test_status_is_an_end_exactly_when_nothing_leads_out_of_it(status):
    assert (not any(status in line.sources for line in TRANSITIONS)) == (status in ENDS)


def test_every_status_is_reached():
    assert {line.target for line in TRANSITIONS} == set(Status)


def test_buttons_come_in_the_order_of_the_process():
    assert [line.label for line in allowed(Status.SUBMITTED, Actor.SECRETARIAT)] == [
        "Trekk utlysningen",
        "Be om retting",
        "Ta søknaden til vurdering",
        "Avvis søknaden",
    ]


def test_only_drafts_and_corrections_are_written_in():
    assert set(workflow.EDITABLE) == {"draft", "correction"}


def test_stage_follows_exactly_these_transitions():
    assert {str(name): str(state) for name, state in workflow.STAGE_STATES.items()} == {
        "admit": "in_work",
        "take_in": "in_work",
        "unlock": "in_work",
        "unlock_later": "in_work",
        "call_back": "prioritised",
        "check_again": "received",
        "check_again_later": "received",
        "correct_again": "received",
        "refuse_admission": "closed",
        "close_unanswered": "closed",
        "withdraw": "closed",
        "cancel": "closed",
        "prioritise": "prioritised",
        "leave_out": "left_out",
        "forward": "forwarded",
        "postpone": "prioritised",
        "grant": "decided",
        "grant_in_part": "decided",
        "reject": "decided",
    }
    assert set(workflow.STAGE_STATES) <= set(BY_NAME)
    assert {"grant", "grant_in_part", "reject", "postpone"} == workflow.DECISIONS
    assert {"admit", "take_in", "refuse_admission"} == workflow.CHECKS


def test_applicants_know_what_they_have_been_told_and_no_more():
    told_by_letter = {
        "not_admitted": "submitted",
        **dict.fromkeys(("prioritised", "not_prioritised", "forwarded", "postponed"), "admitted"),
        **dict.fromkeys(("granted", "partly_granted", "rejected"), "admitted"),
    }
    for status in Status:
        assert workflow.known(status, is_announced=True) == status
        assert workflow.known(status, is_announced=False) == told_by_letter.get(str(status), status)
        expected = "correction" if status in told_by_letter else status
        assert workflow.known(status, is_announced=False, before="correction") == expected
