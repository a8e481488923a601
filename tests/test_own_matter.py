"""Nobody decides in his own matter: every act has a row that says who must not do it, or why nobody gains by it.

A new act fails here until it has one. ``GUARDED`` names the test that shows the refusal. ``OPEN`` says what is still
possible, and shrinks. ``NEUTRAL`` says why no right, place, signature or judgement is given by the act.
"""

import ast

import pytest

from tests.harness.pure_modules import ROOT
from tests.test_acts_everywhere import SERVICES, functions_of, is_act, name_of

pytestmark = pytest.mark.sqlite

OUT = "tests/meetings/test_out_of_case.py::test_a2_the_act_refuses_too"
PAGES = "tests/meetings/test_out_of_case.py::test_a2_who_is_out_of_the_case_in_hand_changes_nothing_of_it"
REST = "tests/meetings/test_out_of_case.py::test_a2_the_rest_is_postponed_without_the_cases_one_is_out_of"
LIST = "tests/meetings/test_out_of_case.py::test_a2_a_list_is_put_up_by_one_who_is_out_of_nothing_on_it"
WHOLE_CASE = "tests/meetings/test_closed_allocation.py::test_who_reads_a_part_neither_writes_nor_leads_the_whole"
TOGETHER = "tests/meetings/test_taken_together.py::test_who_is_out_of_a_case_does_not_resolve_it_with_others"
REMARKS = "tests/meetings/test_closed_allocation.py::test_minutes_open_when_the_letter_is_sent"
GIVES = "tests/communities/test_own_rights.py::test_a1_nobody_gives_oneself_a_place"
WIDENS = "tests/communities/test_own_rights.py::test_a1_nobody_widens_the_own_affiliation"
SEAT = "tests/communities/test_own_rights.py::test_a1_nobody_widens_the_own_seat"
DEPUTY = "tests/communities/test_own_rights.py::test_a1_a_deputy_does_not_take_the_members_vote"
RULE = "tests/communities/test_own_rights.py::test_a1_a_voter_does_not_set_how_the_body_decides"
LATER = "tests/applications/test_place_after_habilitet.py::test_a1_a_later_place_opens_no_page_of_the_closed_case"
BINDS = "tests/followup/test_attacks.py::test_a1_a_later_place_does_not_bind_the_project_that_is_closed"
LEAD = "tests/applications/test_lead.py::test_a6_another_partner_does_not_take_over"
DRAFT = "tests/applications/test_lead.py::test_a6_only_the_lead_throws_the_draft_away"
BACK = "tests/applications/test_lead.py::test_a6_a_draft_that_was_thrown_away_is_had_back"
SHUT = "tests/assessment/test_shut_out.py::test_inhabil_officer_reaches_no_page_of_the_application"
SET_UP = "tests/assessment/test_shut_out.py::test_inhabil_officer_does_not_set_the_list_up"
PAST = "tests/assessment/test_shut_out.py::test_inhabil_officer_neither_moves_nor_records_tasks"
WHOLE = "tests/assessment/test_attacks.py::test_inhabil_officer_neither_judges_the_whole_nor_sends_it_on"
SCORES_AGAIN = "tests/assessment/test_taken_back.py::test_who_is_out_of_the_case_takes_no_assessment_back"
BACK_AGAIN = "tests/assessment/test_second_thoughts.py::test_who_is_out_of_a_case_neither_unlocks_nor_calls_back"
LOCKS = "tests/assessment/test_views.py::test_inhabil_secretary_does_not_lock_the_list"
WAITS = "tests/assessment/test_services_admission.py::test_a1_who_waits_for_a_decision_is_not_assigned_nor_told_of_it"
EVENLY = "tests/assessment/test_services_admission.py::test_even_distribution_passes_over_ties_and_tells_each_once"
ASKS_NO_MORE = "tests/assessment/test_habilitet_kept.py::test_nobody_else_takes_it_back_and_not_after_the_decision"
OWN = "tests/assessment/test_services_habilitet.py::test_nobody_decides_their_own"
LETTER = "tests/decisions/test_reviewing.py::test_an_inhabil_officer_is_shut_out_of_the_letter_with_the_reason"
TAKEN_BACK = "tests/decisions/test_taking_back.py::test_those_who_handle_the_letter_take_its_approval_back"
ORDERED = "tests/decisions/test_sending.py::test_no_letter_goes_out_for_one_who_may_no_longer_send_it"
COLLEAGUE = "tests/decisions/test_approving.py::test_the_writer_approves_only_where_one_is_enough"
LEFT = "tests/decisions/test_reviewing.py::test_decisions_of_an_inhabil_officer_are_left_for_another"
EXTEND = "tests/assessment/test_attacks.py::test_officer_who_writes_the_application_gives_it_no_later_deadline"
UNDELIVERED = "tests/decisions/test_undelivered.py::test_b7_who_is_out_of_the_case_is_neither_told_nor_sends_it_again"
SUCCEEDS = "tests/communities/test_succession.py::test_nobody_gives_oneself_what_an_organisation_had"
TAKES_OVER = "tests/meetings/test_ended_bodies.py::test_nobody_gives_oneself_what_a_body_had"
REPLACES = "tests/applications/test_ended_partner.py::test_only_who_acts_for_the_lead_puts_another_in_its_place"
ADDRESS = "tests/communities/test_old_address.py"
ASKED_FOR = "tests/actions/test_services.py::test_who_is_out_of_the_case_neither_makes_nor_changes_its_items"
CLOSED = "tests/applications/test_attacks.py::test_inhabil_officer_is_shut_out_of_the_application_here_too"

