"""What start-up has made, as dependencies."""

from typing import Annotated

from fastapi import Depends, Request

from gateway.clients.policies import Policies
from gateway.events.service import Tail
from gateway.overview.kept import Kept
from gateway.proxy.service import Upstreams
from gateway.visibility.service import Visibility
from gateway.webhooks.service import Means


async def get_upstreams(request: Request) -> Upstreams:
    return request.app.state.upstreams


async def get_overviews(request: Request) -> Kept:
    return request.app.state.overviews


async def get_visibility(request: Request) -> Visibility:
    return request.app.state.visibility


async def get_tail(request: Request) -> Tail:
    return request.app.state.tail


async def get_policies(request: Request) -> Policies:
    return request.app.state.policies


async def get_means(request: Request) -> Means:
    return request.app.state.webhook_means


UpstreamsDep = Annotated[Upstreams, Depends(get_upstreams)]
OverviewsDep = Annotated[Kept, Depends(get_overviews)]
VisibilityDep = Annotated[Visibility, Depends(get_visibility)]
TailDep = Annotated[Tail, Depends(get_tail)]
PoliciesDep = Annotated[Policies, Depends(get_policies)]
MeansDep = Annotated[Means, Depends(get_means)]
