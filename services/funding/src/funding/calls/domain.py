"""The life of a call and what makes one sound.

draft → published → open → closed → ranked → announced → awarded. A call opens and closes by its
days; the office may close it early, and cancel it until it is awarded. A ranking may be made again
until it is announced, and after that once an objection was upheld.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from servicekit.problems import FieldError, InvalidTransition, Unprocessable

CLASSES = ("high_tech", "science_type", "ordinary")
RECOGNITIONS = ("high_tech", "science_type")
YEARS = ("1", "2", "3", "5")
"""How long a failed acceptance bars a unit."""
WHOLE = Decimal(100)
"""What the weights of the criteria add up to, percent."""


class CallState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    OPEN = "open"
    CLOSED = "closed"
    RANKED = "ranked"
    ANNOUNCED = "announced"
    AWARDED = "awarded"
    CANCELLED = "cancelled"


class Rule(StrEnum):
    """What an eligibility rule asks."""

    ENTERPRISE_CLASS = "enterprise_class"
    RECOGNITION_VALID = "recognition_valid"
    IN_PARK = "in_park"
    ACTIVE = "active"
    NO_OPEN_RECTIFICATION = "no_open_rectification"
    NO_DUPLICATE = "no_duplicate"
    NO_FAILED_ACCEPTANCE = "no_failed_acceptance"


CHOICES: Mapping[Rule, Sequence[str] | None] = {
    Rule.ENTERPRISE_CLASS: CLASSES,
    Rule.RECOGNITION_VALID: RECOGNITIONS,
    Rule.IN_PARK: None,
    Rule.ACTIVE: (),
    Rule.NO_OPEN_RECTIFICATION: (),
    Rule.NO_DUPLICATE: ("call", "fund_and_year"),
    Rule.NO_FAILED_ACCEPTANCE: YEARS,
}
"""Rule → the values it may name; none for any code."""
NEEDS_VALUE = (
    Rule.ENTERPRISE_CLASS,
    Rule.RECOGNITION_VALID,
    Rule.NO_DUPLICATE,
    Rule.NO_FAILED_ACCEPTANCE,
)
ONE_VALUE = (Rule.NO_DUPLICATE, Rule.NO_FAILED_ACCEPTANCE)

ENDED = (CallState.AWARDED, CallState.CANCELLED)
"""Nothing more becomes of it."""
STEPS = {
    "edit": (CallState.DRAFT,),
    "publish": (CallState.DRAFT,),
    "close": (CallState.OPEN,),
    "rank": (CallState.CLOSED, CallState.RANKED),
    "announce": (CallState.RANKED,),
    "award": (CallState.ANNOUNCED,),
    "cancel": tuple(each for each in CallState if each not in ENDED),
}


def check_step(state: str, step: str) -> None:
    """Raises `InvalidTransition` if there is no such step from this state."""
    if state not in STEPS[step]:
        raise InvalidTransition(state=state, action=step)


def state_on(state: str, opens_on: date, closes_on: date, today: date) -> CallState:
    """Where the days alone have brought a published call; both of them are days it is open."""
    if state == CallState.PUBLISHED and opens_on <= today:
        state = CallState.OPEN
    if state == CallState.OPEN and closes_on < today:
        state = CallState.CLOSED
    return CallState(state)


def check_sound(call: Mapping[str, Any]) -> None:
    """Days and amounts are in order, the weights make a whole, every rule is one we can judge.

    Raises:
        Unprocessable: with every place that is not.
    """
    wrong = [
        *_order(call, "opens_on", "closes_on"),
        *_order(call, "min_amount", "max_amount"),
        *_weights(call["criteria"]),
        *_unique("required_attachments", call["required_attachments"], "code"),
        *_unique("criteria", call["criteria"], "code"),
        *_unique("rules", call["rules"], "rule"),
        *(error for n, rule in enumerate(call["rules"]) for error in _values(n, rule)),
    ]
    if wrong:
        raise Unprocessable(errors=tuple(wrong))


def _order(call: Mapping[str, Any], low: str, high: str) -> list[FieldError]:
    if call[low] <= call[high]:
        return []
    return [FieldError(f"/{high}", "before_start", f"不能小于 {low}", f"It is below {low}")]


def _weights(criteria: Sequence[Mapping[str, Any]]) -> list[FieldError]:
    if sum((Decimal(each["weight"]) for each in criteria), Decimal(0)) == WHOLE:
        return []
    return [
        FieldError("/criteria", "weights_not_100", "权重之和须为 100", "Weights must add to 100")
    ]


def _unique(name: str, rows: Sequence[Mapping[str, Any]], key: str) -> list[FieldError]:
    seen = [row[key] for row in rows]
    if len(seen) == len(set(seen)):
        return []
    return [FieldError(f"/{name}", "named_twice", "有重复项", "Something is named twice")]


def _values(number: int, rule: Mapping[str, Any]) -> list[FieldError]:
    kind, values = Rule(rule["rule"]), rule["values"]
    choices = CHOICES[kind]
    known = choices is None or set(values) <= set(choices)
    enough = bool(values) or kind not in NEEDS_VALUE
    single = kind not in ONE_VALUE or len(values) <= 1
    if known and enough and single:
        return []
    zh = f"可选值：{'、'.join(choices or ())}" if choices else "该规则不带取值"
    en = f"Choose from: {', '.join(choices or ())}" if choices else "This rule takes no values"
    return [FieldError(f"/rules/{number}/values", "rule_values", zh, en)]
