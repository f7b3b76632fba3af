"""Tables of the targets in two times, and of the revisions that changed them."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from servicekit.clock import now
from servicekit.ids import new_id
from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column
from targets.db import Base

_VALID = text("daterange(valid_from, valid_to)")
_KNOWN = text("tstzrange(known_from, known_to)")


class TargetRevision(Base):
    """A target that was changed, with what it had been; only ever added to.

    `effective_on` is none where the plan itself was corrected.
    """

    __tablename__ = "target_revision"
    __table_args__ = (Index("ix_target_revision_order", "indicator_code", "revised_at", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    indicator_code: Mapped[str] = mapped_column(ForeignKey("indicator.code"))
    year: Mapped[int]
    baseline: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    old_value: Mapped[Decimal | None]
    new_value: Mapped[Decimal | None]
    effective_on: Mapped[date | None]
    document_no: Mapped[str | None]
    reason: Mapped[str | None]
    revised_by: Mapped[str]
    revised_at: Mapped[datetime] = mapped_column(default=now)


class TargetValue(Base):
    """What the target of a year is, from which day until which, and since when until when that was
    known. A row is never changed but for the moment from which something else is known."""

    __tablename__ = "target_value"
    __table_args__ = (
        CheckConstraint("valid_to > valid_from", name="valid"),
        CheckConstraint("known_to > known_from", name="known"),
        ExcludeConstraint(
            ("indicator_code", "="),
            ("year", "="),
            (_VALID, "&&"),
            (_KNOWN, "&&"),
            name="ex_target_value_overlap",
            using="gist",
        ),
        ExcludeConstraint(
            ("indicator_code", "="),
            (_VALID, "&&"),
            (_KNOWN, "&&"),
            name="ex_target_value_baseline",
            using="gist",
            where=text("baseline AND value IS NOT NULL"),
        ),
        Index("ix_target_value_now", "indicator_code", postgresql_where=text("known_to IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    indicator_code: Mapped[str] = mapped_column(ForeignKey("indicator.code"))
    year: Mapped[int]
    baseline: Mapped[bool]
    value: Mapped[Decimal | None]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    known_from: Mapped[datetime]
    known_to: Mapped[datetime | None]
    revision_id: Mapped[UUID | None] = mapped_column(ForeignKey("target_revision.id"))
