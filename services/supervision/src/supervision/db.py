"""The tables of the supervision service: every model hangs on this metadata."""

from sqlalchemy.orm import DeclarativeBase

from servicekit.db import make_metadata
from servicekit.tables import platform_tables


class Base(DeclarativeBase):
    """Base of the mapped tables; relationships are loaded by name, never by surprise."""

    metadata = make_metadata()


platform_tables(Base.metadata)
