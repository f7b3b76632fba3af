"""The unit tree arrives as events and decides who may see what."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

from contracts.targets import UnitChanged
from parks.directory.handlers import SUBSCRIPTIONS, on_unit_changed
from servicekit.clock import now
from servicekit.db import Database
from servicekit.messaging.subscriptions import Received


def told(unit: UnitChanged) -> Received[UnitChanged]:
    return Received(
        id=uuid4(), type=unit.type, publisher="targets", aggregate_id=unit.subject,
        aggregate_version=1, time=now(), data=unit, correlation_id="c", causation_id=None,
        traceparent=None,
    )  # fmt: skip


async def test_a_unit_is_stored_as_it_is_told(
    kept: Database, rows: Callable[..., Awaitable[Any]]
) -> None:
    for name in ("观音寺镇", "观音寺镇人民政府"):
        async with kept.session() as session:
            await on_unit_changed(
                session,
                told(
                    UnitChanged(
                        unit_code="guanyinsi-town",
                        name=name,
                        kind="town",
                        parent_codes=("city", "group-4"),
                    )
                ),
            )
    found = await rows("SELECT name, parents FROM unit_node WHERE code = 'guanyinsi-town'")
    assert [tuple(row) for row in found] == [("观音寺镇人民政府", ["city", "group-4"])]


async def test_a_unit_that_moves_under_a_park_brings_its_enterprise_along(
    kept: Database,
    caller: Callable[..., Awaitable[Any]],
    register: Callable[..., Awaitable[Any]],
) -> None:
    made = await register(unit_code="newcomer", park_code=None)
    admin = await caller("park_admin", "gangqu-admin")
    path = f"/enterprises/{made['id']}"
    assert (await admin.get(path)).status_code == 403
    async with kept.session() as session:
        unit = UnitChanged(
            unit_code="newcomer", name="新来者", kind="enterprise", parent_codes=("gangqu-admin",)
        )
        await on_unit_changed(session, told(unit))
    assert (await admin.get(path)).status_code == 200


def test_the_service_hears_of_units_only() -> None:
    assert [each.event.type for each in SUBSCRIPTIONS] == [UnitChanged.type]
