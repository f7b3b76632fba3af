"""Places in a sheet, as a spreadsheet names them."""

import re

ERRORS_HEAD = {"zh": "错误", "en": "errors"}
"""The column that says what is wrong, and the end of the file's name."""
_CELL = re.compile(r"([A-Z]+)[0-9]+")


def is_errors_head(head: str) -> bool:
    """Whether this column is one that was written here: a file that was given back and mended is
    sent again as it is."""
    return head.startswith(tuple(ERRORS_HEAD.values()))


def cell_name(column: int, row: int) -> str:
    """`C17` of column 2 (A is 0) and row 17."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"


def column_of(cell: str | None) -> int:
    """2 of `C17`; -1 without a cell."""
    match = _CELL.fullmatch(cell or "")
    number = 0
    for letter in match[1] if match else "":
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
