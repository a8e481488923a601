"""The database is read in `models`, `queries` and `services`; a view, a form or a permission asks a function there.

A view has one way to read for itself: ``get_object_or_404(Model.objects.visible_to(standing), pk=pk)``. Where the model
has no ``visible_to``, a query gives the rows: ``get_object_or_404(queries.x(...), pk=pk)``.
"""

import ast
import re

import pytest
from django.apps import apps

from tests.harness.pure_modules import ROOT

pytestmark = pytest.mark.sqlite

# Where the database is read, by the name of a module or of a folder around it.
READING = frozenset({"models", "queries", "services", "migrations", "commands", "demo"})
READING_FILES = {
    "portal/paging.py": "`page_by_keys` finds the page of rows that it was given, for all lists",
    "portal/acts.py": "`held` locks the rows that an act was given, for all acts",
    "portal/documents/carrying.py": "for migrations alone",
}
ROOMS = ("applications", "evaluation", "portal", "rounds")

# What only a queryset or a manager has.
METHODS = frozenset(
    {
        *("exclude", "annotate", "aggregate", "alias", "values_list", "select_related", "prefetch_related", "order_by"),
        *("in_bulk", "select_for_update", "distinct", "defer", "only", "visible_to", "latest", "earliest", "iterator"),
        *("get_or_create", "update_or_create", "bulk_create", "bulk_update"),
    }
)
FUNCTIONS = frozenset({"visible_to", "prefetch_related_objects"})
MANAGERS = frozenset({"objects", "_default_manager", "_base_manager"})
# Django's own, which find «TROMSØ» on no database of ours for certain: portal/searching.py has `holds`.
LOOKUPS = ("__icontains", "__iexact", "__istartswith", "__iendswith")
SHORTCUTS = frozenset({"get_object_or_404", "get_list_or_404"})


def called(node):
    """The name of the function or method that the node calls, or None."""
    if not isinstance(node, ast.Call):
        return None
    return getattr(node.func, "attr", None) or getattr(node.func, "id", None)


def is_read(node):
    """Whether the node reads rows, or begins to."""
    if isinstance(node, ast.Attribute) and node.attr in MANAGERS:
        # `pdf.objects` is not a manager; a model's name begins with a capital.
        return not (isinstance(node.value, ast.Name) and node.value.id[0].islower())
    name = called(node)
    if name in SHORTCUTS:
        return bool(node.args) and isinstance(node.args[0], ast.Name) and node.args[0].id[0].isupper()
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return name in METHODS or is_read_by_its_arguments(node)
    return name in FUNCTIONS


def is_read_by_its_arguments(node):
    """Methods that others have, too: `values`, `get` and `update` of a dict, `count` of a list, `filter` of a library.

    `all` is not here: a related manager's `.all()` may be what a query has fetched already.
    """
    receiver, name = node.func.value, node.func.attr
    positional = [argument for argument in node.args if isinstance(argument, ast.Constant | ast.Starred)]
    return {
        "filter": not (isinstance(receiver, ast.Name) and receiver.id == "register"),
        "values": bool(positional or node.keywords),
        "get": bool(node.keywords) and not node.args,
        "count": not node.args and not node.keywords,
        "update": bool(node.keywords) and not node.args,
        "create": not node.args,
        **dict.fromkeys(("first", "last", "exists"), not node.args and not node.keywords),
    }.get(name, False)


def is_idiom(node, *, in_view):
    """`Model.objects.none()`, which reads nothing; in a view, finding one row among those that the person may see."""
    if called(node) == "none" and isinstance(node.func, ast.Attribute):
        return is_manager(node.func.value)
    if not in_view or called(node) != "get_object_or_404" or not node.args:
        return False
    rows = node.args[0]
    # Methods of the model's own queryset may follow: `.visible_to(standing).with_owner()`.
    while isinstance(rows, ast.Call) and isinstance(rows.func, ast.Attribute) and called(rows) != "visible_to":
        if is_read(rows):
            return False
        rows = rows.func.value
    return called(rows) == "visible_to" and isinstance(rows.func, ast.Attribute) and is_manager(rows.func.value)


def is_manager(node):
    return isinstance(node, ast.Attribute) and node.attr == "objects" and isinstance(node.value, ast.Name)


def reads(source, *, in_view=False):
    """(line, text) of everything that reads rows for itself. Of a chain of calls, the whole of it."""
    left, seen = [ast.parse(source)], []
    while left:
        node = left.pop()
        if is_idiom(node, in_view=in_view):
            rest = [*node.args[1:], *node.keywords]
            left += rest if called(node) == "get_object_or_404" else []
        elif is_read(node):
            seen.append((node.lineno, ast.unparse(node)))
        else:
            left += ast.iter_child_nodes(node)
    return sorted(seen)


def may_read(path):
    inside = path.relative_to(ROOT)
    return bool(READING & {*inside.parent.parts, inside.stem}) or str(inside) in READING_FILES


@pytest.mark.parametrize("folder", ROOMS)
def test_reads_lie_in_queries(folder):
    paths = [path for path in sorted((ROOT / folder).rglob("*.py")) if not may_read(path)]
    assert paths
    assert [
        f"{path.relative_to(ROOT)}:{line} {text}"
        for path in paths
        for line, text in reads(path.read_text("utf-8"), in_view="views" in (path.stem, path.parent.name))
    ] == []


def test_every_file_that_may_read_for_a_reason_of_its_own_is_there():
    assert [path for path in READING_FILES if not (ROOT / path).is_file()] == []


