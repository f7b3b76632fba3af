"""`GET /api/v1/overview`."""

from functools import partial
from typing import Annotated, Any

from fastapi import Header, Request, Response
from servicekit.auth.principal import Principal
from servicekit.http.app import router
from servicekit.http.errors import language_of
from servicekit.http.route import permitted

from gateway.composed.service import passed_on
from gateway.deps import OverviewsDep, UpstreamsDep
from gateway.overview import service
from gateway.overview.kept import KEPT, Viewer
from gateway.overview.schemas import OverviewRead
from gateway.permissions import READ_OVERVIEW

overview = router("overview")


@overview.get(
    "/overview",
    response_model=OverviewRead,
    summary="Everything at a glance",
    description="Status board, supervision items, funding rules, payments and park metrics, as "
    "far as the caller may read them. A service that does not answer is marked, the rest is there. "
    f"The same caller may be shown the same answer for {KEPT:.0f} second (`generated_at` tells of "
    "when it is); `Cache-Control: no-cache` has it made anew.",
)
async def get_overview(
    request: Request,
    upstreams: UpstreamsDep,
    overviews: OverviewsDep,
    cache_control: Annotated[
        str | None, Header(max_length=200, description="`no-cache`: nothing kept is shown.")
    ] = None,
    principal: Principal = permitted(READ_OVERVIEW),
) -> Any:
    viewer = Viewer(principal, language_of(request))
    wishes = {wish.strip().lower() for wish in (cache_control or "").split(",")}
    anew = "no-cache" in wishes
    asked = [*passed_on(request), *([(b"cache-control", b"no-cache")] if anew else [])]
    made = await overviews.get(viewer, partial(service.compose, upstreams, asked), anew=anew)
    headers = {"Cache-Control": f"private, max-age={KEPT:.0f}"}
    return Response(made.body, media_type="application/json", headers=headers)
