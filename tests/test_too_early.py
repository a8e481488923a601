"""What comes too early is told as a state, with what comes first and the way there, and not as a lack of access."""

import ast
import html
import re
from datetime import timedelta

import pytest
from django.urls import reverse

from applications.permissions import can_start
from applications.workflow import Status
from evaluation.assessment.services import assigning, prioritising
from evaluation.assessment.turn import turn_url
from evaluation.decisions.services import letters
from evaluation.decisions.services.deciding import decide_from_minutes
from portal.clock import local_date
from portal.permissions import Allowed, EarlyError, PastError, Refused, Way, allow_if, require
from tests.applications import world as applications_world
from tests.assessment import world as assessment_world
from tests.decisions.world import adopted
from tests.followup.world import accepted
from tests.harness import worlds
from tests.test_too_late import MODULES, ROOT, refusals
from tests.world import NOW

# What a sentence says of a state that is still to come.
EARLY = re.compile(
    r"før dere|før du åpner|ikke sendt|ikke levert|når (møtet|du har|tilskuddet)|åpner for|ute til retting|"
    r"til fristen er ute|til vurdering nå|har begynt|ikke noe tilskudd|[Bb]are (et )?godkjent"
)


@worlds.world
def northern(house):
    return applications_world.real_round("helse-nord-2025")


@worlds.part
def at(northern):
    return applications_world.open_moment(northern)


def test_before_the_round_opens_and_before_it_is_sent(house, northern, at, frozen_clock, sign_in):
    application = applications_world.whole(house, northern, at=at, signed=False)
    frozen_clock.move_to(at)
    answer = sign_in(house.applicant).get(reverse("applications:changes", args=[application.code, 1]))
    assert_early(answer, "Søknaden er ikke sendt.", reverse("applications:check", args=[application.code]))
    verdict = can_start(house.applicant, northern, now=northern.opens_at - timedelta(days=1))
    assert verdict == Refused(verdict.reason, first=Way(northern.get_absolute_url(), "Se utlysningen"))
    assert str(verdict.reason).startswith("Runden åpner for søknader")


def test_before_the_list_is_set_up_and_locked(house, northern, frozen_clock, sign_in):
    """The secretariat that came too early to the forwarding was told that the secretariat gives it access."""
    now = northern.closes_at
    frozen_clock.move_to(now)
    turn = assessment_world.turn(northern, "community", house.community)
    case = assessment_world.sent(house, northern, now)
    client = sign_in(house.secretary)
    assert_early(client.get(turn_url(turn, "freeze")), "Sett opp listen før", turn_url(turn, "board"))
    prioritising.set_up(turn, by=house.secretary, at=now)
    answer = sign_in(house.secretary).get(turn_url(turn, "forward"))
    assert_early(answer, "Lås prioriteringen før", turn_url(turn, "freeze"))
    assigning.assign(case, turn, house.assessor, due_date=local_date(now), by=house.secretary, at=now)
    answer = sign_in(house.assessor).get(reverse("assessment:attachment", args=[case.code, 1, 1]))
    assert_early(answer, "Svar på om du er habil", reverse("assessment:habilitet", args=[case.code]))


def test_while_the_applicants_correct_it(house, northern, frozen_clock, sign_in):
    now = northern.closes_at
    frozen_clock.move_to(now)
    case = assessment_world.sent(house, northern, now, status="submitted")
    url = reverse("assessment:correction", args=[case.code])
    type(case).objects.filter(pk=case.pk).update(status=Status.CORRECTION)
    answer = sign_in(house.secretary).post(url, {"reason": "Ikke rettet."})
    assert_early(answer, "Søkerne kan rette til fristen er ute.", url)


def test_before_the_letter_is_approved(house, frozen_clock, sign_in):
    frozen_clock.move_to(NOW)
    (decision,) = decide_from_minutes(adopted(house).meeting, by=house.secretary, at=NOW)
    letter = letters.prepare(decision, by=house.secretary, at=NOW)
    answer = sign_in(house.secretary).post(reverse("decisions:send", args=[letter.number]))
    assert_early(answer, "Bare godkjente brev kan sendes", letter.get_absolute_url())


def test_before_the_project_has_started(house, frozen_clock, sign_in):
    frozen_clock.move_to(NOW)
    code = accepted(house).decision.application.code
    answer = sign_in(house.applicant).get(reverse("followup:evaluation", args=[code]))
    assert_early(answer, "Meld driftsstart før", reverse("followup:start", args=[code]))


def assert_early(answer, said, url):
    """The state has a heading of its own, and the page leads to what comes first."""
    page = html.unescape(answer.content.decode())
    headings = [words in page for words in ("Dette kan ikke gjøres ennå", "Du har ikke tilgang til dette")]
    assert (answer.status_code, said in page, headings) == (403, True, [True, False])
    assert f'<a class="ds-button" href="{url}">' in page


# --- the predicates ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_refusal_that_tells_of_something_to_come_is_a_lack_of_access(module):
    told = refusals(ast.parse(module.read_text()), EARLY, ("first", "is_past"))
    assert {sentence for sentence, is_told in told if not is_told} == set()


def test_the_search_finds_what_is_early():
    tree = ast.parse('def can(user):\n    return allow_if(user, _("Lås listen før dere sender den."))')
    assert list(refusals(tree, EARLY, ("first",))) == [("Lås listen før dere sender den.", False)]
    said = [told for module in MODULES for told in refusals(ast.parse(module.read_text()), EARLY, ("first",))]
    assert len([sentence for sentence, is_told in said if is_told]) > 12


def test_what_is_past_has_nothing_first():
    first = Way("/", "Forsiden")
    assert allow_if(False, "Nei.", is_past=True, first=first) == Refused("Nei.", is_past=True)
    assert isinstance(allow_if(True, "Nei.", first=first), Allowed)
    with pytest.raises(PastError):
        require(allow_if(False, "Nei.", is_past=True, first=first))
    with pytest.raises(EarlyError):
        require(allow_if(False, "Nei.", first=first))
