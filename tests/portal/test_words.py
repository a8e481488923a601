"""What people read comes from the catalogues: no Norwegian text stands in the code outside gettext."""

import ast
import re
from fnmatch import fnmatch

import pytest
from babel.messages.pofile import read_po
from django.forms import ModelForm
from django.urls import get_resolver
from django.utils.functional import Promise

from tests.harness.pure_modules import ROOMS, ROOT

pytestmark = pytest.mark.sqlite

# Where Norwegian stands in the code, and why it need not be translated: path, or path::function or class or name.
ALLOWED = {
    # --- what people have written is read by them
    "evaluation/meetings/wordings.py": "the words of each outcome, which a resolution is held against",
    "evaluation/actions/asks.py": "the words by which a resolution asks for something",
    "evaluation/actions/queries/asked.py": "the same words, for the database",
    "evaluation/actions/queries/owners.py": "what resolutions call the secretariat and the municipalities",
    "rounds/nouns.py": "what papers, resolutions and minutes call the thing that is applied with; they are in bokmål",
    # --- read by those who run the portal, in a terminal
    "*/management/commands/*.py": "what a command says",
    "rounds/definition/*.py": "what is wrong with a round file, told by load_round; the file is in bokmål too",
    "rounds/round_file.py": "the same",
    "rounds/yaml_faults.py": "the same",
    "evaluation/plans/content.py": "what is wrong with the file of a plan, told by load_plan",
    "evaluation/plans/plan_file.py": "the same",
    "rounds/register.py": "the same",
    "rounds/fairness.py": "the same",
    "rounds/services.py": "the same",
    "portal/communities/services/register.py": "what is wrong with the register's file, told by load_register",
    "portal/communities/services/demo.py": "what is wrong with the file of the demo's persons",
    "portal/journal/services.py::verify": "what verify_journal says",
    "portal/documents/queries.py": "what verify_documents says",
    # --- in bokmål for everybody, because it is frozen, archived or a letter
    "rounds/outcomes.py": "the proposals of case papers",
    "applications/snapshot.py::_budget": "the frozen application",
    "evaluation/meetings/papers.py": "case papers",
    "evaluation/meetings/voting.py": "the minutes' sentences about a vote; a page has those of queries/electorate",
    "evaluation/meetings/queries/minutes.py": "the minutes",
    "evaluation/meetings/queries/habilitet.py": "the sentences about habilitet in the minutes",
    "evaluation/meetings/documents.py": "the title of the minutes",
    "evaluation/decisions/services/letters.py": "file names of letters",
    # --- the same in all languages, or in all of them already
    "portal/formats.py": "dates and times, as in the letters",
    "portal/readers.py": "the words that people write in dates and amounts, in all languages",
    "portal/settings.py::LANGUAGES": "a language's own name",
    "rounds/answering/answers.py::WORDS": "an answer in the round's language, whatever the reader's",
    "portal/table_rows.py::organisation": "the word that ends the names of municipalities",
    # --- data
    "portal/views/gallery.py": "the gallery of components, which only the demo has",
    "evaluation/demo/*.py": "the demo's story",
}
GETTEXT = {"_", "_lazy", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "twin_lazy", "twin_n"}
WORD = re.compile(r"[^\W\d_]{2,}")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}")


def words(text):
    return {word.lower() for word in WORD.findall(PLACEHOLDER.sub("", text))}


def forms(text):
    """One text, or the singular and the plural."""
    return [text] if isinstance(text, str) else text


def vocabulary():
    """The words of the interface in bokmål that its English does not have."""
    with (ROOT / "locale/en/LC_MESSAGES/django.po").open("rb") as file:
        messages = [message for message in read_po(file, locale="en") if message.id]
    bokmaal = {word for message in messages for text in forms(message.id) for word in words(text)}
    english = {word for message in messages for text in forms(message.string) for word in words(text)}
    return bokmaal - english


VOCABULARY = vocabulary()


def is_norwegian(text):
    """Whether the text has a Norwegian letter, or a space and words of which at least half are the interface's."""
    said = words(text)
    is_prose = " " in text.strip("\n") and '="' not in text
    has_known_words = bool(said) and len(said & VOCABULARY) * 2 >= len(said)
    return any(letter in "æøå" for word in said for letter in word) or (is_prose and has_known_words)


def name_of(call):
    return getattr(call.func, "id", None) or getattr(call.func, "attr", "")


def is_silent(node):
    """What no person reads, or what is translated: a call of gettext, a pattern, an error of the code itself."""
    if isinstance(node, ast.Call):
        return name_of(node) in GETTEXT or ast.unparse(node.func) in {"re.compile", "RuntimeError", "TypeError"}
    # A docstring. What a model, a column or an app is called is for developers; forms have labels of their own.
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    if isinstance(node, ast.Assign):
        return ast.unparse(node.targets[0]) in {"verbose_name", "verbose_name_plural"}
    return isinstance(node, ast.keyword) and node.arg == "verbose_name"


