"""An optional part is never what comes next, and when signatures alone lack, each page leads to them."""

import pytest
from django.urls import reverse

from applications import completeness
from applications.models import Application
from applications.services import signing
from tests.applications import world

pytestmark = [pytest.mark.sqlite, pytest.mark.usefixtures("clock")]


def url(name, application):
    return reverse(f"applications:{name}", args=[application.code])


def home_of(client, application):
    return client.get(url("detail", application)).context["page"]


def bar(page):
    return [step.label for step in page.stages if step.state == "current"]


def test_a_part_that_lacks_nothing_is_passed_by(house, unsigned, applicant, sign_in, at):
    unsigned.benefits.all().delete()
    report = completeness.check(Application.objects.get(pk=unsigned.pk), at=at)
    assert report.to_write == []
    client = sign_in(applicant)
    page = home_of(client, unsigned)
    empty = [task.title for group in page.groups for task in group.tasks if task.hint == "Valgfritt"]
    assert empty, "the round has an optional part that nothing is written in"
    assert (page.next_step.title, page.next_step.url) == (
        "Neste steg: alle partnerne signerer",
        url("signatures", unsigned),
    )
    check = client.get(url("check", unsigned))
    assert check.context["step"] == page.next_step
    assert check.context["heading"] == "Tre signaturer mangler før dere kan sende"


def test_the_bar_says_send_when_only_that_is_left(house, unsigned, applicant, sign_in, at):
    client = sign_in(applicant)
    assert bar(home_of(client, unsigned)) == ["Skriv"]
    world.sign_all(house, unsigned, at)
    page = home_of(client, unsigned)
    assert (bar(page), page.next_step.title) == (["Send"], "Neste steg: kontroller og send")
    assert next(step.when for step in page.stages if step.state == "current")


def test_a_locked_text_has_no_way_into_its_sections_from_the_check(house, unsigned, applicant, sign_in, at):
    client, section = sign_in(applicant), url("detail", unsigned) + "section/"
    assert section in client.get(url("check", unsigned)).content.decode()
    signing.remind(Application.objects.get(pk=unsigned.pk), by=house.applicant, at=at)
    assert section not in client.get(url("check", unsigned)).content.decode()
