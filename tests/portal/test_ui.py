"""The frame, the menu and the components."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.translation import override

from portal import charts, rooms, table_rows, ui
from portal.rooms import NavItem, Room, everyone
from portal.templatetags.ui import cell
from tests import factories

NOW = datetime(2026, 6, 1, 10, tzinfo=UTC)
NOBODY = SimpleNamespace(is_authenticated=False)
SOMEBODY = SimpleNamespace(is_authenticated=True)


def drawn(source, **context):
    """The template's text with the white space evened out."""
    return " ".join(Template("{% load ui %}" + source).render(Context(context)).replace("\u00a0", " ").split())


@pytest.fixture
def menu(monkeypatch):
    """Rooms that tell nothing but the entries of the menu that the test gives."""
    items = []
    monkeypatch.setattr(rooms, "all_rooms", lambda: (Room(menu=tuple(items)),))
    return lambda *more: items.extend(more)


def request_of(user, path="/"):
    request = RequestFactory().get(path)
    request.user = user
    request.now = NOW
    return request


# --- the menu -------------------------------------------------------------------------------------


def test_menu_shows_what_the_person_may_see_in_order(menu):
    menu(
        NavItem("Mine", "portal:privacy", order=2),
        NavItem("Alle", "portal:contact", everyone, order=3),
        NavItem("Først", "portal:accessibility", everyone, order=1),
    )
    assert [link.label for link in ui.links(request_of(NOBODY), "main")] == ["Først", "Alle"]
    assert [link.label for link in ui.links(request_of(SOMEBODY), "main")] == ["Først", "Mine", "Alle"]


def test_menu_marks_the_entry_of_the_page_and_of_pages_below_it(menu):
    menu(NavItem("Kontakt", "portal:contact", everyone), NavItem("P", "portal:privacy", everyone))
    links = ui.links(request_of(NOBODY, "/contact/more/"), "main")
    assert [(link.label, link.is_current) for link in links] == [("Kontakt", True), ("P", False)]


def test_one_who_does_not_see_the_entry_of_a_page_has_another_marked(menu):
    menu(NavItem("Kontakt", "portal:contact", everyone), NavItem("P", "portal:privacy", otherwise="portal:contact"))

    def marked(user):
        return [link.label for link in ui.links(request_of(user, "/privacy/"), "main") if link.is_current]

    assert (marked(NOBODY), marked(SOMEBODY)) == (["Kontakt"], ["P"])


def test_entry_without_an_address_is_left_out(menu):
    menu(NavItem("A", "portal:contact", everyone), NavItem("X", "portal:nowhere", everyone))
    assert [link.label for link in ui.links(request_of(NOBODY), "main")] == ["A"]


def test_own_menu_is_apart_from_the_main_one(menu):
    menu(NavItem("Mine roller", "portal:contact", menu="user"))
    context = ui.navigation(request_of(SOMEBODY))
    assert [link.label for link in context["nav_links"]] == []
    assert [link.label for link in context["user_links"]] == ["Mine roller"]


def test_administration_is_one_entry_by_itself_or_a_group(menu):
    menu(NavItem("Organer", "portal:contact", everyone, menu="administration"))
    menu(NavItem("Utlysninger", "portal:accessibility", everyone))
    header = '{% include "components/site_header.html" %}'
    alone = drawn(header, **ui.navigation(request_of(SOMEBODY)))
    assert ('<details class="site-nav__group"' in alone, ">Organer</a>" in alone) == (False, True)
    menu(NavItem("Logg", "portal:privacy", everyone, menu="administration"))
    grouped = drawn(header, **ui.navigation(request_of(SOMEBODY)))
    assert ("<summary>Administrasjon</summary>" in grouped, ">Logg</a>" in grouped) == (True, True)


# --- the frame -------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/accessibility/", "/privacy/", "/contact/"])
def test_page_has_language_skip_link_one_heading_and_nothing_inline(client, address):
    html = client.get(address).content.decode()
    assert '<html lang="nb"' in html
    assert 'href="#innhold"' in html
    assert html.count("<h1") == 1
    assert [word for word in (" style=", "<style", " onclick=", "<script>", "javascript:") if word in html] == []


