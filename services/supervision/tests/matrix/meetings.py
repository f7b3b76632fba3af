"""Series of meetings, meetings, their decisions, and the work reports to them."""

from typing import Any

from servicekit.ids import new_id
from servicekit.testing.authorisation.declared import UNIT, Resource, Row

from services.supervision.tests.matrix.base import MOVE, REASON, RECURRING, TODAY, Base

SERIES = {
    **RECURRING,
    "convener_unit": "programme-office",
    "participant_units": [UNIT],
    "headings": [],
}
HELD = {"held_on": TODAY.isoformat(), "minutes": "m", "decisions": []}
HEADINGS = ("progress", "results", "good_practice", "problems", "proposals")


class Meetings(Base):
    """Every meeting is the first of a series of its own."""

    async def a_series(self, *_: Any) -> Row:
        return await self.put(f"/meeting-series/series-{new_id()}", SERIES)

    async def a_meeting(self, state: str, _: str | None, *decisions: Row) -> Row:
        series = await self.a_series()
        row = await self.first_of("/meetings", plan_code=series["code"])
        return await self.brought_to(state, row, *decisions)

    async def brought_to(self, state: str, row: Row, *decisions: Row) -> Row:
        """A planned meeting, in this state."""
        if state == "withdrawn":
            row = await self.step("/meetings", row, "withdraw", REASON)
        if state == "held":
            row = await self.step("/meetings", row, "hold", HELD | {"decisions": list(decisions)})
        return row

    async def a_decision(self, _: str, unit: str | None) -> Row:
        meeting = await self.a_meeting("held", unit, {"text": "t", "responsible_unit": unit})
        return await self.first_of("/meeting-decisions", meeting_id=meeting["id"])

    async def report_body(self, unit: str | None) -> Row:
        meeting = await self.a_meeting("planned", unit)
        return {"meeting_id": meeting["id"], "unit_code": unit, **dict.fromkeys(HEADINGS, "t")}

    async def a_report(self, state: str, unit: str | None) -> Row:
        """`state` is its meeting's."""
        row = await self.made("/work-reports", await self.report_body(unit))
        meeting = await self.first.get(f"/meetings/{row['meeting_id']}")
        await self.brought_to(state, meeting.json())
        return row

    def meetings(self) -> list[Resource]:
        planned = ("hold", "reschedule", "withdraw", "PATCH")
        return [
            Resource("/meeting-series", one="/meeting-series/{code}", make=self.a_series),
            Resource(
                "/meetings",
                one="/meetings/{meeting_id}",
                make=self.a_meeting,
                steps={**{step: {"planned"} for step in planned}, "confirm": {"held"}},
                bodies={
                    "hold": HELD,
                    "reschedule": MOVE,
                    "withdraw": REASON,
                    "PATCH": {"place": "p"},
                },
                queries={"/meetings/{meeting_id}/report-draft": {"unit_code": UNIT}},
                refusals={"minutes_confirmed"},
            ),
            Resource("/meeting-decisions", make=self.a_decision),
            Resource(
                "/work-reports",
                one="/work-reports/{report_id}",
                make=self.a_report,
                create=self.report_body,
                states=("planned", "held", "withdrawn"),
                steps={"PATCH": {"planned"}},
                refusals={"meeting_over"},
            ),
        ]
