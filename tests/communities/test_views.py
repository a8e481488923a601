"""The secretariat's pages: what they do, what they refuse, and what they cost."""

import re
from datetime import date

import pytest
from django.conf import settings
from django.urls import reverse

from portal.communities.models import Body, Organisation, OrganisationKind, Side, User
from portal.journal.models import LogEntry
from tests import factories
from tests.harness.carried import versions
from tests.logged import record
from tests.world import NOW


@pytest.fixture
def office(house, sign_in):
    """The secretary's browser."""
    return sign_in(house.secretary)


def url(name, *args):
    return reverse(f"portal:{name}", args=args)


def seat_fields(**changes):
    fields = {"email": "ny@example.org", "name": "Ny Person", "side": "hospital", "right": "vote", "role": "member"}
    return {**fields, "from_date": "2025-02-10", **changes}


def test_nothing_there_is_a_sentence(office, house):
    empty = factories.organisation(name="Tom kommune", community=house.community)
    body = factories.body(house.community, name="Tomt organ")
    person = house.applicant
    person.seats.all().delete()
    # To the secretariat it is the next step, to others a sentence.
    for said, where in (
        ("Ingen skriver eller signerer for organisasjonen nå", empty),
        ("Ingen sitter i organet nå", body),
    ):
        page = office.get(where.get_absolute_url()).text
        assert (said in page, page.count('class="ds-button" href')) == (True, 1)
    page = office.get(url("person", person.pk)).text
    assert ("Har ikke plass i noe organ." in page, "Hører ikke til noen organisasjon." in page) == (True, False)


# --- the way back ----------------------------------------------------------------------------------------

LISTS = {"organisation": ("Organisasjoner", "organisation_list"), "body": ("Organer", "body_list")}
FORMS = {
    "organisation_add": ("organisation", None, "Registrer en organisasjon"),
    "organisation_edit": ("organisation", "lead", "Endre"),
    "affiliation_add": ("organisation", "lead", "Legg til person"),
    "affiliation_edit": ("organisation", "lead", "Endre"),
    "body_add": ("body", None, "Opprett et organ"),
    "body_edit": ("body", "ssu", "Endre"),
    "seat_add": ("body", "ssu", "Gi plass"),
    "seat_edit": ("body", "ssu", "Endre"),
}


def asked_with(name, house, of):
    """What the address of the form is made with."""
    if name.endswith("_edit") and name.split("_")[0] in {"affiliation", "seat"}:
        person = house.applicant if of.pk == house.lead.pk else house.chair
        return [getattr(person, f"{name.split('_')[0]}s").get().pk]
    return [] if of is None else [of.code if isinstance(of, Body) else of.pk]


@pytest.mark.parametrize("name", FORMS)
def test_a_form_of_the_register_tells_the_way_back(office, house, name):
    of, attribute, here = FORMS[name]
    thing = getattr(house, attribute) if attribute else None
    page = office.get(url(name, *asked_with(name, house, thing))).content.decode()
    above = page[page.index('aria-label="Du er her"') : page.index('<span aria-current="page">')]
    label, listed = LISTS[of]
    ways = [(url(listed), label), *([(thing.get_absolute_url(), thing.name)] if thing else [])]
    assert [f'<a class="ds-link" href="{way}">{text}</a>' in above for way, text in ways] == [True] * len(ways)
    assert f'<span aria-current="page">{here}</span>' in page


@pytest.mark.parametrize("name", ["affiliation_end", "seat_end"])
def test_the_end_of_a_place_tells_where_it_is(office, house, name):
    row = house.applicant.affiliations.get() if name == "affiliation_end" else house.member.seats.get()
    of = row.organisation if name == "affiliation_end" else row.body
    page = office.get(url(name, row.pk)).content.decode()
    assert f'<a class="ds-link" href="{of.get_absolute_url()}">{of}</a>' in page[: page.index("aria-current")]


