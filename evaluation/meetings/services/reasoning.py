"""The reasons of a resolution, asked alike by every act that enters, corrects or adopts one."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _lazy

from evaluation.meetings.models import Case
from evaluation.meetings.queries.proposed import Equal, equals_of_all, outcome_label, proposal_of
from evaluation.meetings.reasons import Lack, are_opposite, lack
from evaluation.meetings.services.locking import WordsNeededError
from portal.communities.models import User
from portal.communities.queries import standing_at
from rounds.outcomes import Outcome


class ReasonError(WordsNeededError):
    """The resolution lacks a reason of its own."""


_LACKS = {
    Lack.MISSING: _lazy("Skriv begrunnelsen for vedtaket. Søkerne leser den i brevet."),
    Lack.DEPARTS: _lazy(
        "Vedtaket avviker fra innstillingen. Skriv hvorfor utvalget kom til noe annet. Søkerne leser dette i brevet."
    ),
    Lack.REFUSAL: _lazy("Et avslag må begrunnes. Skriv hva som ikke svarte til kriteriene."),
    Lack.INHERITED: _lazy("Begrunnelsen er fortsatt den fra innstillingen om «%(before)s». Skriv den på nytt."),
}
_EQUALS = {
    False: _lazy("Hvorfor får denne avslag når %(other)s med like mange poeng får tilskudd? Søkerne leser svaret."),
    True: _lazy("Hvorfor får denne tilskudd når %(other)s med like mange poeng får avslag? Søkerne leser svaret."),
}


def require_reasons(
    case: Case,
    outcome: str,
    amount: int | None,
    reason: str,
    difference: str | None,
    *,
    by: User,
    at: datetime,
    equal: Sequence[Equal] | None = None,
) -> str | None:
    """The ``difference`` that is to be kept; empty when the application differs from none.

    None, in what was resolved before it had a field, stays None: it was asked for then, and the reason ends with it.

    Raises ReasonError when the reason that the applicants will read lacks something (``reasons.lack``), and when
    another application has the same points and the opposite outcome, and nothing is said of what sets them apart.
    Nobody is asked about an application that is closed to the person: the question would tell its outcome. ``equal``
    are the equals of the case, for those who have read them.
    """
    if not case.application_id or not outcome:
        return ""
    proposed = proposal_of(case)
    if lacking := lack(proposed.recommended, outcome, amount, reason):
        before = outcome_label(case, proposed.outcome)
        raise ReasonError(_LACKS[lacking] % {"before": before})
    if difference is None:
        return None
    difference = difference.strip()
    if equal is None:
        equal = equals_of_all([case], standing_at(by, at)).get(case.pk, [])
    opposite = [one for one in equal if are_opposite(outcome, one.outcome)]
    if difference or not opposite:
        return difference if opposite else ""
    if other := next((one.application for one in opposite if not one.is_closed), None):
        raise ReasonError(_EQUALS[Outcome(outcome).is_award] % {"other": f"«{other.title}»"})
    return ""
