"""The three tracks of the demo, walked to the end as README.md says, with the clock of the demo."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from applications.models import Application
from evaluation.assessment.models import Recommendation
from evaluation.assessment.queries import turns
from evaluation.assessment.turn import turn_url
from evaluation.decisions.models import Letter
from evaluation.demo import tasks
from evaluation.demo.moments import moments
from evaluation.demo.timeline import person
from evaluation.followup.models import EvaluationReport
from evaluation.meetings.models import Attendance, Case, Meeting
from evaluation.meetings.queries.electorate import roll_of
from portal import clock
from portal.communities.queries import standing_at
from portal.formats import date_no
from portal.mail import mailbox
from rounds.models import Round
from tests.decisions.walk import Walk
from tests.meetings import world as meetings

README = settings.BASE_DIR / "README.md"

pytestmark = [pytest.mark.fault("D11"), pytest.mark.slow, pytest.mark.release, pytest.mark.timeout(900)]


class Visit(Walk):
    """What a visitor presses, signed in as one person after another."""

    @property
    def at(self):
        return clock.now()

    def go(self, key):
        """Move the clock to the first moment of that kind, by the page."""
        moment = next(moment for moment in moments(self.at) if moment.key.startswith(key))
        page = Client().post(reverse("demo:move"), {"moment": moment.key}, follow=True)
        assert "Klokka er framme." in page.content.decode()

    def is_told_in_the_readme(self, track):
        """The row of the track names exactly those who were signed in."""
        [names] = re.findall(rf"^\| {track} \| ([^|]+) \|", README.read_text(encoding="utf-8"), re.MULTILINE)
        addresses = {user.email.partition("@")[0] for user in self.clients}
        assert set(re.findall(r"([a-z][a-z.]*[a-z])@", names)) == addresses

    def inbox(self, address):
        """The subjects of the mails to the address, the newest first."""
        mails = [mailbox.read_mail(name) for name in mailbox.names()]
        return [mail["Subject"].strip() for mail in mails if address in mail["To"]]

    def meet_as_proposed(self, chair, meeting):
        """The meeting held: those who vote arrive, habilitet is decided, and each case is resolved as proposed."""
        self.press(chair, reverse("meetings:open", args=[meeting.pk]), on_day=clock.local_date(self.at).isoformat())
        for line in Attendance.objects.filter(meeting=meeting, seat__right="vote"):
            self.press(chair, reverse("meetings:attend", args=[meeting.pk, line.pk]), act="arrive")
        for case in Case.objects.filter(meeting=meeting).order_by("position"):
            self.press(chair, reverse("meetings:go_to", args=[meeting.pk]), case=case.pk)
            for question in roll_of(case.meeting, case).undecided:
                address = reverse("meetings:decide_habilitet", args=[case.pk, question.pk])
                self.press(chair, address, is_recused="yes", reason="Leder enheten som får pengene.")
            if case.kind == "decision":
                self.press(chair, reverse("meetings:resolve_as_proposed", args=[case.pk]), **meetings.as_shown(case))
            else:
                self.press(chair, reverse("meetings:note", args=[case.pk]), text="Tatt til orientering.")
        self.press(chair, reverse("meetings:close", args=[meeting.pk]))
        self.press(
            chair, self.as_person(chair).get(reverse("meetings:adopt_minutes", args=[meeting.pk])).context["url"]
        )

    def send_letters(self, officer, colleague, meeting=None):
        """The decisions of the meeting, and every letter read and approved by a colleague, and sent."""
        if meeting:
            self.press(officer, reverse("decisions:decide_meeting", args=[self.round.code, meeting.pk]))
            self.press(officer, reverse("decisions:prepare_all", args=[self.round.code]))
        for letter in Letter.objects.filter(status="draft", decision__application__round=self.round):
            preview = reverse("decisions:preview", args=[letter.number])
            assert self.as_person(colleague).get(preview).status_code == 200
            self.press(colleague, f"{reverse('decisions:approve', args=[letter.number])}?shown={letter.sha256}")
            self.press(officer, f"{reverse('decisions:send', args=[letter.number])}?shown={letter.sha256}")

    def accept_and_start(self, signatory, writer, **more):
        """The award accepted, a week passed, and the start told."""
        code = self.application.code
        self.fill(signatory, reverse("followup:accept", args=[code]), {
            "planned_start_date": date_no(self.at + timedelta(days=5)), "responsible_name": writer.name,
            "responsible_email": writer.email, "account_number": "8601 11 17947", **more,
        })  # fmt: skip
        self.go("week")
        self.fill(writer, reverse("followup:start", args=[code]), {"started": date_no(self.at - timedelta(days=1))})

    def fill(self, signed_in, address, data):
        """The form of the page with these values, and every box ticked."""
        form = self.as_person(signed_in).get(address).context["form"]
        boxes = {name: "on" for name, field in form.fields.items() if field.__class__.__name__ == "BooleanField"}
        unseen = {field.html_name: field.value() for field in form.hidden_fields()}
        return self.press(signed_in, address, **boxes, **unseen, **data)

    def reminded_of_the_evaluation(self, writer):
        """Time goes until the evaluation is due; the reminders have come by then."""
        report = EvaluationReport.objects.get(acceptance__decision__application=self.application)
        assert report.due_date == clock.add_months(report.acceptance.operation_started_date, 9)
        self.go(f"evaluation:{report.pk}")
        subject = f"«{self.application.title}»: skriv evalueringen"
        assert subject in self.inbox(writer.email), self.inbox(writer.email)

    # --- the list of a turn ----------------------------------------------------------------------------

    def admit(self, officer, application):
        url = reverse("assessment:admission", args=[application.code])
        form = self.as_person(officer).get(url).context["form"]
        ticked = {f"check-{item.code}": "on" for item in form.items}
        self.press(officer, url, act="admit", version=form.initial["version"], **ticked)

    def share_out(self, officer, *assessors, each):
        """Everything that waits for assessors goes to these."""
        title = next(title for title in self.tasks(officer) if title.startswith("Fordel "))
        page = self.led_to(officer, title)
        due = (clock.local_date(self.at) + timedelta(days=2)).isoformat()
        chosen = [assessor.pk for assessor in assessors]
        self.press(officer, page.request["PATH_INFO"], assessors=chosen, each=each, due_date=due)

    def deliver(self, assessor, application, stage, points="2"):
        """The assessor says that there is no tie, and delivers points and a judgement for everything."""
        tie = reverse("assessment:habilitet", args=[application.code])
        self.as_person(assessor).post(tie, {"has_tie": "no"})
        url = reverse("assessment:score", args=[application.code, stage])
        form = self.as_person(assessor).get(url).context["form"]
        marks = {
            name: points if name.startswith("points-") else "Svaret er konkret." for name in form.fields if "-" in name
        }
        shown = {"version": form.initial["version"], "seen": form.initial["seen"]}
        self.press(assessor, url, act="deliver", **shown, **marks)

    def lock_and_forward(self, officer, turn, *, forward=True):
        """Each application recommended, the tasks recorded, the list locked, and sent on."""
        board = turn_url(turn, "board")
        if any(title.startswith(("Sett opp", "Hent ")) for title in self.tasks(officer)):
            self.press(officer, board)
        for row in Recommendation.objects.filter(priority_list=turns.priority_list_of(turn), outcome=""):
            self.press(
                officer, f"{board}{row.application.code}/", outcome="granted", reason=f"Svarer godt: {row.application}."
            )
        page = self.as_person(officer).get(board)
        for task, done, _form in page.context["tasks"]:
            if not done:
                self.press(officer, f"{board}tasks/{task}/", **{f"{task}-note": "Møtet i arbeidsutvalget."})
        freeze = turn_url(turn, "freeze")
        shown = self.as_person(officer).get(freeze).context["shown"]
        assert "Prioriteringen er låst." in self.press(officer, freeze, shown=shown).content.decode()
        if forward:
            onwards = turn_url(turn, "forward")
            shown = self.as_person(officer).get(onwards).context["shown"]
            assert "oversendt" in self.press(officer, onwards, shown=shown).content.decode()

    def turn_of(self, officer):
        [turn] = turns.handled_turns(self.round, standing_at(officer, self.at))
        return turn


@pytest.fixture
def visit(demo, movable, monkeypatch):
    """A visit to one round of the demo, or to one application of it."""
    monkeypatch.setattr(tasks.walk, "delay", tasks.walk)

    def begin(code, title=None):
        round_ = Round.objects.get(code=code)
        return Visit(None, None, round_, Application.objects.get(title=title) if title else None)

    return begin


def test_innlandet_from_the_letter_to_the_evaluation(visit):
    way = visit("innlandet-2024", "Tidlig støttet utskriving etter hjerneslag")
    way.send_letters(person("samhandlingskoordinator.innlandet"), person("samhandlingssjef.innlandet"))
    told = Letter.objects.get(decision__application__title="Felles nettside om helsefellesskapet", kind="rejected")
    assert told.status == "sent"
    adjusted = "Partene dekker utstyret selv, og opplæringen tas i egne fagdager."
    way.accept_and_start(person("kommunedirektor.hamar"), person("prosjektleder.hamar"), adjustment=adjusted)
    way.reminded_of_the_evaluation(person("prosjektleder.hamar"))
    way.is_told_in_the_readme("Innlandet")


def test_troms_and_ofoten_from_the_meeting_to_the_evaluation(visit):
    way = visit("troms-ofoten-2024", "Ambulant demensteam i Midt-Troms")
    way.go("meeting:")
    meeting = Meeting.objects.get(body__code="ssu-troms-ofoten", status="planned")
    way.meet_as_proposed(person("ssu.leder"), meeting)
    way.send_letters(person("samhandlingsleder.kommunene"), person("samhandlingssjef.unn"), meeting)
    way.application.refresh_from_db()
    assert way.application.known_status == "granted"
    way.accept_and_start(person("kommunedirektor.senja"), person("prosjektleder.senja"))
    way.reminded_of_the_evaluation(person("prosjektleder.senja"))
    way.is_told_in_the_readme("Troms og Ofoten")


def test_helse_nord_from_the_deadline_to_the_region_and_the_evaluation(visit):
    """The lists of two helsefellesskap are locked and forwarded; the region scores, lists and decides."""
    way = visit("helse-nord-2025", "Ett team rundt skrøpelige eldre i Harstad-området")
    way.go("after:")
    officer, assessors = person("samhandlingsleder.kommunene"), [person("vurderer.kommunene"), person("vurderer.unn")]
    way.admit(officer, unge := Application.objects.get(title__startswith="Rask psykisk"))
    lindrende = Application.objects.get(title="Felles opplæring i lindrende behandling")
    refusal = reverse("assessment:correction", args=[lindrende.code])
    way.press(officer, refusal, reason="Søknaden ble ikke rettet innen fristen.")
    way.share_out(officer, *assessors, each=2)
    for assessor in assessors:
        way.deliver(assessor, unge, "community", points="1")
    way.deliver(assessors[0], Application.objects.get(title__startswith="Felles spesialistvakt"), "community")
    way.lock_and_forward(officer, way.turn_of(officer))
    officer = person("samhandlingsleder.helgeland")
    way.lock_and_forward(officer, way.turn_of(officer))
    region_decides(way)
    way.accept_and_start(person("kommunedirektor.harstad"), person("nestleder.fsu.phr"))
    way.reminded_of_the_evaluation(person("nestleder.fsu.phr"))
    way.is_told_in_the_readme("Helse Nord")
    way.application.refresh_from_db()
    assert way.application.known_status == "in_operation"


def region_decides(way):
    """Tildelingsutvalget: one assessor, a list of both helsefellesskap's applications, a meeting, and the letters."""
    boss, chair = person("regional.radgiver"), person("leder.tildelingsutvalget")
    turn = way.turn_of(boss)
    way.share_out(boss, person("regional.samhandlingssjef"), each=1)
    for entry in turns.in_work(turn):
        way.deliver(person("regional.samhandlingssjef"), entry, "region")
    way.lock_and_forward(boss, turn, forward=False)
    meeting = Meeting.objects.get(body__code="tildelingsutvalg-helse-nord")
    way.press(boss, reverse("meetings:add_list", args=[meeting.pk, turns.priority_list_of(turn).pk]))
    way.meet_as_proposed(chair, meeting)
    way.send_letters(boss, person("regional.samhandlingssjef"), meeting)
    way.application.refresh_from_db()
    assert way.application.known_status == "granted"
