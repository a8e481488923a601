"""Frozen documents: everything that was sent, locked, adopted or decided, in one form."""
