"""Reads of the room, page by page."""

from evaluation.meetings.queries.minutes import resolutions_of

__all__ = ["resolutions_of"]
