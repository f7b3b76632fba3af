"""Forged tokens at a service itself, without a gateway before it: none is accepted."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI
from servicekit.testing.forgeries import FORGERIES
from servicekit.testing.tokens import Tokens


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stranger(notes_app: FastAPI, api_client: Any) -> AsyncIterator[httpx.AsyncClient]:
    yield await api_client(notes_app)


async def test_the_token_all_forgeries_start_from_is_accepted(
    stranger: httpx.AsyncClient, tokens: Tokens
) -> None:
    answer = await stranger.get("/api/v1/notes", headers=tokens.bearer("office"))
    assert answer.status_code == 200


@pytest.mark.parametrize("name", FORGERIES)
async def test_a_forged_token_is_refused(
    stranger: httpx.AsyncClient, tokens: Tokens, name: str
) -> None:
    line = f"Bearer {FORGERIES[name](tokens)}".encode()
    answer = await stranger.get("/api/v1/notes", headers={b"Authorization": line})
    assert answer.status_code == 401
    assert answer.json()["code"] == "unauthenticated"
