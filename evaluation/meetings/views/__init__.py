"""Pages of the room: lists and planning, the room itself, case papers, minutes."""
