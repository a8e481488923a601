"""What the log calls the thing that is applied with, entry by entry: a søknad, or an initiativ."""

from collections.abc import Collection, Mapping

from applications.models import Application
from evaluation.assessment.models import PriorityList
from rounds.models import Round


def noun_contexts(subjects: Mapping[str, Collection[str]]) -> dict[tuple[str, str], str]:
    """The answer to ``portal.journal.questions.noun_contexts``; a query for each kind of subject, and the rounds."""
    label = Round._meta.label_lower
    round_of = {(label, pk): int(pk) for pk in subjects.get(label, ())}
    for rows in (Application.objects.all(), PriorityList.objects.all()):
        label = rows.model._meta.label_lower
        if ids := subjects.get(label):
            pairs = rows.filter(pk__in=ids).values_list("pk", "round")
            round_of |= {(label, str(pk)): of_round for pk, of_round in pairs}
    if not round_of:
        return {}
    contexts = {row.pk: row.noun_context for row in Round.objects.filter(pk__in=set(round_of.values()))}
    return {subject: contexts[pk] for subject, pk in round_of.items() if contexts[pk]}
