"""Tables of the key tasks and their deliverables."""

from datetime import date
from decimal import Decimal

from servicekit.rows import Versioned
from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship
from targets.db import Base, Named


class Deliverable(Named, Base):
    """Something a key task hands over; an indicator may measure it."""

    __tablename__ = "deliverable"

    key_task: Mapped[str] = mapped_column(ForeignKey("key_task.code"), primary_key=True)
    place: Mapped[int]
    kind: Mapped[str]
    quantity: Mapped[Decimal | None]
    unit: Mapped[str | None]
    indicator: Mapped[str | None] = mapped_column(ForeignKey("indicator.code"))
    due_on: Mapped[date]
    responsible_units: Mapped[list[str]]


class KeyTask(Named, Versioned, Base):
    """One of the programme's key tasks (重点工作)."""

    __tablename__ = "key_task"
    __table_args__ = (
        UniqueConstraint("programme", "number"),
        CheckConstraint("due_on >= starts_on", name="dates"),
    )

    programme: Mapped[str] = mapped_column(ForeignKey("programme.code"))
    number: Mapped[int]
    description_zh: Mapped[str]
    description_en: Mapped[str]
    lead_unit: Mapped[str] = mapped_column(ForeignKey("unit.code"))
    supporting_units: Mapped[list[str]]
    starts_on: Mapped[date]
    due_on: Mapped[date]
    deliverables: Mapped[list[Deliverable]] = relationship(
        order_by=Deliverable.place, cascade="all, delete-orphan", lazy="raise"
    )
