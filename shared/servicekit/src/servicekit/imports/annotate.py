"""The file that was sent, with what is wrong in it. This runs in the child process only."""

import csv
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson
import xlsxwriter

from servicekit.http.exports.neutral import neutral
from servicekit.http.exports.stamp import write_stamp
from servicekit.imports.places import ERRORS_HEAD, is_errors_head
from servicekit.imports.reading import CSV, Sheet, open_sheet, plain

NARROW, WIDE = 16, 60
"""Characters a column shows."""
LONGEST_NOTE = 1000
"""Characters of a note beside a cell, so that it stays readable."""

Wrong = Mapping[int, Mapping[int, str]]
"""Row → column (0 for A; -1 for the whole row) → what is wrong there."""


def annotate(source: str, media_type: str, errors: str, target: str, language: str) -> None:
    """Write `target`: the rows of `source`, and a column behind them that names what is wrong.
    `errors` is a file of `[row, column, text]` as JSON."""
    wrong: dict[int, dict[int, str]] = {}
    for row, column, text in orjson.loads(Path(errors).read_bytes()):
        place = wrong.setdefault(row, {})
        place[column] = f"{place[column]}; {text}" if column in place else text
    sheet = open_sheet(Path(source), media_type)
    write = write_csv if media_type == CSV else write_workbook
    write(Path(target), sheet, wrong, ERRORS_HEAD[language])


def summary(sheet: Sheet, wrong: Mapping[int, str]) -> str:
    """All that is wrong with a row, by the heads of its columns."""
    parts: list[str] = []
    for column, text in sorted(wrong.items()):
        at = column - sheet.first_column
        head = str(sheet.heads[at]) if 0 <= at < len(sheet.heads) else ""
        parts.append(f"{head}: {text}" if head else text)
    return "; ".join(parts)


def width_of(sheet: Sheet) -> int:
    """How many columns are the file's own: one that was given back and is sent again has the
    column of errors already, which is written anew."""
    heads = [str(head) for head in sheet.heads]
    return len(heads) - bool(heads and is_errors_head(heads[-1]))


def write_csv(target: Path, sheet: Sheet, wrong: Wrong, head: str) -> None:
    width = width_of(sheet)
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        top = summary(sheet, wrong.get(sheet.head_row, {}))
        writer.writerow(map(cell_text, [*sheet.heads[:width], f"{head}: {top}" if top else head]))
        for number, row in sheet.rows:
            padded = [*row[:width], *[""] * (width - len(row))]
            writer.writerow(map(cell_text, [*padded, summary(sheet, wrong.get(number, {}))]))


def cell_text(value: Any) -> str:
    """Neutral, because others than its author may open the file."""
    return neutral("" if value is None else str(plain(value)))


def write_workbook(target: Path, sheet: Sheet, wrong: Wrong, head: str) -> None:
    page = Page(target, sheet)
    top = wrong.get(sheet.head_row, {})
    told = summary(sheet, top)
    page.put(sheet.head_row, sheet.heads, top, f"{head}: {told}" if told else head, page.bold)
    for number, row in sheet.rows:
        found = wrong.get(number, {})
        page.put(number, row, found, summary(sheet, found), None)
    if sheet.stamp:
        write_stamp(page.book, sheet.stamp)
    page.book.close()


class Page:
    """The workbook that is written, row by row in constant memory."""

    def __init__(self, target: Path, sheet: Sheet) -> None:
        options = dict.fromkeys(
            ("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False
        )
        self.book = xlsxwriter.Workbook(str(target), {"constant_memory": True, **options})
        self.bold = self.book.add_format({"bold": True, "bottom": 1, "bg_color": "#E7EEF7"})
        self._marked = self.book.add_format({"bg_color": "#FFC7CE", "font_color": "#9C0006"})
        self._page = self.book.add_worksheet(sheet_name(sheet.name))
        self._page.set_comments_author("Kechuang")
        self._first, self._width = sheet.first_column, width_of(sheet)
        for at, title in enumerate(sheet.heads[: self._width], start=self._first):
            self._page.set_column(at, at, max(NARROW, len(str(title)) * 2))
        self._page.set_column(self._first + self._width, self._first + self._width, WIDE)
        self._page.freeze_panes(sheet.head_row, 0)

    def put(
        self, number: int, row: list[Any], wrong: Mapping[int, str], told: str, form: Any
    ) -> None:
        """One row: its wrong cells are marked and have a note, and `told` stands behind it."""
        for column, value in enumerate(row[: self._width], start=self._first):
            marked = self._marked if column in wrong else form
            write_cell(self._page, number - 1, column, value, marked)
            if column in wrong:
                self._page.write_comment(number - 1, column, wrong[column][:LONGEST_NOTE])
        last = self._marked if wrong else form
        self._page.write_string(number - 1, self._first + self._width, told, last)


def sheet_name(given: str) -> str:
    """The name as the format allows it, whatever the file that was sent called its sheet."""
    return re.sub(r"[\[\]:*?/\\']", "_", given)[:31] or "Sheet1"


def write_cell(page: Any, row: int, column: int, value: Any, form: Any) -> None:
    """As it was: a number stays a number, and no text becomes a formula."""
    if isinstance(value, bool):
        page.write_boolean(row, column, value, form)
    elif value in ("", None):
        page.write_blank(row, column, None, form)
    elif isinstance(value, int | float):
        page.write_number(row, column, value, form)
    else:
        page.write_string(row, column, str(plain(value)), form)
