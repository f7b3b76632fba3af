"""What a file is, told by its content and never by its name or what the caller says of it."""

import io
import re
import zipfile
from collections.abc import Collection
from typing import IO

import puremagic

from servicekit.problems import FieldError, Unprocessable

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"
PNG = "image/png"
JPEG = "image/jpeg"

SUFFIXES = {CSV: ".csv", XLSX: ".xlsx", DOCX: ".docx", PDF: ".pdf", PNG: ".png", JPEG: ".jpg"}
ALSO = {JPEG: (".jpeg", ".jpe", ".jfif"), CSV: (".txt",)}
"""Other endings that a file of this type may have."""

HEAD = 64 * 1024
"""Bytes that are looked at."""
_BINARY = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_OFFICE = {XLSX: "xl/workbook.xml", DOCX: "word/document.xml"}
"""The part that makes an Office archive what it is: their first bytes are all the same."""


class UnexpectedFileType(Unprocessable):
    code = "unexpected_file_type"
    zh = "文件内容不是允许的类型（允许：{allowed}）"
    en = "The file's content is not of a type that is accepted here ({allowed})"


class FileTypeMismatch(Unprocessable):
    code = "file_type_mismatch"
    zh = "文件内容与声明的类型 {declared} 不符"
    en = "The file's content is not what its Content-Type says, {declared}"


def check_kind(file: IO[bytes], declared: str, allowed: Collection[str]) -> str:
    """The type of the file, one of `allowed`.

    Raises:
        UnexpectedFileType: it is declared as something else, or as nothing and is none of these.
        FileTypeMismatch: it is not what it is declared to be.
    """
    if declared in ("", "application/octet-stream"):
        found = next((kind for kind in allowed if is_of(file, kind)), None)
        if found is None:
            raise UnexpectedFileType(allowed=", ".join(allowed))
        return found
    if declared not in allowed:
        where = FieldError(
            "header/content-type", UnexpectedFileType.code, "不允许的类型", "Not accepted here"
        )
        raise UnexpectedFileType(allowed=", ".join(allowed), errors=(where,))
    if not is_of(file, declared):
        raise FileTypeMismatch(declared=declared)
    return declared


def is_of(file: IO[bytes], kind: str) -> bool:
    """Whether the content is of this media type."""
    file.seek(0)
    head = file.read(HEAD)
    if kind == CSV:
        return bool(head.strip()) and not _BINARY.search(head) and not _known(head)
    if kind not in _known(head):
        return False
    return kind not in _OFFICE or _has_part(file, _OFFICE[kind])


def _known(head: bytes) -> set[str]:
    """The media types that the first bytes may be the beginning of; texts of any sort are none."""
    try:
        found = puremagic.magic_stream(io.BytesIO(head))
    except (puremagic.PureError, ValueError):
        return set()
    return {one.mime_type for one in found} & SUFFIXES.keys()


def _has_part(file: IO[bytes], name: str) -> bool:
    try:
        with zipfile.ZipFile(file) as archive:
            return name in archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return False
