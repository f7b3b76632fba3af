"""The pages that tell a story are true: their calls are made, in order, and their answers are the
ones that come."""

import json
import re
import time
from collections.abc import Callable, Iterator

import pytest
from local_stack.stack import Stack
from servicekit.embedded.paths import workspace_file

from tests.journeys.documents import Shell, agrees, blocks

PATIENCE = 20.0
"""Seconds for an event to be heard before an answer counts as wrong."""


@pytest.fixture
def shell() -> Iterator[Shell]:
    shell = Shell()
    yield shell
    shell.close()


@pytest.fixture
def fresh(new_system: Callable[..., Stack]) -> Iterator[Stack]:
    """A system nobody has used yet: the page starts with nothing but the plan."""
    with new_system() as stack:
        yield stack


@pytest.mark.parametrize(
    "page", ["loop", "targets", "funding", "funding-rules", "funding-kinds", "parks"]
)
def test_every_call_of_the_page_gives_the_answer_shown(
    page: str, fresh: Stack, shell: Shell, year: int
) -> None:
    text = workspace_file(f"docs/{page}.md").read_text("utf-8")
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
