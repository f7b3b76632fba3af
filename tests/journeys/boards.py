"""What the boards of the services say, and the same of a bulletin's figures."""

from decimal import Decimal
from typing import Any

from tests.journeys.actors import Actors, Row

BOARDS = ("indicators", "board", "funds", "park_metrics")
_INDICATOR = ("indicator_code", "status", "period", "actual", "expected")
_COUNTS = ("unit_code", "open", "overdue", "red", "amber", "green", "closed")
_MONEY = ("appropriated", "disbursed", "refunded")


def boards(actors: Actors, year: int) -> dict[str, Any]:
    """The status board, the supervision board, the execution board of a fiscal year and the totals
    of the parks, in the bulletin's words."""
    leader, auditor = actors("leader"), actors("auditor")
    funds: dict[str, Row] = {}
    execution = auditor.items("execution-board", fiscal_year=year)
    for row in sorted(execution, key=lambda row: row["month"]):
        told = {name: Decimal(row[name]) for name in _MONEY}
        if any(told.values()):
            funds[row["fund_code"]] = told
    metrics = sorted(auditor.items("park-metrics", limit=200), key=lambda row: row["period"])
    return {
        "indicators": _picked(leader.items("status-board"), _INDICATOR),
        "board": _picked(leader.items("supervision-board"), _COUNTS),
        "funds": funds,
        # A share of nothing has no value, and a bulletin tells numbers.
        "park_metrics": {
            row["metric"]: (row["period"], row["value"])
            for row in metrics
            if row["value"] is not None
        },
    }


def told(figures: Row) -> dict[str, Any]:
    """The same of a bulletin's figures."""
    return {
        "indicators": _picked(figures["indicators"], _INDICATOR),
        "board": _picked(figures["board"], _COUNTS),
        "funds": {
            row["fund_code"]: {name: Decimal(row[name]) for name in _MONEY}
            for row in figures["funds"]
        },
        "park_metrics": {
            row["metric"]: (row["period"], row["value"]) for row in figures["park_metrics"]
        },
    }


def _picked(rows: Any, names: tuple[str, ...]) -> list[tuple[Any, ...]]:
    return sorted((tuple(row[name] for name in names) for row in rows), key=str)
