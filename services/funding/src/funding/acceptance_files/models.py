"""The table of the files."""

from datetime import datetime
from uuid import UUID

from servicekit.clock import now
from servicekit.ids import new_id
from sqlalchemy import BigInteger, DateTime, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from funding.db import Base


class AcceptanceFile(Base):
    """A file of an acceptance."""

    __tablename__ = "acceptance_file"
    __table_args__ = (UniqueConstraint("acceptance_id", "file_sha256"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    acceptance_id: Mapped[UUID] = mapped_column(ForeignKey("acceptance.id"))
    file_sha256: Mapped[str] = mapped_column(ForeignKey("stored_file.sha256"), index=True)
    file_name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    added_by: Mapped[str]
    added_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
