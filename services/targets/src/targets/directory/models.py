"""Tables of the directory: units as a tree, working groups across it."""

from typing import Any

from servicekit.rows import Versioned
from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship
from targets.db import Base, Named


class Unit(Named, Versioned, Base):
    """A body of the directory; `parent` is its superior."""

    __tablename__ = "unit"
    __table_args__ = (CheckConstraint("parent <> code", name="not_own_parent"),)

    kind: Mapped[str] = mapped_column(index=True)
    parent: Mapped[str | None] = mapped_column(ForeignKey("unit.code"), index=True)
    aliases: Mapped[list[str]]
    active: Mapped[bool]


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
