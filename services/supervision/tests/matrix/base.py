"""Calling, steps and attached files: what the others are made of."""

import itertools
from datetime import timedelta
from typing import Any

from servicekit.clock import china_date
from servicekit.testing.authorisation.declared import Row
from servicekit.testing.databases import ServiceDatabase

from services.supervision.tests.attachments import PDF, attach

TODAY = china_date()
NAMES = {"name_zh": "名称", "name_en": "Name"}
NAMED = {"programme": "innovation-programme", **NAMES}
RECURRING = {
    **NAMED,
    "cadence": "monthly",
    "months": list(range(1, 13)),
    "days_of_month": [15],
    "starts_on": TODAY.isoformat(),
    "ends_on": (TODAY + timedelta(days=400)).isoformat(),
}
MOVE = {"scheduled_on": "2098-09-30", "reason": "r"}
"""To a Tuesday."""
REASON = {"reason": "r"}
JUDGING = {"verify", "close", "approve", "reject", "review", "return", "publish", "rule"}
"""The steps that the second takes on what the first has made."""


class Base:
    """Two of the office make everything: what one has made, the other judges."""

    def __init__(self, first: Any, second: Any, database: ServiceDatabase) -> None:
        self.first, self.second, self.database = first, second, database
        self.days = itertools.count()
        self.numbers = itertools.count()

    async def put(self, path: str, body: Row) -> Row:
        answer = await self.first.put(path, body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def made(self, path: str, body: Row) -> Row:
        answer = await self.first.post(path, body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def first_of(self, path: str, **params: Any) -> Row:
        return (await self.first.get(path, **params)).json()["items"][0]

    async def step(self, path: str, row: Row, step: str, body: Row | None = None) -> Row:
        """What a step on an object of this list answers."""
        who = self.second if step in JUDGING else self.first
        answer = await who.post(f"{path}/{row['id']}/{step}", body, f'"{row["version"]}"')
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def attach(self, path: str) -> Row:
        """A file unlike the others, as an object takes none twice."""
        answer = await attach(self.first, path, PDF + str(next(self.numbers)).encode())
        assert answer.status_code == 201, answer.text
        return answer.json() | {"file_id": answer.json()["id"]}
