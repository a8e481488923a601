"""The chair's own pages, by plain forms: habilitet, another proposal, the allocation, postponing, noting."""

import re

import pytest
from django.urls import reverse

from evaluation.assessment.models import Habilitet
from evaluation.meetings import papers
from evaluation.meetings.forms import CorrectionForm, ResolutionForm
from evaluation.meetings.models import Ballot, Case, CaseKind, CasePaper, Resolution
from evaluation.meetings.services import live, planning, resolving
from portal.clock import local_date
from tests.meetings import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


def post(client, name, *args, **data):
    answer = client.post(reverse(f"meetings:{name}", args=args), data, follow=True)
    assert answer.status_code == 200
    return [str(message) for message in answer.context["messages"]]


def test_habilitet_goes_from_the_member_to_the_chair_by_plain_forms(house, now, meeting, case, client):
    client.force_login(house.member)
    tie = {"attendance": world.line(meeting, house.member).pk, "ground": "other", "explanation": "Nær."}
    assert post(client, "raise_habilitet", case.pk, **tie) == [
        "Det er meldt fra. Utvalget avgjør når saken kommer opp."
    ]
    client.force_login(house.chair)
    question = Habilitet.objects.get()
    decision = {"is_recused": "no", "reason": "Bare ansatt."}
    assert post(client, "decide_habilitet", case.pk, question.pk, **decision) == [
        "Avgjørelsen om habilitet er registrert."
    ]
    said = "Spørsmålet er allerede avgjort, eller tatt tilbake."
    assert post(client, "withdraw_habilitet", case.pk, question.pk, reason="Feil.") == [said]


def test_chair_puts_another_proposal_postpones_and_takes_it_back(house, now, case, sign_in):
    client = sign_in(house.chair)
    assert post(client, "open_ballot", case.pk, proposal="1. Noe annet.") == []
    world.vote(Ballot.objects.get(), now, of=house, chair="for")
    assert post(client, "close_ballot", Ballot.objects.get().pk) == ["Voteringen er ferdig."]
    assert post(client, "postpone", case.pk, reason="Mer forankring.") == ["Saken er utsatt."]
    assert post(client, "reopen", case.pk, why="Feil.") == ["Saken er åpnet igjen."]
    assert post(client, "resolve_as_proposed", case.pk, **world.as_shown(case)) == ["Vedtaket er registrert."]
    assert Case.objects.get().resolution.text == "1. Noe annet."


@pytest.mark.fault("B12")
def test_closing_a_ballot_asks_first_while_somebody_has_not_voted(house, now, meeting, case, sign_in):
    client = sign_in(house.chair)
    ballot = world.vote(world.ballot_on(house, case, now), now, of=house, chair="for", member="for")
    room, close = reverse("meetings:room", args=[meeting.pk]), reverse("meetings:close_ballot", args=[ballot.pk])
    assert f'id="close-ballot" href="{close}"' in client.get(room).content.decode()
    asked = client.get(close)
    assert sorted(asked.context["silent"]) == sorted([house.recused_member.name, house.vice_chair.name])
    assert all(name in asked.content.decode() for name in asked.context["silent"])
    assert Ballot.objects.get().status == "open"
    world.vote(ballot, now, of=house, recused_member="for", vice_chair="for")
    assert f'action="{close}"' in client.get(room).content.decode()


def test_chair_is_told_the_names_of_those_who_have_not_voted_and_the_others_are_not(house, now, meeting, case, sign_in):
    ballot = world.ballot_on(house, case, now)
    room = reverse("meetings:room", args=[meeting.pk])
    world.vote(ballot, now, of=house, chair="for", member="for")
    silent = f"Ikke stemt: {house.recused_member.name}, {house.vice_chair.name}."
    assert silent in re.sub(r"\s+", " ", sign_in(house.chair).get(room).text)
    assert "Ikke stemt" not in sign_in(house.member).get(room).text
    assert "1 har stemt" not in sign_in(house.member).get(room).text


