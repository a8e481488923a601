"""A scheme is used again: another round of the year under the same frame, and the next year under a new one."""

import pytest

from rounds.models import Criterion, Frame
from tests import factories

pytestmark = pytest.mark.django_db
TROMS = factories.definition("troms-ofoten-2024")


def again(**parts):
    """The round of 2024 announced once more, with these parts otherwise."""
    return factories.changed(TROMS, code="troms-ofoten-neste", **parts)


def criteria_of(round_):
    """The titles of the criteria that the round's applications are scored by."""
    return list(Criterion.objects.filter(stage__round=round_, kind="scored").values_list("title", flat=True))


@pytest.mark.requirement("R8", "R9")
def test_a_later_round_of_the_year_has_criteria_of_its_own(house):
    """The first prioritises frail elderly; the next is open to all groups, and changes nothing in the first."""
    first = factories.round_of(TROMS)
    before = criteria_of(first)
    data = TROMS.to_data()
    criteria = [item for item in data["criteria"] if item["code"] != "frail-elderly"]
    stage = {
        **data["stages"][0],
        "criteria": [code for code in data["stages"][0]["criteria"] if code != "frail-elderly"],
    }
    sections = [
        {**section, "questions": [{**question, "help": ""} for question in section["questions"]]}
        for section in data["form"]["sections"]
    ]
    form = {**data["form"], "sections": sections}
    second = factories.round_of(again(criteria=criteria, stages=[stage], form=form))
    assert second.frame == first.frame
    assert criteria_of(second) == [title for title in before if title != "Skrøpelige eldre"]
    assert len(criteria_of(first)) == len(before) == 8
    help_of = {round_.code: round_.spec.question("patient-groups").help for round_ in (first, second)}
    assert help_of == {first.code: "Denne runden prioriterer skrøpelige eldre.", second.code: ""}


@pytest.mark.requirement("R11")
def test_a_permanent_scheme_has_a_round_and_a_frame_each_year(client, house):
    first = factories.round_of(TROMS)
    frame = {**TROMS.to_data()["frame"], "code": "troms-ofoten-2025", "year": 2025, "amount": 20_000_000}
    following = factories.round_of(again(year=2025, frame=frame))
    assert (following.scheme, following.frame == first.frame) == (first.scheme, False)
    assert list(Frame.objects.order_by("year").values_list("year", "amount")) == [
        (2024, 18_000_000),
        (2025, 20_000_000),
    ]
    page = client.get(following.get_absolute_url()).context["page"]
    assert page.money[0] == ("Ordning", "Rekrutterings- og samhandlingstilskudd, varig ordning")