def literals(node):
    """Each string under the node that a person may read, with its line; an f-string is one text."""
    if is_silent(node):
        return
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str):
            yield node.lineno, node.value
        return
    if isinstance(node, ast.JoinedStr):
        yield node.lineno, "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
        children = [part for part in node.values if isinstance(part, ast.FormattedValue)]
    elif isinstance(node, ast.Call) and re.fullmatch(r"models\.\w+(Field|Key)", ast.unparse(node.func)):
        children = node.keywords
    else:
        children = ast.iter_child_nodes(node)
    for child in children:
        yield from literals(child)


def places():
    """Each Norwegian text outside gettext: file, name at the top of the file, line, text."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if "migrations" in path.parts:
                continue
            file = str(path.relative_to(ROOT))
            for top in ast.parse(path.read_text(encoding="utf-8")).body:
                target = getattr(top, "targets", [getattr(top, "target", None)])[0]
                name = getattr(top, "name", None) or getattr(target, "id", "")
                for line, text in literals(top):
                    if is_norwegian(text):
                        yield file, name, line, text


def allowance(file, name):
    """The row of ALLOWED for the place."""
    return next((row for row in ALLOWED if fnmatch(file, row) or fnmatch(f"{file}::{name}", row)), None)


def test_norwegian_words_stand_in_the_catalogues():
    texts_by_file = list(places())
    stray = [f"{file}:{line} {text}" for file, name, line, text in texts_by_file if allowance(file, name) is None]
    assert stray == []
    assert ALLOWED.keys() == {allowance(file, name) for file, name, _line, _text in texts_by_file}


@pytest.mark.parametrize(
    ("code", "texts"),
    [
        ('x = "Møter"', ["Møter"]),
        ('x = "kan ikke lagres"', ["kan ikke lagres"]),
        ('x = f"Vedlegg {number} finnes ikke"', ["Vedlegg {} finnes ikke"]),
        ('x = {"key": ("Vis alle søknader",)}', ["Vis alle søknader"]),
        ("x = models.CharField(choices=[('a', 'venter på svar')])", ["venter på svar"]),
        ("x = f'{_(\"Møter\")} {name}'", []),
        ('x = _("Møter")', []),
        ('def f():\n    """Søker."""', []),
        ("x = models.CharField('søknad')", []),
        ('x = "priority.recommended"', []),
        ('x = "select the rows"', []),
        ('x = "ds-tag ds-tag--slim"', []),
    ],
)
def test_norwegian_text_is_told_from_code(code, texts):
    assert [text for _line, text in literals(ast.parse(code)) if is_norwegian(text)] == texts


def subclasses(form):
    for child in form.__subclasses__():
        yield child
        yield from subclasses(child)


def test_forms_made_from_models_speak_the_language_of_the_page():
    """A model's names reach a person only through such a form: labels, and errors that name the model."""
    assert get_resolver().url_patterns  # imports all forms
    made = [form for form in subclasses(ModelForm) if form.__module__.startswith(ROOMS) and form._meta.model]
    labels = {
        f"{form.__name__}.{name}": field.label
        for form in made
        for name, field in form.base_fields.items()
        if not field.widget.is_hidden
    }
    # The error that something must be unique names the model.
    models = {form._meta.model for form in made if any(is_unique(form._meta.model, name) for name in form.base_fields)}
    names = labels | {model.__name__: model._meta.verbose_name for model in models}
    assert (len(labels) > 20, len(models) > 0) == (True, True)
    assert [model_field for model_field, name in names.items() if not isinstance(name, Promise)] == []


def is_unique(model, name):
    return any(field.name == name and field.unique for field in model._meta.fields)


# --- words that only those who made the portal know ------------------------------------------------

# Said to those who write a round's file, which has stages.
OF_THE_FILE = ("rounds/register.py", "rounds/definition/", "rounds/fairness.py", "rounds/models.py")


def test_no_page_speaks_of_stages():
    """What people read names the body, the list or the work; «trinn» is the word of the round's file."""
    paths = [
        path for room in (*ROOMS, "templates") for path in (ROOT / room).rglob("*.*") if "migrations" not in str(path)
    ]
    told = [
        (str(path.relative_to(ROOT)), line.strip())
        for path in paths
        if path.suffix in {".py", ".html", ".txt"} and not str(path.relative_to(ROOT)).startswith(OF_THE_FILE)
        for line in path.read_text().splitlines()
        if re.search(r"\btrinn(et|ets|ene|a)?\b", line, re.IGNORECASE)
    ]
    assert told == []
