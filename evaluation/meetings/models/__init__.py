"""The rows of a meeting: the meeting itself, its cases, ballots, resolutions and minutes."""

from evaluation.meetings.models.ballot import Ballot, BallotStatus, Choice, Vote
from evaluation.meetings.models.case_attachment import CaseAttachment
from evaluation.meetings.models.discussion_request import DiscussionRequest
from evaluation.meetings.models.meeting import (
    CHAIRS,
    Absence,
    Attendance,
    Meeting,
    MeetingQuerySet,
    MeetingReopening,
    MeetingStatus,
)
from evaluation.meetings.models.meeting_case import (
    WAITS_AGAIN,
    Case,
    CaseKind,
    CasePaper,
    CaseStatus,
    NumberSeries,
    Reopening,
)
from evaluation.meetings.models.minutes import MemberRemark, Minutes
from evaluation.meetings.models.resolution import Resolution, ResolutionVersion

__all__ = [
    "CHAIRS",
    "WAITS_AGAIN",
    "Absence",
    "Attendance",
    "Ballot",
    "BallotStatus",
    "Case",
    "CaseAttachment",
    "CaseKind",
    "CasePaper",
    "CaseStatus",
    "Choice",
    "DiscussionRequest",
    "Meeting",
    "MeetingQuerySet",
    "MeetingReopening",
    "MeetingStatus",
    "MemberRemark",
    "Minutes",
    "NumberSeries",
    "Reopening",
    "Resolution",
    "ResolutionVersion",
    "Vote",
]
