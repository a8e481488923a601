"""What is applied with in Innlandet is an initiativ: in all mails and on the main pages, in all three languages."""

import ast
import re
from datetime import timedelta
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy, override

from applications import permissions
from applications.models import Signature
from applications.services import correcting, submitting
from evaluation.assessment.forms import DistributeForm
from evaluation.assessment.services import admission, prioritising
from evaluation.assessment.turn import turn_url
from portal.communities.models import User
from portal.journal.questions import noun_contexts
from portal.mail.models import Message
from portal.twins import tell_form, twin_of
from rounds.nouns import INITIATIVE
from tests import factories
from tests.applications import world as applications_world
from tests.assessment import world as assessment_world

TEMPLATES = Path(settings.BASE_DIR) / "templates"
# What has the noun in another word is called the same for all: the amount, the deadline, the list of one's own.
SAME_FOR_ALL = re.compile(
    r"mine søkna\w+|søknads?(beløp|frist|kode|behandling|runde|sum)\w*|enkeltsøknad\w*|felles søknad|"
    r"my applications|application (amount|deadline|code|round)s?|amount applied for",
    re.IGNORECASE,
)
NOUN = {"nb": "søknad", "nn": "søknad", "en": "application"}
SENTENCE = re.compile(
    r'\{% translate "([^"]*)"|_\("([^"]*)"\)|'
    r"\{% blocktranslate((?:(?!%\}).)*)%\}((?:(?!endblocktranslate).)*)\{% endblock",
    re.DOTALL,
)
# Pages and mails that are about no round, about several, or written twice in the template itself.
OF_NO_ROUND = {
    "applications/_budget_words.html", "applications/application_list.html", "assessment/_desk_table.html",
    "assessment/desk.html", "assessment/rounds.html", "assessment/_rounds_table.html", "assessment/_home_rounds.html",
    "emails/decision_letter/body.txt", "emails/person_address_changed/body.txt", "letters/_decision_body.html",
    # Frozen, and drawn from what was frozen.
    "letters/package.html", "letters/submission.html", "letters/round_questions.html",
}  # fmt: skip
ROOMS = ("applications", "assessment", "decisions", "emails", "followup", "letters", "meetings", "rounds")


def says(text, language="nb"):
    """Whether the text calls something by the noun."""
    return NOUN[language] in SAME_FOR_ALL.sub("", text).lower()


def sentences(text):
    """Each sentence for translation, with the head of its tag."""
    for one, other, head, block in SENTENCE.findall(text):
        yield head, one or other or block


@pytest.mark.parametrize("room", ROOMS)
def test_each_sentence_of_a_template_has_a_twin(room):
    """Also those of a mail that no test here queues."""
    files = [path for end in ("html", "txt") for path in (TEMPLATES / room).rglob(f"*.{end}")]
    without = [
        (name, sentence)
        for path in files
        if (name := str(path.relative_to(TEMPLATES))) not in OF_NO_ROUND
        for head, sentence in sentences(path.read_text())
        if says(sentence) and "noun_context" not in head
    ]
    assert files
    assert without == []


GETTEXT = {"_", "_lazy", "gettext", "gettext_lazy", "gettext_noop", "ngettext"}
OF_BOTH = {
    # Of several rounds, or of no application at all.
    "Søknader", "Vurder %(n)s søknad", "Vurder %(n)s søknader", "Sak %(case)s gjelder ingen søknad.",
    "Saken gjelder ingen søknad. Meld fra om du kan være inhabil.",
}  # fmt: skip


