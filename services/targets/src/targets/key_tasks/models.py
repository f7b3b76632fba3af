"""Tables of the key tasks, their deliverables and their milestones."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from servicekit.ids import new_id
from servicekit.rows import Versioned
from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship
from targets.db import Base, Named
from targets.key_tasks import domain


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


class TaskMilestone(Versioned, Base):
    """Something a key task has reached by a day: the unit claims it, somebody else confirms it."""

    __tablename__ = "task_milestone"
    __table_args__ = (
        UniqueConstraint("key_task", "code"),
        CheckConstraint("state IN ('open', 'claimed', 'confirmed')", name="state"),
        CheckConstraint("weight > 0", name="weight"),
        CheckConstraint("percent_complete BETWEEN 0 AND 100", name="percent"),
        CheckConstraint("(state = 'confirmed') = (percent_complete = 100)", name="reached"),
        CheckConstraint("confirmed_by <> claimed_by", name="claimant_does_not_confirm"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    key_task: Mapped[str] = mapped_column(ForeignKey("key_task.code"))
    code: Mapped[str]
    name_zh: Mapped[str]
    name_en: Mapped[str]
    source_ref: Mapped[str | None]
    place: Mapped[int]
    due_on: Mapped[date]
    weight: Mapped[Decimal]
    responsible_unit: Mapped[str | None] = mapped_column(ForeignKey("unit.code"))
    state: Mapped[str] = mapped_column(default="open")
    percent_complete: Mapped[int] = mapped_column(default=0)
    note: Mapped[str | None]
    reported_by: Mapped[str | None]
    reported_at: Mapped[datetime | None]
    claimed_by: Mapped[str | None]
    claimed_at: Mapped[datetime | None]
    confirmed_by: Mapped[str | None]
    confirmed_at: Mapped[datetime | None]
    return_reason: Mapped[str | None]
    overdue_at: Mapped[datetime | None]


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
    milestones: Mapped[list[TaskMilestone]] = relationship(
        order_by=TaskMilestone.place, cascade="all, delete-orphan", lazy="raise"
    )
    overdue_at: Mapped[datetime | None]

    @property
    def percent_complete(self) -> Decimal | None:
        return domain.percent_complete([(m.weight, m.percent_complete) for m in self.milestones])

    def answers_for(self, milestone: TaskMilestone) -> list[str]:
        """The units that report on a milestone: its own and the lead, or all of the task."""
        if milestone.responsible_unit is not None:
            return [self.lead_unit, milestone.responsible_unit]
        return [self.lead_unit, *self.supporting_units]
