"""Admission, habilitet, scores, recommendations and the frozen priority list."""

from evaluation.assessment.award import AWARDING
from evaluation.assessment.habilitet import Ground
from evaluation.assessment.models.admission import Admission, Assignment
from evaluation.assessment.models.habilitet import Declaration, Recusal
from evaluation.assessment.models.priority import (
    Forwarding,
    Order,
    Outcome,
    PriorityList,
    Recommendation,
    StageAct,
    Task,
)
from evaluation.assessment.models.scores import Assessment, Result, Score

__all__ = [
    "AWARDING",
    "Admission",
    "Assessment",
    "Assignment",
    "Declaration",
    "Forwarding",
    "Ground",
    "Order",
    "Outcome",
    "PriorityList",
    "Recommendation",
    "Recusal",
    "Result",
    "Score",
    "StageAct",
    "Task",
]
