"""Parks, enterprises and calling: what the others are made of."""

from collections.abc import Mapping
from typing import Any

from servicekit.ids import new_id
from servicekit.testing.authorisation.declared import Row

WHY = {"reason": "r"}
Steps = list[tuple[Any, str, Any]]
"""Whoever does it, the step and its body."""


def beginnings(table: Mapping[Any, Any]) -> dict[str, frozenset[str]]:
    """From which states each step of a table begins, wherever it leads; an update is a PATCH."""
    return {
        "PATCH" if action == "update" else action: to[0] if isinstance(to, tuple) else to
        for action, to in table.items()
    }


class Base:
    """One of the office makes them all, and a second decides."""

    def __init__(self, office: Any, second: Any, rows: Any, samples: Any) -> None:
        self.office, self.second, self.rows = office, second, rows
        self.park_body, self.fresh_uscc, self.measures = samples

    async def made(self, path: str, body: Row, version: int | None = None) -> Row:
        answer = await self.office.post(path, body, version)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def put(self, path: str, body: Row) -> Row:
        answer = await self.office.put(path, body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def led(self, path: str, row: Row, steps: Steps) -> Row:
        """The object of this list after these steps."""
        for who, step, given in steps:
            answer = await who.post(f"{path}/{row['id']}/{step}", given, row["version"])
            assert answer.status_code == 200, answer.text
            row = answer.json()
        return row

    async def a_park(self, _: str = "", unit: str | None = None, **fields: Any) -> Row:
        body = self.park_body(**{"administration_unit": unit, "jurisdictions": [], **fields})
        return await self.put(f"/parks/p-{new_id()}", body)

    async def an_enterprise(self, _: str = "", unit: str | None = None, park: str = "") -> Row:
        body = {"uscc": self.fresh_uscc(), "name": f"某公司{new_id()}", "unit_code": unit}
        return await self.made("/enterprises", body | {"park_code": park or None})

    async def of_an_administration(self, _: str, unit: str | None) -> Row:
        return await self.an_enterprise(park=(await self.a_park(unit=unit))["code"])

    async def of_a_town(self, _: str, unit: str | None) -> Row:
        return await self.an_enterprise(park=(await self.a_park(jurisdictions=[unit]))["code"])
