"""When a recognition holds."""

from datetime import date

from servicekit.problems import Conflict, FieldError, Unprocessable

VALID = "valid"
EXPIRED = "expired"
WARNINGS = (180, 90, 30)
"""So many days before its last one a recognition is told to run out, each once."""


class ValidityReversed(Unprocessable):
    code = "validity_reversed"
    zh = "有效期止不能早于有效期起"
    en = "It may not end before it begins"


class RecognitionOverlaps(Conflict):
    code = "recognition_overlaps"
    zh = "该企业同类认定在此有效期内已存在：{number}"
    en = "The enterprise holds a recognition of this kind in that time already: {number}"


class RecognitionNumberTaken(Conflict):
    code = "recognition_number_taken"
    zh = "认定编号 {number} 已登记"
    en = "The recognition number {number} is registered already"


def check_validity(valid_from: date, valid_to: date) -> None:
    """Both days count: a recognition may hold for one day.

    Raises:
        ValidityReversed: it would end before it begins.
    """
    if valid_to < valid_from:
        kind = ValidityReversed
        raise kind(errors=(FieldError("/valid_to", kind.code, kind.zh, kind.en),))


def warning_due(valid_to: date, warned_days: int | None, today: date) -> int | None:
    """The warning to be told today, after the last one that was, or none. Of those a day has
    passed while nobody looked, or before it was recorded, only the most pressing is told."""
    left = (valid_to - today).days
    due = min((days for days in WARNINGS if 0 <= left <= days), default=None)
    if due is None or (warned_days is not None and warned_days <= due):
        return None
    return due
