"""Formulas: what they may say, what they come to, and which units go together."""

from contextlib import suppress
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from servicekit.formulas import DividesByZero, Formula, TooLarge, evaluate, parse, wrong_units
from servicekit.problems import Unprocessable

UNITS = {"a": "亿元", "b": "万元", "c": "家", "d": "个", "p": "%"}
CODES = ("high-tech", "sales.city", "5g-stations", "rd_spend")
decimals = st.decimals(-(10**6), 10**6, places=6, allow_nan=False, allow_infinity=False)
Said = tuple[str, Any]
"""A formula as it is written, and what it comes to with given values, none for a division by 0."""


def leaf() -> st.SearchStrategy[Said]:
    numbers = st.decimals(0, 1000, places=2).map(lambda n: (str(n), lambda _: Fraction(n)))
    codes = st.sampled_from(CODES).map(lambda code: (code, lambda values: Fraction(values[code])))
    return st.one_of(numbers, codes)


def both(left: Said, sign: str, right: Said) -> Said:
    def value(values: Any) -> Fraction | None:
        one, other = left[1](values), right[1](values)
        if one is None or other is None or (sign == "/" and other == 0):
            return None
        return {
            "+": lambda: one + other,
            "-": lambda: one - other,
            "*": lambda: one * other,
            "/": lambda: one / other,
            "min": lambda: min(one, other),
            "max": lambda: max(one, other),
        }[sign]()

    if sign in ("min", "max"):
        return f"{sign}({left[0]}, {right[0]})", value
    return f"({left[0]}) {sign} ({right[0]})", value


def parsed(text: str) -> Formula | Unprocessable:
    try:
        return parse(text)
    except Unprocessable as refused:
        return refused


signs = st.sampled_from(["+", "-", "*", "/", "min", "max"])
written = st.recursive(leaf(), lambda inner: st.builds(both, inner, signs, inner), max_leaves=12)


@given(written, st.fixed_dictionaries(dict.fromkeys(CODES, decimals)))
def test_it_comes_to_what_exact_arithmetic_does(said: Said, values: dict[str, Decimal]) -> None:
    text, meant = said
    formula = parsed(text)
    assume(not isinstance(formula, Unprocessable))
    assert isinstance(formula, Formula)
    wanted = meant(values)
    if wanted is None:
        with pytest.raises(DividesByZero):
            evaluate(formula, values)
        return
    assume(abs(wanted) < 10**14)
    assert abs(Fraction(evaluate(formula, values)) - wanted) <= Fraction(1, 2 * 10**6)


@given(st.text(max_size=60) | st.text("ab01 .,+-*/()_[]{}:=<>!@%&|^~'\"\\\n\t\0", max_size=60))
def test_whatever_is_typed_is_a_formula_or_refused(text: str) -> None:
    formula = parsed(text)
    if isinstance(formula, Unprocessable):
        assert [each.pointer for each in formula.errors] == ["/formula"]
        return
    values = dict.fromkeys(formula.codes, Decimal("1.5"))
    with suppress(DividesByZero, TooLarge):
        assert isinstance(evaluate(formula, values), Decimal)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a / b × 100", "50"),
        ("（a − b）÷ 2", "-0.5"),
        ("a−b", "-1"),
        ("-a + +b", "1"),
        ("a / 3 * 3", "1"),
        ("0.1 * a + 0.2 * a", "0.3"),
        ("a / 3", "0.333333"),
        ("max(a, b, 1.5) - min(a, b)", "1"),
    ],
)
def test_it_is_written_as_people_write_it(text: str, value: str) -> None:
    values = {"a": Decimal(1), "b": Decimal(2)}
    assert evaluate(parse(text), values) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a **  b", "formula_syntax"),
        ("a b", "formula_syntax"),
        ("a(b)", "formula_syntax"),
        ("__import__('os')", "formula_syntax"),
        ("a if b else c", "formula_syntax"),
        ("[a]", "formula_syntax"),
        ("a, b", "formula_syntax"),
        ("min()", "formula_syntax"),
        ("(" * 90 + "a", "formula_syntax"),
        ("a" + " + a" * 200, "formula_too_long"),
        ("1 + 2", "formula_without_input"),
        ("a / 0", "division_by_zero"),
        ("a / (b - b)", "division_by_zero"),
        ("1 / ((a + b) * (a - b) - (a * a - b * b))", "division_by_zero"),
    ],
)
def test_it_refuses(text: str, code: str) -> None:
    with pytest.raises(Unprocessable) as refused:
        parse(text)
    assert [each.code for each in refused.value.errors] == [code]


@pytest.mark.parametrize(
    ("text", "unit", "codes"),
    [
        ("a + b", "亿元", ["units_differ"]),
        ("min(a, c)", "亿元", ["units_differ"]),
        ("a + b / 10000", "亿元", []),
        ("c + d", "家", []),
        ("a", "万元", ["unit_mismatch"]),
        ("a / a", "%", ["unit_mismatch"]),
        ("a / a * 100", "%", []),
        ("a / a", "倍", []),
        ("p * a", "亿元", ["unit_mismatch"]),
        ("p * a / 100", "亿元", []),
        ("p + 5", "%", []),
        ("a / c", "万元", []),
        ("0.6 * a + 0.4 * c", "分", []),
    ],
)
def test_units_are_looked_at_as_far_as_they_tell(text: str, unit: str, codes: list[str]) -> None:
    formula = parse(text)
    assert [each.code for each in wrong_units(formula, UNITS, unit)] == codes


def test_a_number_that_cannot_be_kept_is_told() -> None:
    with pytest.raises(TooLarge):
        evaluate(parse("a * a"), {"a": Decimal(10) ** 13})
