"""The table of forms."""

from datetime import datetime
from typing import Any
from uuid import UUID

from servicekit.clock import now
from servicekit.ids import new_id
from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from parks.db import Base


class ReturnForm(Base):
    """A version of a form. Never changed: what was filed by it stays what it was asked."""

    __tablename__ = "return_form"
    __table_args__ = (
        UniqueConstraint("code", "number"),
        CheckConstraint("frequency IN ('month', 'quarter', 'year')", name="frequency"),
        CheckConstraint("due_workdays BETWEEN 0 AND 120", name="due_workdays"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    code: Mapped[str]
    number: Mapped[int]
    frequency: Mapped[str]
    applies_from: Mapped[str]
    name_zh: Mapped[str]
    name_en: Mapped[str]
    enterprise_classes: Mapped[list[str]]
    above_scale: Mapped[bool | None]
    fields: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    due_workdays: Mapped[int]
    document_no: Mapped[str | None]
    active: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, index=True)
