"""Many enterprises, returns and recognitions in one request."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from servicekit.clock import china_date
from servicekit.testing.bus import RecordingBus

Caller = Any
Make = Callable[..., Awaitable[dict[str, Any]]]


async def test_two_wrong_enterprises_keep_three_good_ones_out(
    office: Caller, gangqu: str, register: Make, fresh_uscc: Callable[[], str], bus: RecordingBus
) -> None:
    taken = (await register())["uscc"]
    wrong_digit = "91410184MA44XQ1R02"
    codes = [fresh_uscc(), taken, fresh_uscc(), wrong_digit, fresh_uscc()]
    items = [
        {"uscc": code, "name": f"批量{n}", "park_code": gangqu} for n, code in enumerate(codes)
    ]
    await bus.since_now()
    refused = await office.post("/enterprises/batch", {"items": items})
    assert (refused.status_code, refused.json()["code"]) == (422, "batch_refused"), refused.text
    told = [(e["pointer"], e["code"], e["message"]) for e in refused.json()["errors"]]
    assert [(pointer, code) for pointer, code, _ in told] == [
        ("/items/1/uscc", "uscc_taken"),
        ("/items/3/uscc", "invalid_uscc"),
    ]
    assert taken in told[0][2]
    assert await bus.types() == []
    good = [items[n] for n in (0, 2, 4)]
    made = await office.post("/enterprises/batch", {"items": good})
    assert made.status_code == 200, made.text
    assert [row["uscc"] for row in made.json()["items"]] == [item["uscc"] for item in good]
    assert len(await bus.events("enterprise.changed")) == 3


async def test_a_park_registers_its_own_only(
    park_admin: Caller, gangqu: str, fresh_uscc: Callable[[], str]
) -> None:
    items = [{"uscc": fresh_uscc(), "name": "甲", "park_code": code} for code in (gangqu, None)]
    refused = await park_admin.post("/enterprises/batch", {"items": items})
    assert refused.status_code == 422, refused.text
    assert [(e["pointer"], e["code"]) for e in refused.json()["errors"]] == [
        ("/items/1", "forbidden")
    ]


async def test_a_year_of_returns_is_drawn_up_at_once_and_no_month_twice(
    enterprise: Caller, register: Make, draw_up: Make
) -> None:
    made = await register()
    measures = (await draw_up(made["id"], "2024-12"))["measures"]
    months = [f"2025-{month:02d}" for month in range(1, 13)]
    items = [
        {"enterprise_id": made["id"], "period": month, "measures": measures}
        for month in [*months, "2025-07"]
    ]
    refused = await enterprise.post("/operating-returns/batch", {"items": items})
    assert refused.status_code == 422, refused.text
    assert [(e["pointer"], e["code"]) for e in refused.json()["errors"]] == [
        ("/items/12/period", "operating_return_exists")
    ]
    drawn = await enterprise.post("/operating-returns/batch", {"items": items[:12]})
    assert drawn.status_code == 200, drawn.text
    assert [row["period"] for row in drawn.json()["items"]] == months


async def test_recognitions_that_are_tried_change_no_class(
    office: Caller, register: Make, bus: RecordingBus
) -> None:
    enterprises = [await register(), await register()]
    today = china_date()
    items = [
        {
            "enterprise_id": one["id"],
            "kind": "high_tech",
            "number": f"GR-{one['uscc']}",
            "authority": "河南省科学技术厅",
            "valid_from": f"{today - timedelta(days=10)}",
            "valid_to": f"{today + timedelta(days=10)}",
        }
        for one in enterprises
    ]
    await bus.since_now()
    tried = await office.post("/recognitions/batch?dry_run=true", {"items": items})
    assert (tried.status_code, tried.json()["dry_run"]) == (200, True), tried.text
    assert await bus.types() == []
    done = await office.post("/recognitions/batch", {"items": items})
    assert (done.status_code, len(done.json()["items"])) == (200, 2), done.text
    for one in enterprises:
        row = (await office.get(f"/enterprises/{one['id']}")).json()
        assert row["enterprise_class"] == "high_tech"