# The act, and the test in which somebody who gains by it, or is out of the case, is refused.
GUARDED = {
    "portal/mail/services.py": {"send_again": UNDELIVERED, "leave": UNDELIVERED},
    "portal/communities/services/people.py": {
        "add_affiliation": GIVES,
        "find_or_invite": GIVES,
        "change_affiliation": WIDENS,
        "end_affiliation": WIDENS,
    },
    "portal/communities/services/bodies.py": {
        "add_seat": GIVES,
        "confirm_seat": "tests/decisions/test_second_person.py::test_the_seat_is_confirmed_by_neither_of_the_two",
        "appoint_first": "tests/communities/test_first_install.py::test_d1_nobody_puts_in_oneself",
        "change_seat": SEAT,
        "end_seat": DEPUTY,
        "change_body": RULE,
    },
    "portal/communities/services/succession.py": {"end_organisation": SUCCEEDS, "end_body": TAKES_OVER},
    "portal/communities/services/organisations.py": {
        "change_organisation": f"{ADDRESS}::test_the_old_post_address_of_an_organisation_is_told",
        "change_addresses": f"{ADDRESS}::test_the_old_addresses_of_a_helsefellesskap_are_told",
    },
    "applications/services/cancelling.py": {
        "cancel_round": "tests/applications/test_cancelling.py::test_who_gains_by_the_money_does_not_cancel"
    },
    "rounds/services.py": {"set_frame": "tests/rounds/test_frame.py::test_who_gains_by_the_frame_does_not_set_it"},
    "applications/services/drafts.py": {
        "start": "tests/applications/test_owner_named.py::test_those_who_lead_the_fsu_are_told_by_the_first_draft"
    },
    "applications/services/partners.py": {"make_lead": LEAD, "follow_successor": REPLACES},
    "applications/services/signing.py": {"sign": LATER, "decline": LATER, "remind": LATER, "open_text": LATER},
    "applications/services/submitting.py": {
        "submit": LATER,
        "resubmit": LATER,
        "withdraw": DRAFT,
        "bring_back": BACK,
    },
    "applications/services/correcting.py": {"request_correction": CLOSED, "extend": EXTEND},
    "evaluation/assessment/services/admission.py": {
        "admit": SHUT,
        "refuse": SHUT,
        "close_unanswered": SHUT,
        "take_back": SHUT,
    },
    "evaluation/assessment/services/assigning.py": {"assign": WAITS, "assign_evenly": EVENLY, "unassign": SHUT},
    "evaluation/assessment/services/declaring.py": {
        "raise_about": "tests/assessment/test_deciders.py::test_nobody_raises_the_question_about_oneself",
        "take_back_question": ASKS_NO_MORE,
        "decide": OWN,
        "decide_question": OUT,
    },
    "evaluation/assessment/services/assessing.py": {
        "save": SHUT,
        "_deliver": SHUT,
        "read_new_version": SHUT,
        "take_back": SCORES_AGAIN,
    },
    "evaluation/assessment/services/prioritising.py": {
        "set_up": SET_UP,
        "recommend": SHUT,
        "recommend_amounts": "tests/assessment/test_amounts.py"
        "::test_row_that_is_closed_to_the_person_has_no_fields_and_is_not_written",
        "move": PAST,
        "consider": WHOLE,
        "record_task": PAST,
    },
    "evaluation/assessment/services/freezing.py": {"freeze": LOCKS, "unlock": BACK_AGAIN},
    "evaluation/assessment/services/forwarding.py": {"forward": WHOLE, "call_back": BACK_AGAIN},
    "evaluation/meetings/services/habilitet.py": {
        "raise_question": OUT,
        "answer_habil": "tests/meetings/test_must_answer.py::test_a_strong_tie_goes_to_the_body",
        "decide_question": OUT,
        "withdraw_question": OUT,
    },
    "evaluation/meetings/services/live.py": {
        "arrive": OUT,
        "arrive_all": "tests/meetings/test_views.py::test_reporting_in_all_is_for_those_who_lead_and_are_in_the_case",
        "leave": OUT,
        "apologise": OUT,
    },
    "evaluation/meetings/services/balloting.py": {"open_ballot": OUT, "close_ballot": OUT},
    "evaluation/meetings/services/hands.py": {
        "count_hands": "tests/meetings/test_hands.py::test_who_is_out_of_the_case_counts_nothing"
    },
    "evaluation/meetings/services/attachments.py": {"add": OUT, "remove": OUT},
    "evaluation/meetings/services/corrections.py": {"correct": OUT},
    "evaluation/meetings/services/relating.py": {"name_earlier": OUT, "leave_out_earlier": OUT},
    "evaluation/meetings/services/resolving.py": {
        "adopt_ballot": PAGES,
        "adopt_agreed": OUT,
        "postpone": OUT,
        "postpone_rest": REST,
        "note": OUT,
        "reopen": OUT,
        "write_statements": "tests/meetings/test_attacks.py::test_inhabil_chair_writes_nothing_in_the_minutes",
    },
    "evaluation/meetings/services/together.py": {
        "resolve_together": TOGETHER,
        "ask_to_discuss": "tests/meetings/test_taken_together.py::test_who_is_out_of_the_case_or_the_body_asks_nothing",
    },
    "evaluation/meetings/services/planning.py": {"move": OUT, "take_up_again": OUT, "write_paper": OUT},
    "evaluation/meetings/services/taking_off.py": {
        "take_off": "tests/meetings/test_taking_off.py::test_who_is_out_of_a_case_takes_nothing_of_its_list_off"
    },
    "evaluation/meetings/services/from_list.py": {"add_cases": LIST, "rewrite_allocation": WHOLE_CASE},
    "evaluation/meetings/services/minutes.py": {"write_remarks": REMARKS},
    "evaluation/decisions/services/deciding.py": {"decide_resolution": LEFT},
    "evaluation/decisions/services/letters.py": {
        "look": LETTER,
        "approve": COLLEAGUE,
        "take_back": TAKEN_BACK,
        "send": LETTER,
        "order_sending": ORDERED,
    },
    "evaluation/actions/services.py": dict.fromkeys(("go_through", "add", "mend", "report", "settle"), ASKED_FOR),
    "evaluation/followup/services/accepting.py": {"accept": BINDS, "decline": BINDS, "record_start": BINDS},
    "evaluation/followup/services/correcting.py": {
        "correct": "tests/followup/test_correcting.py::test_an_officer_who_wrote_it_leaves_it_to_a_colleague"
    },
    "evaluation/followup/services/reporting.py": {"submit": BINDS},
}

