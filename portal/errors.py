"""Errors of the domain: the text of each is a sentence for the person who pressed the button."""

from typing import Self


class DomainError(Exception):
    """An act that the rules refuse; ``str()`` is shown to the user.

    ``form_fields`` names the field that it is about, by each name that it has in a form.
    """

    form_fields: tuple[str, ...] = ()

    def about(self, *fields: str) -> Self:
        """The same error, of the field."""
        self.form_fields = fields
        return self


class ChangedError(DomainError):
    """What the person would lock or approve is not what the page showed; the page is shown again as it is now."""


class ConflictError(DomainError):
    """Somebody else has changed the row since the actor saw it."""
