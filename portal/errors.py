"""Errors of the domain: the text of each is a sentence for the person who pressed the button."""


class DomainError(Exception):
    """An act that the rules refuse; ``str()`` is shown to the user."""


class ConflictError(DomainError):
    """Somebody else has changed the row since the actor saw it."""
