"""Loading rounds: rows, versions, the journal, and what may change after somebody has begun to apply."""
# ruff: noqa: E501 - a table is read by the line

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.apps import apps

from portal.communities.models import Body, Seat
from portal.documents.models import Document
from portal.errors import DomainError
from portal.journal.queries import entries_of
from rounds import queries, services
from rounds.definition import RoundDefinition
from rounds.models import Criterion, Frame, Round, Scheme, Stage, _parsed, remember_definition
from tests import factories

pytestmark = pytest.mark.django_db
AT = datetime(2025, 1, 2, 10, tzinfo=UTC)
NORD = factories.definition("helse-nord-2025")
TROMS = factories.definition("troms-ofoten-2024")


def altered(spec, change):
    data = spec.to_data()
    change(data)
    return RoundDefinition.model_validate(data)


@pytest.mark.requirement("R14")
def test_a_definition_becomes_a_round_with_its_rows(house, secretary):
    loaded = services.load_round(NORD, by=secretary, at=AT)
    assert (loaded.code, loaded.version, loaded.owner, loaded.published_at) == ("helse-nord-2025", 1, house.region, AT)
    assert (loaded.closes_at, loaded.forward_by) == (NORD.dates.closes, NORD.dates.forward_by)
    assert loaded.scheme.code == "rekruttering-samhandling"
    assert (loaded.frame.amount, loaded.frame.provisional, loaded.frame.year) == (None, True, 2025)
    rows = loaded.round_communities.values_list("community__code", "receiver_email", "copy_email")
    assert rows[1] == (
        "helgeland",
        "postmottak.helgelandssykehuset@example.org",
        "samhandlingsleder.helgeland@example.org",
    )
    assert list(loaded.stages.values_list("code", "body__code", "decision_rule", "scoring")) == [
        ("community", None, "", "weighted"),
        ("region", "tildelingsutvalg-helse-nord", "", "weighted"),
    ]
    assert loaded.spec == NORD
    assert [str(row) for row in (loaded, loaded.scheme, loaded.frame, loaded.stages.first())] == [
        NORD.title,
        "Rekrutterings- og samhandlingstilskudd",
        "helse-nord-2025",
        NORD.stages[0].name,
    ]
    receiving = loaded.round_communities.first()
    assert str(receiving) == f"{loaded.pk} {receiving.community_id}"


def test_a_scored_criterion_carries_its_scale_weight_and_threshold(house):
    loaded = services.load_round(NORD, by=None, at=AT)
    row = Criterion.objects.get(stage__round=loaded, stage__code="community", code="benefit")
    assert (row.kind, row.weight, row.scale_min, row.scale_max, row.scale_step, row.threshold, row.is_scored) == (
        "scored",
        Decimal(25),
        Decimal(0),
        Decimal(3),
        Decimal(1),
        Decimal(1),
        True,
    )
    assert str(row) == "Forventet nytte"
    other = Criterion.objects.get(stage__round=loaded, code="community-priority")
    assert (other.kind, other.weight, other.scale_min, other.is_scored) == ("information", None, None, False)


def test_a_helsefellesskap_may_have_its_own_deadline(house):
    later = altered(NORD, lambda data: data["communities"][1].update(closes="2025-03-08 24:00"))
    loaded = services.load_round(later, by=None, at=AT)
    deadlines = [
        loaded.closes_for(community) for community in (house.community, house.elsewhere, factories.community())
    ]
    assert deadlines == [NORD.dates.closes, datetime(2025, 3, 8, 23, tzinfo=UTC), NORD.dates.closes]


def test_each_helsefellesskap_has_its_own_body_unless_the_stage_names_one(house):
    loaded = services.load_round(NORD, by=None, at=AT)
    community, region = loaded.stages.all()
    assert [community.body_for(house.community), community.body_for(house.elsewhere)] == [house.ssu, house.far_ssu]
    assert [region.body_for(house.community), region.body_for(house.elsewhere)] == [house.committee, house.committee]
    assert community.body_for(factories.community()) is None


