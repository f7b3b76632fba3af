"""Rows written as nobody could take them for anything else: they are judged and stored by their
columns, and no object is made of a row. Decision 87.
"""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from servicekit.auth.principal import Principal
from servicekit.db import Session
from servicekit.imports.heads import Heads
from servicekit.imports.sheet import SheetRead, Table

Columns = Mapping[str, Sequence[str]]
"""The cells of some rows as they are written, by the fields their columns are of."""
WritePlain = Callable[[Session, Principal, Columns], Awaitable[bool]]
"""`await write(session, principal, columns)`: store all of these rows; or answer false, having
stored nothing, where it is not plain that every one of them is right."""
PLAIN_AT_ONCE = 5000
"""Rows: a dozen statements for so many, and some megabytes."""


@dataclass(frozen=True, slots=True)
class Plain:
    """Which rows are plain, and what stores them.

    `forms` are all columns such a file has, each with how a cell is written that every check of
    its field lets through *and leaves as it is*. Whatever is written in another way is no error: it
    goes by the rules for bodies, and so does a file with other columns.
    """

    forms: Mapping[str, re.Pattern[str]]
    write: WritePlain

    def fits(self, sheet: SheetRead, heads: Heads) -> bool:
        """Whether rows of the file can be plain at all."""
        names = [column and column.name for column in heads.columns]
        return set(names) == self.forms.keys() and not (
            sheet.formulas or sheet.merged or heads.asked
        )

    def columns_of(self, heads: Heads, table: Table) -> Columns | None:
        """The columns of some rows of such a file; none if a cell is not plain."""
        names = [column.name for column in heads.columns if column is not None]
        columns = dict(zip(names, table.columns, strict=True))
        plain = all(written(self.forms[name], cells) for name, cells in columns.items())
        return columns if plain else None


def written(form: re.Pattern[str], cells: Sequence[Any]) -> bool:
    """Whether all cells are texts of this form."""
    return set(map(type, cells)) == {str} and all(map(form.fullmatch, cells))
