"""What the room asks the rooms to its right; see ``portal.rooms``."""

from portal.rooms import question


@question
def use_of_list(priority_list_id: int) -> str:
    """What a locked priority list has been used for, as a sentence: a meeting or a decision. Empty for nothing.

    The caller has locked the rows of the list and of its applications.
    """


@question
def use_of_check(application_id: int) -> str:
    """What the outcome of an application's check has been used for, as a sentence: a decision. Empty for nothing."""
