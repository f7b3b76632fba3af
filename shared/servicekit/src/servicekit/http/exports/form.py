"""A workbook that people fill in and send back: what is given is locked, what is asked is open.

A hidden sheet carries a stamp, by which the reader of the filled workbook knows what was handed
out.
"""

import asyncio
import hashlib
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import xlsxwriter
from fastapi import Response
from xlsxwriter.worksheet import Worksheet

from servicekit.files.kinds import XLSX
from servicekit.files.names import disposition
from servicekit.http.exports.columns import is_exact
from servicekit.http.exports.stamp import Stamp, write_stamp

_QUIET = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_MADE = {"created": datetime(1980, 1, 1, tzinfo=UTC)}
"""As in the archive around it, so that the same form is the same file, by its ETag, at any time."""

LONGEST_LIST = 255
"""Characters a spreadsheet takes as a list to choose from."""


@dataclass(frozen=True, slots=True)
class FormColumn:
    """One column of the form. Its cells are open to the one who fills it in if `asked`; if it is
    only `shown`, it is nothing when the form comes back."""

    head: str
    width: int
    asked: bool = False
    shown: bool = False
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class FormCell:
    """What stands in a cell already. One that is asked may have only these texts, where there are
    any, and is `closed` where the question does not fit its row."""

    text: str = ""
    choices: tuple[str, ...] = ()
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """The whole form: one row a thing that is asked about, one cell a column."""

    title: str
    """Of the sheet; at most 31 characters."""
    note: str
    """What to do, shown when an open cell is chosen."""
    wrong_number: str
    """What is said of a text where a number belongs."""
    wrong_choice: str
    columns: Sequence[FormColumn]
    rows: Sequence[Sequence[FormCell]]
    marks: Mapping[str, str]

    @property
    def stamp(self) -> Stamp:
        return Stamp(
            self.marks,
            shown=[column.head for column in self.columns if column.shown],
            asked=[column.head for column in self.columns if column.asked],
        )


async def form_answer(form: Form, name: str) -> Response:
    """The form as the answer of an operation, to be saved under this name."""
    with tempfile.TemporaryDirectory(prefix="form-") as directory:
        file = Path(directory) / "form.xlsx"
        await asyncio.to_thread(write_form, file, form)
        content = await asyncio.to_thread(file.read_bytes)
    digest = hashlib.sha256(content).hexdigest()
    headers = {"Content-Disposition": disposition(name), "ETag": f'"{digest}"'}
    return Response(content, media_type=XLSX, headers=headers)


def write_form(file: Path, form: Form) -> None:
    """Write the form as a workbook."""
    with xlsxwriter.Workbook(str(file), _QUIET) as book:
        book.set_properties(_MADE)
        sheet = book.add_worksheet(form.title)
        _Sheet(book, sheet, form).write()
        write_stamp(book, form.stamp)


def is_number(text: str) -> bool:
    """Whether a spreadsheet can hold this text as a number: what stands for one may be words."""
    digits = text.removeprefix("-").replace(".", "", 1)
    return digits.isascii() and digits.isdecimal() and is_exact(text)


class _Sheet:
    """The sheet that is filled in."""

    def __init__(self, book: xlsxwriter.Workbook, sheet: Worksheet, form: Form) -> None:
        self._sheet = sheet
        self._form = form
        edge = {"border": 1, "border_color": "#C9D3E0", "valign": "top", "text_wrap": True}
        given = edge | {"bg_color": "#F2F4F7"}
        self._head = book.add_format(edge | {"bold": True, "bg_color": "#E7EEF7"})
        self._given = book.add_format(given)
        self._given_number = book.add_format(given | {"align": "right"})
        self._asked = book.add_format(edge | {"locked": False, "num_format": "@"})
        self._asked_number = book.add_format(edge | {"locked": False, "num_format": "General"})

    def write(self) -> None:
        for number, column in enumerate(self._form.columns):
            self._sheet.set_column(number, number, column.width)
            self._sheet.write_string(0, number, column.head, self._head)
        for row, cells in enumerate(self._form.rows, start=1):
            for number, (column, cell) in enumerate(zip(self._form.columns, cells, strict=True)):
                self._write_cell(row, number, column, cell)
        self._sheet.freeze_panes(1, 0)
        self._sheet.set_landscape()
        self._sheet.fit_to_pages(1, 0)
        self._sheet.repeat_rows(0)
        self._sheet.protect(options={"format_columns": True, "format_rows": True})

    def _write_cell(self, row: int, number: int, column: FormColumn, cell: FormCell) -> None:
        if column.asked and not cell.closed:
            style = self._asked_number if column.numeric else self._asked
            self._restrict(row, number, column, cell)
        else:
            style = self._given_number if column.numeric else self._given
        if column.numeric and is_number(cell.text):
            self._sheet.write_number(row, number, float(cell.text), style)
        elif cell.text:
            self._sheet.write_string(row, number, cell.text, style)
        else:
            self._sheet.write_blank(row, number, None, style)

    def _restrict(self, row: int, number: int, column: FormColumn, cell: FormCell) -> None:
        """Let the program that fills it in refuse what would be refused here."""
        hint = {"input_message": self._form.note[:255]}
        if len(",".join(cell.choices)) > LONGEST_LIST:
            rule = {"validate": "any"}
        elif cell.choices:
            rule = {"validate": "list", "source": list(cell.choices)}
            rule |= {"error_message": self._form.wrong_choice[:255]}
        elif column.numeric:
            rule = {"validate": "decimal", "criteria": ">=", "value": -1e15}
            rule |= {"error_message": self._form.wrong_number[:255]}
        else:
            rule = {"validate": "any"}
        self._sheet.data_validation(row, number, row, number, rule | hint)
