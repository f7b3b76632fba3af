"""Every mapped table of the service, for the migrations and the schema test."""

from funding.db import Base

metadata = Base.metadata
