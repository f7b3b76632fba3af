"""Every mapped table of the service, for the migrations and the schema test."""

from gateway.clients import models as clients
from gateway.db import Base
from gateway.events import models as events
from gateway.webhooks import models as webhooks

__all__ = ["clients", "events", "metadata", "webhooks"]

metadata = Base.metadata
