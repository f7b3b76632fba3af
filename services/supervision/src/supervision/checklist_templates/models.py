"""The tables of checklists."""

from typing import Any

from sqlalchemy import Boolean, Integer, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from supervision.db import Base, Versioned


class ChecklistTemplate(Versioned, Base):
    """A checklist as it is now; `checks` hold code, text_zh and text_en."""

    __tablename__ = "checklist_template"

    code: Mapped[str] = mapped_column(Text, unique=True)
    name_zh: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    checks: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    edition: Mapped[int] = mapped_column(Integer, default=1)


class ChecklistEdition(Versioned, Base):
    """A checklist as it was; only added to."""

    __tablename__ = "checklist_edition"
    __table_args__ = (UniqueConstraint("template_code", "edition"),)

    template_code: Mapped[str] = mapped_column(Text)
    edition: Mapped[int] = mapped_column(Integer)
    checks: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    made_by: Mapped[str] = mapped_column(Text)
