"""The tables of the parks service: every model hangs on this metadata."""

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from servicekit.db import make_metadata
from servicekit.ruled_days import ruled_day_table
from servicekit.tables import job_tables, platform_tables
from sqlalchemy import Date, DateTime, Numeric, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import DeclarativeBase

QUANTITY = Numeric(20, 6)
"""One reported quantity, such as a month's sales in 万元."""
TOTAL = Numeric(30, 6)
"""A sum over many quantities, which may be longer than each of them."""
LOCK = {"key_share": True}
"""`FOR NO KEY UPDATE`: rows that refer to the locked one can still be written meanwhile."""


class Base(DeclarativeBase):
    """Base of the mapped tables; relationships are loaded by name, never by surprise."""

    metadata = make_metadata()
    type_annotation_map: ClassVar = {
        str: Text,
        UUID: Uuid,
        date: Date,
        datetime: DateTime(timezone=True),
        Decimal: QUANTITY,
        list[str]: ARRAY(Text),
    }


platform_tables(Base.metadata)
job_tables(Base.metadata)
ruled_day_table(Base.metadata)
