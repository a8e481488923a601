"""What is checked, assigned, assessed and ranked belongs to one stage: every function that reads it names the stage."""

import ast

import pytest

from tests.harness.pure_modules import ROOT

pytestmark = pytest.mark.sqlite

ROOMS = ("applications", "evaluation")
# Rows of one application in one stage.
MODELS = frozenset({"Admission", "Assignment", "Assessment", "Result", "Recommendation"})
# The names by which an application, a stage or a list gives them.
RELATED = frozenset({"admissions", "assignments", "assessments", "results", "recommendations"})
# Receivers with rows of the same name that are no rows of a stage: the measured results of an evaluation report.
OTHER_ROWS = frozenset({"report"})
# A priority list is of one stage; a row found by its key is the row that was read before.
STAGE = ("stage", "priority_list", "pk")
OF_EVERY_STAGE = {
    "evaluation/assessment/management/commands/rebuild_results.py:handle": "the results of every stage are calculated",
    "evaluation/assessment/queries/desk.py:assigned_to": "the person's assignments in every stage",
    "evaluation/assessment/queries/desk.py:given_to_assess": "whether anything was ever given to the person",
    "evaluation/assessment/queries/desk.py:of_person": "the person's assignments in every stage",
    "evaluation/assessment/queries/desk.py:_undelivered": "in every stage, with the assessment of that stage",
    "evaluation/assessment/queries/detail.py:admissions": "the page shows the check of each stage by its name",
    "evaluation/assessment/queries/habilitet.py:undelivered": "an assignment in any stage closes the application",
    "evaluation/assessment/queries/packages.py:side_by_side": "the totals are looked up by stage afterwards",
    "evaluation/assessment/services/results.py:rebuild_all": "the results of every stage are calculated",
    "evaluation/reporting/queries/period_figures.py:_criteria": "a table for each stage that the receiver has had",
    "evaluation/decisions/services/deciding.py:decide_without_meeting": "the reason of the stage that closed it",
}


def whole_chain(node, parents):
    """The whole of the chain of calls that begins with the node: `Model.objects.filter(...).first()`.

    With the key, when its rows are given to `upsert`.
    """
    while (parent := parents.get(node)) and isinstance(parent, ast.Attribute | ast.Call):
        if isinstance(parent, ast.Call) and parent.func is not node and ast.unparse(parent.func) != "upsert":
            break
        node = parent
    return node


def begins_a_read(node, parents):
    """Whether the node is `Model.objects`, or `row.results` with a method of its rows called after it."""
    if not isinstance(node, ast.Attribute):
        return False
    if node.attr == "objects":
        return isinstance(node.value, ast.Name) and node.value.id in MODELS
    if node.attr not in RELATED or last_name(node.value) in OTHER_ROWS:
        return False
    method = parents.get(node)
    return isinstance(method, ast.Attribute) and isinstance(parents.get(method), ast.Call)


def last_name(node):
    """`priority_list` of `priority_list` and of `row.priority_list`."""
    return getattr(node, "attr", None) or getattr(node, "id", None)


def is_of_one_list(chain):
    """Whether the chain begins with the rows of a priority list."""
    return any(
        isinstance(node, ast.Attribute) and node.attr in RELATED and last_name(node.value) in ("priority_list", "stage")
        for node in ast.walk(chain)
    )


def names_the_stage(chain):
    """Whether a condition of the chain, or a field of a row in it, is about the stage, or its rows are a list's."""
    if is_of_one_list(chain):
        return True
    keywords = [node.arg or "" for node in ast.walk(chain) if isinstance(node, ast.keyword)]
    in_key = [ast.unparse(key) for node in ast.walk(chain) if isinstance(node, ast.Dict) for key in node.keys if key]
    is_named = any(part in STAGE for keyword in keywords for part in keyword.split("__"))
    return is_named or "'stage'" in in_key


def without_stage(source):
    """The names of the functions that read rows of one of the models and do not say of which stage."""
    for function in ast.walk(ast.parse(source)):
        if not isinstance(function, ast.FunctionDef):
            continue
        parents = {child: node for node in ast.walk(function) for child in ast.iter_child_nodes(node)}
        chains = [whole_chain(node, parents) for node in ast.walk(function) if begins_a_read(node, parents)]
        written = {"bulk_create", "bulk_update"}
        read = [
            chain
            for chain in chains
            if not (isinstance(chain, ast.Call) and getattr(chain.func, "attr", "") in written)
        ]
        if not all(names_the_stage(chain) for chain in read):
            yield function.name


def test_what_belongs_to_a_stage_is_read_with_its_stage():
    paths = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
    functions = [
        f"{path.relative_to(ROOT)}:{name}"
        for path in paths
        if not {"migrations", "demo"} & set(path.parts)
        for name in without_stage(path.read_text("utf-8"))
    ]
    assert sorted(functions) == sorted(OF_EVERY_STAGE)


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Admission.objects.filter(application=application)", ["f"]),
        ("Score.objects.filter(assessment=assessment)", []),
        ('upsert(Result.objects.all(), {"application": application, "stage": turn.stage}, values)', []),
        ('upsert(Result.objects.all(), {"application": application}, {})', ["f"]),
        ("Admission.objects.filter(application=application, stage=turn.stage)", []),
        ("Admission.objects.filter(stage__position__lte=3)", []),
        ("Recommendation.objects.filter(priority_list__community=None)", []),
        ("Result.objects.filter(application=application).values_list('stage')", ["f"]),
        ("Result.objects.filter(application=application).exclude(stage=stage).first()", []),
        ("[row for row in held(Admission.objects.filter(application=1))]; g(stage=2)", ["f"]),
        ("Recommendation.objects.bulk_update(rows, ['rank'])", []),
        ("application.admissions.select_related('decided_by')", ["f"]),
        ("row.application.results.first()", ["f"]),
        ("entry.application.assignments.filter(stage=entry.stage).exists()", []),
        ("[row for row in user.assessments.all()]; g(stage=2)", ["f"]),
        ("row.priority_list.recommendations.count()", []),
        ("application.recommendations.filter(priority_list=listed)", []),
        ("stage.results.values_list('total')", []),
        ("report.results.all()", []),
        ("details.admissions(application); results.marks_of(rows)", []),
    ],
)
def test_the_check_sees_who_names_no_stage(line, names):
    assert list(without_stage(f"def f():\n    return {line}")) == names
