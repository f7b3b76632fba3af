"""The table of the attachments."""

from uuid import UUID

from servicekit.files.attaching import AttachedFile, Attachments
from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from funding.db import Base


class ApplicationFile(AttachedFile, Base):
    """A file of an application. `requirement` is what the call asks for that it is, if any."""

    __tablename__ = "application_file"
    __table_args__ = (UniqueConstraint("application_id", "file_sha256"),)

    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"))
    requirement: Mapped[str | None]


FILES = Attachments(ApplicationFile, added="attachments.add", removed="attachments.remove")
