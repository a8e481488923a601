"""Storing checked uploads and the portal's own documents, and serving them."""

import hashlib
from collections.abc import Collection
from datetime import datetime
from pathlib import PurePath
from threading import BoundedSemaphore
from typing import Any, Final

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.http import FileResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.errors import DomainError
from portal.files import patience, uploads
from portal.files.archive import MB
from portal.files.faults import Fault, FileFaultError
from portal.files.models import Scan, StoredFile
from portal.files.uploads import KINDS, Kind

FAULTS: Final = {
    Fault.PASSWORD: gettext_lazy(
        "Filen har passord. Fjern passordet og last den opp på nytt, så alle som skal lese den, kan åpne den."
    ),
    Fault.MACROS: gettext_lazy(
        "Filen har makroer, som er små programmer. Lagre den som vanlig Word-dokument (.docx) eller Excel-arbeidsbok "
        "(.xlsx), og last den opp på nytt."
    ),
    Fault.REMOTE: gettext_lazy(
        "Filen henter innhold fra et annet sted når den åpnes (%(host)s). Lagre den som PDF, og last opp PDF-en."
    ),
    Fault.PROGRAM: gettext_lazy(
        "Filen har et program eller en annen fil inni seg, som kan gjøre skade når den åpnes. Ta det ut, eller lagre "
        "dokumentet som PDF, og last det opp på nytt."
    ),
    Fault.FIELD: gettext_lazy(
        "Filen har et felt som henter data fra et annet program (DDE). Lagre den som PDF, og last opp PDF-en."
    ),
    Fault.SCRIPT: gettext_lazy(
        "PDF-en kan kjøre kode, starte programmer eller sende noe når den åpnes eller fylles ut. Skriv den ut til en "
        "ny PDF, og last opp den."
    ),
    Fault.ENCLOSED: gettext_lazy(
        "PDF-en har en annen fil inni seg, som ikke alle kan åpne trygt. Skriv den ut til en ny PDF, og last opp den. "
        "Trengs filen inni, må den lastes opp for seg."
    ),
    Fault.BROKEN: gettext_lazy(
        "Filen er skadet eller ikke hel, så ingen får åpnet den. Lagre den på nytt fra programmet den er laget i, og "
        "last den opp på nytt."
    ),
    Fault.TOO_LARGE: gettext_lazy(
        "Filen blir for stor når den åpnes. Gjør bildene eller arkene i den mindre, og last den opp på nytt."
    ),
    Fault.OLD_OFFICE: gettext_lazy(
        "Filen er i det gamle formatet til Word, Excel eller PowerPoint. Lagre den som .docx, .xlsx eller PDF, og last "
        "den opp på nytt."
    ),
    Fault.HEIC: gettext_lazy(
        "Bildet er i formatet HEIC, som ikke alle kan åpne. Lagre det som JPEG, og last det opp på nytt."
    ),
    Fault.SLOW: gettext_lazy(
        "Det tok for lang tid å kontrollere filen. Lagre den på nytt, eller skriv den ut til en ny PDF, og last den "
        "opp."
    ),
    Fault.PACKING: gettext_lazy(
        "PDF-en er pakket på en gammel måte som vi ikke kan kontrollere. Skriv den ut til en ny PDF, og last opp den."
    ),
}
# Each file may take MOST_BYTES of memory several times over while it is judged, and a web process has many threads.
AT_ONCE: Final = BoundedSemaphore(2)


class UploadError(DomainError):
    """The upload is refused."""


