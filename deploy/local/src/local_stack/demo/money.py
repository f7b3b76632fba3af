"""A month's money: appropriated, awarded, paid by three hands; and what enterprises add to it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kechuang.client import ApiError

from local_stack.demo.callers import Callers, Row, advance, first, walk
from local_stack.demo.cast import ENTERPRISES, LABEL, LEAD_UNIT, SPECIAL_FUNDS, Member
from local_stack.demo.course import Month
from local_stack.demo.returns import measures

LINE = "demo"
YUAN_PER_WAN = 10_000
MONTHLY = 500_000
"""Yuan appropriated a month: eight months reach the floor of 400万元 a year."""
TO_ENTERPRISE, TO_LEAD_UNIT = "300000.00", "200000.00"
"""Yuan a payment."""
FISCAL_YEAR = {
    "budget_expenditure": "500000000.00",
    "three_st_expenses": "11000000.00",
    "science_operating_expenses": "9500000.00",
}
"""2.2 % and 4.1 %: the year keeps the rules of the plan's sections 一 and 二(七)."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose month it is."""

    month: Month
    fund: str
    member: Member
    number: int


def turns(months: Sequence[Month]) -> list[Turn]:
    """Funds and enterprises take turns."""
    return [
        Turn(month, SPECIAL_FUNDS[n % len(SPECIAL_FUNDS)], ENTERPRISES[n % len(ENTERPRISES)], n + 1)
        for n, month in enumerate(months)
    ]


def open_years(call: Callers, order: Sequence[Turn]) -> dict[tuple[str, int], Row]:
    """The approved budget lines by fund and year; a fiscal year that is there stays as it is."""
    wanted = Counter((turn.fund, turn.month.year) for turn in order)
    for year in sorted({year for _, year in wanted}):
        if first(call("finance_maker").items("fiscal-years"), year=year) is None:
            call("finance_maker").put(f"fiscal-years/{year}", FISCAL_YEAR)
    return {
        (fund, year): _budget(call, fund, year, f"{count * MONTHLY}.00")
        for (fund, year), count in wanted.items()
    }


def _budget(call: Callers, fund: str, year: int, amount: str) -> Row:
    maker = call("finance_maker")
    known = maker.items("budgets", fund_code=fund, fiscal_year=year)
    body = {"fund_code": fund, "fiscal_year": year, "line": LINE, "amount": amount}
    row = first(known, line=LINE) or maker.post("budgets", body)
    document = {"document_no": f"{LABEL}预〔{year}〕1号"}
    return walk(
        row,
        "state",
        {"draft": lambda r: advance(call("finance_checker"), "budgets", r, "approve", document)},
    )


def appropriate(call: Callers, budget: Row, turn: Turn, today: date) -> None:
    """Make the month's money available."""
    maker, number = call("finance_maker"), f"{LABEL}指〔{turn.month.year}〕{turn.number}号"
    if first(maker.items("appropriations", budget_id=budget["id"]), document_no=number) is None:
        body = {
            "budget_id": budget["id"],
            "amount": f"{MONTHLY}.00",
            "document_no": number,
            "appropriated_on": turn.month.day(5, today),
        }
        maker.post("appropriations", body)


def payment_to(call: Callers, budget: Row, payee: str, title: str, amount: str) -> Row:
    """An award's one payment, asked for; both are made if they are missing."""
    office, maker = call("office"), call("finance_maker")
    awards = office.items("awards", budget_id=budget["id"], payee_unit=payee)
    body = {
        "budget_id": budget["id"],
        "payee_unit": payee,
        "title": f"{LABEL}{title}",
        "amount": amount,
    }
    award = first(awards, title=body["title"]) or office.post("awards", body)
    asked = {"award_id": award["id"], "amount": amount, "purpose": f"{LABEL}一次性拨付"}
    known = first(maker.items("disbursements", award_id=award["id"]))
    return known or maker.post("disbursements", asked)


def pay(call: Callers, payment: Row, day: str) -> Row:
    """Check, pay, and note that it arrived; what is held stays where it is."""
    payer = call("finance_payer")
    result = {"outcome": "succeeded", "paid_on": day, "reference": f"DEMO-{payment['id'][-12:]}"}
    steps = {
        "requested": lambda r: advance(call("finance_checker"), "disbursements", r, "check"),
        "checked": lambda r: advance(payer, "disbursements", r, "pay"),
        "paying": lambda r: advance(payer, "disbursements", r, "result", result),
    }
    return payment if payment["held"] else walk(payment, "state", steps)


def refusal_to_check(call: Callers, payment: Row) -> str | None:
    """The code with which a payment is refused now; none when it is already past that."""
    if payment["state"] != "requested":
        return None
    try:
        advance(call("finance_checker"), "disbursements", payment, "check")
    except ApiError as error:
        return error.code
    return None


def report_counterpart(call: Callers, year: int, months: Sequence[Month]) -> Decimal | None:
    """What the enterprises spent of their own in these months of the year, as their returns have
    it, verified; the leverage that comes of it."""
    known = list(call("office").items("counterpart-reports", fiscal_year=year))
    for member in ENTERPRISES:
        spent = sum((research(member, month) for month in months), Decimal(0))
        body = {"unit_code": member.unit, "fiscal_year": year, "amount": f"{spent:.2f}"}
        row = first(known, unit_code=member.unit, period=str(year)) or call("system").post(
            "counterpart-reports", {**body, "note": f"{LABEL}synthetic"}
        )
        walk(
            row,
            "state",
            {"reported": lambda r: advance(call("office"), "counterpart-reports", r, "verify")},
        )
    results = call("office").get("funding-rules/leverage")["results"]
    found = first(results, fiscal_year=year)
    return Decimal(found["actual"]) if found and found["actual"] else None


def research(member: Member, month: Month) -> Decimal:
    """An enterprise's R&D spending of a month in yuan."""
    return Decimal(measures(member, month)["rd_spend"]) * YUAN_PER_WAN


def lead_units_payment(call: Callers, budget: Row) -> Row:
    """The payment that the rectification holds."""
    return payment_to(call, budget, LEAD_UNIT, "科技信息服务平台建设", TO_LEAD_UNIT)


def finish_lead_units_payments(call: Callers, day: str) -> None:
    """Pay what an interrupted demo left behind after its hold had ended."""
    for row in call("office").items("disbursements", payee_unit=LEAD_UNIT):
        if (row["purpose"] or "").startswith(LABEL):
            pay(call, row, day)
