"""The ties that the portal sees, and where a person stands."""

import pytest

from evaluation.assessment import habilitet
from evaluation.assessment.habilitet import Ground, Person, Roles, State, Tie

ROLES = Roles(
    creator_id=1,
    signer_ids=frozenset({2}),
    contact_emails=frozenset({"kontakt@example.org"}),
    partners=((70, "Tromsø kommune"), (71, "Sykehuset")),
    owner_body_id=30,
    owner_body_name="FSU rus og psykisk helse",
    appointing_body_id=31,
)


def person(pk=9, email="noen@example.org", **facts):
    return Person(pk, email, **{name: frozenset(ids) for name, ids in facts.items()})


@pytest.mark.parametrize(
    ("tied_person", "tie"),
    [
        (person(pk=1), Tie(Ground.REPRESENTS, "har opprettet saken", is_strong=True)),
        (person(pk=2), Tie(Ground.REPRESENTS, "har signert i saken", is_strong=True)),
        (person(email="Kontakt@example.org"), Tie(Ground.CONTACT, "er kontaktperson i saken", is_strong=False)),
        (
            person(organisation_ids={70}, signs_for_ids={70}),
            Tie(Ground.LEADS_UNIT, "kan binde Tromsø kommune, som er part i saken", is_strong=True),
        ),
        (
            person(organisation_ids={71}),
            Tie(Ground.OTHER, "er knyttet til Sykehuset, som er part i saken", is_strong=False),
        ),
        (
            person(represented_ids={71}),
            Tie(Ground.OTHER, "sitter i et utvalg for Sykehuset, som er part i saken", is_strong=False),
        ),
        (
            person(body_ids={30}),
            Tie(Ground.OWNER_BODY, "sitter i FSU rus og psykisk helse, som eier prosjektet", is_strong=True),
        ),
        (
            person(body_ids={31}),
            Tie(
                Ground.OWNER_BODY,
                "sitter i utvalget som har oppnevnt FSU rus og psykisk helse, som eier prosjektet",
                is_strong=False,
            ),
        ),
    ],
)
def test_each_tie_is_seen(tied_person, tie):
    assert habilitet.ties(ROLES, tied_person) == (tie,)


def test_stranger_has_no_ties():
    assert habilitet.ties(ROLES, person(organisation_ids={72}, body_ids={32})) == ()


def test_application_without_fsu_has_no_ties_to_bodies():
    assert habilitet.ties(Roles(creator_id=1), person(body_ids={30, 31})) == ()


def test_strong_ties_come_first():
    ties = habilitet.ties(ROLES, person(organisation_ids={71}, body_ids={30, 31}))
    assert [tie.is_strong for tie in ties] == [True, False, False]


@pytest.mark.parametrize(
    ("has_tie", "strong", "answer"),
    [(False, [], False), (False, [False], False), (False, [False, True], True), (True, [], True)],
)
def test_needs_decision(has_tie, strong, answer):
    suggested = tuple(Tie(Ground.OTHER, "", is_strong) for is_strong in strong)
    assert habilitet.needs_decision(has_tie=has_tie, suggested=suggested) is answer


@pytest.mark.parametrize(
    ("is_pending", "is_recused", "state"),
    [
        (None, None, State.UNDECLARED),
        (False, None, State.CLEAR),
        (True, None, State.PENDING),
        # Raised again after somebody decided: out until it is decided anew.
        (True, False, State.PENDING),
        (True, True, State.RECUSED),
        (False, True, State.RECUSED),
        (False, False, State.CLEAR),
    ],
)
def test_state(is_pending, is_recused, state):
    assert habilitet.state(is_pending=is_pending, is_recused=is_recused) == state