def test_the_same_definition_twice_changes_nothing(house, secretary):
    first = services.load_round(NORD, by=secretary, at=AT)
    again = services.load_round(NORD, by=secretary, at=datetime(2025, 1, 3, tzinfo=UTC))
    assert (again.pk, again.version, Document.objects.count()) == (first.pk, 1, 1)
    assert [entry.act for entry in entries_of(first)] == ["round.loaded"]


def test_another_definition_is_a_new_version_and_keeps_the_old(house, secretary):
    first = services.load_round(NORD, by=secretary, at=AT)

    def fewer(data):
        data["title"] = "Ny tittel"
        data["communities"] = data["communities"][:2]
        data["stages"][1]["criteria"] = ["purpose"]

    changed = services.load_round(altered(NORD, fewer), by=secretary, at=AT)
    assert (changed.pk, changed.version, changed.title, changed.spec.title) == (first.pk, 2, "Ny tittel", "Ny tittel")
    versions = Document.objects.filter(kind="round", subject=changed.code)
    assert [(version.version, version.snapshot["title"]) for version in versions] == [(1, NORD.title), (2, "Ny tittel")]
    assert (changed.document, changed.definition["title"]) == (versions[1], "Ny tittel")
    assert [str(version) for version in versions] == [f"round {NORD.code} v1", f"round {NORD.code} v2"]
    assert list(changed.communities.values_list("code", flat=True)) == ["helgeland", "troms-ofoten"]
    assert list(changed.stages.get(code="region").criteria.values_list("code", flat=True)) == ["purpose"]
    entries = [(entry.act, entry.actor, entry.data["version"]) for entry in entries_of(first)]
    assert entries == [("round.loaded", secretary, 1), ("round.changed", secretary, 2)]


def test_a_row_keeps_its_key_when_the_definition_changes_around_it(house):
    loaded = services.load_round(NORD, by=None, at=AT)
    before = set(Criterion.objects.values_list("pk", flat=True)), set(Stage.objects.values_list("pk", flat=True))
    services.load_round(altered(NORD, lambda data: data.update(title="Ny")), by=None, at=AT)
    after = set(Criterion.objects.values_list("pk", flat=True)), set(Stage.objects.values_list("pk", flat=True))
    assert (before, loaded.stages.count()) == (after, 2)


def test_the_spec_is_read_from_the_version_by_a_process_that_has_not_parsed_it(house, django_assert_num_queries):
    loaded = services.load_round(NORD, by=None, at=AT)
    _parsed.clear()
    with django_assert_num_queries(1):
        assert Round.objects.select_related(None).defer(None).model(**_columns(loaded)).spec == NORD
    again = Round.objects.get(pk=loaded.pk)
    with django_assert_num_queries(0):
        assert again.spec == NORD


def _columns(row):
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_only_so_many_definitions_are_kept():
    _parsed.clear()
    for number in range(130):
        remember_definition(str(number), NORD)
    assert (len(_parsed), next(iter(_parsed))) == (128, "2")
    _parsed.clear()


@pytest.mark.requirement("R6")
def test_rounds_of_a_year_share_the_frame_and_keep_an_amount_the_file_does_not_know(house):
    services.load_round(NORD, by=None, at=AT)
    Frame.objects.filter(code="helse-nord-2025").update(amount=40_000_000)
    second = altered(NORD, lambda data: data.update(code="helse-nord-2025-host"))
    assert services.load_round(second, by=None, at=AT).frame.amount == 40_000_000
    assert [str(frame) for frame in Frame.objects.all()] == ["helse-nord-2025"]


# --- whose scheme, frame and round it is ------------------------------------------------------------


def test_two_owners_announce_under_the_same_scheme_each_in_their_own_words(house):
    nord, troms = services.load_round(NORD, by=None, at=AT), services.load_round(TROMS, by=None, at=AT)
    assert (nord.scheme.code, nord.scheme.owner) == (troms.scheme.code, house.region)
    assert troms.scheme.owner == house.community
    services.load_round(factories.changed(TROMS, scheme={"name": "Vår", "purpose": "Vårt formål"}), by=None, at=AT)
    assert Scheme.objects.get(pk=nord.scheme.pk).name == "Rekrutterings- og samhandlingstilskudd"
    assert Scheme.objects.get(pk=troms.scheme.pk).name == "Vår"