def test_each_refusal_of_those_who_assess_and_decide_speaks_of_the_case_or_has_a_twin():
    """What stands in code without a twin is said of both kinds: refusals, labels and what the log tells."""
    calls = [
        call
        for path in (Path(settings.BASE_DIR) / "evaluation").rglob("*.py")
        if not {"demo", "migrations"} & set(path.parts)
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in GETTEXT and call.args
    ]
    words = [argument.value for call in calls for argument in call.args if isinstance(argument, ast.Constant)]
    said = {word for word in words if isinstance(word, str)}
    assert len(said) > 300
    assert {sentence for sentence in said if says(sentence)} == OF_BOTH


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_each_twin_is_about_an_initiative(language):
    file = Path(settings.BASE_DIR) / "locale" / language / "LC_MESSAGES/django.po"
    with file.open("rb") as text:
        twins = [message for message in read_po(text, locale=language) if message.context == INITIATIVE.context]
    texts = [text for twin in twins for text in ([twin.string] if isinstance(twin.string, str) else twin.string)]
    assert len(twins) > 100
    assert [text for text in texts if not text or says(text, language)] == []


@pytest.fixture
def at(frozen_clock):
    of_round = applications_world.definition("innlandet-2024")
    moment = applications_world.open_moment(type("Closes", (), {"closes_at": of_round.dates.closes}))
    frozen_clock.move_to(moment)
    return moment


@pytest.fixture
def initiative(house, at):
    """One that is whole and signed, with its round and the office of Innlandet."""
    of_round = applications_world.real_round("innlandet-2024")
    whole = applications_world.whole(house, of_round, title="Heim")
    home = whole.community
    return whole, factories.seat(home.bodies.get(code="sekr-innlandet")).user


def read(text):
    """What a person reads of a page or a mail, in one line."""
    main = re.sub(r"(?s)^.*<main|</main>.*$", "", text)
    return " ".join(strip_tags(re.sub(r"(?s)<(script|style).*?</\1>", "", main)).split())


def around(text, language="nb"):
    """The noun with what stands around it, wherever it is said."""
    plain = SAME_FOR_ALL.sub("", re.sub(r"https?://\S+", "", text))
    return [
        plain[max(0, hit.start() - 40) : hit.end() + 30] for hit in re.finditer(NOUN[language], plain, re.IGNORECASE)
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_the_mails_about_an_initiative(house, initiative, at, language):
    whole, office = initiative
    type(house.applicant).objects.update(language=language)
    type(whole).objects.update(language=language)
    whole = type(whole).objects.get()
    Signature.objects.all().delete()
    applications_world.sign_all(house, whole, at)
    submission = submitting.submit(whole, by=house.applicant, at=at)
    asked = {"sections": [whole.round.spec.sections[0].code], "reason": "Rett.", "due_at": at + timedelta(days=3)}
    correcting.request_correction(submission.application, **asked, by=office, at=at)
    submitting.withdraw(type(whole).objects.get(), by=house.applicant, at=at)
    told = {
        mail.kind: around(f"{mail.title} {mail.body_text} {read(mail.body_html)}", language)
        for mail in Message.objects.filter(language=language)
    }
    kinds = (
        "all_signed",
        "application_submitted",
        "submission_received",
        "correction_requested",
        "application_withdrawn",
    )
    assert told == {kind: [] for kind in kinds}


DRAFT_PAGES = ["detail", "check", "signatures", "withdraw", "sign", "partners", "budget", "attachments"]


@pytest.mark.django_db
@pytest.mark.parametrize("page", DRAFT_PAGES)
def test_the_pages_of_a_draft(house, initiative, sign_in, page):
    whole, _office = initiative
    reader, args = house.applicant, [whole.code]
    if page == "sign":
        reader, args = house.signatory, [whole.code, whole.partners.get(organisation=house.lead).pk]
    answer = sign_in(reader).get(reverse(f"applications:{page}", args=args))
    assert (answer.status_code, around(read(answer.content.decode()))) == (200, [])


@pytest.fixture
def sent(initiative, house, at):
    """The same, sent, with its turn and the office that handles it."""
    whole, office = initiative
    application = submitting.submit(whole, by=house.applicant, at=at).application
    return application, assessment_world.turn(application.round, community=application.community), office


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["sent", "receipt", "withdraw"])
def test_the_pages_of_what_is_sent(house, sent, sign_in, page):
    application, _turn, _office = sent
    answer = sign_in(house.applicant).get(reverse(f"applications:{page}", args=[application.code]))
    assert (answer.status_code, around(read(answer.content.decode()))) == (200, [])


