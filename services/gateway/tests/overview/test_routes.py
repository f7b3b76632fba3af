"""The overview: what is there is shown, what is missing is marked."""

from typing import Any


async def test_one_service_down_leaves_the_rest(gateway: Any) -> None:
    async with gateway.client() as client:
        answer = await client.get("/api/v1/overview", headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    body = answer.json()
    assert body["complete"] is False
    parts = body["parts"]
    assert set(parts) == {"targets", "funding", "parks", "supervision"}
    assert parts["targets"]["available"] is True
    assert parts["targets"]["data"]["status_board"]["seen"] >= 1
    assert parts["funding"] == {
        "available": False,
        "data": {},
        "missing": dict.fromkeys(
            ["rules", "payment_holds", "disbursements"], "service_unavailable"
        ),
    }


async def test_the_services_are_asked_with_the_callers_own_token(gateway: Any) -> None:
    async with gateway.client("leader") as client:
        answer = await client.get("/api/v1/overview", headers={"Accept-Language": "en"})
        got = dict(gateway.upstream.seen[-1]["headers"])
        assert got["authorization"] == client.headers["authorization"]
    assert got["accept-language"] == "en"
    assert got["x-request-id"] == answer.headers["x-request-id"]


async def test_who_wants_it_anew_is_not_shown_what_a_standby_has(gateway: Any) -> None:
    async with gateway.client("leader") as client:
        await client.get("/api/v1/overview")
        assert "cache-control" not in dict(gateway.upstream.seen[-1]["headers"])
        await client.get("/api/v1/overview", headers={"Cache-Control": "no-cache"})
        assert dict(gateway.upstream.seen[-1]["headers"])["cache-control"] == "no-cache"


async def test_a_caller_without_a_role_sees_no_overview(gateway: Any) -> None:
    async with gateway.client() as client:
        nobody = gateway.tokens.bearer()
        answer = await client.get("/api/v1/overview", headers=nobody)
    assert answer.status_code == 403


async def test_the_services_are_asked_once_a_second(gateway: Any, gateway_with: Any) -> None:
    others = dict.fromkeys(("funding", "parks", "supervision"), gateway.upstream.url)
    async with gateway_with(**others) as whole, whole.client("leader") as client:

        async def look(**headers: str) -> Any:
            return await client.get("/api/v1/overview", headers=headers)

        first, again = await look(), await look()
        anew = await look(**{"Cache-Control": "no-cache"})
        other = await look(**whole.tokens.bearer("leader", sub="another"))
    assert first.json()["complete"] is True
    assert first.headers["cache-control"] == "private, max-age=1"
    assert again.json() == first.json()
    told = [answer.json()["generated_at"] for answer in (first, anew, other)]
    assert told == sorted(set(told)), "each was made for itself"
