"""What a revision of a rule must leave."""

from collections.abc import Mapping, Sequence
from typing import Any

from servicekit.problems import FieldError, Unprocessable


class NoThresholdLeft(Unprocessable):
    code = "no_threshold_left"
    zh = "自 {year} 年起没有任何阈值；如需终止规则请使用“终止”"
    en = "It leaves no threshold from {year} on; a rule that is over is ended"


def check_thresholds(thresholds: Sequence[Mapping[str, Any]], from_year: int) -> None:
    """Raises `NoThresholdLeft` unless some year it is said of has a threshold."""
    if all(each["year"] < from_year for each in thresholds):
        given = {"year": from_year}
        where = FieldError(
            "/thresholds",
            NoThresholdLeft.code,
            NoThresholdLeft.zh.format(**given),
            NoThresholdLeft.en.format(**given),
        )
        raise NoThresholdLeft(errors=(where,), **given)
