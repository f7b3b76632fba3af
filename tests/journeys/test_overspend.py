"""Sixty-four at once want more than there is: nobody gets a fen too much."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from kechuang.client import ApiError

from tests.journeys.actors import Actors, Row, step
from tests.journeys.cases import approved_budget, award, payment

AT_ONCE = 64
PAYEE = "qingan-chemical"


def all_at_once(calls: Sequence[Callable[[], Row]]) -> tuple[list[Row], Counter[str]]:
    """What succeeded, and the codes of what was refused."""

    def attempt(call: Callable[[], Row]) -> Row | ApiError:
        try:
            return call()
        except ApiError as error:
            return error

    with ThreadPoolExecutor(len(calls)) as pool:
        answers = list(pool.map(attempt, calls))
    done = [answer for answer in answers if not isinstance(answer, ApiError)]
    return done, Counter(answer.code for answer in answers if isinstance(answer, ApiError))


def test_64_awards_at_once_never_exceed_the_budget(actors: Actors, fiscal_year: int) -> None:
    fund = "innovation-award-fund"
    budget = approved_budget(actors, fiscal_year, "awards-at-once", "100000.00", fund)
    granted, refusals = all_at_once(
        [lambda: award(actors, budget, PAYEE, "3000.01") for _ in range(AT_ONCE)]
    )
    assert (len(granted), refusals) == (33, {"insufficient_funds": 31})
    after = actors("auditor").get(f"budgets/{budget['id']}")
    assert (after["committed"], after["available"]) == ("99000.33", "999.67")


def test_64_payments_at_once_never_exceed_the_award(actors: Actors, fiscal_year: int) -> None:
    fund = "base-conditions-fund"
    budget = approved_budget(actors, fiscal_year, "payments-at-once", "100000.00", fund)
    given = award(actors, budget, PAYEE, "100000.00")
    asked, refusals = all_at_once(
        [lambda: payment(actors, given, "3000.01") for _ in range(AT_ONCE)]
    )
    assert (len(asked), refusals) == (33, {"insufficient_funds": 31})

    paid, unpaid = all_at_once([paying(actors, row, f"{fiscal_year}-03-01") for row in asked])
    assert (len(paid), unpaid) == (33, {})
    after = actors("auditor").get(f"budgets/{budget['id']}")
    assert (after["disbursed"], after["committed"]) == ("99000.33", "100000.00")
    accounts = list(actors("auditor").items("accounts", budget_id=budget["id"]))
    assert {a["stage"]: a["balance"] for a in accounts}["disbursed"] == "99000.33"
    assert sum(int(a["balance"].replace(".", "")) for a in accounts) == 0


def paying(actors: Actors, row: Row, day: str) -> Callable[[], Row]:
    """Check a payment, pay it and note that it arrived."""

    def pay() -> Row:
        checked = step(actors("finance_checker"), "disbursements", row, "check")
        sent = step(actors("finance_payer"), "disbursements", checked, "pay")
        result = {"outcome": "succeeded", "paid_on": day}
        return step(actors("finance_payer"), "disbursements", sent, "result", result)

    return pay
