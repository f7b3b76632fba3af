"""Reading a file row by row. This runs in the child process only: the parser meets the input here.

Numbers keep the fifteen digits that a spreadsheet has; dates are days where they have no time.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import charset_normalizer
import python_calamine

from servicekit.http.exports.stamp import MOST_LINES, Stamp
from servicekit.http.exports.stamp import SHEET as STAMP_SHEET
from servicekit.imports import problems
from servicekit.imports.places import cell_name

CSV = "text/csv"
SAMPLE = 32 * 1024
"""Bytes by which an encoding is judged."""
MOST_FORMULAS = 1000
MOST_MERGED = 2 * problems.MOST_ERRORS
"""Covered cells that are told: by then there are more errors than an import looks for."""
MIB = 1024 * 1024
DIGITS = frozenset("0123456789")
LONGEST_TAG = 4096
"""Bytes of a cell's first two tags together."""
_FORMULA = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3}[0-9]{1,7})"[^>]*>\s*<(?:\w+:)?f\b')

Row = list[Any]


@dataclass(slots=True)
class Sheet:
    """The heads, and below them the rows with their numbers; the first row of a sheet is 1."""

    name: str
    first_column: int
    """0 for A: where the heads begin."""
    heads: Row
    head_row: int
    total: int
    rows: Iterator[tuple[int, Row]]
    formulas: list[str] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    """The cells below the heads that another one covers: what stands in them is not to be seen."""
    stamp: Stamp | None = None
    """Of a form that was handed out here."""


def open_sheet(path: Path, media_type: str) -> Sheet:
    """Raises one of `FileRefused`."""
    return open_csv(path) if media_type == CSV else open_workbook(path)


def open_workbook(path: Path) -> Sheet:
    """The first visible sheet of a workbook."""
    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        shown = [
            one.name
            for one in book.sheets_metadata
            if one.typ == python_calamine.SheetTypeEnum.WorkSheet
            and one.visible == python_calamine.SheetVisibleEnum.Visible
        ]
        if not shown:
            raise problems.NoSheet
        sheet = book.get_sheet_by_name(shown[0])
    except python_calamine.PasswordError:
        raise problems.EncryptedPart from None
    except (python_calamine.CalamineError, python_calamine.WorksheetNotFound, OSError):
        raise problems.UnreadableFile from None
    if sheet.start is None:
        raise problems.EmptySheet(sheet=sheet.name)
    check_size(sheet.height - 1, sheet.width)
    check_heads_are_plain(sheet)
    rows = enumerate(sheet.iter_rows(), start=1)
    formulas = formulas_of(path, sheet.name)
    found = below_heads(sheet.name, sheet.start[1], sheet.height - 1, rows, formulas)
    found.merged = covered_by_others(sheet, found.head_row)
    found.stamp = stamp_of(book)
    return found


def stamp_of(book: python_calamine.CalamineWorkbook) -> Stamp | None:
    if STAMP_SHEET not in book.sheet_names:
        return None
    sheet = book.get_sheet_by_name(STAMP_SHEET)
    return Stamp.of(sheet.to_python(nrows=MOST_LINES))


def check_size(rows: int, columns: int) -> None:
    if columns > problems.MOST_COLUMNS:
        raise problems.TooManyColumns(most=problems.MOST_COLUMNS)
    if rows > problems.MOST_ROWS:
        raise problems.TooManyRows(most=problems.MOST_ROWS)


def check_heads_are_plain(sheet: python_calamine.CalamineSheet) -> None:
    assert sheet.start is not None
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        if top <= sheet.start[0] <= bottom:
            first, last = cell_name(left, top + 1), cell_name(right, bottom + 1)
            raise problems.MergedHeads(cells=f"{first}:{last}")


def covered_by_others(sheet: python_calamine.CalamineSheet, head_row: int) -> list[str]:
    """The cells below the heads that a merged one covers, of the rows that there are."""
    assert sheet.start is not None
    last_row, last_column = (at + size for at, size in zip(
        sheet.start, (sheet.height, sheet.width), strict=True))  # fmt: skip
    found: list[str] = []
    for (top, left), (bottom, right) in sorted(sheet.merged_cell_ranges or []):
        for row in range(max(top, head_row), min(bottom + 1, last_row)):
            for column in range(left, min(right + 1, last_column)):
                if (row, column) != (top, left):
                    found.append(cell_name(column, row + 1))
            if len(found) > MOST_MERGED:
                return found
    return found


