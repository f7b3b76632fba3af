"""The other way out: the office lets an item be closed before its indicator is back."""

from typing import Any

from tests.journeys.actors import Actors, board_row, case_of, refused, step, turned, until
from tests.journeys.cases import approved_budget, award, payment

INDICATOR = "st-contribution-rate"
LEAD = "st-bureau"
REASON = {"reason": "统计局年底才公布核定数，先行销号，年底复核。"}


def test_a_verified_report_turns_an_indicator_red(actors: Actors, story: Any, year: int) -> None:
    unit, office = actors("unit_reporter"), actors("office")
    body = {"indicator_code": INDICATOR, "unit_code": LEAD, "period": str(year), "value": "42.5"}
    report = step(unit, "progress-reports", unit.post("progress-reports", body), "submit")
    step(office, "progress-reports", report, "verify")
    row = until(turned(actors("leader"), INDICATOR, "red", str(year)))
    wanted = f"actual 42.5%, expected about 51% by the end of {year}"
    assert row["reason_en"] == wanted
    story.item = until(case_of(office, INDICATOR))


def test_there_is_no_exception_before_anything_was_done(actors: Actors, story: Any) -> None:
    with refused(409, "invalid_transition"):
        step(actors("office"), "supervision-items", story.item, "exception", REASON)


def test_the_lead_unit_cannot_except_itself(actors: Actors, story: Any) -> None:
    unit = actors("unit_reporter")
    item = step(unit, "supervision-items", story.item, "acknowledge")
    item = step(unit, "supervision-items", item, "start")
    done = {"rectification": "已补充研发统计口径，待年底核定。"}
    story.item = step(unit, "supervision-items", item, "submit", done)
    with refused(403, "forbidden"):
        step(unit, "supervision-items", story.item, "exception", REASON)


def test_the_office_sends_it_back_once(actors: Actors, story: Any) -> None:
    office, unit = actors("office"), actors("unit_reporter")
    item = step(office, "supervision-items", story.item, "return", {"reason": "缺少佐证"})
    assert (item["status"], item["return_count"]) == ("in_progress", 1)
    done = {"rectification": "已附统计台账。"}
    item = step(unit, "supervision-items", item, "submit", done)
    story.item = step(office, "supervision-items", item, "verify", {})


def test_the_office_approves_the_exception_and_closes(
    actors: Actors, story: Any, fiscal_year: int
) -> None:
    office = actors("office")
    budget = approved_budget(actors, fiscal_year, "exception", "10000.00", "ip-fund")
    held = payment(actors, award(actors, budget, LEAD, "10000.00"), "10000.00")
    with refused(409, "indicator_not_remeasured"):
        step(office, "supervision-items", story.item, "close", {})
    item = step(office, "supervision-items", story.item, "exception", REASON)
    assert item["exception_by"] == actors.subject("office")
    assert step(office, "supervision-items", item, "close", {})["status"] == "closed"
    until(lambda: not actors("finance_maker").get(f"disbursements/{held['id']}")["held"])
    # The exception closes the case; it does not paint the indicator green.
    assert board_row(actors("leader"), INDICATOR)["status"] == "red"
