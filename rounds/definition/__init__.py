"""The typed definition of a call, as a round file has it. Free of Django."""

from rounds.definition.assess import Criterion, Gate, Scale, StagePart
from rounds.definition.base import Problem
from rounds.definition.call import Dates, ReceivingCommunity
from rounds.definition.decide import Decision, FollowUp, Letters
from rounds.definition.form import Attachments, Option, Question, Questionnaire, Section, TableQuestion, Taxonomy
from rounds.definition.moving import move_dates
from rounds.definition.parts import AttachmentRules, Benefits, Budget
from rounds.definition.round import STORED, RoundDefinition

__all__ = [
    "STORED",
    "AttachmentRules",
    "Attachments",
    "Benefits",
    "Budget",
    "Criterion",
    "Dates",
    "Decision",
    "FollowUp",
    "Gate",
    "Letters",
    "Option",
    "Problem",
    "Question",
    "Questionnaire",
    "ReceivingCommunity",
    "RoundDefinition",
    "Scale",
    "Section",
    "StagePart",
    "TableQuestion",
    "Taxonomy",
    "move_dates",
]
