"""The acts of the room: accepting, starting, reporting."""
