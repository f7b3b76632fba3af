"""The gateway's tables: every model hangs on this metadata."""

from servicekit.db import make_metadata
from servicekit.tables import platform_tables
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    """Base of the mapped tables."""

    metadata = make_metadata()


platform_tables(Base.metadata)
