"""The house stands as docs/decisions.md says: layers, sizes, addresses, migrations, settings."""

import ast
import os
import re
import subprocess
import sys
from importlib.metadata import packages_distributions

import pytest
from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

from tests.harness.pure_modules import ROOMS, ROOT

pytestmark = pytest.mark.sqlite

SOURCES = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")) if "migrations" not in path.parts]
TESTS = sorted((ROOT / "tests").rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
# From left to right, as imports may not go.
ORDER = ["portal", "rounds", "applications", "assessment", "meetings", "decisions", "followup"]


def run(*command, **environment):
    # A browser in the same process asks Django for leniency (tests.harness.browser); production does not.
    clean = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    answer = subprocess.run(
        command, cwd=ROOT, env={**clean, **environment}, capture_output=True, text=True, check=False
    )
    return answer.returncode, answer.stdout, answer.stderr


def test_import_contracts_are_kept():
    linter = str(ROOT / ".venv/bin/lint-imports")
    code, words, errors = run(linter, "--no-logo", "--cache-dir", ".cache/import-linter")
    assert code == 0, words + errors


def test_no_migration_is_missing(tmp_path):
    code, words, errors = run(
        *(sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"),
        DJANGO_SETTINGS_MODULE="portal.settings",
        PORTAL_VAR=str(tmp_path),
        DATABASE_URL=f"sqlite:///{tmp_path}/empty.sqlite3",
    )
    assert (code, words) == (0, "No changes detected\n"), errors


def test_production_settings_pass_the_deployment_check(tmp_path):
    code, words, errors = run(
        *(sys.executable, "-W", "error", "manage.py", "check", "--deploy", "--fail-level", "WARNING"),
        DJANGO_SETTINGS_MODULE="portal.settings",
        PORTAL_ENV="production",
        PORTAL_VAR=str(tmp_path),
        SECRET_KEY="".join(chr(33 + number % 90) for number in range(70)),
        ALLOWED_HOSTS="portal.example.org",
        SITE_URL="https://portal.example.org",
        TRUSTED_PROXY_COUNT="1",
        REQUEST_START_HEADER="X-Request-Start",
    )
    assert (code, words) == (0, "System check identified no issues (0 silenced).\n"), errors


@pytest.mark.parametrize(
    ("environment", "answer"),
    [
        ({}, "['localhost', '127.0.0.1', '[::1]']"),  # the demo's secret stands in the repository
        ({"PORTAL_ENV": "production", "SECRET_KEY": "s" * 60}, "['portal.example.org']"),
        ({"PORTAL_ENV": "prod"}, "Invalid value: prod not in ('demo', 'test', 'production')"),
    ],
)
@pytest.mark.fault("A5")
def test_a_demo_answers_this_machine_alone(tmp_path, environment, answer):
    command = "from django.conf import settings; print(settings.ALLOWED_HOSTS)"
    given = {"PORTAL_ENV": "demo", "ALLOWED_HOSTS": "portal.example.org", **environment}
    _code, words, errors = run(
        *(sys.executable, "-c", command), DJANGO_SETTINGS_MODULE="portal.settings", PORTAL_VAR=str(tmp_path), **given
    )
    assert (words or errors).splitlines()[-1].removeprefix("django.core.exceptions.ImproperlyConfigured: ") == answer


def test_lock_files_carry_no_address():
    locks = [*(ROOT / "requirements").glob("*.txt"), ROOT / "package-lock.json"]
    address = re.compile(r"://|file:|index-url|find-links|\"resolved\"")
    addresses = [
        f"{lock.name}: {line.strip()}"
        for lock in locks
        for line in lock.read_text().splitlines()
        # The packages' own pages for donations are not addresses to install from.
        if address.search(line) and '"url"' not in line and '"funding"' not in line
    ]
    assert addresses == []


def canonical_name(distribution):
    return re.sub(r"[-_.]+", "-", distribution).lower()


def imported_distributions(path, owners):
    """The installed distributions that a file imports from."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            names = [node.module] if isinstance(node, ast.ImportFrom) and node.module and not node.level else []
        for name in names:
            yield from (canonical_name(owner) for owner in owners.get(name.split(".")[0], []))


def test_what_is_imported_is_installed_with_the_portal():
    owners = {
        name: dists
        for name, dists in packages_distributions().items()
        if name not in {*sys.stdlib_module_names, *ROOMS}
    }
    locked = set(
        map(canonical_name, re.findall(r"^([\w.-]+)==", (ROOT / "requirements/base.txt").read_text(), re.MULTILINE))
    )
    missing = {
        f"{path.relative_to(ROOT)}: {owner}"
        for path in SOURCES
        for owner in imported_distributions(path, owners)
        if owner not in locked
    }
    assert missing == set()


# What is installed and imported by no line of the portal or its tests, and what uses it.
USED_WITHOUT_IMPORT = {
    "babel": "compiles the catalogues, in the Makefile; reads their sources, in scripts/messages",
    "granian": "serves the portal: started as a program",
    "psycopg": "Django's PostgreSQL",
    "redis": "Celery's Redis",
    "pytest-django": "a plug-in of pytest",
    "pytest-xdist": "a plug-in of pytest",
    "pytest-cov": "a plug-in of pytest",
    "pytest-randomly": "a plug-in of pytest",
    "pytest-timeout": "a plug-in of pytest",
    "outloud": "reads the PDF files as a screen reader does: started as a program",
    "import-linter": "holds the contracts of imports: started as a program",
    "ruff": "formats and lints: started as a program",
    "mypy": "checks the types: started as a program",
    "django-stubs": "the types of Django, for mypy",
    "celery-types": "the types of Celery, for mypy",
    "types-markdown": "the types of Markdown, for mypy",
    "djlint": "lints the templates: started as a program",
    "uv": "installs and locks: started as a program",
}


def required(name):
    """The distributions that requirements/NAME.in asks for, in canonical form."""
    lines = (ROOT / f"requirements/{name}.in").read_text().splitlines()
    return {canonical_name(re.match(r"[\w.-]+", line)[0]) for line in lines if not line.startswith("-")}


@pytest.mark.parametrize(("name", "paths"), [("base", SOURCES), ("dev", SOURCES + TESTS)])
def test_nothing_is_installed_that_nothing_uses(name, paths):
    owners = packages_distributions()
    imported = {owner for path in paths for owner in imported_distributions(path, owners)}
    assert required(name) - imported - set(USED_WITHOUT_IMPORT) == set()


def test_every_reason_for_an_import_that_is_missing_is_needed():
    owners = packages_distributions()
    imported = {owner for path in SOURCES for owner in imported_distributions(path, owners)}
    assert set(USED_WITHOUT_IMPORT) - (required("base") | required("dev")) == set()
    assert set(USED_WITHOUT_IMPORT) & imported == set()


# --- sizes ----------------------------------------------------------------------------------------


def functions(path):
    """Every function in a file, with its lines: no decorators, no docstring."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            docstring = ast.get_docstring(node, clean=False)
            yield node, node.end_lineno - node.lineno + 1 - (docstring.count("\n") + 1 if docstring else 0)


def function_limit(path, node):
    """A view has 25 lines, a predicate 8 and its signature, anything else 50."""
    arguments = [argument.arg for argument in node.args.args]
    if ("views" in path.parts or path.stem == "views") and "request" in arguments[:2]:
        return 25
    signature = node.body[0].lineno - node.lineno
    is_predicate = node.name.startswith(("can_", "is_", "has_"))
    return 8 + signature if path.stem == "permissions" and is_predicate else 50


def test_functions_are_short():
    long = [
        f"{path.relative_to(ROOT)} {node.name}: {lines} lines, at most {function_limit(path, node)}"
        for path in SOURCES
        for node, lines in functions(path)
        if lines > function_limit(path, node)
    ]
    assert long == []


def test_test_functions_are_short():
    long = [
        f"{path.relative_to(ROOT)} {node.name}: {lines} lines"
        for path in TESTS
        for node, lines in functions(path)
        if node.name.startswith("test_") and lines > 35
    ]
    assert long == []


@pytest.mark.parametrize(("paths", "limit"), [(SOURCES + TESTS, 500), (TEMPLATES, 180)], ids=["modules", "templates"])
def test_files_are_short(paths, limit):
    sizes = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in paths}
    assert {name: lines for name, lines in sizes.items() if lines > limit} == {}


# --- templates and addresses ----------------------------------------------------------------------


def test_template_lines_are_short():
    """A long line hides logic: it belongs in a view's model, in a tag, or on lines of its own."""
    long = [
        f"{path.relative_to(ROOT)}:{number}: {len(line)}"
        for path in [*TEMPLATES, *(ROOT / "templates").rglob("*.txt")]
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) > 160
    ]
    assert long == []