def test_the_file_of_one_owner_cannot_change_the_frame_of_another(house):
    services.load_round(NORD, by=None, at=AT)
    Frame.objects.update(amount=40_000_000)
    before = list(Frame.objects.values()), list(Scheme.objects.values())
    stolen = factories.changed(TROMS, frame={"code": "helse-nord-2025", "amount": 1})
    with pytest.raises(services.RoundError) as refused:
        services.load_round(stolen, by=None, at=AT)
    assert str(refused.value) == f"Rammen «helse-nord-2025» tilhører {house.region}. Bruk en annen kode."
    assert (list(Frame.objects.values()), list(Scheme.objects.values())) == before
    assert Round.objects.get().code == "helse-nord-2025"


def test_the_file_of_one_owner_cannot_take_over_the_round_of_another(house):
    services.load_round(NORD, by=None, at=AT)
    with pytest.raises(services.RoundError) as refused:
        services.load_round(factories.changed(TROMS, code="helse-nord-2025"), by=None, at=AT)
    assert str(refused.value) == f"Runden «helse-nord-2025» tilhører {house.region}. Bruk en annen kode."
    assert Round.objects.get().owner == house.region


def test_the_migration_gives_each_scheme_and_frame_an_owner(house):
    nord, troms = services.load_round(NORD, by=None, at=AT), services.load_round(TROMS, by=None, at=AT)
    used = services.load_round(altered(NORD, lambda data: data.update(code="nord-host")), by=None, at=AT)
    shared = nord.scheme
    for table in (Round, Frame):
        table.objects.update(scheme=shared)
    troms.scheme.delete()
    orphan = Scheme.objects.create(code="ubrukt", name="Ubrukt", owner_community=house.community)
    unused = Frame.objects.create(code="ubrukt", scheme=orphan, year=2024, owner_community=house.community)
    # As the database was before the columns: everything the region's here, though one round is another's.
    Frame.objects.update(owner_community=None, owner_organisation=house.region)
    carry = __import__("rounds.migrations.0003_fill_owner_of_scheme_and_frame", fromlist=["fill"])
    carry.fill(apps, None)
    owners = {
        row.code: (row.scheme.owner, row.frame.owner, row.frame.scheme == row.scheme) for row in Round.objects.all()
    }
    assert owners == {
        nord.code: (house.region, house.region, True),
        used.code: (house.region, house.region, True),
        troms.code: (house.community, house.community, True),
    }
    assert sorted(Scheme.objects.values_list("code", flat=True)) == [shared.code, shared.code]
    assert not Frame.objects.filter(pk=unused.pk).exists()


UNKNOWN = [
    (TROMS, lambda data: data.update(owner={"community": "ukjent"}), "owner.community", "Helsefellesskapet «ukjent» finnes ikke i portalen."),
    (NORD, lambda data: data.update(owner={"organisation": "999999999"}), "owner.organisation", "Organisasjonen med nummer 999999999 finnes ikke i portalen."),
    (NORD, lambda data: data["communities"][0].update(community="ukjent"), "communities.0.community", "Helsefellesskapet «ukjent» finnes ikke i portalen."),
    (NORD, lambda data: data["stages"][1].update(body="ukjent"), "stages.1.body", "Organet «ukjent» finnes ikke i portalen."),
    (NORD, lambda data: data["stages"][1].update(body="ssu-troms-ofoten"), "stages.1.body", "SSU Troms og Ofoten er strategisk samarbeidsutvalg, ikke «tildelingsutvalg»."),
    (TROMS, lambda data: data["stages"][0].update(body="ssu-helgeland"), "stages.0.body", "SSU Helgeland hører til Helsefellesskap Helgeland, som ikke tar imot søknader i runden."),
    (TROMS, lambda data: data["stages"][0].update(body_kind="tildelingsutvalg"), "stages.0.body_kind", "Helsefellesskapet Troms og Ofoten har ikke noe organ av typen tildelingsutvalg."),
    (TROMS, lambda data: data["follow_up"].update(report_to="pm"), "follow_up.report_to", "Helsefellesskapet Troms og Ofoten har ikke noe organ av typen partnerskapsmøte å levere evalueringen til."),
]  # fmt: skip


