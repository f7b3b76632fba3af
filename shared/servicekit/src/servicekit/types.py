"""Value types of the API: exact numbers as strings, text without NUL, periods, codes.

One type for input and output, so that OpenAPI shows one schema and no client rounds money.
"""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, LiteralString, TypeVar

from pydantic import (
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PlainSerializer,
    PlainValidator,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, PydanticCustomError, PydanticKnownError

from servicekit.decimals import plain as plain

_MONEY = re.compile(r"-?\d{1,18}(\.\d{1,2})?", re.ASCII)
_QUANTITY = re.compile(r"-?\d{1,20}(\.\d{1,6})?", re.ASCII)
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME = r"[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:[Zz]|[+-][0-9]{2}:[0-9]{2})"


def _exact(
    pattern: re.Pattern[str],
    kind: LiteralString,
    ge: Decimal = Decimal("-Infinity"),
    le: Decimal = Decimal("Infinity"),
) -> PlainValidator:
    """The whole check in one function: an import asks it a million times."""
    is_written_so = pattern.fullmatch

    def parse(value: Any) -> Decimal:
        if isinstance(value, Decimal):
            value = format(value, "f")
        if not isinstance(value, str) or not is_written_so(value):
            raise PydanticCustomError(kind, "Input should be a decimal number written as a string")
        number = Decimal(value)
        if ge <= number <= le:
            return number
        if number < ge:
            raise PydanticKnownError("greater_than_equal", {"ge": ge})
        raise PydanticKnownError("less_than_equal", {"le": le})

    return PlainValidator(parse)


def _decimal_string(pattern: str, example: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": f"^{pattern}$", "examples": [example]})


Money = Annotated[
    Decimal,
    _exact(_MONEY, "money_string"),
    PlainSerializer(lambda v: f"{v:.2f}", return_type=str, when_used="json"),
    _decimal_string(_MONEY.pattern, "1234567.89"),
]
"""Yuan, at most two places, as a decimal string; `NUMERIC(20,2)` in the database."""

AS_QUANTITY = PlainSerializer(plain, return_type=str, when_used="json")
QUANTITY_SCHEMA = _decimal_string(_QUANTITY.pattern, "36.1")


def exact_quantity(limit: Decimal = Decimal("Infinity")) -> PlainValidator:
    """The check of a `Quantity`, here from -`limit` to `limit`."""
    return _exact(_QUANTITY, "quantity_string", -limit, limit)


Quantity = Annotated[Decimal, exact_quantity(), AS_QUANTITY, QUANTITY_SCHEMA]
"""A quantity as a decimal string, at most six places; its unit stands beside it."""


def _written(pattern: str, kind: LiteralString, expected: LiteralString) -> BeforeValidator:
    """Let through only the one way of writing it; seconds since 1970 are not a date to anyone."""
    form = re.compile(pattern)

    def check(value: Any) -> Any:
        if isinstance(value, date) or (isinstance(value, str) and form.fullmatch(value)):
            return value
        raise PydanticCustomError(kind, expected)

    return BeforeValidator(check)


iso_day = _written(_DAY, "date_parsing", "Input should be a date such as 2026-07-01")
Day = Annotated[date, iso_day]
"""A calendar date, ISO 8601."""

Moment = Annotated[
    datetime,
    _written(
        f"{_DAY}[Tt ]{_TIME}",
        "datetime_parsing",
        "Input should be a time with its offset such as 2026-07-01T08:00:00Z (RFC 3339)",
    ),
]
"""A point in time with its offset, RFC 3339."""

Text = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
"""A name or a title: 1 to 200 characters, no NUL."""

LongText = Annotated[str, StringConstraints(min_length=1, max_length=10_000, pattern=r"^[^\x00]*$")]
"""Prose: 1 to 10,000 characters, no NUL."""

Code = Annotated[
    str, StringConstraints(min_length=1, max_length=64, pattern=r"^[a-z0-9]+(?:[-_.][a-z0-9]+)*$")
]
"""A stable code such as `high-tech-value-added`."""


class OfPeriod:
    """Marks a text that is a period: a spreadsheet makes a day of it, and people write it in words
    (`servicekit.imports.cells`)."""


def period_form(pattern: str, *examples: str) -> BeforeValidator:
    """Refuses a text of another form, and says by examples what it should be."""
    form = re.compile(pattern)
    zh, en = f"应为报告期，例如 {'、'.join(examples)}", f"a period such as {', '.join(examples)}"

    def check(value: Any) -> Any:
        if isinstance(value, str) and not form.fullmatch(value):
            told = {"zh": zh, "en": en}
            raise PydanticCustomError("string_pattern_mismatch", "Input should be {en}", told)
        return value

    return BeforeValidator(check)


_PERIOD = r"[0-9]{4}(-Q[1-4]|-(0[1-9]|1[0-2])(-H[12])?)?"
Period = Annotated[
    str,
    StringConstraints(pattern=f"^{_PERIOD}$"),
    period_form(_PERIOD, "2026-07", "2026-Q3", "2026", "2026-07-H1"),
    OfPeriod(),
    Field(examples=["2026", "2026-Q3", "2026-07", "2026-07-H1"]),
]
"""A year, quarter, month or half-month."""

Actor = Annotated[
    str, Field(description="Whose token it was: its subject.", examples=["finance_maker"])
]
"""Who did something, as the audit trail names them."""

Year = Annotated[int, Field(ge=2000, le=2100)]


def changed_only_at(moment: str) -> Any:
    """`updated_at: datetime = changed_only_at("posted_at")`: of a row that is only ever added, so
    that every row of every list has what `updated_since` looks at."""
    return Field(
        validation_alias=AliasChoices("updated_at", moment),
        description=f"The same as `{moment}`: such a row never changes.",
    )


class OneOrMore:
    """Of a filter that takes several values: the document shows that one alone is as good."""

    def __get_pydantic_json_schema__(
        self, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        several = handler(core_schema)
        return {"anyOf": [several["items"], several]}


Choice = TypeVar("Choice")
AnyOf = Annotated[list[Choice], OneOrMore()]
"""`state: Annotated[AnyOf[AwardState] | None, Query()] = None`: may be given again, and then a
row is kept that has any of the values. Decision 59."""


def _truth_alone(schema: Any) -> None:
    """Let a boolean of this be `true` or `false`; by itself pydantic takes 0, "yes" and "off" too,
    which no document promises."""
    if isinstance(schema, dict):
        if schema.get("type") == "bool":
            schema["strict"] = True
        for part in schema.values():
            _truth_alone(part)
    elif isinstance(schema, list | tuple):
        for part in schema:
            _truth_alone(part)


class ApiModel(BaseModel):
    """Base of request and response bodies: unknown fields refused, rows accepted as they are."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: type[BaseModel], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        schema = handler(source)
        _truth_alone(schema)
        return schema


def absent() -> Any:
    """`default_factory=absent`: the field of a patch that may be left out; its value is never read,
    and the document shows no default."""
    return None
