"""Work reports."""

from uuid import UUID

from sqlalchemy import Boolean, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from supervision.db import Base, Versioned


class WorkReport(Versioned, Base):
    """What one unit reports to one meeting: progress 进度, results 成效, good practice 典型经验,
    problems 问题, proposals 建议 (plan, section 四)."""

    __tablename__ = "work_report"
    __table_args__ = (
        UniqueConstraint("meeting_id", "unit_code"),
        Index("ix_work_report_unit_code", "unit_code"),
    )

    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"))
    unit_code: Mapped[str] = mapped_column(Text)
    progress: Mapped[str] = mapped_column(Text)
    results: Mapped[str] = mapped_column(Text)
    good_practice: Mapped[str] = mapped_column(Text)
    problems: Mapped[str] = mapped_column(Text)
    proposals: Mapped[str] = mapped_column(Text)
    late: Mapped[bool] = mapped_column(Boolean)
    filed_by: Mapped[str] = mapped_column(Text)
