"""Helse Nord: a helsefellesskap that ends an application writes a letter in its own name, and not in the region's."""

import pytest

from applications.workflow import Status
from evaluation.decisions import letter_content
from evaluation.decisions.services.deciding import decide
from portal.clock import local_date
from portal.communities.models import OrganisationKind
from tests.applications import world as applications_world
from tests.decisions.world import application
from tests.harness import worlds
from tests.world import NOW

pytestmark = pytest.mark.django_db

COMMUNITY = "Helsefellesskapet Troms og Ofoten"
RECEIVER = "Universitetssykehuset Nord-Norge HF v/ samhandlingssjef"


@worlds.world
def helse_nord(house):
    return applications_world.real_round("helse-nord-2025")


def letter(house, round_, status):
    ended = application(house, round_, status=status)
    words = {"amount": None, "reason": "Lite konkret.", "by": house.secretary, "at": NOW}
    made = decide(ended, outcome=status, **words)
    return letter_content.build(made, number="1", language="nb", on=local_date(NOW)), ended, made


@pytest.mark.parametrize("status", [Status.NOT_ADMITTED, Status.NOT_PRIORITISED])
def test_the_letterhead_and_the_contact_are_those_of_the_helsefellesskap_that_decides(house, helse_nord, status):
    content, _ended, _made = letter(house, helse_nord, status)
    assert content["sender"] == {"name": COMMUNITY, "address": RECEIVER, "email": "post.unn@example.org"}
    assert content["signer"] == f"Sekretariatet for {COMMUNITY}"
    assert content["complaint"].endswith(f"ved å kontakte {COMMUNITY}.")
    told = str([content[part] for part in ("sender", "complaint", "complaints_to", "signer", "closing")])
    assert "Helse Nord" not in told


def test_the_ssu_of_the_helsefellesskap_writes_in_its_own_name(house, helse_nord):
    _content, _ended, made = letter(house, helse_nord, Status.NOT_PRIORITISED)
    made.body = house.ssu
    content = letter_content.build(made, number="1", language="nb", on=local_date(NOW))
    assert content["sender"] == {"name": COMMUNITY, "address": RECEIVER, "email": "post.unn@example.org"}
    assert content["signer"] == house.ssu.name
    assert content["complaint"].endswith(f"ved å kontakte {COMMUNITY}.")
    made.body = house.committee
    content = letter_content.build(made, number="1", language="nb", on=local_date(NOW))
    assert content["sender"]["name"] == "Helse Nord RHF"
    assert content["signer"] == helse_nord.spec.decision.decided_by


def test_a_private_party_complains_to_the_helsefellesskap_that_decided(house, helse_nord):
    house.lead.kind = OrganisationKind.GP_PRACTICE
    house.lead.save(update_fields=["kind"])
    content, _ended, _made = letter(house, helse_nord, Status.NOT_PRIORITISED)
    assert "kan påklages" in content["complaint"]
    # The line below it says where, and nothing else does.
    assert "sendes til" not in content["complaint"]
    assert content["complaints_to"] == COMMUNITY


def test_the_region_writes_in_its_own_name(house, helse_nord):
    """What the helsefellesskap have sent on, and the region has ended."""
    _content, ended, made = letter(house, helse_nord, Status.NOT_PRIORITISED)
    ended.stage_entries.update(left_at=NOW, state="forwarded")
    ended.stage_entries.create(stage=helse_nord.stages.last(), state="received", entered_at=NOW)
    content = letter_content.build(made, number="1", language="nb", on=local_date(NOW))
    assert content["sender"]["name"] == "Helse Nord RHF"
    assert content["sender"]["email"] == "postmottak.helse-nord@example.org"
    assert content["complaint"].endswith("ved å kontakte Helse Nord RHF.")


def test_the_page_of_the_round_names_who_sends_the_letters_of_the_region(helse_nord):
    assert helse_nord.spec.fill(helse_nord.spec.decision.complaint.text).endswith("ved å kontakte Helse Nord RHF.")