@pytest.mark.django_db
def test_gallery_shows_everything_but_not_where_things_are_real(client, settings):
    assert client.get("/design/?beskjed=1&sort=-amount&page=2").status_code == 200
    settings.IS_PRODUCTION = True
    assert client.get("/design/").status_code == 404


def test_title_says_that_there_are_errors():
    form = SimpleNamespace(is_bound=True, is_valid=lambda: False)
    assert drawn("{% error_prefix %}x", form=form) == "Feil: x"
    assert drawn("{% error_prefix %}x", form=SimpleNamespace(is_bound=False)) == "x"
    assert drawn("{% error_prefix %}x") == "x"


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "413", "429", "500"])
def test_error_page_draws_without_a_request(name):
    html = Template('{% include "' + name + '.html" %}').render(Context({}))
    assert html.count("<h1") == 1
    assert "Samhandlingsportalen" in html or name not in ("400", "500")


@pytest.mark.django_db
def test_missing_page_is_in_the_design(client):
    answer = client.get("/no-such-page/")
    assert answer.status_code == 404
    assert "Vi finner ikke siden" in answer.content.decode()
    assert 'href="/account/login/?next=/no-such-page/">Logg inn</a>' in answer.content.decode()


@pytest.mark.django_db
def test_refused_page_says_who_is_signed_in(client):
    person = factories.user("Åse Ærlig")
    client.force_login(person)
    answer = client.get("/log/")
    assert answer.status_code == 403
    assert "Du er logget inn som Åse Ærlig." in answer.content.decode()


@pytest.mark.django_db
def test_sign_in_page_labels_its_fields_and_repeats_nothing(client):
    html = client.get("/account/login/").content.decode()
    assert "<h1" in html
    assert 'placeholder="E-postadresse"' not in html
    assert "ds-error-summary" in client.post("/account/login/", {"login": "", "password": ""}).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["login", "password/reset", "password/reset/done", "password/reset/key/done", "inactive", "signup"]
)
def test_account_page_is_in_the_design(client, address):
    answer = client.get(f"/account/{address}/")
    assert answer.status_code == 200
    assert answer.content.decode().count("<h1") == 1


# --- components -----------------------------------------------------------------------------------------


def test_breadcrumbs_end_in_the_page_itself():
    html = drawn('{% breadcrumbs "Runder" "/r/" "Helse Nord" %}')
    assert '<li><a class="ds-link" href="/">Forsiden</a></li> <li><a class="ds-link" href="/r/">Runder</a></li>' in html
    assert '<span aria-current="page">Helse Nord</span>' in html
    assert 'aria-label="Tilbake til Forsiden"' in drawn('{% breadcrumbs "Runder" %}')


def test_an_address_is_broken_at_its_signs():
    html = drawn("{{ address|breakable }}", address="post-mottak.<b>@example.org")
    assert html == "post-<wbr>mottak.<wbr>&lt;b&gt;<wbr>@example.<wbr>org"


def test_kommune_is_not_left_alone_on_a_line():
    assert table_rows.organisation("Tromsø kommune") == "Tromsø\u00a0kommune"
    assert table_rows.organisation("<UNN> HF") == "&lt;UNN&gt; HF"


def test_locked_task_is_not_a_link_and_done_is_plain():
    html = drawn("{% task_list tasks %}", tasks=[ui.TaskRow("A", "/a/", "locked"), ui.TaskRow("B", "/b/", "done")])
    assert 'href="/a/"' not in html
    assert "Kan ikke starte ennå" in html
    assert 'href="/b/"' in html
    assert "ds-tag" not in html


def test_group_of_tasks_is_done_when_all_are():
    done, todo = ui.TaskRow("A", "/a/", "done"), ui.TaskRow("B", "/b/")
    assert ui.TaskGroup("G", [done]).is_done is True
    assert ui.TaskGroup("G", [done, todo]).is_done is False
    assert "<h2" in drawn("{% task_list tasks %}", tasks=[ui.TaskGroup("G", [done, todo])])


def test_summary_says_when_nothing_is_answered():
    answers = [
        ui.Fact("Tittel", "A\nB", "/t/"),
        ui.Fact("Merknad"),
        ui.Fact("Steder", ["Alta", date(2026, 1, 2)]),
    ]
    html = drawn('{% summary_list answers "Om" "/om/" %}', answers=answers)
    assert "A<br>B" in html
    assert html.count("Ikke oppgitt") == 1
    assert "<li>02.01.2026</li>" in html
    assert 'href="/t/"> Endre <span class="ds-sr-only">Tittel</span> </a>' in html


