"""What the page of a case shows beside its paper, when the case is about the status of a plan."""

from typing import Any

from django.urls import reverse

from evaluation.meetings.models import Case
from evaluation.plans.queries.plan_status import attached_to
from portal.ui import FileRow


def attached_in(case: Any) -> list[FileRow]:
    """The answer to the question of the case's page; one query, none for a case about an application or a list."""
    if not isinstance(case, Case) or case.application_id or case.priority_list_id:
        return []
    report = attached_to(case)
    return [FileRow(report.document.title, reverse("plans:status_pdf", args=[case.pk]))] if report else []
