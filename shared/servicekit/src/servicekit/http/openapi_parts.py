"""What the documents of all services share: the problem, the headers, the common answers."""

from collections.abc import Sequence
from typing import Any

from servicekit.http.errors import (
    MEDIA_TYPE,
    TITLES,
    InternalError,
    MalformedBody,
    body_of,
)
from servicekit.problems import (
    Busy,
    FieldError,
    Forbidden,
    NotFound,
    PayloadTooLarge,
    PreconditionFailed,
    PreconditionRequired,
    Problem,
    RequestRefused,
    TargetTooLong,
    TooManyRequests,
    Unauthenticated,
    Unavailable,
    Unprocessable,
    UpstreamFailed,
    UpstreamTimeout,
)

Document = dict[str, Any]

TRACE_ID = "0197a3d4-7c1e-7000-8000-0000000000a1"

PROBLEM_SCHEMA: Document = {
    "type": "object",
    "description": "RFC 9457 problem details. `code` is stable; the texts follow Accept-Language.",
    "required": ["type", "code", "status", "title", "detail", "trace_id"],
    "properties": {
        "type": {"type": "string", "examples": ["urn:kechuang:problem:not_found"]},
        "code": {"type": "string", "examples": ["not_found"]},
        "status": {"type": "integer", "examples": [404]},
        "title": {"type": "string", "examples": ["Not found"]},
        "detail": {"type": "string", "examples": ["fund transfer-fund was not found"]},
        "trace_id": {"type": "string", "examples": [TRACE_ID]},
        "errors": {
            "type": "array",
            "description": "Every wrong place: a pointer into the body, or `query/…`, `path/…`.",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "message"],
                "properties": {
                    "pointer": {"type": "string", "examples": ["/value"]},
                    "code": {"type": "string", "examples": ["missing"]},
                    "message": {"type": "string", "examples": ["Field required"]},
                },
            },
        },
    },
}


def _header(description: str, example: str) -> Document:
    return {"description": description, "schema": {"type": "string"}, "example": example}


HEADERS: Document = {
    "X-Request-Id": _header("Names this request in every log and audit row.", TRACE_ID),
    "RateLimit-Policy": _header("Quota and its window in seconds.", '"default";q=200;w=1'),
    "RateLimit": _header("What is left and seconds until all is.", '"default";r=199;t=1'),
    "Retry-After": _header("Seconds after which the request may succeed.", "1"),
    "WWW-Authenticate": _header("The scheme to come with (RFC 9110 section 11.6.1).", "Bearer"),
    "Content-Language": _header("The language of the texts: `zh` or `en`.", "zh"),
    "ETag": _header("The row's version, for If-Match and If-None-Match.", '"3"'),
    "Location": _header("Where the new resource is.", "/api/v1/funds/transfer-fund"),
    "Link": _header(
        "The next page, absent on the last.", '</api/v1/funds?cursor=WyJh>; rel="next"'
    ),
    "Age": _header("Seconds the rows may be old; absent when they are the newest.", "2"),
    "Idempotency-Replayed": _header("`true` when this answer was given before.", "true"),
}  # fmt: skip


def refer(kind: str, name: str) -> Document:
    return {"$ref": f"#/components/{kind}/{name}"}


def header_refs(*names: str) -> Document:
    return {name: refer("headers", name) for name in names}


ALWAYS = header_refs("X-Request-Id", "RateLimit-Policy", "RateLimit")
"""On every answer that comes through the gateway."""


_WRONG_FIELD = FieldError("/value", "missing", "缺少必填项", "Field required")

COMMON: dict[str, tuple[Problem, ...]] = {
    "BadRequest": (
        MalformedBody(),
        RequestRefused(reason="the path has an empty segment", reason_zh="路径含空段"),
    ),
    "Unauthenticated": (Unauthenticated(),),
    "Forbidden": (Forbidden(permission="funds.write"),),
    "NotFound": (NotFound(what="fund transfer-fund"),),
    "Conflict": (Busy(),),
    "StaleVersion": (PreconditionFailed(),),
    "TooLarge": (PayloadTooLarge(),),
    "AddressTooLong": (TargetTooLong(),),
    "Invalid": (Unprocessable(errors=(_WRONG_FIELD,)),),
    "VersionRequired": (PreconditionRequired(),),
    "TooManyRequests": (TooManyRequests(),),
    "InternalError": (InternalError(),),
    "BadGateway": (UpstreamFailed(service="funding"),),
    "Unavailable": (Unavailable(),),
    "GatewayTimeout": (UpstreamTimeout(service="funding"),),
}
"""Answers that many operations share, by the name of the component; all of one have one status."""

BY_STATUS = {problems[0].status: name for name, problems in COMMON.items()}


PARAMETERS = {
    "limit": "Rows of a page.",
    "cursor": "`next_cursor` of the page before; other parameters unchanged.",
    "include_total": "Count all rows as well; the first page of a long list is then slower.",
    "updated_since": "Only what changed at or after this moment, for incremental copies.",
}
"""What the parameters of every list mean."""


def parameter_description(name: str, place: str) -> str:
    """What a parameter means that says nothing itself: a part of the address, or a filter."""
    if place == "path":
        return f"The `{name}` of the resource."
    if name.endswith(("_gte", "_lte")):
        word = "or later" if name.endswith("_gte") else "or earlier"
        return f"Only those whose `{name[:-4]}` is this {word}."
    return PARAMETERS.get(name, f"Only those with this `{name}`; given again: any of these.")


def sort_parameter(sortable: Sequence[str]) -> Document:
    """How a list says what it can be sorted by: in words, and as names for a program. No pattern:
    a further name would make another one of it, and look like a break."""
    names = ", ".join(f"`{name}`" for name in sortable)
    return {
        "description": f"Names separated by commas, `-` before one for descending: {names}.",
        "example": "-updated_at",
        "x-sortable": list(sortable),
    }


def problem_response(problems: Sequence[Problem]) -> Document:
    """An answer that tells one of these problems; they have one status."""
    first = problems[0]
    names = ["Content-Language"]
    if any(one.retry_after is not None for one in problems):
        names.append("Retry-After")
    if first.status == 401:
        names.append("WWW-Authenticate")
    codes = ", ".join(f"`{one.code}`" for one in problems)
    return {
        "description": f"{TITLES[first.status]['en']} ({TITLES[first.status]['zh']}): {codes}",
        "headers": {**ALWAYS, **header_refs(*names)},
        "content": {
            MEDIA_TYPE: {
                "schema": refer("schemas", "Problem"),
                "examples": {
                    f"{one.code}-{language}": {"value": body_of(one, language, TRACE_ID)}
                    for one in problems
                    for language in ("zh", "en")
                },
            }
        },
    }


def common_responses() -> Document:
    """`components/responses` of every service's document."""
    return {name: problem_response(problems) for name, problems in COMMON.items()}
