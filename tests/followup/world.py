"""An award that has been decided, and on from there."""

from datetime import date
from decimal import Decimal

from applications.services.status import announce
from evaluation.decisions.documents import LETTER
from evaluation.decisions.models import Letter, LetterStatus
from evaluation.decisions.services.deciding import decide_from_minutes
from evaluation.followup.services import accepting
from evaluation.followup.services.reporting import EvaluationOwner
from portal import cells
from rounds.answering.services.answers import Change, save_answers
from rounds.answering.services.rows import RowChange, save_rows, stored_cells
from tests import documents
from tests.decisions.world import adopted
from tests.world import NOW

ANSWERS = {"what-was-done": "Møter og opplæring.", "effects": "Kortere reise.", "spread": "Delt på dagskonferanse."}
MEASURED = {
    0: {"actual": Decimal(5), "actual_text": "", "deviation": "En bil manglet."},
    1: {"actual_text": "Tryggere.", "deviation": ""},
}


def awarded(house, outcome="granted", amount=1_000_000):
    """A grant of one million kroner, decided at ``NOW``."""
    (made,) = decide_from_minutes(adopted(house, [(outcome, amount)]).meeting, by=house.secretary, at=NOW)
    return made


def told(house, *awarding):
    """The same grant, told by a letter that was sent."""
    return tell(house, awarded(house, *awarding))


def tell(house, decision):
    """The grant told by a letter that was sent, to be accepted by 15 March 2025."""
    number = f"{decision.application.code}-1"
    content = {"heading": "Tilskudd", "acceptance_date": "2025-03-15"}
    document = documents.frozen(LETTER, number, content, tenant=house.community, at=NOW)
    words = {"kind": decision.outcome, "status": LetterStatus.SENT, "document": document}
    Letter.objects.create(decision=decision, number=number, created_at=NOW, sent_at=NOW, **words)
    announce(decision.application, by=house.secretary, at=NOW)
    return decision


def accepted(house, decision=None, **more):
    """The award accepted, planned to start on 1 March 2025."""
    words = {"responsible_name": "Prosjektleder", "responsible_email": "leder@example.org", **more}
    return accepting.accept(
        decision or told(house),
        account_number="86011117947",
        planned_start_date=date(2025, 3, 1),
        by=house.signatory,
        at=NOW,
        **words,
    )


def started(house, day=date(2025, 2, 10)):
    """In operation since the day."""
    acceptance = accepted(house)
    accepting.record_start(acceptance, day, by=house.applicant, at=NOW)
    return acceptance


def written(house, spent=900_000):
    """An evaluation with everything in it, not sent."""
    report = started(house).evaluation
    write(report, house.applicant, spent=spent)
    return report


def write(report, by, *, answers=ANSWERS, measured=MEASURED, spent=900_000):
    """Save the evaluation as one who has seen all that is stored."""
    owner = EvaluationOwner(report)
    held = dict(report.response.answers.values_list("question", "version"))
    save_answers(owner, {code: Change(value, held.get(code, 0)) for code, value in answers.items()}, by=by, at=NOW)
    results = {result.position: result for result in report.results.all()}
    changes = [
        RowChange(str(position), base_of(owner.results, results.get(position)), cells)
        for position, cells in measured.items()
    ]
    save_rows(owner, owner.results, changes, by=by, at=NOW)
    money = RowChange(str(report.pk), base_of(owner.money, report), {"spent_amount": spent})
    save_rows(owner, owner.money, [money], by=by, at=NOW)
    report.refresh_from_db()


def base_of(part, row):
    """The versions of a stored row's cells, as its page carries them."""
    return cells.versions(stored_cells(part.cells, row)) if row else {}
