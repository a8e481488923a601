"""The benefits as lines of which one is open: what a line tells, the way from row to row, and the document's table."""

import re

import pytest

from applications.completeness import benefit_lacks
from applications.models import Benefit
from applications.services.rows import versions_of
from applications.views.benefit_page import lead
from portal.cells import written
from portal.formats import number as written_number
from tests.applications import world
from tests.applications.test_views_draft import text_of, url
from tests.applications.test_views_parts import formset

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def three(draft):
    """Three benefits; the second has all but its name."""
    rows = [world.add_benefit(draft, benefit=f"Nytte {number}") for number in (1, 2, 3)]
    Benefit.objects.filter(pk=rows[1].pk).update(benefit="", benefit_kinds=[])
    return rows


def lines(page):
    return [line for block in page.context["blocks"] for line in block]


def test_each_benefit_is_a_line_with_its_state_and_none_is_open(house, draft, three, sign_in):
    page = sign_in(house.applicant).get(url("benefits", draft))
    assert page.context["lead"] == "Tre nytter. Én mangler noe før dere kan sende."
    told = [dict(line.cells) for line in lines(page)]
    assert [cells["Forventet nytte"] for cells in told] == ["Nytte 1", three[1].beneficiaries_text, "Nytte 3"]
    assert [cells["Status"] for cells in told] == ["Klar", "Mangler: Forventet nytte", "Klar"]
    assert [line.form for line in lines(page)] == [None, None, None]
    # The fields of one row are there for the script that adds a row; the names open their rows.
    assert page.content.count(b'name="open"') == 3


def test_what_may_stand_empty_is_said_without_being_a_fault(house, draft, three, sign_in):
    Benefit.objects.filter(pk=three[0].pk).update(target=None, responsible="")
    Benefit.objects.filter(pk=three[1].pk).delete()
    empty = {"measurement": "", "preconditions": "", "freed_resources": "", "horizon": ""}
    Benefit.objects.filter(pk=three[2].pk).update(**empty)
    page = sign_in(house.applicant).get(url("benefits", draft))
    assert page.context["lead"] == "To nytter. Ingenting må fylles ut før dere kan sende."
    labels = {column.code: column.label for column in draft.round.spec.benefits.columns}
    said = f"Ikke utfylt: {labels['responsible']}, {labels['target']}"
    assert [dict(line.cells)["Status"] for line in lines(page)] == [said, "Fire felt er ikke utfylt"]
    row = Benefit.objects.get(pk=three[0].pk)
    assert dict(lines(page)[0].cells)["Før → mål"] == f"{written_number(row.baseline)} {row.unit}, mål mangler"
    home = sign_in(house.applicant).get(draft.get_absolute_url())
    tasks = [task for group in home.context["page"].groups for task in group.tasks]
    assert [task.hint for task in tasks if task.label == "Kan sendes"] == ["Seks felt er tomme"]
    Benefit.objects.filter(pk=three[0].pk).update(covers=[three[2].key])
    page = sign_in(house.applicant).get(url("benefits", draft))
    assert [dict(line.cells)["Status"] for line in lines(page)] == [said, "Klar"]


def test_a_part_that_is_only_the_table_is_the_page_of_the_table(house, draft, three, sign_in):
    """With the way to the next part, which saves the open row; one who came from the check comes back to it."""
    client = sign_in(house.applicant)
    before, section, after = spec_around(draft)
    answer = client.get(url("section", draft, section.code), {"return": "check"})
    assert answer["Location"] == f"{url('benefits', draft)}?return=check"
    page = client.get(url("benefits", draft), {"row": three[0].key}).text
    assert f"Del {draft.round.spec.sections.index(section) + 1} av {len(draft.round.spec.sections)}" in page
    (button,) = re.findall(r'<button class="ds-button"(?![^>]*data-variant)[^>]*>\s*([^<]+)', page)
    assert button.strip() == f"Lagre og gå til «{after.title}»"
    assert f"Tilbake til «{before.title}»" in page
    row = {"key": three[0].key, "version": written(versions_of(Benefit.objects.get(pk=three[0].pk)))}
    row["responsible"] = "Vi"
    answer = client.post(url("benefits", draft), formset("benefits", row, next="1"))
    assert answer["Location"] == url("section", draft, after.code)
    assert Benefit.objects.get(pk=three[0].pk).responsible == "Vi"
    answer = client.post(f"{url('benefits', draft)}?return=check", formset("benefits", next="1"))
    assert (answer.status_code, answer["Location"]) == (302, url("check", draft))


def test_one_who_cannot_write_reads_the_part_as_text(house, draft, three, sign_in):
    """The text is locked while the partners sign it."""
    type(draft).objects.filter(pk=draft.pk).update(signing_locked_at=draft.created_at)
    _before, section, _after = spec_around(draft)
    page = sign_in(house.applicant).get(url("section", draft, section.code))
    assert (page.status_code, "Nytte 1" in page.text) == (200, True)
    assert f"Tilbake til «{section.title}»" in sign_in(house.applicant).get(url("benefits", draft)).text


