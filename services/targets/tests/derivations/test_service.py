"""A derived indicator equals its formula over the series of its inputs, whatever they tell."""

import asyncio
import random
from decimal import Decimal
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from servicekit.formulas import DividesByZero, evaluate, parse
from servicekit.ids import new_id
from targets.observations.service import Taken, record

FLOW = {"frequency": "month", "unit": "万元", "baseline": None}
SHARE = {
    "frequency": "month",
    "kind": "ratio",
    "unit": "%",
    "time_aggregation": "latest",
    "unit_aggregation": "latest",
    "source_kind": "derived",
    "baseline": {"year": 2025, "value": "2"},
    "milestones": [{"year": 2026, "value": "50"}, {"year": 2027, "value": "60"}],
}
MONTHS = [f"{year}-{month:02}" for year in (2026, 2027) for month in range(1, 13)]


async def tell(world: Any, code: str, period: str, value: str, unit: str | None = None) -> None:
    """A number that has been verified."""
    async with world.database.session() as session:
        await record(
            session,
            code,
            Taken("reported", str(new_id()), period, Decimal(value), "万元", unit_code=unit),
        )


async def series(world: Any, code: str) -> dict[str, Decimal]:
    page = await world.get(f"indicators/{code}/series", limit=200)
    return {row["period"]: Decimal(row["actual"]) for row in page["items"]}


async def derivations(world: Any, code: str, **narrow: Any) -> dict[str, Any]:
    page = await world.get(f"indicators/{code}/derivations", limit=200, **narrow)
    return {row["period"]: row for row in page["items"]}


async def expected(world: Any, text: str) -> dict[str, Decimal]:
    """The formula over the series of its inputs, where it comes to a number."""
    formula, found = parse(text), dict[str, Decimal]()
    inputs = {code: await series(world, code) for code in formula.codes}
    for period in set.intersection(*(set(each) for each in inputs.values())):
        try:
            given = {code: each[period] for code, each in inputs.items()}
            found[period] = evaluate(formula, given)
        except DividesByZero:
            continue
    return found


async def test_it_is_worked_out_with_its_inputs_and_is_an_indicator_as_any(world: Any) -> None:
    await world.indicator("e-three", **FLOW)
    await world.indicator("e-science", **FLOW)
    await world.indicator("e-budget", **FLOW)
    formula = "(e-three + e-science) ÷ e-budget × 100"
    made = await world.indicator("e-share", **SHARE, formula=formula)
    assert made["formula"] == formula
    await world.bus.since_now()
    await tell(world, "e-three", "2026-01", "3")
    await tell(world, "e-budget", "2026-01", "20")
    row = await world.board("e-share")
    assert (row["actual"], row["status"]) == (None, "unknown")
    assert row["reason_zh"] == "2026-01 无法计算：缺少“名称 e-science”的数值"
    assert row["reason_en"].endswith("there is no number of Name of e-science")
    await tell(world, "e-science", "2026-01", "2")
    row = await world.board("e-share")
    assert (row["period"], row["actual"], row["status"]) == ("2026-01", "25", "green")
    assert await series(world, "e-share") == {"2026-01": Decimal(25)}
    measured = await world.bus.events("indicator.measured", "indicator:e-share")
    assert [event.data["actual"] for event in measured] == ["25"]
    changed = await world.bus.events("status_changed", "indicator:e-share")
    assert [event.data["status"] for event in changed] == ["green"]
    (told,) = (await world.get("indicators/e-share/observations"))["items"]
    assert (told["source_kind"], told["value"], told["unit_code"]) == ("derived", "25", None)
    page = await world.get("indicator-board", indicator_code="e-share", points=3)
    assert page["items"][0]["points"] == [{"period": "2026-01", "actual": "25", "reporting": 1}]
    [each] = (await derivations(world, "e-share")).values()
    assert (each["value"], each["code"]) == ("25", None)
    assert {one["indicator_code"]: one["value"] for one in each["inputs"]} == {
        "e-three": "3",
        "e-science": "2",
        "e-budget": "20",
    }