def test_status_takes_its_colour_from_the_rooms(monkeypatch):
    monkeypatch.setattr(rooms, "all_rooms", lambda: (Room(tones={"rejected": "danger"}),))
    row = SimpleNamespace(status="rejected", get_status_display=lambda: "Avslått")
    assert drawn("{% status_tag row %}", row=row) == '<span class="state" data-tone="danger">Avslått</span>'
    assert 'data-tone="neutral"' in drawn('{% status_tag "x" "Annet" %}')
    assert 'data-tone="info"' in drawn('{% status_tag "x" "Annet" "info" %}')


def test_countdown_is_reckoned_from_the_requests_time():
    html = drawn("{% countdown deadline %}", request=request_of(NOBODY), deadline=NOW + timedelta(days=5))
    assert ">5 dager igjen</time>" in html
    assert 'datetime="2026-06-06T10:00:00+00:00"' in html
    assert "Fristen er ute" in drawn("{% countdown deadline %}", deadline=datetime(2020, 1, 1, tzinfo=UTC))


def test_sum_over_its_frame_says_by_how_much():
    assert "500 000 kr igjen" in drawn("{% money_bar 1000000 2000000 'Ramme' 500000 %}")
    assert "300 000 kr over" in drawn("{% money_bar 2300000 2000000 %}")


def test_progress_asks_again_until_it_is_done():
    assert 'hx-trigger="every 2s"' in drawn('{% progress 3 9 "Lager brev" "/p/" %}')
    assert "hx-get" not in drawn('{% progress 9 9 "Lager brev" "/p/" %}')


def test_heading_sorts_the_other_way_when_pressed_again():
    def heading(query):
        return drawn('{% sort_header "Beløp" "amount" "money" %}', request=RequestFactory().get("/" + query))

    assert 'aria-sort="none"' in heading("?q=a&page=3")
    assert 'href="?q=a&amp;sort=amount"' in heading("?q=a&page=3")
    assert 'aria-sort="ascending"' in heading("?sort=amount")
    assert 'href="?sort=-amount"' in heading("?sort=amount")
    assert 'aria-sort="descending"' in heading("?sort=-amount")


def test_pages_keep_the_filter():
    page = Paginator(range(200), 10).get_page(7)
    html = drawn("{% pagination page %}", page=page, request=RequestFactory().get("/?q=a&page=7"))
    assert "Viser 61–70 av 200" in html
    assert 'href="?q=a&amp;page=6" rel="prev"' in html
    assert 'aria-current="true" aria-label="Side 7"' in html
    single = Paginator(range(3), 10).get_page(1)
    assert drawn("{% pagination page %}", page=single, request=RequestFactory().get("/")) == ""


@pytest.mark.parametrize(("page", "text", "said"), [("en", "nb", "bokmål"), ("en", "nn", "nynorsk")])
def test_a_text_in_norwegian_says_so_on_a_page_in_another_language(page, text, said):
    with override(page):
        assert said in drawn("{% written_in text %}", text=text)


@pytest.mark.parametrize(("page", "text"), [("nb", "nn"), ("nn", "nb"), ("en", "en")])
def test_norwegian_is_read_in_both_forms(page, text):
    with override(page):
        assert drawn("{% written_in text %}", text=text) == ""


def test_table_writes_each_cell_as_its_kind_and_labels_it_for_cards():
    table = ui.DataTable("Budsjett", [ui.Column("Post"), ui.Column("Beløp", "money")], [("Lønn", 1000)], ("Sum", 1000))
    html = drawn("{% table table %}", table=table)
    assert '<th scope="row">Lønn</th> <td data-label="Beløp" class="number">1 000 kr</td>' in html
    assert html.count("1 000 kr") == 2


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        (2.5, "number", "2,5"),
        (NOW, "text", "01.06.2026 kl. 12.00"),
        (None, "text", "–"),
        ("<b>", "text", "&lt;b&gt;"),
        ("9 kr", "money", "9 kr"),
    ],
)
def test_cell_is_written_as_its_kind(value, kind, expected):
    assert str(cell(value, kind)).replace("\u00a0", " ") == expected


