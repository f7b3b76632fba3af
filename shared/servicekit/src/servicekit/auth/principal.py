"""The caller, as the verified token tells it."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """The roles a token can carry. What each may do is in every service's `permissions.py`."""

    OFFICE = "office"
    LEADER = "leader"
    GROUP_LEAD = "group_lead"
    UNIT_REPORTER = "unit_reporter"
    PARK_ADMIN = "park_admin"
    ENTERPRISE = "enterprise"
    FINANCE_MAKER = "finance_maker"
    FINANCE_CHECKER = "finance_checker"
    FINANCE_PAYER = "finance_payer"
    EXPERT = "expert"
    AUDITOR = "auditor"
    SYSTEM = "system"
    OPS = "ops"


@dataclass(frozen=True, slots=True)
class Principal:
    """`subject` is the person or machine, `client_id` the registered client it came through,
    `unit` the code of the unit it acts for, if any. Unknown roles in a token are dropped."""

    subject: str
    client_id: str
    roles: frozenset[Role] = frozenset()
    unit: str | None = None
    scopes: frozenset[str] = frozenset()


SYSTEM = Principal(subject="service", client_id="service")
"""The service itself: event handlers and schedules act as it."""

ANONYMOUS = Principal(subject="anonymous", client_id="anonymous")
"""A caller whose token was refused."""