@pytest.mark.parametrize(("spec", "change", "path", "sentence"), UNKNOWN)
def test_what_the_register_does_not_have_is_named_at_its_place_and_nothing_is_written(
    house, spec, change, path, sentence
):
    with pytest.raises(services.RoundError) as refused:
        services.load_round(altered(spec, change), by=None, at=AT)
    assert (str(refused.value), isinstance(refused.value, DomainError)) == (sentence, True)
    assert [".".join(map(str, problem.path)) for problem in refused.value.problems] == [path]
    assert Round.objects.count() == 0


def test_a_stage_at_one_of_several_bodies_of_a_kind_names_it(house):
    for code in ("fsu-a", "fsu-b"):
        factories.body(house.community, code=code, kind="fsu", name=code)
    asked = altered(TROMS, lambda data: data["stages"][0].update(body_kind="fsu"))
    with pytest.raises(services.RoundError) as refused:
        services.load_round(asked, by=None, at=AT)
    assert [(problem.path, problem.message) for problem in refused.value.problems] == [
        (
            ("stages", 0, "body_kind"),
            (
                "Helsefellesskapet Troms og Ofoten har 3 organer av typen faglig samarbeidsutvalg. "
                "Navngi organet i «body»: fsu-a, fsu-b, fsu-phr-troms-ofoten."
            ),
        )
    ]
    reported = altered(TROMS, lambda data: data["follow_up"].update(report_to="fsu"))
    with pytest.raises(services.RoundError, match=r"ikke noe trinn navngir ett av dem: fsu-a, fsu-b, fsu-phr"):
        services.load_round(reported, by=None, at=AT)

    def at_the_second(data):
        data["stages"][0].update(body_kind="fsu", body="fsu-b")
        data["follow_up"].update(report_to="fsu")

    loaded = services.load_round(altered(TROMS, at_the_second), by=None, at=AT)
    assert [stage.body.code for stage in loaded.stages.all()] == ["fsu-b"]
    assert loaded.report_body(house.community).code == "fsu-b"


def test_a_body_where_nobody_votes_today_is_warned_of(house):
    loaded = services.load_round(TROMS, by=None, at=AT)
    stages = queries.stages_with_bodies(loaded)
    assert queries.unseated(stages, AT.date()) == []
    Seat.objects.filter(body=house.ssu).update(right="speak")
    assert queries.unseated(stages, AT.date()) == [
        (
            "SSU Troms og Ofoten (Helsefellesskapet Troms og Ofoten) har i dag ingen med stemmerett. "
            f"«{TROMS.stages[0].name}» kan ikke behandles før noen har fått plass."
        )
    ]


def test_a_stage_after_a_regional_one_names_its_body(house):
    def turned(data):
        data["stages"][0]["body"], data["stages"][0]["body_kind"] = "tildelingsutvalg-helse-nord", "tildelingsutvalg"
        data["stages"][1] |= {"body": None, "body_kind": "ssu"}

    with pytest.raises(services.RoundError) as refused:
        services.load_round(altered(NORD, turned), by=None, at=AT)
    assert str(refused.value) == "Trinnet «region» kommer etter et regionalt trinn og må navngi organet."


