"""Bulletins, whom they go to, and their deliveries."""

from typing import Any

from servicekit.ids import new_id
from servicekit.testing.authorisation.declared import Resource, Row
from supervision.bulletins.domain import EDITED, STEPS

from services.supervision.tests.matrix.base import NAMED, NAMES, REASON, Base

GROUP = {**NAMED, "kind": "units", "delivery": "main", "members": [NAMES]}
PATHS = {
    "draft": [],
    "frozen": ["freeze"],
    "in_review": ["freeze", "submit"],
    "reviewed": ["freeze", "submit", "review"],
    "issued": ["freeze", "submit", "review", "issue"],
    "withdrawn": ["freeze", "submit", "review", "issue", "withdraw"],
    "cancelled": ["cancel"],
}
"""The steps from a new bulletin to each of its states."""
GIVEN = {"withdraw": REASON, "cancel": REASON}


class Bulletins(Base):
    """Every bulletin goes to a group of its own, of one unit."""

    async def a_recipient_group(self, *_: Any) -> Row:
        return await self.put(f"/recipient-groups/group-{new_id()}", GROUP)

    async def bulletin_body(self, unit: str | None) -> Row:
        members = [{**NAMES, "unit": unit}]
        path = f"/recipient-groups/group-{new_id()}"
        group = await self.put(path, GROUP | {"members": members})
        days = {"period_start": "2026-07-01", "period_end": "2026-09-30"}
        return {"programme": "p", "title": "t", "recipient_groups": [group["code"]], **days}

    async def a_bulletin(self, state: str, unit: str | None) -> Row:
        row = await self.made("/bulletins", await self.bulletin_body(unit))
        for step in PATHS[state]:
            row = await self.step("/bulletins", row, step, GIVEN.get(step))
        return row

    async def a_delivery(self, state: str, unit: str | None) -> Row:
        bulletin = await self.a_bulletin("withdrawn" if state == "recalled" else "issued", unit)
        row = await self.first_of("/bulletin-deliveries", bulletin_id=bulletin["id"])
        if state == "received":
            row = await self.step("/bulletin-deliveries", row, "receive")
        return row

    def bulletins(self) -> list[Resource]:
        steps = {step: begins for step, (begins, _) in STEPS.items()}
        return [
            Resource(
                "/recipient-groups", one="/recipient-groups/{code}", make=self.a_recipient_group
            ),
            Resource(
                "/bulletins",
                one="/bulletins/{bulletin_id}",
                make=self.a_bulletin,
                create=self.bulletin_body,
                steps={**steps, "PATCH": EDITED},
                bodies={"PATCH": {"title": "u"}},
                refusals={"not_frozen", "reviewer_is_editor"},
            ),
            Resource(
                "/bulletin-deliveries",
                one="/bulletin-deliveries/{delivery_id}",
                make=self.a_delivery,
                unitless=True,
                steps={"receive": {"sent"}},
            ),
        ]
