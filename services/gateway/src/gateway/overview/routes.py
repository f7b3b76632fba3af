"""`GET /api/v1/overview`."""

from fastapi import Request
from servicekit.http.app import router
from servicekit.http.route import permitted

from gateway.composed.service import passed_on
from gateway.deps import UpstreamsDep
from gateway.overview import service
from gateway.overview.schemas import OverviewRead
from gateway.permissions import READ_OVERVIEW

overview = router("overview")


@overview.get(
    "/overview",
    dependencies=[permitted(READ_OVERVIEW)],
    summary="Everything at a glance",
    description="Status board, supervision items, funding rules, payments and park metrics, as "
    "far as the caller may read them. A service that does not answer is marked, the rest is there.",
)
async def get_overview(request: Request, upstreams: UpstreamsDep) -> OverviewRead:
    return await service.compose(upstreams, passed_on(request))