# What is still possible, and why it is left so.
OPEN: dict[str, dict[str, str]] = {}

NEUTRAL = {
    "portal/communities/services/people.py": {
        "send_invitation": "A new link to one's own mailbox gives no right.",
        "choose_language": "One's own pages.",
        "change_profile": "One's own name and telephone.",
    },
    "portal/communities/services/addresses.py": {
        "ask_for_address": "A link to a mailbox; the password is asked for.",
        "take_address": "The person's own address, proved by the link; places and ties follow the person.",
    },
    "portal/communities/services/bodies.py": {"add_body": "A body without seats; seats are given by colleagues."},
    "portal/communities/services/organisations.py": {
        "add_organisation": "Without people; they are given by colleagues."
    },
    "portal/communities/services/succession.py": {
        "take_back_end": "It takes away what the successors had, and gives nobody a place back.",
        "take_back_end_of_body": "It takes away what the successors had, and gives nobody a place back.",
    },
    "portal/communities/services/demo.py": {"load_persons": "By the operator, in a demo."},
    "portal/communities/services/register.py": {"load": "By the operator."},
    "applications/services/partners.py": {
        "add": "The new partner gains; its people say yes by signing.",
        "remove": "Nobody gains a right, and the partner that is removed is told.",
        "set_unit": "A word about one's own unit, which voids the signatures.",
    },
    "applications/services/attachments.py": {
        "_add": "Writing in one's own draft.",
        "_replace": "Writing in one's own draft.",
        "remove": "Writing in one's own draft.",
    },
    "applications/services/signing.py": {"settle": "The portal's own job; it takes what was given on another text."},
    "applications/services/rows.py": {"save_amount": "Writing in one's own draft."},
    "applications/services/status.py": {
        "advance": "A part of the acts in this table.",
        "announce": "A part of sending the letter.",
    },
    "evaluation/assessment/services/declaring.py": {"declare": "The person's own answer; it can only close the case."},
    "evaluation/assessment/services/results.py": {"rebuild_many": "Arithmetic of what others have scored."},
    "evaluation/meetings/services/balloting.py": {"cast": "One's own vote; the electorate leaves out who is out."},
    "evaluation/assessment/services/forwarding.py": {"open_package": "That the receivers have seen it."},
    "evaluation/meetings/services/live.py": {
        "open_meeting": "No case is touched.",
        "choose_secretary": "A name in the minutes, which gives no right.",
        "go_to": "Somebody must bring the meeting to the case; nothing in it is changed.",
        "close_meeting": "Every case is settled by then.",
        "reopen_meeting": "No case is touched.",
    },
    "evaluation/meetings/services/together.py": {"take_back_request": "One's own wish, and no case is resolved by it."},
    "evaluation/meetings/services/cancelling.py": {"cancel": "No case is touched: all wait as they are."},
    "evaluation/meetings/services/member_remarks.py": {
        "send_for_remarks": "The members are told that they can read it.",
        "tell_remark": "What one thinks is wrong; it changes no word of the minutes.",
    },
    "evaluation/meetings/services/minutes.py": {"adopt": "What was resolved is frozen word for word."},
    "evaluation/meetings/services/planning.py": {
        "plan": "A meeting without cases.",
        "reschedule": "Time and location.",
        "add_case": "A new case about no application.",
        "call": "The members are told of the agenda.",
    },
    "evaluation/decisions/services/deciding.py": {
        "decide": "A part of the two acts beside it.",
        "decide_without_meeting": "The outcome stands on the list; the page is closed as the letter is.",
    },
    "evaluation/decisions/services/letters.py": {
        "prepare": "The text is made of the decision; look, approve and send are guarded.",
        "start_batch": "The letters one may read, at the time they are asked for.",
    },
    "evaluation/followup/services/agenda.py": {"put_up_case": "By whoever may follow the project."},
    "evaluation/followup/services/reminding.py": {"remind_now": "It only repeats what the portal asks for by itself."},
    "portal/reminders/services.py": {"_queue": "By the clock."},
    "evaluation/plans/services/loading.py": {"load": "By the operator."},
    "evaluation/plans/services/plan_text.py": {
        "begin": "A text without a right or money in it.",
        "write": "A text; who has the responsibility for a measure may tell of it, and gets nothing else.",
        "add": "As writing.",
        "move": "The order of a text.",
        "remove": "What nobody has adopted or told of.",
    },
    "evaluation/plans/services/adopting.py": {"adopt": "It freezes the words that a body has adopted."},
    "evaluation/plans/services/telling.py": {"tell": "A sentence about a measure, with the name of who told it."},
    "evaluation/plans/services/agenda.py": {"put_up_status": "What has been told, as a case for information."},
    "evaluation/raised/services.py": {
        "raise_case": "It asks; the secretariat and the body decide.",
        "take_back": "What one has asked oneself.",
        "put_up": "A case on an agenda; the body decides, and habilitet is asked there.",
        "send_on": "Another body has it; nothing is decided.",
        "answer": "Nobody has a right to have a case taken up; the answer stands with its name.",
    },
    "evaluation/comments/services.py": {
        "ask": "Others are asked for their opinion of a case of its own; the body decides.",
        "write": "An opinion, with the name of who wrote it.",
        "move_date": "More or less time for all who are asked.",
        "close": "What was written stays in the paper.",
    },
    "evaluation/reporting/services.py": {
        "begin": "A text with the figures of others' decisions.",
        "write": "A text, beside figures that nobody writes.",
        "approve": "One to whom a project in it is closed is refused: tests/reporting/test_reports.py.",
        "open_again": "What was sent is kept; the reason stands in the log.",
    },
    "evaluation/demo/services.py": {"order": "Only in the demo, where everybody may move the clock."},
    "rounds/services.py": {
        "load_round": "By the operator.",
        "lock_round": "A part of starting a draft.",
        "withdraw_round": "Nobody has begun to apply, so there is no case.",
        "bring_back_round": "Nobody has begun to apply, so there is no case.",
    },
    "rounds/answering/services/answers.py": {"save_answers": "Writing in one's own draft or report."},
    "rounds/answering/services/files.py": {
        "_add": "Writing in one's own report.",
        "remove": "Writing in one's own report.",
    },
    "rounds/answering/services/rows.py": {"save_rows": "Writing in one's own draft or report."},
}


