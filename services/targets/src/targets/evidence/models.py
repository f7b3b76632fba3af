"""The table of the evidence."""

from datetime import datetime
from uuid import UUID

from servicekit.clock import now
from servicekit.ids import new_id
from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column
from targets.db import Base


class EvidenceFile(Base):
    """A file that shows what a report or a milestone says."""

    __tablename__ = "evidence_file"
    __table_args__ = (
        CheckConstraint("num_nonnulls(report_id, milestone_id) = 1", name="of_one"),
        UniqueConstraint("report_id", "file_sha256"),
        UniqueConstraint("milestone_id", "file_sha256"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    report_id: Mapped[UUID | None] = mapped_column(ForeignKey("progress_report.id"))
    milestone_id: Mapped[UUID | None] = mapped_column(ForeignKey("task_milestone.id"))
    file_sha256: Mapped[str] = mapped_column(ForeignKey("stored_file.sha256"), index=True)
    file_name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    added_by: Mapped[str]
    added_at: Mapped[datetime] = mapped_column(default=now)
