"""Sixty-four at once on one line, and a service killed in a stream of payments: not a fen too much,
and nothing twice."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from servicekit.testing.databases import Databases
from servicekit.testing.tokens import Tokens

from services.funding.tests.money.service import PAYEES, Answer, Request, Service, serving
from tests.faults.client import Answer as Told
from tests.faults.client import Client
from tests.faults.client import Request as Write
from tests.faults.rig import Rig
from tests.faults.schedule import inflict, repeat
from tests.faults.system import TWO_SERVICES
from tests.faults.work import YEAR
from tests.prepared import Prepared
from tests.table import Tell
from tests.warm import every_service

MANY = 64
SEED = 64
PAYERS, EACH, KILLS = 6, 8, 4


@pytest.fixture(scope="module")
def service(
    postgres_server: Databases, tokens: Tokens, new_directory: Callable[[], Path]
) -> Iterator[Service]:
    stored = postgres_server.migrated("funding")
    with serving(stored, tokens, new_directory(), warm=every_service()) as service:
        service.begin_anew([YEAR])
        yield service
    postgres_server.drop(stored)


def done(
    service: Service,
    role: str,
    path: str,
    body: Mapping[str, Any] | None = None,
    version: int | None = None,
) -> str:
    """The id of what a request that succeeds makes or changes."""
    answer = service.send(Request(role, path, body, version))
    assert answer.ok, f"{path}: {answer}"
    return answer.body["id"]


def line(service: Service, code: str, amount: str, appropriated: str, year: int = YEAR) -> str:
    body: dict[str, Any] = {"fund_code": "fund-one", "fiscal_year": year, "line": code}
    budget = done(service, "finance_maker", "/budgets", {**body, "amount": amount})
    done(service, "finance_checker", f"/budgets/{budget}/approve", {"document_no": "n"}, 1)
    done(service, "finance_maker", "/appropriations", appropriation(budget, appropriated))
    return budget


def appropriation(budget: str, amount: str) -> dict[str, str]:
    day = f"{YEAR}-03-01"
    return {"budget_id": budget, "amount": amount, "document_no": "n", "appropriated_on": day}


def grant(budget: str, amount: str) -> dict[str, str]:
    return {"budget_id": budget, "payee_unit": PAYEES[0], "title": "t", "amount": amount}


def ask(award: str, amount: str) -> dict[str, str]:
    return {"award_id": award, "amount": amount}


def all_at_once(service: Service, requests: Sequence[Request]) -> list[Answer]:
    """Everybody gets a yes or a no: who found no connection free asks again, with the same key."""
    answers = service.together(*requests)
    for place, request in enumerate(requests):
        while answers[place].status == 503:
            answers[place] = service.send(request)
    return answers


def fen(amount: str) -> int:
    return int(amount.replace(".", ""))


def stands(service: Service, budget: str) -> dict[str, int]:
    """What stands at each stage of a line, in fen."""
    accounts = service.items(f"/accounts?budget_id={budget}")
    return {row["stage"]: fen(row["balance"]) for row in accounts}


def test_64_who_commit_appropriate_cut_and_transfer_overspend_by_nothing(service: Service) -> None:
    giving = line(service, "giving", "100.00", "40.00")
    other = line(service, "other", "1.00", "1.00")
    document = {"document_no": "n", "reason": "r", "amount": "-1.99", "budget_id": giving}
    between = {"from_budget_id": giving, "to_budget_id": other, "amount": "2.01", "reason": "r"}
    requests: list[Request] = []
    for _ in range(MANY // 4):
        cut = done(service, "finance_maker", "/adjustments", document)
        moved = done(service, "finance_maker", "/transfers", between)
        requests += [
            Request("office", "/awards", grant(giving, "3.07")),
            Request("finance_maker", "/appropriations", appropriation(giving, "4.03")),
            Request("finance_checker", f"/adjustments/{cut}/approve", None, 1),
            Request("finance_checker", f"/transfers/{moved}/approve", None, 1),
        ]
    answers = all_at_once(service, requests)
    assert {answer.code for answer in answers} <= {"", "insufficient_funds"}
    won = [answers[kind::4] for kind in range(4)]
    granted, made, cuts, moves = (sum(answer.ok for answer in each) for each in won)
    now = stands(service, giving)
    assert now["committed"] == 307 * granted
    assert now["appropriated"] == 4000 + 403 * made - now["committed"] >= 0
    assert now["approved"] == 6000 - 403 * made - 199 * cuts - 201 * moves >= 0
    assert sum(now.values()) == 0
    assert stands(service, other)["approved"] == 201 * moves
    assert now["approved"] < 403, "what there is enough for is not refused to everybody"
    assert granted >= 4000 // 307


def test_64_who_pay_ask_and_commit_overspend_by_nothing(service: Service) -> None:
    budget = line(service, "paying", "100.00", "100.00")
    award = done(service, "office", "/awards", grant(budget, "60.00"))
    sent: list[str] = []
    for _ in range(MANY // 4):
        asked = done(service, "finance_maker", "/disbursements", ask(award, "1.01"))
        done(service, "finance_checker", f"/disbursements/{asked}/check", None, 1)
        sent.append(done(service, "finance_payer", f"/disbursements/{asked}/pay", None, 2))
    result = {"outcome": "succeeded", "paid_on": f"{YEAR}-04-10"}
    requests: list[Request] = []
    for payment in sent:
        settle = Request("finance_payer", f"/disbursements/{payment}/result", result, 3)
        requests += [
            settle,
            settle,
            Request("finance_maker", "/disbursements", ask(award, "5.00")),
            Request("office", "/awards", grant(budget, "6.00")),
        ]
    answers = all_at_once(service, requests)
    assert Counter(answer.ok for answer in answers[0::4]) == {True: len(sent)}
    assert [a.body for a in answers[0::4]] == [a.body for a in answers[1::4]], "one key, one answer"
    asked, granted = (sum(answer.ok for answer in answers[kind::4]) for kind in (2, 3))
    assert asked == (6000 - 101 * len(sent)) // 500
    assert granted == 4000 // 600
    now = stands(service, budget)
    assert now["disbursed"] == 101 * len(sent)
    assert now["committed"] == 6000 + 600 * granted - now["disbursed"]
    assert now["appropriated"] == 4000 - 600 * granted >= 0
    shown = service.get(f"/awards/{award}")
    assert fen(shown["paid"]) + fen(shown["requested"]) + fen(shown["available"]) == 6000


def test_64_refunds_of_one_payment_give_back_what_was_paid(service: Service) -> None:
    budget = line(service, "refunds", "50.00", "50.00")
    award = done(service, "office", "/awards", grant(budget, "50.00"))
    payment = done(service, "finance_maker", "/disbursements", ask(award, "20.00"))
    done(service, "finance_checker", f"/disbursements/{payment}/check", None, 1)
    done(service, "finance_payer", f"/disbursements/{payment}/pay", None, 2)
    result = {"outcome": "succeeded", "paid_on": f"{YEAR}-04-10"}
    done(service, "finance_payer", f"/disbursements/{payment}/result", result, 3)
    back = {"disbursement_id": payment, "amount": "0.99", "received_on": f"{YEAR}-09-02"}
    back["reason"] = "r"
    drafts = [done(service, "finance_maker", "/refunds", back) for _ in range(MANY)]
    approve = "/refunds/{}/approve"
    approvals = [Request("finance_checker", approve.format(each), None, 1) for each in drafts]
    answers = all_at_once(service, approvals)
    codes = Counter(answer.code for answer in answers)
    assert codes == {"": 2000 // 99, "insufficient_funds": MANY - 2000 // 99}
    assert stands(service, budget)["refunded"] == 99 * (2000 // 99)


@pytest.mark.parametrize("attempt", range(6))
def test_while_a_year_is_closed_nothing_is_drawn_up_in_it(service: Service, attempt: int) -> None:
    """Who draws up before the close stops it, who comes after it is refused: no draft is left
    behind in a closed year, where nobody could ever approve it."""
    service.begin_anew([YEAR - 1, YEAR])
    budget = line(service, "closing", "100.00", "50.00", YEAR - 1)
    body: dict[str, Any] = {"fiscal_year": YEAR - 1, "document_no": "n", "reason": "r"}
    close = done(service, "finance_maker", "/year-closes", body)
    drafts: list[Request] = []
    for number in range(6):
        new = {"fund_code": "fund-one", "fiscal_year": YEAR - 1, "line": f"late-{number}"}
        document = {"budget_id": budget, "amount": "1.00", "document_no": "n", "reason": "r"}
        drafts += [
            Request("finance_maker", "/budgets", {**new, "amount": "1.00"}),
            Request("finance_maker", "/adjustments", document),
            Request("finance_maker", "/carry-overs", document),
        ]
    requests = [*drafts]
    requests.insert(
        attempt * 3, Request("finance_checker", f"/year-closes/{close}/approve", None, 1)
    )
    answers = all_at_once(service, requests)
    closed = answers.pop(attempt * 3)
    if closed.ok:
        assert Counter(answer.code for answer in answers) == {"year_closed": len(drafts)}
    else:
        assert closed.code in ("year_not_ready", "busy")
        assert {answer.code for answer in answers} == {""}


async def test_a_service_killed_in_a_stream_of_payments_pays_each_once(
    prepared: Prepared, tell: Tell
) -> None:
    """Every step is sent until it is answered and then once more, with the same key."""
    with Rig.running(TWO_SERVICES, SEED, prepared=prepared) as rig:
        async with rig.client() as client:
            await rig.world.prepare(client, rig.history)
            stream = Stream(rig, client)
            await stream.begin()
            kills = repeat("funding", kills=KILLS, every=0.3)
            async with asyncio.TaskGroup() as together:
                for payer in range(PAYERS):
                    together.create_task(stream.pay(payer))
                recoveries = together.create_task(inflict(rig.stack, kills, rig.history.answered))
            await stream.check()
        assert len(recoveries.result()) == KILLS
    tell(
        "payments", seed=SEED, payments=PAYERS * EACH, kills=KILLS,
        operations=dict(rig.history.outcomes()), paid_twice=0,
    )  # fmt: skip


class Stream:
    """`PAYERS` who pay `EACH` time one yuan of one award, side by side."""

    def __init__(self, rig: Rig, client: Client) -> None:
        self._rig, self._client = rig, client
        self._award = ""
        self._budget = ""
        self._paid: list[str] = []

    async def write(
        self, key: str, role: str, path: str, body: Mapping[str, str], version: int = 0
    ) -> Told:
        """Sent until there is an answer, and then again: the same answer."""
        headers = {"If-Match": f'"{version}"'} if version else {}
        request = Write("money", role, "POST", path, body, headers)
        operation, answer = await self._client.until_answered(self._rig.history, request, key)
        assert operation.outcome == "ok", f"{key}: {answer}"
        _, again = await self._client.until_answered(self._rig.history, request, key)
        assert (again.status, again.body) == (answer.status, answer.body)
        assert again.headers["Idempotency-Replayed"] == "true"
        return answer

    async def begin(self) -> None:
        unit = (
            "INSERT INTO unit_node (code, name, kind, parents, active)"
            f" VALUES ('{PAYEES[0]}', 'p', 'bureau', '{{}}', true)"
        )
        await asyncio.to_thread(self._rig.stack.as_superuser, "funding", unit)
        self._budget = self._rig.world.budgets[0]
        total = f"{PAYERS * EACH}.00"
        await self.write(
            "money", "finance_maker", "/appropriations", appropriation(self._budget, total)
        )
        award = await self.write("award", "office", "/awards", grant(self._budget, total))
        self._award = str(award.body["id"])

    async def pay(self, payer: int) -> None:
        result = {"outcome": "succeeded", "paid_on": f"{YEAR}-04-10"}
        for number in range(EACH):
            name = f"payment-{payer}-{number}"
            wanted = ask(self._award, "1.00")
            asked = await self.write(name, "finance_maker", "/disbursements", wanted)
            path = f"/disbursements/{asked.body['id']}"
            await self.write(f"{name}-check", "finance_checker", f"{path}/check", {}, 1)
            await self.write(f"{name}-pay", "finance_payer", f"{path}/pay", {}, 2)
            await self.write(f"{name}-result", "finance_payer", f"{path}/result", result, 3)
            self._paid.append(str(asked.body["id"]))

    async def read(self, path: str) -> Told:
        answer = await self._client.call(Write("read", "auditor", "GET", path, {}))
        assert answer.ok, answer
        return answer

    async def check(self) -> None:
        """All of the award is paid, by one entry for each payment."""
        assert len(set(self._paid)) == PAYERS * EACH
        award = (await self.read(f"/awards/{self._award}")).body
        assert (award["paid"], award["available"]) == (award["amount"], "0.00")
        page = await self.read(f"/journal-entries?budget_id={self._budget}&limit=200")
        entries = [e for e in page.body["items"] if e["kind"] == "disbursement"]
        assert sorted(e["source_id"] for e in entries) == sorted(self._paid)
        line = (await self.read(f"/budgets/{self._budget}")).body
        assert line["disbursed"] == award["amount"]
