"""The table of transferred achievements."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from servicekit.ids import new_id
from servicekit.rows import Versioned
from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from parks.db import Base


class Achievement(Versioned, Base):
    """An achievement that went to an enterprise of the register; 万元."""

    __tablename__ = "achievement"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('self_implementation', 'assignment', 'licensing', 'joint_implementation',"
            " 'equity', 'other')",
            name="kind",
        ),
        CheckConstraint("state IN ('registered', 'withdrawn')", name="state"),
        CheckConstraint("amount >= 0", name="not_negative"),
        CheckConstraint("(state = 'withdrawn') = (withdraw_reason IS NOT NULL)", name="withdrawn"),
        Index(
            "uq_achievement_title",
            "enterprise_id",
            "title",
            "transferred_on",
            unique=True,
            postgresql_where=text("state = 'registered'"),
        ),
        Index("ix_achievement_transferred_on", "transferred_on", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    title: Mapped[str]
    kind: Mapped[str]
    source_name: Mapped[str]
    enterprise_id: Mapped[UUID] = mapped_column(ForeignKey("enterprise.id"))
    amount: Mapped[Decimal]
    transferred_on: Mapped[date]
    major: Mapped[bool]
    programme: Mapped[str | None]
    contract_id: Mapped[UUID | None] = mapped_column(ForeignKey("technology_contract.id"))
    state: Mapped[str]
    withdraw_reason: Mapped[str | None]
