"""A ZIP archive that somebody uploaded, read by what is in it and not by what its directory says of it."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from portal.files.faults import Fault, FileFaultError
from portal.files.patience import MOST_BYTES, bytes_left, count_bytes, require_time

MB = 1024 * 1024
MOST_ENTRIES = 5_000
CHUNK = MB
# The header in front of each entry: signature, flags, method, CRC, sizes, and the lengths of name and extra field.
LOCAL_HEADER = struct.Struct("<4s2xHH4xIIIHH")
SIGNATURE = b"PK\x03\x04"
ENCRYPTED, SIZES_FOLLOW = 0x1, 0x8
IN_ZIP64 = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Part:
    """One entry of the archive, unpacked."""

    name: str
    data: bytes


def parts(data: bytes) -> Iterator[Part]:
    """Every entry, unpacked one at a time; folders are left out.

    Raises FileFaultError: BROKEN when the archive is cut off, or its directory says something else than its entries;
    TOO_LARGE when it unpacks to more than MOST_BYTES, or than is left for the whole upload, counted as the bytes come;
    PASSWORD.
    """
    left = MOST_BYTES
    for entry in _entries(data):
        require_time()
        unpacked = _unpack(data, entry, min(left, bytes_left()))
        left -= len(unpacked)
        count_bytes(len(unpacked))
        if not entry.is_dir():
            yield Part(entry.filename, unpacked)


def is_archive(data: bytes) -> bool:
    """Whether the data can be opened as a ZIP archive, also when something else is in front of it."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return bool(archive.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False


def _entries(data: bytes) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise FileFaultError(Fault.BROKEN) from error
    if len(entries) > MOST_ENTRIES:
        raise FileFaultError(Fault.TOO_LARGE)
    names = [entry.filename.lower() for entry in entries]
    is_honest = (
        len(set(names)) == len(names)
        and all(map(_is_inside, entries))
        # Entries that share their bytes unpack to far more than the file could hold.
        and sum(entry.compress_size for entry in entries) <= len(data)
    )
    if not is_honest:
        raise FileFaultError(Fault.BROKEN)
    return entries


def _is_inside(entry: zipfile.ZipInfo) -> bool:
    """Whether the name is one that stays in the folder that the archive is unpacked to."""
    name = entry.filename
    return name == entry.orig_filename and not name.startswith(("/", "\\")) and ".." not in name.split("/")


def _unpack(data: bytes, entry: zipfile.ZipInfo, most: int) -> bytes:
    header = data[entry.header_offset : entry.header_offset + LOCAL_HEADER.size]
    if len(header) < LOCAL_HEADER.size:
        raise FileFaultError(Fault.BROKEN)
    signature, flags, method, crc, packed_size, size, name_length, extra_length = LOCAL_HEADER.unpack(header)
    if (flags | entry.flag_bits) & ENCRYPTED:
        raise FileFaultError(Fault.PASSWORD)
    start = entry.header_offset + LOCAL_HEADER.size
    name = data[start : start + name_length]
    directory = (entry.CRC, entry.compress_size, entry.file_size)
    is_told_here = not flags & SIZES_FOLLOW and IN_ZIP64 not in (packed_size, size)
    if (
        signature != SIGNATURE
        or method != entry.compress_type
        or name != _packed_name(entry)
        or (is_told_here and (crc, packed_size, size) != directory)
    ):
        raise FileFaultError(Fault.BROKEN)
    start += name_length + extra_length
    unpacked = _inflate(data[start : start + entry.compress_size], method, most)
    if (zlib.crc32(unpacked), len(unpacked)) != (entry.CRC, entry.file_size):
        raise FileFaultError(Fault.BROKEN)
    return unpacked


def _packed_name(entry: zipfile.ZipInfo) -> bytes:
    """The name as its bytes are in the archive: zipfile has read them as UTF-8 or as the old code page."""
    return entry.orig_filename.encode("utf-8" if entry.flag_bits & 0x800 else "cp437")


def _inflate(packed: bytes, method: int, most: int) -> bytes:
    """The bytes of one entry. Reads until the packed bytes say that they end, whatever size was promised."""
    if method == zipfile.ZIP_STORED:
        if len(packed) > most:
            raise FileFaultError(Fault.TOO_LARGE)
        return packed
    if method != zipfile.ZIP_DEFLATED:
        raise FileFaultError(Fault.BROKEN)
    reader, chunks, count = zlib.decompressobj(-zlib.MAX_WBITS), [], 0
    waiting = packed
    try:
        while not reader.eof:
            require_time()
            chunk = reader.decompress(waiting, CHUNK)
            waiting = reader.unconsumed_tail
            count += len(chunk)
            if count > most:
                raise FileFaultError(Fault.TOO_LARGE)
            if not chunk and not waiting:
                break
            chunks.append(chunk)
    except zlib.error as error:
        raise FileFaultError(Fault.BROKEN) from error
    if not reader.eof or reader.unused_data:
        raise FileFaultError(Fault.BROKEN)
    return b"".join(chunks)
