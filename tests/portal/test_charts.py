"""Charts: the bars' lengths, what they say, and that the security policy has nothing to refuse."""

import re
from xml.etree import ElementTree as ET

from portal import charts, formats

SVG = "{http://www.w3.org/2000/svg}"


def rects(svg):
    """The bars after the track: colour, start, width."""
    elements = ET.fromstring(svg).iter(f"{SVG}rect")
    return [(r.get("fill"), int(r.get("x")), int(r.get("width"))) for r in elements][1:]


def test_bar_is_as_long_as_its_part_of_the_scale():
    assert rects(charts.bar([250], scale=1000, title="x")) == [("#0062ba", 0, 246)]


def test_bar_that_fills_the_scale_reaches_the_edge():
    assert rects(charts.bar([1000], scale=1000, title="x")) == [("#0062ba", 0, 1000)]


def test_stacked_segments_follow_each_other_with_a_gap():
    assert rects(charts.bar([400, 0, 300], scale=1000, title="x")) == [("#0062ba", 0, 396), ("#a56d13", 400, 296)]


def test_values_outside_the_scale_are_cut_at_its_ends():
    assert rects(charts.bar([-5], scale=10, title="x")) == []
    assert rects(charts.bar([50], scale=10, title="x")) == [("#0062ba", 0, 1000)]


def test_limit_is_a_dark_line_within_the_drawing():
    assert rects(charts.bar([], scale=10, title="x", limit=5))[-1] == ("#24272b", 500, 4)
    assert rects(charts.bar([], scale=10, title="x", limit=10))[-1] == ("#24272b", 996, 4)


def test_title_is_read_and_escaped():
    svg = charts.bar([1], scale=2, title='<script>"Tromsø" & Bardu')
    assert ET.fromstring(svg).findtext(f"{SVG}title") == '<script>"Tromsø" & Bardu'


def test_chart_has_neither_style_attribute_nor_script():
    chart = charts.Chart("x", [charts.ChartRow("a", (1, 2))], series=("en", "to"), limit=2)
    markup = "".join(str(part) for row in chart.drawn() for part in row[1:]) + str(chart.legend())
    assert re.findall(r"style=|<style|<script|\bon\w+=", markup) == []


def test_stacked_chart_says_every_part_and_gives_a_table():
    chart = charts.Chart("Beløp", [charts.ChartRow("Tromsø", (800_000, 250_000))], series=("Tilskudd", "Egeninnsats"))
    row, total, drawing = chart.drawn()[0]
    assert (row.label, total) == ("Tromsø", formats.kroner(1_050_000))
    assert ET.fromstring(drawing).findtext(f"{SVG}title").replace("\u00a0", " ") == (
        "Tromsø: Tilskudd 800 000 kr, Egeninnsats 250 000 kr"
    )
    assert [column.label for column in chart.table().columns] == ["Navn", "Tilskudd", "Egeninnsats", "Sum"]
    assert list(chart.table().rows) == [
        ("Tromsø", formats.kroner(800_000), formats.kroner(250_000), formats.kroner(1_050_000))
    ]


def test_a_chart_of_states_has_their_colours_in_bars_and_legend():
    chosen = (charts.DONE, charts.LATE)
    chart = charts.Chart("x", [charts.ChartRow("a", (1, 2))], series=("Ferdig", "Forsinket"), colours=chosen)
    for drawing in (str(chart.drawn()), str(chart.legend())):
        assert all(fill in drawing for fill in chosen)
        assert not any(fill in drawing for fill in charts.PALETTE)


def test_single_series_has_no_legend_and_two_columns():
    chart = charts.Chart("Poeng", [charts.ChartRow("a", (4.25,))], series=("Poeng",), show=formats.number, top=5)
    assert chart.legend() == []
    assert chart.scale == 5
    assert [column.label for column in chart.table().columns] == ["Navn", "Poeng"]
    assert list(chart.table().rows) == [("a", "4,25")]


def test_chart_without_rows_or_values_has_a_scale():
    assert charts.Chart("x", []).scale == 1
    assert charts.ChartRow("a", ()).total == 0


def test_colours_repeat_after_the_palette():
    assert charts.colour(len(charts.PALETTE)) == charts.PALETTE[0]
