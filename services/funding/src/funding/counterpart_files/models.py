"""The table of the evidence."""

from uuid import UUID

from servicekit.files.attaching import AttachedFile, Attachments
from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from funding.db import Base


class CounterpartFile(AttachedFile, Base):
    """A file that shows what a unit spent."""

    __tablename__ = "counterpart_file"
    __table_args__ = (UniqueConstraint("report_id", "file_sha256"),)

    report_id: Mapped[UUID] = mapped_column(ForeignKey("counterpart_report.id"))


FILES = Attachments(
    CounterpartFile, added="counterpart_reports.attach", removed="counterpart_reports.detach"
)
