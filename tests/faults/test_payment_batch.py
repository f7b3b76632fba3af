"""The funding API is killed in the middle of issuing a payment batch: it is paid once, by whoever
asks again with the same key."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from tests.faults.client import Answer, Client, Request
from tests.faults.rig import Rig
from tests.faults.system import TWO_SERVICES, TrialStack
from tests.prepared import Prepared

SEED = 11
PAYMENTS = 3
PAYEE = "trial-payee"
ACCOUNT = {
    "payee_unit": PAYEE,
    "account_name": "试验单位",
    "account_number": "1702021409000012345",
    "bank_name": "试验银行",
    "reason": "试验",
}
# All that is there of an issue, in the order of the test's last words.
TRACES = """
SELECT (SELECT count(*) FROM disbursement WHERE batch_id = $1 AND state = 'paying'),
 (SELECT count(*) FROM audit_entry WHERE action = 'disbursements.pay'),
 (SELECT count(*) FROM outbox WHERE aggregate_id = 'payment_batch:' || $1),
 (SELECT count(*) FROM stored_file WHERE media_type = 'text/csv'),
 (SELECT state FROM payment_batch WHERE id = $1)
"""
WAITING = """SELECT count(*) FROM pg_stat_activity
 WHERE datname = current_database() AND wait_event_type = 'Lock'"""


async def drafted(client: Client, budget: str) -> str:
    """A batch of checked payments; its id."""

    async def write(role: str, path: str, body: Any, version: int = 0) -> Answer:
        headers = {"If-Match": f'"{version}"'} if version else {}
        key = f"{path}-{role}-{len(made)}"
        answer = await client.call(Request("draft", role, "POST", path, body, headers), key)
        assert answer.ok, answer.body
        made.append(str(answer.body["id"]))
        return answer

    made: list[str] = []
    money = {"budget_id": budget, "amount": "9000.00", "appropriated_on": "2026-02-01"}
    await write("finance_maker", "/appropriations", {**money, "document_no": "n"})
    await write("finance_maker", "/payee-accounts", ACCOUNT)
    await write("finance_checker", f"/payee-accounts/{made[-1]}/approve", {}, 1)
    award = {"budget_id": budget, "payee_unit": PAYEE, "title": "t", "amount": "900.00"}
    award_id = (await write("office", "/awards", award)).body["id"]
    ids: list[str] = []
    for _ in range(PAYMENTS):
        await write("finance_maker", "/disbursements", {"award_id": award_id, "amount": "1.00"})
        ids.append(made[-1])
        await write("finance_checker", f"/disbursements/{ids[-1]}/check", {}, 1)
    await write("finance_payer", "/payment-batches", {"disbursement_ids": ids})
    return made[-1]


@asynccontextmanager
async def beside(stack: TrialStack) -> AsyncIterator[asyncpg.Connection]:
    """A connection with the rights of the service itself."""
    connection = await asyncpg.connect(stack.environment("funding")["KECHUANG_DATABASE_URL"])
    try:
        yield connection
    finally:
        connection.terminate()


async def killed_before_its_commit(
    rig: Rig, client: Client, connection: asyncpg.Connection, request: Request, batch: str
) -> Answer:
    """Let the issue write everything but its last statement, which waits for a number of its event
    that is taken here, and kill the API there."""
    taken = connection.transaction()
    await taken.start()
    await connection.execute(
        "INSERT INTO aggregate_version (aggregate_id, version) VALUES ($1, 0)",
        f"payment_batch:{batch}",
    )
    issue = asyncio.create_task(client.call(request, "issue-once"))
    async with asyncio.timeout(30):
        while not await connection.fetchval(WAITING):
            assert not issue.done(), issue.result()
            await asyncio.sleep(0.02)
    rig.stack.kill("funding")
    await taken.rollback()
    return await issue


async def test_a_batch_is_issued_once_though_the_api_is_killed_in_the_middle(
    prepared: Prepared,
) -> None:
    with Rig.running(TWO_SERVICES, SEED, prepared=prepared) as rig:
        async with rig.client() as client, beside(rig.stack) as connection:
            await rig.world.prepare(client, rig.history)
            await connection.execute(
                "INSERT INTO unit_node (code, name, kind) VALUES ($1, $1, 'bureau')", PAYEE
            )
            batch = await drafted(client, rig.world.budgets[0])
            path = f"/payment-batches/{batch}/issue"
            request = Request("issue", "finance_payer", "POST", path, {}, {"If-Match": '"1"'})
            first = await killed_before_its_commit(rig, client, connection, request, batch)
            assert not first.ok
            _, second = await client.until_answered(rig.history, request, "issue-once")
            assert (second.status, second.body["state"]) == (200, "issued")
            third = await client.call(request, "issue-once")
            assert third.body == second.body
            assert third.headers["Idempotency-Replayed"] == "true"
            traces = await connection.fetchrow(TRACES, batch)
            assert traces is not None
            assert tuple(traces) == (PAYMENTS, PAYMENTS, 1, 1, "issued")