def test_every_form_page_of_the_register_has_it():
    folder = settings.BASE_DIR / "templates/communities"
    frames = ("communities/_form_page.html", "communities/_form_beside.html")
    pages = [path for path in folder.glob("[!_]*.html") if any(frame in path.read_text() for frame in frames)]
    assert len(pages) > 9
    assert [path.name for path in pages if "{% breadcrumbs " not in path.read_text()] == []


# --- people and places ---------------------------------------------------------------------------------


def test_person_is_added_to_an_organisation(office, house):
    fields = {"email": "ny@example.org", "name": "Ny Person", "title": "Rådgiver", "from_date": "10.02.2025"}
    answer = office.post(url("affiliation_add", house.lead.pk), fields, follow=True)
    assert answer.redirect_chain == [(url("organisation", house.lead.pk), 302)]
    page = answer.content.decode()
    assert "Ny Person er lagt til." in page
    assert User.objects.get(email="ny@example.org").affiliations.get().organisation == house.lead


def test_refusal_of_the_rules_stands_in_the_form(office, house):
    fields = {"email": house.applicant.email, "name": "Anne Applicant", "title": "Rådgiver", "from_date": "2025-02-10"}
    page = office.post(url("affiliation_add", house.lead.pk), fields).content.decode()
    assert "Anne Applicant er allerede tilknyttet Tromsø kommune i denne perioden." in page
    assert 'value="Rådgiver"' in page


def test_missing_fields_are_named(office, house):
    page = office.post(url("affiliation_add", house.lead.pk), {}).content.decode()
    for sentence in ("Fyll ut «E-post».", "Fyll ut «Navn».", "Fyll ut «stilling».", "Fyll ut «fra og med»."):
        assert sentence.lower() in page.lower()


def test_term_that_ends_before_it_begins_is_refused(office, house):
    affiliation = house.applicant.affiliations.get()
    fields = {"title": "Leder", "from_date": "2025-02-10", "to_date": "2025-02-09"}
    page = office.post(url("affiliation_edit", affiliation.pk), fields).content.decode()
    assert "Siste dag kan ikke være før første dag." in page
    affiliation.refresh_from_db()
    assert affiliation.title == "Rådgiver"


def test_affiliation_is_changed_and_ended(office, house, frozen_clock):
    affiliation = house.applicant.affiliations.get()
    fields = {"title": "Leder", "may_sign": "on", "from_date": "2020-01-01"}
    address = url("affiliation_edit", affiliation.pk)
    assert office.post(address, {**fields, **versions(office, address)}).status_code == 302
    assert office.post(url("affiliation_end", affiliation.pk), {"last_day": "2025-03-01"}).status_code == 302
    affiliation.refresh_from_db()
    assert (affiliation.title, affiliation.may_sign, str(affiliation.to_date)) == ("Leder", True, "2025-03-01")


def test_end_before_the_beginning_is_refused(office, house):
    page = office.post(url("affiliation_end", house.applicant.affiliations.get().pk), {"last_day": "2019-01-01"})
    assert "Siste dag kan ikke være før første dag." in page.content.decode()


def test_invitation_is_sent_again(office, house):
    answer = office.post(url("invite_again", house.applicant.pk), follow=True)
    assert f"Ny lenke er sendt til {house.applicant.email}." in answer.content.decode()
    house.applicant.set_password(factories.PASSWORD)
    house.applicant.save()
    answer = office.post(url("invite_again", house.applicant.pk), follow=True)
    assert "har allerede valgt passord" in answer.content.decode()


def test_people_are_found_by_search(office):
    page = office.get(url("person_list"), {"q": "signatory siri"}).content.decode()
    assert ("Siri Signatory" in page, "Anne Applicant" in page) == (True, False)
    assert "Ingen personer funnet" in office.get(url("person_list"), {"q": "finnes ikke"}).content.decode()


# --- bodies and seats ---------------------------------------------------------------------------------------


