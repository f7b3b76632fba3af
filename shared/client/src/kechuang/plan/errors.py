"""What can be wrong with a plan file, and where."""

from collections.abc import Sequence
from dataclasses import dataclass, field

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """A broken rule, before it is known which line it stands on."""

    path: Path
    code: str
    params: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlanError:
    """One thing wrong: the line (from 1), the place in the file, and the reason in zh and en."""

    line: int
    path: str
    code: str
    zh: str
    en: str

    def text(self, language: str) -> str:
        """The reason in `zh`, or in English for any other language."""
        return self.zh if language == "zh" else self.en


class PlanInvalid(Exception):
    """The file cannot be used; `errors` holds every error found, by line."""

    def __init__(self, errors: Sequence[PlanError]) -> None:
        self.errors = tuple(sorted(errors, key=lambda error: (error.line, error.path)))
        super().__init__("; ".join(f"line {e.line}: {e.path}: {e.en}" for e in self.errors))


def path_text(path: Path) -> str:
    """`("units", 3, "kind")` as `units[3].kind`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text or "(file)"
