"""A gateway as tutorials build it: FastAPI and plain httpx, with our duties.

Every request's token is verified, the caller counted, the request given an id and streamed on.
`uvicorn tests.bench.fastapi_proxy:app`.
"""

import os
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

import httpx
import orjson
from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.responses import StreamingResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from limits import parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from starlette.background import BackgroundTask

KEYS = KeySet.import_key_set(orjson.loads(os.environ["KECHUANG_JWKS"]))
ISSUER, AUDIENCE = os.environ["KECHUANG_ISSUER"], os.environ["KECHUANG_AUDIENCE"]
RATE = parse(os.environ["KECHUANG_RATE_LIMIT"])
ONE_HOP = {"connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"}

limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
bearer = HTTPBearer()


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with httpx.AsyncClient(base_url=os.environ["UPSTREAM"], trust_env=False) as client:
        app.state.client = client
        yield


app = FastAPI(lifespan=lifespan)


async def claims(given: Annotated[HTTPAuthorizationCredentials, Depends(bearer)]) -> dict[str, Any]:
    try:
        found = jwt.decode(given.credentials, KEYS, algorithms=["ES256"]).claims
        jwt.JWTClaimsRegistry(
            iss={"essential": True, "value": ISSUER},
            aud={"essential": True, "value": AUDIENCE},
            exp={"essential": True},
        ).validate(found)
    except (JoseError, ValueError) as error:
        raise HTTPException(401) from error
    return found


async def counted(found: Annotated[dict[str, Any], Depends(claims)]) -> dict[str, str]:
    """The headers that tell the caller what is left."""
    caller = (found["client_id"], found["sub"])
    if not await limiter.hit(RATE, *caller):
        raise HTTPException(429)
    window = await limiter.get_window_stats(RATE, *caller)
    reset = max(0, round(window.reset_time - time.time()))
    return {"ratelimit": f'"default";r={window.remaining};t={reset}'}


@app.api_route("/api/v1/{path:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
async def pass_on(
    request: Request, path: str, allowance: Annotated[dict[str, str], Depends(counted)]
) -> StreamingResponse:
    client: httpx.AsyncClient = request.app.state.client
    request_id = request.headers.get("x-request-id") or str(uuid.uuid4())
    headers = {n: v for n, v in request.headers.items() if n not in {*ONE_HOP, "host"}}
    headers["x-request-id"] = request_id
    target = client.build_request(
        request.method,
        f"/api/v1/{path}",
        params=request.query_params,
        headers=headers,
        content=request.stream(),
    )
    answer = await client.send(target, stream=True)
    passed = {n: v for n, v in answer.headers.items() if n not in ONE_HOP}
    return StreamingResponse(
        answer.aiter_raw(),
        answer.status_code,
        {**passed, **allowance, "x-request-id": request_id},
        background=BackgroundTask(answer.aclose),
    )
