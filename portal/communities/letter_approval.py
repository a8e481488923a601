"""How many persons it takes to write and approve a letter of decision: what a body may say of it, in words."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LetterApproval(models.TextChoices):
    """One or two."""

    ONE = "one", _("Én: den som skrev brevet, kan godkjenne det")
    TWO = "two", _("To: en annen enn den som skrev brevet, godkjenner det")


# When the body says nothing.
USUAL_APPROVAL = _("Det vanlige: to når flere i sekretariatet kan godkjenne brevet")


def in_words(letter_approval: str) -> str:
    """Who approves the letters of a body that says this."""
    return str(LetterApproval(letter_approval).label if letter_approval else USUAL_APPROVAL)


# From the one that asks for most to the one that asks for least.
_BY_STRICTNESS = (LetterApproval.TWO, "", LetterApproval.ONE)


def strictest(*said: str) -> str:
    """The one of these that asks for most; nothing said lies between two and one."""
    return min(said, key=_BY_STRICTNESS.index)
