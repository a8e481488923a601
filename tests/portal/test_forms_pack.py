"""The form pack: fields tied to their label, help and error; nothing typed is lost; sentences name the field."""

from datetime import UTC, date, datetime
from html import escape
from html.parser import HTMLParser

import pytest
from django import forms as django_forms
from django.forms import formset_factory
from django.template import Context, Template

from portal import forms
from portal.templatetags import ui_forms


class Person(forms.Form):
    """One of each that matters."""

    submit_label = "Send inn"
    needed_later = frozenset({"goal"})

    name = django_forms.CharField(label="Navn", max_length=5)
    goal = django_forms.CharField(label="Mål", required=False)
    note = forms.TextField(label="Merknad", max_length=10, required=False, help_text="Kort.")
    count = django_forms.IntegerField(label="Antall", min_value=1)
    amount = forms.MoneyField(label="Beløp", max_value=5_000)
    patients = forms.NumberField(label="Antall pasienter", max_value=5_000, required=False)
    day = forms.DateField(label="Dato")
    moment = forms.DateTimeField(label="Møtetid")
    answer = django_forms.ChoiceField(
        label="Svar", choices=[("y", "Ja"), ("n", "Nei")], widget=django_forms.RadioSelect
    )
    agree = django_forms.BooleanField(label="Vi er enige")
    plan = django_forms.FileField(label="Plan")
    places = forms.LinesField(label="Steder", required=False, max_lines=2)


class Markup(HTMLParser):
    """The page as a list of elements with their attributes."""

    def __init__(self, html):
        super().__init__()
        self.elements = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def by_id(self, wanted):
        return next(attrs for _tag, attrs in self.elements if attrs.get("id") == wanted)

    def ids(self):
        return [attrs["id"] for _tag, attrs in self.elements if "id" in attrs]

    def every(self, tag):
        return [attrs for name, attrs in self.elements if name == tag]


def drawn(form, source="{% load crispy_forms_tags %}{% crispy form %}", **context):
    return Template(source).render(Context({"form": form, "csrf_token": "x", **context}))


WRONG = {
    "name": "Karoline",
    "note": "x" * 11,
    "count": "mange",
    "amount": "12,50",
    "day": "31.02.2026",
    "moment_0": "i går",
}


def test_form_posts_without_the_browsers_own_checks_and_names_its_act():
    html = drawn(Person())
    form = Markup(html).every("form")[0]
    assert (form["method"], form["enctype"], form["novalidate"]) == ("post", "multipart/form-data", "")
    assert "Send inn</button>" in html


def test_every_control_has_a_label_and_every_description_exists():
    markup = Markup(drawn(Person(WRONG)))
    ids = markup.ids()
    assert sorted(set(ids)) == sorted(ids)
    labelled = {attrs["for"] for attrs in markup.every("label")}
    controls = [a for t, a in markup.elements if t in ("input", "textarea", "select") and a.get("type") != "hidden"]
    assert {a["id"] for a in controls} == labelled
    described = " ".join(attrs.get("aria-describedby", "") for _tag, attrs in markup.elements).split()
    assert set(described) - set(ids) == set()


def test_error_stands_beside_its_field_and_is_tied_to_it():
    field = Markup(drawn(Person(WRONG))).by_id("id_note")
    assert field["aria-invalid"] == "true"
    assert field["aria-describedby"] == "id_note_helptext id_note_error id_note_counter"


def test_summary_links_to_each_field_in_order():
    markup = Markup(drawn(Person(WRONG)))
    targets = [a["href"] for a in markup.every("a")]
    names = ["name", "note", "count", "amount", "day", "moment_0", "answer_0", "agree", "plan"]
    assert targets == [f"#id_{name}" for name in names]
    assert {target[1:] for target in targets} - set(markup.ids()) == set()


def test_an_address_that_is_none_names_its_field():
    class Contact(forms.Form):
        email = django_forms.EmailField(label="E-post (100 %)")

    assert Contact({"email": "kari"}).errors["email"] == [
        "Skriv «E-post (100 %)» som en e-postadresse, for eksempel navn@example.org."
    ]


def test_summary_is_not_there_before_the_form_is_sent():
    assert "ds-error-summary" not in drawn(Person())


