"""The lead unit's progress reports at the end of a quarter, verified by the office."""

from local_stack.demo.callers import Callers, Row, advance, first, walk
from local_stack.demo.cast import LABEL, LEAD_UNIT, REPORTED
from local_stack.demo.evidence import attach

REPORTS = "progress-reports"


def verify_reports(call: Callers, quarter: str) -> int:
    """Bring the quarter's reports to verification; how many were not there yet."""
    listed = list(call("office").items(REPORTS, period=quarter, unit_code=LEAD_UNIT))
    new = 0
    for indicator, values in REPORTED.items():
        found = first(listed, indicator_code=indicator)
        if found is None or found["state"] != "verified":
            value = values[int(quarter[-1]) - 1]
            _settle(call, found or _drafted(call, indicator, quarter, value))
            new += 1
    return new


def _drafted(call: Callers, indicator: str, quarter: str, value: str) -> Row:
    body = {
        "indicator_code": indicator,
        "unit_code": LEAD_UNIT,
        "period": quarter,
        "value": value,
        "explanation": f"{LABEL}synthetic",
    }
    return call("unit_reporter").post(REPORTS, body)


def _settle(call: Callers, row: Row) -> None:
    def submit(row: Row) -> Row:
        title = f"{row['indicator_code']} {row['period']}"
        attach(call, "unit_reporter", f"{REPORTS}/{row['id']}", title)
        return advance(call("unit_reporter"), REPORTS, row, "submit")

    def verify(row: Row) -> Row:
        return advance(call("office"), REPORTS, row, "verify")

    walk(
        row,
        "state",
        {"draft": submit, "returned": submit, "submitted": verify, "resubmitted": verify},
    )
