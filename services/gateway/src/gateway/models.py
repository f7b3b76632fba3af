"""Every mapped table of the service, for the migrations and the schema test."""

from gateway.clients import models as clients
from gateway.db import Base

__all__ = ["clients", "metadata"]

metadata = Base.metadata