def test_pages_have_no_inline_script_style_or_handler():
    inline = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>|<style|\sstyle=|\son[a-z]+=\"|javascript:", re.IGNORECASE)
    pages = [path for path in TEMPLATES if not {"letters", "emails"} & set(path.relative_to(ROOT / "templates").parts)]
    inline = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
        for path in pages
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if inline.search(line)
    ]
    assert inline == []


def url_names(patterns=None, prefix=""):
    """Every name that reverse() knows, with its namespaces."""
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from url_names(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield f"{prefix}{pattern.name}"


def test_every_url_name_that_is_used_exists():
    in_python = re.compile(r"\b(?:reverse|reverse_lazy|redirect)\(\s*\"([\w:-]+)\"")
    in_template = re.compile(r"{%\s*url\s+[\"']([\w:-]+)[\"']")
    used = {
        (match, str(path.relative_to(ROOT)))
        for pattern, paths in ((in_python, SOURCES), (in_template, [*TEMPLATES, *(ROOT / "templates").rglob("*.txt")]))
        for path in paths
        for match in pattern.findall(path.read_text())
    }
    known = set(url_names())
    assert sorted(f"{where}: {name}" for name, where in used if name not in known) == []


def test_url_names_are_unique():
    names = [name for name in url_names() if not name.startswith(("account_", "mfa_"))]
    assert sorted(name for name in set(names) if names.count(name) > 1) == []


# --- what no import shows -------------------------------------------------------------------------


def room_of(app_label):
    return ORDER.index(app_label) if app_label in ORDER else 0


def folder_of(index):
    return ROOT / (ORDER[index] if index < 3 else f"evaluation/{ORDER[index]}")


def reverse_names_from_the_right():
    """(room, name): names under which a row of a room is reached from rooms further right."""
    for model in apps.get_models():
        own_fields = {field.name for field in model._meta.get_fields() if not is_from_the_right(field, model)}
        for field in model._meta.get_fields():
            if is_from_the_right(field, model) and field.name not in own_fields:
                yield room_of(model._meta.app_label), field.name


def is_from_the_right(field, model):
    if not (field.auto_created and field.is_relation and field.related_model):
        return False
    return room_of(field.related_model._meta.app_label) > room_of(model._meta.app_label)


def test_no_query_reaches_into_a_room_further_right():
    names_in = {room: set() for room in range(len(ORDER))}
    for model in apps.get_models():
        names_in[room_of(model._meta.app_label)] |= {
            field.name for field in model._meta.get_fields() if not is_from_the_right(field, model)
        }
    reaches = []
    for room, name in sorted(set(reverse_names_from_the_right())):
        for left in range(room + 1):
            if any(name in names_in[other] for other in range(left + 1)):
                continue
            pattern = re.compile(rf"[\"'(]{name}__|[\"']{name}[\"']\)|\.{name}\.(all|filter|exists|count)\(")
            reaches += [
                f"{path.relative_to(ROOT)}: {name}"
                for path in folder_of(left).rglob("*.py")
                if pattern.search(path.read_text())
            ]
    assert reaches == []
