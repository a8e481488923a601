"""A body's meeting: planned, called, set, voted in on the members' own screens, its minutes adopted."""

import re
import time
from datetime import timedelta

from playwright.sync_api import expect

from portal import clock


class Room:
    """A meeting's room, as each person in it sees it on a page of their own."""

    def __init__(self, journey, leader, number):
        self.journey, self.leader, self.number = journey, journey.page_of(leader), number
        self.members = {}

    def enter(self, *people):
        """Each goes to the room and reports in."""
        for name in people:
            page = self.members[name] = self.journey.page_of(name)
            page.goto(f"/meetings/{self.number}/")
            page.get_by_role("button", name="Jeg er til stede").click()
            expect(page.get_by_role("button", name="Jeg er til stede")).to_have_count(0)

    def lead(self):
        """The leader's own page of the room."""
        self.leader.goto(f"/meetings/{self.number}/")
        return self.leader

    def vote(self, choice, others, watching):
        """Everybody votes on their own screen when the vote opens there, but those who only watch."""
        for name, page in self.members.items():
            if name in watching:
                continue
            page.get_by_role("button", name=others.get(name, choice), exact=True).click()
            expect(page.get_by_role("heading", name=re.compile(r"^Du har stemt"))).to_be_visible()

    def close_ballot(self, watching):
        """Close the ballot; the seconds until the result stands on every screen but those of the inhabile."""
        voters = [page for name, page in self.members.items() if name not in watching]
        button = self.leader.get_by_role("button", name="Lukk voteringen")
        expect(self.leader.get_by_text("Alle til stede har stemt.")).to_be_visible()
        for page in voters:
            page.evaluate(WATCH)
        button.click()
        closed = time.time()
        for page in [self.leader, *voters]:
            expect(page.get_by_role("region", name="Resultat av voteringen").first).to_be_visible()
        assert not any(self.members[name].locator(".result").count() for name in watching)
        return max(page.evaluate("() => window.resultSeenAt") / 1000 - closed for page in voters)


# Notes in the browser when the result comes, so that asking one screen after the other costs nothing.
WATCH = """() => {
  const look = () => {
    if (document.querySelector(".result")) window.resultSeenAt ??= Date.now();
  };
  new MutationObserver(look).observe(document.getElementById("screen"), { childList: true, subtree: true });
}"""


def plan(journey, page, body):
    """A meeting of the body on the day after tomorrow; gives the meeting's number in the address."""
    page.goto("/meetings/plan/")
    bodies = page.get_by_label("Utvalg")
    bodies.select_option(bodies.locator("option", has_text=body).first.get_attribute("value"))
    day = clock.local(journey.now) + timedelta(days=2)
    page.locator('[name="starts_at_0"]').fill(f"{day:%d.%m.%Y}")
    page.locator('[name="starts_at_1"]').fill("10.00")
    page.get_by_label("Sted").fill("Møterom 3")
    journey.look(page, "meeting-plan")
    page.get_by_role("button", name="Opprett møtet").click()
    expect(page).to_have_url(re.compile(r"/meetings/\d+/agenda/$"))
    return re.search(r"/meetings/(\d+)/", page.url).group(1)


def add_list(journey, page, number, round_title):
    """Make the cases from the frozen list; gives their references."""
    page.goto(f"/meetings/{number}/agenda/")
    card = page.locator("form.party").filter(has_text=round_title)
    card.get_by_role("button", name="Sett på sakslisten").click()
    expect(page.locator("table.agenda")).to_be_visible()
    journey.look(page, "agenda")
    return page.locator("table.agenda tbody tr td:first-child").all_inner_texts()


def call(journey, page, number):
    """Look at who is called, and send the call."""
    page.goto(f"/meetings/{number}/call/")
    journey.look(page, "call")
    page.get_by_role("button", name="Send innkallingen").click()
    expect(page.get_by_text("Innkallingen er sendt, og medlemmene kan lese sakspapirene.")).to_be_visible()


def open_meeting(room):
    """Set the meeting."""
    page = room.lead()
    room.journey.look(page, "room-waiting")
    page.get_by_role("button", name="Sett møtet").click()
    is_set, asks = page.get_by_text("Møtet er satt."), page.get_by_role("button", name="Sett møtet i dag")
    expect(is_set.or_(asks)).to_be_visible()
    # The page asks when the meeting was planned for another day.
    if asks.is_visible():
        room.journey.look(page, "meeting-open")
        asks.click()
    expect(is_set).to_be_visible()


