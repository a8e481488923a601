"""An owner of no room: the form engine by itself."""

from datetime import UTC, datetime

from portal.permissions import YES
from rounds.answering.checks import Dates
from rounds.answering.owner import Owner
from rounds.definition import Questionnaire, Section

NOW = datetime(2025, 2, 10, 12, tzinfo=UTC)
DEADLINE = datetime(2025, 3, 1, 23, tzinfo=UTC)


class LooseOwner(Owner):
    """A form that anybody may write in until 1 March 2025."""

    too_long = "Den er lagret, men må kortes ned før dere kan sende søknaden."

    def __init__(self, spec, questions=(), response_id=0):
        self.spec = spec
        section = Section(code="only", title="Alt", questions=questions) if questions else None
        self.form = Questionnaire((section,)) if section else spec.application_form
        self.response_id = response_id

    def may_write(self, user, section, *, now):
        return YES

    def hold(self, *, at):
        pass

    def dates(self, *, now):
        return Dates.at(now, DEADLINE)

    def answer_url(self, question):
        return f"/{question}/"
