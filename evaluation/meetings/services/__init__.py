"""The acts of a meeting, in the order of the process."""