def say_inhabil(room, name, why):
    """A member tells of a tie in the case in hand."""
    page = room.members[name]
    page.get_by_role("link", name="Meld en tilknytning").click()
    room.journey.look(page, "raise-habilitet")
    page.get_by_role("radio").first.check()
    page.get_by_label("Forklaring").fill(why)
    page.get_by_role("button", name="Meld fra").click()
    expect(page.get_by_text("Det er meldt fra. Utvalget avgjør når saken kommer opp.")).to_be_visible()


def decide_habilitet(room, name, *, recused, reason):
    """The leader enters what the body decided about the member."""
    page = room.lead()
    page.get_by_role("listitem").filter(has_text=name).get_by_role(
        "link", name="Registrer utvalgets avgjørelse"
    ).click()
    room.journey.look(page, "decide-habilitet")
    page.get_by_role("radio", name="Inhabil" if recused else "Habil").check()
    page.get_by_label("Begrunnelse").fill(reason)
    page.get_by_role("button", name="Registrer avgjørelsen").click()
    expect(page.get_by_text("Avgjørelsen om habilitet er registrert.")).to_be_visible()


def decide_by_vote(room, choice="For", others=None, watching=()):
    """The proposal of the paper voted on, the ballot closed, the resolution entered; the seconds it took to show."""
    page = room.leader
    page.get_by_role("button", name="Åpne votering over forslaget").click()
    for member in room.members.values():
        expect(member.get_by_role("heading", name="Voteringen er åpen")).to_be_visible()
    room.journey.look(next(iter(room.members.values())), "room-vote")
    room.vote(choice, others or {}, watching)
    seconds = room.close_ballot(watching)
    room.journey.look(page, "room-result")
    page.get_by_role("button", name="Registrer vedtaket").click()
    expect(page.get_by_role("heading", name="Vedtak", exact=True)).to_be_visible()
    return seconds


def decide_by_agreement(room):
    """Nobody asks for a vote: the resolution entered as all agree."""
    page = room.leader
    page.get_by_role("button", name="Alle er enige, registrer vedtaket").click()
    expect(page.get_by_role("heading", name="Vedtak", exact=True)).to_be_visible()


def go_on(room, reference):
    """On to the next case."""
    room.leader.get_by_role("button", name=f"Videre til sak {reference}").click()
    expect(room.leader.get_by_text(re.compile(rf"^\s*Sak {reference}\s+·")).first).to_be_visible()


def close_meeting(room):
    """Close the meeting; the minutes are there on every screen."""
    room.leader.get_by_role("link", name="Hev møtet").click()
    expect(room.leader.get_by_role("heading", name="Vil du heve møtet?")).to_be_visible()
    room.leader.get_by_role("button", name="Hev møtet").click()
    expect(room.leader.get_by_text("Møtet er hevet. Her er protokollen.")).to_be_visible()
    for page in room.members.values():
        expect(page.get_by_role("heading", name="Møtet er hevet")).to_be_visible()
        # A screen that nobody looks at any more would go on asking every second.
        page.goto("about:blank")


def adopt_minutes(journey, page, number, remarks):
    """Write the remarks and adopt; the minutes are frozen and become a PDF."""
    page.goto(f"/meetings/{number}/minutes/")
    page.get_by_role("textbox", name="Merknader").fill(remarks)
    page.get_by_role("button", name="Lagre merknadene").click()
    expect(page.get_by_text("Merknadene er lagret.")).to_be_visible()
    journey.look(page, "minutes")
    page.get_by_role("link", name="Se over og godkjenn").click()
    expect(page.get_by_role("heading", name="Vil du godkjenne protokollen?")).to_be_visible()
    journey.look(page, "minutes-adopt")
    page.get_by_role("button", name="Godkjenn og lås protokollen").click()
    expect(page.get_by_role("heading", name="Protokollen er godkjent", level=1)).to_be_visible()
    journey.work()
    page.reload()
    return journey.download(page, "Last ned protokollen (PDF)", "protokoll.pdf")
