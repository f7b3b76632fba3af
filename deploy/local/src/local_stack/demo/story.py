"""The demo as it is played: month after month, and the board at the end."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from local_stack.address import read_address
from local_stack.demo import money
from local_stack.demo.callers import Callers, Row, wait_for
from local_stack.demo.cast import ENTERPRISES, INDICATOR, LABEL
from local_stack.demo.course import Month, course
from local_stack.demo.division import divide
from local_stack.demo.money import Turn
from local_stack.demo.output import register_output
from local_stack.demo.programme import fund_a_project
from local_stack.demo.rectification import Case, board_row, open_item
from local_stack.demo.register import register
from local_stack.demo.reports import verify_reports
from local_stack.demo.returns import accept_returns, total
from local_stack.demo.tasks import reach_milestones
from local_stack.demo.telling import COLOURS, MARKS, board_lines, say, shown

PROGRAMME = "innovation-programme"


def play(data_dir: Path) -> None:
    """Play the year against the system that runs on `data_dir`. Playing it again finds what is
    there and adds what is missing.

    Raises:
        StackFailed: no system runs there, or something did not happen in time.
        ApiError, Unreachable: a call was refused or not answered.
    """
    began = time.monotonic()
    url = read_address(data_dir)
    with Callers(url, data_dir / "clients.json") as call:
        anchor = call("office").get(f"programmes/{PROGRAMME}")["anchor_year"]
        say(f"{LABEL} synthetic data, through {url}")
        order = money.turns(the_year(call, anchor))
        Demo(call, anchor, register(call, anchor), money.open_years(call, order)).play(order)
        say(
            f"{anchor}     重点工作里程碑 milestones of key tasks: {reach_milestones(call, anchor)}"
        )
        show_board(call)
    say(f"\n用时 done in {time.monotonic() - began:.0f} s")


def the_year(call: Callers, anchor: int) -> list[Month]:
    """The twelve months, as the indicator's own baseline and target of the first year have it."""
    indicator = call("office").get(f"indicators/{INDICATOR}")
    targets = {each["year"]: Decimal(each["value"]) for each in indicator["milestones"]}
    return course(
        today_in_china(), anchor, Decimal(indicator["baseline"]["value"]), targets[anchor]
    )


@dataclass(slots=True)
class Demo:
    """What the months have in common. `case` is the one that is open on the indicator."""

    call: Callers
    anchor: int
    enterprises: Mapping[str, Row]
    budgets: Mapping[tuple[str, int], Row]
    case: Case | None = field(default=None)

    def play(self, order: Sequence[Turn]) -> None:
        say(f"企业 enterprises: {'、'.join(member.name_zh for member in ENTERPRISES)}")
        say(f"目标分解 parts of a target assigned: {divide(self.call, self.anchor)}")
        for turn in order:
            self.month(turn, today_in_china())
        today = today_in_china()
        last = order[-1].month.day(25, today)
        money.finish_lead_units_payments(self.call, last)
        fund_a_project(self.call, self.of_the_anchor(), today, last)
        months = [turn.month for turn in order if turn.month.year == self.anchor]
        leverage = money.report_counterpart(self.call, self.anchor, months)
        say(f"{self.anchor}     企业与政府科技投入之比 leverage {shown(leverage)} : 1")

    def of_the_anchor(self) -> list[Row]:
        """The budget lines of the programme's first year."""
        return [row for (_, year), row in self.budgets.items() if year == self.anchor]

    def month(self, turn: Turn, today: date) -> None:
        """A month's money, returns and reports, and what they lead to."""
        month = turn.month
        budget = self.budgets[turn.fund, month.year]
        money.appropriate(self.call, budget, turn, today)
        title = f"{month.period} {turn.member.name_zh}项目"
        asked = money.payment_to(self.call, budget, turn.member.unit, title, money.TO_ENTERPRISE)
        money.pay(self.call, asked, month.day(20, today))
        new = accept_returns(self.call, self.enterprises, month)
        row = self.measured(month) if new else board_row(self.call)
        self.tell(turn, new, row)
        if month.quarter and month.year == self.anchor:
            register_output(self.call, self.enterprises, month, today)
            reports = verify_reports(self.call, month.quarter)
            say(f"   ✓ {month.quarter} 进度填报核查 progress reports verified: {reports} new")
        self.follow(new, row, budget, month.day(25, today))

    def measured(self, month: Month) -> Row:
        """The indicator's row once targets has heard of every return of the month."""
        reached = total(self.call, month)

        def look() -> Row | None:
            row = board_row(self.call)
            if row["period"] is None or row["period"] < month.period:
                return None
            later = row["period"] > month.period
            return row if later or Decimal(row["actual"]) == reached else None

        return wait_for(f"the measurement of {month.period}", look)

    def tell(self, turn: Turn, new: int, row: Row) -> None:
        if new == 0:
            say(f"{turn.month.period}  已在册 there already")
            return
        reached = f"{shown(row['actual'])} / {shown(row['expected'])} {row['unit']}"
        mark = f"{MARKS[row['status']]} {COLOURS[row['status']]}"
        say(
            f"{turn.month.period}  报表审核 returns accepted {new}，"
            f"拨付 paid {shown(money.TO_ENTERPRISE)} 元 → {turn.member.name_zh}；"
            f"{row['name_zh']} {reached} {mark}"
        )

    def follow(self, new: int, row: Row, budget: Row, day: str) -> None:
        """Open the case's story, or go on with it, until the item is closed."""
        if self.case is None:
            item = self.opened(row)
            if item is None:
                return
            self.case = Case(self.call, budget, item)
            self.case.begin()
            self.case.rectify()
        elif new:
            self.case.remeasured()
        if self.case.try_to_close():
            self.case.release(day)
            self.case = None

    def opened(self, row: Row) -> Row | None:
        """The indicator's open item; one that has just turned red gets one in a moment."""
        if row["status"] == "red":
            return wait_for("the supervision item", lambda: open_item(self.call))
        return open_item(self.call)


def today_in_china() -> date:
    return datetime.now(ZoneInfo("Asia/Shanghai")).date()


def show_board(call: Callers) -> None:
    say("\n指标状态板 status board")
    page = call("office").get("status-board", limit=200)
    for line in board_lines(page["items"], page["summary"]):
        say(line)
