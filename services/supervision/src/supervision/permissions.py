"""Who may do what in supervision: role × relation of the caller's unit to the object's unit."""

from servicekit.auth.permissions import ANY, BELOW, OWN, READERS, Permission
from servicekit.auth.principal import Role
