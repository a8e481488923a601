"""What a definition answers about itself."""

import pytest

from tests import factories


def test_letterhead_leaves_out_what_the_file_does_not_say():
    identity = factories.definition("helse-nord-2025").call.identity
    assert identity.website is None
    assert identity.letterhead == {
        "name": "Helse Nord RHF",
        "orgnr": "883658752",
        "address": "Postboks 1445, 8038 Bodø",
        "visiting_address": "Moloveien 16, 6. et., 8003 Bodø",
        "email": "postmottak.helse-nord@example.org",
        "phone": "75 51 29 00",
    }
    unseen = identity.model_copy(update={"visiting_address": "–", "website": "https://example.org"})
    assert list(unseen.letterhead) == ["name", "orgnr", "address", "email", "phone", "website"]


def test_forms_and_the_title_are_found():
    spec = factories.definition("innlandet-2024")
    assert [section.code for section in spec.application_form.sections] == [
        section.code for section in spec.form.sections
    ]
    assert spec.evaluation_form.sections == spec.follow_up.evaluation_form
    titles = [question.code for question in spec.questions if spec.is_title(question)]
    assert titles == [spec.form.title_question]


@pytest.mark.fault("D4")
def test_a_later_stage_checks_what_comes_when_it_has_a_gate_or_a_checklist():
    spec = factories.definition("helse-nord-2025")
    first, *_between, last = spec.stages
    bare = {"gates": (), "criteria": ()}
    assert spec.checks(first.model_copy(update=bare))
    asked = ({}, {"gates": ("x",)}, {"criteria": ("check-joint",)}, {"criteria": ("regional-value",)})
    checks = [spec.checks(last.model_copy(update={**bare, **more})) for more in asked]
    assert checks == [False, True, True, False]


def test_the_form_says_what_is_sent_with_it():
    forms = {code: factories.definition(code).form for code in ("innlandet-2024", "helse-nord-2025")}
    assert {code: (form.noun.one, form.is_initiative) for code, form in forms.items()} == {
        "innlandet-2024": ("initiativ", True),
        "helse-nord-2025": ("søknad", False),
    }
