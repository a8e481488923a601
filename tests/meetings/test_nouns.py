"""Papers, resolutions and letters name the thing by its kind: a søknad, or Innlandet's initiativ."""

import re
from pathlib import Path

import pytest
from django.template.loader import render_to_string

from evaluation.meetings import papers
from evaluation.meetings.wordings import fault
from rounds.nouns import APPLICATION, INITIATIVE, NOUNS
from rounds.outcomes import PROPOSABLE

FACTS = {
    "body": "SSU",
    "round_title": "Runden",
    "community": "Fellesskapet",
    "code": "K",
    "title": "Samhandlingsrommet",
    "lead": "Hamar kommune",
    "partners": (),
    "requested": 450_000,
    "rank": 1,
    "reason": "Svarer godt.",
    "conditions": "",
}


def paper(noun, outcome, decides=True):
    amount = {"granted": 450_000, "partly_granted": 300_000}.get(outcome)
    return papers.application_paper(papers.Facts(**FACTS, outcome=outcome, amount=amount, decides=decides, noun=noun))


@pytest.mark.parametrize("decides", [True, False])
@pytest.mark.parametrize("outcome", PROPOSABLE)
def test_no_sentence_about_an_initiative_calls_it_an_application(outcome, decides):
    said = paper(INITIATIVE, outcome, decides)
    words = f"{said.background} {said.facts} {said.proposal}".lower()
    # The amount is asked for, and the grant is given, whatever it is called.
    assert [word for word in words.split() if word.startswith("søknad")] == []
    assert decides is False or fault(said.proposal, outcome, None if "kr" not in said.proposal else sums(said)) is None


def sums(said):
    return papers.proposals.sums(said.proposal)[0]


@pytest.mark.parametrize(
    ("noun", "background", "proposal"),
    [
        (
            APPLICATION,
            "Søknaden er sendt til Fellesskapet",
            "1. SSU avslår søknaden om tilskudd til «Samhandlingsrommet».",
        ),
        (INITIATIVE, "Initiativet er sendt til Fellesskapet", "1. SSU avslår initiativet «Samhandlingsrommet»."),
    ],
)
def test_the_paper_says_what_it_is(noun, background, proposal):
    said = paper(noun, "rejected")
    assert (said.background.split(" i «")[0], said.proposal) == (background, proposal)


def test_the_list_says_what_is_on_it():
    said = papers.allocation_paper("SSU", "Runden", [], 2, None, noun=INITIATIVE)
    assert (said.background.split(". ")[0], said.facts.splitlines()[0]) == (
        "Initiativene i «Runden» er behandlet hvert for seg",
        "Initiativ på listen: 2",
    )


@pytest.mark.parametrize(
    ("is_initiative", "heading"), [(True, "Slik ble initiativet vurdert"), (False, "Slik ble søknaden vurdert")]
)
def test_the_letter_says_how_it_was_judged(is_initiative, heading):
    letter = {"assessment": {"criteria": []}, "is_initiative": is_initiative}
    assert heading in render_to_string("letters/_decision_body.html", {"letter": letter})


@pytest.mark.parametrize(("is_initiative", "word"), [(True, "initiativet"), (False, "søknaden")])
def test_the_mail_says_what_is_decided(is_initiative, word):
    context = {"letter": {"is_initiative": is_initiative}, "application": {"title": "Heim", "code": "K"}}
    text = render_to_string("emails/decision_letter/body.txt", context)
    assert (f"Vedtaket om {word} «Heim» er klart." in text, f"Se {word} og brevet:" in text) == (True, True)


def test_whether_it_is_an_initiative_is_asked_of_the_form_alone():
    """A page that compares the kind would miss a kind that is called an initiative, too."""
    rooms = (Path("applications"), Path("evaluation"), Path("portal"), Path("rounds"), Path("templates"))
    files = [path for room in rooms for end in ("py", "html", "txt") for path in room.rglob(f"*.{end}")]
    assert len(files) > 500
    assert [str(path) for path in files if re.search(r"form\.kind [!=]=", path.read_text())] == []


def test_each_kind_of_form_has_its_noun():
    assert NOUNS == {"application": APPLICATION, "initiative": INITIATIVE}


@pytest.mark.parametrize(("score", "said"), [("3,5", True), ("", False)])
def test_a_paper_of_a_round_that_is_judged_in_words_says_nothing_of_points(score, said):
    facts = papers.Facts(
        **FACTS, outcome="granted", amount=450_000, decides=True, noun=INITIATIVE, assessments=1, score=score
    )
    assert ("poengsum" in papers.application_paper(facts).considerations) is said
