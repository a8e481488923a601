"""Errors of the domain: the text of each is a sentence for the person who pressed the button."""

from typing import Self


class DomainError(Exception):
    """An act that the rules refuse; ``str()`` is shown to the user.

    It may be about one field, which several forms have under different names: ``field_names`` are those names.
    """

    field_names: tuple[str, ...] = ()

    def about(self, *names: str) -> Self:
        """The same error, about one field: ``names`` are what the forms call it, not several fields."""
        self.field_names = names
        return self


class ChangedError(DomainError):
    """What the person would lock or approve is not what the page showed; the page is shown again as it is now."""


class ConflictError(DomainError):
    """Somebody else has changed the row since the actor saw it."""
