"""Who may do what at the gateway: every cell of the authorisation matrix.

A new resource is one more `Resource` in `resources`: its list and the path of one of them, how one
is made in a state, a body that makes one, and from which states its steps are possible. What is a
caller's client's own (as webhooks are) is made by `CLIENT`, through which every caller here comes;
that another client's is not found is told beside the resource. A list whose items are not decided
by the relation of units (as events are not) is `asked_only`.
"""

import uuid
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import httpx
import pytest
import pytest_asyncio
from cryptography.fernet import Fernet
from gateway.main import build
from gateway.settings import GatewaySettings
from gateway.tokens.keys import new_key
from servicekit.testing.authorisation.declared import Resource, Row
from servicekit.testing.authorisation.matrix import Matrix
from servicekit.testing.authorisation.operations import operation_ids
from servicekit.testing.tokens import Tokens

CLIENT = "matrix"
HOOK = {"name": "hook", "url": "http://127.0.0.1:8080/", "types": ["kechuang.targets.*"]}


class Integrator:
    """How a client's own objects come to be."""

    def __init__(self, client: httpx.AsyncClient, database_url: str) -> None:
        self.client, self.database_url = client, database_url

    async def execute(self, sql: str, *args: Any) -> None:
        connection = await asyncpg.connect(self.database_url)
        try:
            await connection.execute(sql, *args)
        finally:
            await connection.close()

    async def post(self, path: str, body: Any = None, etag: str = "") -> Row:
        headers = {"Idempotency-Key": str(uuid.uuid4())} | ({"If-Match": etag} if etag else {})
        answer = await self.client.post(f"/api/v1{path}", json=body, headers=headers)
        assert answer.status_code < 300, answer.text
        return answer.json()

    async def hook_body(self, _: str) -> Row:
        return HOOK

    async def a_hook(self, state: str, _: str | None) -> Row:
        row = await self.post("/webhooks", HOOK)
        if state == "paused":
            return await self.post(f"/webhooks/{row['id']}/pause", None, '"1"')
        if state == "disabled":
            await self.execute("UPDATE webhook SET state = 'disabled' WHERE id = $1", row["id"])
        return row | {"state": state}

    async def a_delivery(self, state: str, unit: str | None) -> Row:
        hook = await self.a_hook("active", unit)
        row = await self.post(f"/webhooks/{hook['id']}/test")
        await self.execute("UPDATE webhook_delivery SET state = $2 WHERE id = $1", row["id"], state)
        return row | {"webhook_id": hook["id"], "state": state}

    async def client_body(self, unit: str | None) -> Row:
        name = f"client-{uuid.uuid4()}"
        return {"client_id": name, "name": name, "roles": ["system"], "unit": unit}

    async def a_client(self, state: str, unit: str | None) -> Row:
        row = await self.post("/clients", await self.client_body(unit))
        if state == "disabled":
            row = await self.post(f"/clients/{row['client_id']}/disable", None, '"1"')
        return row | {"secret_id": row["secrets"][0]["secret_id"]}

    def resources(self) -> list[Resource]:
        states = ("active", "paused", "disabled")
        return [
            Resource("/overview"),
            Resource(
                "/clients",
                one="/clients/{client_id}",
                key="client_id",
                make=self.a_client,
                create=self.client_body,
                states=("enabled", "disabled"),
                steps={
                    "PATCH": ("enabled", "disabled"),
                    "disable": {"enabled"},
                    "enable": {"disabled"},
                },
                bodies={"PATCH": {"name": "other"}},
            ),
            Resource(
                "/clients/{client_id}/secrets",
                one="/clients/{client_id}/secrets/{secret_id}",
                make=self.a_client,
            ),
            Resource("/events", asked_only=True),
            Resource(
                "/webhooks",
                one="/webhooks/{webhook_id}",
                make=self.a_hook,
                create=self.hook_body,
                steps={
                    "PATCH": states,
                    "rotate-secret": states,
                    "pause": {"active"},
                    "resume": {"paused", "disabled"},
                },
                bodies={"PATCH": {"name": "other"}},
            ),
            Resource(
                "/webhooks/{webhook_id}/deliveries",
                one="/webhooks/{webhook_id}/deliveries/{delivery_id}",
                make=self.a_delivery,
            ),
            Resource("/jobs", asked_only=True),
            Resource("/parked-events", asked_only=True, bodies={"replay": {"service": "gateway"}}),
        ]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def matrix(live_gateway: Any, tokens: Tokens) -> AsyncIterator[Matrix]:
    """A gateway whose services are all down: what they would say is no matter of its own rules."""
    key = Fernet.generate_key().decode()
    async with (
        live_gateway(webhook_allowlist="127.0.0.1", webhook_key=key) as gateway,
        gateway.client("office", "ops", client_id=CLIENT, sub="maker") as client,
    ):
        integrator = Integrator(client, gateway.database.superuser_url)
        await integrator.execute(
            "INSERT INTO api_client (client_id, name, roles, scopes, created_at, updated_at)"
            " VALUES ($1, $1, '{office}', '{}', now(), now())",
            CLIENT,
        )
        yield Matrix(gateway.app, tokens, integrator.resources())


@pytest.mark.parametrize("operation", operation_ids(build(GatewaySettings(signing_key=new_key()))))
async def test_an_operation_lets_in_whom_its_permission_names(
    matrix: Matrix, operation: str
) -> None:
    wrong = await matrix.wrong_cells(operation)
    assert not wrong, "\n".join(wrong)


async def test_a_step_is_possible_from_the_states_of_its_table(matrix: Matrix) -> None:
    wrong = await matrix.wrong_steps()
    assert not wrong, "\n".join(wrong)


async def test_every_cell_of_the_document_was_called(matrix: Matrix) -> None:
    assert await matrix.untested() == set()
    print(f"{len(matrix.tested)} cells")
