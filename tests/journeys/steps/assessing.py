"""The secretariat and the assessors: check, share out, habilitet, score, rank, recommend, freeze, forward."""

import re

from playwright.sync_api import expect


class Turn:
    """A stage's turn at a helsefellesskap, or at the region: whose pages the secretariat works on."""

    def __init__(self, round_, stage, receiver):
        self.round, self.stage, self.place = round_, stage, receiver

    def page(self, name=""):
        return f"/assessment/round/{self.round.code}/{self.stage}/{self.place}/{name}"

    @property
    def criteria(self):
        """What an assessor judges in the stage."""
        spec = self.round.spec
        stage = spec.stage(self.stage)
        judged = [*spec.criteria_of(stage, "scored"), *spec.criteria_of(stage, "judgement")]
        return [criterion for criterion in judged if criterion.level == "application"]


def check_and_admit(journey, page, code):
    """Go through the checklist and take the application to assessment."""
    open_check(page, code)
    journey.look(page, "admission")
    for box in page.locator('.check-list input[type="checkbox"][name^="check-"]').all():
        box.check()
    page.get_by_role("button", name=re.compile("^Ta (søknaden|initiativet) til vurdering$")).click()
    expect(page.get_by_text(re.compile("^(Søknaden|Initiativet) er tatt til vurdering"))).to_be_visible()
    journey.look(page, "assessment-detail")


def open_check(page, code):
    page.goto(f"/assessment/application/{code}/")
    page.get_by_role("link", name=re.compile("Kontroller (søknaden|initiativet)$")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("å kontrollere$|er kontrollert$"))


def assign(journey, page, code, person):
    """Set up an assessor by the person's address."""
    page.goto(f"/assessment/application/{code}/assessors/")
    page.get_by_label("Eller e-postadressen til en annen").fill(journey.person(person).email)
    page.get_by_role("button", name="Fordel", exact=True).click()
    expect(page.get_by_text(f"Saken er fordelt til {person}, som har fått e-post.")).to_be_visible()
    journey.look(page, "assessors")


def declare(journey, page, code, *, tie=None):
    """Answer for one's own habilitet; ``tie`` explains a tie."""
    page.goto(f"/assessment/application/{code}/habilitet/")
    journey.look(page, "habilitet")
    page.get_by_role("radio", name="Ja, eller jeg er i tvil" if tie else "Nei, jeg er habil").check()
    if tie:
        page.locator('[name="ground"]').select_option(index=1)
        page.get_by_label("Forklar tilknytningen").fill(tie)
    page.get_by_role("button", name="Lagre svaret").click()
    expect(page).not_to_have_url(re.compile(r"/habilitet/$"))


def decide_habilitet(journey, page, code, person, *, recused, reason):
    """The secretariat decides somebody else's habilitet."""
    page.goto(f"/assessment/application/{code}/")
    journey.look(page, "assessment-with-flags")
    page.get_by_role("link", name=f"Avgjør habilitet {person}").click()
    journey.look(page, "recusal")
    page.get_by_role("radio", name="Inhabil" if recused else "Habil", exact=True).check()
    page.locator('[name="ground"]').select_option(index=1)
    page.get_by_label("Begrunnelse").fill(reason)
    page.get_by_role("button", name="Lagre avgjørelsen").click()
    expect(page.get_by_text(reason)).to_be_visible()


def score(journey, page, code, turn, points):
    """Points and a reason for each criterion; delivered."""
    page.goto(f"/assessment/application/{code}/score/{turn.stage}/")
    journey.look(page, "score")
    for criterion in turn.criteria:
        if criterion.kind == "scored":
            choose_points(page, criterion.code, points)
        reason = f"{criterion.title}: konkret og troverdig, med enkelte mangler."
        page.locator(f'[name="reason-{criterion.code}"]').fill(reason)
    page.get_by_role("button", name="Lever vurderingen").click()
    expect(page.get_by_text("levert", exact=False).first).to_be_visible()


def choose_points(page, criterion, points):
    """A button on a short scale, a list on a long one."""
    field = page.locator(f'[name="points-{criterion}"]')
    if field.first.get_attribute("type") == "radio":
        field.and_(page.locator(f'[value="{points}"]')).check()
    else:
        field.select_option(str(points))


def recommend(journey, page, turn, code, *, outcome, reason, amount=None):
    """Set the list up by score and write the recommendation for an application."""
    page.goto(turn.page("board/"))
    journey.look(page, "ranking")
    set_up = page.get_by_role("button", name=re.compile("^Sett opp listen"))
    if set_up.count():
        set_up.click()
    page.goto(turn.page(f"board/{code}/"))
    page.get_by_role("radio", name=outcome, exact=True).check()
    if amount:
        page.get_by_label("Beløp").fill(amount)
    page.get_by_label("Begrunnelse").first.fill(reason)
    journey.look(page, "recommend")
    page.get_by_role("button", name="Lagre", exact=True).click()
    expect(page).to_have_url(re.compile(rf"board/\?page=1#s-{code}$"))


def record_tasks(journey, page, turn, note):
    """Record the stage's own tasks as done; those that are recorded have no button."""
    page.goto(turn.page("board/"))
    journey.look(page, "board")
    done = []
    while (button := page.get_by_role("button", name=re.compile(r"^Registrer ")).first).count():
        task = button.inner_text()
        assert task not in done, task
        done.append(task)
        form = button.locator("xpath=ancestor::form")
        form.get_by_label("Hvem har gjort det, og når?").fill(note)
        button.click()
        expect(page.get_by_text("Registrert.")).to_be_visible()
    return done


def freeze(journey, page, turn):
    """Look the list over and lock it."""
    page.goto(turn.page("board/"))
    page.get_by_role("link", name="Se over og lås prioriteringen").click()
    journey.look(page, "freeze")
    page.get_by_role("button", name="Lås prioriteringen").click()
    expect(page.get_by_text("Prioriteringen er låst.")).to_be_visible()
    journey.look(page, "frozen-list")


def forward(journey, page, turn):
    """Send the frozen list on to the body that decides."""
    page.goto(turn.page("list/"))
    page.get_by_role("link", name="Se over og oversend").click()
    journey.look(page, "forward")
    page.get_by_role("button", name="Oversend", exact=True).click()
    expect(page.get_by_text(re.compile(r"^Listen er oversendt til "))).to_be_visible()
    journey.look(page, "package")
