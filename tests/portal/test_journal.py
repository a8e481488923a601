"""The log: append-only, chained, and readable."""

from datetime import timedelta
from threading import Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from portal import rooms
from portal.journal import sentences
from portal.journal.models import LogEntry
from portal.journal.queries import entries_of
from portal.journal.services import FIRST, Break, verify
from tests import factories
from tests.logged import record
from tests.world import NOW


@pytest.fixture
def chain(db):
    """Five entries about a person."""
    user = factories.user()
    return [record("test.done", subject=user, by=user, at=NOW + timedelta(minutes=n), n=n) for n in range(5)]


def test_entry_holds_who_what_when_and_the_digest_before(db):
    community, user = factories.community(code="troms-ofoten"), factories.user()
    first = record("test.first", subject=user, by=None, at=NOW)
    second = record("test.second", subject=user, by=user, at=NOW, community=community, amount=5)
    assert (first.number, first.previous_digest, first.actor, first.community_code) == (1, FIRST, None, "")
    second.refresh_from_db()
    assert (second.number, second.previous_digest, second.actor) == (2, first.digest, user)
    assert (second.subject_type, second.subject_id) == ("communities.user", str(user.pk))
    assert (second.community_code, second.data, second.at) == ("troms-ofoten", {"amount": 5}, NOW)


def test_region_owns_an_act_by_its_number(db):
    region = factories.region(orgnr="883658752")
    assert record("test.done", subject=region, by=None, at=NOW, community=region).community_code == "883658752"


def test_act_that_is_rolled_back_leaves_no_entry(chain):
    with transaction.atomic():
        record("test.undone", subject=chain[0].actor, by=None, at=NOW)
        transaction.set_rollback(True)
    assert LogEntry.objects.count() == 5
    assert verify() is None


@pytest.mark.parametrize(
    ("field", "value"),
    [("act", "test.other"), ("data", {"n": 9}), ("actor", None), ("community_code", "x"), ("subject_id", "0")],
)
def test_changed_entry_breaks_the_chain_at_its_number(chain, field, value):
    LogEntry.objects.filter(number=3).update(**{field: value})
    assert verify() == Break(3, "den er endret")


def test_changed_time_breaks_the_chain(chain):
    LogEntry.objects.filter(number=2).update(at=NOW + timedelta(days=1))
    assert verify() == Break(2, "den er endret")


def test_removed_entry_breaks_the_chain_after_it(chain):
    LogEntry.objects.filter(number=4).delete()
    assert verify() == Break(4, "linjen mangler")


def test_entry_written_anew_with_its_own_digest_breaks_the_chain_at_the_next(chain):
    forged = LogEntry.objects.get(number=2)
    forged.data = {"n": 99}
    forged.digest = forged.computed_digest()
    forged.save()
    assert verify() == Break(3, "den følger ikke linjen før")


def test_command_says_whether_the_chain_holds(chain, capsys):
    call_command("verify_journal")
    assert capsys.readouterr().out == "Loggen er hel.\n"
    LogEntry.objects.filter(number=3).update(act="test.other")
    with pytest.raises(CommandError, match="linje 3"):
        call_command("verify_journal")


@pytest.mark.django_db(transaction=True)
def test_two_writers_at_once_make_one_chain():
    user = factories.user()

    def write():
        for _ in range(10):
            record("test.raced", subject=user, by=None, at=NOW)
        connection.close()

    writers = [Thread(target=write) for _ in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert list(LogEntry.objects.values_list("number", flat=True)) == list(range(1, 31))
    assert verify() is None


# --- reading -----------------------------------------------------------------------------------------


def test_entries_of_several_objects_come_in_order_with_one_query(chain, django_assert_num_queries):
    other = factories.user()
    record("test.other", subject=other, by=other, at=NOW)
    with django_assert_num_queries(1):
        entries = [(entry.act, str(entry.actor)) for entry in entries_of(chain[0].actor, other)]
    assert entries == [("test.done", str(chain[0].actor))] * 5 + [("test.other", str(other))]


def test_entries_of_nothing_are_none(db):
    assert list(entries_of()) == []


def told(monkeypatch, words):
    """Let one room tell these sentences, and no other room anything."""
    monkeypatch.setattr(rooms, "all_rooms", lambda: (rooms.Room(sentences=words),))


def test_sentence_takes_values_from_the_entry(db, monkeypatch):
    told(monkeypatch, {"test.told": "Fristen ble flyttet til %(until)s av %(who)s."})
    entry = record("test.told", subject=factories.user(), by=None, at=NOW, until="1.4.2025")
    assert sentences.sentence(entry) == "Fristen ble flyttet til 1.4.2025 av –."


def test_sentence_writes_days_and_numbers_as_people_do(db, monkeypatch):
    told(monkeypatch, {"test.counted": "%(count)s kr innen %(due)s, før %(before)s."})
    data = {"count": 1_250_000, "due": "2025-04-01", "before": None}
    entry = record("test.counted", subject=factories.user(), by=None, at=NOW, **data)
    assert sentences.sentence(entry) == "1\u00a0250\u00a0000 kr innen 01.04.2025, før –."


def test_sentence_of_an_unknown_act_is_its_name(chain):
    assert sentences.sentence(chain[0]) == "Hendelse: test.done"
    assert ("test.done" in sentences.sentences_by_act(), "seat.added" in sentences.sentences_by_act()) == (False, True)


def test_events_are_newest_first_and_name_the_portal_when_nobody_did_it(chain):
    record("test.done", subject=chain[0].actor, by=None, at=NOW + timedelta(hours=1))
    events = sentences.events(entries_of(chain[0].actor))
    assert [event.by for event in events] == ["Portalen", *[str(chain[0].actor)] * 5]
    assert events[0].at > events[1].at
