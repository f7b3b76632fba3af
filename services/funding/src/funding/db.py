"""The tables of the funding service: every model hangs on this metadata."""

from servicekit.db import make_metadata
from servicekit.ruled_days import ruled_day_table
from servicekit.tables import job_tables, platform_tables
from sqlalchemy import Numeric
from sqlalchemy.orm import DeclarativeBase

YUAN = Numeric(20, 2)
"""One amount of money. Up to 18 digits before the point."""
YUAN_TOTAL = Numeric(26, 2)
"""A sum over many amounts, which may be longer than each of them."""


class Base(DeclarativeBase):
    """Base of the mapped tables; relationships are loaded by name, never by surprise."""

    metadata = make_metadata()


platform_tables(Base.metadata)
job_tables(Base.metadata)
ruled_day_table(Base.metadata)
