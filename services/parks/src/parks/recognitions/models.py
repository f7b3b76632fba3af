"""The recognition table."""

from datetime import date
from uuid import UUID

from servicekit.ids import new_id
from servicekit.rows import Versioned
from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from parks.db import Base


class Recognition(Versioned, Base):
    """A recognition of an enterprise, valid from its first to its last day, both included.

    `status` says what was told: `valid` until the day after `valid_to`, then `expired`.
    """

    __tablename__ = "recognition"
    __table_args__ = (
        CheckConstraint("kind IN ('high_tech', 'science_type')", name="kind"),
        CheckConstraint("status IN ('valid', 'expired')", name="status"),
        CheckConstraint("valid_to >= valid_from", name="validity"),
        CheckConstraint("warned_days IN (180, 90, 30)", name="warned_days"),
        UniqueConstraint("kind", "number"),
        ExcludeConstraint(
            ("enterprise_id", "="),
            ("kind", "="),
            (text("daterange(valid_from, valid_to, '[]')"), "&&"),
            name="ex_recognition_overlap",
            using="gist",
        ),
        Index("ix_recognition_due", "valid_to", postgresql_where=text("status = 'valid'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    enterprise_id: Mapped[UUID] = mapped_column(ForeignKey("enterprise.id"))
    kind: Mapped[str]
    number: Mapped[str]
    authority: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    status: Mapped[str]
    warned_days: Mapped[int | None]
    """The last warning that was told: so many days before it ends."""