def test_lists_say_when_they_are_empty():
    assert "Ingen hendelser ennå." in drawn("{% timeline events %}", events=[])
    assert "Ingen vedlegg." in drawn('{% file_list files "Ingen vedlegg." %}', files=[])
    assert "Ingen filer." in drawn("{% file_list files %}", files=[])


def test_hostile_names_are_escaped_in_every_component():
    bad = "<script>x</script>"
    context = {
        "files": [ui.FileRow(bad, "/f/", 1, bad, NOW, "/r/")],
        "events": [ui.Event(NOW, bad, bad, bad, "/e/")],
        "stages": [ui.ProcessStep(bad, "current", NOW)],
        "tasks": [ui.TaskRow(bad, "/t/", "todo", bad)],
        "answers": [ui.Fact(bad, bad, "/a/"), ui.Fact(bad, [bad])],
        "chart": charts.Chart(bad, [charts.ChartRow(bad, (1, 2), bad)], series=(bad, "b")),
        "bad": bad,
    }
    html = drawn(
        "{% file_list files %}{% timeline events %}{% stage_bar stages %}{% task_list tasks %}"
        "{% summary_list answers bad %}"
        "{% chart chart %}{% empty_state bad bad '/x/' bad %}{% status_tag bad %}{% breadcrumbs bad bad bad %}",
        **context,
    )
    assert "<script" not in html


# --- in the browser -----------------------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 360])
def test_gallery_is_accessible_and_fits_the_screen(open_page, width):
    from tests.harness.browser import axe_violations  # noqa: PLC0415 - needs the browser only here

    page = open_page(viewport={"width": width, "height": 900})
    page.goto("/design/")
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


@pytest.mark.browser
def test_keyboard_reaches_the_wrong_field_from_the_summary(open_page):
    page = open_page()
    page.goto("/design/")
    assert page.evaluate("document.activeElement.hasAttribute('data-error-summary')") is True
    page.locator(".ds-error-summary a").first.press("Enter")
    assert page.evaluate("document.activeElement.id") == "id_title"


@pytest.mark.browser
def test_paper_has_what_is_read_and_nothing_that_is_pressed(open_page):
    page = open_page()
    page.goto("/design/")
    page.emulate_media(media="print")
    # A fold is open on paper; a box whose button does something is not there, one that tells is.
    fold = page.locator("details.fold", has_text="Det som sjelden trengs").first
    assert fold.evaluate("node => node.offsetHeight > node.querySelector('summary').offsetHeight")
    steps = page.locator(".next-step").evaluate_all(
        "all => all.map(node => [!!node.querySelector('.ds-button'), node.checkVisibility()])"
    )
    assert {(has_button, is_there) for has_button, is_there in map(tuple, steps)} == {(True, False), (False, True)}
    assert page.locator(".ds-button").evaluate_all("all => all.some(node => node.checkVisibility())") is False


@pytest.mark.browser
def test_row_is_added_with_numbers_of_its_own(open_page):
    page = open_page()
    page.goto("/design/")
    page.locator("[data-formset=rad] [data-formset-add]").click()
    assert page.evaluate("document.activeElement.name") == "rad-2-what"
    assert page.locator("[name=rad-TOTAL_FORMS]").input_value() == "3"


@pytest.mark.browser
def test_menu_opens_on_a_narrow_screen_and_is_open_without_scripts(open_page, menu):
    menu(NavItem("Kontakt", "portal:contact", everyone))
    page = open_page(viewport={"width": 360, "height": 700})
    page.goto("/privacy/")
    link = page.get_by_role("navigation", name="Hovedmeny").get_by_role("link", name="Kontakt")
    assert link.is_visible() is False
    page.get_by_role("button", name="Meny").click()
    assert link.is_visible() is True
    page.keyboard.press("Escape")
    assert link.is_visible() is False
    plain = open_page(viewport={"width": 360, "height": 700}, java_script_enabled=False)
    plain.goto("/privacy/")
    assert plain.get_by_role("navigation", name="Hovedmeny").get_by_role("link", name="Kontakt").is_visible() is True