async def test_what_comes_to_nothing_is_missing_and_never_zero(world: Any) -> None:
    await world.indicator("z-top", **FLOW)
    await world.indicator("z-base", **FLOW)
    await world.indicator("z-share", **SHARE, formula="z-top / z-base * 100")
    for period, top, base in [("2026-01", "1", "4"), ("2026-02", "1", "-4"), ("2026-03", "1", "5")]:
        await tell(world, "z-top", period, top)
        await tell(world, "z-base", period, base)
    assert await series(world, "z-share") == {"2026-01": Decimal(25), "2026-03": Decimal(60)}
    row = (await derivations(world, "z-share", missing=True))["2026-02"]
    assert (row["value"], row["code"]) == (None, "division_by_zero")
    assert row["reason_zh"] == "2026-02 无法计算：除数为零"
    assert row["reason_en"] == "2026-02 cannot be worked out: it divides by zero"
    assert (await world.board("z-share"))["period"] == "2026-03"

    await tell(world, "z-base", "2026-03", "0")
    row = await world.board("z-share")
    assert (row["period"], row["actual"]) == ("2026-01", "25")
    assert row["reason_zh"].endswith("；2026-03 无法计算：除数为零")
    assert await series(world, "z-share") == {"2026-01": Decimal(25)}
    path = "indicators/z-share/observations"
    kept = (await world.get(path, include_superseded=True))["items"]
    valid = {one["period"]: one["valid"] for one in kept}
    assert valid == {"2026-01": True, "2026-03": False}
    assert len((await world.get(path))["items"]) == 1

    await tell(world, "z-base", "2026-01", "0")
    await world.bus.since_now()
    await tell(world, "z-base", "2026-02", "0")
    row = await world.board("z-share")
    assert (row["period"], row["actual"], row["status"]) == (None, None, "unknown")
    (event,) = await world.bus.events("status_changed", "indicator:z-share")
    assert (event.data["status"], event.data["period"]) == ("unknown", "2026-03")
    await tell(world, "z-base", "2026-01", "2")
    assert (await world.board("z-share"))["actual"] == "150"


async def test_of_derived_ones_others_are_derived(world: Any) -> None:
    for code in ("s-a", "s-b"):
        await world.indicator(code, **FLOW)
    total = {**FLOW, "source_kind": "derived"}
    await tell(world, "s-a", "2026-01", "1")
    await world.indicator("s-z-sum", **total, formula="s-a + s-b")
    await world.indicator("s-c-share", **SHARE, formula="s-a / s-z-sum * 100")
    await tell(world, "s-b", "2026-01", "3")
    assert (await world.board("s-z-sum"))["actual"] == "4"
    assert (await world.board("s-c-share"))["actual"] == "25"
    await tell(world, "s-a", "2026-02", "1")
    await tell(world, "s-b", "2026-02", "3")
    await tell(world, "s-a", "2026-01", "5")
    assert await series(world, "s-z-sum") == {"2026-01": Decimal(8), "2026-02": Decimal(12)}
    assert await series(world, "s-c-share") == {"2026-01": Decimal("62.5"), "2026-02": Decimal(50)}
    await world.indicator("s-c-share", **SHARE, formula="s-b / s-z-sum * 100")
    assert await series(world, "s-c-share") == {"2026-01": Decimal("37.5"), "2026-02": Decimal(50)}
    await world.indicator("s-b", **FLOW | {"time_aggregation": "latest"})
    assert await series(world, "s-z-sum") == {"2026-01": Decimal(8), "2026-02": Decimal(9)}
    assert await expected(world, "s-b / s-z-sum * 100") == await series(world, "s-c-share")


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"formula": "w-a / nobody * 100"}, "/formula", "unknown_indicator"),
        ({"formula": "w-a-w-b"}, "/formula", "unknown_indicator"),
        ({"formula": "w-share + 1"}, "/formula", "circular_formula"),
        ({"formula": "w-a + w-firms"}, "/formula", "units_differ"),
        ({"formula": "w-a / w-a"}, "/formula", "unit_mismatch"),
        ({"formula": "w-grade * 100"}, "/formula", "not_arithmetic"),
        ({"formula": "w-yearly / w-a * 100"}, "/frequency", "more_frequent_than_input"),
        ({"formula": "w-a / 0"}, "/formula", "division_by_zero"),
        ({"formula": "w-a +"}, "/formula", "formula_syntax"),
        ({"formula": None}, "/formula", "source_mismatch"),
        ({"formula": "w-a", "source_kind": "reported"}, "/formula", "source_mismatch"),
        ({"formula": "w-a / w-a * 100", "time_aggregation": "max"}, "/time_aggregation",
         "aggregation_does_not_fit"),
    ],
)  # fmt: skip
async def test_a_wrong_formula_is_refused_where_it_is_wrong(
    world: Any, changes: dict[str, Any], pointer: str, code: str
) -> None:
    await world.indicator("w-a", **FLOW)
    await world.indicator("w-firms", **FLOW | {"unit": "家", "kind": "count"})
    await world.indicator("w-yearly", **FLOW | {"frequency": "year"})
    ladder = {"grade_ladder": ["municipal"], "milestones": [{"year": 2026, "value": "1"}]}
    graded = {"kind": "grade", "unit": "级", "time_aggregation": "max", "unit_aggregation": "max"}
    await world.indicator("w-grade", **FLOW | graded | ladder)
    body = world.indicator_body("w-share", **SHARE | changes)
    refused = await world.put("indicators/w-share", body, 422)
    assert (pointer, code) in [(one["pointer"], one["code"]) for one in refused["errors"]], refused