def test_seat_is_given_changed_and_ended(office, house):
    assert office.post(url("seat_add", house.ssu.code), seat_fields()).status_code == 302
    seat = User.objects.get(email="ny@example.org").seats.get()
    address = url("seat_edit", seat.pk)
    assert office.post(address, seat_fields(title="Klinikksjef", **versions(office, address))).status_code == 302
    assert office.post(url("seat_end", seat.pk), {"last_day": "2025-03-01"}).status_code == 302
    seat.refresh_from_db()
    assert (seat.title, str(seat.to_date)) == ("Klinikksjef", "2025-03-01")


@pytest.mark.parametrize(("name", "changes"), [("seat_add", {}), ("seat_edit", {"email": "", "name": ""})])
def test_second_leader_is_refused_in_the_form(office, house, name, changes):
    target = house.ssu.code if name == "seat_add" else house.ssu.seats.get(user=house.member).pk
    address = url(name, target)
    carried = versions(office, address) if name == "seat_edit" else {}
    page = office.post(address, seat_fields(role="vice_chair", **changes, **carried)).content.decode()
    assert "Viggo Vicechair er nestleder i denne perioden." in page


def test_seat_takes_no_organisation_of_another_helsefellesskap(office, house):
    page = office.post(url("seat_add", house.ssu.code), seat_fields(organisation=house.far_trust.pk))
    assert page.status_code == 422
    assert not User.objects.filter(email="ny@example.org").exists()


def test_regional_seat_takes_organisations_of_the_whole_region(house, sign_in):
    office = sign_in(house.regional_secretary)
    for number, organisation in enumerate((house.far_trust, house.trust, house.region)):
        fields = seat_fields(email=f"ny{number}@example.org", organisation=organisation.pk)
        assert office.post(url("seat_add", house.committee.code), fields).status_code == 302


def test_last_of_the_secretariat_is_not_ended(office, house):
    seats = list(house.secretariat.seats.all())
    first = next(seat for seat in seats if seat.user == house.hospital_secretary)
    office.post(url("seat_end", first.pk), {"last_day": "2025-02-10"})
    last = next(seat for seat in seats if seat.user == house.secretary)
    page = office.post(url("seat_end", last.pk), {"last_day": "2099-02-10"}).content.decode()
    assert "Sekretariatet kan ikke stå uten folk." in page


def body_fields(**changes):
    fields = {"name": "FSU digital", "decision_rule": "double_majority", "quorum_percent": "60"}
    return {**fields, "owner": "troms-ofoten", "kind": "fsu", "abbreviation": "FSU DIG", **changes}


@pytest.mark.requirement("R19", "R26")
def test_body_is_set_up_and_changed_in_the_browser(office):
    """R26."""
    answer = office.post(url("body_add"), body_fields())
    assert answer["Location"] == url("body", "fsu-dig-troms-ofoten")
    assert "allerede et organ" in office.post(url("body_add"), body_fields()).content.decode()
    office.post(url("body_edit", "fsu-dig-troms-ofoten"), body_fields(mandate="Digital samhandling"))
    body = Body.objects.get(code="fsu-dig-troms-ofoten")
    assert (body.mandate, body.decision_rule, body.quorum_percent) == ("Digital samhandling", "double_majority", 60)


def changed(office, body, **fields):
    """What the page of the body answers to these fields, with the versions that it carries."""
    address = url("body_edit", body.code)
    return office.post(address, body_fields(name=body.name, **fields, **versions(office, address)))


@pytest.mark.requirement("R26")
def test_the_body_that_appoints_another_is_chosen_among_those_of_the_same_owner(office, house):
    office.post(url("body_add"), body_fields(appointed_by=house.ssu.pk))
    body = Body.objects.get(code="fsu-dig-troms-ofoten")
    assert body.appointed_by == house.ssu
    assert "Oppnevnt av" in office.get(body.get_absolute_url()).text
    for other in (house.far_ssu, house.secretariat, house.committee, body):
        page = changed(office, body, appointed_by=other.pk)
        assert (page.status_code, list(page.context["form"].errors)) == (422, ["appointed_by"])
    # Not in a circle, also not through a third.
    below = house.fsu
    Body.objects.filter(pk=below.pk).update(appointed_by=body)
    assert "oppnevner selv det organet" in changed(office, house.ssu, appointed_by=below.pk).text
    house.ssu.refresh_from_db()
    assert house.ssu.appointed_by is None
    changed(office, body, appointed_by="")
    body.refresh_from_db()
    assert body.appointed_by is None


