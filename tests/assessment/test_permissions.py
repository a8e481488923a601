"""Who reaches which page: every address of the room with every kind of person, as one table."""

import pytest
from django.urls import get_resolver, reverse

from applications.services.status import advance
from evaluation.assessment.services import declaring, forwarding
from tests.assessment import world
from tests.habilitet import decide_about
from tests.harness import worlds

pytestmark = pytest.mark.django_db

PEOPLE = (
    "secretary",
    "regional_secretary",
    "far_secretary",
    "assessor",
    "recused",
    "undeclared",
    "member",
    "applicant",
)
# Status for each person in the order above, of a GET (or of a POST where the page takes only that).
MATRIX = {
    "home": (302,) * 8,
    "desk": (200, 200, 200, 200, 200, 200, 200, 200),
    "habilitet": (200, 200, 404, 200, 403, 200, 404, 404),
    "score": (403, 403, 404, 200, 403, 302, 404, 404),
    "score_draft": (403, 403, 404, 200, 403, 403, 404, 404),
    "read_new_version": (403, 403, 404, 302, 403, 403, 404, 404),
    "take_back": (403, 403, 404, 403, 403, 403, 404, 404),
    "detail": (200, 200, 404, 200, 403, 302, 404, 404),
    "papers": (200, 200, 404, 200, 403, 302, 404, 404),
    "attachment": (404, 404, 404, 404, 403, 403, 404, 404),
    "admission": (403, 403, 404, 403, 403, 403, 404, 404),
    "check_again": (403, 403, 404, 403, 403, 403, 404, 404),
    "correction": (403, 403, 404, 403, 403, 403, 404, 404),
    "assessors": (403, 200, 404, 403, 403, 403, 404, 404),
    "unassign": (403, 404, 404, 403, 403, 403, 404, 404),
    # Nobody has raised the question: they are led to the page where it is raised.
    "recusal": (302, 302, 404, 403, 403, 403, 404, 404),
    "raise_habilitet": (200, 404, 404, 403, 403, 403, 404, 404),
    "take_back_question": (302, 302, 404, 403, 403, 403, 404, 404),
    "rounds": (200, 200, 200, 403, 403, 403, 403, 403),
    "round": (200, 200, 200, 404, 404, 404, 404, 404),
    "round_ranking": (302, 302, 302, 404, 404, 404, 404, 404),
    "lists": (404, 200, 404, 404, 404, 404, 404, 404),
    "package_detail": (200, 200, 404, 404, 404, 404, 404, 404),
    "package_pdf": (302, 302, 404, 404, 404, 404, 404, 404),
    "turn": (200, 404, 404, 404, 404, 404, 404, 404),
    "export": (200, 404, 404, 404, 404, 404, 404, 404),
    "distribute": (200, 404, 404, 404, 404, 404, 404, 404),
    "ranking": (302, 404, 404, 404, 404, 404, 404, 404),
    "board": (200, 404, 404, 404, 404, 404, 404, 404),
    "amounts": (403, 404, 404, 404, 404, 404, 404, 404),
    "considerations": (409, 404, 404, 404, 404, 404, 404, 404),
    "record_task": (422, 404, 404, 404, 404, 404, 404, 404),
    "recommend": (403, 404, 404, 404, 404, 404, 404, 404),
    "move": (403, 404, 404, 404, 404, 404, 404, 404),
    "freeze": (403, 404, 404, 404, 404, 404, 404, 404),
    "list": (200, 404, 404, 404, 404, 404, 404, 404),
    "unlock": (403, 404, 404, 404, 404, 404, 404, 404),
    "earlier_list": (404, 404, 404, 404, 404, 404, 404, 404),
    "call_back": (200, 404, 404, 404, 404, 404, 404, 404),
    "forward": (403, 404, 404, 404, 404, 404, 404, 404),
    "package": (302, 404, 404, 404, 404, 404, 404, 404),
}
POSTED = {"score_draft", "read_new_version", "unassign", "considerations", "record_task", "move"}


