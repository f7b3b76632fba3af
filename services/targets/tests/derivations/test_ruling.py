"""A ruling stands for its own number: what is worked out from it follows, others are corrected."""

from typing import Any

from servicekit.ids import new_id

FLOW = {"frequency": "month", "unit": "万元", "baseline": None, "working_group": "group-1"}
CONFLICT = {
    "programme": "innovation-programme",
    "kind": "unstated",
    "subject_kind": "programme",
    "positions": [{"code": "one", "text_zh": "一", "text_en": "One"}],
    "working_reading_zh": "一",
    "working_reading_en": "One",
}


async def test_a_ruled_input_is_followed(world: Any) -> None:
    await world.indicator("q-a", **FLOW)
    await world.indicator("q-b", **FLOW)
    derived = {"source_kind": "derived", "formula": "q-a / q-b × 100", "unit": "%", "kind": "ratio"}
    how = {"time_aggregation": "latest", "unit_aggregation": "latest"}
    await world.indicator("q-share", **FLOW | derived | how)
    for period in ("2026-05", "2026-06"):
        await world.verified("q-a", period, value="180")
        await world.bus.since_now()
        await world.verified("q-b", period, value="400")
    measured = await world.bus.events("indicator.measured", "indicator:q-share")
    assert [event.data["actual"] for event in measured] == ["45"]
    row = await world.put(f"conflicts/q-{new_id()}", world.names("q") | CONFLICT)
    number = {"indicator_code": "q-a", "unit_code": "st-bureau", "period": "2026-06"}
    ruling = {"ruling": "一", "document_no": "1号", "consequences": [number | {"value": "100"}]}
    path = f"/api/v1/conflicts/{row['code']}/rule"
    ruled = await (await world.office()).post(path, json=ruling, headers=world.etag(row))
    assert ruled.status_code == 200, ruled.text
    assert (await world.board("q-a"))["actual"] == "280"
    assert (await world.board("q-share"))["actual"] == "35"
    await world.verified("q-b", "2026-06", value="100")
    assert (await world.board("q-share"))["actual"] == "56"
