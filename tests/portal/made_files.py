"""Small files as real programs write them, and as somebody who means harm does. Each is made here, byte by byte."""

import io
import struct
import zipfile
import zlib

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

OFFICE = "application/vnd.openxmlformats-officedocument."
WORD_MAIN = OFFICE + "wordprocessingml.document.main+xml"
EXCEL_MAIN = OFFICE + "spreadsheetml.sheet.main+xml"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
STRICT_RELATION = "http://purl.oclc.org/ooxml/officeDocument/relationships/"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
WORD_TEXT = HEAD + '<w:document xmlns:w="urn:w"><w:body><w:p/></w:body></w:document>'
EXCEL_TEXT = HEAD + '<workbook xmlns="urn:x"><sheets/></workbook>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
PROGRAM = b"MZ\x90\0\x03" + b"\0" * 200


def utf16(text):
    return text.encode("utf-16-le")


# --- Word and Excel ------------------------------------------------------------------------------------


def relations(*related):
    """The part with relations: (type, target) or (type, target, mode)."""
    rows = "".join(
        f'<Relationship Id="r{number}" Type="{kind if ":" in kind else RELATION + kind}" Target="{target}"'
        + (f' TargetMode="{mode[0]}"' if mode else "")
        + "/>"
        for number, (kind, target, *mode) in enumerate(related)
    )
    return f'{HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{rows}</Relationships>'


def content_types(overrides):
    endings = {"rels": "application/vnd.openxmlformats-package.relationships+xml", "xml": "application/xml"}
    endings |= {"png": "image/png", "bin": f"{OFFICE}oleObject", "xlsx": f"{OFFICE}spreadsheetml.sheet"}
    defaults = "".join(f'<Default Extension="{ending}" ContentType="{kind}"/>' for ending, kind in endings.items())
    rows = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in overrides.items())
    return f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{defaults}{rows}</Types>'


def archived(parts, method=zipfile.ZIP_DEFLATED):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return stream.getvalue()


def office(main, kind, text, *, extra=(), types=(), root="officeDocument", first=()):
    """A document with its main part, and more parts and content types if asked for."""
    overrides = {main: kind, **dict(types)}
    parts = [("[Content_Types].xml", content_types(overrides)), ("_rels/.rels", relations((root, main))), (main, text)]
    return archived([*first, *parts, *extra])


def word(*extra, types=(), text=WORD_TEXT, main="word/document.xml", kind=WORD_MAIN, root="officeDocument"):
    return office(main, kind, text, extra=extra, types=types, root=root)


def excel(*extra, types=(), text=EXCEL_TEXT, kind=EXCEL_MAIN):
    return office("xl/workbook.xml", kind, text, extra=extra, types=types)


def beside(kind, target, mode="External"):
    """The relations of Word's main part, with one."""
    return ("word/_rels/document.xml.rels", relations((kind, target, mode)))


def field(*pieces):
    """Word's main part with a field, whose instruction is written in pieces."""
    runs = "".join(f'<w:r><w:instrText xml:space="preserve">{piece}</w:instrText></w:r>' for piece in pieces)
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "end"))
    return f'{HEAD}<w:document xmlns:w="urn:w"><w:body><w:p>{begin}{runs}{end}</w:p></w:body></w:document>'


def locked():
    """A document with a password is no archive: it is encrypted inside the container of the old programs."""
    return OLE + utf16("EncryptedPackage") + b"\0" * 480


# --- archives that lie ---------------------------------------------------------------------------------


def twice():
    """A part that is there twice for most programs: one reads the first, another the last."""
    return word(("Word/Document.xml", WORD_TEXT))


def outside():
    return word(("../../utenfor.xml", "<a/>"))