@pytest.mark.parametrize(
    "source",
    [
        "Round.objects",
        "models.Round.objects.get(pk=1)",
        "get_user_model().objects.first()",
        "type(row)._default_manager.create()",
        "round.applications.filter(pk=1)",
        "rows.exclude(pk=1)",
        "rows.annotate(n=Count('x'))",
        "rows.aggregate(n=Count('x'))",
        "rows.values('pk')",
        "rows.values(total=Sum('amount'))",
        "rows.values(*names)",
        "rows.values_list('pk', flat=True)",
        "rows.select_related('round')",
        "rows.prefetch_related('partners')",
        "rows.order_by('pk')",
        "rows.in_bulk([1])",
        "rows.exists()",
        "rows.count()",
        "rows.get(pk=1)",
        "application.partners.first()",
        "application.partners.last()",
        "application.submissions.latest('version')",
        "application.submissions.earliest()",
        "application.partners.iterator()",
        "application.partners.create(role='lead')",
        "application.partners.create(**fields)",
        "application.partners.update(role='lead')",
        "application.partners.get_or_create(role='lead')",
        "application.partners.update_or_create(role='lead')",
        "application.partners.bulk_create(rows)",
        "application.partners.bulk_update(rows, ['role'])",
        "rows.select_for_update()",
        "Round.objects.visible_to(standing)",
        "permissions.visible_to(standing)",
        "visible_to(standing)",
        "prefetch_related_objects(rows, 'partners')",
        "get_object_or_404(Round, code=code)",
        "f(key=lambda: [row for row in application.partners.filter(x=1)])",
    ],
)
def test_the_check_sees_every_way_to_read(source):
    assert len(reads(source)) == 1
    assert len(reads(source, in_view=True)) == 1


@pytest.mark.parametrize(
    "source",
    [
        "get_object_or_404(Round.objects.visible_to(standing).filter(x=1), pk=pk)",
        "get_object_or_404(Round.objects.visible_to(standing).select_related('frame'), pk=pk)",
        "get_object_or_404(Round.objects.filter(x=1).visible_to(standing), pk=pk)",
        "get_object_or_404(Round.objects.all(), pk=pk)",
        "get_object_or_404(Round.objects.handled_by(standing), pk=pk)",
        "get_object_or_404(permissions.visible_to(standing), pk=pk)",
        "get_object_or_404(Round.objects.visible_to(standing), pk=other.rounds.count())",
    ],
)
def test_a_view_finds_a_row_in_one_way_only(source):
    assert len(reads(source, in_view=True)) == 1


@pytest.mark.parametrize(
    "source",
    [
        "get_object_or_404(Round.objects.visible_to(standing), pk=pk)",
        "get_object_or_404(Round.objects.visible_to(request.user, request.now).with_owner(), code=code, number=1)",
        "found = get_object_or_404(Round.objects.visible_to(_standing(request)), code=code)",
    ],
)
def test_one_row_among_those_that_the_person_may_see_is_found_in_a_view_alone(source):
    assert reads(source, in_view=True) == []
    assert len(reads(source)) == 1


@pytest.mark.parametrize(
    "source",
    [
        "sections.values(); form.values(); lists.values(rows, turn)",
        "answers.get('key'); answers.get(key, None); text.count('a')",
        "context.update({'a': 1}); digest.update(part); storage.create(data)",
        "application.partners.all()",
        "register.filter('kroner', kroner)",
        "@register.filter\ndef kroner(amount): pass",
        "pdf.objects[1]",
        "forms.ModelChoiceField(queryset=User.objects.none())",
        "get_object_or_404(queries.meetings(standing), pk=pk)",
        "queries.applications_to_decide(round, standing)",
        "list(filter(None, names)); max(count(names), 1)",
        "def visible_to(standing): pass",
    ],
)
def test_the_check_lets_the_rest_pass(source):
    assert reads(source) == []
    assert reads(source, in_view=True) == []


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("rounds/queries.py", True),
        ("evaluation/meetings/queries/agenda.py", True),
        ("applications/services/drafts.py", True),
        ("applications/models/parts.py", True),
        ("portal/journal/management/commands/verify_journal.py", True),
        ("evaluation/demo/story.py", True),
        ("portal/acts.py", True),
        ("applications/views/parts.py", False),
        ("applications/submissions.py", False),
        ("applications/waiting.py", False),
        ("evaluation/assessment/permissions.py", False),
    ],
)
def test_where_the_database_is_read(path, expected):
    assert may_read(ROOT / path) is expected


@pytest.mark.fault("C17")
def test_text_is_searched_in_one_way():
    paths = [path for room in ROOMS for path in (ROOT / room).rglob("*.py") if "migrations" not in path.parts]
    assert [str(path) for path in paths if any(lookup in path.read_text() for lookup in LOOKUPS)] == []


def test_rows_of_one_moment_have_an_order():
    """Two rows of one act have the same time: in what order they are read must not hang on the database's plan."""
    open_ended = {
        model._meta.label: model._meta.ordering
        for model in apps.get_models()
        if model.__module__.split(".")[0] in ROOMS and model._meta.ordering
        if str(model._meta.ordering[-1]).endswith("_at")
    }
    assert open_ended == {}


def test_whom_a_secretariat_serves_is_asked_in_one_place():
    """A body of its helsefellesskap or of its region: who asks of the one alone forgets the other (``serves``)."""
    asked = re.compile(r"body__(community|region)(_id)?__in=standing\.secretariat_")
    # A list without a helsefellesskap is handled by the region of its stage: that is another rule.
    of_stage = re.compile(r"community=None,\s*(\w+__)?stage__body__region__in=")
    copies = [
        str(path.relative_to(ROOT))
        for folder in ROOMS
        for path in sorted((ROOT / folder).rglob("*.py"))
        if asked.search(of_stage.sub("", path.read_text("utf-8")))
    ]
    assert copies == []
