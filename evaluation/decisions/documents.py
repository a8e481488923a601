"""What the room freezes, and what its PDF draws."""

from portal.rooms import DocumentKind

# A letter as it was written; the subject is its number, and each draft is a version. The one that is approved gets a
# PDF.
LETTER = DocumentKind(
    "letter",
    title=lambda letter: str(letter["heading"]),
    template="letters/decision.html",
    context=lambda letter: {"letter": letter},
    file_name="Brev {document.subject}.pdf",
)