async def test_circles_over_several_are_refused_also_made_at_the_same_time(world: Any) -> None:
    await world.indicator("c-a", **FLOW)
    derived = {**FLOW, "source_kind": "derived"}
    for code in ("c-b", "c-c"):
        await world.indicator(code, **derived, formula="c-a * 2")
    office = await world.office()

    async def put(code: str, formula: str) -> Any:
        body = world.indicator_body(code, **derived, formula=formula)
        return await office.put(f"/api/v1/indicators/{code}", json=body)

    answers = await asyncio.gather(put("c-b", "c-c + c-a"), put("c-c", "c-b + c-a"))
    assert sorted(each.status_code for each in answers) == [200, 422]
    (refused,) = (each.json() for each in answers if each.status_code == 422)
    assert [one["code"] for one in refused["errors"]] == ["circular_formula"]


async def test_nobody_gives_a_number_that_is_worked_out(world: Any) -> None:
    await world.indicator("n-a", **FLOW)
    await world.indicator("n-sum", **FLOW | {"source_kind": "derived"}, formula="n-a + 0")
    office = await world.office()
    body = {"indicator_code": "n-sum", "unit_code": "st-bureau", "period": "2026-01", "value": "1"}
    refused = await office.post("/api/v1/progress-reports", json=body, headers=world.key())
    assert (refused.status_code, refused.json()["code"]) == (409, "indicator_not_reported")
    conflict = {
        "programme": "innovation-programme",
        "kind": "unstated",
        "subject_kind": "programme",
        "positions": [{"code": "one", "text_zh": "一", "text_en": "One"}],
        "working_reading_zh": "一",
        "working_reading_en": "One",
    }
    row = await world.put("conflicts/n-conflict", world.names("n") | conflict)
    number = {"indicator_code": "n-sum", "period": "2026-01", "value": "1"}
    ruling = {"ruling": "一", "document_no": "1号", "consequences": [number]}
    path = "/api/v1/conflicts/n-conflict/rule"
    refused = await office.post(path, json=ruling, headers=world.etag(row))
    assert (refused.status_code, refused.json()["code"]) == (422, "derived_number")


async def test_what_a_formula_stands_on_cannot_be_taken_away(world: Any) -> None:
    await world.indicator("u-a", **FLOW)
    sum_of = {**FLOW, "source_kind": "derived", "formula": "u-a * 2"}
    await world.indicator("u-sum", **sum_of | {"formula": "u-a + 0"})
    body = world.indicator_body("u-a", **FLOW | {"unit": "亿元"})
    assert (await world.put("indicators/u-a", body, 409))["code"] == "used_in_formula"
    await tell(world, "u-a", "2026-01", "1")
    body = world.indicator_body("u-sum", **FLOW)
    assert (await world.put("indicators/u-sum", body, 409))["code"] == "source_in_use"
    body = world.indicator_body("u-a", **sum_of | {"formula": "w-a * 2"})
    assert (await world.put("indicators/u-a", body, 409))["code"] == "source_in_use"


async def test_the_past_is_worked_out_from_the_numbers_of_then(world: Any) -> None:
    await world.indicator("p-a", **FLOW)
    await world.indicator("p-b", **FLOW)
    await world.indicator("p-share", **SHARE, formula="p-a / p-b * 100")
    await tell(world, "p-a", "2026-01", "1")
    await tell(world, "p-b", "2026-01", "2")
    (first,) = (await world.get("indicators/p-share/observations"))["items"]
    await tell(world, "p-b", "2026-01", "4")
    await tell(world, "p-a", "2026-02", "1")

    async def row(**when: Any) -> Any:
        page = await world.get("status-board", limit=200, **when)
        return next(one for one in page["items"] if one["indicator_code"] == "p-share")

    then = await row(as_of="2026-01-31", known_at=first["recorded_at"])
    assert (then["period"], then["actual"]) == ("2026-01", "50")
    assert (await row(as_of="2026-01-31"))["actual"] == "25"
    today, now = await row(as_of="2026-12-31"), await world.board("p-share")
    assert today["reason_zh"] == now["reason_zh"]
    assert "2026-02 无法计算" in now["reason_zh"]


