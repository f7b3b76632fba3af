"""Turns what the schema refuses into findings in the words of a plan file."""

from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from kechuang.plan.errors import Finding, Path

_TYPES = {
    "model_type": "{…}",
    "model_attributes_type": "{…}",
    "dict_type": "{…}",
    "tuple_type": "[…]",
    "list_type": "[…]",
    "string_type": "text",
    "bool_type": "true / false",
    "bool_parsing": "true / false",
}
_PATTERN_CODES = {"section": "bad_section", "metric": "bad_metric"}


def findings(error: ValidationError) -> list[Finding]:
    """One finding for each field the schema refuses."""
    return [_finding(detail) for detail in error.errors(include_url=False)]


def _finding(detail: ErrorDetails) -> Finding:
    kind = detail["type"]
    loc: Path = tuple(part for part in detail["loc"] if part != "[key]")
    field = str(loc[-1]) if loc else ""
    given = _shorten(detail["input"])
    context: dict[str, Any] = detail.get("ctx", {})
    if kind == "missing":
        return Finding(loc, "missing", {"field": field})
    if kind == "extra_forbidden":
        return Finding(loc, "unknown_field", {"field": field})
    if kind in _TYPES or detail["input"] is None:
        return Finding(loc, "bad_type", {"expected": _TYPES.get(kind, "text")})
    if kind == "literal_error":
        if detail["loc"][-1] == "[key]" or "'Y1'" in str(context["expected"]):
            return Finding(loc, "bad_year", {"given": given})
        return Finding(loc, "bad_choice", {"given": given, "expected": str(context["expected"])})
    if kind == "string_pattern_mismatch":
        return Finding(loc, _PATTERN_CODES.get(field, "bad_code"), {"given": given})
    if kind.startswith(("decimal", "int", "greater", "less", "finite")):
        return Finding(loc, "bad_number", {"given": given})
    if kind in {"string_too_long", "too_long"}:
        return Finding(loc, "too_long", {"limit": str(context["max_length"])})
    if kind in {"string_too_short", "too_short"}:
        return Finding(loc, "too_short")
    return Finding(loc, "bad_value", {"reason": detail["msg"]})


def _shorten(value: object) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:59]}…"
