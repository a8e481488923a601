"""The eight criteria of the call of 2024, word for word, where those who assess give points."""
# ruff: noqa: E501 - a criterion is read by the line

import re
from html import unescape

import pytest

from tests.applications import world as applications_world
from tests.assessment import world

pytestmark = pytest.mark.django_db

CRITERIA = [
    "Samarbeidsmodeller mellom primær- og spesialisthelsetjeneste, inkludert samordning og/eller samlokalisering av tjenester, digitale løsninger, kompetansedeling, kombinasjonsstillinger etc. Beskrivelser av felles driftsmodeller vektlegges",
    "Tiltak som involverer brukere og/eller fastleger",
    "Tiltak som prioriterer pasientgruppen skrøpelige eldre*",
    "Tiltak som styrker allerede eksisterende samarbeid, f.eks. etablerte team",
    "Tiltak for mer og bedre faglig dialog",
    "Gevinstpotensial og -realisering, inkludert spredningspotensial til øvrige kommuner og enheter i UNN",
    "Tiltak som er basert på forslag til arbeidsgruppe 5 i Helse Nord (vedlegg 1), Ishavserklæringen 2024-2027 (vedlegg 2), og mål for omstillingsarbeid i UNN som definert i «Vi fornyer UNN»-Mandat for område 5: Samhandling: «Helt hjem - helt digitalt - hele veien med og for pasienten» (vedlegg 3).",
    "Tiltak som tar utgangspunkt i interkommunalt samarbeid med UNNs lokalisasjoner i Tromsø, Harstad, Narvik, Finnsnes og Storslett",
]  # fmt: skip


@pytest.mark.requirement("R33", "R34", "R35", "R36", "R37", "R38", "R39", "R40", "R41", "R42")
def test_points_are_given_for_each_criterion_of_the_call(house, client):
    round_ = applications_world.real_round("troms-ofoten-2024")
    turn = world.turn(round_, community=house.community)
    at = round_.closes_at
    application = world.sent(house, round_, at)
    world.assign(application, turn, house.assessor, house.secretary, at)
    client.force_login(house.assessor)
    page = client.get(f"/assessment/application/{application.code}/score/{turn.stage.code}/")
    shown = " ".join(unescape(re.sub(r"<[^>]+>", "", page.text)).split())
    assert [text for text in CRITERIA if text not in shown] == []
    asked = [name for name in page.context["form"].fields if name.startswith("points-")]
    assert len(asked) == len(CRITERIA)
    assert "Vektlegges: Beskrivelser av felles driftsmodeller vektlegges" in shown
    # The points below the seventh are its three attachments; none of the eight says how much it counts.
    assert "mål for omstillingsarbeid i UNN (vedlegg 3)" in shown
    assert " vekt " not in shown
