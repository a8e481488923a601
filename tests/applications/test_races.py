"""Several persons at once, for real: threads with a connection each."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from applications.models import Application, Benefit, Submission
from applications.queries.receivers import receivers_of
from applications.services import rows, submitting
from applications.services.status import TransitionError
from applications.workflow import Status
from portal.cells import version
from portal.journal import services as journal
from portal.mail.models import Message
from rounds.answering.services.rows import RowChange, read_cell

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def at_once(*acts):
    """Do the acts at the same time; what each gave, or the error's class."""
    barrier = Barrier(len(acts))

    def run(act):
        try:
            barrier.wait()
            return act()
        except TransitionError as error:
            return type(error)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_four_who_send_at_once_get_one_receipt(house, application, at):
    people = [house.applicant, house.co_applicant, house.hospital_applicant, house.signatory]
    seen = [Application.objects.get(pk=application.pk) for _person in people]
    given = at_once(
        *(
            lambda opened=opened, person=person: submitting.submit(opened, by=person, at=at)
            for opened, person in zip(seen, people, strict=True)
        )
    )
    submission = Submission.objects.get()
    assert given == [submission] * 4
    # The sender gets the receipt also when he does not stand behind the application, so who won is part of the sum.
    behind = receivers_of(application, at.date(), sender=submission.submitted_by).addresses
    receipts = Message.objects.filter(kind="application_submitted")
    assert sorted(receipts.values_list("recipient", flat=True)) == sorted(behind)
    assert Message.objects.filter(kind="submission_received").count() == 2
    assert Message.objects.count() == len(behind) + 2
    assert journal.verify() is None


def test_sending_and_taking_back_at_once_has_one_winner(house, application, at):
    first, second = (Application.objects.get(pk=application.pk) for _person in range(2))
    given = at_once(
        lambda: submitting.submit(first, by=house.applicant, at=at),
        lambda: submitting.withdraw(second, by=house.co_applicant, at=at),
    )
    status = Application.objects.get(pk=application.pk).status
    assert given.count(TransitionError) == 1
    assert (status == Status.SUBMITTED) == Submission.objects.exists()
    assert status in {Status.SUBMITTED, Status.WITHDRAWN}


def test_many_who_write_in_different_cells_of_one_row_at_once_all_keep_their_text(house, draft, at):
    key, names = "a" * 32, ("benefit", "responsible", "measure", "preconditions", "effects.patient", "effects.hospital")

    def write(name, base, is_stored):
        change = RowChange(key, base, {name: f"Tekst {name}"}, is_stored)
        return rows.save_rows(Application.objects.get(pk=draft.pk), Benefit, [change], by=draft.created_by, at=at)[key]

    at_once(*(lambda name=name: write(name, {}, is_stored=False) for name in names))
    row = Benefit.objects.get()
    assert [read_cell(row, name) for name in names] == [f"Tekst {name}" for name in names]
    late = at_once(*(lambda number=number: change_one(draft, key, number, at) for number in range(4)))
    assert sum(bool(saved.conflicts) for saved in late) == 3
    assert Benefit.objects.get().responsible in {f"Ny {number}" for number in range(4)}


def change_one(draft, key, number, at):
    """One of several who change the same cell from the same text."""
    base = {"responsible": version("Tekst responsible")}
    change = RowChange(key, base, {"responsible": f"Ny {number}"}, is_stored=True)
    return rows.save_rows(Application.objects.get(pk=draft.pk), Benefit, [change], by=draft.created_by, at=at)[key]
