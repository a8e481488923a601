"""The room's own template tags."""
