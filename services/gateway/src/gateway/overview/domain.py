"""What the overview is composed of."""

from typing import NamedTuple


class Section(NamedTuple):
    """One list or board of a service, read with the caller's own token."""

    service: str
    name: str
    target: str


_ITEMS = "/api/v1/supervision-items?open=true&limit=20&include_total=true"

SECTIONS = (
    Section("targets", "status_board", "/api/v1/status-board?limit=200"),
    Section("supervision", "open_items", _ITEMS),
    Section("supervision", "overdue_items", f"{_ITEMS}&overdue=true"),
    Section("funding", "rules", "/api/v1/funding-rules?limit=50"),
    Section(
        "funding", "payment_holds", "/api/v1/payment-holds?open=true&limit=20&include_total=true"
    ),
    Section("funding", "disbursements", "/api/v1/disbursements?limit=20&include_total=true"),
    Section("parks", "metrics", "/api/v1/park-metrics?limit=50"),
)
