"""Who may apply in each of the real rounds, alone or together, and for how wide an area."""

import pytest

from applications import completeness, queries
from applications.models import Application, BudgetLine
from portal.communities.models import OrganisationKind
from tests import factories
from tests.applications import world

pytestmark = pytest.mark.django_db


def problems(application, at):
    read = Application.objects.get(pk=application.pk)
    return [problem.sentence for problem in completeness.check(read, at=at).problems]


@pytest.mark.requirement("R4")
def test_every_partner_of_the_helsefellesskap_may_apply_in_2024_and_nobody_from_elsewhere(house):
    round_ = world.real_round("troms-ofoten-2024")
    at = world.open_moment(round_)
    practice = factories.organisation(OrganisationKind.GP_PRACTICE, name="Legekontoret", community=house.community)
    doctor = factories.user()
    factories.affiliation(doctor, practice)
    people = {**house.persons, "doctor": doctor}
    offered = {
        name: tuple(str(item) for item in (*starting.organisations, *starting.bodies))
        for name, person in people.items()
        if (starting := queries.starting(person, round_, at)) and (starting.organisations or starting.bodies)
    }
    assert offered == {
        **dict.fromkeys(("applicant", "signatory", "recused_member"), ("Tromsø kommune",)),
        **dict.fromkeys(("co_applicant", "partner_signatory"), ("Senja kommune",)),
        **dict.fromkeys(("hospital_applicant", "trust_signatory"), ("Universitetssykehuset Nord-Norge HF",)),
        "fsu_leader": ("Universitetssykehuset Nord-Norge HF", "FSU PHR"),
        "doctor": ("Legekontoret",),
    }


@pytest.mark.requirement("R12")
@pytest.mark.parametrize("side", ["lead", "trust"])
def test_municipality_and_hospital_may_each_propose_alone(house, side):
    """Innlandet: «likeverdighet mellom kommuner og sykehus»; neither needs the other."""
    round_ = world.real_round("innlandet-2024")
    at = world.open_moment(round_)
    application = world.whole(house, round_, at=at, signed=False)
    alone = getattr(house, side)
    application.partners.exclude(organisation=alone).delete()
    application.partners.update(role="lead")
    BudgetLine.objects.all().delete()
    world.add_budget(application)
    world.sign_all(house, application, at)
    assert problems(application, at) == []


@pytest.mark.requirement("R23")
def test_one_municipality_may_apply_for_all_five_areas(house, northern, at):
    application = world.whole(house, northern, at=at, signed=False)
    application.partners.filter(organisation=house.partner).delete()
    areas = [term.code for term in northern.spec.taxonomy("dps-omrader").terms]
    world.set_answer(application, "service-areas", {"values": areas, "other": ""})
    world.sign_all(house, application, at)
    assert (len(areas), problems(application, at)) == (5, [])


@pytest.mark.requirement("R48", "R64")
@pytest.mark.parametrize(
    ("code", "question", "label"),
    [
        ("innlandet-2024", "guidance", "Andre behov"),
        ("troms-ofoten-2024", "patient-groups", "Andre pasientgrupper"),
        ("helse-nord-2025", "patient-groups", "Andre pasientgrupper"),
    ],
)
def test_another_answer_than_those_of_the_list_is_enough_when_it_is_named(house, code, question, label):
    round_ = world.real_round(code)
    at = world.open_moment(round_)
    application = world.whole(house, round_, at=at, signed=False)
    asked = round_.spec.fill(round_.spec.question(question).label)
    told = {}
    for words in ("", "KOLS og diabetes"):
        world.set_answer(application, question, {"values": ["other"], "other": words})
        told[words] = [item for item in problems(application, at) if asked in item]
    assert told == {"": [f"Skriv hva «{label}» er, under «{asked}»."], "KOLS og diabetes": []}
