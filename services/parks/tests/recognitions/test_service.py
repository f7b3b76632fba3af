"""What the clock does to recognitions."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from parks.recognitions import service
from parks.recognitions.models import Recognition
from servicekit.clock import china_date, now
from servicekit.db import Database
from servicekit.testing.bus import RecordingBus

Caller = Any
Make = Callable[..., Awaitable[dict[str, Any]]]
TODAY = china_date(now())


async def store(kept: Database, enterprise_id: str, starts: int, ends: int, number: str) -> None:
    """A recognition as it was recorded some time ago: nothing has followed from the days since."""
    async with kept.session() as session:
        session.add(
            Recognition(
                enterprise_id=UUID(enterprise_id),
                kind="high_tech",
                number=number,
                authority="省科技厅",
                valid_from=TODAY + timedelta(days=starts),
                valid_to=TODAY + timedelta(days=ends),
                status="valid",
            )
        )


async def settle(kept: Database) -> None:
    async with kept.session() as session:
        await service.settle_due(session)


async def test_an_empty_register_tells_no_count(kept: Database, bus: RecordingBus) -> None:
    await settle(kept)
    assert await bus.types() == []


async def test_the_day_after_its_last_a_recognition_expires_once_and_the_class_falls(
    kept: Database, office: Caller, register: Make, bus: RecordingBus, rows: Any
) -> None:
    made = await register(declared_class="science_type")
    await store(kept, made["id"], -10, -1, "GR-old")
    await rows("UPDATE enterprise SET enterprise_class = 'high_tech' WHERE uscc = $1", made["uscc"])
    await bus.since_now()
    await settle(kept)
    await settle(kept)
    after = (await office.get(f"/enterprises/{made['id']}")).json()
    assert after["enterprise_class"] == "science_type"
    [expired] = await bus.events("recognition.expired")
    assert expired.data["number"] == "GR-old"
    assert expired.data["expired_on"] == f"{TODAY - timedelta(days=1)}"
    assert len(await bus.events("enterprise.changed")) == 1


async def test_on_its_first_day_a_recognition_recorded_before_lifts_the_class(
    kept: Database, office: Caller, register: Make
) -> None:
    made = await register()
    await store(kept, made["id"], 1, 10, "GR-tomorrow")
    await settle(kept)
    path = f"/enterprises/{made['id']}"
    assert (await office.get(path)).json()["enterprise_class"] == "ordinary"
    await store(kept, made["id"], 0, 0, "GR-today")
    await settle(kept)
    assert (await office.get(path)).json()["enterprise_class"] == "high_tech"


async def test_the_last_one_that_leaves_is_told_as_none(
    kept: Database, office: Caller, bus: RecordingBus
) -> None:
    high_tech = (await office.get("/enterprises", enterprise_class="high_tech")).json()["items"]
    assert high_tech
    await bus.since_now()
    for row in high_tech:
        answer = await office.patch(f"/enterprises/{row['id']}", {"active": False})
        assert answer.status_code == 200
    told = await bus.events("park_metric", f"park_metric:count.high_tech:{TODAY:%Y-%m}")
    assert told[-1].data["value"] == "0.000000"


async def test_with_nothing_due_the_clock_changes_nothing(
    kept: Database, bus: RecordingBus, gangqu: str
) -> None:
    await settle(kept)
    await bus.since_now()
    await settle(kept)
    assert await bus.types() == []


async def warned(kept: Database, bus: RecordingBus) -> list[tuple[str, int]]:
    """What the clock tells now."""
    await bus.since_now()
    async with kept.session() as session:
        await service.warn_due(session)
    told = await bus.events("recognition.expiring")
    return [(event.data["number"], event.data["days_before"]) for event in told]


async def test_it_is_told_to_run_out_three_times_each_once(
    kept: Database, register: Make, bus: RecordingBus, rows: Any
) -> None:
    made = await register(active=True)
    await store(kept, made["id"], -10, 181, "GR-warned")
    assert await warned(kept, bus) == []
    for left, told in ((180, 180), (91, None), (90, 90), (31, None), (29, 30), (0, None)):
        day = TODAY + timedelta(days=left)
        await rows("UPDATE recognition SET valid_to = $1 WHERE number = 'GR-warned'", day)
        expected = [] if told is None else [("GR-warned", told)]
        assert await warned(kept, bus) == expected, left
        assert await warned(kept, bus) == [], left


async def test_of_warnings_that_nobody_told_in_time_the_most_pressing_is_told(
    kept: Database, register: Make, bus: RecordingBus
) -> None:
    made = await register()
    await store(kept, made["id"], -10, 20, "GR-late")
    assert await warned(kept, bus) == [("GR-late", 30)]


async def test_what_another_one_follows_and_who_is_no_more_is_not_warned_of(
    kept: Database, register: Make, bus: RecordingBus
) -> None:
    made = await register()
    await store(kept, made["id"], -10, 60, "GR-renewed")
    await store(kept, made["id"], 61, 999, "GR-renewal")
    gone = await register(active=False)
    await store(kept, gone["id"], -10, 60, "GR-gone")
    assert await warned(kept, bus) == []


async def test_two_workers_tell_it_once(kept: Database, register: Make, bus: RecordingBus) -> None:
    made = await register()
    await store(kept, made["id"], -10, 60, "GR-once")
    await bus.since_now()

    async def one() -> None:
        async with kept.session() as session:
            await service.warn_due(session)

    await asyncio.gather(*(one() for _ in range(4)))
    assert len(await bus.events("recognition.expiring")) == 1