UNHANDLED = [
    ("sekr-troms-ofoten", ["Helsefellesskapet Troms og Ofoten har ikke noe sekretariat som kan ta imot søknader."]),
    ("sekr-helse-nord", ["Helse Nord RHF har ikke noe sekretariat som kan behandle søknadene i trinnet."]),
    ("ssu-helgeland", [
        "Helsefellesskap Helgeland har ikke noe organ av typen strategisk samarbeidsutvalg å levere evalueringen til.",
        "Helsefellesskap Helgeland har ikke noe organ av typen strategisk samarbeidsutvalg.",
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("body", "sentences"), UNHANDLED)
def test_a_stage_that_nobody_in_the_register_could_handle_is_refused(house, body, sentences):
    Seat.objects.filter(body__code=body).delete()
    Body.objects.filter(code=body).delete()
    with pytest.raises(services.RoundError) as refused:
        services.load_round(NORD, by=None, at=AT)
    assert str(refused.value).split("\n") == sentences
    assert Round.objects.count() == 0


# --- after somebody has begun to apply -------------------------------------------------------------


@pytest.fixture
def locked(house, applicant):
    round_ = services.load_round(NORD, by=None, at=AT)
    services.lock_round(round_, by=applicant, at=AT)
    return round_


def test_locking_twice_writes_one_entry(locked, applicant):
    stale = Round.objects.get(pk=locked.pk)
    stale.locked_at = None
    services.lock_round(stale, by=applicant, at=AT)
    services.lock_round(locked, by=applicant, at=AT)
    assert locked.is_locked
    assert [entry.act for entry in entries_of(locked)] == ["round.loaded", "round.locked"]


UNFAIR = [
    (lambda data: (data["criteria"][4].update(weight="20"), data["criteria"][5].update(weight="30")), "kriteriene"),
    (lambda data: data["applicants"].update(min_municipalities=2), "hvem som kan søke"),
    (lambda data: data["form"]["sections"][0]["questions"].pop(), "skjemaet"),
    (lambda data: data["budget"].update(max_amount=100), "budsjettet"),
    (lambda data: data["frame"].update(year=2026), "rammens kode eller år"),
    (lambda data: data["communities"].pop(), "hvilke helsefellesskap som tar imot søknader"),
    (lambda data: data["dates"].update(closes="2025-02-28 24:00"), "datoene, til søkernes ulempe"),
    (lambda data: data["dates"].update(opens="2025-01-07 00:00"), "datoene, til søkernes ulempe"),
    (lambda data: data["communities"][0].update(closes="2025-02-20 24:00"), "datoene, til søkernes ulempe"),
]


@pytest.mark.parametrize(("change", "part"), UNFAIR)
def test_an_unfair_change_is_refused_when_applications_have_begun(locked, change, part):
    with pytest.raises(services.RoundLockedError) as refused:
        services.load_round(altered(NORD, change), by=None, at=AT)
    assert str(refused.value) == (
        f"Noen har begynt å søke. Da kan dette ikke endres: {part}. "
        "Tekster, dokumenter og adresser kan endres, og frister kan forlenges."
    )
    assert Round.objects.get().version == 1


FAIR = [
    lambda data: data["call"].update(introduction="Ny innledning."),
    lambda data: data["dates"].update(closes="2025-03-08 24:00"),
    lambda data: data["communities"][0]["receiver"].update(email="ny@example.org"),
    lambda data: data["communities"][0].update(closes="2025-03-08 24:00"),
    lambda data: data["stages"][0].update(deadline="2025-04-05 24:00"),
    lambda data: data["frame"].update(amount=45_000_000),
    lambda data: data["documents"].clear(),
]


@pytest.mark.parametrize("change", FAIR)
def test_a_fair_change_is_a_new_version_also_when_applications_have_begun(locked, change):
    assert services.load_round(altered(NORD, change), by=None, at=AT).version == 2


@pytest.mark.parametrize("change", [change for change, _part in UNFAIR])
def test_every_change_is_taken_before_anyone_has_begun(house, change):
    services.load_round(NORD, by=None, at=AT)
    assert services.load_round(altered(NORD, change), by=None, at=AT).version == 2


def test_a_round_has_an_owner():
    with pytest.raises(ValueError, match="a round without an owner"):
        Round().owner  # noqa: B018 - the question is what raises


@pytest.mark.requirement("R14")
def test_mail_goes_to_the_rounds_own_addresses_else_to_those_of_the_register(db, house):
    round_ = factories.round_of(TROMS, at=AT)
    community = house.community
    receiver = round_.receiver_for(community)
    assert (receiver.address, receiver.copy) == ("samhandlingsleder.troms-ofoten@example.org", "post.unn@example.org")
    round_.round_communities.update(receiver_email="", copy_email="")
    receiver = round_.receiver_for(community)
    assert (receiver.address, receiver.copy) == (community.post_address, community.copy_address)
    round_.round_communities.all().delete()
    assert round_.receiver_for(community).address == community.post_address