@worlds.world
def roles(house, northern, local, application, at):
    """One application given to three assessors, on a list that is frozen and forwarded."""
    boss = house.secretary
    for person in (house.assessor, house.chair, house.vice_chair):
        world.assigning.assign(application, local, person, due_date=local.due_date(at), by=boss, at=at)
    declaring.declare(application, has_tie=False, by=house.assessor, at=at)
    decide_about(application, house.chair, is_recused=True, ground="party", reason="Familie.", by=boss, at=at)
    package = world.frozen(local, boss, at)
    forwarding.forward(local, by=boss, at=at)
    application.refresh_from_db()
    return {
        "secretary": boss,
        "regional_secretary": house.regional_secretary,
        "far_secretary": house.far_secretary,
        "assessor": house.assessor,
        "recused": house.chair,
        "undeclared": house.vice_chair,
        "member": house.member,
        "applicant": house.applicant,
        "package": package.forwarding,
        "assignment": application.assignments.get(assessor=house.vice_chair),
        "person": house.vice_chair,
    }


def address(name, local, application, roles):
    code, stage = application.code, local.stage.code
    turn = [local.round.code, stage, local.receiver_code]
    arguments = {
        "home": [],
        "desk": [],
        "rounds": [],
        "score": [code, stage],
        "score_draft": [code, stage],
        "read_new_version": [code, stage],
        "take_back": [code, stage],
        "attachment": [code, 1, 1],
        "unassign": [code, roles["assignment"].pk],
        "recusal": [code, roles["person"].pk],
        "raise_habilitet": [code, roles["person"].pk],
        "take_back_question": [code, roles["person"].pk],
        "round": turn[:1],
        "round_ranking": turn[:1],
        "lists": turn[:1],
        "package_detail": [turn[0], roles["package"].pk],
        "package_pdf": [turn[0], roles["package"].pk],
        "record_task": [*turn, "approve"],
        "earlier_list": [*turn, 1],
        "recommend": [*turn, code],
        "move": [*turn, code],
    }
    one = {"habilitet", "detail", "papers", "admission", "check_again", "correction", "assessors"}
    return reverse(f"assessment:{name}", args=arguments.get(name, [code] if name in one else turn))


def test_every_address_is_in_the_table():
    patterns = get_resolver().namespace_dict["assessment"][1].reverse_dict
    assert {name for name in patterns if isinstance(name, str)} == set(MATRIX)


@pytest.mark.parametrize("name", MATRIX)
def test_page_for_each_person(name, roles, local, application, client, at):
    url = address(name, local, application, roles)
    statuses = []
    for person in PEOPLE:
        client.force_login(roles[person])
        statuses.append((client.post(url) if name in POSTED else client.get(url)).status_code)
    assert dict(zip(PEOPLE, statuses, strict=True)) == dict(zip(PEOPLE, MATRIX[name], strict=True))


def test_everybody_else_is_sent_to_sign_in(roles, local, application, client):
    names = [name for name in MATRIX if name not in {"home", "score_draft"}]
    urls = {name: address(name, local, application, roles) for name in names}
    answers = {name: client.post(url) if name in POSTED else client.get(url) for name, url in urls.items()}
    seen = {name: (answer.status_code, answer.url.partition("?")[0]) for name, answer in answers.items()}
    assert seen == dict.fromkeys(names, (302, "/account/login/"))


def test_acts_take_post_only(roles, local, application, client):
    client.force_login(roles["secretary"])
    statuses = {name: client.get(address(name, local, application, roles)).status_code for name in POSTED}
    assert statuses == dict.fromkeys(POSTED, 405)


def test_refusal_tells_why(roles, local, application, client):
    client.force_login(roles["recused"])
    answer = client.get(address("detail", local, application, roles))
    assert "Du er inhabil i denne saken" in answer.content.decode()


def test_withdrawn_application_is_still_the_secretariats(roles, application, house, at, client):
    advance(application, "withdraw", by=house.applicant, at=at)
    client.force_login(roles["secretary"])
    assert client.get(f"/assessment/application/{application.code}/").status_code == 200
