"""Brings the system to what the plan asks for, through the public API only."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from kechuang.client import Client
from kechuang.client.api import segment
from kechuang.plan.bodies import RESOURCES, Desired, desired_state
from kechuang.plan.diff import Change, compare, compare_all
from kechuang.plan.schema import Plan


def plan_changes(client: Client, plan: Plan, anchor_year: int) -> list[Change]:
    """What an apply would do now, in order. Raises ApiError and Unreachable."""
    wanted = desired_state(plan, anchor_year)
    used = {item.resource for item in wanted}
    existing = {name: _existing(client, name) for name in RESOURCES if name in used}
    return compare_all(wanted, existing)


def _existing(client: Client, resource: str) -> Mapping[str, Mapping[str, Any]]:
    return {str(item["code"]): item for item in client.items(resource)}


def apply_changes(
    client: Client, changes: Sequence[Change], done: Callable[[Change], None] = lambda _: None
) -> Counter[str]:
    """Carry the changes out, calling `done` after each, and count them by action.

    A failure stops at the object it concerns; running again carries on from there, because what
    is applied already no longer differs.
    """
    counts: Counter[str] = Counter()
    for change in changes:
        action = change.action
        if action == "create":
            client.put(_path(change.desired), change.desired.body)
        elif action == "change":
            action = _change(client, change.desired)
        counts[action] += 1
        if action != "keep":
            done(change)
    return counts


def _change(client: Client, desired: Desired) -> str:
    """Replace an object unless somebody has meanwhile made it what the plan asks for."""
    response = client.request("GET", _path(desired))
    if compare(desired, response.json()).action == "keep":
        return "keep"
    client.put(_path(desired), desired.body, etag=response.headers.get("ETag"))
    return "change"


def _path(desired: Desired) -> str:
    return f"{desired.resource}/{segment(desired.code)}"