@pytest.mark.parametrize(
    ("field", "sentence"),
    [
        ("name", "«Navn» kan ha høyst 5 tegn. Dere har skrevet 8."),
        ("count", "Skriv «Antall» som et helt tall, for eksempel 12."),
        ("amount", "Skriv «Beløp» i hele kroner, uten øre."),
        ("day", "Datoen i «Dato» finnes ikke i kalenderen."),
        ("answer", "Velg et svar på «Svar»."),
        ("agree", "Kryss av for «Vi er enige»."),
        ("plan", "Legg ved en fil under «Plan»."),
    ],
)
def test_sentence_names_the_field(field, sentence):
    assert [text.replace("\u00a0", " ") for text in Person(WRONG).errors[field]] == [sentence]


def test_own_sentence_of_a_form_is_kept():
    class Own(forms.Form):
        name = django_forms.CharField(label="Navn", error_messages={"required": "Hvem er du?"})

    assert Own({}).errors["name"] == ["Hvem er du?"]


def test_percent_in_a_label_does_not_break_the_sentences():
    class Share(forms.Form):
        share = django_forms.CharField(label="Andel i %", max_length=2)

    assert Share({"share": "123"}).errors["share"] == ["«Andel i %» kan ha høyst 2 tegn. Dere har skrevet 3."]
    assert Share({}).errors["share"] == ["Fyll ut «Andel i %»."]


def test_what_could_not_be_read_is_given_back_as_it_was_typed():
    markup = Markup(drawn(Person(WRONG)))
    values = {name: markup.by_id(f"id_{name}")["value"] for name in ("name", "count", "amount", "day", "moment_0")}
    assert values == {name: WRONG[name] for name in values}
    # A number or date field of the browser would have thrown it away.
    assert {markup.by_id(f"id_{name}")["type"] for name in values} == {"text"}


def test_optional_is_said_in_words_except_for_what_is_needed_before_sending():
    markup = drawn(Person())
    tagged = [part.rsplit(">", 1)[-1].strip() for part in markup.split('<span class="ds-tag field__tag"')[:-1]]
    assert tagged == ["Merknad", "Antall pasienter", "Steder"]


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1 250", 1250),
        ("1\u00a0250", 1250),
        ("1.250", 1250),
        ("1250 kr", 1250),
        ("kr 1250,-", 1250),
        (" 0 ", 0),
        (77, 77),
    ],
)
def test_money_is_read_as_people_write_it(typed, amount):
    assert forms.MoneyField().clean(typed) == amount


@pytest.mark.parametrize("typed", ["12,50", "12.5", "1.25.000", "tusen", "1e3", "9" * 16])
def test_money_that_could_mean_two_things_is_refused(typed):
    with pytest.raises(django_forms.ValidationError):
        forms.MoneyField().clean(typed)


def test_money_outside_its_limits_is_refused_with_the_amount():
    too_much = Person({**WRONG, "amount": "6000"}).errors["amount"]
    far_too_much = Person({**WRONG, "amount": "9" * 20}).errors["amount"]
    too_little = Person({**WRONG, "amount": "−1"}).errors["amount"]
    assert [text.replace("\u00a0", " ") for text in too_much] == ["«Beløp» kan være høyst 5 000 kr."]
    assert far_too_much == too_much
    assert [text.replace("\u00a0", " ") for text in too_little] == ["«Beløp» må være minst 0 kr."]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("6000", "«Antall pasienter» kan være høyst 5 000."),
        ("9" * 20, "«Antall pasienter» kan være høyst 5 000."),
        ("-1", "«Antall pasienter» må være minst 0."),
        ("5 kr", "Skriv «Antall pasienter» som et helt tall, for eksempel 12."),
        ("12,5", "Skriv «Antall pasienter» som et helt tall, for eksempel 12."),
    ],
)
def test_a_number_is_not_money(typed, sentence):
    refused = Person({**WRONG, "patients": typed}).errors["patients"]
    assert [text.replace("\u00a0", " ") for text in refused] == [sentence]


def test_a_number_is_shown_grouped_without_a_unit():
    html = drawn(Person(initial={"patients": 1250}))
    assert Markup(html).by_id("id_patients")["value"] == "1\u00a0250"
    assert "id_patients_suffix" not in html


def test_money_is_shown_grouped_with_its_unit():
    markup = Markup(drawn(Person(initial={"amount": 1250})))
    assert markup.by_id("id_amount")["value"] == "1\u00a0250"
    assert markup.by_id("id_amount")["aria-describedby"] == "id_amount_suffix"


def test_money_has_changed_only_when_the_amount_has():
    field = forms.MoneyField()
    assert [field.has_changed(1250, typed) for typed in ("1 250", "1251", "mye")] == [False, True, True]


