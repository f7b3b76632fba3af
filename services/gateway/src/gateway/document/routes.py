"""`/api/v1/openapi.json`, `/api/v1/asyncapi.json`, `/schemas` and `/docs`: every byte comes from
the packages."""

from pathlib import Path
from typing import Any

from servicekit.problems import NotFound
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from gateway.document.events import asyncapi_document, schemas
from gateway.document.service import Documents

STATIC = Path(__file__).parent / "static"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
"""Nothing from outside, no inline script. Inline styles are how the viewer sizes its icons."""
PAGE_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
STABLE = {"Cache-Control": "public, max-age=300"}
"""What changes only with a release."""


class Assets(StaticFiles):
    """The files of the page; each is what its name says and nothing else."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        answer = super().file_response(*args, **kwargs)
        answer.headers["X-Content-Type-Options"] = "nosniff"
        return answer


def document_routes(documents: Documents) -> list[BaseRoute]:
    """The document and the page that shows it."""

    async def document(request: Request) -> Response:
        published = await documents.current()
        headers = {"ETag": published.etag, "Cache-Control": "no-cache"}
        known = request.headers.get("if-none-match", "")
        if published.etag in (part.strip() for part in known.split(",")):
            return Response(status_code=304, headers=headers)
        return Response(published.body, media_type="application/json", headers=headers)

    described, shapes = asyncapi_document(), schemas()

    async def events(_: Request) -> Response:
        return Response(described, media_type="application/json", headers=STABLE)

    async def schema(request: Request) -> Response:
        shape = shapes.get(request.path_params["type"])
        if shape is None:
            raise NotFound(what=f"schema {request.path_params['type'][:100]}")
        return Response(shape, media_type="application/schema+json", headers=STABLE)

    async def page(_: Request) -> Response:
        return HTMLResponse((STATIC / "index.html").read_bytes(), headers=PAGE_HEADERS)

    return [
        Route("/api/v1/openapi.json", document),
        Route("/api/v1/asyncapi.json", events),
        Route("/schemas/{type}.json", schema),
        Route("/docs", page),
        Mount("/docs/assets", Assets(directory=STATIC)),
    ]
