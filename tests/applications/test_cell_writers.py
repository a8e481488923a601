"""Who changed a cell or removed a row, and when, is told to one who had it open."""

import re

import pytest

from applications.models import Benefit
from applications.services.rows import versions_of
from portal.cells import written
from tests.applications import world
from tests.applications.test_views_draft import text_of, url
from tests.applications.test_views_parts import formset

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def test_who_wrote_the_cell_and_when_is_told_beside_it(house, draft, sign_in):
    row = Benefit.objects.get(pk=world.add_benefit(draft).pk)
    seen = {"key": row.key, "version": written(versions_of(row)), "benefit": row.benefit}

    def write(person, **cells):
        return sign_in(person).post(url("benefits", draft), formset("benefits", {**seen, **cells}))

    assert write(house.co_applicant, responsible="Styringsgruppen").status_code == 302
    answer = write(house.applicant, responsible="Vi")
    told = re.search(
        r"Carl Coapplicant endret «Ansvarlig[^»]*» \d{1,2}\.\d{1,2}\.\d{4} kl\.\s\d{2}\.\d{2}", text_of(answer)
    )
    assert (answer.status_code, bool(told)) == (409, True)
    assert "Noen andre" not in text_of(answer)
    data = {"prefix": "benefits-0", "benefits-0-key": row.key, "benefits-0-version": seen["version"]}
    by_script = sign_in(house.applicant).post(
        url("benefit_row", draft), {**data, "benefits-0-benefit": row.benefit, "benefits-0-responsible": "Vi"}
    )
    (box,) = by_script.json()["boxes"].values()
    assert "Carl Coapplicant endret «" in box


def test_who_removed_the_row_is_told(house, draft, sign_in):
    row = Benefit.objects.get(pk=world.add_benefit(draft).pk)
    seen = {"key": row.key, "version": written(versions_of(row)), "benefit": row.benefit}
    removed = formset("benefits", {**seen, "DELETE": "on"})
    assert sign_in(house.co_applicant).post(url("benefits", draft), removed).status_code == 302
    answer = sign_in(house.applicant).post(url("benefits", draft), formset("benefits", {**seen, "responsible": "Vi"}))
    told = re.search(r"Carl Coapplicant fjernet raden \d{1,2}\.\d{1,2}\.\d{4} kl\.\s\d{2}\.\d{2}\.", text_of(answer))
    assert (answer.status_code, bool(told)) == (409, True)


def test_who_changed_the_amount_applied_for_is_told(house, draft, sign_in):
    def write(person, amount):
        data = formset("budget", requested_amount=amount, requested_base="")
        return sign_in(person).post(url("budget", draft), data)

    assert write(house.co_applicant, "500000").status_code == 302
    answer = write(house.applicant, "450000")
    assert answer.status_code == 409
    assert "Carl Coapplicant har endret søknadsbeløpet mens dere skrev." in text_of(answer)
