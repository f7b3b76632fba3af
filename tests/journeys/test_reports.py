"""A progress report from draft to a number that counts, and a period that takes no more."""

from typing import Any

from tests.journeys.actors import Actors, refused, step, turned, until

INDICATOR = "iur-special-meetings"
UNIT = "st-bureau"
REPORTS = "progress-reports"


def report(period: str, value: str, **more: str) -> dict[str, Any]:
    return {
        "indicator_code": INDICATOR,
        "unit_code": UNIT,
        "period": period,
        "value": value,
        **more,
    }


def test_the_unit_drafts_and_submits_its_report(actors: Actors, story: Any, year: int) -> None:
    unit = actors("unit_reporter")
    draft = unit.post(REPORTS, report(f"{year}-Q1", "12", explanation="填成了参会单位数"))
    assert draft["state"] == "draft"
    story.report = step(unit, REPORTS, draft, "submit")
    assert story.report["state"] == "submitted"
    with refused(409, "report_in_progress"):
        unit.post(REPORTS, report(f"{year}-Q1", "1"))


def test_nobody_verifies_a_report_of_their_own(actors: Actors, story: Any) -> None:
    with refused(403, "forbidden"):
        step(actors("unit_reporter"), REPORTS, story.report, "verify")


def test_the_office_returns_it_and_nothing_counts_yet(
    actors: Actors, story: Any, year: int
) -> None:
    reason = {"reason": "与会议记录不符，请核对"}
    story.report = step(actors("office"), REPORTS, story.report, "return", reason)
    assert (story.report["state"], story.report["return_reason"]) == ("returned", reason["reason"])
    seen = actors("office").items(f"indicators/{INDICATOR}/observations")
    assert [row["period"] for row in seen] == []


def test_corrected_and_resubmitted_it_is_verified(actors: Actors, story: Any) -> None:
    unit = actors("unit_reporter")
    better = {"value": "1", "explanation": "已更正", "evidence": "会议纪要"}
    report = unit.patch(
        f"{REPORTS}/{story.report['id']}", better, etag=f'"{story.report["version"]}"'
    )
    report = step(unit, REPORTS, report, "submit")
    assert report["state"] == "resubmitted"
    story.report = step(actors("office"), REPORTS, report, "verify")
    assert story.report["verified_by"] == actors.subject("office")


def test_the_number_counts_from_then_on(actors: Actors, story: Any, year: int) -> None:
    row = until(turned(actors("leader"), INDICATOR, "green", f"{year}-Q1"))
    assert (row["actual"], row["expected"]) == ("1", "0")
    seen = actors("office").items(f"indicators/{INDICATOR}/observations")
    assert [(o["source_kind"], o["source_id"], o["value"]) for o in seen] == [
        ("reported", story.report["id"], "1")
    ]


def test_a_closed_period_takes_no_reports(actors: Actors, year: int) -> None:
    office, unit, period = actors("office"), actors("unit_reporter"), f"{year}-Q2"
    waiting = unit.post(REPORTS, report(period, "1"))
    open_one = office.get(f"reporting-periods/{period}")
    closed = step(office, "reporting-periods", {**open_one, "id": period}, "close")
    assert closed["state"] == "closed"
    with refused(409, "period_closed"):
        step(unit, REPORTS, waiting, "submit")
    reason = {"reason": "统计局更正二季度数据"}
    opened = step(office, "reporting-periods", {**closed, "id": period}, "reopen", reason)
    assert opened["state"] == "open"
    assert step(unit, REPORTS, waiting, "submit")["state"] == "submitted"


def test_what_arrives_as_events_is_not_reported_by_hand(actors: Actors, year: int) -> None:
    body = report(f"{year}-01", "3") | {"indicator_code": "high-tech-value-added"}
    with refused(409, "indicator_not_reported"):
        actors("unit_reporter").post(REPORTS, body)
