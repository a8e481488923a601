"""What the room freezes."""

from portal.rooms import DocumentKind

# The definition of a round as it was loaded; the subject is the round's code, and each loading is a version.
ROUND = DocumentKind("round", title=lambda definition: str(definition["title"]))
