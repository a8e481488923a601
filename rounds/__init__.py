"""Schemes, frames, rounds and the definition of the form: everything that is announced before anyone applies."""
