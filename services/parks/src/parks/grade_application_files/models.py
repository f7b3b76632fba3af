"""The table of the files."""

from uuid import UUID

from servicekit.files.attaching import AttachedFile, Attachments
from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from parks.db import Base


class GradeApplicationFile(AttachedFile, Base):
    """A file of an application; `criterion_code` is what it is evidence of, none for all."""

    __tablename__ = "grade_application_file"
    __table_args__ = (UniqueConstraint("application_id", "file_sha256"),)

    application_id: Mapped[UUID] = mapped_column(ForeignKey("grade_application.id"))
    criterion_code: Mapped[str | None] = mapped_column(ForeignKey("grade_criterion.code"))


FILES = Attachments(
    GradeApplicationFile,
    added="grade_application_files.add",
    removed="grade_application_files.remove",
)
