"""The acts of the form engine."""
