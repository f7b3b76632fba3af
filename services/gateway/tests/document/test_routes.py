"""The merged document and its page, as a browser meets them."""

import re
from typing import Any

import httpx
import pytest
from gateway.document.routes import STATIC


async def test_the_document_joins_what_the_services_tell_and_names_who_is_missing(
    gateway: Any,
) -> None:
    async with httpx.AsyncClient(base_url=gateway.url, trust_env=False) as client:
        answer = await client.get("/api/v1/openapi.json")
        again = await client.get(
            "/api/v1/openapi.json", headers={"If-None-Match": answer.headers["etag"]}
        )
    body = answer.json()
    assert {"/api/v1/indicators", "/api/v1/overview", "/oauth/token"} <= set(body["paths"])
    assert body["x-missing-services"] == ["funding"]
    assert again.status_code == 304


async def test_the_document_follows_a_service_and_outlives_its_nonsense(
    gateway: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.document.service.TRY_AGAIN_AFTER", 0.0)
    async with httpx.AsyncClient(base_url=gateway.url, trust_env=False) as client:

        async def told() -> tuple[set[str], str]:
            answer = await client.get("/api/v1/openapi.json")
            return set(answer.json()["paths"]), answer.headers["etag"]

        before, etag = await told()
        assert (before, etag) == await told()
        gateway.upstream.paths.append("/api/v1/extras/{id}/parts")
        after, changed = await told()
        assert after - before == {"/api/v1/extras/{id}/parts"}
        assert changed != etag

        async def nonsense(receive: Any, send: Any) -> None:
            await gateway.upstream._send(send, 200, b"{not json")

        monkeypatch.setattr(gateway.upstream, "answer_openapi_json", nonsense)
        assert (after, changed) == await told()


async def test_the_page_takes_everything_from_this_host(gateway: Any) -> None:
    async with httpx.AsyncClient(base_url=gateway.url, trust_env=False) as client:
        page = await client.get("/docs")
        references = re.findall(r'(?:src|href)="([^"]+)"', page.text)
        assert len(references) >= 3
        for reference in references:
            assert reference.startswith("/docs/assets/")
            asset = await client.get(reference)
            assert asset.status_code == 200
            assert asset.headers["x-content-type-options"] == "nosniff"
        assert not re.search(r"https?:|//", page.text)
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert not re.search(r"https?:|\*|unsafe-eval|script-src[^;]*unsafe", policy)


def test_the_styles_and_our_script_refer_to_nothing_outside() -> None:
    styles = (STATIC / "swagger-ui.css").read_text()
    assert "@import" not in styles
    for target in re.findall(r"url\(([^)]{0,40})", styles):
        assert target.strip("\"'").startswith("data:")
    script = (STATIC / "start.js").read_text()
    assert not re.search(r"https?:", script)
    assert "validatorUrl: null" in script


@pytest.mark.parametrize("path", ["LICENSE", "NOTICE", "swagger-ui-bundle.js.LICENSE.txt"])
def test_the_licences_of_what_is_vendored_lie_beside_it(path: str) -> None:
    assert (STATIC / path).stat().st_size > 0


@pytest.mark.parametrize("path", ["/docs/assets/../routes.py", "/docs/assets/%2e%2e/routes.py"])
async def test_only_the_assets_are_served(gateway: Any, path: str) -> None:
    answer = await gateway.raw(
        f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
    )
    assert answer.startswith((b"HTTP/1.1 404", b"HTTP/1.1 400"))
