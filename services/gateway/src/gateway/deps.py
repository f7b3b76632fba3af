"""What start-up has made, as dependencies."""

from typing import Annotated

from fastapi import Depends, Request

from gateway.proxy.service import Upstreams


def get_upstreams(request: Request) -> Upstreams:
    return request.app.state.upstreams


UpstreamsDep = Annotated[Upstreams, Depends(get_upstreams)]
