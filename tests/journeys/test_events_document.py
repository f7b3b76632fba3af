"""docs/events.md is true: its calls are made, in order, and its receiver verifies what it gets."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from local_stack.stack import Stack
from servicekit.embedded.paths import workspace_file
from servicekit.embedded.ports import free_ports

END = "--end--"
BLOCK = re.compile(r"```(sh|python)\n(.*?)```", re.DOTALL)


@pytest.fixture
def stack(new_system: Callable[..., Stack]) -> Iterator[Stack]:
    with new_system() as running:
        yield running


def run(shell: "subprocess.Popen[str]", block: str) -> str:
    """What the block prints, in one bash that keeps its variables."""
    assert shell.stdin is not None
    assert shell.stdout is not None
    shell.stdin.write(f"{block}\nprintf '\\n%s\\n' {END}\n")
    shell.stdin.flush()
    lines = iter(shell.stdout.readline, f"{END}\n")
    return "".join(lines).strip()


def test_the_guide_can_be_followed(stack: Stack, new_directory: Callable[[], Path]) -> None:
    blocks = BLOCK.findall(workspace_file("docs/events.md").read_text("utf-8"))
    kinds = [kind for kind, _ in blocks]
    assert kinds == ["sh", "sh", "sh", "sh", "python", "sh", "sh"]
    texts = [text for _, text in blocks]
    [port] = free_ports(1)
    client = stack.clients["office"]
    receiver = new_directory() / "receiver.py"
    receiver.write_text(texts[4])
    variables = {
        "GATEWAY": stack.url,
        "CLIENT_ID": client["client_id"],
        "CLIENT_SECRET": client["client_secret"],
        "RECEIVER": f"http://127.0.0.1:{port}/",
        "PORT": str(port),
        "PYTHON": sys.executable,
        "FILE": str(receiver),
    }
    shell = subprocess.Popen(
        ["bash"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **variables},
    )
    try:
        run(shell, texts[0])
        assert '"position"' in run(shell, texts[1])
        streamed = run(shell, texts[2]).splitlines()
        assert streamed[0] == "retry: 2000"
        assert streamed[2].startswith("id: ")
        assert streamed[3].startswith("event: kechuang.targets.")
        run(shell, texts[3])
        assert run(shell, 'echo "$WEBHOOK_SECRET"').startswith("whsec_")
        run(shell, '"$PYTHON" "$FILE" > "$FILE.out" 2> /dev/null & LISTENER=$!; sleep 1')
        assert run(shell, texts[5]) == "kechuang.gateway.webhook.tested.v1"
        wait = 'for _ in $(seq 100); do grep -q tested "$FILE.out" && break; sleep 0.1; done'
        assert "kechuang.gateway.webhook.tested.v1" in run(shell, f'{wait}; cat "$FILE.out"')
        assert run(shell, f"sleep 0.5\n{texts[6]}") == "204"
    finally:
        shell.communicate("kill $LISTENER\nexit\n", timeout=10)
