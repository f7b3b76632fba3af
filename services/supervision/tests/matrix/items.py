"""Items, the board of them, extension requests and reminders."""

from typing import Any

import asyncpg
from servicekit.ids import new_id
from servicekit.testing.authorisation.declared import Resource, Row
from supervision.items.domain import STEPS, WITH_THE_UNIT, Action

from services.supervision.tests.matrix.base import NAMES, REASON, TODAY, Base

RULE = {**NAMES, "offset_workdays": 30, "audience": "unit"}
PATHS: dict[str, list[Action]] = {
    "issued": [],
    "acknowledged": [Action.ACKNOWLEDGE],
    "in_progress": [Action.ACKNOWLEDGE, Action.START],
    "submitted": [Action.ACKNOWLEDGE, Action.START, Action.SUBMIT],
    "verified": [Action.ACKNOWLEDGE, Action.START, Action.SUBMIT, Action.VERIFY],
    "closed": [Action.ACKNOWLEDGE, Action.START, Action.SUBMIT, Action.VERIFY, Action.CLOSE],
    "cancelled": [Action.CANCEL],
}
"""The steps from a new item to each of its states."""
GIVEN: dict[Action, Row] = {
    Action.SUBMIT: {"rectification": "done"},
    Action.CANCEL: REASON,
    Action.VERIFY: {},
    Action.CLOSE: {},
}
DECISIONS = {"approved": "approve", "rejected": "reject", "withdrawn": "withdraw"}
DECIDED: dict[str, Row] = {"approved": {}, "rejected": REASON}
REINSPECTED = {"inspected_on": TODAY.isoformat(), "passed": True, "note": "n"}


def is_counted(summary: Any, item: Row) -> bool:
    """All items here are of one unit, and some of them are open."""
    return any(each["unit_code"] == item["responsible_unit"] for each in summary["by_unit"])


class Items(Base):
    """Items and what is asked and said about one."""

    target = ""
    """The item that others are merged into."""

    async def item_body(self, unit: str | None) -> Row:
        return {"title": "t", "description": "d", "responsible_unit": unit}

    async def a_new_item(self, unit: str | None, **more: Any) -> Row:
        return await self.made("/supervision-items", await self.item_body(unit) | more)

    async def an_item(self, state: str, unit: str | None) -> Row:
        """About an indicator that is off red again, so that nothing but its state counts."""
        row = await self.a_new_item(unit, indicator_code="some-indicator")
        connection = await asyncpg.connect(self.database.superuser_url)
        try:
            await connection.execute(
                "UPDATE supervision_item SET remeasured_status = 'green' WHERE id = $1", row["id"]
            )
        finally:
            await connection.close()
        for action in PATHS[state]:
            row = await self.step("/supervision-items", row, action, GIVEN.get(action))
        return row

    async def an_item_on_the_board(self, _: str, unit: str | None) -> Row:
        return {"unit_code": (await self.a_new_item(unit))["responsible_unit"]}

    def items(self) -> list[Resource]:
        steps = {action: begins for action, (begins, _) in STEPS.items()}
        return [
            Resource(
                "/supervision-items",
                one="/supervision-items/{item_id}",
                make=self.an_item,
                create=self.item_body,
                steps={
                    **steps,
                    "exception": STEPS[Action.RETURN][0],
                    "reinspect": STEPS[Action.RETURN][0],
                    "remind": WITH_THE_UNIT,
                },
                bodies={
                    "merge": {"into": self.target, **REASON},
                    "transfer": {"responsible_unit": "matrix-stranger", **REASON},
                    "reinspect": REINSPECTED,
                },
                refusals={"not_with_the_unit"},
                sees={"/supervision-items/summary": is_counted},
            ),
            Resource("/supervision-board", make=self.an_item_on_the_board, key="unit_code"),
        ]

    async def extension_body(self, unit: str | None) -> Row:
        return {"item_id": (await self.a_new_item(unit))["id"], "workdays": 5, **REASON}

    async def an_extension(self, state: str, unit: str | None) -> Row:
        row = await self.made("/extension-requests", await self.extension_body(unit))
        if state in DECISIONS:
            body = DECIDED.get(state)
            row = await self.step("/extension-requests", row, DECISIONS[state], body)
        return row

    async def a_reminder_rule(self, *_: Any) -> Row:
        return await self.put(f"/reminder-rules/rule-{new_id()}", RULE)

    async def a_reminder(self, _: str, unit: str | None) -> Row:
        item = await self.a_new_item(unit)
        return await self.step("/supervision-items", item, "remind", {"note": "n"})

    def about_items(self) -> list[Resource]:
        return [
            Resource(
                "/extension-requests",
                one="/extension-requests/{request_id}",
                make=self.an_extension,
                create=self.extension_body,
                steps={step: {"requested"} for step in DECISIONS.values()},
            ),
            Resource("/reminder-rules", one="/reminder-rules/{code}", make=self.a_reminder_rule),
            Resource("/reminders", make=self.a_reminder),
        ]
