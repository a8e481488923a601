"""Text over its limit: kept in the draft, told of every time, and never sent."""

import pytest

from applications import completeness
from applications.models import Application, Benefit, BudgetLine
from applications.services.submitting import IncompleteError, submit
from rounds.answering.answers import DRAFT_MOST
from rounds.answering.forms.sections import digest_of
from rounds.answering.models import Answer
from tests.applications import world
from tests.applications.test_views_draft import post_section, text_of, url
from tests.applications.test_views_parts import formset

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

LONG = "x" * 12_001
TOO_LONG = "«Kort beskrivelse av prosjektet/piloten» kan ha høyst 12\u00a0000 tegn. Teksten er 1 tegn for lang."
KEPT = f"{TOO_LONG} Den er lagret, men må kortes ned før dere kan sende søknaden."


def test_section_saves_the_long_text_and_the_rest(house, draft, sign_in):
    answer = post_section(sign_in(house.applicant), draft, description=LONG, **{"supports-purpose": "Formålet"})
    assert answer.status_code == 422
    assert text_of(answer).count(KEPT) == 2
    assert "Dette må rettes før dere kan sende" in text_of(answer)
    assert set(Answer.objects.values_list("question", "value")) == {
        ("description", LONG),
        ("supports-purpose", "Formålet"),
    }
    groups = {item.question.code: item for item in answer.context["blocks"]}
    assert (groups["description"].version, groups["description"].was) == (1, digest_of(LONG))
    assert (groups["supports-purpose"].version, groups["supports-purpose"].errors) == (1, [])


def test_the_long_text_is_there_and_told_of_when_the_page_is_opened_again(house, draft, sign_in):
    client = sign_in(house.applicant)
    post_section(client, draft, description=LONG)
    page = client.get(url("section", draft, "description"))
    text = text_of(page)
    assert (page.status_code, LONG in text, text.count(KEPT)) == (200, True, 2)
    assert "Dette må rettes før dere kan sende" in text
    # The focus, and what the browser kept, are for answers to a press alone.
    assert "data-error-summary" not in text


def test_a_shorter_text_clears_the_page(house, draft, sign_in):
    client = sign_in(house.applicant)
    post_section(client, draft, description=LONG)
    answer = post_section(client, draft, description="Kort", **{"description--version": "1"})
    assert answer.status_code == 302
    assert "for lang" not in text_of(client.get(url("section", draft, "description")))


def test_what_no_draft_can_hold_is_refused(house, draft, sign_in):
    answer = post_section(sign_in(house.applicant), draft, description="x" * (DRAFT_MOST + 1), phase="pilot")
    assert answer.status_code == 422
    assert not Answer.objects.filter(question="description").exists()


def test_long_text_is_listed_and_blocks_the_sending(house, application, at):
    world.set_answer(application, "description", LONG)
    world.sign_all(house, application, at)
    problems = completeness.missing(application, at=at)
    assert [(item.section, item.question, item.sentence) for item in problems] == [
        ("description", "description", TOO_LONG)
    ]
    with pytest.raises(IncompleteError):
        submit(application, by=house.applicant, at=at)


def test_a_long_name_stays_in_the_form_while_the_old_one_stands(house, draft, at, sign_in):
    client = sign_in(house.applicant)
    title = draft.round.spec.form.title_question
    section = draft.round.spec.section_of(title).code
    post_section(client, draft, section, **{title: "n" * 201})
    assert Application.objects.get().title == "Hvor er samhandlingsrommet?"
    assert Answer.objects.get(question=title).value == "n" * 201
    told = [item.sentence for item in completeness.missing(draft, at=at) if item.question == title]
    assert [sentence.endswith("kan ha høyst 200 tegn. Teksten er 1 tegn for lang.") for sentence in told] == [True]


# question → what is posted, what the sentence names
PLACES = {
    "patient-groups": ({"patient-groups--other": "x" * 501}, "500 tegn. Teksten er 1 tegn for lang."),
    "milestones": ({"prefix": "milestones--0", "milestones--0--milestone": "x" * 502}, "500 tegn. Teksten er 2 tegn"),
    "digital": ({"digital--not-relevant": "on", "digital--reason": "x" * 1003}, "1\u00a0000 tegn. Teksten er 3 tegn"),
}


@pytest.mark.parametrize("question", PLACES)
def test_every_text_of_an_answer_is_kept_and_listed(house, draft, at, sign_in, question):
    data, sentence = PLACES[question]
    answer = sign_in(house.applicant).post(url("answer", draft, question), {f"{question}--version": "0", **data})
    assert (answer.status_code, answer.json()["state"]) == (200, "too_long")
    told = [item.sentence for item in completeness.missing(draft, at=at) if item.question == question]
    assert [sentence in text for text in told] == [True]


# --- rows and the budget ---------------------------------------------------------------------------------


def test_a_benefit_is_kept_and_told_of_in_the_same_way(house, draft, at, sign_in):
    client = sign_in(house.applicant)
    answer = client.post(url("benefits", draft), formset("benefits", {"benefit": "x" * 3001}))
    assert (answer.status_code, Benefit.objects.get().benefit) == (422, "x" * 3001)
    assert "For lang tekst: Forventet nytte" in text_of(client.get(url("benefits", draft)))
    opened = client.get(url("benefits", draft), {"row": Benefit.objects.get().key})
    assert "Teksten er 1 tegn for lang. Den er lagret" in text_of(opened)
    told = [item.sentence for item in completeness.missing(draft, at=at) if item.page == "benefits"]
    assert [text for text in told if "for lang" in text] == [
        (
            "«Forventet nytte» kan ha høyst 3\u00a0000 tegn. Teksten er 1 tegn for lang. Rad 1 i "
            f"«{draft.round.spec.benefits.title}»."
        )
    ]


def test_the_words_about_the_cost_shift_are_kept(house, draft, at, sign_in):
    client = sign_in(house.applicant)
    data = formset("budget", cost_shift="yes", cost_shift_text="x" * 2001, cost_shift_version="0")
    assert client.post(url("budget", draft), data).status_code == 422
    assert Answer.objects.get(question="budget-cost-shift").value["text"] == "x" * 2001
    assert "Teksten er 1 tegn for lang. Den er lagret" in text_of(client.get(url("budget", draft)))
    assert [item.page for item in completeness.missing(draft, at=at) if "for lang" in item.sentence] == ["budget"]


def test_a_line_of_the_budget_is_kept_and_still_waits_for_its_amount(house, draft, sign_in, at):
    line = {"year": "2025", "cost_type": "travel", "funding": "grant", "form": "cash", "description": "Reise"}
    answer = sign_in(house.applicant).post(url("budget", draft), formset("budget", line))
    assert (answer.status_code, BudgetLine.objects.get().amount) == (302, None)
    told = [item.sentence for item in completeness.missing(draft, at=at) if item.page == "budget"]
    assert "Fyll ut «Beløp» i kostnad 1 i budsjettet." in told
