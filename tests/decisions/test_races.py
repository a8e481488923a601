"""A letter going out while its decision is replaced, for real: a connection each."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from applications.models import Application
from evaluation.decisions.models import Letter
from evaluation.decisions.services import letters
from evaluation.decisions.services.deciding import decide, decide_from_minutes
from portal.documents.services import make_pdf
from portal.errors import DomainError
from tests.decisions.world import adopted, approve
from tests.harness.interleaving import interleave
from tests.world import NOW

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def at_once(*acts):
    """Do the acts at the same time; the error's name, or «done»."""
    barrier = Barrier(len(acts))

    def run(act):
        try:
            barrier.wait()
            act()
        except DomainError as error:
            return type(error).__name__
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_letter_sent_while_its_decision_is_replaced_tells_no_other_outcome(house):
    (postponed,) = decide_from_minutes(adopted(house, [("postponed", None)]).meeting, by=house.secretary, at=NOW)
    letter = letters.prepare(postponed, by=house.secretary, at=NOW)
    approve(letter, by=house.hospital_secretary)
    make_pdf(document_id=letter.document_id, at=NOW)
    seen = Letter.objects.select_related("decision__application").get()
    words = {"outcome": "granted", "amount": 1_000_000, "reason": "Nye opplysninger.", "body": house.ssu}
    ends = at_once(
        lambda: letters.send(seen, by=house.secretary, at=NOW),
        lambda: decide(Application.objects.get(), **words, by=house.secretary, at=NOW),
    )
    assert ends in (["done", "done"], ["LetterStateError", "done"])
    application = Application.objects.get()
    # Whoever was first: the award has no letter, so the applicants do not know it.
    assert (application.status, application.announced_at) == ("granted", None)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.parametrize("moment", ["holding its first row", "having changed one", "holding the log"])
def test_a_letter_is_sent_or_taken_back_and_never_both(house, moment):
    (decision,) = decide_from_minutes(adopted(house).meeting, by=house.secretary, at=NOW)
    letter = letters.prepare(decision, by=house.secretary, at=NOW)
    approve(letter, by=house.hospital_secretary)
    make_pdf(document_id=letter.document_id, at=NOW)

    def take_back():
        seen = Letter.objects.select_related("decision__application").get()
        letters.take_back(seen, reason="Skal skrives om.", by=house.secretary, at=NOW)

    def send():
        letters.send(Letter.objects.select_related("decision__application").get(), by=house.secretary, at=NOW)

    assert interleave(take_back, send, moment) == ("done", "LetterStateError")
    assert Letter.objects.get().status == "draft"
    approve(letter, by=house.hospital_secretary)
    assert interleave(send, take_back, moment) == ("done", "LetterStateError")
    assert Letter.objects.get().status == "sent"
