"""Admission, habilitet, scores, recommendations and the frozen priority list."""

from evaluation.assessment.habilitet import Ground
from evaluation.assessment.models.admission import Admission, Assignment
from evaluation.assessment.models.habilitet import Habilitet
from evaluation.assessment.models.priority import (
    Forwarding,
    Order,
    PriorityList,
    Recommendation,
    StageAct,
    Task,
)
from evaluation.assessment.models.scores import Assessment, Result, Score

__all__ = [
    "Admission",
    "Assessment",
    "Assignment",
    "Forwarding",
    "Ground",
    "Habilitet",
    "Order",
    "PriorityList",
    "Recommendation",
    "Result",
    "Score",
    "StageAct",
    "Task",
]
