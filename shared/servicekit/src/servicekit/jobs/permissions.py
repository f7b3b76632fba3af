"""Who may see and end jobs: whoever asked for one, their unit, and those who look after all."""

from servicekit.auth.permissions import ANY, OWN, Permission
from servicekit.auth.principal import Role

_OWN = dict.fromkeys(Role, OWN)
READ_JOBS = Permission(
    "jobs.read", _OWN | dict.fromkeys((Role.OFFICE, Role.OPS, Role.AUDITOR, Role.SYSTEM), ANY)
)
CANCEL_JOBS = Permission(
    "jobs.cancel",
    {role: OWN for role in Role if role is not Role.AUDITOR}
    | dict.fromkeys((Role.OFFICE, Role.OPS, Role.SYSTEM), ANY),
)
