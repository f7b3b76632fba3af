"""The table of signatures."""

from datetime import datetime
from uuid import UUID

from servicekit.ids import new_id
from sqlalchemy import DateTime, ForeignKey, Text, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from supervision.db import Base


class InspectionSignature(Base):
    """One signature; written once and never changed."""

    __tablename__ = "inspection_signature"
    __table_args__ = (UniqueConstraint("inspection_id", "signed_by"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    inspection_id: Mapped[UUID] = mapped_column(ForeignKey("inspection.id"))
    signed_by: Mapped[str] = mapped_column(Text)
    signed_for: Mapped[str | None] = mapped_column(Text)
    opinion: Mapped[str | None] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(Text)
    signed_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )
