"""The table of the evidence."""

from uuid import UUID

from servicekit.files.attaching import AttachedFile, Attachments
from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from supervision.db import Base


class FindingFile(AttachedFile, Base):
    """A photo or a document that proves a finding."""

    __tablename__ = "inspection_finding_file"
    __table_args__ = (UniqueConstraint("finding_id", "file_sha256"),)

    finding_id: Mapped[UUID] = mapped_column(ForeignKey("inspection_finding.id"))


FILES = Attachments(
    FindingFile, added="inspection_findings.record", removed="inspection_findings.record"
)
