"""What somebody in the secretariat tries who is shut out of a case, or who waits with the own scores."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from applications.models import Application, StageEntry
from applications.services import correcting, submitting
from applications.workflow import Status
from evaluation.assessment.models import PriorityList
from evaluation.assessment.queries import detail, turns
from evaluation.assessment.services import freezing, prioritising
from evaluation.assessment.turn import turn_url
from portal.files.services import store_bytes
from rounds.outcomes import Outcome
from rounds.services import RoundLockedError, load_round
from tests import factories
from tests.applications import world as applications_world
from tests.assessment import world
from tests.habilitet import decide_about
from tests.harness import worlds

pytestmark = pytest.mark.django_db


@worlds.world
def board(house, northern, local, at):
    """Two applications recommended, each in part; the secretary is inhabil in the first."""
    for number in (1, 2):
        world.sent(house, northern, at, title=f"Prosjekt {number}")
    prioritising.set_up(local, by=house.hospital_secretary, at=at)
    for application in turns.assessable(local):
        words = {"outcome": Outcome.PARTLY_GRANTED, "amount": 123_000}
        world.recommend(local, application, house.hospital_secretary, at, **words)
    first = Application.objects.get(title="Prosjekt 1")
    words = {"is_recused": True, "ground": "other", "reason": "Leder enheten."}
    decide_about(first, house.secretary, **words, by=house.hospital_secretary, at=at)
    return local


def test_draft_that_was_taken_back_never_reaches_the_secretariat(house, northern, local, at, sign_in):
    world.sent(house, northern, at, title="Sendt")
    draft = applications_world.draft(house, northern, title="Aldri sendt")
    submitting.withdraw(draft, by=house.applicant, at=applications_world.open_moment(northern))
    assert draft.status == Status.WITHDRAWN
    client = sign_in(house.secretary)
    for page in ("turn", "export"):
        answer = client.get(turn_url(local, page))
        content = answer.getvalue() if answer.streaming else answer.content
        assert ("Sendt" in content.decode(), "Aldri sendt" in content.decode()) == (True, False)


def test_picture_and_words_of_the_board_keep_what_is_closed(house, board, at, sign_in):
    prioritising.consider(board, texts={"considerations": "Prosjekt 1 er svakest."}, by=house.hospital_secretary, at=at)
    page = sign_in(house.secretary).get(turn_url(board, "board"))
    assert (page.context["pieces"], page.context["frame_line"]) == ([], None)
    assert "Prosjekt 1 er svakest." not in page.content.decode()


def test_inhabil_officer_neither_judges_the_whole_nor_sends_it_on(house, board, at, sign_in):
    client = sign_in(house.secretary)
    assert client.post(turn_url(board, "considerations"), {"considerations": "Mitt syn."}).status_code == 403
    assert PriorityList.objects.get().considerations == ""
    world.do_tasks(board, house.hospital_secretary, at)
    freezing.freeze(board, by=house.hospital_secretary, at=at)
    assert client.get(turn_url(board, "forward")).status_code == 403
    assert sign_in(house.hospital_secretary).get(turn_url(board, "forward")).status_code == 200


def test_officer_who_assesses_sees_no_scores_by_way_of_the_recommendation(house, application, local, at, sign_in):
    world.deliver(application, local, house.assessor, at, by=house.hospital_secretary)
    world.assign(application, local, house.secretary, house.hospital_secretary, at)
    prioritising.set_up(local, by=house.hospital_secretary, at=at)
    assert sign_in(house.secretary).get(turn_url(local, "recommend", application.code)).status_code == 403
    assert sign_in(house.hospital_secretary).get(turn_url(local, "recommend", application.code)).status_code == 200


def test_attachment_has_the_name_of_its_own_application(house, northern, at):
    store_bytes(b"%PDF-1.7 likt", name="hemmelig-navn-hos-andre.pdf", content_type="application/pdf", at=at)
    application = world.sent(house, northern, at)
    stored = store_bytes(b"%PDF-1.7 likt", name="vedlegg.pdf", content_type="application/pdf", at=at)
    kind = northern.spec.attachments.kinds[0].code
    words = {"uploaded_by": house.applicant, "uploaded_at": at}
    application.attachments.create(number=1, kind=kind, title="Vedlegg", file=stored, **words)
    version = world.freeze(application, at).version
    assert detail.file_of(application, version, 1).name == "vedlegg.pdf"


# --- late helsefellesskap and late applications -------------------------------------------------------------


@worlds.world
def locked_list(house, local, application, at):
    """The list of the house's helsefellesskap, locked, and a draft that never was sent."""
    draft = applications_world.draft(house, local.round, title="Aldri sendt")
    world.frozen(local, house.hospital_secretary, at)
    return draft