def test_who_sits_on_one_of_them_does_not_change_who_appoints(office, house, frozen_clock):
    factories.seat(house.ssu, house.secretary, Side.MUNICIPALITY)
    page = changed(office, house.fsu, appointed_by="")
    assert "Be en kollega i sekretariatet endre hvem som oppnevner." in page.text
    house.fsu.refresh_from_db()
    assert house.fsu.appointed_by == house.ssu


@pytest.mark.parametrize("percent", ["0", "101", "-1", "mange"])
def test_share_for_quorum_is_from_1_to_100(office, percent):
    assert office.post(url("body_add"), body_fields(quorum_percent=percent)).status_code == 422
    assert not Body.objects.filter(code="fsu-dig-troms-ofoten").exists()


def test_body_is_not_set_up_for_a_helsefellesskap_that_one_does_not_serve(office):
    assert office.post(url("body_add"), body_fields(owner="helgeland")).status_code == 422
    assert not Body.objects.filter(abbreviation="FSU DIG").exists()


def test_member_sees_the_seats_and_no_way_to_change_them(house, sign_in):
    page = sign_in(house.member).get(url("body", house.ssu.code)).content.decode()
    assert "Kari Chair" in page
    for word in ("Endre", "Avslutt", "Gi en person plass", "Hendelser"):
        assert word not in page


# --- organisations and addresses ---------------------------------------------------------------------------------


def organisation_fields(house, **changes):
    fields = {"community": house.community.pk, "kind": "other", "name": "NAV Troms", "orgnr": "889 640 782"}
    return {**fields, **changes}


def test_organisation_is_registered_with_spaces_in_its_number(office, house):
    assert office.post(url("organisation_add"), organisation_fields(house)).status_code == 302
    assert Organisation.objects.get(name="NAV Troms").orgnr == "889640782"


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("889640783", "ni sifre og gyldig kontrollsiffer"),
        ("88964078", "ni sifre og gyldig kontrollsiffer"),
        ("abcdefghi", "ni sifre og gyldig kontrollsiffer"),
        ("983974899", "finnes allerede"),
    ],
)
def test_wrong_or_taken_number_is_refused(office, house, number, reason):
    page = office.post(url("organisation_add"), organisation_fields(house, orgnr=number)).content.decode()
    assert reason in page
    assert not Organisation.objects.filter(name="NAV Troms").exists()


def test_two_organisations_may_be_without_number(office, house):
    for name in ("RIO", "MARBORG"):
        fields = organisation_fields(house, name=name, orgnr="", kind="user_organisation")
        assert office.post(url("organisation_add"), fields).status_code == 302


def test_organisation_is_not_registered_with_the_neighbour(office, house):
    fields = organisation_fields(house, community=house.elsewhere.pk)
    assert office.post(url("organisation_add"), fields).status_code == 422


def test_organisation_is_changed_and_its_page_tells_so(office, house):
    fields = {
        "name": "Senja kommune",
        "orgnr": house.partner.orgnr,
        "parallel_name": "Sážžá",
        "sami_area": "nordsamisk",
    }
    page = office.post(url("organisation_edit", house.partner.pk), fields, follow=True).content.decode()
    for text in ("Sážžá", "nordsamisk", "Opplysningene om organisasjonen ble endret.", "Sara Secretary"):
        assert text in page


