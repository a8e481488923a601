"""One application's way from the sending to the letter, pressed in the pages by the persons whose work it is."""

import re
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from typing import Any

from django.test import Client
from django.urls import reverse

from applications.models import Application
from applications.services.submitting import submit
from evaluation.decisions.models import Decision, Letter
from evaluation.meetings.models import Attendance, Case, Meeting
from portal.clock import local_date
from tests.applications import world as applications_world
from tests.meetings import world as meetings


@dataclass
class Walk:
    """One application on its way, and the persons in front of their pages."""

    house: Any
    clock: Any
    round: Any
    application: Any = None

    def __post_init__(self):
        self.clients = {}

    @property
    def at(self):
        """The portal's time."""
        return self.round.closes_at + timedelta(hours=9)

    def as_person(self, person):
        """The person's own browser."""
        if person not in self.clients:
            self.clients[person] = Client()
            self.clients[person].force_login(person)
        return self.clients[person]

    def tasks(self, person):
        """What stands on the person's front page as work to do, by title, with where each leads."""
        page = unescape(self.as_person(person).get("/").content.decode())
        main = page[page.index("<main") :]
        links = re.findall(r'<a[^>]*href="([^"]+)"[^>]*>([^<]+)</a>', main)
        first = re.findall(r'id="next-step-title">([^<]+)</h2>.*?href="([^"]+)"', main, re.DOTALL)
        return {title.strip(): url for url, title in links} | dict(first)

    def led_to(self, person, title):
        """Follow the task of that title from the front page; the page it leads to opens."""
        tasks = self.tasks(person)
        if self.round.spec.form.is_initiative and title not in tasks:
            title = title.replace("søknad", "initiativ")
        assert title in tasks, (person, title, sorted(tasks))
        answer = self.as_person(person).get(tasks[title], follow=True)
        assert answer.status_code == 200
        return answer

    def press(self, person, url, **data):
        """A POST that is taken: it leads on to a page that opens."""
        answer = self.as_person(person).post(url, data)
        assert (url, answer.status_code) == (url, 302), answer.content.decode()[-3000:]
        after = self.as_person(person).get(answer["Location"], follow=True)
        assert after.status_code == 200
        return after

    # --- the way --------------------------------------------------------------------------------------

    def send(self):
        """The applicants send a whole application in time."""
        whole = applications_world.whole(self.house, self.round)
        submit(whole, by=self.house.applicant, at=applications_world.open_moment(self.round))
        self.application = Application.objects.get(pk=whole.pk)
        self.clock.move_to(self.at)

    def check(self, officer, **gates):
        """The check of the stage that the application has come to, with every box ticked."""
        page = self.led_to(officer, "Kontroller 1 søknad")
        assert self.application.title in page.content.decode()
        url = reverse("assessment:admission", args=[self.application.code])
        form = self.as_person(officer).get(url).context["form"]
        met = {f"gate-{code}": criteria for code, criteria in gates.items()}
        ticked = {f"check-{item.code}": "on" for item in form.items}
        self.press(officer, url, act="admit", version=form.initial["version"], **ticked, **met)

    def assess(self, officer, assessors, share, **points):
        """The application shared out, declared habil for, and scored by each; ``points`` are by criterion."""
        page = self.led_to(officer, share)
        due = (local_date(self.at) + timedelta(days=2)).isoformat()
        url = page.request["PATH_INFO"]
        chosen = [assessor.pk for assessor in assessors]
        self.press(officer, url, assessors=chosen, each=len(assessors), due_date=due)
        for assessor in assessors:
            self.score(assessor, points)

    def score(self, assessor, points):
        """One assessor's declaration and points: 3 for what ``points`` does not name."""
        self.led_to(assessor, "Vurder 1 søknad")
        answer = self.as_person(assessor).post(
            reverse("assessment:habilitet", args=[self.application.code]), {"has_tie": "no"}
        )
        page = self.as_person(assessor).get(answer["Location"])
        form = page.context["form"]
        marks = {name: "3" if name.startswith("points-") else "Godt." for name in form.fields if "-" in name}
        marks |= {f"points-{code}": value for code, value in points.items()}
        self.press(assessor, answer["Location"], act="deliver", version=1, **marks)
        return page

    def lock(self, officer, **more):
        """The list set up, recommended in full, its tasks recorded, and locked."""
        self.recommend(officer, **more)
        self.freeze(officer)

    def recommend(self, officer, **more):
        """The list set up and recommended in full, with ``more`` on the recommendation, and its tasks recorded."""
        board = self.led_to(officer, "Sett opp listen").request["PATH_INFO"]
        self.press(officer, board)
        self.led_to(officer, "Skriv innstilling for 1 søknad")
        self.press(officer, f"{board}{self.application.code}/", outcome="granted", reason="Svarer godt.", **more)
        record = next(title for title in self.tasks(officer) if title.startswith("Registrer at "))
        page = self.led_to(officer, record)
        for task, _done, _form in page.context["tasks"]:
            self.press(officer, f"{board}tasks/{task}/", **{f"{task}-note": "Møtet 10.03.2025"})

    def freeze(self, officer):
        """The list locked."""
        page = self.led_to(officer, "Lås prioriteringen")
        pressed = self.press(officer, page.request["PATH_INFO"], shown=page.context["shown"])
        assert "Prioriteringen er låst." in pressed.content.decode()

    def forward(self, officer, body):
        """The list sent on to the next stage."""
        page = self.led_to(officer, "Oversend listen")
        assert str(body) in page.content.decode()
        pressed = self.press(officer, page.request["PATH_INFO"], shown=page.context["shown"])
        assert "oversendt" in pressed.content.decode()

    def meet(self, officer, chair, body):
        """The body's meeting, with the list on its agenda, to adopted minutes."""
        self.led_to(officer, "Sett listen opp i et møte")
        day = local_date(self.at) + timedelta(days=7)
        words = {"starts_at_0": day.isoformat(), "starts_at_1": "12:00", "location": "Teams"}
        page = self.press(officer, reverse("meetings:plan"), body=body.pk, **words)
        meeting = Meeting.objects.get(body=body)
        (ready,) = page.context["lists"]
        self.press(officer, reverse("meetings:add_list", args=[meeting.pk, ready.pk]))
        self.press(officer, reverse("meetings:call", args=[meeting.pk]))
        self.press(chair, reverse("meetings:open", args=[meeting.pk]), on_day=local_date(self.at).isoformat())
        voters = Attendance.objects.filter(meeting=meeting, seat__right="vote", seat__deputy_for=None)
        # Whoever has a strong tie would first be asked whether it makes him inhabil; here he stays away.
        for line in voters.exclude(seat__user=self.house.recused_member):
            self.press(chair, reverse("meetings:attend", args=[meeting.pk, line.pk]), act="arrive")
        for case in Case.objects.filter(meeting=meeting).order_by("position"):
            self.press(chair, reverse("meetings:go_to", args=[meeting.pk]), case=case.pk)
            self.press(chair, reverse("meetings:resolve_as_proposed", args=[case.pk]), **meetings.as_shown(case))
        self.press(chair, reverse("meetings:close", args=[meeting.pk]))
        self.press(
            chair, self.as_person(chair).get(reverse("meetings:adopt_minutes", args=[meeting.pk])).context["url"]
        )
        assert Meeting.objects.get().status == "adopted"

    def tell(self, officer, body):
        """The decision registered from the minutes, and the letter written, looked at, approved and sent.

        A colleague approves it, where the officer has one.
        """
        self.led_to(officer, f"Registrer vedtakene fra møtet i {body}")
        code, meeting = self.round.code, Meeting.objects.get()
        self.press(officer, reverse("decisions:decide_meeting", args=[code, meeting.pk]))
        self.led_to(officer, "Skriv ett brev")
        self.press(officer, reverse("decisions:prepare_all", args=[code]))
        number = Letter.objects.get().number
        reader = self.house.hospital_secretary if officer == self.house.secretary else officer
        self.led_to(reader, "Les og godkjenn ett brev")
        assert self.as_person(reader).get(reverse("decisions:preview", args=[number])).status_code == 200
        self.press(reader, f"{reverse('decisions:approve', args=[number])}?shown={Letter.objects.get().sha256}")
        self.led_to(officer, "Send ett brev")
        self.press(officer, f"{reverse('decisions:send', args=[number])}?shown={Letter.objects.get().sha256}")
        assert (Decision.objects.get().outcome, Letter.objects.get().status) == ("granted", "sent")
        self.application.refresh_from_db()
        assert (self.application.status, self.application.known_status) == ("granted", "granted")

    # --- what others see ------------------------------------------------------------------------------

    def entries(self):
        """The way of the application, as its rows tell it."""
        rows = self.application.stage_entries.values_list("stage__code", "community__code", "state")
        return [tuple(row) for row in rows]

    def nothing_for(self, *persons):
        """Neither task, list nor paper of the application is in these persons' hands."""
        for person in persons:
            client = self.as_person(person)
            assert self.application.title not in client.get("/").content.decode()
            for name in ("assessment:detail", "assessment:papers", "applications:sent"):
                url = reverse(name, args=[self.application.code])
                assert (person, url, client.get(url).status_code) == (person, url, 404)
            # Who owns the round, or handles a later stage of it, sees that there is such a round.
            for name in ("assessment:round", "decisions:overview"):
                page = client.get(reverse(name, args=[self.round.code]))
                assert page.status_code in {200, 404}
                assert self.application.title not in page.content.decode()
            titles = " ".join(self.tasks(person))
            for word in ("Kontroller", "Fordel", "Oversend", "Sett opp", "Registrer", "Send brev"):
                assert word not in titles, (person, titles)
