"""Rounds with other stages than the real ones have, made from the real files."""

from itertools import pairwise

from tests import factories

COMMITTEE = {
    "code": "committee",
    "name": "Beslutning i Tildelingsutvalget",
    "body_kind": "tildelingsutvalg",
    "body": "tildelingsutvalg-helse-nord",
    "tasks": ["assess", "prioritise", "decide"],
    "criteria": ["check-plan", "purpose", "benefit"],
    "scoring": "weighted",
    "assessors": 1,
    "decision_rule": "simple_majority",
}
EXPERTS = {
    "code": "experts",
    "name": "Faglig vurdering i FSU",
    "body_kind": "fsu",
    "tasks": ["assess", "prioritise"],
    "criteria": ["check-plan", "purpose", "benefit"],
    "scoring": "weighted",
    "assessors": 1,
    "minimum_total": "10",
}
BOARD = {
    "code": "board",
    "name": "Beslutning i SSU",
    "body_kind": "ssu",
    "tasks": ["assess", "prioritise", "decide"],
    "criteria": ["plan", "resources"],
    "scoring": "weighted",
    "assessors": 1,
    "minimum_total": "20",
}


# What the second stage of ``second_stage_of_its_own`` asks for, and the first does not.
GATE = {
    "code": "anchored",
    "title": "Minst ett av to må være på plass",
    "criteria": ["anchored-locally", "shared-by-all"],
    "at_least": 1,
    "refusal": "Tiltaket er verken forankret lokalt eller delt av alle. Minst ett må være på plass.",
}
GATE_CRITERIA = [
    {"code": "anchored-locally", "title": "Forankret lokalt", "kind": "gate"},
    {"code": "shared-by-all", "title": "Delt av alle", "kind": "gate"},
]


def _call(code, *stages, **more):
    """The round of Helse Nord 2025 with these stages, each forwarding to the one after it."""
    base = factories.definition("helse-nord-2025")
    chained = [
        {**stage, "forwards": {"to_stage": after["code"], "which": "prioritised"}} for stage, after in pairwise(stages)
    ]
    ends = {"forwarded", "not_prioritised"} if len(stages) == 1 else set()
    data = base.to_data()
    outcomes = [outcome for outcome in data["decision"]["outcomes"] if outcome not in ends]
    # Of the four helsefellesskap only this one has an FSU in the tests' world.
    communities = [item for item in data["communities"] if len(stages) == 1 or item["community"] == "troms-ofoten"]
    parts = {"stages": [*chained, stages[-1]], "communities": communities, "decision": {"outcomes": outcomes}, **more}
    return factories.changed(base, code=code, **parts)


def regional_alone():
    """One stage, at a regional body: nobody in a helsefellesskap handles anything."""
    return _call("regional-alone-2025", COMMITTEE)


def two_bodies(experts=None):
    """Two bodies of one helsefellesskap in a row: FSU assesses and prioritises, SSU decides.

    ``experts`` is the code of the FSU, for a helsefellesskap with more than one.
    """
    return _call("two-bodies-2025", {**EXPERTS, "body": experts} if experts else EXPERTS, BOARD)


def three_bodies():
    """Three bodies in a row, the last one regional."""
    middle = {**BOARD, "name": "Prioritering i SSU", "tasks": ["approve", "assess", "prioritise"]}
    return _call("three-bodies-2025", EXPERTS, middle, COMMITTEE)


def second_stage_of_its_own():
    """Two bodies in a row; the second has a checklist, a gate, a threshold, assessors and a deadline of its own."""
    base = factories.definition("helse-nord-2025").to_data()["criteria"]
    criteria = [{**item, "threshold": "2"} if item["code"] == "resources" else item for item in base]
    board = {
        **BOARD,
        "criteria": ["check-relevance", "anchored-locally", "shared-by-all", "plan", "resources"],
        "gates": ["anchored"],
        "assessors": 2,
        "minimum_total": None,
        "deadline": "2025-06-20 24:00",
    }
    more = {"criteria": [*criteria, *GATE_CRITERIA], "gates": [GATE]}
    return _call("own-second-stage-2025", {**EXPERTS, "deadline": "2025-05-15 24:00"}, board, **more)
