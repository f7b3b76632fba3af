"""Every mapped table of the service, for the migrations and the schema test."""

from supervision.db import Base

metadata = Base.metadata