def says(value: Any) -> bool:
    """Whether a cell is more than blanks."""
    return value is not None and not (isinstance(value, str) and not value.strip())


def below_heads(
    name: str,
    first_column: int,
    total: int,
    rows: Iterator[tuple[int, Row]],
    formulas: list[str],
) -> Sheet:
    """The first row that is not empty holds the heads."""
    for number, row in rows:
        if any(map(says, row)):
            below = ((n, r) for n, r in rows if any(map(says, r)))
            if total < 1:
                raise problems.EmptySheet(sheet=name)
            return Sheet(name, first_column, row, number, total, below, formulas)
    raise problems.EmptySheet(sheet=name)


def open_csv(path: Path) -> Sheet:
    """A CSV, whose encoding is found out; its only sheet has no name."""
    content = decode(path.read_bytes())
    if "\0" in content:
        raise problems.NullInText
    csv.field_size_limit(4 * problems.LONGEST_CELL)
    try:
        total, width = 0, 0
        for row in csv.reader(io.StringIO(content, newline=""), strict=True):
            total, width = total + any(map(says, row)), max(width, len(row))
            check_size(total - 1, width)
    except csv.Error as error:
        raise problems.MalformedCsv(reason=str(error)) from None
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    rows = ((number, list(row)) for number, row in enumerate(reader, start=1))
    return below_heads("", 0, total - 1, rows, [])


def decode(content: bytes) -> str:
    """UTF-8, with a mark or without; or GB18030 if the text makes sense in it."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    sample = content[:SAMPLE].rpartition(b"\n")[0] or content[:SAMPLE]
    found = charset_normalizer.from_bytes(sample, cp_isolation=["gb18030"]).best()
    try:
        if found is not None:
            return content.decode("gb18030")
    except UnicodeDecodeError:
        pass
    raise problems.UnknownEncoding


def plain(value: Any) -> Any:
    """A cell as JSON holds it."""
    if type(value) is float:
        return str(int(value)) if value.is_integer() else format(value, ".15g")
    match value:
        case bool() | str() | None:
            return value
        case int():
            return str(value)
        case datetime():
            midnight = value.time() == time()
            return value.date().isoformat() if midnight else value.isoformat() + "+08:00"
        case date() | time():
            return value.isoformat()
        case timedelta():
            return str(value)
    return str(value)


def plain_all(cells: Sequence[Any]) -> list[Any]:
    """`plain` of a column: its numbers are written by one call where they can be."""
    if set(map(type, cells)) == {float}:
        written = ("%.15g\n" * len(cells) % tuple(cells)).splitlines()
        return [
            text if text[-1] in DIGITS and "e" not in text and text != "-0" else plain(cells[n])
            for n, text in enumerate(written)
        ]
    return [value if type(value) is str else plain(value) for value in cells]


def formulas_of(path: Path, sheet: str) -> list[str]:
    """The cells of a sheet that hold formulas: the parser gives only what they last came to."""
    found: dict[str, None] = {}
    try:
        with zipfile.ZipFile(path) as archive, archive.open(part_of(archive, sheet)) as part:
            before = b""
            while (piece := part.read(MIB)) and len(found) < MOST_FORMULAS:
                text = before + piece
                # Looking for the letter alone is ten times faster, and most sheets have none.
                if b"<f" in text or b":f" in text:
                    found |= dict.fromkeys(match[1].decode() for match in _FORMULA.finditer(text))
                before = text[-LONGEST_TAG:]
    except (KeyError, StopIteration, ElementTree.ParseError, zipfile.BadZipFile):
        raise problems.UnreadableFile from None
    return list(found)


def part_of(archive: zipfile.ZipFile, sheet: str) -> str:
    """The part of the archive that holds the sheet.

    Raises:
        KeyError, StopIteration: the archive does not say.
    """
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314, without DOCTYPE
    element = next(one for one in book.iter() if one.attrib.get("name") == sheet)
    relation = next(value for name, value in element.attrib.items() if name.endswith("}id"))
    relations = archive.read("xl/_rels/workbook.xml.rels")
    for one in ElementTree.fromstring(relations):  # noqa: S314, without DOCTYPE
        if one.attrib.get("Id") == relation:
            target = one.attrib["Target"]
            return target[1:] if target.startswith("/") else f"xl/{target}"
    raise KeyError(relation)