def test_organisations_are_filtered_by_word_and_kind(office):
    page = office.get(url("organisation_list"), {"q": "940101808"}).content.decode()
    assert ("Tromsø kommune" in page, "Senja kommune" in page) == (True, False)
    page = office.get(url("organisation_list"), {"kind": OrganisationKind.HOSPITAL_TRUST}).content.decode()
    assert ("Nord-Norge HF" in page, "Senja kommune" in page) == (True, False)
    assert "Senja kommune" in office.get(url("organisation_list"), {"kind": "nonsense"}).content.decode()


@pytest.mark.requirement("R32")
def test_addresses_are_changed_in_the_browser(office, house):
    """R32."""
    fields = {"post_address": "post@example.org", "copy_address": "kopi@example.org", "copy_receiver": "Leder"}
    address = url("addresses", house.community.code)
    assert office.post(address, {**fields, **versions(office, address)}).status_code == 302
    house.community.refresh_from_db()
    assert (house.community.post_address, house.community.copy_receiver) == ("post@example.org", "Leder")


# --- the log and one's own page --------------------------------------------------------------------------------------


def test_log_shows_sentences_and_filters_by_person(office, house):
    record("seat.added", subject=house.ssu, by=house.secretary, at=NOW, community=house.community)
    page = office.get(url("log")).content.decode()
    assert ("En person fikk plass i organet." in page, "Sara Secretary:</strong>" in page) == (True, True)
    assert "Ingen linjer funnet" in office.get(url("log"), {"actor": "Helge"}).content.decode()
    assert "En person fikk" in office.get(url("log"), {"first_day": "tull"}).content.decode()


def test_profile_and_language_are_ones_own(house, sign_in):
    client = sign_in(house.applicant)
    answer = client.post(url("profile"), {"name": "Anne Ny", "phone": "99 99 99 99", "language": "nn"})
    assert (answer["Location"], answer.cookies["django_language"].value) == (url("my_page"), "nn")
    page = client.get(url("my_page")).content.decode()
    assert ("Anne Ny" in page, 'lang="nn"' in page) == (True, True)
    assert LogEntry.objects.get().act == "person.profile_changed"


def test_my_page_of_somebody_without_roles_says_whom_to_ask(nobody, sign_in):
    assert "Du har ingen roller nå" in sign_in(nobody).get(url("my_page")).content.decode()


# --- the headings --------------------------------------------------------------------------------------------


def heading(page):
    return " ".join(re.search(r"<h1[^>]*>(.*?)</h1>", page.content.decode(), re.DOTALL)[1].split())


def test_the_heading_of_the_organisations_counts_them_and_those_unconfirmed(office, house):
    total = Organisation.objects.filter(community=house.community).count()
    assert heading(office.get(url("organisation_list"))) == f"{total} organisasjoner"
    Organisation.objects.filter(pk=house.partner.pk).update(membership_is_inferred=True)
    assert heading(office.get(url("organisation_list"))) == f"{total} organisasjoner, 1 ikke bekreftet"
    assert heading(office.get(url("organisation_list"), {"q": "940101808"})) == f"1 av {total} organisasjoner"


def test_a_column_that_says_the_same_in_every_row_is_left_out(office, house):
    heads = ">Tilhører<", ">Hører til<"
    pages = [office.get(url(name)).text for name in ("organisation_list", "body_list")]
    assert [head in page for head, page in zip(heads, pages, strict=True)] == [False, False]
    factories.seat(house.far_secretariat, house.secretary)
    pages = [office.get(url(name)).text for name in ("organisation_list", "body_list")]
    assert [head in page for head, page in zip(heads, pages, strict=True)] == [True, True]


def test_the_chips_count_each_kind_and_tell_which_is_chosen(office, house):
    page = office.get(url("organisation_list"), {"kind": "municipality"})
    municipalities = Organisation.objects.filter(community=house.community, kind="municipality").count()
    assert ("Kommune", municipalities, "municipality") in page.context["kinds"]
    (chosen,) = re.findall(r'<a class="chip" aria-current="true" href="([^"]*)"', page.content.decode())
    assert chosen == f"{url('organisation_list')}?kind=municipality"