@pytest.mark.django_db
def test_the_tasks_and_the_news_of_an_applicant(house, sent, sign_in, at):
    application, _turn, office = sent
    asked = {"sections": [application.round.spec.sections[0].code], "reason": "Rett.", "due_at": at + timedelta(days=3)}
    correcting.request_correction(application, **asked, by=office, at=at)
    page = read(sign_in(house.co_applicant).get(reverse("portal:home")).content.decode())
    assert ("Rett initiativet «Heim»" in page, "Initiativet ble sendt." in page) == (True, True)
    assert around(page.replace("Søknader og prosjekter", "").replace("Nytt i søknadene", "")) == []


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["detail", "admission", "papers"])
def test_the_pages_of_the_office_about_one(sent, sign_in, page):
    application, _turn, office = sent
    answer = sign_in(office).get(reverse(f"assessment:{page}", args=[application.code]), follow=True)
    assert (answer.status_code, around(read(answer.content.decode()))) == (200, [])


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["turn", "ranking", "board", "list", "freeze"])
def test_the_pages_of_the_office_about_the_round(sent, sign_in, at, page):
    application, turn, office = sent
    checked = {"items": [], "gates": {"one-of-three": ["operation"]}}
    admission.admit(application, checklist=checked, by=office, at=at)
    prioritising.set_up(turn, by=office, at=at)
    answer = sign_in(office).get(turn_url(turn, page), follow=True)
    assert (answer.status_code, around(read(answer.content.decode()))) == (200, [])


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["detail", "questions"])
def test_the_public_pages_of_the_round(house, initiative, client, page):
    whole, _office = initiative
    answer = client.get(reverse(f"rounds:{page}", args=[whole.round.code]))
    said = read(answer.content.decode())
    words = {text for text in (*whole.round.spec.call.model_dump(mode="json").values(),) if isinstance(text, str)}
    assert (answer.status_code, [hit for hit in around(said) if not any(hit in text for text in words)]) == (200, [])


@pytest.mark.django_db
def test_the_log_and_the_refusals(house, sent, sign_in, at):
    application, _turn, office = sent
    days = sign_in(office).get(reverse("portal:log")).context["days"]
    lines = [line for _day, of_day in days for line in of_day]
    assert {line.entry.act for line in lines} >= {"application.submit", "application.signed"}
    assert [line.sentence for line in lines if around(line.sentence)] == []
    refused = permissions.can_edit(house.applicant, application, now=at)
    assert refused.reason == "Initiativet er sendt og kan ikke endres. Det har status «Sendt»."


@pytest.mark.django_db
def test_the_log_asks_once_for_many(house, sent, django_assert_num_queries):
    application, turn, _office = sent
    subjects = {"applications.application": {str(application.pk)}, "rounds.round": {str(turn.round.pk)}}
    with django_assert_num_queries(2):
        contexts = noun_contexts({**subjects, "communities.body": {"1"}})
    assert contexts == {(label, pk): "initiative" for label, pks in subjects.items() for pk in pks}
    with django_assert_num_queries(0):
        assert noun_contexts({"communities.body": {"1"}}) == {}


def test_a_sentence_without_a_twin_is_said_of_both():
    with override("nn"):
        said = [twin_of(gettext_lazy(text), "initiative") for text in ("Søknaden kan sendes.", "Innvilget")]
    assert said == ["Initiativet kan sendast.", "Innvilga"]


@pytest.mark.django_db
def test_the_button_of_a_form_is_told_the_noun():
    form = DistributeForm(people=User.objects.none())
    tell_form(form, "initiative")
    assert form.submit_label == "Fordel initiativene"
