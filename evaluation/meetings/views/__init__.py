"""Pages: lists and planning, the meeting while it is held, case papers, minutes."""
