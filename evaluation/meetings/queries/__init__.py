"""Reads of the room, page by page."""
