"""Formulas: a small arithmetic over the codes of what has a number, worked out exactly.

`(three-st-expenses + science-operating) / budget-expenditure * 100`: the four operations (also
written × ÷ −), parentheses, decimal numbers, `min(…)` and `max(…)`. A code takes the hyphens in it,
so a minus between two codes stands between blanks. Python's own grammar says what stands before
what; nothing but these parts reaches it, and codes and numbers only as names.
"""

import ast
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from servicekit.problems import FieldError, Unprocessable

MOST_PARTS = 200
POINTER = "/formula"
_PART = re.compile(r"(?P<word>[a-z0-9]+(?:[-_.][a-z0-9]+)*)|(?P<sign>[-+*/(),])|(?P<wrong>\S)")
_NUMBER = re.compile(r"\d{1,20}(\.\d{1,6})?")
_SAME = str.maketrans(
    {"×": "*", "÷": "/", "−": " - ", "–": " - ", "（": "(", "）": ")", "，": ",", "．": "."}
)
_CHOICES = {"min": min, "max": max}
_TRIES = 8
_LIMIT = 10**20
"""The database keeps twenty digits, six of them behind the point."""


class DividesByZero(ArithmeticError):
    """Something is divided by what has come to zero."""


class TooLarge(ArithmeticError):
    """The result has more digits than can be kept."""


@dataclass(frozen=True, slots=True)
class Formula:
    """What a formula says. `parts` are its codes and numbers, by the names they have in `tree`;
    `pointer` is the field it was written in."""

    text: str
    tree: ast.expr
    parts: Mapping[str, str | Fraction]
    pointer: str = POINTER

    @property
    def codes(self) -> tuple[str, ...]:
        """What it names, each once, in the order of the formula."""
        return tuple(dict.fromkeys(p for p in self.parts.values() if isinstance(p, str)))


def parse(text: str, pointer: str = POINTER) -> Formula:
    """Raises `Unprocessable`, at the pointer, for what is no such formula."""
    words: list[str] = []
    parts: dict[str, str | Fraction] = {}
    for match in _PART.finditer(text.translate(_SAME)):
        if match["wrong"]:
            zh, en = f"不能有“{match['wrong']}”", f"{match['wrong']} has no place"
            raise _refused(pointer, "formula_syntax", zh, en)
        if match["sign"] or match["word"] in _CHOICES:
            words.append(match[0])
            continue
        words.append(f"part{len(parts)}")
        parts[words[-1]] = Fraction(match[0]) if _NUMBER.fullmatch(match[0]) else match[0]
    if len(words) > MOST_PARTS:
        zh, en = f"最多 {MOST_PARTS} 个部分", f"{MOST_PARTS} parts at most"
        raise _refused(pointer, "formula_too_long", zh, en)
    tree = _tree(words, parts)
    if tree is None:
        raise _refused(
            pointer,
            "formula_syntax",
            "只能由代码、数字、+ - × ÷、括号以及 min、max 组成",
            "It is made of codes, numbers, + - * /, parentheses, min and max",
        )
    formula = Formula(text, tree, parts, pointer)
    if not formula.codes:
        raise _refused(pointer, "formula_without_input", "公式未引用任何数据", "It names no input")
    if _never_defined(formula):
        raise _refused(pointer, "division_by_zero", "公式的除数恒为零", "It always divides by zero")
    return formula


def _tree(words: Sequence[str], parts: Mapping[str, str | Fraction]) -> ast.expr | None:
    try:
        tree = ast.parse(" ".join(words), mode="eval").body
    except (SyntaxError, MemoryError, RecursionError):
        return None
    return tree if _is_arithmetic(tree, parts) else None


def _is_arithmetic(node: ast.AST, parts: Mapping[str, str | Fraction]) -> bool:
    match node:
        case ast.Name(id=name):
            return name in parts
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div(), right=right):
            return _is_arithmetic(left, parts) and _is_arithmetic(right, parts)
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=operand):
            return _is_arithmetic(operand, parts)
        case ast.Call(func=ast.Name(id=name), args=[_, *_] as args, keywords=[]):
            return name in _CHOICES and all(_is_arithmetic(each, parts) for each in args)
    return False


def evaluate(formula: Formula, values: Mapping[str, Decimal]) -> Decimal:
    """What it comes to with these values of its codes: exact, then rounded to six places.

    Raises:
        DividesByZero, TooLarge.
    """
    scaled = round(worked_out(formula, values) * 10**6)
    if abs(scaled) >= _LIMIT:
        raise TooLarge
    return Decimal(scaled).scaleb(-6)


def worked_out(formula: Formula, values: Mapping[str, Decimal | Fraction]) -> Fraction:
    """The same before it is rounded. Raises `DividesByZero`."""
    return _value(formula, formula.tree, {code: Fraction(value) for code, value in values.items()})


def _value(formula: Formula, node: ast.AST, values: Mapping[str, Fraction]) -> Fraction:
    match node:
        case ast.Name(id=name):
            part = formula.parts[name]
            return values[part] if isinstance(part, str) else part
        case ast.UnaryOp(op=op, operand=operand):
            value = _value(formula, operand, values)
            return -value if isinstance(op, ast.USub) else value
        case ast.Call(func=ast.Name(id=name), args=args):
            return _CHOICES[name](_value(formula, each, values) for each in args)
        case ast.BinOp(left=left, op=op, right=right):
            return _applied(op, _value(formula, left, values), _value(formula, right, values))
    raise AssertionError(node)


