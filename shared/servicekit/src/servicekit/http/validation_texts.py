"""Validation errors of pydantic as `FieldError`s with texts in both languages."""

from collections.abc import Iterable, Mapping
from typing import Any

from servicekit.problems import FieldError

_ZH = {
    "missing": "缺少必填项",
    "extra_forbidden": "不认识的字段",
    "json_invalid": "不是有效的 JSON",
    "string_type": "应为文本",
    "string_too_short": "文本过短，至少 {min_length} 个字符",
    "string_too_long": "文本过长，至多 {max_length} 个字符",
    "string_pattern_mismatch": "格式不符合要求",
    "string_unicode": "文本含有无效的 Unicode 字符",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_from_float": "应为整数",
    "int_parsing_size": "整数超出范围",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "decimal_parsing": "应为十进制数字符串",
    "money_string": "应为金额字符串，单位元，至多两位小数，例如 “1234567.89”",
    "quantity_string": "应为十进制数字符串，至多六位小数，例如 “36.1”",
    "greater_than": "应大于 {gt}",
    "greater_than_equal": "应不小于 {ge}",
    "less_than": "应小于 {lt}",
    "less_than_equal": "应不大于 {le}",
    "literal_error": "应为以下之一：{expected}",
    "enum": "应为以下之一：{expected}",
    "uuid_parsing": "应为 UUID",
    "uuid_type": "应为 UUID",
    "date_parsing": "应为日期，例如 2026-07-01",
    "date_from_datetime_parsing": "应为日期，例如 2026-07-01",
    "datetime_parsing": "应为 RFC 3339 时间",
    "datetime_from_date_parsing": "应为 RFC 3339 时间",
    "timezone_aware": "时间须带时区",
    "list_type": "应为数组",
    "dict_type": "应为对象",
    "model_attributes_type": "应为对象",
    "too_short": "至少 {min_length} 项",
    "too_long": "至多 {max_length} 项",
}


def field_errors(errors: Iterable[Mapping[str, Any]]) -> tuple[FieldError, ...]:
    """Pydantic's error list, one `FieldError` each, at most a hundred."""
    return tuple(_one(error) for error in list(errors)[:100])


def _one(error: Mapping[str, Any]) -> FieldError:
    kind = str(error["type"])
    context = error.get("ctx") or {}
    # A service's own check brings its text along: PydanticCustomError(code, text, {"zh": text}).
    zh = str(context.get("zh") or _ZH.get(kind, "值不符合要求"))
    if kind == "value_error" and "error" in context and hasattr(context["error"], "zh"):
        zh = str(context["error"].zh)
    try:
        zh = zh.format_map(context)
    except (KeyError, ValueError):
        zh = "值不符合要求"
    return FieldError(pointer=pointer(error["loc"]), code=kind, zh=zh, en=str(error["msg"]))


def pointer(location: Iterable[object]) -> str:
    """`("body", "items", 0)` -> `/items/0`; `("query", "limit")` -> `query/limit`."""
    first, *rest = [str(part) for part in location] or ["body"]
    escaped = [part.replace("~", "~0").replace("/", "~1") for part in rest]
    if first == "body":
        return "".join(f"/{part}" for part in escaped)
    return "/".join([first, *escaped])