async def test_a_number_that_came_to_nothing_was_one_until_then(world: Any) -> None:
    await world.indicator("q-a", **FLOW)
    await world.indicator("q-b", **FLOW)
    await world.indicator("q-share", **SHARE, formula="q-a / q-b * 100")
    await tell(world, "q-a", "2026-01", "1")
    await tell(world, "q-b", "2026-01", "2")
    (number,) = (await world.get("indicators/q-share/observations"))["items"]
    await tell(world, "q-b", "2026-01", "0")
    (lack,) = (await world.get("indicators/q-share/derivations"))["items"]
    assert (lack["value"], lack["code"]) == (None, "division_by_zero")

    async def values(**when: Any) -> list[str]:
        page = await world.get("indicators/q-share/observations", **when)
        return [one["value"] for one in page["items"]]

    assert await values() == []
    assert await values(known_at=number["recorded_at"]) == ["50"]
    assert await values(known_at=lack["updated_at"]) == []


async def test_a_restated_input_restates_what_is_worked_out(world: Any) -> None:
    await world.indicator("r-a", **FLOW | {"frequency": "quarter"})
    sum_of = {**FLOW, "frequency": "quarter", "source_kind": "derived", "formula": "r-a + 1"}
    await world.indicator("r-sum", **sum_of)
    await world.verified("r-a", "2028-Q1", value="2")
    office, path = await world.office(), "/api/v1/reporting-periods/2028-Q1"
    for verb, body in (("close", None), ("reopen", {"reason": "更正"})):
        period = await world.get("reporting-periods/2028-Q1")
        await office.post(f"{path}/{verb}", json=body, headers=world.etag(period))
    await world.verified("r-a", "2028-Q1", value="5")
    found = (await world.get("reporting-periods/2028-Q1/restatements"))["items"]
    mine = [one for one in found if one["indicator_code"] == "r-sum"]
    assert [(one["old_value"], one["new_value"], one["cause"]) for one in mine] == [
        ("3", "6", "derived")
    ]
    assert mine[0]["reason"] == "r-sum = r-a + 1"


async def test_it_is_right_whoever_comes_at_the_same_time(world: Any) -> None:
    codes = ["t-a", "t-m", "t-z"]
    for code in codes:
        await world.indicator(code, **FLOW)
    formula = "(t-a + t-z) / t-m * 100"
    await world.indicator("t-n-share", **SHARE, formula=formula)
    await world.indicator("t-b-half", **SHARE, formula="t-n-share / 2 + t-a / t-m")

    async def told(code: str) -> None:
        chance = random.Random(code)
        for period in chance.sample(MONTHS[:8], 8):
            await tell(world, code, period, str(chance.randint(1, 9)))

    await asyncio.gather(*map(told, codes))
    assert await expected(world, formula) == await series(world, "t-n-share")
    assert len(await series(world, "t-n-share")) == 8
    halved = await expected(world, "t-n-share / 2 + t-a / t-m")
    assert halved == await series(world, "t-b-half")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def here(world: Any) -> tuple[Any, asyncio.AbstractEventLoop]:
    return world, asyncio.get_running_loop()


TOLD = st.tuples(
    st.sampled_from(["x", "y"]),
    st.sampled_from(MONTHS[:14]),
    st.decimals(-3, 3, places=1),
    st.sampled_from([None, "st-bureau", "xuedian-town"]),
)
FORMULAS = (
    "x / y * 100",
    "(max(x, y, 0) - y) * 1",
    "(x + y) / (x - y) * 10",
    "(x / (y - 2) + y / x) * 1",
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(TOLD, min_size=1, max_size=14), st.sampled_from(FORMULAS), st.booleans())
def test_it_equals_its_formula_over_the_series_of_its_inputs(
    here: Any, course: list[Any], said: str, defined_last: bool
) -> None:
    world, loop = here

    async def play() -> None:
        mine = new_id()
        x, y, z = (f"{name}.{mine}" for name in "xyz")
        text = " ".join({"x": x, "y": y}.get(word, word) for word in parts(said))
        share = {**SHARE, "unit": "分", "formula": text}
        for code in (x, y):
            await world.indicator(code, **FLOW)
        if not defined_last:
            await world.indicator(z, **share)
        for name, period, value, unit in course:
            await tell(world, {"x": x, "y": y}[name], period, str(value), unit)
        if defined_last:
            await world.indicator(z, **share)
        assert await series(world, z) == await expected(world, text)
        lacking = set(await derivations(world, z, missing=True))
        periods = {period for _, period, _, _ in course}
        assert lacking == periods - set(await series(world, z))

    loop.run_until_complete(play())


def parts(text: str) -> list[str]:
    for sign in "()+-*/,":
        text = text.replace(sign, f" {sign} ")
    return text.split()
