"""`GET /api/v1/overview`."""

from fastapi import Request
from servicekit.http.app import router
from servicekit.http.route import permitted

from gateway.deps import UpstreamsDep
from gateway.overview import service
from gateway.overview.schemas import OverviewRead
from gateway.permissions import READ_OVERVIEW

overview = router("overview")

_PASSED = ("authorization", "accept-language")


@overview.get(
    "/overview",
    dependencies=[permitted(READ_OVERVIEW)],
    summary="Everything at a glance",
    description="Status board, supervision items, funding rules, payments and park metrics, as "
    "far as the caller may read them. A service that does not answer is marked, the rest is there.",
)
async def get_overview(request: Request, upstreams: UpstreamsDep) -> OverviewRead:
    headers = [(name, value) for name, value in request.headers.items() if name in _PASSED]
    headers += [
        ("x-request-id", request.scope["request_id"]),
        ("traceparent", request.scope["traceparent"]),
        ("accept", "application/json"),
        ("accept-encoding", "identity"),
    ]
    return await service.compose(upstreams, headers)
