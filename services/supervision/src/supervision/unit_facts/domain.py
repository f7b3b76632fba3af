"""What is kept of each kind of number, and how it is said."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


class FactKind(StrEnum):
    INDICATOR = "indicator"
    REPORT_OVERDUE = "report_overdue"
    REPORT_VERIFIED = "report_verified"
    MILESTONE = "milestone"
    TASK_OVERDUE = "task_overdue"
    OPERATING_RETURN = "operating_return"
    RECOGNITION = "recognition"
    AWARD = "award"
    PAYMENT = "payment"
    PAYMENT_HELD = "payment_held"


RESULTS = frozenset(
    {
        FactKind.REPORT_VERIFIED,
        FactKind.MILESTONE,
        FactKind.OPERATING_RETURN,
        FactKind.RECOGNITION,
        FactKind.AWARD,
        FactKind.PAYMENT,
    }
)
PROBLEMS = frozenset({FactKind.REPORT_OVERDUE, FactKind.TASK_OVERDUE, FactKind.PAYMENT_HELD})
MONEY = frozenset({FactKind.AWARD, FactKind.PAYMENT, FactKind.PAYMENT_HELD})
LIGHTS = {"green": "绿灯", "amber": "黄灯", "red": "红灯"}
SAYINGS = {
    FactKind.REPORT_OVERDUE: "{name} {period} 填报逾期",
    FactKind.REPORT_VERIFIED: "{name} {period} 核定 {value} {measure}",
    FactKind.MILESTONE: "重点工作“{name}”节点按要求完成",
    FactKind.TASK_OVERDUE: "重点工作“{name}”逾期",
    FactKind.OPERATING_RETURN: "{name} {period} 销售收入 {value} {measure}",
    FactKind.RECOGNITION: "{name} 获认定",
    FactKind.AWARD: "立项“{name}”{value} {measure}",
    FactKind.PAYMENT: "到位资金 {value} {measure}",
    FactKind.PAYMENT_HELD: "因督办事项未办结，暂缓拨付 {value} {measure}",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One number or deed of units; amounts with their measure beside them."""

    kind: FactKind
    key: str
    units: tuple[str, ...]
    happened_at: datetime
    name: str | None = None
    period: str | None = None
    value: Decimal | None = None
    target: Decimal | None = None
    measure: str | None = None
    status: str | None = None
    note: str | None = None


def said(fact: Fact) -> str:
    """The fact as a line of a report, in Chinese: reports are."""
    value = "" if fact.value is None else f"{fact.value.normalize():f}"
    words = {
        "name": fact.name or fact.key,
        "period": fact.period or "",
        "value": value,
        "measure": fact.measure or "",
    }
    if fact.kind is not FactKind.INDICATOR:
        return " ".join(SAYINGS[fact.kind].format(**words).split())
    if not value:
        return f"{words['name']} 尚无数据"
    expected = "" if fact.target is None else f"，应达 {fact.target.normalize():f}"
    done = f"完成 {value}{expected} {words['measure']}"
    return f"{words['name']}（{words['period']}）{done}，{LIGHTS.get(fact.status or '', '未定')}"


def since_of(held: date | None, scheduled_on: date) -> date:
    """From where on a report tells: from the meeting before, or half a month back."""
    return held or date.fromordinal(scheduled_on.toordinal() - 15)
