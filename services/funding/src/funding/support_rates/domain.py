"""A rate is a fixed amount, or a share up to a cap."""

from decimal import Decimal

from servicekit.problems import FieldError, Unprocessable

from funding.awards.domain import AwardKind

LOAN = "loan"
"""The grade of interest subsidies: there is only one."""
PATENTS = ("invention", "utility_model", "design")
GRADES = {AwardKind.PATENT_SUBSIDY: PATENTS, AwardKind.INTEREST_SUBSIDY: (LOAN,)}
"""The grades a kind has; those of the others are whatever the table says."""
FIXED = (AwardKind.PATENT_SUBSIDY, AwardKind.INNOVATION_AWARD)
"""Kinds that pay an amount; the others pay a share."""


def check_rate(
    kind: AwardKind, grade: str, amount: Decimal | None, share: Decimal | None, cap: Decimal | None
) -> None:
    """The grade is one of the kind, and there is what the kind is computed from, and no more.

    Raises:
        Unprocessable: with every place that is not so.
    """
    wrong: list[FieldError] = []
    grades = GRADES.get(kind)
    if grades is not None and grade not in grades:
        zh, en = f"可选值：{'、'.join(grades)}", f"Choose from: {', '.join(grades)}"
        wrong.append(FieldError("/grade", "unknown_grade", zh, en))
    is_fixed = kind in FIXED
    for name, value, needed in (
        ("amount", amount, is_fixed),
        ("share", share, not is_fixed),
        ("cap", cap, not is_fixed),
    ):
        if needed and value is None:
            wrong.append(FieldError(f"/{name}", "missing", "该类支持须填写", "This kind needs it"))
        if not needed and value is not None:
            zh, en = "该类支持不使用此项", "This kind does not use it"
            wrong.append(FieldError(f"/{name}", "not_used", zh, en))
    if wrong:
        raise Unprocessable(errors=tuple(wrong))
