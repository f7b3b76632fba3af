"""The table of the public notices."""

from datetime import date
from typing import Any
from uuid import UUID

from servicekit.ids import new_id
from servicekit.rows import Versioned
from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from funding.db import Base


class PublicNotice(Versioned, Base):
    """The list of a call as it was shown. `digest` is the SHA-256 of its entries; `ends_on` is
    its last day, which only moves on."""

    __tablename__ = "public_notice"
    __table_args__ = (
        CheckConstraint("state IN ('published', 'superseded')", name="state"),
        CheckConstraint("ends_on >= published_on", name="days"),
        Index(
            "uq_public_notice_current",
            "call_id",
            unique=True,
            postgresql_where=text("state = 'published'"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    call_id: Mapped[UUID] = mapped_column(ForeignKey("funding_call.id"), index=True)
    state: Mapped[str] = mapped_column(default="published")
    entries: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    digest: Mapped[str]
    published_on: Mapped[date]
    workdays: Mapped[int]
    ends_on: Mapped[date]
    provisional: Mapped[bool]
    published_by: Mapped[str]