def test_chair_has_one_filled_button_and_one_more_in_the_box_also_in_the_allocation(house, sign_in):
    meeting, cases, at = world.list_meeting(house, count=2)
    planning.call(meeting, by=house.secretary, at=at)
    live.open_meeting(meeting, on_day=local_date(at), by=house.chair, at=at)
    live.arrive_all(meeting, by=house.chair, at=at)
    client = sign_in(house.chair)
    for case in cases:
        live.go_to(meeting, case, by=house.chair, at=at)
        page = client.get(reverse("meetings:room", args=[meeting.pk])).text
        step = re.search(r'<section class="next-step chair".*?</section>', page, re.DOTALL)[0]
        assert re.findall(r'id="([\w-]+)"', step) == ["chair-title", "agree", "open-ballot"]
        assert len(re.findall(r'class="ds-button"(?![^>]*data-variant)', page.split("<main")[1])) == 1
        links = ["other-ballot", "agreed", "rewrite", "habilitet", "postpone"]
        shown = [name for name in links if f'id="{name}"' in page]
        assert shown == [name for name in links if name != "rewrite" or case.is_allocation]


def test_chair_puts_a_new_proposal_after_one_that_carried(house, now, sign_in):
    meeting, case = world.in_session(house, now, "simple_majority")
    client = sign_in(house.chair)
    buttons = {}
    for text, choice in (("1. Først.", "for"), ("1. Så.", "against")):
        post(client, "open_ballot", case.pk, proposal=text)
        ballot = world.vote(Ballot.objects.get(proposal=text), now, of=house, chair=choice)
        post(client, "close_ballot", ballot.pk)
        page = client.get(reverse("meetings:room", args=[meeting.pk])).content.decode()
        ids = ("resolve", "resolve-text", "open-ballot", "other-ballot", "agreed", "postpone")
        buttons[text] = [name for name in ids if f'id="{name}"' in page]
        # What to press now stands above how the votes fell, once.
        assert (page.count('id="chair-title"'), page.index('id="chair-title"') < page.index('class="result')) == (
            1,
            True,
        )
    assert buttons == {
        "1. Først.": ["resolve", "resolve-text", "other-ballot", "postpone"],
        "1. Så.": ["open-ballot", "other-ballot", "postpone"],
    }
    assert "Neste steg: stem over et annet forslag" in page
    assert re.findall(r'class="ds-button"( data-variant)?[^>]* id="other-ballot"', page) == [""]
    assert page.count("Gjelder ikke: Det er stemt over et nytt forslag etterpå.") == 1


def test_after_an_objection_the_chair_is_not_led_to_say_that_all_agree(house, now, meeting, case, sign_in):
    client = sign_in(house.chair)
    post(client, "open_ballot", case.pk, proposal="1. Ja.")
    ballot = world.vote(Ballot.objects.get(), now, of=house, chair="for", member="against", vice_chair="for")
    world.vote(ballot, now, of=house, recused_member="for")
    post(client, "close_ballot", ballot.pk)
    page = client.get(reverse("meetings:room", args=[meeting.pk])).text
    box = re.search(r'<section class="next-step chair".*?</section>', page, re.DOTALL)[0]
    buttons = re.findall(r'class="ds-button"( data-variant="secondary")?[^>]*?id="([\w-]+)"', box)
    assert [(name, bool(is_second)) for is_second, name in buttons][:2] == [("other-ballot", False), ("agreed", True)]
    assert "agree" not in [name for _second, name in buttons]
    assert "Neste steg: stem over et annet forslag" in box
    # The page that it leads to asks who has withdrawn the objection.
    assert "withdrawn_by" in client.get(reverse("meetings:resolve", args=[case.pk])).context["form"].fields


def test_wording_from_before_the_last_ballot_is_refused(house, now, case, sign_in):
    client = sign_in(house.chair)
    ballots = [world.vote(world.ballot_on(house, case, now), now, of=house, chair="for")]
    post(client, "close_ballot", ballots[0].pk)
    ballots.append(world.vote(world.ballot_on(house, case, now), now, of=house, chair="for"))
    post(client, "close_ballot", ballots[1].pk)
    page = client.post(reverse("meetings:resolve", args=[case.pk]), {"text": "1. Gammelt.", "seen": ballots[0].pk})
    assert "Det er holdt en ny votering etter at du åpnet siden." in page.content.decode()
    assert page.status_code == 422
    fresh = {"text": "1. Nytt.", "seen": ballots[1].pk}
    assert post(client, "resolve", case.pk, **fresh) == ["Vedtaket er registrert."]


def test_chair_moves_on_notes_and_postpones_the_rest(house, now, meeting, sign_in):
    talk = world.own_case(house, meeting, now, kind=CaseKind.DISCUSSION)
    client = sign_in(house.chair)
    assert post(client, "go_to", meeting.pk, case=talk.pk) == []
    assert post(client, "note", talk.pk, text="SSU drøftet saken.") == ["Saken er avsluttet."]
    assert post(client, "postpone_rest", meeting.pk) == ["Sakene som gjensto, er utsatt."]


