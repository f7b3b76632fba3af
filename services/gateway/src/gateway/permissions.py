"""What each role may do here. The overview shows everyone what the services show to that caller."""

from servicekit.auth.permissions import ANY, Permission
from servicekit.auth.principal import Role

READ_OVERVIEW = Permission("overview.read", dict.fromkeys(Role, ANY))

READ_EVENTS = Permission("events.read", dict.fromkeys(Role, ANY))
"""Everyone, but each only what it may see: `gateway.visibility`."""

WEBHOOK_ROLES = {Role.OFFICE: ANY, Role.SYSTEM: ANY, Role.OPS: ANY}
"""Whoever integrates systems; each its own client's, an operator sees and pauses everybody's."""
READ_WEBHOOKS = Permission("webhooks.read", WEBHOOK_ROLES)
WRITE_WEBHOOKS = Permission("webhooks.write", WEBHOOK_ROLES)
REPLAY_WEBHOOKS = Permission("webhooks.replay", WEBHOOK_ROLES)

READ_CLIENTS = Permission("clients.read", dict.fromkeys((Role.OPS, Role.AUDITOR, Role.OFFICE), ANY))
WRITE_CLIENTS = Permission("clients.write", {Role.OPS: ANY})
"""Who may come in and as what: only operators decide, and every decision is audited."""
