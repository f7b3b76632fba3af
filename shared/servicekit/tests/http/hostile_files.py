"""Files that somebody made to do harm, or that are no file of rows at all."""

import io
import os
import warnings
import zipfile
from collections.abc import Iterator, Mapping

import xlsxwriter

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;">]><worksheet>&c;</worksheet>"""
XXE = """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><w>&e;</w>"""
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
SHEET = "xl/worksheets/sheet1.xml"
HEADS = "title,unit,rank\r\n"


def book(*rows: list[object], merge: str = "", at: tuple[int, int] | None = None) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as made:
        page = made.add_worksheet()
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
        if merge:
            page.merge_range(merge, "title")
        if at:
            page.write(*at, "x")
    return file.getvalue()


GOOD = book(["title", "unit", "rank"], ["t", "st-bureau", 1])


def packed(
    add: Mapping[str, bytes] | None = None, only: bool = False, how: int = zipfile.ZIP_DEFLATED
) -> bytes:
    """The good workbook with these parts added or put in the place of its own."""
    add, file = dict(add or {}), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as good, zipfile.ZipFile(file, "w", how) as made:
        parts = {} if only else {name: good.read(name) for name in good.namelist()}
        for name, content in {**parts, **add}.items():
            made.writestr(name, content, compresslevel=1)
    return file.getvalue()


def changed(change: str) -> bytes:
    """The good workbook with its directory tampered with."""
    file = io.BytesIO(packed({"xl/media/a.xml": os.urandom(300_000)}))
    with zipfile.ZipFile(file, "a") as made, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        first = made.infolist()[-1]
        if change == "twice":
            made.writestr(SHEET, "<x/>")
        elif change == "encrypted":
            made.writestr("xl/other.xml", "<x/>")
            made.infolist()[0].flag_bits |= 1
        elif change == "lying":
            made.writestr("xl/other.xml", bytes(900_000), zipfile.ZIP_DEFLATED)
            made.infolist()[-1].file_size = 10
        else:
            made.writestr("xl/other.xml", "<x/>")
            for number in range(40):
                copied = zipfile.ZipInfo(f"xl/media/{number}.xml")
                copied.header_offset, copied.CRC = first.header_offset, first.CRC
                copied.compress_size, copied.file_size = first.compress_size, first.file_size
                copied.compress_type = first.compress_type
                made.filelist.append(copied)
    return file.getvalue()


def replaced(part: str, old: bytes, new: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(GOOD)) as good:
        content = good.read(part)
    assert old in content
    return packed({part: content.replace(old, new)})


def broken_stream() -> bytes:
    content = bytearray(packed({SHEET: os.urandom(5000).hex().encode()}))
    start = content.index(SHEET.encode()) + len(SHEET)
    content[start : start + 200] = os.urandom(200)
    return bytes(content)


