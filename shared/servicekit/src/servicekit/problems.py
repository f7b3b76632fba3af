"""Errors that a caller is told about, in Chinese and English, with a stable code.

Plain Python on purpose: the rules in `domain.py` raise these and import nothing else. The HTTP
side turns them into RFC 9457 `application/problem+json` (`servicekit.http.errors`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, ParamSpec, Self, TypeVar


@dataclass(frozen=True, slots=True)
class FieldError:
    """One wrong place in the input. `pointer` is an RFC 6901 pointer into the body, or
    `query/<name>`, `path/<name>`, `header/<name>`."""

    pointer: str
    code: str
    zh: str
    en: str


class Problem(Exception):
    """Base of every error that is answered with a 4xx or 503.

    A subclass states `status`, `code` and the texts; `{name}` in a text is filled from the
    keyword arguments it is raised with.
    """

    status: ClassVar[int] = 400
    code: ClassVar[str] = "bad_request"
    zh: ClassVar[str] = "请求有误"
    en: ClassVar[str] = "The request is not valid"
    retry_after: ClassVar[int | None] = None
    """Seconds after which the same request may succeed."""

    def __init__(self, *, errors: tuple[FieldError, ...] = (), **params: Any) -> None:
        super().__init__(self.code)
        self.errors = errors
        self.params = params

    def at(self, pointer: str) -> Self:
        """The same, as the error of this one place in the body."""
        self.errors = (FieldError(pointer, self.code, self.text("zh"), self.text("en")),)
        return self

    def text(self, language: str) -> str:
        return (self.zh if language == "zh" else self.en).format_map(_Filled(self.params))

    def __str__(self) -> str:
        return f"{self.code}: {self.text('en')}"


class _Filled(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return f"{{{key}}}"


Input = ParamSpec("Input")
Outcome = TypeVar("Outcome")


def attempt(
    rule: Callable[Input, Outcome], *one: Input.args, **more: Input.kwargs
) -> Outcome | Problem:
    """What the rule makes of one of many, or what is wrong with it."""
    try:
        return rule(*one, **more)
    except Problem as problem:
        return problem


class BadRequest(Problem):
    pass


class Unauthenticated(Problem):
    status = 401
    code = "unauthenticated"
    zh = "访问令牌缺失、过期或无效"
    en = "The access token is missing, expired or not valid"


class Forbidden(Problem):
    status = 403
    code = "forbidden"
    zh = "没有执行“{permission}”的权限"
    en = "You are not allowed to do {permission}"


class NotFound(Problem):
    status = 404
    code = "not_found"
    zh = "找不到 {what}"
    en = "{what} was not found"


class Conflict(Problem):
    status = 409
    code = "conflict"
    zh = "与现有数据冲突"
    en = "This conflicts with what is already there"


class AlreadyExists(Conflict):
    code = "already_exists"
    zh = "已存在相同的记录"
    en = "The same record exists already"


class InvalidTransition(Conflict):
    """The state machine has no such step from here."""

    code = "invalid_transition"
    zh = "当前状态“{state}”不能执行“{action}”"
    en = "{action} is not possible in state {state}"


class Busy(Conflict):
    code = "busy"
    zh = "另一个操作正在处理同一记录，请稍后重试"
    en = "Another operation is working on the same record; try again"
    retry_after = 1


class PreconditionFailed(Problem):
    status = 412
    code = "stale_version"
    zh = "记录已被修改，请重新读取后再提交"
    en = "The record has changed since you read it; read it again"


class PreconditionRequired(Problem):
    status = 428
    code = "precondition_required"
    zh = "该操作需要 If-Match 请求头"
    en = "This operation needs an If-Match header"


class PayloadTooLarge(Problem):
    status = 413
    code = "payload_too_large"
    zh = "请求内容过大"
    en = "The request body is too large"


class Unprocessable(Problem):
    """Well-formed but not acceptable; `errors` says where."""

    status = 422
    code = "validation_failed"
    zh = "提交的内容未通过校验"
    en = "The input did not pass validation"


class UnknownReference(Problem):
    status = 422
    code = "unknown_reference"
    zh = "引用的对象不存在：{what}"
    en = "It refers to something that does not exist: {what}"


class IdempotencyKeyRequired(Problem):
    status = 400
    code = "idempotency_key_required"
    zh = "该操作需要 Idempotency-Key 请求头（1–255 个可见 ASCII 字符）"
    en = "This operation needs an Idempotency-Key header (1-255 visible ASCII characters)"


class IdempotencyKeyReused(Problem):
    status = 422
    code = "idempotency_key_reused"
    zh = "同一 Idempotency-Key 已用于不同的请求"
    en = "The same Idempotency-Key was used for a different request"


class TooManyRequests(Problem):
    status = 429
    code = "rate_limited"
    zh = "请求过于频繁，请稍后再试"
    en = "Too many requests; try again later"
    retry_after = 1


class Unavailable(Problem):
    status = 503
    code = "unavailable"
    zh = "服务暂时不可用，请稍后重试"
    en = "The service is not available for the moment; try again"
    retry_after = 2


class RequestRefused(BadRequest):
    """The request could be read in two ways, or hides where it goes."""

    code = "request_refused"
    zh = "请求被拒绝：{reason_zh}"
    en = "The request was refused: {reason}"


class TargetTooLong(Problem):
    status = 414
    code = "uri_too_long"
    zh = "请求地址过长（上限 8192 字节）"
    en = "The request address is too long (8192 bytes at most)"


class UpstreamTimeout(Problem):
    status = 504
    code = "service_timeout"
    zh = "服务 {service} 未在规定时间内答复；写入操作的结果未知，请用同一 Idempotency-Key 重试"
    en = (
        "The service {service} did not answer in time; whether a write took effect is unknown, "
        "repeat it with the same Idempotency-Key"
    )


class UpstreamFailed(Problem):
    status = 502
    code = "service_failed"
    zh = "服务 {service} 中断了连接；写入操作的结果未知，请用同一 Idempotency-Key 重试"
    en = (
        "The service {service} broke off; whether a write took effect is unknown, "
        "repeat it with the same Idempotency-Key"
    )
