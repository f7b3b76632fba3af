"""docs/loop.md is true: its calls are made, in order, and its answers are the ones that come."""

import json
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from local_stack.stack import Stack
from servicekit.embedded.paths import workspace_file

END = "--end-of-answer--"
PATIENCE = 20.0
"""Seconds for an event to be heard before an answer counts as wrong."""


class Shell:
    """One bash that keeps its variables from block to block."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            ["bash"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def run(self, block: str) -> str:
        """What the block prints."""
        asked, answered = self._process.stdin, self._process.stdout
        assert asked is not None
        assert answered is not None
        asked.write(f"{block}\nprintf '\\n%s\\n' {END}\n")
        asked.flush()
        lines: list[str] = []
        for line in answered:
            if line.strip() == END:
                break
            lines.append(line)
        return "".join(lines).strip()

    def close(self) -> None:
        self._process.communicate("exit\n", timeout=10)


@pytest.fixture
def shell() -> Iterator[Shell]:
    shell = Shell()
    yield shell
    shell.close()


@pytest.fixture
def fresh(new_directory: Callable[[], Path], year: int) -> Iterator[Stack]:
    """A system nobody has used yet: the page starts with nothing but the plan."""
    with Stack(new_directory() / "data", anchor_year=year) as stack:
        yield stack


def agrees(shown: Any, answer: Any) -> bool:
    """Whether the answer has all that is shown of it."""
    if shown == "…":
        return True
    if isinstance(shown, dict):
        return isinstance(answer, dict) and all(
            key in answer and agrees(value, answer[key]) for key, value in shown.items()
        )
    if isinstance(shown, list):
        pairs = zip(shown, answer, strict=False)
        return len(shown) == len(answer) and all(agrees(*pair) for pair in pairs)
    return shown == answer


def blocks(text: str) -> Iterator[tuple[str, Any]]:
    """Each block of calls with the answer shown after it, if one is."""
    found = re.findall(r"```(sh|json)\n(.*?)```", text, re.DOTALL)
    for (kind, body), (following, answer) in zip(found, [*found[1:], ("", "")], strict=True):
        if kind == "sh":
            yield body, json.loads(answer) if following == "json" else None


def test_every_call_of_the_page_gives_the_answer_shown(
    fresh: Stack, shell: Shell, year: int
) -> None:
    text = workspace_file("docs/loop.md").read_text("utf-8")
    text = text.replace("http://127.0.0.1:8000", fresh.url).replace("2026", str(year))
    text = text.replace(".local/clients.json", str(fresh.data_dir / "clients.json"))
    for block, shown in blocks(text):
        end = time.monotonic() + PATIENCE
        said = shell.run(block)
        while shown is not None and not agrees(shown, json.loads(said)):
            assert not re.search(r"POST|PUT|^step", block, re.MULTILINE), f"{block}\n{said}"
            assert time.monotonic() < end, f"{block}\n{said}"
            time.sleep(0.2)
            said = shell.run(block)
