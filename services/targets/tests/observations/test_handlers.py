"""Numbers that arrive from the other services."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from contracts.funding import FiscalYearExecuted, RuleMeasured
from contracts.parks import ParkGradeLost, ParkGradeObtained, ParkMetricChanged
from targets.observations.domain import UnknownConversion, UnknownGrade

D = Decimal


def metric(
    name: str, period: str, value: str, unit: str = "万元", **more: Any
) -> ParkMetricChanged:
    return ParkMetricChanged(
        series=f"{name}/{period}", metric=name, period=period, value=D(value), unit=unit, **more
    )


async def test_a_park_metric_is_converted_judged_and_followed_by_its_case(world: Any) -> None:
    await world.indicator("added", source_kind="parks", source_metric="hta.city", frequency="month")
    await world.bus.since_now()
    event_id = await world.hear(metric("hta.city", "2026-06", "100000"), correlation_id="case-7")
    row = await world.board("added")
    assert (row["actual"], row["expected"], row["status"]) == ("10", "16.5", "red")
    assert row["reason_en"] == "actual 10, expected 16.5 by June 2026 (in 100 million yuan)"
    measured, changed = await world.bus.events(subject="indicator:added")
    assert measured.data["status"] == "red"
    assert changed.data["previous_status"] == "unknown"
    assert changed.data["lead_unit"] == "st-bureau"
    assert (changed.data["actual"], changed.data["expected"]) == ("10", "16.5")
    assert (changed.correlation_id, changed.causation_id) == ("case-7", str(event_id))


async def test_year_to_date_numbers_replace_each_other_and_a_late_month_does_not_win(
    world: Any,
) -> None:
    await world.indicator("sales", source_kind="parks", source_metric="s", frequency="month")
    await world.hear(metric("s", "2026-02", "60000"))
    await world.hear(metric("s", "2026-01", "30000"))
    await world.bus.since_now()
    await world.hear(metric("s", "2026-02", "70000"))
    row = await world.board("sales")
    assert (row["period"], row["actual"], row["status"]) == ("2026-02", "7", "green")
    assert [event.data["actual"] for event in await world.bus.events("measured")] == ["7"]
    assert await world.bus.events("status_changed") == []
    series = await world.get("indicators/sales/observations")
    assert [(r["period"], r["value"], r["source_value"]) for r in series["items"]] == [
        ("2026-01", "3", "30000"),
        ("2026-02", "7", "70000"),
    ]


async def test_an_unknown_unit_leaves_nothing_behind(world: Any) -> None:
    await world.indicator("odd", source_kind="parks", source_metric="odd.m", frequency="month")
    await world.bus.since_now()
    with pytest.raises(UnknownConversion):
        await world.hear(metric("odd.m", "2026-06", "1", unit="吨"))
    assert await world.bus.events() == []
    assert (await world.get("indicators/odd/observations"))["items"] == []


async def test_a_metric_nobody_wants_is_passed_over(world: Any) -> None:
    await world.bus.since_now()
    await world.hear(metric("nobody.wants", "2026-06", "1"))
    assert await world.bus.events() == []


async def test_a_ratio_keeps_what_it_is_made_of(world: Any) -> None:
    await world.indicator(
        "own-ip", kind="ratio", unit="%", source_kind="parks", source_metric="ip", baseline=None,
        time_aggregation="ratio_of_sums", unit_aggregation="ratio_of_sums", frequency="month",
        milestones=[{"year": 2028, "value": "40"}],
    )  # fmt: skip
    parts = {"numerator": D(1), "denominator": D(3)}
    await world.hear(metric("ip", "2026-06", "33.333333", unit="%", **parts))
    row = await world.board("own-ip")
    assert (row["actual"], row["expected"], row["status"]) == ("33.333333", None, "unknown")
    (number,) = (await world.get("indicators/own-ip/observations"))["items"]
    assert (number["numerator"], number["denominator"]) == ("1", "3")


async def test_a_grade_is_obtained(world: Any) -> None:
    await world.indicator(
        "grade-longhu", kind="grade", unit="级", source_kind="parks", baseline=None,
        source_metric="park_grade.longhu", time_aggregation="max", unit_aggregation="max",
        phasing="stepwise", grade_ladder=["municipal", "provincial"],
        milestones=[{"year": 2028, "value": "1"}],
    )  # fmt: skip
    obtained = ParkGradeObtained(
        park_code="longhu", grade="provincial", obtained_on=date(2026, 5, 4)
    )
    await world.hear(obtained)
    row = await world.board("grade-longhu")
    assert (row["period"], row["actual"], row["status"]) == ("2026-05", "2", "green")
    with pytest.raises(UnknownGrade):
        await world.hear(obtained.model_copy(update={"grade": "galactic"}))


async def test_a_grade_that_is_lost_counts_no_longer(world: Any) -> None:
    await world.indicator(
        "grade-chengbei", kind="grade", unit="级", source_kind="parks", baseline=None,
        source_metric="park_grade.chengbei", time_aggregation="latest", unit_aggregation="max",
        phasing="stepwise", grade_ladder=["municipal", "provincial"],
        milestones=[{"year": 2026, "value": "1"}],
    )  # fmt: skip
    park = {"park_code": "chengbei"}
    for grade, highest, day in (
        ("provincial", "provincial", date(2026, 3, 4)),
        ("municipal", "provincial", date(2026, 4, 4)),
    ):
        told = {"grade": grade, "current_grade": highest, "obtained_on": day}
        await world.hear(ParkGradeObtained.model_validate(park | told))
    assert (await world.board("grade-chengbei"))["actual"] == "2"
    lost = park | {"lost_on": date(2026, 5, 4), "reason": "revoked"}
    for grade, left, actual in (("provincial", "municipal", "1"), ("municipal", None, "0")):
        told = {"grade": grade, "current_grade": left}
        await world.hear(ParkGradeLost.model_validate(lost | told))
        row = await world.board("grade-chengbei")
        assert (row["period"], row["actual"]) == ("2026-05", actual)


async def test_an_executed_fiscal_year_feeds_both_shares(world: Any) -> None:
    for code, wanted in (("st_share", "4"), ("three_st_share", "2")):
        await world.indicator(
            code.replace("_", "-"), kind="ratio", unit="%", source_kind="funding",
            source_metric=code, time_aggregation="ratio_of_sums", baseline=None,
            unit_aggregation="ratio_of_sums", milestones=[{"year": 2026, "value": wanted}],
        )  # fmt: skip
    await world.hear(
        FiscalYearExecuted(
            fiscal_year=2026,
            budget_expenditure=D("1000000000"),
            three_st_expenses=D("21000000"),
            science_operating_expenses=D("16000000"),
        )
    )
    both = await world.board("st-share")
    assert (both["actual"], both["expected"], both["status"]) == ("3.7", "4", "amber")
    assert (await world.board("three-st-share"))["status"] == "green"


async def test_a_year_without_expenditure_has_no_share(world: Any) -> None:
    await world.bus.since_now()
    nothing = FiscalYearExecuted(
        fiscal_year=2027,
        budget_expenditure=D(0),
        three_st_expenses=D(0),
        science_operating_expenses=D(0),
    )
    await world.hear(nothing)
    assert await world.bus.events() == []


async def test_a_measured_rule_feeds_its_indicator(world: Any) -> None:
    await world.indicator(
        "leverage", kind="ratio", unit="倍", source_kind="funding", source_metric="leverage",
        time_aggregation="latest", unit_aggregation="latest", baseline=None,
        milestones=[{"year": 2026, "value": "10"}],
    )  # fmt: skip
    for actual, status in (("7.5", "red"), ("12", "green")):
        await world.hear(
            RuleMeasured(
                rule_code="leverage",
                fiscal_year=2026,
                actual=D(actual),
                threshold=D(10),
                unit="倍",
            )
        )
        assert (await world.board("leverage"))["status"] == status