def test_the_heading_of_the_people_says_who_has_not_chosen_a_password(office, house):
    shown = office.get(url("person_list"))
    total = shown.context["page"].paginator.count
    assert heading(shown) == f"{total} personer, {total} har ikke valgt passord"
    User.objects.exclude(pk=house.secretary.pk).update(password="chosen")
    assert heading(office.get(url("person_list"))) == f"{total} personer, 1 har ikke valgt passord"
    assert heading(office.get(url("person_list"), {"q": house.secretary.email})) == "1 person"


def test_the_heading_of_the_bodies_says_which_have_nobody(office, house):
    total = Body.objects.filter(community=house.community).count()
    empty = Body.objects.filter(community=house.community, seats=None).count()
    expected = f"{total} organer, {empty} uten plasser" if empty else f"{total} organer"
    assert heading(office.get(url("body_list"))) == expected
    new = factories.body(house.community)
    assert heading(office.get(url("body_list"))) == f"{total + 1} organer, {empty + 1} uten plasser"
    # One that will end works until its last day.
    Body.objects.exclude(pk=new.pk).update(last_day=date(2020, 1, 1))
    Body.objects.filter(pk=new.pk).update(last_day=date(2099, 1, 1))
    assert heading(office.get(url("body_list"))) == "1 organ, 1 uten plasser"


def test_the_heading_of_the_log_counts_its_lines(office, house):
    record("seat.added", subject=house.ssu, by=house.secretary, at=NOW, community=house.community)
    count = office.get(url("log")).context["page"].paginator.count
    assert heading(office.get(url("log"))) == f"{count} hendelse{'r' if count > 1 else ''} i loggen"


# --- cost -------------------------------------------------------------------------------------------------

# Session, user, the two of the standing, and the page's own.
QUERIES = {
    "person_list": 9,
    "organisation_list": 8,
    "body_list": 5,
    "body": 8,
    "organisation": 8,
    "log": 11,
    "my_page": 6,
}


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("name", QUERIES)
def test_page_costs_the_same_with_one_row_and_three(house, office, django_assert_num_queries, name, rows):
    for _ in range(rows):
        factories.seat(factories.body(house.community), house.secretary)
        factories.affiliation(factories.user(), house.lead)
        factories.organisation(community=house.community)
        record("seat.added", subject=house.ssu, by=house.secretary, at=NOW, community=house.community)
    argument = {"body": [house.ssu.code], "organisation": [house.lead.pk]}.get(name, [])
    with django_assert_num_queries(QUERIES[name]):
        assert office.get(url(name, *argument)).status_code == 200


@pytest.mark.parametrize(("role", "is_there"), [("secretary", True), ("member", True), ("applicant", False)])
def test_bodies_are_in_the_menu_of_those_who_have_a_seat(house, sign_in, role, is_there):
    page = sign_in(getattr(house, role)).get("/").content.decode()
    assert (f'href="{reverse("portal:body_list")}"' in page) == is_there


def test_a_new_body_is_written_in_two_groups(house, client):
    client.force_login(house.secretary)
    page = client.get(reverse("portal:body_add")).text
    assert page.index("Om organet") < page.index('name="authority"') < page.index("Slik avgjør organet")
    assert page.index("Slik avgjør organet") < page.index('name="decision_rule"')


@pytest.mark.parametrize(("page", "beside"), [
    ("portal:body_add", "Slik avgjør organet"), ("portal:organisation_add", "Slik går det videre"),
    ("meetings:plan", "Send innkallingen når sakene er klare."),
])  # fmt: skip
def test_a_page_of_one_form_has_something_beside_it(house, sign_in, page, beside):
    text = sign_in(house.secretary).get(reverse(page)).text
    main = text.split("<main", 1)[1]
    assert (beside in main, "site-main--narrow" in main.split(">", 1)[0]) == (True, False)
    assert 'class="columns"' in main or 'class="with-aside"' in main