def acts():
    """Every act of the house, as file and name."""
    return {
        (name_of(path), name) for path in SERVICES for name, function in functions_of(path).items() if is_act(function)
    }


def rows(*tables):
    return [(file, name) for table in tables for file, names in table.items() for name in names]


def test_every_act_has_one_row():
    written = rows(GUARDED, OPEN, NEUTRAL)
    assert sorted({row for row in written if written.count(row) > 1}) == []
    assert sorted(acts() - set(written)) == [], "say who must not do it, and name the test, or say why nobody gains"
    assert sorted(set(written) - acts()) == []


# Where an officer who takes part in an application, or a member with a strong tie, and who was not asked about
# habilitet, is asked before the act.
ASKED_FIRST = {
    "tests/assessment/test_must_declare.py": {
        "test_an_officer_who_writes_the_application_is_asked_first",
        "test_the_whole_list_waits_for_the_answer",
        "test_a_correction_waits_for_the_answer",
    },
    "tests/meetings/test_must_answer.py": {
        "test_the_body_decides_nothing_before_each_voter_with_a_tie_has_answered",
        "test_one_who_comes_while_it_is_voted_answers_before_voting",
        "test_who_leads_answers_first",
        "test_a_list_is_put_up_when_the_officer_has_answered",
    },
    "tests/decisions/test_attacks.py": {
        "test_the_letter_waits_until_an_officer_who_takes_part_has_answered",
        "test_no_decision_without_a_meeting_before_the_answer",
    },
}


@pytest.mark.parametrize("file", ASKED_FIRST)
def test_the_tests_of_who_is_asked_first_are_there(file):
    names = {node.name for node in ast.walk(ast.parse((ROOT / file).read_text())) if isinstance(node, ast.FunctionDef)}
    assert ASKED_FIRST[file] - names == set()


@pytest.mark.parametrize("proof", sorted({test for names in GUARDED.values() for test in names.values()}))
def test_the_test_that_shows_the_refusal_is_there(proof):
    file, name = proof.split("::")
    tree = ast.parse((ROOT / file).read_text())
    assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