def lying(data, *, name, size):
    """The archive whose directory and header say that the part is of another size than it is."""
    changed = bytearray(data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entry = archive.getinfo(name)
    struct.pack_into("<I", changed, entry.header_offset + 22, size)
    central = data.index(b"PK\x01\x02")
    while data[central + 46 : central + 46 + len(name)] != name.encode():
        central = data.index(b"PK\x01\x02", central + 1)
    struct.pack_into("<I", changed, central + 24, size)
    # With the checksum that goes with the false size, nothing but unpacking it all tells.
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        checksum = zlib.crc32(archive.read(name)[:size])
    struct.pack_into("<I", changed, entry.header_offset + 14, checksum)
    struct.pack_into("<I", changed, central + 16, checksum)
    return bytes(changed)


def two_directories(data):
    """The archive whose directory has another size than the header in front of the part."""
    changed = bytearray(data)
    struct.pack_into("<I", changed, 22, 7)
    return bytes(changed)


def with_flag(data):
    """The archive that says that its first part is encrypted."""
    changed = bytearray(data)
    changed[6] |= 1
    return bytes(changed)


# --- PDF -----------------------------------------------------------------------------------------------


def pdf(change=None, *, pages=1, title="", **saved):
    """A PDF of empty pages, changed by a function before it is saved."""
    made, stream = pikepdf.new(), io.BytesIO()
    for _number in range(pages):
        made.add_blank_page(page_size=(595, 842))
    if title:
        made.docinfo["/Title"] = title
    if change:
        change(made)
    made.save(stream, **saved)
    return stream.getvalue()


def opens_with(**action):
    """What happens when the PDF is opened."""

    def change(made):
        made.Root.OpenAction = Dictionary(**action)

    return change


def script_of_a_field(made):
    """A form whose field runs a script, deep inside other objects."""
    script = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
    made.Root.AcroForm = Dictionary(Fields=Array([Dictionary(T=String("sum"), AA=Dictionary(C=script))]))


def script_in_a_stream(made):
    action = Dictionary(S=Name.JavaScript, JS=made.make_stream(b"app.alert(1)"))
    made.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), made.make_indirect(action)])))


def xfa(made):
    made.Root.AcroForm = Dictionary(Fields=Array([]), XFA=made.make_stream(b"<xdp/>"))


def link(made):
    action = Dictionary(S=Name.URI, URI=String("https://www.example.org/JavaScript"))
    note = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=action)
    made.pages[0].Annots = Array([made.make_indirect(note)])


def words_about_scripts(made):
    made.docinfo["/Title"] = "Kurs i /JavaScript og /Launch (/JS)"


def enclosing(name, content):
    def change(made):
        made.attachments[name] = pikepdf.AttachedFileSpec(made, content, filename=name)

    return change


def lzw(size):
    """Zeros, packed by LZW in the manner of a PDF: each code is one zero longer than the code before."""
    codes, written = [0], 1
    while written < size:
        codes.append(257 + len(codes))
        written += len(codes)
    widths = [9 + (code >= 511) + (code >= 1023) + (code >= 2047) for code in codes]
    pairs = zip([256, *codes, 257], [9, *widths, widths[-1]], strict=True)
    bits = "".join(f"{code:0{width}b}" for code, width in pairs)
    return bytes(int(bits[start : start + 8].ljust(8, "0"), 2) for start in range(0, len(bits), 8))


def enclosing_lzw(made):
    """A file of 200,000 zeros, packed twice."""
    stream = pikepdf.Stream(made, zlib.compress(lzw(200_000)), Filter=Array([Name.FlateDecode, Name.LZWDecode]))
    spec = Dictionary(Type=Name.Filespec, F=String("a.txt"), UF=String("a.txt"), EF=Dictionary(F=stream))
    made.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=Array([String("a.txt"), made.make_indirect(spec)])))


# A PDF is saved with its streams packed as they are.
AS_PACKED = {"stream_decode_level": pikepdf.StreamDecodeLevel.none, "compress_streams": False}
IN_STREAMS = {**AS_PACKED, "object_stream_mode": pikepdf.ObjectStreamMode.generate}


def page_of_lzw(made):
    """What programs of the nineties wrote; the page is not unpacked."""
    made.pages[0].Contents = pikepdf.Stream(made, lzw(100), Filter=Name.LZWDecode)


def signed(made):
    """A signature's field, as Adobe and the signing services write it."""
    value = Dictionary(Type=Name.Sig, Filter=Name("/Adobe.PPKLite"), Contents=String("\0" * 64))
    sig = Dictionary(FT=Name.Sig, T=String("Signatur1"), V=made.make_indirect(value))
    made.Root.AcroForm = Dictionary(Fields=Array([made.make_indirect(sig)]), SigFlags=3)


def encrypted(user):
    return {"encryption": pikepdf.Encryption(owner="eier", user=user)}


def without_table(data):
    """As a program that was stopped, or a mail server that changed the line ends, leaves it: no way to the objects."""
    return data.replace(b"startxref", b"startxxxx")


# --- pictures ------------------------------------------------------------------------------------------


def picture(kind, mode="RGB", size=(60, 40), **saved):
    stream = io.BytesIO()
    Image.effect_noise(size, 90).convert(mode).save(stream, kind, **saved)
    return stream.getvalue()


def wide_png(width, height):
    """A picture that says it is enormous."""
    data = bytearray(picture("PNG"))
    struct.pack_into(">II", data, 16, width, height)
    struct.pack_into(">I", data, 29, zlib.crc32(bytes(data[12:29])))
    return bytes(data)


def with_scans(data, number):
    """A JPEG with its last scan that many times more."""
    start = data.rfind(b"\xff\xda")
    return data[:-2] + data[start:-2] * number + data[-2:]


HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 40
