"""The table of the reviews."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from servicekit.ids import new_id
from servicekit.rows import Versioned
from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, Numeric, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from funding.db import Base


class Review(Versioned, Base):
    """One expert's look at one application. `expert` is the subject of the expert's token,
    `relation` the interest that was declared, `total` the weighted sum of the scores."""

    __tablename__ = "review"
    __table_args__ = (
        CheckConstraint(
            "state IN ('assigned', 'declared', 'conflicted', 'scored', 'revoked')", name="state"
        ),
        CheckConstraint("(state = 'scored') = (total IS NOT NULL)", name="scored"),
        CheckConstraint("total >= 0 AND total <= 100", name="total"),
        CheckConstraint("expert <> assigned_by", name="assigner_is_not_expert"),
        Index(
            "uq_review_live",
            "application_id",
            "expert",
            unique=True,
            postgresql_where=text("state <> 'revoked'"),
        ),
        Index("ix_review_expert", "expert"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    call_id: Mapped[UUID] = mapped_column(ForeignKey("funding_call.id"), index=True)
    expert: Mapped[str]
    expert_unit: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="assigned")
    assigned_by: Mapped[str]
    relation: Mapped[str | None]
    declared_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    scores: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB)
    total: Mapped[Decimal | None] = mapped_column(Numeric(9, 6))
    comment: Mapped[str | None]
    scored_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    reason: Mapped[str | None]
