"""A first look at a workbook: only at the directory of its archive and the beginnings of its parts.

It is done while the caller waits, so that what is no honest workbook is refused at once.
"""

import re
import zipfile
from typing import IO

from servicekit.imports import problems
from servicekit.imports.problems import FileRefused

MOST_PARTS = 1000
MOST_UNPACKED = 200 * 1024 * 1024
"""Bytes of all parts."""
RATIO = 100
SMALL = 1024 * 1024
"""A part may be packed a hundred times, and a small one as it likes."""
BEGINNING = 1024

_MACROS = re.compile(r"vbaproject|macrosheets|activex|\.bin$", re.IGNORECASE)
_OUTSIDE = re.compile(r"externallinks/|embeddings/|connections\.xml|querytables/", re.IGNORECASE)
_DOCTYPE = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_HARMLESS_BIN = re.compile(r"printersettings\d*\.bin$", re.IGNORECASE)


def check_workbook(file: IO[bytes]) -> None:
    """Raises one of `FileRefused` for what no workbook of rows needs."""
    file.seek(0, 2)
    size = file.tell()
    try:
        with zipfile.ZipFile(file) as archive:
            check_directory(archive.infolist(), size)
            for part in archive.infolist():
                if part.filename.endswith((".xml", ".rels")):
                    check_beginning(archive, part)
    except FileRefused:
        raise
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError, RuntimeError):
        raise problems.UnreadableFile from None
    except Exception as error:
        # The unpacking library tells broken data by errors of its own.
        if type(error).__module__ in ("zlib", "lzma", "bz2"):
            raise problems.UnreadableFile from None
        raise


def check_directory(parts: list[zipfile.ZipInfo], size: int) -> None:
    if len(parts) > MOST_PARTS:
        raise problems.TooManyParts(most=MOST_PARTS)
    if sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise problems.UnpackedTooLarge(most=MOST_UNPACKED // 1024**2)
    # Parts that overlap unpack the same bytes again and again.
    if sum(part.compress_size for part in parts) > size:
        raise problems.SuspiciousCompression
    names = [part.filename for part in parts]
    if len(set(names)) != len(names):
        raise problems.SuspiciousCompression
    for part in parts:
        check_part(part)


def check_part(part: zipfile.ZipInfo) -> None:
    name = part.filename
    if part.flag_bits & 0x1:
        raise problems.EncryptedPart
    if part.file_size > max(SMALL, RATIO * part.compress_size):
        raise problems.SuspiciousCompression
    if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise problems.SuspiciousCompression
    if name.startswith("/") or "\\" in name or ".." in name.split("/"):
        raise problems.UnsafePart
    if name.lower().endswith((".zip", ".xlsx", ".xlsm", ".exe", ".dll")):
        raise problems.ExternalLinks
    if _MACROS.search(name) and not _HARMLESS_BIN.search(name):
        raise problems.MacrosNotAllowed
    if _OUTSIDE.search(name):
        raise problems.ExternalLinks


def check_beginning(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    with archive.open(part) as opened:
        beginning = opened.read(BEGINNING if part.filename != "[Content_Types].xml" else SMALL)
    if _DOCTYPE.search(beginning.replace(b"\0", b"")):
        raise problems.DocumentType
    if b"macroEnabled" in beginning:
        raise problems.MacrosNotAllowed