def spec_around(draft):
    """The part with the benefits, between the one before it and the one after."""
    sections = draft.round.spec.sections
    at = sections.index(draft.round.spec.section_with("benefits"))
    return sections[at - 1 : at + 2]


def test_an_empty_table_that_may_be_empty_says_so(draft):
    spec = draft.round.spec
    asked = spec.model_copy(
        update={"benefits": spec.benefits.model_copy(update={"setting": "required", "min_rows": 1})}
    )
    free = spec.model_copy(update={"benefits": spec.benefits.model_copy(update={"setting": "optional", "min_rows": 0})})
    assert (lead(asked, []), lead(free, [])) == ("", "Ingenting må fylles ut før dere kan sende.")


def test_an_open_row_leads_to_the_next(house, draft, three, sign_in):
    client = sign_in(house.applicant)
    page = client.get(url("benefits", draft), {"row": three[1].key})
    assert [line.number for line in lines(page) if line.form] == [2]
    assert "Lagre, og åpne nytte 3" in text_of(page)
    row = {
        "key": three[1].key,
        "version": written(versions_of(Benefit.objects.get(pk=three[1].pk))),
        "responsible": "Vi",
    }
    answer = client.post(url("benefits", draft), formset("benefits", row, open=three[2].key))
    assert answer["Location"] == f"{url('benefits', draft)}?row={three[2].key}"
    assert Benefit.objects.get(pk=three[1].pk).responsible == "Vi"
    last = client.get(url("benefits", draft), {"row": three[2].key})
    assert "Lagre, og åpne" not in text_of(last)


def test_help_and_what_is_seldom_written_are_folded_until_somebody_wants_them(house, draft, sign_in):
    client = sign_in(house.applicant)
    page = client.get(url("benefits", draft)).text
    main = page.split("<main", 1)[1].split("data-formset-empty", 1)[0]
    folds = re.findall(r"<details[^>]*>\s*<summary>([^<(]+)", main)
    assert [text.strip() for text in folds] == [
        "Hva skal stå i feltene?",
        *("Om tidshorisonten", "Type nytte", "Grupper", "Type måling", "Gjelder også rad nr."),
        "Åtte drivere for økt bærekraft i helse- og omsorgstjenesten",
    ]
    assert re.findall(r"<details[^>]* open", page) == []
    written = world.add_benefit(draft, benefit="Nytte", horizon_text="Etter et år")
    opened = client.get(url("benefits", draft), {"row": written.key}).text
    assert re.findall(r"<details[^>]* open>\s*<summary>([^<(]+)", opened) == ["Om tidshorisonten"]


def test_numbers_bring_the_keys_for_numbers(house, draft, sign_in):
    page = sign_in(house.applicant).get(url("benefits", draft)).text
    fields = [re.search(rf'<input[^>]*name="benefits-0-{name}"[^>]*>', page)[0] for name in ("baseline", "target")]
    assert ['inputmode="decimal"' in field for field in fields] == [True, True]


@pytest.mark.parametrize("key", ["../x", "", "//example.org"])
def test_what_is_no_key_opens_nothing(house, draft, three, sign_in, key):
    answer = sign_in(house.applicant).post(url("benefits", draft), formset("benefits", open=key))
    assert (answer.status_code, answer["Location"]) == (302, url("benefits", draft))


def test_the_whole_table_is_the_documents_with_nothing_to_write_in(house, draft, three, sign_in):
    page = sign_in(house.applicant).get(url("benefits", draft), {"view": "table"})
    assert page.context["is_table"]
    assert [len(table.rows) for table in page.context["tables"]] == [3, 3]
    assert b"<textarea" not in page.content


def test_a_reader_sees_the_lines_without_the_way_in(house, draft, three, sign_in, clock, northern):
    clock.move_to(northern.closes_at)
    page = sign_in(house.applicant).get(url("benefits", draft))
    assert (b'name="open"' in page.content, len(lines(page))) == (False, 3)


def test_a_row_lacks_its_name_or_what_its_name_demands(draft, three):
    spec = draft.round.spec
    nameless = Benefit(responsible="Vi")
    assert benefit_lacks(spec, nameless) == ["Forventet nytte"]
    # A row that only follows others up needs nothing of the first band.
    assert benefit_lacks(spec, Benefit(measurement="Reisetid")) == []


def test_the_empty_row_that_the_page_offers_has_nothing_to_remove(house, draft, sign_in):
    client = sign_in(house.applicant)
    offered, _template, _rest = client.get(url("benefits", draft)).text.partition("<template data-formset-empty>")
    assert "<div data-formset-remove hidden>" in offered
    world.add_benefit(draft)
    page = client.get(url("benefits", draft) + f"?row={Benefit.objects.get().key}").text
    assert page.count("<div data-formset-remove>") == 2, "the stored row, and the one that the script adds"
    assert "<div data-formset-remove hidden>" not in page
