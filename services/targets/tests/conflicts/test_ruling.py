"""Sources differ on a number; the office rules, and the ruled number counts."""

from decimal import Decimal
from typing import Any

import pytest_asyncio
from contracts.parks import ParkMetricChanged

PATH = "/api/v1/conflicts/output-2026"


def told(value: str, period: str = "2026-03") -> ParkMetricChanged:
    return ParkMetricChanged(
        series=f"output/{period}", metric="output", period=period, value=Decimal(value), unit="亿元"
    )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def disputed(world: Any) -> Any:
    await world.indicator("output", source_kind="parks", source_metric="output", frequency="month")
    await world.indicator("counted")
    await world.hear(told("10"))
    position = {"text_zh": "数值", "text_en": "number"}
    body = {
        **world.names("output-2026"),
        "programme": "innovation-programme",
        "kind": "contradiction",
        "subject_kind": "indicator",
        "subject_code": "output",
        "positions": [
            {**position, "code": "statistics", "value": "9.4"},
            {**position, "code": "parks", "value": "10"},
        ],
        "working_reading_zh": "暂按园区数",
        "working_reading_en": "the parks' number for now",
    }
    await world.put("conflicts/output-2026", body, 201)
    return world


async def argue(world: Any, unit: str, position: str, **changes: Any) -> Any:
    body = {"unit_code": unit, "position": position, "reason": "统计年报口径", **changes}
    client = await world.as_("unit_reporter", "st-bureau")
    return await client.post(f"{PATH}/arguments", json=body, headers=world.key())


async def rule(world: Any, *numbers: Any, **changes: Any) -> Any:
    row = await world.get("conflicts/output-2026")
    body = {
        "position": "statistics",
        "ruling": "以统计局核定数为准",
        "document_no": "科指办〔2026〕9号",
        "consequences": list(numbers),
    }
    office = await world.office()
    return await office.post(f"{PATH}/rule", json=body | changes, headers=world.etag(row))


async def test_units_argue_for_positions_until_it_is_ruled(disputed: Any) -> None:
    said = await argue(disputed, "st-bureau", "statistics", evidence="统计年报第12页")
    assert said.status_code == 201, said.text
    row = await disputed.get("conflicts/output-2026")
    assert (row["state"], row["version"]) == ("argued", 2)
    for unit, position, status, code in [
        ("finance-bureau", "parks", 403, "forbidden"),
        ("st-bureau", "neither", 422, "unknown_position"),
    ]:
        answer = await argue(disputed, unit, position)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    (argument,) = (await disputed.get("conflicts/output-2026/arguments"))["items"]
    assert (argument["position"], argument["argued_by"]) == (
        "statistics", "unit_reporter-st-bureau",
    )  # fmt: skip


async def test_a_ruling_whose_numbers_cannot_be_taken_is_none(disputed: Any) -> None:
    good = {"indicator_code": "output", "period": "2026-03", "value": "9.4"}
    for wrong, code in [
        ({"indicator_code": "nothing"}, "unknown_reference"),
        ({"unit_code": "nobody"}, "unknown_reference"),
        ({"period": "2199-01"}, "unknown_period"),
    ]:
        answer = await rule(disputed, good, good | wrong)
        assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert (await disputed.get("conflicts/output-2026"))["state"] == "argued"
    assert (await disputed.board("output"))["actual"] == "10"


async def test_the_ruled_number_counts_in_the_same_moment_and_stays(disputed: Any) -> None:
    office = await disputed.office()
    period = await disputed.get("reporting-periods/2026-03")
    closing = "/api/v1/reporting-periods/2026-03/close"
    assert (await office.post(closing, headers=disputed.etag(period))).status_code == 200
    await disputed.bus.since_now()
    numbers = [
        {"indicator_code": "output", "period": "2026-03", "value": "9.4"},
        {
            "indicator_code": "counted",
            "unit_code": "st-bureau",
            "period": "2026-Q1",
            "value": "3",
        },
    ]
    ruled = await rule(disputed, *numbers)
    assert ruled.status_code == 200, ruled.text
    applied = {each["indicator_code"]: each for each in ruled.json()["consequences"]}
    assert applied["output"]["value"] == "9.4"
    (event,) = await disputed.bus.events("conflict.ruled")
    assert event.data["document_no"] == "科指办〔2026〕9号"
    assert (await disputed.board("output"))["actual"] == "9.4"
    (entry,) = (await disputed.get("reporting-periods/2026-03/restatements"))["items"]
    assert (entry["cause"], entry["old_value"], entry["new_value"]) == ("ruling", "10", "9.4")
    assert entry["reason"] == "科指办〔2026〕9号 以统计局核定数为准"
    assert entry["observation_id"] == applied["output"]["observation_id"]
    await disputed.hear(told("10.2"))
    assert (await disputed.board("output"))["actual"] == "9.4", "the feed does not overrule it"
    await disputed.hear(told("12", "2026-04"))
    assert (await disputed.board("output"))["actual"] == "12"


async def test_a_ruled_number_takes_no_reports_and_a_ruled_conflict_no_arguments(
    disputed: Any,
) -> None:
    reporter = await disputed.as_("unit_reporter", "st-bureau")
    body = {"indicator_code": "counted", "unit_code": "st-bureau", "period": "2026-Q1"}
    report = await reporter.post(
        "/api/v1/progress-reports", json=body | {"value": "4"}, headers=disputed.key()
    )
    assert (report.status_code, report.json()["code"]) == (409, "number_ruled")
    late = await argue(disputed, "st-bureau", "parks")
    assert (late.status_code, late.json()["code"]) == (409, "invalid_transition")
    again = await rule(disputed)
    assert (again.status_code, again.json()["code"]) == (409, "invalid_transition")


async def test_a_ruling_keeps_no_other_number_from_being_corrected(world: Any) -> None:
    await world.indicator("elsewhere", source_kind="reported")
    for value in ("1", "2"):
        await world.verified("elsewhere", "2026-Q1", value=value)
    found = (await world.get("indicators/elsewhere/observations"))["items"]
    assert [one["value"] for one in found] == ["2"]
