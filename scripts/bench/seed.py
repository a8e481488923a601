"""Fill one database: ``python -m scripts.bench.seed SIZE FILE``; what the pages need to be asked is written to FILE."""

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import django
from django.urls import reverse

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from applications.models import Application  # noqa: E402
from applications.services.rows import versions_of  # noqa: E402
from applications.workflow import Status  # noqa: E402
from evaluation.assessment.models import Result  # noqa: E402
from evaluation.assessment.services import results  # noqa: E402
from evaluation.assessment.turn import turn_url  # noqa: E402
from portal import clock  # noqa: E402
from portal.cells import written  # noqa: E402
from rounds.answering.models import Answer  # noqa: E402
from scripts.bench import bulk, house, meeting  # noqa: E402

CHECKED = 20
# The page after the last is the last.
LAST = "?page=100000"


@transaction.atomic
def fill(count: int, at: datetime) -> dict[str, Any]:
    """Two rounds of ``count`` applications, one assessed and one in its meeting; gives the pages to ask for."""
    made = house.build(at)
    cases = bulk.judged(made, bulk.applications(made, made.open_round, count, Status.ADMITTED, at))
    bulk.answers(made, made.open_round)
    bulk.assess(made, cases, at)
    totals = bulk.results(made, cases)
    _check_results(made)
    bulk.recommend(made, [case.application for case in cases], totals, at)
    met = bulk.judged(made, bulk.applications(made, made.met_round, count, Status.PRIORITISED, at))
    listed = bulk.recommend(made, [case.application for case in met], bulk.results(made, met), at)
    meeting.freeze(made, listed, at)
    held, agenda = meeting.hold(made, listed, at)
    written = meeting.write_letters(made, agenda, at)
    asked = {"pages": _pages(made, cases[count // 2].application, held), "letters": [letter.pk for letter in written]}
    return {**asked, "secretary": made.home.secretary.pk}


def _check_results(made: house.House) -> None:
    """The projection must be what the service makes of the same assessments."""
    fields = ("total", "median", "spread", "must_discuss", "meets_thresholds", "delivered", "criteria", "totals")
    sample = Application.objects.filter(round=made.open_round, results__isnull=False).order_by("pk")[:CHECKED]
    for application in sample:
        before = Result.objects.filter(application=application).values(*fields).get()
        results.rebuild(application, made.turn)
        if Result.objects.filter(application=application).values(*fields).get() != before:
            raise AssertionError(f"the projection of {application} is not what the service computes")


def _pages(made: house.House, application: Application, held: Any) -> dict[str, Any]:
    home, draft = made.home, made.draft
    office, writer, member = house.cookie(home.secretary), house.cookie(home.applicant), house.cookie(home.member)
    desk = house.cookie(made.assessors[0])
    held.refresh_from_db()
    answer = Answer.objects.get(response=draft.response_id, question=house.QUESTION)
    row = made.long_draft.benefits.all()[house.LONG // 2]
    screen = reverse("meetings:screen", args=[held.pk])
    return {
        "empty": {"path": reverse("portal:hello"), "cookie": office},
        "public": {"path": reverse("rounds:detail", args=[made.open_round.code]), "cookie": ""},
        "list": {"path": reverse("assessment:round", args=[made.open_round.code]), "cookie": office},
        "last": {"path": turn_url(made.turn, "turn") + LAST, "cookie": office},
        "rounds": {"path": reverse("assessment:rounds"), "cookie": office},
        "front": {"path": reverse("portal:home"), "cookie": office},
        "mine": {"path": reverse("applications:list"), "cookie": writer},
        "board": {"path": turn_url(made.turn, "board"), "cookie": office},
        "last_board": {"path": turn_url(made.turn, "board") + LAST, "cookie": office},
        "detail": {"path": reverse("assessment:detail", args=[application.code]), "cookie": office},
        "desk": {"path": reverse("assessment:desk"), "cookie": desk},
        "meeting": {"path": reverse("meetings:room", args=[held.pk]), "cookie": member},
        "poll": {"path": f"{screen}?revision={held.revision}", "cookie": member, "status": 204},
        "section": {"path": reverse("applications:section", args=[draft.code, house.SECTION]), "cookie": writer},
        "autosave": {
            "path": reverse("applications:answer", args=[draft.code, house.QUESTION]),
            "cookie": writer,
            "autosave": {
                "application": draft.pk,
                "question": house.QUESTION,
                "version": answer.version,
                "text": house.PARAGRAPH * 4,
            },
        },
        "benefits": {"path": reverse("applications:benefits", args=[made.long_draft.code]), "cookie": writer},
        "benefit_row": {
            "path": reverse("applications:benefit_row", args=[made.long_draft.code]),
            "cookie": writer,
            "autosave": {"row": row.key, "version": written(versions_of(row)), "text": house.PARAGRAPH},
        },
        "csv": {"path": turn_url(made.turn, "export"), "cookie": office},
    }


def main(size: str, target: str) -> None:
    """Migrate, fill, and let the database see what it has got."""
    call_command("migrate", verbosity=0, interactive=False)
    filled = fill(int(size), clock.now())
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    Path(target).write_text(json.dumps(filled))


if __name__ == "__main__":
    main(*sys.argv[1:])
