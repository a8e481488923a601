"""What is known of stored files."""

from collections.abc import Iterable

from portal.files.models import Scan, StoredFile


def unscanned(hashes: Iterable[str]) -> frozenset[str]:
    """Those of the SHA-256 whose bytes no scanner has looked at; one query, none without hashes."""
    asked = set(hashes)
    if not asked:
        return frozenset()
    # The same bytes may be stored twice, and scanned the second time.
    states: dict[str, set[str]] = {}
    for sha256, scan in StoredFile.objects.filter(sha256__in=asked).values_list("sha256", "scan").distinct():
        states.setdefault(sha256, set()).add(scan)
    return frozenset(sha256 for sha256, scans in states.items() if scans == {Scan.UNSCANNED})
