"""What each role may do here. The overview shows everyone what the services show to that caller."""

from servicekit.auth.permissions import ANY, Permission
from servicekit.auth.principal import Role

READ_OVERVIEW = Permission("overview.read", dict.fromkeys(Role, ANY))

READ_EVENTS = Permission("events.read", dict.fromkeys(Role, ANY))
"""Everyone, but each only what it may see: `gateway.visibility`."""
