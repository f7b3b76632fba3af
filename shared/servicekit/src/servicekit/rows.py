"""What every changeable row has, and the natural-key upsert behind `PUT /x/{code}`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Generic, TypeVar

from sqlalchemy import BigInteger, DateTime, inspect, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from servicekit.clock import now
from servicekit.db import Session
from servicekit.http.etag import check_version
from servicekit.problems import PreconditionFailed


class Versioned:
    """A row callers may change: its version is the ETag, `updated_at` moves with every change."""

    version: Mapped[int] = mapped_column(BigInteger, default=1)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now, index=True)

    def change(self, values: Mapping[str, Any]) -> bool:
        """Take over what differs; tells whether anything did. An equal restatement moves nothing,
        so that applying the same plan twice leaves no trace."""
        different = {name: v for name, v in values.items() if getattr(self, name) != v}
        for name, value in different.items():
            setattr(self, name, value)
        if different:
            self.touch()
        return bool(different)

    def touch(self) -> None:
        """Count a change, also one of the rows that belong to this one."""
        self.version += 1
        self.updated_at = now()

    def snapshot(self) -> dict[str, Any]:
        """The row's own columns, as the audit digests them."""
        columns = inspect(type(self)).column_attrs
        return {column.key: getattr(self, column.key) for column in columns}


def filled(model: type, values: Mapping[str, Any]) -> dict[str, Any]:
    """All columns of a new row, as `snapshot` has them: those that are not given by the mapping's
    defaults, or none."""
    fixed, made = _defaults(model)
    row = {**fixed, **values}
    for name, make in made:
        if name not in row:
            row[name] = make(None)
    return row


@cache
def _defaults(
    model: type,
) -> tuple[Mapping[str, Any], Sequence[tuple[str, Callable[[None], Any]]]]:
    """The defaults that are the same for every row, and those that are made for each."""
    columns = {attr.key: attr.columns[0].default for attr in inspect(model).column_attrs}
    made = [(key, one.arg) for key, one in columns.items() if one is not None and one.is_callable]
    fixed = {key: one and one.arg for key, one in columns.items() if key not in dict(made)}
    return fixed, made


Row = TypeVar("Row", bound=Versioned)


@dataclass(slots=True)
class Put(Generic[Row]):
    """What a natural-key upsert came to. `before` is none when the row is new."""

    row: Row
    created: bool
    changed: bool
    before: dict[str, Any] | None


async def put_by_key(
    session: Session,
    model: type[Row],
    key: Mapping[str, Any],
    values: Mapping[str, Any],
    expected: int | None,
) -> Put[Row]:
    """Make the row under this unique key, or take over what differs; two callers at once make one.
    What was written can be read: the row has what the database adds.

    Raises:
        PreconditionFailed: the row is not at the expected version, or not there at all.
    """
    # Rows that refer to it can still be written meanwhile.
    find = select(model).filter_by(**key).with_for_update(key_share=True)
    find = find.execution_options(populate_existing=True)
    row = await session.scalar(find)
    if row is None and expected is None:
        make = insert(model).values(**key, **values)
        unless = make.on_conflict_do_nothing(index_elements=list(key))
        row = await session.scalar(unless.returning(model))
        if row is not None:
            return Put(row, created=True, changed=True, before=None)
        row = await session.scalar(find)
    if row is None:
        raise PreconditionFailed
    done = put(session, model, row, expected, **values)
    await session.flush()
    return done


def put(
    session: Session, model: type[Row], row: Row | None, expected: int | None, **values: Any
) -> Put[Row]:
    """`put_by_key` for a row that had to be looked at before; written with the next flush.

    Raises:
        PreconditionFailed: the row is not at the expected version, or not there at all.
    """
    if row is None:
        if expected is not None:
            raise PreconditionFailed
        row = model(**values)
        session.add(row)
        return Put(row, created=True, changed=True, before=None)
    check_version(row, expected, required=False)
    before = row.snapshot()
    return Put(row, created=False, changed=row.change(values), before=before)
