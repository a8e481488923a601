"""How a round's bodies decide: what its file sets, what it leaves to the body, who is told, and what may not change."""
# ruff: noqa: E501 - sentences are read whole

import re

import pytest
from django.core.management import CommandError, call_command

from portal.communities.models import Body, BodyKind
from rounds.models import Round
from rounds.queries import rules_of_stages
from rounds.services import RoundError, RoundLockedError, load_round
from tests import factories
from tests.world import NOW

pytestmark = pytest.mark.django_db
TROMS = factories.definition("troms-ofoten-2024")
NORD = factories.definition("helse-nord-2025")
STRICT = {"decision_rule": "double_majority", "quorum": {"share": "all", "both_sides": False}}


def with_stage(spec, number=-1, **fields):
    stages = spec.to_data()["stages"]
    stages[number].update(fields)
    return factories.changed(spec, stages=stages)


def test_page_shows_what_the_round_sets(client, house):
    factories.round_of(with_stage(TROMS, **STRICT))
    page = client.get("/rounds/troms-ofoten-2024/").text
    # A majority on both sides needs both, though the file's quorum does not.
    assert (
        '<p class="ds-paragraph">Beslutningsregel: Flertall på begge sider. Vedtaksført når alle stemmeberettigede '
        "er til stede, og noen fra begge sider.</p>"
    ) in page


def test_page_names_the_bodies_whose_own_rules_are_applied(house):
    Body.objects.filter(code="ssu-finnmark").update(name="SSU Finnmark", quorum_percent=60)
    Body.objects.filter(code="ssu-lofoten-vesteralen-salten").update(name="SSU Salten")
    half = "Vedtaksført når minst halvparten av de stemmeberettigede er til stede, og noen fra begge sider."
    assert rules_of_stages(factories.round_of(NORD)) == [
        [
            (
                "Beslutningsregel: Konsensus. Vedtaksført når minst 60 prosent av de stemmeberettigede er til stede, og "
                "noen fra begge sider. Dette er den vanlige regelen i SSU Finnmark (Helsefellesskapet Finnmark)."
            ),
            (
                f"Beslutningsregel: Konsensus. {half} Dette er den vanlige regelen i SSU Salten (Helsefellesskapet "
                "Lofoten, Vesterålen og Salten), SSU Troms og Ofoten (Helsefellesskapet Troms og Ofoten), "
                "SSU Helgeland (Helsefellesskap Helgeland)."
            ),
        ],
        [
            (
                f"Beslutningsregel: Alminnelig flertall. {half} "
                "Dette er den vanlige regelen i Tildelingsutvalget i Helse Nord."
            )
        ],
    ]


def test_page_follows_the_body_when_its_rule_changes(client, house):
    factories.round_of(NORD)
    assert "Beslutningsregel: Flertall på begge sider" not in client.get("/rounds/helse-nord-2025/").text
    Body.objects.filter(pk=house.committee.pk).update(decision_rule="double_majority")
    assert "Beslutningsregel: Flertall på begge sider" in client.get("/rounds/helse-nord-2025/").text


# --- told beforehand --------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [[], ["--dry-run"]])
def test_check_tells_of_a_body_that_would_decide_otherwise_than_it_does(house, tmp_path, capsys, arguments):
    text = (factories.settings.BASE_DIR / "fixtures/rounds/troms-ofoten-2024.yaml").read_text(encoding="utf-8")
    path = tmp_path / "round.yaml"
    path.write_text(re.sub("decision_rule: consensus", "decision_rule: simple_majority", text), encoding="utf-8")
    call_command("load_round", str(path), *arguments)
    assert (
        "Merk: stages: SSU Troms og Ofoten (Helsefellesskapet Troms og Ofoten) avgjør under "
        f"«{TROMS.stages[0].name}» slik: Beslutningsregel: Alminnelig flertall. Vedtaksført når minst halvparten av de "
        "stemmeberettigede er til stede, og noen fra begge sider. Ellers gjelder: Beslutningsregel: Konsensus. "
        "Vedtaksført når minst halvparten av de stemmeberettigede er til stede, og noen fra begge sider."
    ) in capsys.readouterr().err


def test_check_is_silent_where_the_round_says_what_the_body_does_anyway(house, capsys):
    path = factories.settings.BASE_DIR / "fixtures/rounds/troms-ofoten-2024.yaml"
    call_command("load_round", str(path), "--dry-run")
    assert "stages:" not in capsys.readouterr().err
    assert Round.objects.count() == 0


def test_check_refuses_a_body_that_does_not_exist(house, tmp_path):
    text = (factories.settings.BASE_DIR / "fixtures/rounds/helse-nord-2025.yaml").read_text(encoding="utf-8")
    path = tmp_path / "round.yaml"
    path.write_text(text.replace("body: tildelingsutvalg-helse-nord", "body: ukjent"), encoding="utf-8")
    with pytest.raises(CommandError, match="Organet «ukjent» finnes ikke"):
        call_command("load_round", str(path), "--dry-run")


def test_secretariat_sees_it_on_the_page_of_the_round(client, house):
    factories.round_of(with_stage(TROMS, **STRICT))
    assert "Ellers gjelder:" not in client.get("/rounds/troms-ofoten-2024/").text
    client.force_login(house.secretary)
    assert "Ellers gjelder: Beslutningsregel: Konsensus." in client.get("/rounds/troms-ofoten-2024/").text


# --- after somebody has begun to apply ----------------------------------------------------------------


@pytest.mark.parametrize(
    "fields", [{"decision_rule": "double_majority"}, {"quorum": {"share": "all"}}, {"quorum": {"both_sides": False}}]
)
def test_how_the_body_decides_does_not_change_after_somebody_has_begun_to_apply(house, fields):
    factories.round_of(TROMS)
    Round.objects.update(locked_at=NOW)
    with pytest.raises(RoundLockedError, match="ikke endres hvordan organene avgjør"):
        load_round(with_stage(TROMS, **fields), by=None, at=NOW)
    assert (Round.objects.get().version, list(Round.objects.get().stages.values_list("quorum_share"))) == (1, [("",)])


@pytest.mark.parametrize("fields", [{"decision_rule": None}, {"quorum": {"share": "half", "both_sides": True}}])
def test_file_may_say_or_leave_unsaid_what_the_body_does_anyway(house, fields):
    factories.round_of(TROMS)
    Round.objects.update(locked_at=NOW)
    assert load_round(with_stage(TROMS, **fields), by=None, at=NOW).version == 2


def test_a_body_that_came_after_the_round_changes_nothing_in_its_stage(house):
    round_ = factories.round_of(NORD)
    factories.body(house.community, BodyKind.SSU, name="Et SSU til", decision_rule="double_majority")
    (texts, _region) = rules_of_stages(round_)
    assert len(texts) == 1


def test_load_of_an_unknown_body_changes_nothing(house):
    with pytest.raises(RoundError):
        load_round(with_stage(NORD, body="ukjent"), by=None, at=NOW)
    assert Round.objects.count() == 0
