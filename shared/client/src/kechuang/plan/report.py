"""What the plan commands print, for people and for programs."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from kechuang.plan.diff import Change
from kechuang.plan.errors import PlanError

_SIGNS = {"create": "+", "change": "~", "keep": " "}


def summary(counts: Counter[str]) -> str:
    """`created 12, changed 1, unchanged 90`."""
    return f"created {counts['create']}, changed {counts['change']}, unchanged {counts['keep']}"


def counted(changes: Iterable[Change]) -> Counter[str]:
    return Counter(change.action for change in changes)


def change_lines(change: Change) -> list[str]:
    """The object, and below it each field that differs: `name: old → new`."""
    lines = [f"{_SIGNS[change.action]} {change.desired.resource}/{change.desired.code}"]
    lines += [f"    {f.name}: {_short(f.old)} → {_short(f.new)}" for f in change.fields]
    return lines


def change_document(changes: Sequence[Change], counts: Counter[str], *, applied: bool) -> str:
    """The same as JSON; objects that stay as they are are counted only."""
    document = {
        "applied": applied,
        "created": counts["create"],
        "changed": counts["change"],
        "unchanged": counts["keep"],
        "changes": [_change(change) for change in changes if change.action != "keep"],
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def _change(change: Change) -> dict[str, Any]:
    return {
        "resource": change.desired.resource,
        "code": change.desired.code,
        "action": change.action,
        "fields": [{"name": f.name, "old": f.old, "new": f.new} for f in change.fields],
    }


def error_lines(file: str, errors: Sequence[PlanError], language: str) -> list[str]:
    """`file:line: path: reason`, one line an error."""
    return [f"{file}:{e.line}: {e.path}: {e.text(language)} [{e.code}]" for e in errors]


def error_document(file: str, errors: Sequence[PlanError]) -> str:
    """Every error with its reason in both languages, as JSON."""
    found = [
        {"line": e.line, "path": e.path, "code": e.code, "zh": e.zh, "en": e.en} for e in errors
    ]
    document = {"file": file, "valid": not found, "errors": found}
    return json.dumps(document, ensure_ascii=False, indent=2)


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 120 else f"{text[:119]}…"
