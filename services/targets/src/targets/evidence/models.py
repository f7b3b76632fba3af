"""The table of the evidence."""

from uuid import UUID

from servicekit.files.attaching import AttachedFile, Attachments
from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column
from targets.db import Base


class EvidenceFile(AttachedFile, Base):
    """A file that shows what a report or a milestone says."""

    __tablename__ = "evidence_file"
    __table_args__ = (
        CheckConstraint("num_nonnulls(report_id, milestone_id) = 1", name="of_one"),
        UniqueConstraint("report_id", "file_sha256"),
        UniqueConstraint("milestone_id", "file_sha256"),
    )

    report_id: Mapped[UUID | None] = mapped_column(ForeignKey("progress_report.id"))
    milestone_id: Mapped[UUID | None] = mapped_column(ForeignKey("task_milestone.id"))


FILES = Attachments(EvidenceFile, added="evidence.add", removed="evidence.remove")
