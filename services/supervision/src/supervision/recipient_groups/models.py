"""Recipient groups."""

from typing import Any

from sqlalchemy import CheckConstraint, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from supervision.db import Base, Versioned


class RecipientGroup(Versioned, Base):
    """Whom a bulletin goes to. `members` holds name_zh, name_en and the unit's code, if any."""

    __tablename__ = "recipient_group"
    __table_args__ = (
        CheckConstraint("kind IN ('superior_city', 'leading_bodies', 'units')", name="kind"),
        CheckConstraint("delivery IN ('main', 'copy')", name="delivery"),
    )

    code: Mapped[str] = mapped_column(Text, unique=True)
    programme: Mapped[str] = mapped_column(Text)
    name_zh: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    delivery: Mapped[str] = mapped_column(Text)
    members: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    source_ref: Mapped[str | None] = mapped_column(Text)
