"""Every error as RFC 9457 `application/problem+json`, in the language the caller asked for."""

from collections.abc import Iterable
from typing import Any

import asyncpg
import orjson
import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.routing import compile_path

from servicekit.db import constraint_name, driver_error, is_bad_value, is_lost_connection
from servicekit.http.validation_texts import field_errors
from servicekit.problems import (
    AlreadyExists,
    BadRequest,
    Busy,
    Conflict,
    NotFound,
    PayloadTooLarge,
    Problem,
    Unavailable,
    UnknownReference,
    Unprocessable,
)

log = structlog.get_logger()

MEDIA_TYPE = "application/problem+json"
TYPE_BASE = "urn:kechuang:problem:"
TITLES = {
    400: {"zh": "请求有误", "en": "Bad request"},
    401: {"zh": "未认证", "en": "Not authenticated"},
    403: {"zh": "无权限", "en": "Not allowed"},
    404: {"zh": "未找到", "en": "Not found"},
    405: {"zh": "方法不支持", "en": "Method not allowed"},
    409: {"zh": "状态冲突", "en": "Conflict"},
    410: {"zh": "已不存在", "en": "Gone"},
    412: {"zh": "版本已过期", "en": "Stale version"},
    413: {"zh": "内容过大", "en": "Too large"},
    414: {"zh": "地址过长", "en": "URI too long"},
    415: {"zh": "内容类型不支持", "en": "Media type not supported"},
    422: {"zh": "校验未通过", "en": "Validation failed"},
    428: {"zh": "缺少前置条件", "en": "Precondition required"},
    429: {"zh": "请求过多", "en": "Too many requests"},
    500: {"zh": "内部错误", "en": "Internal error"},
    502: {"zh": "上游服务应答无效", "en": "Bad gateway"},
    503: {"zh": "暂时不可用", "en": "Unavailable"},
    504: {"zh": "上游服务超时", "en": "Gateway timeout"},
}
"""What each status means in general; `detail` says what happened this time."""


class MethodNotAllowed(Problem):
    """`allowed`: what the resource does support, told in `Allow` (RFC 9110 section 15.5.6)."""

    status = 405
    code = "method_not_allowed"
    zh = "该资源不支持此方法"
    en = "This resource does not support the method"

    def __init__(self, allowed: Iterable[str]) -> None:
        super().__init__()
        self.allowed = frozenset(allowed)


class MalformedBody(BadRequest):
    code = "malformed_body"
    zh = "请求体无法读取：应为 UTF-8 编码的 JSON"
    en = "The body cannot be read; it must be JSON in UTF-8"


class InternalError(Problem):
    status = 500
    code = "internal_error"
    zh = "服务内部错误，已记录"
    en = "Something went wrong on our side; it has been logged"


def body_of(problem: Problem, language: str, trace_id: str) -> dict[str, Any]:
    """The problem as RFC 9457 writes it, in this language."""
    body: dict[str, Any] = {
        "type": TYPE_BASE + problem.code,
        "code": problem.code,
        "status": problem.status,
        "title": TITLES[problem.status][language],
        "detail": problem.text(language),
        "trace_id": trace_id,
    }
    if problem.errors:
        body["errors"] = [
            {"pointer": e.pointer, "code": e.code, "message": e.zh if language == "zh" else e.en}
            for e in problem.errors
        ]
    return body


def render(problem: Problem, language: str, trace_id: str) -> Response:
    """The answer that tells this problem."""
    body = body_of(problem, language, trace_id)
    headers = {"Content-Language": language}
    if problem.retry_after is not None:
        headers["Retry-After"] = str(problem.retry_after)
    if problem.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(problem, MethodNotAllowed):
        headers["Allow"] = ", ".join(sorted(problem.allowed))
    return Response(
        orjson.dumps(body), status_code=problem.status, headers=headers, media_type=MEDIA_TYPE
    )


def language_of(request: Request) -> str:
    """`en` if the caller prefers English to Chinese, else `zh`."""
    best, language = 0.0, "zh"
    for part in request.headers.get("accept-language", "").split(","):
        name, _, quality = part.strip().partition(";q=")
        try:
            weight = float(quality) if quality else 1.0
        except ValueError:
            continue
        primary = name.strip().lower()[:2]
        if primary in ("zh", "en") and weight > best:
            best, language = weight, primary
    return language


def from_database(error: BaseException) -> Problem | None:
    """What a database error means to the caller, or none if it is our own fault."""
    if isinstance(error, PoolTimeout) or is_lost_connection(error):
        return Unavailable()
    if is_bad_value(error):
        return Unprocessable()
    cause = driver_error(error)
    match cause:
        case asyncpg.UniqueViolationError():
            return AlreadyExists()
        case asyncpg.ForeignKeyViolationError():
            return UnknownReference(what=constraint_name(cause))
        case asyncpg.LockNotAvailableError() | asyncpg.DeadlockDetectedError():
            return Busy()
        case asyncpg.SerializationError():
            return Busy()
        case asyncpg.CheckViolationError() | asyncpg.ExclusionViolationError():
            return Conflict()
        case asyncpg.QueryCanceledError() | asyncpg.TooManyConnectionsError() | TimeoutError():
            return Unavailable()
        case asyncpg.DiskFullError() | asyncpg.OutOfMemoryError():
            return Unavailable()
        case asyncpg.DataError():
            return Unprocessable()
    return None


def to_problem(error: Exception) -> Problem:
    """A problem for any exception that is not an answer already; our own faults are logged."""
    if isinstance(error, Problem):
        return error
    problem = from_database(error)
    if problem is None:
        log.error("unexpected_error", exc_info=error)
        return InternalError()
    if problem.status == 503:
        log.warning("database_unavailable", error=repr(driver_error(error)))
    return problem


def allowed_methods(request: Request) -> set[str]:
    """The methods of every route at this path; the framework names those of one route only."""
    path = request.url.path
    return {
        method
        for route in iter_route_contexts(request.app.routes)
        if route.path and compile_path(route.path)[0].fullmatch(path)
        for method in route.methods or ()
    }


def from_http(request: Request, error: HTTPException) -> Problem:
    """A problem for what the framework itself refuses."""
    match error.status_code:
        case 400:
            return MalformedBody()
        case 404:
            return NotFound(what="path")
        case 405:
            return MethodNotAllowed(allowed_methods(request))
        case 413:
            return PayloadTooLarge()
    return BadRequest()


def install(app: FastAPI) -> None:
    """Answer every exception as a problem."""

    def answer(request: Request, problem: Problem) -> Response:
        return render(problem, language_of(request), request.scope.get("request_id", ""))

    async def on_problem(request: Request, error: Exception) -> Response:
        assert isinstance(error, Problem)
        return answer(request, error)

    async def on_validation(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return answer(request, Unprocessable(errors=field_errors(error.errors())))

    async def on_http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return answer(request, from_http(request, error))

    async def on_unexpected(request: Request, error: Exception) -> Response:
        return answer(request, to_problem(error))

    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(RequestValidationError, on_validation)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(Exception, on_unexpected)
