"""When a delivery is tried again, and what an answer means."""

import random
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum

from servicekit.problems import Conflict, InvalidTransition, Problem

_M, _H = 60, 3600
SCHEDULE = (0, 5, 5 * _M, 30 * _M, 2 * _H, 5 * _H, 10 * _H, 14 * _H, 20 * _H, 24 * _H)
"""Seconds before each attempt (Standard Webhooks, "Deliverability and reliability")."""
IN_ORDER = 3
"""A delivery waits for an earlier one of its aggregate until that has been tried so often: five
minutes. After that a hole is better than a standstill, and `aggregateversion` tells the order."""
LONGEST_WISH = 24 * _H
"""Seconds a receiver can put us off with `Retry-After`."""
JITTER = 0.1


class State(StrEnum):
    """Of a webhook. Paused: events are kept and sent later. Disabled: none is taken any more."""

    ACTIVE = "active"
    PAUSED = "paused"
    DISABLED = "disabled"


STEPS = {
    "pause": ({State.ACTIVE}, State.PAUSED),
    "resume": ({State.PAUSED, State.DISABLED}, State.ACTIVE),
}


class ClientUnknown(Conflict):
    """Webhooks belong to a client registered here: its rights decide what is sent."""

    code = "client_not_registered"
    zh = "订阅须属于已登记的客户端；个人登录时请用 client_id 指明"
    en = "A webhook belongs to a registered client; people name it in client_id"


class EventGone(Problem):
    status = 410
    code = "event_gone"
    zh = "该事件已超过保存期限，无法重发"
    en = "The event is no longer kept and cannot be sent again"


def step(state: str, action: str) -> State:
    """The state after `pause` or `resume`.

    Raises:
        InvalidTransition: there is no such step from here.
    """
    sources, target = STEPS[action]
    if state not in sources:
        raise InvalidTransition(state=state, action=action)
    return target


def pause_before(attempts: int, wish: float) -> timedelta | None:
    """How long to wait after so many failed attempts, none to give up. `wish` in seconds is what
    the receiver asked for."""
    if attempts >= len(SCHEDULE):
        return None
    planned = SCHEDULE[attempts] * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311
    return timedelta(seconds=max(planned, min(wish, LONGEST_WISH)))


def retry_after(value: str | None, moment: datetime) -> float:
    """The header's seconds from `moment` on, 0 without a usable one (RFC 9110 section 10.2.3)."""
    if value is None:
        return 0.0
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        return max(0.0, (parsedate_to_datetime(value) - moment).total_seconds())
    except (ValueError, TypeError):
        return 0.0
