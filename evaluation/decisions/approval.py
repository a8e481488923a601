"""Whether a letter must be approved by another person than the one who wrote it. Pure."""


def needs_two(*said: str, approvers: int) -> bool:
    """Whether the writer of the letter may not approve it.

    ``said`` is what the round and then the body says: «one», «two» or nothing; the first that says anything holds.
    When nobody does, two are needed as soon as more than one can approve the letter (``approvers``, the writer too).
    """
    word = next(filter(None, said), "")
    return word == "two" if word else approvers > 1
