"""Days and years of the calendar."""

from datetime import timedelta
from typing import Any

from servicekit.testing.authorisation.declared import Resource, Row

from services.supervision.tests.matrix.base import TODAY, Base


class Calendar(Base):
    """Every day is ruled on once."""

    async def day_body(self, _: str | None) -> Row:
        return {"day": f"{TODAY + timedelta(days=next(self.days))}", "workday": True}

    async def a_day(self, _: str, unit: str | None) -> Row:
        day = (await self.day_body(unit))["day"]
        answer = await self.first.put(f"/calendar/{day}", {"workday": True})
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    async def a_year(self, *_: Any) -> Row:
        body = {"document_no": "n", "days": []}
        return (await self.first.put("/calendar-years/2060", body)).json()

    def calendar(self) -> list[Resource]:
        return [
            Resource(
                "/calendar",
                one="/calendar/{day}",
                make=self.a_day,
                create=self.day_body,
                queries={"/calendar/deadline": {"start": "2026-02-12", "workdays": "10"}},
            ),
            Resource("/calendar-years", one="/calendar-years/{year}", make=self.a_year),
        ]
