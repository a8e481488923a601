"""Markdown becomes HTML that can do nothing."""

import pytest
from django.template import Context, Template
from hypothesis import given, settings
from hypothesis import strategies as st

from rounds import texts


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("", ""),
        ("**Fet** og *kursiv*", "<p><strong>Fet</strong> og <em>kursiv</em></p>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("# Stor\n\n## Mindre", "<h3>Stor</h3>\n<h3>Mindre</h3>"),
        ("[lov](https://lovdata.no)", '<p><a href="https://lovdata.no" rel="noopener">lov</a></p>'),
        ("[x](javascript:alert(1))", '<p><a rel="noopener">x</a></p>'),
        ("[x](data:text/html;base64,AA)", '<p><a rel="noopener">x</a></p>'),
        ("![x](https://example.org/x.png)", "<p></p>"),
        ("<script>alert(1)</script>", ""),
        ('<p onclick="x()">a</p>', "<p>a</p>"),
        ("<iframe src=https://example.org></iframe>", ""),
        ("a < b & c", "<p>a &lt; b &amp; c</p>"),
    ],
)
def test_text_becomes_clean_html(text, html):
    assert texts.to_html(text) == html


@settings(deadline=None)
@given(st.text(alphabet="<>/abcimgscriptonerror=\"'()[]!*_#-&; \n:javs", max_size=200))
def test_whatever_the_text_no_script_comes_out(text):
    html = texts.to_html(text).lower()
    assert [part for part in ("<script", "<img", "<iframe", 'href="javascript', "<style") if part in html] == []


def test_a_line_has_no_paragraph_and_several_keep_theirs():
    assert texts.to_line("en *linje*") == "en <em>linje</em>"
    assert texts.to_line("en\n\nto") == "<p>en</p>\n<p>to</p>"


def test_the_filters_take_nothing_for_empty():
    template = Template("{% load rounds %}[{{ none|prose }}][{{ text|line }}]")
    assert template.render(Context({"none": None, "text": "a & b"})) == "[][a &amp; b]"
