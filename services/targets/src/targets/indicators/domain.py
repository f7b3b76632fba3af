"""Rules of an indicator's definition."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from servicekit.problems import Conflict, FieldError, Unprocessable

UNITS: Mapping[str, tuple[str, str]] = {
    "元": ("yuan", "yuan"),
    "千元": ("thousand yuan", "thousand yuan"),
    "万元": ("10,000 yuan", "10,000 yuan"),
    "亿元": ("100 million yuan", "100 million yuan"),
    "%": ("%", "%"),
    "‰": ("‰", "‰"),
    "倍": ("time", "times"),
    "个": ("unit", "units"),
    "家": ("body", "bodies"),
    "项": ("item", "items"),
    "次": ("event", "events"),
    "级": ("grade", "grades"),
    "件": ("piece", "pieces"),
    "人": ("person", "people"),
    "人次": ("attendance", "attendances"),
    "户": ("household", "households"),
    "台": ("set", "sets"),
    "座": ("facility", "facilities"),
    "所": ("institution", "institutions"),
    "篇": ("paper", "papers"),
    "天": ("day", "days"),
    "分": ("point", "points"),
    "场": ("session", "sessions"),
    "套": ("set", "sets"),
    "亩": ("mu", "mu"),
    "公顷": ("hectare", "hectares"),
    "平方米": ("m²", "m²"),
    "公里": ("km", "km"),
    "吨": ("tonne", "tonnes"),
    "吨标准煤": ("tonne of coal equivalent", "tonnes of coal equivalent"),
    "千瓦时": ("kWh", "kWh"),
}
"""What indicators are measured in, and how English counts it, one and many. A number in another
unit could neither be told nor added."""
MONEY = ("元", "千元", "万元", "亿元")
FED = ("parks", "funding")
"""Sources that arrive as events; nobody reports them by hand."""
_DERIVED = frozenset({"sum", "latest", "ratio_of_sums"})
"""How a derived number may add up: it is what the formula came to so far, and stands as it is."""
_LEVELS = frozenset({"latest", "max", "min"})
_COUNTED = _LEVELS | {"sum", "average", "count"}
_FITS = {
    "amount": _LEVELS | {"sum", "average"},
    "annual_floor": _LEVELS | {"sum", "average"},
    "count": _COUNTED,
    "recurring": _COUNTED,
    "ratio": _LEVELS | {"ratio_of_sums"},
    "grade": _LEVELS,
    "built": _LEVELS | {"any", "all"},
}
"""Kind → how its numbers can add up: percentages and grades are neither summed nor averaged."""


class UnitInUse(Conflict):
    code = "unit_in_use"
    zh = "指标 {indicator} 已有以“{unit}”计的数值，不能更换计量单位"
    en = "Indicator {indicator} has numbers in {unit}; its unit of measure cannot change"


def check_definition(
    *,
    kind: str,
    unit: str,
    time_aggregation: str,
    unit_aggregation: str,
    comparator: str,
    tolerance: Decimal | None,
    green_share: Decimal,
    amber_share: Decimal,
    phasing_shares: Sequence[Decimal] | None,
    baseline_year: int | None,
    milestones: Sequence[tuple[int, Decimal]],
    grade_ladder: Sequence[str],
    source_kind: str,
    source_metric: str | None,
    formula: str | None,
) -> None:
    """A definition must be one that can be measured and judged.

    Raises:
        Unprocessable: with every place that is wrong.
    """
    errors = (
        *_misfits(kind, time_aggregation, unit_aggregation),
        *_wrong_years(baseline_year, [year for year, _ in milestones]),
        *_wrong_shares(comparator, tolerance, green_share, amber_share, phasing_shares),
        *_wrong_measure(kind, unit, [value for _, value in milestones], grade_ladder),
        *_wrong_source(source_kind, source_metric),
        *_wrong_derivation(source_kind, formula, kind, time_aggregation),
    )
    if errors:
        raise Unprocessable(errors=errors)


def _wrong_years(baseline_year: int | None, years: Sequence[int]) -> Iterator[FieldError]:
    if list(years) != sorted(set(years)):
        yield _wrong("/milestones", "years_not_ascending", "年份须递增", "years must rise")
    if baseline_year is not None and years and baseline_year >= years[0]:
        yield _wrong("/baseline/year", "not_before", "基期须早于首个目标年", "must precede targets")


def _wrong_shares(
    comparator: str,
    tolerance: Decimal | None,
    green_share: Decimal,
    amber_share: Decimal,
    phasing_shares: Sequence[Decimal] | None,
) -> Iterator[FieldError]:
    if tolerance is not None and (comparator != "about" or tolerance < 0):
        yield _wrong(
            "/tolerance", "not_applicable", "仅“左右”可设非负容差", "only for `about`, ≥ 0"
        )
    if green_share < amber_share:
        yield _wrong("/green_share", "below_amber", "不得低于黄灯比例", "not below `amber_share`")
    if phasing_shares is not None and not _is_phasing(phasing_shares):
        yield _wrong(
            "/phasing_shares",
            "not_a_phasing",
            "自定义进度须为 12 个月末累计比例，不减，末项为 1",
            "custom phasing is 12 shares at the month ends, not falling, the last one 1",
        )


def _wrong_measure(
    kind: str, unit: str, values: Sequence[Decimal], grade_ladder: Sequence[str]
) -> Iterator[FieldError]:
    if unit not in UNITS:
        known = " ".join(UNITS)
        yield _wrong("/unit", "unknown_unit", f"计量单位须为：{known}", f"one of {known}")
    if kind == "grade" and not all(_on_ladder(value, grade_ladder) for value in values):
        yield _wrong(
            "/grade_ladder", "not_on_ladder", "目标须在等级序列内", "targets must be on it"
        )


def _wrong_source(source_kind: str, source_metric: str | None) -> Iterator[FieldError]:
    if (source_kind in FED) != (source_metric is not None) and source_kind != "derived":
        yield _wrong("/source_metric", "source_mismatch", "与来源不符", "does not fit the source")


def _wrong_derivation(
    source_kind: str, formula: str | None, kind: str, time_aggregation: str
) -> Iterator[FieldError]:
    if (source_kind == "derived") != (formula is not None):
        yield _wrong(
            "/formula",
            "source_mismatch",
            "有且只有计算指标有公式",
            "of a derived indicator, and only that",
        )
    if source_kind != "derived":
        return
    if kind in ("grade", "built"):
        yield _wrong("/kind", "not_arithmetic", "此类指标不能计算得出", "cannot be worked out")
    if time_aggregation not in _DERIVED:
        choices = ", ".join(sorted(_DERIVED & _FITS[kind]))
        yield _wrong(
            "/time_aggregation",
            "aggregation_does_not_fit",
            f"计算指标只能按以下方式汇总：{choices}",
            f"Derived numbers add up by: {choices}",
        )


def _misfits(kind: str, over_time: str, over_units: str) -> Iterator[FieldError]:
    # How many of the units have built it is a number, while each of them has or has not.
    of_units = _FITS[kind] | {"sum", "count"} if kind == "built" else _FITS[kind]
    for name, how, fitting in (
        ("time_aggregation", over_time, _FITS[kind]),
        ("unit_aggregation", over_units, of_units),
    ):
        if how not in fitting:
            choices = ", ".join(sorted(fitting))
            yield _wrong(
                f"/{name}",
                "aggregation_does_not_fit",
                f"{kind} 类指标只能按以下方式汇总：{choices}",
                f"Numbers of kind {kind} add up by: {choices}",
            )


def _is_phasing(shares: Sequence[Decimal]) -> bool:
    return len(shares) == 12 and list(shares) == sorted(shares) and shares[-1] == 1


def _on_ladder(value: Decimal, ladder: Sequence[str]) -> bool:
    return value == value.to_integral_value() and 1 <= value <= len(ladder)


def _wrong(pointer: str, code: str, zh: str, en: str) -> FieldError:
    return FieldError(pointer, code, zh, en)