@pytest.mark.parametrize("typed", ["15.09.2026", "2026-09-15", "15/09/2026", "15.9.26"])
def test_date_is_read_as_people_write_it(typed):
    assert forms.DateField().clean(typed) == date(2026, 9, 15)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("snart", "Skriv «Dato» som dag.måned.år, for eksempel 15.09.2026."),
        ("15.9", "Skriv årstallet også i «Dato», for eksempel 15.09.2026."),
        ("31.12.9999", "Årstallet i «Dato» må være mellom 1990 og 2199."),
        ("onsdag 15.09.2026", "Ukedagen og datoen i «Dato» hører ikke sammen. Rett en av dem."),
    ],
)
def test_a_date_that_cannot_be_read_is_refused_with_the_reason(typed, sentence):
    assert Person({**WRONG, "day": typed}).errors["day"] == [sentence]


@pytest.mark.fault("D10")
def test_an_hour_that_the_clocks_skip_is_refused():
    with pytest.raises(django_forms.ValidationError, match="sommertid"):
        forms.DateTimeField().clean(["28.03.2027", "02.30"])
    assert forms.DateTimeField().clean(["28.03.2027", "03.00"]) == datetime(2027, 3, 28, 1, tzinfo=UTC)


def test_moment_is_on_oslos_clocks_and_aware():
    field = forms.DateTimeField()
    assert field.clean(["15.07.2026", "14.30"]) == datetime(2026, 7, 15, 12, 30, tzinfo=UTC)
    assert field.widget.decompress(datetime(2026, 7, 15, 12, 30, tzinfo=UTC))[0] == date(2026, 7, 15)
    assert forms.DateTimeField(required=False).clean(["", ""]) is None


@pytest.mark.parametrize(("parts", "word"), [(["", "14.30"], "datoen"), (["15.07.2026", ""], "klokkeslettet")])
def test_half_a_moment_is_refused(parts, word):
    with pytest.raises(django_forms.ValidationError, match=word):
        forms.DateTimeField(required=False).clean(parts)


def test_line_break_counts_as_one_character():
    assert forms.TextField(max_length=3).clean("a\r\nb") == "a\nb"


def test_lines_are_a_list_without_empty_ones():
    field = forms.LinesField(max_lines=2)
    assert field.clean(" Alta \n\n Kárášjohka") == ["Alta", "Kárášjohka"]
    assert field.has_changed(["Alta"], "Alta") is False
    with pytest.raises(django_forms.ValidationError, match="høyst 2 linjer"):
        field.clean("a\nb\nc")


class Line(forms.Form):
    """A row."""

    what = django_forms.CharField(label="Hva")
    amount = forms.MoneyField(label="Beløp")


Lines = formset_factory(Line, formset=forms.FormSet, extra=1, can_delete=True)


def test_rows_are_a_table_with_labels_in_every_cell_and_a_pattern_for_more():
    rows = Lines({"r-TOTAL_FORMS": "2", "r-INITIAL_FORMS": "0", "r-0-what": "Lønn", "r-0-amount": "mye"}, prefix="r")
    html = drawn(rows, '{% include "designsystemet/formset_table.html" with formset=form caption="Budsjett" %}')
    markup = Markup(html)
    assert [a["for"] for a in markup.every("label")][:3] == ["id_r-0-what", "id_r-0-amount", "id_r-0-DELETE"]
    assert markup.by_id("id_r-__prefix__-what")["name"] == "r-__prefix__-what"
    assert markup.by_id("id_r-0-amount")["value"] == "mye"
    assert "Legg til rad" in html


def test_summary_of_rows_names_the_row():
    rows = Lines({"r-TOTAL_FORMS": "1", "r-INITIAL_FORMS": "0", "r-0-what": "Lønn"}, prefix="r")
    html = drawn(rows, "{% load ui_forms %}{% error_summary form %}")
    assert "Rad 1: Fyll ut «Beløp»." in html
    assert [a["href"] for a in Markup(html).every("a")] == ["#id_r-0-amount"]


def test_summary_of_a_composite_gathers_its_parts():
    class Both:
        error_parts = (
            Line({"what": ""}),
            Lines({"r-TOTAL_FORMS": "1", "r-INITIAL_FORMS": "0", "r-0-what": "x"}, prefix="r"),
        )

    html = drawn(Both(), "{% load ui_forms %}{% error_summary form %}")
    assert [a["href"] for a in Markup(html).every("a")] == ["#id_what", "#id_amount", "#id_r-0-amount"]


