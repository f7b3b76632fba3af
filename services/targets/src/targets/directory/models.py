"""Tables of the directory: units as a tree, working groups across it."""

from datetime import date, datetime
from typing import Any

from servicekit.rows import Versioned
from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship
from targets.db import Base, Named
from targets.directory.domain import BEGINNING


class Unit(Named, Versioned, Base):
    """A body of the directory; `parent` is its superior."""

    __tablename__ = "unit"
    __table_args__ = (CheckConstraint("parent <> code", name="not_own_parent"),)

    kind: Mapped[str] = mapped_column(index=True)
    parent: Mapped[str | None] = mapped_column(ForeignKey("unit.code"), index=True)
    parent_since: Mapped[date] = mapped_column(server_default=BEGINNING.isoformat())
    aliases: Mapped[list[str]]
    active: Mapped[bool]


class UnitPlacement(Base):
    """What a unit stood under, and when, `until` not among the days. Numbers count for those a
    unit stood under when their period ended."""

    __tablename__ = "unit_placement"
    __table_args__ = (CheckConstraint("since < until", name="days"),)

    unit: Mapped[str] = mapped_column(ForeignKey("unit.code"), primary_key=True)
    since: Mapped[date] = mapped_column(primary_key=True)
    until: Mapped[date]
    parent: Mapped[str | None] = mapped_column(ForeignKey("unit.code"), index=True)


class UnitMove(Base):
    """That a unit stands under another from a day on, and since when that is known; only ever
    added to. Where it stood on a day is what was said last, as far as it was known, of that day or
    one before it: `unit_placement` is what they all come to."""

    __tablename__ = "unit_move"

    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    unit: Mapped[str] = mapped_column(ForeignKey("unit.code"), index=True)
    parent: Mapped[str | None] = mapped_column(ForeignKey("unit.code"))
    since: Mapped[date]
    recorded_at: Mapped[datetime]


class WorkingGroupMember(Base):
    """A unit that serves in a working group."""

    __tablename__ = "working_group_member"
    __table_args__ = (CheckConstraint("role IN ('lead', 'member')", name="role"),)

    group: Mapped[str] = mapped_column(ForeignKey("working_group.code"), primary_key=True)
    unit: Mapped[str] = mapped_column(ForeignKey("unit.code"), primary_key=True, index=True)
    role: Mapped[str]
    place: Mapped[int]


class WorkingGroup(Named, Versioned, Base):
    """A working group; it is itself a unit of kind `working_group`."""

    __tablename__ = "working_group"
    __table_args__ = (UniqueConstraint("programme", "number"),)

    code: Mapped[str] = mapped_column(ForeignKey("unit.code"), primary_key=True)
    programme: Mapped[str] = mapped_column(ForeignKey("programme.code"))
    number: Mapped[int]
    goals: Mapped[list[dict[str, Any]]]
    duties: Mapped[list[dict[str, Any]]]
    leaders: Mapped[list[str]]
    members: Mapped[list[WorkingGroupMember]] = relationship(
        order_by=WorkingGroupMember.place, cascade="all, delete-orphan", lazy="raise"
    )
