"""The gateway's tables."""

from servicekit.db import DeclarativeBase, make_metadata
from servicekit.tables import platform_tables


class Base(DeclarativeBase):
    metadata = make_metadata()


platform_tables(Base.metadata)