@pytest.mark.parametrize("source", ["{{ form|crispy }}", "{% crispy form %}", "{% crispy form helper %}"])
def test_rows_are_drawn_as_cards_or_as_a_table(source):
    helper = forms.FormHelper(submit="Lagre")
    helper.template = "designsystemet/table_inline_formset.html"
    html = drawn(Lines(prefix="r"), "{% load crispy_forms_tags %}" + source, helper=helper)
    assert Markup(html).by_id("id_r-0-amount")["inputmode"] == "numeric"
    assert ("<table" in html) is ("helper" in source)


def test_decimal_is_read_with_comma_or_point_and_explained():
    class Score(forms.Form):
        points = django_forms.DecimalField(label="Poeng")

    assert [Score({"points": typed}).is_valid() for typed in ("3,5", "3.5", "mye")] == [True, True, False]
    assert Score({"points": "mye"}).errors["points"] == ["Skriv «Poeng» som et tall, for eksempel 3,5."]


def test_trouble_in_a_hidden_field_is_told_without_a_link():
    class Hidden(forms.Form):
        version = django_forms.IntegerField(label="Versjon", widget=django_forms.HiddenInput)

    html = drawn(Hidden({"version": "x"}))
    assert "<li>Skriv «Versjon» som et helt tall, for eksempel 12.</li>" in html


def test_rows_that_cannot_be_removed_have_no_box():
    rows = formset_factory(Line, formset=forms.FormSet, extra=1)(prefix="r")
    assert "DELETE" not in drawn(rows, "{% load crispy_forms_tags %}{{ form|crispy }}")


def test_hostile_text_is_escaped_everywhere():
    html = drawn(Person({**WRONG, "name": '"><script>alert(1)</script>'}))
    assert "<script>" not in html


HOSTILE = '"><script>alert(1)</script>'


class Chosen(forms.Form):
    """Choices in groups, with a hostile label, value and group."""

    choices = [("", "Ingen"), (HOSTILE, [("a", HOSTILE), (HOSTILE, "B")])]
    one = django_forms.ChoiceField(choices=choices, widget=django_forms.Select(attrs={"data-said": HOSTILE}))
    several = django_forms.MultipleChoiceField(choices=choices, widget=django_forms.CheckboxSelectMultiple)


def test_choices_are_drawn_with_their_groups_and_escaped():
    html = drawn(Chosen(initial={"one": "a", "several": [HOSTILE]}))
    assert "<script>" not in html
    page = Markup(html)
    select, boxes = page.by_id("id_one"), [attrs for attrs in page.every("input") if attrs["type"] == "checkbox"]
    assert select == {
        "name": "one", "data-said": HOSTILE, "class": "ds-input", "required": None, "id": "id_one",
    }  # fmt: skip
    assert page.every("optgroup") == [{"label": HOSTILE}]
    assert page.every("option") == [{"value": ""}, {"value": "a", "selected": None}, {"value": HOSTILE}]
    assert [(box["value"], "checked" in box) for box in boxes] == [("", False), ("a", False), (HOSTILE, True)]
    assert [label["for"] for label in page.every("label")[1:]] == [box["id"] for box in boxes]
    assert html.count(escape(HOSTILE)) == 7


def test_attributes_have_a_value_a_name_alone_or_are_left_out():
    attrs = {"size": 10, "checked": True, "disabled": False, "title": "A & B"}
    html = Template("{% load ui_forms %}<input{{ attrs|attributes }}>").render(Context({"attrs": attrs}))
    assert html == '<input size="10" checked title="A &amp; B">'


def test_a_long_group_is_folded_where_the_field_asks_for_it():
    """With how many it has; open while one of them is chosen, so that nothing chosen is out of sight."""
    groups = [("Organer", [("1", "FSU")]), ("Personer", [("2", "A"), ("3", HOSTILE)])]

    class Several(forms.Form):
        owners = django_forms.MultipleChoiceField(choices=groups, widget=django_forms.CheckboxSelectMultiple)

    def drawn(folds_from, **values):
        form = Several(initial=values)
        form.fields["owners"].folds_from = folds_from
        return ui_forms.choices(form["owners"])

    assert "<details" not in drawn(3)
    assert '<details class="fold options__group">\n<summary>Personer <span class="muted">2</span></summary>' in drawn(2)
    assert '<details class="fold options__group" open>' in drawn(2, owners=["2"])
    assert drawn(2).count("<details") == 1
