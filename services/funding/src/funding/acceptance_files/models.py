"""The table of the files."""

from uuid import UUID

from servicekit.files.attaching import AttachedFile, Attachments
from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from funding.db import Base


class AcceptanceFile(AttachedFile, Base):
    """A file of an acceptance."""

    __tablename__ = "acceptance_file"
    __table_args__ = (UniqueConstraint("acceptance_id", "file_sha256"),)

    acceptance_id: Mapped[UUID] = mapped_column(ForeignKey("acceptance.id"))


FILES = Attachments(AcceptanceFile, added="acceptance_files.add", removed="acceptance_files.remove")
