"""What the load clients write: one kind for each service, each with a mark of its own."""

import asyncio
import os
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from stdnum.cn import uscc

from tests.faults.client import Answer, Client, Request
from tests.faults.history import History

UNITS = 12
"""Units the items are issued to: few enough to meet each other, enough not to queue."""
LINES = 4
"""Budget lines the appropriations are drawn on."""
THINK = float(os.environ.get("TRIAL_THINK", "0.4"))
"""Seconds a caller waits before its next write: what breaks meets writes under way, and the machine
has time for the trials beside this one. The full form leaves it little."""
YEAR = 2026


@dataclass(slots=True)
class World:
    """What has to be there before the load begins."""

    services: Sequence[str]
    budgets: list[str] = field(default_factory=list)

    async def prepare(self, client: Client, history: History) -> None:
        """Make it, through the API. Nothing is broken yet, so every call must succeed."""

        async def write(role: str, method: str, path: str, **body: Any) -> Answer:
            headers = {"If-Match": '"1"'} if path.endswith("/approve") else {}
            request = Request("prepare", role, method, path, body, headers)
            key = f"prepare-{len(history.operations)}"
            operation, answer = await client.until_answered(history, request, key)
            if operation.outcome != "ok":
                raise AssertionError(f"{method} {path}: {answer.status} {dict(answer.body)}")
            return answer

        if "funding" in self.services:
            await self._funding(write)

    async def _funding(self, write: Callable[..., Awaitable[Answer]]) -> None:
        text = {"zh": "试验", "en": "trial"}
        fund = {
            f"{name}_{language}": t for language, t in text.items() for name in ("name", "purpose")
        }
        common: Mapping[str, Any] = {"programme": "trial", "manager_unit": "trial-unit-0"}
        await write(
            "office", "PUT", "/funds/trial", **fund, **common, kind="special",
            counts_towards_floor=True,
        )  # fmt: skip
        spent = {"three_st_expenses": "2000000.00", "science_operating_expenses": "3000000.00"}
        path = f"/fiscal-years/{YEAR}"
        await write("finance_maker", "PUT", path, budget_expenditure="100000000.00", **spent)
        for number in range(LINES):
            line = {"fund_code": "trial", "fiscal_year": YEAR, "line": f"line-{number}"}
            made = await write("finance_maker", "POST", "/budgets", **line, amount="9000000.00")
            budget = str(made.body["id"])
            approval = {"document_no": f"approval-{number}"}
            await write("finance_checker", "POST", f"/budgets/{budget}/approve", **approval)
            self.budgets.append(budget)


class Caller:
    """One of the load clients: writes one thing after another until it is told to stop."""

    def __init__(
        self, number: int, seed: int, world: World, client: Client, history: History
    ) -> None:
        self._name = f"{seed}-{number}"
        self._number, self._seed = number, seed
        self._chance = random.Random(f"{seed}/{number}")
        self._world, self._client, self._history = world, client, history
        self._open: list[tuple[str, str]] = []
        """Items this caller issued and has not cancelled: (id, ETag)."""
        self._made = 0
        kinds: dict[str, Callable[[str], Request]] = {
            "targets": self._unit,
            "funding": self._appropriation,
            "parks": self._enterprise,
            "supervision": self._item,
        }
        self._kinds = [make for name, make in kinds.items() if name in world.services]

    async def run(self, stop: asyncio.Event, think: float) -> None:
        while not stop.is_set():
            await self.step()
            await asyncio.sleep(think)

    async def step(self) -> None:
        """One write; one in eight is sent twice at the same time, with the same key."""
        key = f"{self._name}-{self._made}"
        self._made += 1
        request = self._chance.choice(self._kinds)(key)
        copies = 2 if self._chance.random() < 0.125 and request.method == "POST" else 1
        operation, answer = await self._client.until_answered(
            self._history, request, key, copies=copies
        )
        if operation.outcome == "ok" and request.kind == "issue an item":
            self._open.append((str(answer.body["id"]), answer.headers["ETag"]))

    def _item(self, key: str) -> Request:
        if self._open and self._chance.random() < 0.45:
            return self._cancellation(key)
        unit = f"trial-unit-{self._chance.randrange(UNITS)}"
        body = {
            "title": key,
            "description": "trial",
            "responsible_unit": unit,
            "due_workdays": 10,
            "holds_payments": self._chance.random() < 0.7,
        }
        return Request("issue an item", "office", "POST", "/supervision-items", body)

    def _cancellation(self, key: str) -> Request:
        item, etag = self._open.pop(self._chance.randrange(len(self._open)))
        path = f"/supervision-items/{item}/cancel"
        headers = {"If-Match": etag}
        return Request("cancel an item", "office", "POST", path, {"reason": key}, headers)

    def _appropriation(self, key: str) -> Request:
        body = {
            "budget_id": self._chance.choice(self._world.budgets),
            "amount": f"{self._chance.randint(1, 99)}.{self._chance.randint(0, 99):02}",
            "document_no": key,
            "appropriated_on": f"{YEAR}-03-15",
        }
        return Request("appropriate", "finance_maker", "POST", "/appropriations", body)

    def _unit(self, key: str) -> Request:
        body = {"name_zh": key, "name_en": key, "kind": "bureau"}
        return Request("put a unit", "office", "PUT", f"/units/trial-{key}", body)

    def _enterprise(self, key: str) -> Request:
        # Of its own: of 50,000 that were drawn two had the code of another one.
        code = f"91410184{self._number:03}{self._made:06}"
        body = {"name": key, "uscc": code + uscc.calc_check_digit(code)}
        return Request("register an enterprise", "office", "POST", "/enterprises", body)
