"""Schemes, frames, rounds and their definitions: all that is announced before anyone applies."""