def _applied(op: ast.operator, left: Fraction, right: Fraction) -> Fraction:
    match op:
        case ast.Add():
            return left + right
        case ast.Sub():
            return left - right
        case ast.Mult():
            return left * right
    if right == 0:
        raise DividesByZero
    return left / right


def _never_defined(formula: Formula) -> bool:
    """Whether it divides by zero whatever the numbers are: what is zero for several arbitrary ones
    is always zero (Schwartz and Zippel's lemma)."""
    chance = random.Random(0)  # noqa: S311, no secret
    for _ in range(_TRIES):
        values = {
            code: Fraction(chance.randint(-(10**9), 10**9), chance.randint(1, 10**6))
            for code in formula.codes
        }
        try:
            _value(formula, formula.tree, values)
        except DividesByZero:
            continue
        return False
    return True


_MONEY = {"元": 1, "千元": 1_000, "万元": 10_000, "亿元": 100_000_000}
_SHARES = {"倍": Fraction(1), "%": Fraction(1, 100), "‰": Fraction(1, 1000)}


@dataclass(frozen=True, slots=True)
class Measure:
    """What a part of a formula is measured in: `scale` such units of each dimension's power."""

    label: str
    dimensions: Mapping[str, int]
    scale: Fraction

    def times(self, other: "Measure", power: int) -> "Measure":
        """The product, or with a `power` of -1 the quotient."""
        named = {**self.dimensions, **other.dimensions}
        summed = {
            name: self.dimensions.get(name, 0) + power * other.dimensions.get(name, 0)
            for name in named
        }
        return Measure(
            f"{self.label}{'×' if power == 1 else '/'}{other.label}",
            {name: count for name, count in summed.items() if count},
            self.scale * other.scale**power,
        )


CONSTANT = Measure("", {}, Fraction(1))
"""Of a bare number, which may be of any unit."""


def measure_of(unit: str) -> Measure:
    if unit in _MONEY:
        return Measure(unit, {"money": 1}, Fraction(_MONEY[unit]))
    if unit in _SHARES:
        return Measure(unit, {}, _SHARES[unit])
    # Which of the two words counts bodies is a matter of taste.
    return Measure(unit, {"家" if unit == "个" else unit: 1}, Fraction(1))


def wrong_units(formula: Formula, units: Mapping[str, str], unit: str) -> Iterator[FieldError]:
    """What does not go together, as far as it can be told: what is added or compared, and the
    result. A number may stand for any unit, so what was multiplied by one cannot be told."""
    errors: list[FieldError] = []
    found, wanted = _measure(formula, formula.tree, units, errors), measure_of(unit)
    yield from errors
    if errors or found is None or found is CONSTANT or not _is_simple(found):
        return
    if (found.dimensions, found.scale) != (wanted.dimensions, wanted.scale):
        yield FieldError(
            formula.pointer,
            "unit_mismatch",
            f"公式的结果以“{found.label}”计，与计量单位“{unit}”不符",
            f"It comes out in {found.label} and not in {unit}",
        )


def _is_simple(measure: Measure) -> bool:
    """Whether there is a unit of measure for it: there is none for yuan per person."""
    return sum(map(abs, measure.dimensions.values())) <= 1


def _measure(
    formula: Formula, node: ast.AST, units: Mapping[str, str], errors: list[FieldError]
) -> Measure | None:
    match node:
        case ast.Name(id=name):
            part = formula.parts[name]
            return measure_of(units[part]) if isinstance(part, str) else CONSTANT
        case ast.UnaryOp(operand=operand):
            return _measure(formula, operand, units, errors)
        case ast.Call(args=args):
            found = [_measure(formula, each, units, errors) for each in args]
            return _alike(found, formula.pointer, errors)
        case ast.BinOp(left=left, op=op, right=right):
            both = [_measure(formula, each, units, errors) for each in (left, right)]
            if isinstance(op, ast.Add | ast.Sub):
                return _alike(both, formula.pointer, errors)
            return _combined(both[0], both[1], 1 if isinstance(op, ast.Mult) else -1)
    raise AssertionError(node)


def _combined(left: Measure | None, right: Measure | None, power: int) -> Measure | None:
    if left is None or right is None:
        return None
    if left is CONSTANT or right is CONSTANT:
        return CONSTANT if left is right else None
    return left.times(right, power)


def _alike(
    measures: Sequence[Measure | None], pointer: str, errors: list[FieldError]
) -> Measure | None:
    """What is added or compared has one measure; a bare number has that of the others."""
    told = [each for each in measures if each is not None and each is not CONSTANT]
    for one in told[1:]:
        if (one.dimensions, one.scale) != (told[0].dimensions, told[0].scale):
            errors.append(
                FieldError(
                    pointer,
                    "units_differ",
                    f"“{told[0].label}”与“{one.label}”不能相加减或比较",
                    f"{told[0].label} and {one.label} cannot be added or compared",
                )
            )
    if None in measures:
        return None
    return told[0] if told else CONSTANT


def error(code: str, zh: str, en: str) -> FieldError:
    return FieldError(POINTER, code, zh, en)


def _refused(pointer: str, code: str, zh: str, en: str) -> Unprocessable:
    return Unprocessable(errors=(FieldError(pointer, code, zh, en),))
