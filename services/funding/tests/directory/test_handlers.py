"""The copy of the unit tree follows the directory."""

from typing import Any

from contracts.targets import UnitChanged
from funding.directory.handlers import on_unit_changed


def unit(**changes: Any) -> UnitChanged:
    fields = {"unit_code": "aoxing", "name": "奥星实业", "kind": "enterprise", **changes}
    return UnitChanged.model_validate(fields)


async def test_a_new_unit_can_be_paid_and_a_closed_one_cannot(house: Any) -> None:
    budget = await house.appropriated("10.00")
    body = {"budget_id": budget["id"], "payee_unit": "aoxing", "title": "t", "amount": "1.00"}
    assert (await house.post("office", "/awards", body)).status_code == 422
    await house.hear(on_unit_changed, unit(parent_codes=["gangqu-admin"]))
    assert (await house.post("office", "/awards", body)).status_code == 201
    below = await house.get("park_admin", "/awards?payee_unit=aoxing")
    assert len(below.json()["items"]) == 1
    await house.hear(on_unit_changed, unit(active=False))
    assert (await house.post("office", "/awards", body)).status_code == 422
