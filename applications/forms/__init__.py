"""The forms of the draft: they read and check what was typed, and give plain values to the services."""
