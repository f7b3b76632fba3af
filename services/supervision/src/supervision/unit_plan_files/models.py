"""The table of the files of plans."""

from datetime import datetime
from uuid import UUID

from servicekit.clock import now
from servicekit.ids import new_id
from sqlalchemy import BigInteger, DateTime, ForeignKey, Integer, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from supervision.db import Base


class UnitPlanFile(Base):
    """A file of one edition of a plan."""

    __tablename__ = "unit_plan_file"
    __table_args__ = (UniqueConstraint("plan_id", "edition", "file_sha256"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("unit_plan.id"))
    edition: Mapped[int] = mapped_column(Integer)
    file_sha256: Mapped[str] = mapped_column(ForeignKey("stored_file.sha256"), index=True)
    file_name: Mapped[str] = mapped_column(Text)
    media_type: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(BigInteger)
    added_by: Mapped[str] = mapped_column(Text)
    added_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