def workbooks() -> Iterator[tuple[str, bytes, str]]:
    """Name, content, and the code it is refused with."""
    zeros = bytes(70 * 1024 * 1024)
    bomb = {f"xl/media/{n}.xml": zeros for n in range(3)}
    yield "a zip bomb", packed({"xl/media/a.xml": zeros}), "suspicious_compression"
    yield "more than 200 MiB unpacked", packed(bomb), "unpacked_too_large"
    yield "parts that overlap", changed("overlap"), "suspicious_compression"
    yield "a part twice", changed("twice"), "suspicious_compression"
    yield "a size that lies", changed("lying"), "unreadable_file"
    many = {f"xl/media/{n}.xml": b"<x/>" for n in range(1001)}
    yield "a thousand parts", packed(many), "too_many_parts"
    yield "an unusual packing", packed(how=zipfile.ZIP_LZMA), "suspicious_compression"
    yield "an encrypted part", changed("encrypted"), "encrypted_workbook"
    yield "an encrypted workbook", OLE + b"EncryptedPackage" + bytes(4096), "file_type_mismatch"
    yield "an old workbook", OLE + bytes(4096), "file_type_mismatch"
    yield "macros", packed({"xl/vbaProject.bin": b"x"}), "macros_not_allowed"
    yield "a macro sheet", packed({"xl/macrosheets/sheet1.xml": b"<x/>"}), "macros_not_allowed"
    yield "a control", packed({"xl/activeX/activeX1.xml": b"<x/>"}), "macros_not_allowed"
    types = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    usual = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    content = replaced("[Content_Types].xml", usual, types)
    yield "a type with macros", content, "macros_not_allowed"
    link = {"xl/externalLinks/externalLink1.xml": b"<x/>"}
    yield "a link to another file", packed(link), "external_links"
    yield "a database connection", packed({"xl/connections.xml": b"<x/>"}), "external_links"
    yield "an embedded workbook", packed({"xl/embeddings/a.xlsx": GOOD}), "external_links"
    yield "an archive in it", packed({"xl/media/a.zip": packed()}), "external_links"
    yield "a program in it", packed({"xl/media/a.exe": b"MZ"}), "external_links"
    yield "a billion laughs", packed({SHEET: LAUGHS}), "document_type_not_allowed"
    yield "an entity from a file", packed({SHEET: XXE.encode()}), "document_type_not_allowed"
    yield "the same in UTF-16", packed({SHEET: XXE.encode("utf-16")}), "document_type_not_allowed"
    yield "a way up", packed({"../../evil.xml": b"<x/>"}), "unsafe_part"
    yield "a way from the root", packed({"/etc/evil.xml": b"<x/>"}), "unsafe_part"
    yield "the first half", GOOD[: len(GOOD) // 2], "file_type_mismatch"
    yield "only a beginning", b"PK\x03\x04" + os.urandom(500), "file_type_mismatch"
    yield "an archive of texts", packed({"a.txt": b"a"}, only=True), "file_type_mismatch"
    yield "a letter", packed({"word/document.xml": b"<x/>"}, only=True), "file_type_mismatch"
    yield "a picture", b"\x89PNG\r\n\x1a\n" + bytes(64), "file_type_mismatch"
    yield "a page", b"<html><table><tr><td>title</td></tr></table>", "file_type_mismatch"
    yield "nothing", b"", "empty_file"
    yield "a broken stream", broken_stream(), "unreadable_file"
    yield "a sheet of noise", packed({SHEET: b"<worksheet><sheetData><row><c"}), "unreadable_file"
    yield "a sheet of no rows", book(), "empty_sheet"
    yield "heads alone", book(["title", "unit"]), "empty_sheet"
    yield "an absurd width and height", book(["t"], at=(1048575, 16383)), "file_too_demanding"
    yield "a million rows", book(["t"], at=(1048575, 0)), "too_many_rows"
    yield "too many columns", book(["t"], at=(5, 100)), "too_many_columns"
    yield "merged heads", book(["t"], ["x"], merge="A1:C1"), "merged_heads"
    hidden = replaced("xl/workbook.xml", b"<sheet ", b'<sheet state="hidden" ')
    yield "a hidden sheet", hidden, "no_sheet"
    lost = replaced("xl/_rels/workbook.xml.rels", b"worksheets/sheet1.xml", b"worksheets/no.xml")
    yield "a sheet that is not there", lost, "unreadable_file"


def texts() -> Iterator[tuple[str, bytes, str]]:
    row = "t,st-bureau,1\r\n"
    late = (HEADS + row * 10_000).encode() + b"a\0b,c,1\r\n"
    yield "NUL far behind", late, "null_in_text"
    yield "NUL at once", b"title,unit\r\na\0b,c\r\n", "file_type_mismatch"
    yield "UTF-16", (HEADS + row).encode("utf-16"), "file_type_mismatch"
    yield "lone surrogates", HEADS.encode() + b"\xed\xa0\x80,b,1\r\n", "unknown_encoding"
    noise = bytes(range(0x80, 0x100)) * 20
    yield "noise", HEADS.encode() + noise + b",b,1\r\n", "unknown_encoding"
    yield "a quote that never ends", (HEADS + '"abc,d,1\r\n').encode(), "malformed_csv"
    yield "a field without end", (HEADS + "a" * 200_000 + ",b,1\r\n").encode(), "malformed_csv"
    yield "too many rows", (HEADS + "a,b,1\r\n" * 100_001).encode(), "too_many_rows"
    yield "a line of commas", b"title" + b"," * 2_000_000 + b"\r\nx\r\n", "too_many_columns"
    yield "blank lines", b"title\n" + b"\n" * 1_000_000, "empty_sheet"
    yield "a program", b"MZ\x90\x00" + bytes(64), "file_type_mismatch"
    yield "a document", b"%PDF-1.7\n1 0 obj", "file_type_mismatch"


def files() -> Iterator[tuple[str, str, bytes, str]]:
    for name, content, code in workbooks():
        yield name, XLSX, content, code
    for name, content, code in texts():
        yield name, CSV, content, code