def test_list_is_put_up_and_its_allocation_rewritten_by_plain_forms(house, client):
    priority_list, at = world.deciding_list(house, 1)
    meeting = world.planned(house, at)
    client.force_login(house.secretary)
    assert post(client, "add_list", meeting.pk, priority_list.pk) == [
        "Sakene er satt opp i prioritert rekkefølge, med samlet fordeling til slutt."
    ]
    # The second press, of a colleague, is told so.
    assert post(client, "add_list", meeting.pk, priority_list.pk) == [
        "Listen er allerede satt opp, med fordelingen i sak 2/24."
    ]
    world.opened(house, meeting, at, *world.everybody(house))
    allocation = Case.objects.get(application=None)
    post(client, "go_to", meeting.pk, case=allocation.pk)
    points = "2. SSU ber om en rapport i juni.\n3. Resten overføres til neste år."
    CasePaper.objects.filter(case=allocation).update(proposal=f"1. SSU Troms og Ofoten fordeler alt.\n{points}")
    room = reverse("meetings:room", args=[meeting.pk])
    assert 'id="rewrite"' in client.get(room).text
    assert post(client, "rewrite_allocation", allocation.pk) == ["Forslaget er oppdatert med vedtakene i møtet."]
    # Where they agree there is nothing to bring up to date.
    assert 'id="rewrite"' not in client.get(room).text
    # The points that the secretariat has written are kept.
    first = "1. SSU Troms og Ofoten fordeler ingen midler i denne runden."
    assert Case.objects.get(application=None).paper.proposal == f"{first}\n{points}"
    application = Case.objects.exclude(application=None).get()
    post(client, "go_to", meeting.pk, case=application.pk)
    assert post(client, "rewrite_allocation", application.pk) == ["Sak 1/24 gjelder ikke den samlede fordelingen."]


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ("consensus", "Konsensus: Forslaget er vedtatt når ingen har innvendinger."),
        ("simple_majority", "Alminnelig flertall: Forslaget er vedtatt når flere stemmer for enn mot."),
        (
            "double_majority",
            (
                "Flertall på begge sider: Forslaget er vedtatt når flere stemmer for enn mot både på kommunesiden "
                "og på helseforetakssiden."
            ),
        ),
    ],
)
def test_voting_card_says_what_it_takes_to_carry(house, now, sign_in, rule, sentence):
    meeting, case = world.in_session(house, now, rule)
    world.ballot_on(house, case, now)
    page = sign_in(house.member).get(reverse("meetings:room", args=[meeting.pk])).content.decode()
    above, rule_of_case = page.split("Slik avgjøres saken")
    # The vote stands below the proposal, above what can be read of it.
    assert above.index("Forslag som det stemmes over") < above.index('id="vote-for"') < above.index("Les sakspapirene")
    assert f'<p class="muted">{sentence} Vedtaksført når minst halvparten av de stemmeberettigede er' in rule_of_case


def test_the_agenda_says_the_status_of_what_is_settled(house, now, meeting, case, sign_in):
    client, url = sign_in(house.chair), reverse("meetings:agenda", args=[meeting.pk])
    assert "Klar til møtet" not in client.get(url).text
    resolving.postpone(case, reason="Utsatt.", by=house.chair, at=now)
    assert "Utsatt</span>" in client.get(url).text


def test_settled_case_has_no_other_place_on_the_agenda(house, now, meeting, case, sign_in):
    talk = world.own_case(house, meeting, now, kind=CaseKind.DISCUSSION)
    resolving.adopt_as_proposed(case, by=house.chair, at=now)
    client = sign_in(house.secretary)
    page = client.get(reverse("meetings:agenda", args=[meeting.pk])).content.decode()
    assert [f'id="to-{one.pk}"' in page for one in (case, talk)] == [False, True]
    refused = "Sak 1/25 er ferdig behandlet og kan ikke flyttes."
    assert post(client, "move", case.pk, to=2) == [refused]


def test_chair_is_offered_the_outcomes_of_the_round(house, client):
    meeting, (case, *_rest), at = world.list_meeting(house, 1)
    world.opened(house, meeting, at, *world.everybody(house))
    client.force_login(house.chair)
    for page in ("open_ballot", "resolve"):
        form = client.get(reverse(f"meetings:{page}", args=[case.pk])).context["form"]
        offered = ["", "granted", "partly_granted", "rejected", "postponed"]
        assert [code for code, _words in form.fields["outcome"].choices] == offered
        answer = client.post(reverse(f"meetings:{page}", args=[case.pk]), {"outcome": "not_prioritised"})
        assert (answer.status_code, "outcome" in answer.context["form"].errors) == (422, True)


