"""Many progress reports in one request."""

from typing import Any

PATH = "/api/v1/progress-reports/batch"


async def test_a_report_of_a_foreign_unit_or_twice_keeps_the_others_out(world: Any) -> None:
    for code in ("batch-a", "batch-b"):
        await world.indicator(code)
    reporter = await world.as_("unit_reporter", "st-bureau")
    items = [
        {"indicator_code": code, "unit_code": unit, "period": "2026-Q1", "value": "1"}
        for code, unit in [
            ("batch-a", "st-bureau"),
            ("batch-a", "st-bureau"),
            ("batch-b", "finance-bureau"),
            ("no-such", "st-bureau"),
            ("batch-b", "st-bureau"),
        ]
    ]
    refused = await reporter.post(PATH, json={"items": items}, headers=world.key())
    assert (refused.status_code, refused.json()["code"]) == (422, "batch_refused"), refused.text
    assert [(e["pointer"], e["code"]) for e in refused.json()["errors"]] == [
        ("/items/1", "report_in_progress"),
        ("/items/2", "forbidden"),
        ("/items/3/indicator_code", "unknown_reference"),
    ]
    good = {"items": [items[0], items[4]]}
    tried = await reporter.post(f"{PATH}?dry_run=true", json=good, headers=world.key())
    assert (tried.status_code, tried.json()["dry_run"]) == (200, True), tried.text
    assert (await world.get("progress-reports"))["items"] == []
    begun = await reporter.post(PATH, json=good, headers=world.key())
    assert begun.status_code == 200, begun.text
    assert [row["state"] for row in begun.json()["items"]] == ["draft", "draft"]
    assert len((await world.get("progress-reports"))["items"]) == 2
