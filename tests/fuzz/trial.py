"""One trial: a role's token, a bounded time, and what schemathesis found."""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx

CONFIG = Path(__file__).with_name("schemathesis.toml")
PHASES = ("examples", "coverage", "fuzzing", "stateful")
DOOR = {
    "KECHUANG_RATE_LIMIT": "100000/second",
    "KECHUANG_LOGIN_LIMIT": "100000/second",
    "KECHUANG_FORGERY_LIMIT": "100000/second",
    "KECHUANG_TOKEN_LIFETIME": "900",
}
"""Settings of a gateway that lets a trial through: it asks faster than any caller may, and one
token lasts for all of it."""
LONGEST = 840
"""Seconds; less than a token lasts."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """`cases` is how many requests were judged, `failures` what schemathesis calls each kind of
    failure and where, `story` all it said."""

    cases: int
    failures: tuple[str, ...]
    story: str


def token(url: str, client: Mapping[str, str]) -> str:
    """An access token by client credentials."""
    form = {"grant_type": "client_credentials", **client}
    answer = httpx.post(f"{url}/oauth/token", data=form, trust_env=False).raise_for_status()
    return answer.json()["access_token"]


def trial(
    url: str, client: Mapping[str, str], *, examples: int, seconds: int, seed: int = 1
) -> Outcome:
    """Try every operation of the document at `url`: at most so many generated examples each, at
    most so many seconds together."""
    with TemporaryDirectory() as directory:
        report = Path(directory) / "report.json"
        done = subprocess.run(
            [
                *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIG)),
                *("run", f"{url}/api/v1/openapi.json", "--no-color", "--continue-on-failure"),
                *("--header", f"Authorization: Bearer {token(url, client)}"),
                *("--phases", ",".join(PHASES)),
                *("--max-examples", str(examples), "--max-time", str(min(seconds, LONGEST))),
                *("--seed", str(seed), "--generation-database", "none", "--no-shrink"),
                *("--report", "json", "--report-json-path", str(report)),
            ],
            capture_output=True,
            text=True,
            check=False,
            cwd=directory,  # it keeps notes of earlier runs where it is started
        )
        story = done.stdout + done.stderr
        if not report.is_file():
            raise RuntimeError(story)
        return read(json.loads(report.read_text("utf-8")), story)


def read(report: dict[str, Any], story: str) -> Outcome:
    """The outcome a report tells; an operation that could not be tried is a failure too."""
    failures = [
        f"{kind['title']} ({kind['count']}): {', '.join(kind['operations'])}"
        for kind in report["failures"]
    ]
    failures += [f"not tried: {json.dumps(error)}" for error in report["errors"]]
    return Outcome(report["test_cases"]["generated"], tuple(failures), story)