def test_draft_gets_no_later_deadline_after_the_list_is_locked(house, locked_list, at, sign_in):
    until, reason = at + timedelta(days=3), "Portalen var nede."
    with pytest.raises(correcting.ExtensionError, match="Prioriteringen er låst"):
        correcting.extend(locked_list, until, reason, by=house.secretary, at=at)
    form = {"code": locked_list.code, "until_0": f"{until:%d.%m.%Y}", "until_1": "12.00", "reason": reason}
    with time_machine.travel(at, tick=False):
        page = sign_in(house.secretary).post(reverse("applications:extend_draft"), form)
    assert (page.status_code, "Prioriteringen er låst" in page.content.decode()) == (422, True)
    assert Application.objects.get(pk=locked_list.pk).extended_until is None


def test_deadline_of_a_round_is_not_made_later_where_the_list_is_locked(house, locked_list, northern, at):
    later = f"{at + timedelta(days=30):%Y-%m-%d} 12:00"
    before = Application.objects.get(pk=locked_list.pk).closes_at
    with pytest.raises(RoundLockedError, match="Troms og Ofoten har låst prioriteringen sin"):
        load_round(factories.changed(northern.spec, dates={"closes": later}), by=None, at=at)
    assert Application.objects.get(pk=locked_list.pk).closes_at == before


def test_officer_who_writes_the_application_gives_it_no_later_deadline(house, northern, at, sign_in):
    draft = applications_world.draft(house, northern)
    factories.affiliation(house.secretary, house.lead)
    form = {"code": draft.code, "until_0": "20.04.2030", "until_1": "12.00", "reason": "Ferie."}
    with time_machine.travel(at, tick=False):
        page = sign_in(house.secretary).post(reverse("applications:extend_draft"), form)
        assert "Du er med på å skrive søknaden." in page.content.decode()
        assert sign_in(house.hospital_secretary).post(reverse("applications:extend_draft"), form).status_code == 302


def test_officer_who_is_inhabil_gives_no_later_deadline_by_code(house, northern, at, sign_in):
    draft = applications_world.draft(house, northern)
    words = {"is_recused": True, "ground": "other", "reason": "Gift med leder.", "by": house.hospital_secretary}
    decide_about(draft, house.secretary, **words, at=at)
    form = {"code": draft.code, "until_0": "20.04.2030", "until_1": "12.00", "reason": "Ferie."}
    with time_machine.travel(at, tick=False):
        page = sign_in(house.secretary).post(reverse("applications:extend_draft"), form)
    assert (page.status_code, Application.objects.get(pk=draft.pk).extended_until) == (422, None)


def test_list_tells_the_inhabil_nothing_of_the_outcome(house, northern, board, at, sign_in):
    """Neither the status, nor the filter, the counts, the order by points, nor the spreadsheet."""
    first, second = (Application.objects.get(title=f"Prosjekt {number}") for number in (1, 2))
    Application.objects.filter(pk__in=[first.pk, second.pk]).update(status=Status.GRANTED)
    StageEntry.objects.copy_application()
    for application, total in ((first, 9), (second, 1)):
        world.result(application, board.stage, total=total, median=total)
    client = sign_in(house.secretary)
    page = client.get(turn_url(board, "turn"), {"sort": "-total"})
    assert [(row.title, row.status) for row in page.context["rows"]] == [
        ("Prosjekt 2", "granted"),
        ("Prosjekt 1", "admitted"),
    ]
    assert [(status, count) for _label, count, status in page.context["counts"]] == [("admitted", 1), ("granted", 1)]
    page = client.get(turn_url(board, "turn"), {"status": "granted"})
    assert [row.title for row in page.context["rows"]] == ["Prosjekt 2"]
    sheet = client.get(turn_url(board, "export")).getvalue().decode()
    assert [line.split(";")[4] for line in sheet.splitlines()[1:]] == ["Til vurdering", "Innvilget"]
    page = sign_in(house.hospital_secretary).get(turn_url(board, "turn"), {"sort": "-total", "status": "granted"})
    assert [row.title for row in page.context["rows"]] == ["Prosjekt 1", "Prosjekt 2"]
