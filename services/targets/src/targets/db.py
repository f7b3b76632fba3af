"""The tables of the targets service: every model hangs on this metadata."""

from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from servicekit.db import make_metadata
from servicekit.ruled_days import ruled_day_table
from servicekit.tables import job_tables, platform_tables
from sqlalchemy import DateTime, Numeric, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """Base of the mapped tables; relationships are loaded by name, never by surprise."""

    metadata = make_metadata()
    type_annotation_map: ClassVar = {
        str: Text,
        UUID: Uuid,
        datetime: DateTime(timezone=True),
        Decimal: Numeric(20, 6),
        list[str]: ARRAY(Text),
        list[dict[str, Any]]: JSONB,
    }


class Named:
    """What everything born of a plan has: a stable code, two names, its place in the plan."""

    code: Mapped[str] = mapped_column(primary_key=True)
    name_zh: Mapped[str]
    name_en: Mapped[str]
    source_ref: Mapped[str | None]


platform_tables(Base.metadata)
job_tables(Base.metadata)
ruled_day_table(Base.metadata)
