"""Errors of the domain: their text is a sentence for the person who pressed the button."""


class DomainError(Exception):
    """An act that the rules refuse; ``str()`` is shown to the user."""


class ConflictError(DomainError):
    """Somebody else was first: the row no longer stands as the actor saw it."""
