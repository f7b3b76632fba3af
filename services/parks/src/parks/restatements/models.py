"""The table of restatements."""

from datetime import datetime
from typing import Any
from uuid import UUID

from servicekit.ids import new_id
from servicekit.rows import Versioned
from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from parks.db import Base


class ReturnRestatement(Versioned, Base):
    """All numbers of a return as they shall be, and once it is accepted as they were until then
    (`before`); so what was known at a moment is found again."""

    __tablename__ = "return_restatement"
    __table_args__ = (
        CheckConstraint("state IN ('submitted', 'accepted', 'rejected')", name="state"),
        CheckConstraint("NOT (decided_by = ANY (filed_by))", name="separation_of_duties"),
        CheckConstraint(
            "(state = 'submitted') = (decided_at IS NULL)"
            " AND (state = 'accepted') = (before IS NOT NULL)",
            name="decided",
        ),
        Index(
            "uq_return_restatement_open",
            "return_id",
            unique=True,
            postgresql_where=text("state = 'submitted'"),
        ),
        Index("ix_return_restatement_return_id_decided_at", "return_id", "decided_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    return_id: Mapped[UUID] = mapped_column(ForeignKey("operating_return.id"))
    state: Mapped[str]
    reason: Mapped[str]
    after: Mapped[dict[str, str]] = mapped_column(JSONB)
    before: Mapped[dict[str, str] | None] = mapped_column(JSONB(none_as_null=True))
    findings: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB(none_as_null=True))
    filed_by: Mapped[list[str]]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    reject_reason: Mapped[str | None]
