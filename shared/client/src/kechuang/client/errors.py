"""What can go wrong with a call."""

from dataclasses import dataclass
from typing import Any

import httpx


@dataclass(frozen=True, slots=True)
class FieldError:
    """One wrong place in a request body; `pointer` is a JSON Pointer (RFC 6901)."""

    pointer: str
    code: str
    message: str


class Unreachable(Exception):
    """No usable answer came, after every retry that was safe to make.

    For a call that is not idempotent this says nothing about whether it took effect.
    """


class ApiError(Exception):
    """The API refused a call and said why (RFC 9457)."""

    def __init__(
        self,
        status: int,
        code: str,
        title: str,
        detail: str = "",
        errors: tuple[FieldError, ...] = (),
        trace_id: str | None = None,
    ) -> None:
        self.status = status
        self.code = code
        self.title = title
        self.detail = detail
        self.errors = errors
        self.trace_id = trace_id
        super().__init__(self._text())

    def _text(self) -> str:
        text = f"{self.status} {self.code}: {self.title}"
        if self.detail and self.detail != self.title:
            text += f" ({self.detail})"
        return text + "".join(f"\n  {e.pointer}: {e.message} [{e.code}]" for e in self.errors)

    @classmethod
    def of(cls, response: httpx.Response) -> "ApiError":
        """The error of an answer; one that is no problem document gets the code `http_<status>`."""
        body = _json_object(response)
        code = body.get("code") or body.get("error") or f"http_{response.status_code}"
        title = body.get("title") or body.get("error_description") or response.reason_phrase
        return cls(
            status=response.status_code,
            code=str(code),
            title=str(title),
            detail=str(body.get("detail") or ""),
            errors=_field_errors(body.get("errors")),
            trace_id=str(body["trace_id"]) if body.get("trace_id") else None,
        )


def _json_object(response: httpx.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _field_errors(items: Any) -> tuple[FieldError, ...]:
    if not isinstance(items, list):
        return ()
    return tuple(
        FieldError(
            pointer=str(item.get("pointer", "")),
            code=str(item.get("code", "")),
            message=str(item.get("message", "")),
        )
        for item in items
        if isinstance(item, dict)
    )
