"""The event log."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, BigInteger, DateTime, Identity, Index, Text, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from gateway.db import Base


class LoggedEvent(Base):
    """One event as it was published. A position is drawn under a lock that is held until the
    commit, so who has read up to one has missed none below it."""

    __tablename__ = "event_log"
    __table_args__ = (
        Index("ix_event_log_type", "type", "position"),
        Index("ix_event_log_subject", "subject", "position"),
        Index("ix_event_log_correlation_id", "correlation_id"),
        Index("ix_event_log_logged_at", "logged_at"),
    )

    position: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    id: Mapped[UUID] = mapped_column(unique=True)
    type: Mapped[str] = mapped_column(Text)
    publisher: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    aggregate_version: Mapped[int] = mapped_column(BigInteger)
    time: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    correlation_id: Mapped[str] = mapped_column(Text)
    causation_id: Mapped[str | None] = mapped_column(Text)
    traceparent: Mapped[str | None] = mapped_column(Text)
    # JSON and not JSONB: the text leaves as it was published.
    data: Mapped[dict[str, object]] = mapped_column(JSON)
    permission: Mapped[str | None] = mapped_column(Text)
    units: Mapped[list[str]] = mapped_column(ARRAY(Text))
    logged_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )
