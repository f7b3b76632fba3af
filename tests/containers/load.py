"""Callers at the door of an installation in containers."""

import threading
import time
from collections import Counter

import httpx
from kechuang.client import Credentials
from kechuang.client.tokens import ClientCredentialsAuth

from tests.containers.conftest import Compose

CALLERS = 2


class Load:
    """Callers who read and write through the door, and never try again. `answers` counts what came
    back: a status, with the code of its problem if it is one, or the error of a call without an
    answer."""

    def __init__(self, compose: Compose) -> None:
        self._who = Credentials.from_file(compose.secrets / "clients", "office")
        self._url, self._over = compose.url, threading.Event()
        self.answers: Counter[str] = Counter()

    def __enter__(self) -> "Load":
        self._threads = [threading.Thread(target=self._run, args=(n,)) for n in range(CALLERS)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _run(self, number: int) -> None:
        began = time.time_ns()
        auth = ClientCredentialsAuth(httpx.URL(f"{self._url}/oauth/token"), self._who)
        with httpx.Client(base_url=self._url, auth=auth, timeout=30, trust_env=False) as http:
            for turn in range(10**9):
                if self._over.is_set():
                    return
                try:
                    self._count(self._write(http, f"{began}-{number}-{turn}"))
                    self._count(http.get("/api/v1/units?limit=5"))
                except httpx.HTTPError as error:
                    self.answers[repr(error)] += 1
                time.sleep(0.05)

    def _count(self, answer: httpx.Response) -> None:
        said = "" if answer.is_success else f" {answer.json().get('code')}"
        self.answers[f"{answer.status_code}{said}"] += 1

    def _write(self, http: httpx.Client, key: str) -> httpx.Response:
        item = {
            "title": key,
            "description": "trial",
            "responsible_unit": "programme-office",
            "due_workdays": 10,
        }
        return http.post(
            "/api/v1/supervision-items", json=item, headers={"Idempotency-Key": f"trial-{key}"}
        )
