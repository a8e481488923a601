"""Acts: one transaction, the log written last, and another try when the database asks for it."""

from dataclasses import dataclass
from functools import cached_property

import pytest
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.functional import SimpleLazyObject

from portal import acts
from portal.acts import BusyError, act, upsert
from portal.communities.models import HealthCommunity, User
from portal.journal import services as journal
from portal.journal.models import LogEntry
from tests import factories
from tests.world import NOW


class DriverError(Exception):
    """What the driver raises: PostgreSQL's code, or SQLite's name."""

    def __init__(self, **code):
        vars(self).update(code)


def refusal(**code):
    error = OperationalError("refused")
    error.__cause__ = DriverError(**code)
    return error


DEADLOCK = {"sqlstate": "40P01"}


@pytest.fixture(autouse=True)
def no_pause(monkeypatch):
    monkeypatch.setattr(acts, "PAUSE_SECONDS", (0, 0))


@act
def rename(user, name, *, fails=()):
    """Rename the person; ``fails`` holds the errors of the tries that fail."""
    user.name = name
    user.save(update_fields=["name"])
    journal.record("test.renamed", subject=user, by=None, at=NOW, name=name)
    if fails:
        raise fails.pop(0)


@act
def rename_both(first, second, *, fails):
    rename(first, "Første")
    try:
        rename(second, "Andre", fails=fails)
    except ValueError:
        second.refresh_from_db()


def logged():
    return list(LogEntry.objects.values_list("act", "subject_id"))


# --- the log ----------------------------------------------------------------------------------------


def test_the_log_is_written_as_the_last_thing(db):
    user = factories.user()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        rename(user, "Ny")
    statements = [query["sql"] for query in asked if "SAVEPOINT" not in query["sql"]]
    assert ["communities_user" in sql for sql in statements] == [True, *[False] * (len(statements) - 1)]
    assert statements[-1].startswith('INSERT INTO "journal_logentry"')


def test_acts_inside_an_act_write_one_chain_at_its_end(db):
    first, second = factories.user(), factories.user()
    with CaptureQueriesContext(connection) as asked:
        rename_both(first, second, fails=[])
    assert len([query for query in asked if query["sql"].startswith("INSERT")]) == 1
    assert logged() == [("test.renamed", str(first.pk)), ("test.renamed", str(second.pk))]
    assert journal.verify() is None


def test_inner_act_that_fails_takes_its_rows_and_entries_with_it(db):
    first, second = factories.user(name="A"), factories.user(name="B")
    rename_both(first, second, fails=[ValueError()])
    assert logged() == [("test.renamed", str(first.pk))]
    assert list(User.objects.order_by("pk").values_list("name", flat=True)) == ["Første", "B"]


def test_act_that_fails_leaves_nothing(db):
    user = factories.user(name="A")
    with pytest.raises(ValueError, match="nei"):
        rename(user, "B", fails=[ValueError("nei")])
    assert (logged(), User.objects.get().name) == ([], "A")
    rename(user, "C")
    assert logged() == [("test.renamed", str(user.pk))]


def test_recording_outside_an_act_is_an_error(db):
    with pytest.raises(RuntimeError, match="outside an act"), transaction.atomic():
        journal.record("test.done", subject=factories.user(), by=None, at=NOW)


# --- another try --------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "code", [DEADLOCK, {"sqlstate": "40001"}, {"sqlite_errorname": "SQLITE_BUSY"}], ids=lambda code: str(*code.values())
)
def test_act_is_tried_again_when_the_database_refused_it_for_the_sake_of_others(code):
    user = factories.user(name="A")
    rename(user, "B", fails=[refusal(**code), refusal(**code)])
    assert (User.objects.get().name, logged()) == ("B", [("test.renamed", str(user.pk))])


@pytest.mark.django_db(transaction=True)
def test_the_third_refusal_is_a_sentence():
    user = factories.user(name="A")
    fails = [refusal(**DEADLOCK) for _ in range(4)]
    with pytest.raises(BusyError, match="Prøv igjen"):
        rename(user, "B", fails=fails)
    assert (User.objects.get().name, logged(), len(fails)) == ("A", [], 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("error", [refusal(sqlstate="57014"), OperationalError("gone"), ValueError("nei")], ids=repr)
def test_other_errors_are_not_tried_again(error):
    fails = [error]
    with pytest.raises(type(error)):
        rename(factories.user(), "B", fails=fails)
    assert fails == []


def test_act_inside_somebody_elses_transaction_is_not_tried_again(db):
    with pytest.raises(OperationalError):
        rename(factories.user(), "B", fails=[refusal(**DEADLOCK)])


@dataclass(frozen=True)
class Held:
    user: User

    @cached_property
    def name(self):
        return self.user.name


@pytest.mark.django_db(transaction=True)
def test_another_try_starts_from_the_arguments_as_they_were_given():
    community = factories.community(name="Før")
    body, user, held = factories.body(community), factories.user(name="A"), Held(factories.user(name="B"))
    unsaved, seen = User(email="ny@example.org", name="Ny"), []

    @act
    def change(body, users, held, *, unsaved):
        seen.append((body.community.name, users[0].name, held.user.name, held.name, unsaved.pk))
        body.community.name = users[0].name = held.user.name = "Etter"
        body.community.save()
        unsaved.save()
        if len(seen) < 3:
            raise refusal(**DEADLOCK)

    change(body, [user], held, unsaved=unsaved)
    assert seen == [("Før", "A", "B", "B", None)] * 3
    assert list(User.objects.filter(email="ny@example.org")) == [unsaved]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_loaded", [False, True])
def test_the_person_of_a_request_is_an_argument_like_others(is_loaded):
    """``request.user`` is a row in a wrapper, loaded when it is first asked."""
    user = factories.user(name="A")
    lazy, seen = SimpleLazyObject(lambda: User.objects.get(pk=user.pk)), []
    if is_loaded:
        assert lazy.name == "A"

    @act
    def change(*, by):
        seen.append(by.name)
        by.name = "B"
        by.save()
        if len(seen) == 1:
            raise refusal(**DEADLOCK)

    change(by=lazy)
    assert (seen, User.objects.get().name) == (["A", "A"], "B")


@pytest.mark.django_db
def test_upsert_makes_the_row_of_a_key_once_and_changes_only_what_it_is_told():
    rows = HealthCommunity.objects.all()
    whole = {"name": "Ny", "post_address": "post@example.org", "region": factories.region()}
    made, is_new = upsert(rows, {"code": "ny"}, whole)
    assert (made.code, made.name, is_new) == ("ny", "Ny", True)
    HealthCommunity.objects.filter(code="ny").update(post_address="annen@example.org")
    changed, is_new = upsert(rows, {"code": "ny"}, {"name": "Nyere"})
    assert (changed.pk, changed.name, is_new) == (made.pk, "Nyere", False)
    changed.refresh_from_db()
    assert (changed.name, changed.post_address, rows.count()) == ("Nyere", "annen@example.org", 1)
