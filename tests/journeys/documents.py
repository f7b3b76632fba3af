"""Running a page: its blocks in one shell, in order, and the answers it shows."""

import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

END = "--end-of-answer--"


class Shell:
    """One bash that keeps its variables from block to block. `status` is that of the last one."""

    def __init__(self, directory: Path | None = None, env: Mapping[str, str] | None = None) -> None:
        self.status = 0
        self._process = subprocess.Popen(
            ["bash"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=directory,
            env=None if env is None else dict(env),
        )

    def run(self, block: str) -> str:
        """What the block prints."""
        asked, answered = self._process.stdin, self._process.stdout
        assert asked is not None
        assert answered is not None
        asked.write(f"{block}\nprintf '\\n%s %s\\n' {END} $?\n")
        asked.flush()
        lines: list[str] = []
        for line in answered:
            if line.startswith(END):
                self.status = int(line.split()[1])
                break
            lines.append(line)
        return "".join(lines).strip()

    def close(self) -> None:
        self._process.communicate("exit\n", timeout=10)


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