def test_reason_goes_into_a_letter_only_from_the_case_of_an_application(house):
    meeting, cases, at = world.list_meeting(house, 1)
    said = [
        [
            (form.fields["reason"].help_text, form.fields["reason"].required)
            for form in (
                ResolutionForm(case=case, latest=None, asks_frame=False),
                CorrectionForm(case=case, resolution=Resolution(case=case), asks_frame=False),
            )
        ]
        for case in (cases[0], world.own_case(house, meeting, at))
    ]
    assert said == [[("Blir med i brevet til søkerne.", True)] * 2, [("", False)] * 2]


@pytest.mark.parametrize(
    ("outcome", "decides", "proposal"),
    [
        ("rejected", True, "1. SSU avslår søknaden om tilskudd til «Samhandlingsrommet»."),
        ("postponed", True, "1. SSU utsetter behandlingen av søknaden «Samhandlingsrommet»."),
        ("", True, "1. SSU prioriterer ikke søknaden «Samhandlingsrommet» i denne runden."),
        ("not_prioritised", False, "1. SSU prioriterer ikke søknaden «Samhandlingsrommet»."),
        ("rejected", False, "1. SSU tilrår at søknaden «Samhandlingsrommet» avslås."),
    ],
)
def test_proposal_says_what_is_recommended(outcome, decides, proposal):
    facts = papers.Facts(
        body="SSU",
        round_title="Runden",
        community="Fellesskapet",
        code="K",
        title="Samhandlingsrommet",
        lead="Tromsø kommune",
        partners=(),
        requested=450_000,
        rank=None,
        outcome=outcome,
        amount=None,
        reason="",
        conditions="",
        assessments=2,
        score="3,5",
        spread="0,5",
        ties=("Kari er inhabil",),
        decides=decides,
    )
    paper = papers.application_paper(facts)
    assert paper.proposal == proposal
    assert paper.considerations == (
        "Samlet poengsum: 3,5 (2 vurderinger, 0,5 poeng mellom høyeste og laveste).\n\nHabilitet: Kari er inhabil."
    )


def test_a_deputy_is_told_for_whom(house, now, meeting, case, sign_in):
    room, name = reverse("meetings:room", args=[meeting.pk]), house.member.name

    def told(person=house.deputy):
        return re.findall(rf"Du [^<]*{name}[^<]*\.", sign_in(person).get(room).text)

    assert told() == [f"Du er vara for {name}."]
    live.arrive(world.line(meeting, house.deputy), by=house.chair, at=now)
    assert told() == [f"Du er vara for {name}, som er til stede og stemmer selv."]
    live.leave(world.line(meeting, house.member), by=house.chair, at=now)
    assert (told(), told(house.chair)) == ([f"Du møter for {name}."], [])
    live.arrive(world.line(meeting, house.member), by=house.chair, at=now)
    # During a ballot it is said in the box, and not twice.
    world.ballot_on(house, case, now)
    assert told() == [f"Du er vara for {name}, som er til stede og stemmer selv."]


def test_only_a_vote_is_pinned_to_the_bottom_of_a_phone(house, now, meeting, case, sign_in):
    """What the chair presses stands below the proposal, and would hide it. Who leads votes and closes in one box."""
    room = reverse("meetings:room", args=[meeting.pk])

    def pinned(person):
        return re.findall(r'class="[^"]*pinned" aria-labelledby="(\w+)-title"', sign_in(person).get(room).text)

    def boxes(person):
        return re.findall(r'class="next-step[^"]*" aria-labelledby="(\w+)-title"', sign_in(person).get(room).text)

    assert (pinned(house.chair), boxes(house.chair), pinned(house.member)) == ([], ["chair"], [])
    ballot = world.ballot_on(house, case, now)
    assert (pinned(house.chair), boxes(house.chair), pinned(house.member)) == ([], ["vote"], ["vote"])
    page = sign_in(house.chair).get(room).text
    assert re.findall(r'id="(vote-for|close-ballot)"', page) == ["vote-for", "close-ballot"]
    world.vote(ballot, now, of=house, chair="for", member="for")
    assert (pinned(house.chair), boxes(house.chair), pinned(house.member)) == ([], ["vote"], [])
