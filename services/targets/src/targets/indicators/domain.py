"""Rules of an indicator's definition, and what changes when its targets are revised."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from servicekit.problems import FieldError, Unprocessable

FED = ("parks", "funding")
"""Sources that arrive as events; nobody reports them by hand."""


@dataclass(frozen=True, slots=True)
class Revision:
    """One target that is not what it was; none where there was or is no target."""

    year: int
    old_value: Decimal | None
    new_value: Decimal | None


def check_definition(
    *,
    kind: str,
    comparator: str,
    tolerance: Decimal | None,
    baseline_year: int | None,
    milestones: Sequence[tuple[int, Decimal]],
    grade_ladder: Sequence[str],
    source_kind: str,
    source_metric: str | None,
) -> None:
    """A definition must be one that can be measured and judged.

    Raises:
        Unprocessable: with every place that is wrong.
    """
    errors: list[FieldError] = []
    years = [year for year, _ in milestones]
    if years != sorted(set(years)):
        errors.append(_wrong("/milestones", "years_not_ascending", "年份须递增", "years must rise"))
    if baseline_year is not None and years and baseline_year >= years[0]:
        errors.append(
            _wrong("/baseline/year", "not_before", "基期须早于首个目标年", "must precede targets")
        )
    if tolerance is not None and (comparator != "about" or tolerance < 0):
        errors.append(
            _wrong("/tolerance", "not_applicable", "仅“左右”可设非负容差", "only for `about`, ≥ 0")
        )
    if kind == "grade" and not all(_on_ladder(v, grade_ladder) for _, v in milestones):
        errors.append(
            _wrong("/grade_ladder", "not_on_ladder", "目标须在等级序列内", "targets must be on it")
        )
    if (source_kind in FED) != (source_metric is not None) and source_kind != "derived":
        errors.append(
            _wrong("/source_metric", "source_mismatch", "与来源不符", "does not fit the source")
        )
    if errors:
        raise Unprocessable(errors=tuple(errors))


def _on_ladder(value: Decimal, ladder: Sequence[str]) -> bool:
    return value == value.to_integral_value() and 1 <= value <= len(ladder)


def _wrong(pointer: str, code: str, zh: str, en: str) -> FieldError:
    return FieldError(pointer, code, zh, en)


def revisions(old: Mapping[int, Decimal], new: Mapping[int, Decimal]) -> list[Revision]:
    """The targets that differ, by year."""
    return [
        Revision(year, old.get(year), new.get(year))
        for year in sorted({*old, *new})
        if old.get(year) != new.get(year)
    ]
