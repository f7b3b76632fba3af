"""Bulletins and the counter their numbers come from."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Integer, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from supervision.bulletins.domain import HAS_FIGURES, BulletinState
from supervision.db import Base, Versioned

STATES = ", ".join(f"'{state}'" for state in BulletinState)
CUT = ", ".join(f"'{state}'" for state in sorted(HAS_FIGURES))


class BulletinCounter(Base):
    """The last number issued in a year. Its row lock keeps the numbers without a gap."""

    __tablename__ = "bulletin_counter"

    year: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(Integer)


class Bulletin(Versioned, Base):
    """One bulletin. `figures` is the data as it was at `frozen_at`, `sections` the text over it;
    `recipients` and the two files are those it was issued with."""

    __tablename__ = "bulletin"
    __table_args__ = (
        CheckConstraint(f"state IN ({STATES})", name="state"),
        CheckConstraint("period_start <= period_end", name="period"),
        CheckConstraint(
            f"state NOT IN ({CUT}) OR (figures IS NOT NULL AND frozen_at IS NOT NULL)",
            name="frozen_has_figures",
        ),
        CheckConstraint(
            "(state IN ('issued', 'withdrawn')) = (issue_no IS NOT NULL AND year IS NOT NULL"
            " AND issued_on IS NOT NULL AND pdf_sha256 IS NOT NULL AND docx_sha256 IS NOT NULL)",
            name="issued_is_whole",
        ),
        CheckConstraint("reviewed_by <> submitted_by", name="reviewer_is_not_editor"),
        CheckConstraint("state <> 'withdrawn' OR withdraw_reason IS NOT NULL", name="withdrawn"),
        CheckConstraint("state <> 'cancelled' OR cancel_reason IS NOT NULL", name="cancelled"),
        UniqueConstraint("year", "issue_no"),
    )

    programme: Mapped[str] = mapped_column(Text)
    masthead: Mapped[str] = mapped_column(Text)
    issuer: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    period_start: Mapped[date] = mapped_column(Date)
    period_end: Mapped[date] = mapped_column(Date)
    cut_off_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), index=True)
    state: Mapped[str] = mapped_column(Text, default="draft")
    frozen_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    figures: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    sections: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    recipient_groups: Mapped[list[str]] = mapped_column(JSONB)
    recipients: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    editors: Mapped[list[str]] = mapped_column(JSONB)
    submitted_by: Mapped[str | None] = mapped_column(Text)
    reviewed_by: Mapped[str | None] = mapped_column(Text)
    review_note: Mapped[str | None] = mapped_column(Text)
    return_reason: Mapped[str | None] = mapped_column(Text)
    year: Mapped[int | None] = mapped_column(Integer)
    issue_no: Mapped[int | None] = mapped_column(Integer)
    issued_by: Mapped[str | None] = mapped_column(Text)
    issued_on: Mapped[date | None] = mapped_column(Date)
    pdf_sha256: Mapped[str | None] = mapped_column(ForeignKey("stored_file.sha256"), index=True)
    docx_sha256: Mapped[str | None] = mapped_column(ForeignKey("stored_file.sha256"), index=True)
    withdrawn_by: Mapped[str | None] = mapped_column(Text)
    withdraw_reason: Mapped[str | None] = mapped_column(Text)
    cancel_reason: Mapped[str | None] = mapped_column(Text)

    @property
    def number(self) -> str | None:
        """`2026-001`."""
        return None if self.issue_no is None else f"{self.year}-{self.issue_no:03d}"
