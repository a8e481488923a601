"""Who is asked about a text that another has written is told who: on each page where several write one text."""

from dataclasses import dataclass

import pytest
from django.urls import reverse

from evaluation.assessment.services import prioritising
from evaluation.assessment.turn import turn_url
from evaluation.meetings.services import live, minutes, planning, resolving
from evaluation.plans.services import plan_text
from evaluation.reporting import services as reporting
from portal.writing import SharedForm
from tests import factories
from tests.applications import world as applications_world
from tests.assessment import world as assessment_world
from tests.meetings import world
from tests.plans import world as plans
from tests.reporting import world as reports
from tests.world import NOW

SCRIPT = {"accept": "application/json"}


@dataclass
class Written:
    """A page with a form that is shared: where it is, what it is called there, and how a colleague writes in it."""

    page: str
    write: object
    field: str
    form: str = "form"
    address: str = ""

    def colleague_writes(self, text, by, at=NOW):
        self.write(texts={self.field: text}, by=by, at=at)


def on_a_list(house):
    northern = applications_world.real_round("helse-nord-2025")
    turn = assessment_world.turn(northern, "community", house.community)
    application = assessment_world.sent(house, northern, NOW, title="En")
    prioritising.set_up(turn, by=house.secretary, at=NOW)
    assessment_world.recommend(turn, application, house.secretary, NOW, reason="Svarer godt.")
    return turn, application


def recommendation(house):
    turn, application = on_a_list(house)
    row = assessment_world.row(turn, application)

    def write(**more):
        prioritising.recommend(row, turn, **more)

    return Written(turn_url(turn, "recommend", application.code), write, "reason")


def considerations(house):
    turn, _application = on_a_list(house)

    def write(**more):
        prioritising.consider(turn, **more)

    address = turn_url(turn, "considerations")
    return Written(turn_url(turn, "board"), write, "considerations", "considerations", address)


def paper(house):
    case = world.own_case(house, world.planned(house, NOW), NOW, title="Retningslinjer")

    def write(**more):
        planning.write_paper(case, **more)

    return Written(reverse("meetings:edit_paper", args=[case.pk]), write, "facts")


def statements(house):
    _meeting, case = world.in_session(house, NOW)
    resolving.postpone(case, reason="Tida.", by=house.chair, at=NOW)
    live.close_meeting(case.meeting, by=house.chair, at=NOW)
    resolution = type(case).objects.get(pk=case.pk).resolution

    def write(**more):
        resolving.write_statements(resolution, **more)

    return Written(reverse("meetings:write_statements", args=[case.pk]), write, "statements")


def remarks(house):
    meeting, case = world.in_session(house, NOW)
    resolving.postpone(case, reason="Tida.", by=house.chair, at=NOW)
    record = live.close_meeting(meeting, by=house.chair, at=NOW)

    def write(**more):
        minutes.write_remarks(record, **more)

    page, address = (reverse(f"meetings:{name}", args=[meeting.pk]) for name in ("minutes", "write_remarks"))
    return Written(page, write, "remarks", address=address)


def of_a_plan(part, field):
    """How the head of a plan (no part), or one of its parts, is written."""

    def made(house):
        plan = plans.begun(house, NOW)
        measure = plans.measures(plan)[0]
        row = {"": plan, "area": measure.aim.area, "aim": measure.aim, "measure": measure}[part]

        def write(**more):
            plan_text.write(plan, row, **more)

        args = [plan.code, part, row.pk] if part else [plan.code]
        return Written(reverse("plans:part" if part else "plans:head", args=args), write, field)

    return made


def chapter(house):
    report = reports.begun(house)

    def write(**more):
        reporting.write(report, "money", **more)

    return Written(reverse("reporting:chapter", args=[report.pk, "money"]), write, "text")


PAGES = {
    "AimForm": of_a_plan("aim", "title"),
    "AreaForm": of_a_plan("area", "meaning"),
    "HeadForm": of_a_plan("", "introduction"),
    "MeasureForm": of_a_plan("measure", "text"),
    "ChapterForm": chapter,
    "ConsiderationsForm": considerations,
    "PaperForm": paper,
    "RecommendationForm": recommendation,
    "RemarksForm": remarks,
    "StatementsForm": statements,
}


@pytest.mark.fault("C12")
@pytest.mark.django_db
@pytest.mark.usefixtures("frozen_clock")
@pytest.mark.parametrize("form", sorted({kind.__name__ for kind in SharedForm.__subclasses__()} | set(PAGES)))
def test_the_box_says_who_has_written_and_by_the_script_too(form, house, sign_in):
    written = PAGES[form](house)
    first = factories.seat(house.secretariat, factories.user("Først Framme", email="forst@example.org")).user
    last = factories.seat(house.secretariat, factories.user("Sist Inne", email="sist@example.org")).user
    client = sign_in(house.secretary)
    shown = client.get(written.page).context[written.form]
    posted = {name: "" if shown[name].value() is None else shown[name].value() for name in shown.fields}
    written.colleague_writes("Det første.", first)
    written.colleague_writes("Det som gjelder.", last)
    sent = {**posted, written.field: "Mitt eget."}
    address = written.address or written.page
    told = client.post(address, sent, headers=SCRIPT).json()["boxes"][written.field]
    answer = client.post(address, sent)
    form = answer.context[written.form]
    assert "Sist Inne har endret" in " ".join(told.split())
    assert (answer.status_code, [item.by for item in form.conflicts]) == (409, ["Sist Inne"])
    assert f"Sist Inne har endret «{form.fields[written.field].label}» mens du skrev." in answer.content.decode()


@pytest.mark.fault("C12")
@pytest.mark.django_db
@pytest.mark.usefixtures("frozen_clock")
@pytest.mark.parametrize("form", sorted(PAGES))
def test_a_post_that_does_not_say_what_the_page_showed_overwrites_nobody(form, house, sign_in):
    written, client = PAGES[form](house), sign_in(house.secretary)
    shown = client.get(written.page).context[written.form]
    posted = {name: "" if shown[name].value() is None else shown[name].value() for name in shown.fields}
    del posted["version"]
    written.colleague_writes("Det som gjelder.", factories.seat(house.secretariat).user)
    answer = client.post(written.address or written.page, {**posted, written.field: "Mitt eget."})
    assert answer.status_code == 409
    assert [item.text for item in answer.context[written.form].conflicts] == ["Det som gjelder."]


@pytest.mark.fault("C12")
@pytest.mark.django_db
@pytest.mark.usefixtures("frozen_clock")
def test_the_name_is_of_whoever_wrote_that_text_also_when_the_script_saved_it(house, sign_in):
    """One writes another text of the paper afterwards; the log is told of each text once a quarter of an hour."""
    case = world.own_case(house, world.planned(house, NOW), NOW, title="Retningslinjer")
    facts, others = (factories.seat(house.secretariat).user for _each in range(2))
    client, page = sign_in(house.secretary), reverse("meetings:edit_paper", args=[case.pk])
    shown = client.get(page).context["form"]
    posted = {name: "" if shown[name].value() is None else shown[name].value() for name in shown.fields}
    for text in ("background", "facts"):
        planning.write_paper(case, texts={text: "Kolleg."}, quietly=True, by=facts, at=NOW)
    planning.write_paper(case, texts={"considerations": "En annen."}, by=others, at=NOW)
    form = client.post(page, {**posted, "facts": "Mitt eget."}).context["form"]
    assert [(item.name, item.by) for item in form.conflicts] == [("facts", facts.name)]
