"""The table of the objections."""

from datetime import datetime
from uuid import UUID

from servicekit.ids import new_id
from servicekit.rows import Versioned
from sqlalchemy import CheckConstraint, DateTime, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from funding.db import Base


class Objection(Versioned, Base):
    """What somebody holds against a list, or against one application of it."""

    __tablename__ = "objection"
    __table_args__ = (
        CheckConstraint("state IN ('raised', 'rejected', 'upheld')", name="state"),
        CheckConstraint(
            "(state = 'raised') = (settled_by IS NULL) AND (state = 'raised') = (answer IS NULL)",
            name="settled",
        ),
        CheckConstraint("settled_by <> raised_by", name="objector_does_not_settle"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    notice_id: Mapped[UUID] = mapped_column(ForeignKey("public_notice.id"), index=True)
    call_id: Mapped[UUID] = mapped_column(ForeignKey("funding_call.id"), index=True)
    application_id: Mapped[UUID | None] = mapped_column(ForeignKey("application.id"))
    objector_unit: Mapped[str] = mapped_column(index=True)
    reason: Mapped[str]
    state: Mapped[str] = mapped_column(default="raised")
    raised_by: Mapped[str]
    answer: Mapped[str | None]
    settled_by: Mapped[str | None]
    settled_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
