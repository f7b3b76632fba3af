"""Due dates follow the city's calendar."""

from datetime import date
from typing import Any

from contracts.supervision import CalendarDaySet


async def due(world: Any, period: str) -> tuple[str, int | None]:
    row = await world.get(f"reporting-periods/{period}")
    return row["due_on"], row["due_workdays"]


async def test_a_day_off_that_the_office_ruled_moves_the_due_dates_over_it(world: Any) -> None:
    # The seventh workday after July 2027, a Saturday, is Tuesday the 10th of August.
    assert await due(world, "2027-07") == ("2027-08-10", 7)
    fixed = await world.put("reporting-periods/2027-07-H2", {"due_on": "2027-08-05"})
    await world.hear(CalendarDaySet(day=date(2027, 8, 4), workday=False, name="市运动会"))
    assert await due(world, "2027-07") == ("2027-08-11", 7)
    assert await due(world, "2027-07-H2") == ("2027-08-05", None)
    assert (await world.get("reporting-periods/2027-07-H2"))["version"] == fixed["version"]
    await world.hear(CalendarDaySet(day=date(2027, 8, 4), workday=True))
    assert await due(world, "2027-07") == ("2027-08-10", 7)


async def test_a_new_period_is_counted_over_what_the_office_ruled(world: Any) -> None:
    await world.hear(CalendarDaySet(day=date(2030, 8, 5), workday=False))
    row = await world.put("reporting-periods/2030-07", {"due_workdays": 3}, status=201)
    assert (row["due_on"], row["due_provisional"]) == ("2030-08-06", True)


async def test_a_period_can_be_put_as_it_was_read_and_not_with_two_deadlines(world: Any) -> None:
    row = await world.get("reporting-periods/2027-06")
    both = {name: row[name] for name in ("due_on", "due_workdays")}
    assert (await world.put("reporting-periods/2027-06", both, 200))["version"] == row["version"]
    refused = await world.put("reporting-periods/2027-06", both | {"due_on": "2027-08-05"}, 422)
    assert refused["code"] == "deadlines_differ"