def store_upload(uploaded: UploadedFile, *, at: datetime, kinds: Collection[Kind] = KINDS) -> StoredFile:
    """Check the size, content, name and malware of an upload, and store it. The files in it are checked, too.

    Raises UploadError with a sentence for the person. Without a configured scanner the file is marked
    unscanned.
    """
    limit = settings.UPLOAD_MAX_BYTES
    size = uploaded.size or 0
    if size > limit:
        raise UploadError(_("Filen er for stor. Den kan være på høyst %(mb)s MB.") % {"mb": limit // MB})
    data = uploaded.read()
    if not data:
        raise UploadError(_("Filen er tom."))
    kind = _judged(data)
    name = clean_name(uploaded.name or "fil")
    if kind is None or kind not in kinds:
        raise UploadError(_unwanted(name, kinds))
    if not uploads.has_matching_ending(name, kind):
        raise UploadError(
            _("Filen «%(name)s» er egentlig av typen %(kind)s. Gi den riktig navn og last den opp på nytt.")
            % {"name": name, "kind": kind.label}
        )
    return _store(data, name=name, content_type=kind.media_type, scan=_scan(data), at=at)


def _judged(data: bytes) -> Kind | None:
    try:
        with AT_ONCE, patience.limited():
            return uploads.kind_of(data)
    except FileFaultError as error:
        raise UploadError(str(FAULTS[error.fault]) % {"host": error.host}) from error


def _unwanted(name: str, kinds: Collection[Kind]) -> str:
    """Why the content is refused: it does not match the name's ending, or its kind is not one of ``kinds``."""
    labels = ", ".join(kind.label for kind in kinds)
    promised = next((kind for kind in kinds if uploads.has_matching_ending(name, kind)), None)
    if promised is None:
        return _("Vi kan ikke ta imot denne filtypen. Last opp en av disse: %(kinds)s.") % {"kinds": labels}
    words = {"name": name, "kind": promised.label, "kinds": labels}
    return (
        _(
            "Filen heter «%(name)s», men innholdet er ikke en %(kind)s-fil vi kan ta imot. Et nytt navn endrer ikke "
            "innholdet: lagre den på nytt fra programmet den er laget i, som en av disse: %(kinds)s."
        )
        % words
    )


def _scan(data: bytes) -> Scan:
    is_scanned = bool(settings.CLAMD_ADDRESS)
    try:
        malware = uploads.malware_in(data) if is_scanned else uploads.is_test_malware(data)
    except uploads.ScannerError as error:
        raise UploadError(_("Vi får ikke viruskontrollert filen nå. Prøv igjen om litt.")) from error
    if malware:
        raise UploadError(_("Filen inneholder skadelig programvare og er ikke lagret."))
    return Scan.CLEAN if is_scanned else Scan.UNSCANNED


def clean_name(name: str) -> str:
    """The last part of the path, printable characters only, at most 200 of them including the ending."""
    path = PurePath("".join(char for char in name.replace("\\", "/") if char.isprintable()))
    return (path.stem[: 200 - len(path.suffix)] + path.suffix) or "fil"


def store_bytes(data: bytes, *, name: str, content_type: str, at: datetime) -> StoredFile:
    """Store a document that the portal made itself."""
    return _store(data, name=clean_name(name), content_type=content_type, scan=Scan.NOT_NEEDED, at=at)


def keep_once(
    row: models.Model, field: str, data: bytes, *, name: str, content_type: str, at: datetime, **changes: Any
) -> bool:
    """Store a document that a job made as the row's file, unless the row has a file already; whether it was stored.

    A job may run twice, also at the same time: the first file is kept, and the other is deleted. ``changes`` are
    fields of the row written in the same UPDATE.
    """
    with transaction.atomic():
        stored = store_bytes(data, name=name, content_type=content_type, at=at)
        waiting = type(row)._meta.base_manager.filter(pk=row.pk, **{field: None})
        if waiting.update(**{field: stored}, **changes):
            return True
        stored.content.delete(save=False)
        stored.delete()
    return False


def _store(data: bytes, *, name: str, content_type: str, scan: Scan, at: datetime) -> StoredFile:
    stored = StoredFile(
        name=name,
        content_type=content_type,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        scan=scan,
        stored_at=at,
    )
    stored.content.save(name, ContentFile(data), save=False)
    stored.save()
    return stored


def response(stored: StoredFile, *, title: str = "") -> FileResponse:
    """The file as a download, never shown inside the portal's own origin; under ``title`` instead of its own name."""
    name = clean_name(title.replace("/", "-") + PurePath(stored.name).suffix) if title else stored.name
    answer = FileResponse(
        stored.content.open("rb"), as_attachment=True, filename=name, content_type=stored.content_type
    )
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
