"""The door, called in both languages."""

from typing import Any
from uuid import uuid4

import httpx

from tests.journeys.actors import Row


class Door:
    """Calls at the gateway in both languages; both must be refused alike."""

    def __init__(self, url: str, client: dict[str, str]) -> None:
        form = {"grant_type": "client_credentials", **client}
        token = httpx.post(f"{url}/oauth/token", data=form).raise_for_status().json()
        headers = {"Authorization": f"Bearer {token['access_token']}"}
        self.http = httpx.Client(base_url=f"{url}/api/v1/", headers=headers, trust_env=False)

    def refused(
        self, status: int, code: str, method: str, path: str, at: str | None = None, **request: Any
    ) -> Row:
        """The English problem; the Chinese one is the same in Chinese. With `at` it is the error of
        this one place, told in the two languages as `zh` and `en`."""
        titles, places = {}, {}
        for language in ("zh", "en"):
            headers = {
                "Content-Type": "application/json",
                "Idempotency-Key": str(uuid4()),
                "Accept-Language": language,
                **request.get("headers", {}),
            }
            answer = self.http.request(method, path, **{**request, "headers": headers})
            assert answer.headers["Content-Type"] == "application/problem+json", answer.text
            problem = answer.json()
            assert (answer.status_code, problem["code"]) == (status, code), answer.text
            assert problem["status"] == status
            titles[language] = problem["title"] + problem["detail"]
            if at is not None:
                [error] = problem["errors"]
                assert error["pointer"] == at, answer.text
                places[language] = error["message"]
        assert any("\u4e00" <= letter <= "\u9fff" for letter in titles["zh"])
        assert titles["zh"] != titles["en"]
        return problem | places
